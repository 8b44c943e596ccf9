"""A page of a PDF -> its visible characters with their place and look, in the order of the file.

Knows PDFium, which is not thread-safe: one thread at a time may be in here.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from rag.load.pdf.tags import NO_ROLE, Role

MIN_SIZE = 4.0
"""Points; smaller type is a hidden mark of whoever passed the file on."""
MAX_SIZE = 2_000.0
"""Points; larger type is no letter of a page but damage."""
BOLD = 600
"""Font weight from which type is bold."""

FAINT = 64
"""Opacity, of 255, below which type is not meant to be read."""

_SPACE, _BREAKS = 32, (10, 13)
_STROKED = (pdfium_c.FPDF_TEXTRENDERMODE_STROKE, pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE)


class Style(NamedTuple):
    """What a character looks like."""

    size: float
    bold: bool
    colour: int


class Setting(NamedTuple):
    """What all characters of a text object share."""

    style: Style
    angle: float
    baseline: float | None
    """Points from the bottom of user space; None when the type is turned."""
    role: Role
    mapped: bool
    """Whether the font says which characters it shows."""
    shown: bool
    """Whether it can be read: not minute, not larger than a page, and not as transparent as the mark of a recipient."""
    clip: tuple[float, float, float, float] | None
    """Left, bottom, right and top of what is shown of it, in user space; None when all of it is."""


class Glyph(NamedTuple):
    """A visible character. Points, from the top left of the page."""

    char: str
    x0: float
    x1: float
    baseline: float
    setting: Setting
    spaced: bool
    """Whether white space stands before it."""
    broken: bool
    """Whether PDFium began a new line before it."""


@dataclass(slots=True)
class Unmapped:
    """A count of the characters that are shown, but of which nobody knows what they are."""

    count: int = 0


def visible(
    page: pdfium.PdfPage,
    left: float,
    top: float,
    roles: Mapping[int, Role],
    unmapped: Unmapped,
) -> Iterator[Glyph]:
    """Yield the visible characters of `page` in content order, counting those that are unknown.

    Args:
        page: Of an open document.
        left: The edge of what is shown, in points of user space.
        top: Likewise.
        roles: What the structure tree says, by marked content.
        unmapped: Where characters of fonts without a mapping to Unicode are counted.
    """
    text = page.get_textpage()
    raw = text.raw
    unicode_at, box_at = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetLooseCharBox
    settings = _Settings(raw, roles, _direct(page))
    box, x, y = pdfium_c.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    spaced = broken = False
    high = ""
    for i in range(pdfium_c.FPDFText_CountChars(raw)):
        code = unicode_at(raw, i)
        if code == _SPACE:
            spaced = True
            continue
        if code in _BREAKS:
            broken = True
            continue
        unmapped.count += not code
        char, high = _character(code, high)
        if not code or char.isspace():
            spaced = True
            continue
        setting = settings.at(i) if char else None
        if setting is None or not setting.shown:
            continue
        box_at(raw, i, box)
        if setting.clip and not _is_within(box, setting.clip):
            continue
        unmapped.count += not setting.mapped
        baseline = setting.baseline
        if baseline is None:
            pdfium_c.FPDFText_GetCharOrigin(raw, i, x, y)
            baseline = y.value
        yield Glyph(
            char, box.left - left, box.right - left, top - baseline, setting, spaced, broken
        )
        spaced = broken = False
    text.close()


class _Settings:
    """What the characters of a page share, looked up once for each text object."""

    def __init__(
        self, raw: ctypes.c_void_p, roles: Mapping[int, Role], direct: Collection[int]
    ) -> None:
        self._raw = raw
        self._roles = roles
        self._direct = direct
        self._known: dict[int, Setting] = {}

    def at(self, index: int) -> Setting:
        """Return what the characters of the text object at character `index` share."""
        text_object = pdfium_c.FPDFText_GetTextObject(self._raw, index)
        if not text_object:
            return _setting(self._raw, index, None, self._roles, False)
        key = ctypes.addressof(text_object.contents)
        found = self._known.get(key)
        if found is None:
            direct = key in self._direct
            found = _setting(self._raw, index, text_object, self._roles, direct)
            self._known[key] = found
        return found


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


def _setting(
    raw: ctypes.c_void_p,
    index: int,
    text_object: object,
    roles: Mapping[int, Role],
    direct: bool,
) -> Setting:
    """Return what the characters of the text object at `index` share."""
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(raw, index, matrix)
    # Some producers set type of size 1 and scale it.
    size = pdfium_c.FPDFText_GetFontSize(raw, index) * math.hypot(matrix.c, matrix.d)
    stroked = bool(text_object) and (
        pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) in _STROKED
    )
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium_c.FPDFText_GetFillColor(raw, index, red, green, blue, alpha)
    colour = _on_paper(red.value, green.value, blue.value, alpha.value)
    # Word fakes the bold type of a Chinese font by drawing the outline of its letters too.
    style = Style(size, stroked or pdfium_c.FPDFText_GetFontWeight(raw, index) >= BOLD, colour)
    baseline = None
    if text_object and matrix.b == 0 and matrix.a > 0:
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium_c.FPDFText_GetCharOrigin(raw, index, x, y)
        baseline = y.value
    role = NO_ROLE
    if roles and text_object:
        role = roles.get(pdfium_c.FPDFPageObj_GetMarkedContentID(text_object), NO_ROLE)
    angle = 0.0 if baseline is not None else pdfium_c.FPDFText_GetCharAngle(raw, index)
    mapped = pdfium_c.FPDFText_HasUnicodeMapError(raw, index) != 1
    # What is in a form XObject is clipped in the coordinates of the form, which are not known here.
    clip = _clip(text_object) if direct else None
    shown = MIN_SIZE <= size <= MAX_SIZE and alpha.value >= FAINT
    return Setting(style, angle, baseline, role, mapped, shown, clip)


def _on_paper(red: int, green: int, blue: int, alpha: int) -> int:
    """Return a colour, ``0xRRGGBB``, as it shows on white paper."""
    if alpha < 255:
        red, green, blue = (255 - (255 - c) * alpha // 255 for c in (red, green, blue))
    return red << 16 | green << 8 | blue


def _direct(page: pdfium.PdfPage) -> set[int]:
    """Return the addresses of the text objects that stand on `page` itself, not in a form."""
    found = set()
    for i in range(pdfium_c.FPDFPage_CountObjects(page.raw)):
        shown = pdfium_c.FPDFPage_GetObject(page.raw, i)
        if pdfium_c.FPDFPageObj_GetType(shown) == pdfium_c.FPDF_PAGEOBJ_TEXT:
            found.add(ctypes.addressof(shown.contents))
    return found


def _clip(text_object: object) -> tuple[float, float, float, float] | None:
    """Return the rectangle that is left of a text object by its clip paths; None without any."""
    path = pdfium_c.FPDFPageObj_GetClipPath(text_object)
    count = pdfium_c.FPDFClipPath_CountPaths(path) if path else 0
    if count <= 0:
        return None
    x, y = ctypes.c_float(), ctypes.c_float()
    left = bottom = -math.inf
    right = top = math.inf
    for i in range(count):
        points = []
        for k in range(pdfium_c.FPDFClipPath_CountPathSegments(path, i)):
            segment = pdfium_c.FPDFClipPath_GetPathSegment(path, i, k)
            if pdfium_c.FPDFPathSegment_GetPoint(segment, x, y):
                points.append((x.value, y.value))
        if points:
            left, right = max(left, min(points)[0]), min(right, max(points)[0])
            bottom = max(bottom, min(point[1] for point in points))
            top = min(top, max(point[1] for point in points))
    return left, bottom, right, top


def _is_within(box: pdfium_c.FS_RECTF, clip: tuple[float, float, float, float]) -> bool:
    """Return whether the middle of a character is shown."""
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    return clip[0] - 1 <= x <= clip[2] + 1 and clip[1] - 1 <= y <= clip[3] + 1
