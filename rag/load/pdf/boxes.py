"""A quote and its page -> the boxes of its lines, for showing it highlighted on the page.

The characters of the page are put in the order of reading and compared with those of the quote by
letters and digits only, since space, hyphens and the borders of tables were set by the loader.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium

from rag.load.pdf.chars import Glyph, Unmapped
from rag.load.pdf.file import opened
from rag.load.pdf.glyphs import Fragment, PageGlyphs, Upright, fragment_of, runs_of
from rag.load.pdf.lines import lines_of
from rag.text import normalise

ASCENT, DESCENT = 0.85, 0.2
"""Height above and depth below the baseline that a box covers, in ems."""
MIN_PART = 8
"""Letters of a quote that goes on on another page which have to be on this one."""


class Box(NamedTuple):
    """A rectangle around a part of a line. Points of PDF user space, from the bottom left."""

    left: float
    bottom: float
    right: float
    top: float


class _Letter(NamedTuple):
    """A letter of the page and where it stands: line, edges, baseline and size, from the top left."""

    char: str
    line: int
    x0: float
    x1: float
    baseline: float
    size: float


def boxes_of(path: Path, page: int, quote: str) -> list[Box]:
    """Return where `quote` stands on a page: one box a line, in the order of reading.

    Empty when it is not there. Of a quote that goes on on another page, the boxes of its part on
    this one are returned.

    Args:
        path: The PDF.
        page: Physical page, counted from 1.
        quote: A stretch of the document's text.

    Raises:
        DocumentError: The file is broken or needs a password.
    """
    with opened(path.read_bytes(), path.name) as document:
        return boxes_on(document[page - 1], page, quote) if 1 <= page <= len(document) else []


def boxes_on(sheet: pdfium.PdfPage, number: int, quote: str) -> list[Box]:
    """Return where `quote` stands on page `number` of a PDF that is open; see `boxes_of`."""
    upright, letters = _letters(sheet, number)
    left, _, right, top = sheet.get_cropbox()
    found = _find(letters, _folded(quote)) or _find_cells(letters, quote)
    return [_placed(box, upright, left, right, top) for box in _merged(found)]


def _letters(page: pdfium.PdfPage, number: int) -> tuple[Upright, list[_Letter]]:
    """Return the letters and digits of `page` in the order of reading."""
    upright, runs = runs_of(page, {}, Unmapped())
    glyphs: dict[int, list[Glyph]] = {}
    fragments: list[Fragment] = []
    for run in runs:
        fragment = fragment_of(run)
        if fragment:
            fragments.append(fragment)
            glyphs[id(fragment)] = run
    sheet = PageGlyphs(number, upright.width, upright.height, tuple(fragments))
    letters = [
        _Letter(char, at, x0, x1, fragment.baseline, fragment.size)
        for at, line in enumerate(lines_of(sheet))
        for fragment in line.fragments
        for shown, x0, x1 in _edges(fragment, glyphs.get(id(fragment)))
        for char in _folded(shown)
    ]
    return upright, letters


def _edges(fragment: Fragment, run: list[Glyph] | None) -> Iterator[tuple[str, float, float]]:
    """Yield each character of `fragment` with its edges; those of a fraction, all of its width."""
    if run is None:
        yield from ((char, fragment.x0, fragment.x1) for char in fragment.text)
    else:
        yield from ((glyph.char, glyph.x0, glyph.x1) for glyph in run)


def _folded(text: str) -> str:
    """Return the letters and digits of `text`, in one form each."""
    return "".join(c for c in unicodedata.normalize("NFKC", normalise(text)).lower() if c.isalnum())


def _find(letters: Sequence[_Letter], wanted: str) -> Sequence[_Letter]:
    """Return the letters that spell `wanted`, or as much of it as stands near an end of the page."""
    text = "".join(letter.char for letter in letters)
    at = text.find(wanted) if wanted else -1
    if at >= 0:
        return letters[at : at + len(wanted)]
    near = len(text) // 4
    for length in range(len(wanted) - 1, MIN_PART - 1, -1):
        if (at := text.rfind(wanted[:length])) >= 0 and at + length >= len(text) - near:
            return letters[at : at + length]
        if 0 <= (at := text.find(wanted[-length:])) <= near:
            return letters[at : at + length]
    return ()


def _find_cells(letters: Sequence[_Letter], quote: str) -> Sequence[_Letter]:
    """Return the letters of the cells that `quote`, rows of a table, consists of."""
    text = "".join(letter.char for letter in letters)
    found: list[_Letter] = []
    at = 0
    for cell in (_folded(part) for row in quote.splitlines() for part in row.split("|")):
        place = text.find(cell, at) if cell else -1
        if place >= 0:
            at = place + len(cell)
            found += letters[place:at]
    return found


def _merged(letters: Sequence[_Letter]) -> list[tuple[float, float, float, float]]:
    """Return the edges left, top, right and bottom of what stands next to each other on a line."""
    boxes: list[list[float]] = []
    last: _Letter | None = None
    for letter in letters:
        top = letter.baseline - ASCENT * letter.size
        bottom = letter.baseline + DESCENT * letter.size
        near = last and last.line == letter.line and letter.x0 - last.x1 < 3 * letter.size
        if near:
            left, above, right, below = boxes[-1]
            boxes[-1] = [
                min(left, letter.x0),
                min(above, top),
                max(right, letter.x1),
                max(below, bottom),
            ]
        else:
            boxes.append([letter.x0, top, letter.x1, bottom])
        last = letter
    return [(a, b, c, d) for a, b, c, d in boxes]


def _placed(
    box: tuple[float, float, float, float],
    upright: Upright,
    left: float,
    right: float,
    top: float,
) -> Box:
    """Return a box of the upright page in user space, where the page may lie on its side."""
    x0, y0, x1, y1 = box
    width, height = upright.width, upright.height
    if upright.turn == math.pi:
        x0, y0, x1, y1 = width - x1, height - y1, width - x0, height - y0
    elif upright.turn and upright.turn < math.pi:
        x0, y0, x1, y1 = height - y1, x0, height - y0, x1
    elif upright.turn:
        x0, y0, x1, y1 = y0, width - x1, y1, width - x0
    return Box(left + x0, top - y1, left + x1, top - y0)
