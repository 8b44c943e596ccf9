"""What of a document the page shows: only the index's, at the right place, as text."""

import re

import pytest

from rag.errors import IndexError_
from rag.index import Index
from rag.load.pdf import picture_with
from rag.page.examples import examples
from rag.page.preview import Place, preview
from rag.page.service import Service
from rag.page.words import Words
from tests.answers import HOSTILE
from tests.sheets import PROSE, SENTENCE, SIZE, Sheet

ZH = Words("zh")
REPORT = "云海科技（688001.SH）2024年三季报点评\n\n## 业绩\n\n2024年第三季度营业收入299.93亿元，同比增长17%。\n"


@pytest.fixture
def library(tmp_path, embedder, monkeypatch):
    monkeypatch.setenv("RAG_INDEXES", str(tmp_path / "indexes"))
    return Index.create(tmp_path / "indexes" / "lib", embedder), tmp_path


def add(library, name: str, content: bytes | str):
    index, folder = library
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (row,) = index.add([path]).rows
    return index, index.document(row.doc_id), path


def sheet() -> bytes:
    made = Sheet()
    made.line("示例公司深度报告", size=22)
    made.paragraph("上半年，" + PROSE)
    made.end_page()
    made.line("下半年展望", size=16)
    made.line("年末存货四千一百二十六亿元。", 80 + 2 * SIZE)
    return made.data()


def boxes(html: str) -> list[dict[str, float]]:
    found = re.findall(r'class="box" style="([^"]*)"', html)
    pairs = (re.findall(r"(\w+):([\d.]+)%", style) for style in found)
    return [{name: float(value) for name, value in pair} for pair in pairs]


def test_a_quote_in_a_pdf_is_boxed_on_its_page(library):
    index, document, _ = add(library, "a.pdf", sheet())
    quote = "年末存货四千一百二十六亿元"
    start = document.text.index(quote)
    html = preview(ZH, index, Place(document.doc_id, start, start + len(quote)))
    assert 'data-page="2"' in html and "data:image/png;base64," in html
    (box,) = boxes(html)
    assert 0 < box["left"] < 50 and 0 < box["top"] < 30 and box["width"] > 10


def test_a_turned_page_is_boxed_where_it_shows_the_quote():
    data = sheet()
    plain = picture_with(data, "a.pdf", 1, SENTENCE[:12], 600)
    turned = picture_with(turn(data, 90), "a.pdf", 1, SENTENCE[:12], 600)
    assert turned.width > turned.height * 1.2 and plain.height > plain.width * 1.2
    (upright,), (sideways,) = plain.boxes, turned.boxes
    # Turned clockwise, the top of the page is at the right.
    assert sideways.right == pytest.approx(upright.top, abs=0.01)
    assert sideways.top == pytest.approx(1 - upright.left, abs=0.01)


def turn(data: bytes, degrees: int) -> bytes:
    import io

    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(data)
    for page in document:
        page.set_rotation(degrees)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_a_page_can_be_asked_for_and_is_kept_in_bounds(library):
    index, document, _ = add(library, "a.pdf", sheet())
    for asked, shown in ((1, 1), (2, 2), (99, 2)):
        assert f'data-page="{shown}"><img' in preview(ZH, index, Place(document.doc_id, page=asked))


def test_a_file_that_changed_is_not_shown_but_the_text_that_was_read(library):
    index, document, path = add(library, "a.pdf", sheet())
    path.write_bytes(b"%PDF-1.4 other")
    html = preview(ZH, index, Place(document.doc_id, 0, 4))
    assert "<img" not in html and '<mark class="here">' in html
    path.unlink()
    assert "<img" not in preview(ZH, index, Place(document.doc_id, 0, 4))


def test_only_documents_of_the_index_are_shown(library, tmp_path):
    index, _ = library
    (tmp_path / "secret.txt").write_text("geheim")
    for name in ("d1-0000000000000000", str(tmp_path / "secret.txt"), "../../secret.txt", ""):
        with pytest.raises(IndexError_):
            preview(ZH, index, Place(name))


def test_text_is_marked_at_the_place(library):
    index, document, _ = add(library, "a.md", REPORT)
    start = document.text.index("营业收入")
    html = preview(ZH, index, Place(document.doc_id, start, start + 4))
    assert '<mark class="here">营业收入</mark>299.93亿元' in html


def test_hostile_text_and_names_are_inert(library):
    index, document, _ = add(
        library, "a<img src=x onerror=alert(1)>.md", f"# {HOSTILE}\n\n{HOSTILE}"
    )
    html = preview(ZH, index, Place(document.doc_id, 0, len(document.text)))
    assert "<script" not in html and "<img" not in html and not set("${}`") & set(html)


def test_places_outside_of_the_text_do_no_harm(library):
    index, document, _ = add(library, "a.md", REPORT)
    for start, end in ((-5, 10), (10, 5), (10**9, 10**9 + 5), (0, 10**9)):
        assert "业绩" in preview(ZH, index, Place(document.doc_id, start, end))


def test_examples_are_questions_that_the_reports_answer(library):
    index, _, _ = add(library, "20241120-东湖证券-云海科技-三季报点评.md", REPORT)
    assert examples(index) == ("云海科技2024年第三季度的营业收入是多少？",)


def test_an_empty_index_has_no_examples(library):
    assert examples(library[0]) == ()


def test_an_index_is_found_by_its_name_only(library, tmp_path):
    service = Service()
    assert service.indexes() == ("lib",) and service.first_index() == "lib"
    assert service.index("lib").documents() == []
    for name in (str(tmp_path / "indexes" / "lib"), "../lib", "", "lib/"):
        with pytest.raises(IndexError_):
            service.index(name)
