"""A page of a PDF -> fragments: runs of characters with their place, size, weight and colour.

One of the rooms that know PDFium, which is not thread-safe: one thread at a time may be in here.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from rag.load.pdf.chars import Glyph, Style, Unmapped, visible
from rag.load.pdf.tags import NO_ROLE, Role, roles_of
from rag.text import normalise

_T = TypeVar("_T", Style, float)

GAP = 1.0
"""Ems of white space that part two fragments of a line; a justified line has less between words."""
SHIFT = 0.6
"""Ems between baselines that part two lines; a superscript is shifted by less."""
RESIZE = 1.25
"""Ratio of sizes that parts two fragments, so that each has one size."""
TURNED = math.radians(20)
"""Angle from which type is turned, as along the axis of a chart."""
FEW = 300
"""Characters below which it is looked whether a page is a picture; a scan may carry a footer."""
LARGE_IMAGE = 0.5
"""Share of the page that pictures cover from which they may be a scan of it, whole or in strips."""
MAX_SIDE = 14_400.0
"""Points; a page that says it is larger is read up to here, which is what readers show."""
MANY_PATHS = 60
"""Drawn shapes on a page without text from which they may be letters turned into outlines."""

# "[Table_Title]" and the like, often torn: "[", "Table_Author", "Info]".
_TEMPLATE = re.compile(r"\[?\s*Table_[A-Za-z0-9_]*\s*\]?")
_TEMPLATE_END = re.compile(r"[A-Za-z0-9]*\]$")


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
    """Fill colour on white paper, ``0xRRGGBB``."""
    role: Role = NO_ROLE
    """What the file's own structure says of it."""

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
    pictured: bool = False
    """Whether the page has little text and pictures cover most of it."""
    unmapped: int = 0
    """How many characters of it no font gives a meaning to."""


class Upright(NamedTuple):
    """How a page lies: the size it is read in, and how its type stands on the sheet."""

    width: float
    height: float
    turn: float
    """Quarter turn of most of its type, clockwise, in radians."""


def read_page(page: pdfium.PdfPage, number: int, tagged: bool = False) -> PageGlyphs:
    """Return the fragments of `page`, turned upright when most of its type is turned.

    Args:
        page: Of an open document.
        number: Of the page, from 1.
        tagged: Whether the document has a structure tree to look things up in.
    """
    unmapped = Unmapped()
    upright, runs = runs_of(page, roles_of(page) if tagged else {}, unmapped)
    kept = tuple(_without_marks(f for run in runs if (f := fragment_of(run))))
    pictured = sum(len(f.text) for f in kept) < FEW and _is_pictured(page, bool(kept))
    return PageGlyphs(number, upright.width, upright.height, kept, pictured, unmapped.count)


def runs_of(
    page: pdfium.PdfPage, roles: Mapping[int, Role], unmapped: Unmapped
) -> tuple[Upright, Iterator[list[Glyph]]]:
    """Return how `page` lies, and the characters of each fragment on it, upright."""
    left, bottom, right, top = page.get_cropbox()
    width, height = min(right - left, MAX_SIDE), min(top - bottom, MAX_SIDE)
    glyphs = [
        g
        for g in visible(page, left, top, roles, unmapped)
        if g.x1 >= 0 and g.x0 <= width and 0 <= g.baseline <= height
    ]
    turn = _turn(glyphs)
    angles = {g.setting.angle for g in glyphs}
    upright = {angle for angle in angles if abs(_between(angle, turn)) < TURNED}
    if upright < angles:
        glyphs = [g for g in glyphs if g.setting.angle in upright]
    if turn:
        glyphs = [_turned(g, turn, width, height) for g in glyphs]
        if turn != math.pi:
            width, height = height, width
    return Upright(width, height, turn), _runs(glyphs)


def _turn(glyphs: list[Glyph]) -> float:
    """Return the quarter turn, in radians, that most of `glyphs` have; 0 when they are upright."""
    turned = [g.setting.angle for g in glyphs if g.setting.angle]
    if 2 * len(turned) < len(glyphs):
        return 0.0
    counts = Counter(round(_between(angle, 0) / (math.pi / 2)) % 4 for angle in turned)
    counts[0] += len(glyphs) - len(turned)
    quarter = max(counts, key=lambda q: counts[q])
    return quarter * math.pi / 2


def _between(angle: float, other: float) -> float:
    """Return the signed angle from `other` to `angle`."""
    return math.remainder(angle - other, math.tau)


def _turned(glyph: Glyph, turn: float, width: float, height: float) -> Glyph:
    """Return `glyph` of a page whose type is turned, as it stands when the page is held upright.

    The loose box of turned type runs along the other axis, so its ends are estimated.
    """
    x, y = glyph.x0, glyph.baseline
    advance = glyph.setting.style.size * (1.0 if _is_wide(glyph.char) else 0.5)
    if turn == math.pi:
        return glyph._replace(x0=width - glyph.x1, x1=width - x, baseline=height - y)
    # PDFium counts angles clockwise: a quarter turn is type that runs down the page.
    if turn < math.pi:
        return glyph._replace(x0=y, x1=y + advance, baseline=width - x)
    return glyph._replace(x0=height - y, x1=height - y + advance, baseline=x)


def _runs(glyphs: list[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the characters of each fragment."""
    run: list[Glyph] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if last is not None and _is_apart(last, glyph):
            yield run
            run = []
        run.append(glyph)
        last = glyph
    if run:
        yield run


def _is_apart(last: Glyph, glyph: Glyph) -> bool:
    size = glyph.setting.style.size
    if glyph.setting is not last.setting:
        other = last.setting.style.size
        small, size = (other, size) if other < size else (size, other)
        if size > RESIZE * small or last.setting.role != glyph.setting.role:
            return True
    if glyph.x0 - last.x1 > GAP * size or glyph.x0 < last.x0 - 0.3 * size:
        return True
    shift = abs(glyph.baseline - last.baseline)
    return shift > (0.1 if glyph.broken else SHIFT) * size


def fragment_of(run: list[Glyph]) -> Fragment | None:
    """Return the fragment that the characters of `run` make up; None when nothing is left."""
    text = run[0].char + "".join(
        _spaced(a, b) if b.spaced else b.char for a, b in zip(run, run[1:], strict=False)
    )
    # The soft hyphen, which `normalise` drops, still has to be judged when lines are joined.
    if "\u00ad" in text:
        text = "\u00ad".join(map(normalise, text.split("\u00ad"))).strip()
    else:
        text = normalise(text).strip()
    if not text:
        return None
    first = run[0].setting
    if all(g.setting is first for g in run):
        style, baseline = first.style, round(run[0].baseline, 1)
    else:
        style = _commonest([g.setting.style for g in run])
        baseline = _commonest([round(g.baseline, 1) for g in run])
    return Fragment(
        text, run[0].x0, max(g.x1 for g in run), baseline, *style, role=run[0].setting.role
    )


def _commonest(values: list[_T]) -> _T:
    """Return the value that stands most often in `values`, the first of equals."""
    first = values[0]
    return first if values.count(first) == len(values) else Counter(values).most_common(1)[0][0]


def _without_marks(fragments: Iterable[Fragment]) -> Iterator[Fragment]:
    """Yield `fragments` without template marks, which may be torn over several of them."""
    torn = False
    for fragment in fragments:
        text = _TEMPLATE.sub("", fragment.text).strip()
        if torn and "[" not in text and text.endswith("]"):
            text = _TEMPLATE_END.sub("", text).strip()
            torn = False
        if text != fragment.text or text == "[":
            torn = "]" not in fragment.text
        if text and text != "[":
            yield fragment if text == fragment.text else replace(fragment, text=text)


def _spaced(last: Glyph, glyph: Glyph) -> str:
    """Return `glyph` with the space before it, unless that is only loose Chinese setting."""
    gap = glyph.x0 - last.x1
    loose = gap < 0.4 * glyph.setting.style.size and _is_wide(last.char) and _is_wide(glyph.char)
    return glyph.char if loose else f" {glyph.char}"


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _is_pictured(page: pdfium.PdfPage, has_text: bool) -> bool:
    """Return whether what is to be seen on `page` are pictures; or drawings, when it has no text."""
    width, height = page.get_size()
    covered = 0.0
    drawn = 0
    for shown in page.get_objects(max_depth=3):
        if shown.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = shown.get_bounds()
            covered += (right - left) * (top - bottom)
        drawn += shown.type == pdfium_c.FPDF_PAGEOBJ_PATH
    return covered > LARGE_IMAGE * width * height or (not has_text and drawn >= MANY_PATHS)
