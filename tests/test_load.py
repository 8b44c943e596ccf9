"""A file -> Document: what is read how, what is refused, and with which words."""

import hashlib
import os
import random
import re
from pathlib import Path

import pytest

from rag.errors import DocumentError, UsageError
from rag.load import discover, doc_id_of, load, supported
from rag.load.encoding import UndecodableError, decode
from rag.load.filename import facts_of_name
from rag.schema import BlockKind
from rag.text import normalise

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).resolve().parents[2] / "shared"
NOISE = random.Random(7).randbytes(4096)
CHINESE = (
    "示例科技2024年第三季度收入为167.2亿元，同比增长8%。\n“双11”期间毛利率（GAAP）提升。\n" * 3
)
TRADITIONAL = (
    "騰訊控股第三季度收入增長百分之八，遊戲業務回復增長。廣告業務亦見改善，毛利率顯著提升。" * 4
)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("RAG_LANG", "en")
    monkeypatch.delenv("RAG_MAX_FILE_MB", raising=False)


@pytest.fixture
def file(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return write


def assert_sound(document):
    """Blocks in order, apart, trimmed; pages tile the text; the text is normalised."""
    last = 0
    for block in document.blocks:
        content = document.text[block.start : block.end]
        assert last <= block.start < block.end <= len(document.text)
        assert content == content.strip() and content
        assert (block.level > 0) == (block.kind is BlockKind.HEADING)
        last = block.end
    assert normalise(document.text) == document.text
    if document.pages:
        assert document.pages[0].start == 0 and document.pages[-1].end == len(document.text)
        for a, b in zip(document.pages, document.pages[1:], strict=False):
            assert a.end == b.start and b.number == a.number + 1


# Encodings


@pytest.mark.parametrize(
    "name", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_chinese_text_in_every_usual_encoding(name):
    assert decode(CHINESE.encode(name)).text == CHINESE


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (TRADITIONAL, "big5"),
        (
            "テンセントの第3四半期の売上高は前年同期比8%増となった。広告事業も改善した。" * 4,
            "shift_jis",
        ),
        (
            "Café revenue grew 8% in the naïve segment; El Niño hurt the rest of the year. " * 4,
            "cp1252",
        ),
    ],
)
def test_what_gb18030_would_read_wrongly_without_an_error(text, name):
    assert decode(text.encode(name)).text == text


def test_the_declared_encoding_is_believed_after_utf8():
    page = '<meta charset="big5"><p>' + TRADITIONAL
    assert decode(page.encode("big5"), "big5").text == page
    assert decode(page.encode("utf-8"), "big5").text == page, "converted, the old name kept"
    assert decode(CHINESE.encode("gb18030"), "gb2312").text == CHINESE
    assert decode(CHINESE.encode("gb18030"), "no-such-encoding").text == CHINESE


@pytest.mark.parametrize("name", ["utf-8", "gb18030"])
def test_a_few_broken_bytes_cost_a_few_characters(name):
    data = bytearray((CHINESE * 5).encode(name))
    data[30] = 0xFF
    decoded = decode(bytes(data))
    assert decoded.encoding == name
    assert 1 <= decoded.broken <= 4
    assert decoded.text.endswith(CHINESE)


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 8, NOISE, b"\x00\x01\x02\x03" * 200, b"abc\x00" * 99]
)
def test_binary_is_no_text(data):
    with pytest.raises(UndecodableError):
        decode(data)


# Formats


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("a.txt", "示例公司收入增长。\n毛利率改善。", "text"),
        ("a.txt", "---\ntitle: 题\n---\n正文。", "markdown"),
        ("a.txt", "<!DOCTYPE html><html><body><p>正文。</p></body></html>", "html"),
        ("a.txt", "<p>正文一。</p>\n<p>正文二。</p>\n<p>正文三。</p>", "html"),
        ("a.txt", "若 a<b 且 c>d，见 <附录>。" * 10, "text"),
        ("a.txt", "# 题\n\n正文。\n\n## 节\n\n正文。", "markdown"),
        ("a.md", "正文。", "markdown"),
        ("a.MD", "<html><body><p>正文。</p></body></html>", "html"),
        ("a.html", "没有标签的正文。", "html"),
        ("a.htm", "---\ntitle: 题\n---\n<p>正文。</p>", "markdown"),
    ],
)
def test_the_content_decides_the_format(file, name, content, format_):
    document = load(file(name, content))
    assert document.format == format_
    assert "正文" in document.text or format_ == "text"
    assert_sound(document)


@pytest.mark.parametrize("name", ["gb18030", "utf-16", "utf-8-sig"])
def test_a_web_page_in_another_encoding(file, name):
    page = (DATA / "article.html").read_text(encoding="utf-8").replace("utf-8", name)
    document = load(file("page.html", page.encode(name)))
    assert document.title == "示例科技三季报点评：收入增长8%，毛利率改善"
    assert_sound(document)


@pytest.mark.parametrize(
    "path", sorted(p for p in DATA.iterdir() if p.is_file()), ids=lambda path: path.name
)
def test_all_sample_files_are_sound(path):
    assert_sound(load(path))


def test_broken_characters_are_reported_once(file):
    data = bytearray((CHINESE * 5).encode("utf-8"))
    data[30] = 0xFF
    warnings = load(file("a.txt", bytes(data))).warnings
    assert len(warnings) == 1
    assert re.search(r"a\.txt: \d characters? could not be decoded", warnings[0])


# Names and facts


def test_the_same_bytes_have_the_same_name(file):
    first, second = load(file("a.txt", CHINESE)), load(file("b.txt", CHINESE))
    assert first.doc_id == second.doc_id == doc_id_of(CHINESE.encode())
    assert first.doc_id == "d1-" + hashlib.sha256(CHINESE.encode()).hexdigest()[:16]
    assert (first.source, second.source) == ("a.txt", "b.txt")


def test_what_the_content_does_not_state_comes_from_the_name(file):
    document = load(file("20240307-示例证券-市场微观结构.txt", "收入增长。\n毛利率改善。"))
    assert (document.title, document.publisher, document.published) == (
        "市场微观结构",
        "示例证券",
        "2024-03-07",
    )
    stated = load(file("20240307-示例证券-x.md", "---\ntitle: 题\ndate: 2023-01-02\n---\n正文。"))
    assert (stated.title, stated.published) == ("题", "2023-01-02")
    assert load(file("0001_ab.txt", "正文。")).title == "0001_ab"


@pytest.mark.parametrize(
    ("stem", "facts"),
    [
        (
            "20240307-示例证券-市场微观结构（5）：进阶版",
            ("市场微观结构（5）：进阶版", "示例证券", "2024-03-07"),
        ),
        (
            "【示例证券】行业研究：量价因子【某某研报xyz.com】",
            ("行业研究：量价因子", "示例证券", None),
        ),
        ("20241205-某某研究-月度策略", ("月度策略", "某某研究", "2024-12-05")),
        ("20241205-行业研究-月度策略", ("行业研究-月度策略", None, "2024-12-05")),
        ("2024-01-10-100703", (None, None, "2024-01-10")),
        ("2024.01.03 示例控股点评", ("示例控股点评", None, "2024-01-03")),
        ("2024年1月3日策略", ("策略", None, "2024-01-03")),
        ("report_2024-13-45", ("report_2024-13-45", None, None)),
        ("600519年报", ("600519年报", None, None)),
    ],
)
def test_names_as_archives_write_them(stem, facts):
    found = facts_of_name(stem)
    assert (found.title, found.publisher, found.published) == facts


# Refusals: one line, in both languages, naming the file


def refusal(path):
    with pytest.raises(DocumentError) as caught:
        load(path)
    for wording in (caught.value.en, caught.value.zh):
        assert "\n" not in wording and path.name in wording
    return caught.value.en


@pytest.mark.parametrize("content", [b"", b" \n\t\n"])
def test_an_empty_file(file, content):
    assert "is empty" in refusal(file("a.txt", content))


def test_a_file_with_markup_only(file):
    assert "holds no text" in refusal(
        file("a.html", "<html><body><script>1</script></body></html>")
    )
    assert "holds no text" in refusal(file("a.md", "---\ntitle: 题\n---\n"))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04" + NOISE[:200], "a damaged ZIP or Office file"),
        (b"GIF89a" + NOISE[:200], "a GIF image"),
        (b"\x00\x01\x02\xff" * 100, "a damaged or unknown file"),
    ],
)
def test_a_binary_file_named_like_text(file, content, kind):
    assert f"is {kind}, expected text" in refusal(file("a.txt", content))


def test_a_suffix_that_is_not_read(file):
    message = refusal(file("a.doc", b"\xd0\xcf\x11\xe0"))
    assert ".doc is not supported" in message and ".pdf" in message


def test_a_pdf_that_is_none(file):
    assert "has no PDF header" in refusal(file("a.pdf", "<html>404 Not Found</html>"))


def test_a_file_above_the_limit_says_how_to_raise_it(file, monkeypatch):
    path = file("a.txt", "字" * 600_000)
    monkeypatch.setenv("RAG_MAX_FILE_MB", "1.5")
    message = refusal(path)
    assert "2 MB, the limit is 1.5 MB" in message and "RAG_MAX_FILE_MB=2" in message
    monkeypatch.setenv("RAG_MAX_FILE_MB", "2")
    assert load(path).text.startswith("字")


@pytest.mark.parametrize("value", ["many", "0", "-1", "nan", "inf"])
def test_a_limit_that_is_no_number(file, monkeypatch, value):
    monkeypatch.setenv("RAG_MAX_FILE_MB", value)
    with pytest.raises(UsageError, match="RAG_MAX_FILE_MB"):
        load(file("a.txt", "正文。"))


def test_a_file_that_is_not_there(tmp_path):
    assert "no such file" in refusal(tmp_path / "gone.txt")


def test_a_folder(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    assert "is a folder" in refusal(folder)


def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert "device or pipe" in refusal(tmp_path / "pipe.txt")


def test_no_permission(file, monkeypatch):
    path = file("a.txt", "正文。")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    # The superuser may read everything, so the refusal is played.
    monkeypatch.setattr(Path, "open", refuse)
    assert "no permission" in refusal(path)


def test_a_name_cannot_break_the_terminal(tmp_path):
    path = tmp_path / "a\x1b[31m\n.txt"
    with pytest.raises(DocumentError) as caught:
        load(path)
    assert "\x1b" not in caught.value.en and "\n" not in caught.value.en


def test_messages_follow_the_language(tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_LANG", "zh")
    with pytest.raises(DocumentError, match="文件不存在"):
        load(tmp_path / "gone.txt")


# Folders


@pytest.fixture
def folder(tmp_path):
    for name in ("b.md", "a.txt", "c.doc", ".hidden.txt", "sub/d.PDF", ".git/e.txt", "sub/f.html"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("正文。", encoding="utf-8")
    index = tmp_path / "idx"
    index.mkdir()
    (index / "manifest.json").write_text("{}", encoding="utf-8")
    (index / "store.db").write_bytes(b"SQLite format 3\x00" + b"\x00" * 80)
    (index / "note.txt").write_text("正文。", encoding="utf-8")
    return tmp_path


def test_a_folder_is_walked_in_order_and_what_is_left_out_is_said(folder):
    found = [(str(f.path.relative_to(folder)), f.reason) for f in discover([folder])]
    assert found == [
        (".hidden.txt", "hidden"),
        ("a.txt", None),
        ("b.md", None),
        ("c.doc", "unsupported kind of file"),
        (".git", "hidden"),
        ("idx", "an index, not documents"),
        ("sub/d.PDF", None),
        ("sub/f.html", None),
    ]


def test_a_file_given_by_name_is_taken_as_given_and_once(folder):
    paths = [
        folder / "c.doc",
        folder / "gone.txt",
        folder / "a.txt",
        folder / "sub" / ".." / "a.txt",
    ]
    assert [f.path.name for f in discover(paths)] == ["c.doc", "gone.txt", "a.txt"]
    assert all(f.reason is None for f in discover(paths))
    again = [f.path.name for f in discover([folder / "b.md", folder]) if f.reason is None]
    assert again == ["b.md", "a.txt", "d.PDF", "f.html"]


def test_links_to_folders_are_not_followed(folder):
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    reasons = {f.path.name: f.reason for f in discover([folder])}
    assert reasons["loop"] == "a link to a folder"


@pytest.mark.parametrize(
    ("name", "yes"),
    [
        ("a.txt", True),
        ("A.HTM", True),
        ("a.pdf", True),
        ("a.docx", True),
        ("a.zip", True),
        ("a.doc", False),
        ("a", False),
    ],
)
def test_supported(name, yes):
    assert supported(Path(name)) is yes


# The documents the project is measured on


@pytest.mark.skipif(not SHARED.exists(), reason="the shared sample documents are not here")
def test_the_shared_text_documents_load_soundly():
    found = [
        f.path
        for f in discover([SHARED / "seeds", SHARED / "bench" / "dragonball_fin_zh"])
        if not f.reason
    ]
    documents = [load(path) for path in found]
    assert len(documents) == 3 + 3 * 21
    for document in documents:
        assert_sound(document)
        assert len(document.blocks) >= 5
        assert not re.search(r"</?\w+[^>]*>|\]\(//|display:none", document.text), document.source
        assert document.title and not document.warnings
    archived = [d for d in documents if d.format == "markdown"]
    assert len(archived) == 22
    assert all(d.published and d.publisher for d in archived)
