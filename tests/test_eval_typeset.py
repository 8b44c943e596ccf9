"""Typesetting: the same bytes twice, and the committed PDF says what its source says."""

import pypdfium2
import pytest

pytest.importorskip("reportlab")

from eval.typeset import HERE, read_source, typeset

SOURCES = sorted((HERE / "sources").glob("*.md"))


def pages(path):
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_pdf_is_reproducible_and_committed(source, tmp_path):
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    typeset(read_source(source), first)
    typeset(read_source(source), second)
    assert first.read_bytes() == second.read_bytes()
    assert pages(first) == pages(HERE / "reports" / f"{source.stem}.pdf")


def test_outline_follows_the_headings():
    with pypdfium2.PdfDocument(HERE / "reports" / f"{SOURCES[0].stem}.pdf") as pdf:
        outline = [(entry.level, entry.get_title()) for entry in pdf.get_toc()]
    lines = read_source(SOURCES[0]).body.splitlines()
    headings = [line.partition(" ") for line in lines if line.startswith("#")]
    assert outline == [(len(marks) - 1, title) for marks, _, title in headings]
