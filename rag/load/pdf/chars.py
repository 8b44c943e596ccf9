"""A page of a PDF -> its visible characters with their place and look, in the order of the file.

Knows PDFium, which is not thread-safe: one thread at a time may be in here.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from rag.load.pdf import calls
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
_PLAIN, _SURROGATES = 32, 0xD800
"""A code unit between them is a character by itself."""
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
    raw = calls.handle(text.raw)
    settings = _Settings(raw, roles, _direct(page))
    settings_at, character = settings.at, _character
    box = (ctypes.c_float * 4)()
    box_address = ctypes.addressof(box)
    spaced = broken = False
    high = ""
    for i in range(pdfium_c.FPDFText_CountChars(text.raw)):
        code = calls.unicode_at(raw, i)
        if code == _SPACE:
            spaced = True
            continue
        if code in _BREAKS:
            broken = True
            continue
        if not code:
            unmapped.count += 1
        char, high = (chr(code), "") if _PLAIN < code < _SURROGATES else character(code, high)
        if not code or char.isspace():
            spaced = True
            continue
        setting = settings_at(i) if char else None
        if setting is None or not setting.shown:
            continue
        calls.box_at(raw, i, box_address)
        x0, y0, x1, y1 = box
        if setting.clip and not _is_within((x0 + x1) / 2, (y0 + y1) / 2, setting.clip):
            continue
        if not setting.mapped:
            unmapped.count += 1
        baseline = setting.baseline
        if baseline is None:
            baseline = settings.baseline(i)
        yield Glyph(char, x0 - left, x1 - left, top - baseline, setting, spaced, broken)
        spaced = broken = False
    text.close()


class _Settings:
    """What the characters of a page share, looked up once for each text object."""

    def __init__(self, raw: int, roles: Mapping[int, Role], direct: Collection[int]) -> None:
        self._raw = raw
        self._roles = roles
        self._direct = direct
        self._known: dict[int, Setting] = {}
        self._matrix = (ctypes.c_float * 6)()
        self._point = (ctypes.c_double * 2)()
        self._colour = (ctypes.c_uint * 4)()
        self._at_matrix = ctypes.addressof(self._matrix)
        self._at_point = _addresses(self._point)
        self._at_colour = _addresses(self._colour)

    def at(self, index: int) -> Setting:
        """Return what the characters of the text object at character `index` share."""
        text_object = calls.object_at(self._raw, index)
        if not text_object:
            return self._read(index, 0)
        found = self._known.get(text_object)
        if found is None:
            found = self._known[text_object] = self._read(index, text_object)
        return found

    def baseline(self, index: int) -> float:
        """Return the height of the baseline of character `index`, in user space."""
        calls.origin_at(self._raw, index, *self._at_point)
        return self._point[1]

    def _read(self, index: int, text_object: int) -> Setting:
        raw = self._raw
        calls.matrix_at(raw, index, self._at_matrix)
        a, b, c, d, _, _ = self._matrix
        # Some producers set type of size 1 and scale it.
        size = calls.size_at(raw, index) * math.hypot(c, d)
        stroked = bool(text_object) and calls.mode_of(text_object) in _STROKED
        calls.colour_at(raw, index, *self._at_colour)
        red, green, blue, alpha = self._colour
        # Word fakes the bold type of a Chinese font by drawing the outline of its letters too.
        bold = stroked or calls.weight_at(raw, index) >= BOLD
        style = Style(size, bold, _on_paper(red, green, blue, alpha))
        level = bool(text_object) and b == 0 and a > 0
        baseline = self.baseline(index) if level else None
        angle = 0.0 if level else calls.angle_at(raw, index)
        role = NO_ROLE
        if self._roles and text_object:
            role = self._roles.get(calls.mark_of(text_object), NO_ROLE)
        mapped = calls.is_unmapped(raw, index) != 1
        # What is in a form XObject is clipped in the coordinates of the form, not known here.
        clip = _clip(text_object) if text_object in self._direct else None
        shown = MIN_SIZE <= size <= MAX_SIZE and alpha >= FAINT
        return Setting(style, angle, baseline, role, mapped, shown, clip)


def _addresses(values: ctypes.Array[Any]) -> list[int]:
    """Return where each of `values` stands."""
    start, step = ctypes.addressof(values), ctypes.sizeof(values) // len(values)
    return [start + i * step for i in range(len(values))]


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


def _clip(text_object: int) -> tuple[float, float, float, float] | None:
    """Return the rectangle that is left of a text object by its clip paths; None without any."""
    path = calls.clip_of(text_object)
    count = calls.paths_of(path) if path else 0
    if count <= 0:
        return None
    point = (ctypes.c_float * 2)()
    at = _addresses(point)
    left = bottom = -math.inf
    right = top = math.inf
    for i in range(count):
        points = [
            (point[0], point[1])
            for k in range(calls.segments_of(path, i))
            if calls.point_of(calls.segment_at(path, i, k), *at)
        ]
        if points:
            xs, ys = zip(*points, strict=True)
            left, right = max(left, min(xs)), min(right, max(xs))
            bottom, top = max(bottom, min(ys)), min(top, max(ys))
    return left, bottom, right, top


def _is_within(x: float, y: float, clip: tuple[float, float, float, float]) -> bool:
    """Return whether the middle of a character is shown."""
    return clip[0] - 1 <= x <= clip[2] + 1 and clip[1] - 1 <= y <= clip[3] + 1
