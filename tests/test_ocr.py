"""Pictures of text -> text: what the recogniser reads, and how its lines become a page again."""

import difflib
import io
import socket
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from rag.errors import DocumentError
from rag.load import load, ocr
from rag.load.image import lines_of, parse
from rag.load.ocr import OcrLine
from rag.schema import BlockKind
from rag.text import squeeze
from tests import samples

REPORTS = Path(__file__).resolve().parents[1] / "eval" / "reports"
DPI = 150


def line(text, x0, top, size=20):
    """A line of square characters, Latin ones half as wide."""
    width = sum(size if ord(c) > 255 else size / 2 for c in text)
    return OcrLine(text, x0, top, x0 + width, top + size, 0.99)


@pytest.fixture(scope="module")
def report():
    (path,) = REPORTS.glob("20250410-*.pdf")
    document = pdfium.PdfDocument(path)
    yield document
    document.close()


def rendered(page, dpi=DPI):
    buffer = io.BytesIO()
    page.render(scale=dpi / 72).to_pil().convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


# Layout, without a recogniser


def test_pieces_of_a_row_stand_on_one_line_left_to_right():
    found = [line("2530.41", 300, 102), line("电池", 50, 100), line("-11.29%", 500, 99)]
    assert lines_of(found) == ["电池  2530.41  -11.29%"]


def test_indents_and_gaps_are_kept():
    found = [line("标题", 50, 0)] + [line("正文" * 10, 50, 60 + 30 * n) for n in range(4)]
    found[1] = line("正文" * 9, 90, 60)
    lines = lines_of(found)
    assert lines[:3] == ["标题", "", "    " + "正文" * 9]
    assert lines[3:] == ["正文" * 10] * 3


def test_two_columns_of_prose_are_read_one_after_the_other():
    left = [line(f"左栏第{n}行的正文文字写得很满", 50, 100 + 30 * n) for n in range(9)]
    right = [line(f"右栏第{n}行的正文文字写得很满", 450, 100 + 30 * n) for n in range(9)]
    lines = lines_of([*right, line("横贯两栏的标题" * 5, 60, 20), *left])
    assert [text[:2] for text in lines if text] == ["横贯"] + ["左栏"] * 9 + ["右栏"] * 9


def test_the_columns_of_a_table_stay_rows():
    found = [
        line(text, x, 100 + 30 * n)
        for n in range(12)
        for text, x in ((f"项目{n}", 50), (f"{n}.50", 450))
    ]
    assert lines_of(found)[3] == "项目3  3.50"


def test_an_empty_page_has_no_lines():
    assert lines_of([]) == []


# Refusals


def test_without_the_extra_the_error_says_what_to_type(monkeypatch, tmp_path):
    monkeypatch.setattr(ocr, "available", lambda: False)
    path = tmp_path / "a.png"
    path.write_bytes(samples.picture())
    with pytest.raises(DocumentError, match=r"pip install 'rag-research-reports\[ocr\]'"):
        load(path)


@pytest.mark.skipif(not ocr.available(), reason="the extra ocr is not installed")
def test_a_damaged_picture_is_one_line():
    with pytest.raises(DocumentError, match="damaged"):
        parse(samples.picture()[:60], "a.png")
    with pytest.raises(DocumentError, match="damaged"):
        parse(b"\x89PNG\r\n\x1a\n" + b"x" * 99, "a.png")


@pytest.mark.skipif(not ocr.available(), reason="the extra ocr is not installed")
@pytest.mark.parametrize("side", [11_000, 20_000])
def test_a_picture_far_too_large_is_refused(side):
    buffer = io.BytesIO()
    Image.new("1", (side, side)).save(buffer, "PNG")
    with pytest.raises(DocumentError, match="more than 100 million pixels"):
        parse(buffer.getvalue(), "a.png")


# Recognition

needs_ocr = pytest.mark.skipif(not ocr.available(), reason="the extra ocr is not installed")


@needs_ocr
@pytest.mark.slow
def test_a_page_of_a_report_is_read_back(report, tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    path = tmp_path / "page.png"
    path.write_bytes(rendered(report[2]))
    document = load(path)
    truth = squeeze(report[2].get_textpage().get_text_range())
    matcher = difflib.SequenceMatcher(None, truth, squeeze(document.text), autojunk=False)
    recalled = sum(block.size for block in matcher.get_matching_blocks())
    # Header and footer are dropped or moved; the page has 900 characters.
    assert recalled >= 0.98 * len(truth) - 30
    kinds = {b.kind: document.text[b.start : b.end] for b in reversed(document.blocks)}
    assert kinds[BlockKind.HEADING].startswith("一、"), "the detector overlooks 一、"
    assert "动力电池系统收入 2852.53 2530.41 -11.29%" in kinds[BlockKind.TABLE]
    assert kinds[BlockKind.CAPTION].startswith("表1：")


@needs_ocr
@pytest.mark.slow
def test_every_character_of_a_page_is_recognised(report):
    page = report[2]
    image = np.asarray(page.render(scale=DPI / 72).to_pil().convert("RGB"))
    read = squeeze("".join(piece.text for piece in ocr.recognise(image)))
    truth = squeeze(page.get_textpage().get_text_range())
    missing = sum(max(0, truth.count(c) - read.count(c)) for c in set(truth))
    assert missing <= 0.02 * len(truth)


@needs_ocr
@pytest.mark.slow
def test_the_pages_of_a_tiff_and_what_is_transparent():
    pages = []
    for text in ("Revenue grew 8% in 2024", "Margin reached 56 percent"):
        image = Image.new("RGBA", (500, 100), (0, 0, 0, 0))
        ImageDraw.Draw(image).text((20, 30), text, fill="black", font_size=28)
        pages.append(image)
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    parsed = parse(buffer.getvalue(), "a.tif")
    assert len(parsed.pages) == 2
    assert "2024" in parsed.text and "56" in parsed.text[parsed.pages[1].start :]


@needs_ocr
@pytest.mark.slow
def test_a_picture_without_text_is_refused(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (300, 200), "white").save(path)
    with pytest.raises(DocumentError, match="holds no text"):
        load(path)
