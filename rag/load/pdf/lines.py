"""A page of fragments -> its lines in the order of reading, column by column.

Knows geometry only: what a line says is judged elsewhere, but for figures, which are no prose.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate

from rag.load.marks import is_figure
from rag.load.pdf.formulas import with_fractions
from rag.load.pdf.glyphs import Fragment, PageGlyphs

WIDE_GAP = 2.2
"""Ems between two pieces of a line that belong to different things."""
MIN_LINES = 6
"""Lines on either side of a gutter."""
MAX_CROSSING = 0.08
"""Share of the characters that may stand across a gutter, as a title over two columns does."""
SIDE_WIDTH = 0.7
"""Width of a side bar as a share of the main column's at most."""
MARGIN_WIDTH = 0.4
"""The same of notes in the margin of a later page."""
TWIN_WIDTH = 0.75
"""The same of the narrower of two text columns at least."""
PROSE_WIDTH = 0.6
"""Share of a column's width from which a line in it is prose, not a label."""
STEP = 2.0
"""Points between the places tried for a gutter."""
BAND = 12.0
"""Points of height of the bands by which lines near a fragment are looked up."""


class Column(IntEnum):
    """Where on its page a line stands."""

    MAIN = 0
    LEFT = 1
    RIGHT = 2
    SIDE = 3


@dataclass(frozen=True, slots=True)
class Line:
    """Fragments on one baseline, from left to right. Points, from the top left of the page."""

    fragments: tuple[Fragment, ...]
    page: int
    """From 1."""
    column: Column
    text: str
    x0: float
    x1: float
    baseline: float
    size: float
    """Of most of its characters; the weight and colour likewise."""
    bold: bool
    colour: int

    @property
    def top(self) -> float:
        """Return the height of a capital above the baseline, near enough."""
        return self.baseline - 0.8 * self.size

    @property
    def pieces(self) -> list[Line]:
        """Return the parts of the line that wide gaps set apart, from left to right."""
        return self.split(WIDE_GAP)

    def split(self, gap: float) -> list[Line]:
        """Return the parts of the line that gaps of more than `gap` ems set apart."""
        if len(self.fragments) == 1:
            return [self]
        wide = gap * self.size
        ends = [0]
        for i, (a, b) in enumerate(zip(self.fragments, self.fragments[1:], strict=False), 1):
            if b.x0 - a.x1 > wide:
                ends.append(i)
        if len(ends) == 1:
            return [self]
        ends.append(len(self.fragments))
        groups = (self.fragments[a:b] for a, b in zip(ends, ends[1:], strict=False))
        return [line_of(group, self.page, self.column) for group in groups]


def lines_of(page: PageGlyphs) -> list[Line]:
    """Return the lines of `page` in the order of reading.

    A side bar is read after the main column; two columns of text are read one after the other
    between the lines that run across both.
    """
    gutter = _gutter(page)
    if gutter is None:
        return _rows(page.fragments, page.number, Column.MAIN)
    left = [f for f in page.fragments if f.x1 <= gutter + 1]
    right = [f for f in page.fragments if f.x0 >= gutter - 1]
    if not left or not right:
        return _rows(page.fragments, page.number, Column.MAIN)
    sides = {id(f) for f in left} | {id(f) for f in right}
    across = [f for f in page.fragments if id(f) not in sides]
    if page.number == 1 and (side := _side_bar(left, right)):
        main = right if side is left else left
        lines = _rows([*main, *across], page.number, Column.MAIN)
        return lines + _rows(side, page.number, Column.SIDE)
    if _are_twins(left, right) or _has_marginals(left, right):
        return list(_banded(page.number, across, left, right))
    return _rows(page.fragments, page.number, Column.MAIN)


def line_of(fragments: Sequence[Fragment], page: int, column: Column) -> Line:
    """Return the line that `fragments`, from left to right, make up."""
    if len(fragments) == 1:
        f = fragments[0]
        return Line((f,), page, column, f.text, f.x0, f.x1, f.baseline, f.size, f.bold, f.colour)
    weights: Counter[tuple[float, bool, int]] = Counter()
    for f in fragments:
        weights[f.size, f.bold, f.colour] += len(f.text)
    (size, bold, colour), _ = weights.most_common(1)[0]
    baseline = max(fragments, key=lambda f: len(f.text) * (f.size == size)).baseline
    text = fragments[0].text
    for a, b in zip(fragments, fragments[1:], strict=False):
        text += _space(a, b) + b.text
    x1 = max(f.x1 for f in fragments)
    return Line(
        tuple(fragments), page, column, text, fragments[0].x0, x1, baseline, size, bold, colour
    )


def _space(a: Fragment, b: Fragment) -> str:
    """Return the white space between two fragments of a line."""
    gap = (b.x0 - a.x1) / max(a.size, b.size)
    if gap > WIDE_GAP:
        return "  "
    if a.role.cell != b.role.cell:
        return " "
    latin = a.text[-1].isascii() and b.text[0].isascii()
    return " " if gap > (0.25 if latin else 1.0) else ""


def _rows(fragments: Sequence[Fragment], page: int, column: Column) -> list[Line]:
    """Return `fragments` grouped into lines from top to bottom."""
    rows: list[list[Fragment]] = []
    near: defaultdict[int, list[list[Fragment]]] = defaultdict(list)
    # Larger type first, so that superscripts join their line and do not begin one.
    for fragment in sorted(fragments, key=lambda f: -f.size):
        bands = range(int(fragment.top // BAND), int(fragment.bottom // BAND) + 1)
        row = next((row for b in bands for row in near[b] if _on_line(row[0], fragment)), None)
        if row is None:
            row = []
            rows.append(row)
            for band in bands:
                near[band].append(row)
        row.append(fragment)
    rows = [sorted(row, key=lambda f: f.x0) for row in rows]
    rows.sort(key=lambda row: max(row, key=lambda f: len(f.text)).baseline)
    lines = [line_of(row, page, column) for row in with_fractions(rows)]
    return sorted(lines, key=lambda line: line.baseline)


def _on_line(first: Fragment, other: Fragment) -> bool:
    shared = min(first.bottom, other.bottom) - max(first.top, other.top)
    return shared >= 0.5 * min(first.size, other.size)


def _gutter(page: PageGlyphs) -> float | None:
    """Return where the fewest characters stand across, in the middle of the gap; None if many do."""
    total = sum(len(f.text) for f in page.fragments)
    steps = [0.2 * page.width + STEP * i for i in range(int(0.6 * page.width / STEP))]
    crossing = _crossing(page.fragments, steps)
    extents = [(f.x0, f.x1, round(f.baseline)) for f in page.fragments]
    runs: list[tuple[int, int, float]] = []
    for i, (x, count) in enumerate(zip(steps, crossing, strict=True)):
        if count >= MAX_CROSSING * total or not _lines_beside(extents, x):
            continue
        start = i
        while start > 0 and crossing[start - 1] <= count:
            start -= 1
        end = i
        while end + 1 < len(steps) and crossing[end + 1] <= count:
            end += 1
        runs.append((count, start - end, (steps[start] + steps[end]) / 2))
    return min(runs)[2] if runs else None


def _crossing(fragments: Sequence[Fragment], steps: Sequence[float]) -> list[int]:
    """Return how many characters belong to fragments that stand across each of `steps`."""
    change = [0] * (len(steps) + 1)
    for f in fragments:
        first, last = bisect_right(steps, f.x0 + 1), bisect_left(steps, f.x1 - 1)
        if first < last:
            change[first] += len(f.text)
            change[last] -= len(f.text)
    return list(accumulate(change[:-1]))


def _lines_beside(extents: Sequence[tuple[float, float, int]], x: float) -> bool:
    """Return whether lines enough stand on each side of `x`; `extents`: left, right, baseline."""
    left = {baseline for _, x1, baseline in extents if x1 <= x + 1}
    right = {baseline for x0, _, baseline in extents if x0 >= x - 1}
    return min(len(left), len(right)) >= MIN_LINES


def _side_bar(left: list[Fragment], right: list[Fragment]) -> list[Fragment] | None:
    """Return the narrower of the two columns when the other one holds the text."""
    narrow, wide = sorted((left, right), key=_width)
    if _width(narrow) > SIDE_WIDTH * _width(wide):
        return None
    return narrow if _prose_share(wide) >= 0.5 else None


def _are_twins(left: Sequence[Fragment], right: Sequence[Fragment]) -> bool:
    """Return whether both sides of the gutter are columns of text, not of a table or of charts."""
    narrow, wide = sorted((left, right), key=_width)
    alike = _width(narrow) >= TWIN_WIDTH * _width(wide)
    return alike and min(_prose_share(left), _prose_share(right)) >= 0.6


def _has_marginals(left: Sequence[Fragment], right: Sequence[Fragment]) -> bool:
    """Return whether one side of the gutter holds text and the other short notes beside it."""
    narrow, wide = sorted((left, right), key=_width)
    if _width(narrow) > MARGIN_WIDTH * _width(wide) or _prose_share(wide) < 0.8:
        return False
    return not any(is_figure(f.text) for f in narrow)


def _width(fragments: Sequence[Fragment]) -> float:
    """Return the width of a column, a few outliers left aside."""
    starts, ends = sorted(f.x0 for f in fragments), sorted(f.x1 for f in fragments)
    few = len(fragments) // 20
    return ends[-1 - few] - starts[few]


def _prose_share(fragments: Sequence[Fragment]) -> float:
    """Return the share of the characters that stand in fragments about as wide as the column."""
    width = _width(fragments)
    prose = [f for f in fragments if f.x1 - f.x0 >= PROSE_WIDTH * width and _is_prose(f.text)]
    return sum(len(f.text) for f in prose) / sum(len(f.text) for f in fragments)


def _is_prose(text: str) -> bool:
    return len(re.findall(r"[^\W\d_]", text)) >= 8 and not is_figure(text)


def _banded(
    page: int, across: Sequence[Fragment], left: Sequence[Fragment], right: Sequence[Fragment]
) -> Iterator[Line]:
    """Yield the lines of two columns, read anew below each line that runs across both."""
    bars = _rows(across, page, Column.MAIN)
    above = float("-inf")
    for bar in [*bars, None]:
        below = bar.baseline if bar else float("inf")
        for side, column in ((left, Column.LEFT), (right, Column.RIGHT)):
            yield from _rows([f for f in side if above < f.baseline <= below], page, column)
        if bar:
            yield bar
        above = below
