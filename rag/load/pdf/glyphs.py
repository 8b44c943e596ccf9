"""A page of a PDF -> fragments: runs of characters with their place, size, weight and colour.

The only room that knows PDFium, which is not thread-safe: one thread at a time may be in here.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from rag.text import normalise

MIN_SIZE = 4.0
"""Points; smaller type is a hidden mark of whoever passed the file on."""
GAP = 1.0
"""Ems of white space that part two fragments of a line; a justified line has less between words."""
SHIFT = 0.6
"""Ems between baselines that part two lines; a superscript is shifted by less."""
RESIZE = 1.25
"""Ratio of sizes that parts two fragments, so that each has one size."""
BOLD = 600
"""Font weight from which type is bold."""
TURNED = math.radians(20)
"""Angle from which type is turned, as along the axis of a chart."""
FEW = 50
"""Characters below which a page may be a scan."""

# "[Table_Title]" and the like, often torn: "[", "Table_Author", "Info]".
_TEMPLATE = re.compile(r"\[?\s*Table_[A-Za-z0-9_]*\s*\]?")
_TEMPLATE_END = re.compile(r"[A-Za-z0-9]*\]$")
_STROKED = (pdfium_c.FPDF_TEXTRENDERMODE_STROKE, pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE)


@dataclass(frozen=True, slots=True)
class Fragment:
    """Characters set next to each other in one size. Points, from the top left of the page."""

    text: str
    """Stripped; never empty."""
    x0: float
    x1: float
    baseline: float
    size: float
    bold: bool
    colour: int
    """Fill colour, ``0xRRGGBB``."""

    @property
    def top(self) -> float:
        """Return the height of a capital above the baseline, near enough."""
        return self.baseline - 0.8 * self.size

    @property
    def bottom(self) -> float:
        """Return the depth of a descender, near enough."""
        return self.baseline + 0.2 * self.size


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """What stands on one page."""

    number: int
    """From 1."""
    width: float
    height: float
    fragments: tuple[Fragment, ...]
    """In the order of the content stream, which is often not the order of reading."""
    scanned: bool
    """Whether the page is an image with hardly any text."""


class _Style(NamedTuple):
    size: float
    bold: bool
    colour: int


class _Glyph(NamedTuple):
    char: str
    x0: float
    x1: float
    baseline: float
    angle: float
    style: _Style
    spaced: bool
    """Whether white space stands before it."""
    broken: bool
    """Whether PDFium began a new line before it."""


def read_page(page: pdfium.PdfPage, number: int) -> PageGlyphs:
    """Return the fragments of `page`, turned upright when most of its type is turned."""
    left, bottom, right, top = page.get_cropbox()
    glyphs = [
        g for g in _glyphs(page) if left <= g.x1 and g.x0 <= right and bottom <= g.baseline <= top
    ]
    width, height = right - left, top - bottom
    turn = _turn(glyphs)
    upright = [g for g in glyphs if abs(_between(g.angle, turn)) < TURNED]
    if turn:
        upright = [_turned(g, turn, left, bottom, right, top) for g in upright]
        width, height = height, width
    else:
        upright = [
            g._replace(x0=g.x0 - left, x1=g.x1 - left, baseline=top - g.baseline) for g in upright
        ]
    fragments = _without_marks(f for run in _runs(upright) if (f := _fragment(run)))
    kept = tuple(fragments)
    few = sum(len(f.text) for f in kept) < FEW
    return PageGlyphs(number, width, height, kept, few and _has_large_image(page))


def _glyphs(page: pdfium.PdfPage) -> Iterator[_Glyph]:
    """Yield the visible characters of `page` in content order, with user space coordinates."""
    text = page.get_textpage()
    raw = text.raw
    box, x, y = pdfium_c.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    styles: dict[int, _Style] = {}
    spaced = broken = False
    high = ""
    for i in range(pdfium_c.FPDFText_CountChars(raw)):
        code = pdfium_c.FPDFText_GetUnicode(raw, i)
        if code in (10, 13):
            broken = True
            continue
        char, high = _character(code, high)
        if not char:
            continue
        if char.isspace() or char == "\0":
            spaced = True
            continue
        pdfium_c.FPDFText_GetLooseCharBox(raw, i, box)
        pdfium_c.FPDFText_GetCharOrigin(raw, i, x, y)
        style = _style(raw, i, styles)
        if style.size >= MIN_SIZE:
            angle = pdfium_c.FPDFText_GetCharAngle(raw, i)
            yield _Glyph(char, box.left, box.right, y.value, angle, style, spaced, broken)
            spaced = broken = False
    text.close()


def _character(code: int, high: str) -> tuple[str, str]:
    """Return the character of a UTF-16 code unit and the half of a pair that still waits."""
    if 0xD800 <= code < 0xDC00:
        return "", chr(code)
    if 0xDC00 <= code < 0xE000:
        pair = (high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return pair[:1], ""
    if code in (0x02, 0xFFFE):  # what PDFium puts for a hyphen at the end of a line
        return "\u00ad", ""
    return chr(code), ""


def _style(raw: ctypes.c_void_p, index: int, known: dict[int, _Style]) -> _Style:
    """Return the style of a character, looked up once for each text object."""
    text_object = pdfium_c.FPDFText_GetTextObject(raw, index)
    key = ctypes.addressof(text_object.contents) if text_object else 0
    if key in known:
        return known[key]
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(raw, index, matrix)
    # Some producers set type of size 1 and scale it.
    size = pdfium_c.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d)
    stroked = pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) in _STROKED if key else False
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium_c.FPDFText_GetFillColor(raw, index, red, green, blue, alpha)
    colour = red.value << 16 | green.value << 8 | blue.value
    # Word fakes the bold type of a Chinese font by drawing the outline of its letters too.
    style = _Style(size, stroked or pdfium_c.FPDFText_GetFontWeight(raw, index) >= BOLD, colour)
    if key:
        known[key] = style
    return style


def _turn(glyphs: list[_Glyph]) -> float:
    """Return the quarter turn, in radians, that most of `glyphs` have; 0 when they are upright."""
    counts = Counter(round(_between(g.angle, 0) / (math.pi / 2)) % 4 for g in glyphs)
    quarter = max(counts, key=lambda q: counts[q], default=0)
    return quarter * math.pi / 2


def _between(angle: float, other: float) -> float:
    """Return the signed angle from `other` to `angle`."""
    return math.remainder(angle - other, math.tau)


def _turned(
    glyph: _Glyph, turn: float, left: float, bottom: float, right: float, top: float
) -> _Glyph:
    """Return `glyph` of a page whose type is turned, with upright coordinates from the top left.

    The loose box of turned type runs along the other axis, so its ends are estimated.
    """
    x, y = glyph.x0, glyph.baseline
    advance = glyph.style.size * (1.0 if _is_wide(glyph.char) else 0.5)
    if turn == math.pi:
        return glyph._replace(x0=right - x, x1=right - x + advance, baseline=y - bottom)
    # PDFium counts angles clockwise: a quarter turn is type that runs down the page.
    if turn < math.pi:
        return glyph._replace(x0=top - y, x1=top - y + advance, baseline=right - x)
    return glyph._replace(x0=y - bottom, x1=y - bottom + advance, baseline=x - left)


def _runs(glyphs: list[_Glyph]) -> Iterator[list[_Glyph]]:
    """Yield the characters of each fragment."""
    run: list[_Glyph] = []
    for glyph in glyphs:
        if run and _is_apart(run[-1], glyph):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _is_apart(last: _Glyph, glyph: _Glyph) -> bool:
    size = max(last.style.size, glyph.style.size)
    gap = glyph.x0 - last.x1
    if gap > GAP * size or glyph.x0 < last.x0 - 0.3 * size:
        return True
    if abs(glyph.baseline - last.baseline) > (SHIFT if not glyph.broken else 0.1) * size:
        return True
    return size > RESIZE * min(last.style.size, glyph.style.size)


def _fragment(run: list[_Glyph]) -> Fragment | None:
    text = "".join(_spaced(a, b) for a, b in zip([None, *run], run, strict=False))
    # The soft hyphen, which `normalise` drops, still has to be judged when lines are joined.
    text = "\u00ad".join(
        normalise(part) for part in _TEMPLATE.sub("", text).split("\u00ad")
    ).strip()
    if not text:
        return None
    style, _ = Counter(g.style for g in run).most_common(1)[0]
    baseline = Counter(round(g.baseline, 1) for g in run).most_common(1)[0][0]
    return Fragment(text, run[0].x0, max(g.x1 for g in run), baseline, *style)


def _without_marks(fragments: Iterable[Fragment]) -> Iterator[Fragment]:
    """Yield `fragments` without template marks, which may be torn over several of them."""
    for fragment in fragments:
        text = _TEMPLATE.sub("", fragment.text).strip()
        if "[" not in text and text.endswith("]"):
            text = _TEMPLATE_END.sub("", text).strip()
        if text and text != "[":
            yield replace(fragment, text=text)


def _spaced(last: _Glyph | None, glyph: _Glyph) -> str:
    """Return `glyph` with the space before it, unless that is only loose Chinese setting."""
    if last is None or not glyph.spaced:
        return glyph.char
    gap = glyph.x0 - last.x1
    loose = _is_wide(last.char) and _is_wide(glyph.char) and gap < 0.4 * glyph.style.size
    return glyph.char if loose else f" {glyph.char}"


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _has_large_image(page: pdfium.PdfPage) -> bool:
    """Return whether one image covers more than half of `page`."""
    width, height = page.get_size()
    for image in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) > 0.5 * width * height:
            return True
    return False
