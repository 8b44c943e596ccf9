"""Lines -> how each page is set: column edges, line pitch, indents; and whether a line goes on.

Geometry of running text only; what kind of block a line begins is judged elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles

from rag.load import marks
from rag.load.pdf.lines import Column, Line
from rag.load.pdf.looks import Type
from rag.text import display_width

MIN_WIDTH = 12
"""Ems from which a line is wide enough to tell where its column ends."""
MIN_LINES = 4
"""Wide lines in the size of running text that tell the edges of a column."""
MIN_OTHER = 10
"""The same in any size."""
BUCKET = 3.0
"""Points within which edges count as the same."""
LOOSE = 1.15
"""Line pitch as a multiple of the usual from which a gap may part paragraphs."""
APART = 1.8
"""The same from which it always does."""
INDENT = 0.7
"""Ems by which the start of a line differs from the line above when it is indented."""
EARLY = 0.7
"""Share of the column's width that an open-ended line fills at least."""
RAGGED = 2.5
"""Ems by which an open-ended line may end before the edge."""
HANGING = 3.5
"""Ems by which the lines of a list item hang at most."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Where the text of a column begins and ends, in points."""

    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Setting:
    """The measured setting of a document."""

    edges: dict[tuple[int, Column], Edges]
    """By page and column."""
    pitch: dict[int, float]
    """Points from baseline to baseline within a paragraph, by page."""
    indented: bool
    """Whether the first line of a paragraph is indented."""

    def width(self, line: Line) -> float:
        """Return the width of the column that `line` stands in."""
        edges = self.edges[line.page, line.column]
        return edges.right - edges.left

    def is_full(self, line: Line, following: Line) -> bool:
        """Return whether the first token of `following` would not have fitted behind `line`."""
        sign = re.match(r"[-+−–]?", following.text)
        token = marks.first_token(following.text[len(sign[0]) :] if sign else following.text)
        edges = self.edges[line.page, line.column]
        if line.x1 + display_width(token) / 2 * line.size > edges.right + 0.3 * line.size:
            return True
        if marks.ends_sentence(line.text) or line.text[-1] in "：:；;":
            return False
        # An open-ended line goes on even if it was broken early: a little where it may be a list,
        # a lot where paragraphs are indented and the next line is not.
        flush = self.indented and following.x0 < edges.left + INDENT * following.size
        early = edges.left + EARLY * (edges.right - edges.left)
        return line.x1 > (early if flush else edges.right - RAGGED * line.size)

    def is_indented(self, line: Line) -> bool:
        """Return whether `line` begins as the first line of an indented paragraph does."""
        offset = line.x0 - self.edges[line.page, line.column].left
        return self.indented and 1.2 * line.size < offset < 3 * line.size

    def is_flush(self, line: Line) -> bool:
        """Return whether `line` reaches the right edge of its column."""
        return line.x1 > self.edges[line.page, line.column].right - line.size

    def goes_on(
        self, block: Sequence[Line], line: Line, is_item: bool, is_entry: bool = False
    ) -> bool:
        """Return whether `line` stands where the next line of the paragraph `block` would.

        Args:
            block: The lines of the paragraph so far.
            line: The line read after them.
            is_item: Whether the paragraph is a list item, whose lines may hang.
            is_entry: Whether it is an entry of a list of references, all of which are marked, so
                that an unmarked line goes on with it even where it would have fitted above.
        """
        last = block[-1]
        if abs(line.size - last.size) > 0.15 * last.size:
            return False
        if not (is_entry or self.is_full(last, line)) or self._is_next_item(block, line):
            return False
        ended = marks.ends_sentence(last.text)
        if (line.page, line.column) != (last.page, last.column):
            return not self.is_indented(line) and (not ended or self.indented)
        pitch = (line.baseline - last.baseline) / self.pitch[line.page]
        if pitch > APART or (pitch > LOOSE and ended):
            return False
        return self._aligned(block, line, is_item)

    def _is_next_item(self, block: Sequence[Line], line: Line) -> bool:
        """Return whether `line` is set in like the one line of `block`, a clause that has ended."""
        first = block[0]
        inset = (first.x0 - self.edges[first.page, first.column].left) / first.size
        return (
            len(block) == 1
            and inset > 1.2
            and abs(line.x0 - first.x0) < INDENT * line.size
            and (marks.ends_sentence(first.text) or first.text[-1] in "；;")
        )

    def _aligned(self, block: Sequence[Line], line: Line, is_item: bool) -> bool:
        """Return whether `line` begins where the lines of `block` but the first do."""
        offset = (line.x0 - block[-1].x0) / line.size
        if len(block) > 1 and block[-1].page == block[-2].page:
            return abs(offset) <= INDENT
        return -HANGING <= offset <= (HANGING if is_item else INDENT)


def setting_of(lines: Sequence[Line], body: Type) -> Setting:
    """Measure `lines`, of which running text has the look `body`."""
    edges = _edges(lines, body)
    return Setting(edges, _pitches(lines, body), _is_indented(lines, edges, body))


def _edges(lines: Sequence[Line], body: Type) -> dict[tuple[int, Column], Edges]:
    columns: defaultdict[tuple[int, Column], list[Line]] = defaultdict(list)
    for line in lines:
        columns[line.page, line.column].append(line)
    usual = {c: _measured([x for x in lines if x.column is c], body) for c in Column}
    found = {}
    for (page, column), members in columns.items():
        # Back matter is often set in another width and size than the text.
        own = _measured(members, body) or _measured(members, None, MIN_OTHER)
        found[page, column] = own or (page > 1 and usual[column]) or _extent(members)
    return found


def _measured(lines: Sequence[Line], body: Type | None, least: int = MIN_LINES) -> Edges | None:
    """Return the edges that most wide lines share; None where there are few.

    Args:
        lines: Of one column.
        body: Only lines in its size count; without it lines of all sizes do.
        least: How many lines there must be.
    """
    wide = [
        line
        for line in lines
        if (body is None or abs(line.size - body.size) <= 0.1 * body.size)
        and line.x1 - line.x0 >= MIN_WIDTH * line.size
        and len(line.pieces) == 1
        and not marks.is_caption(line.text)
        and not marks.is_source(line.text)
    ]
    if len(wide) < least:
        return None
    return Edges(_common(line.x0 for line in wide), _right([line.x1 for line in wide]))


def _extent(lines: Sequence[Line]) -> Edges:
    return Edges(min(line.x0 for line in lines), max(line.x1 for line in lines))


def _common(values: Iterable[float]) -> float:
    """Return the middle of the range of `BUCKET` points that holds most of `values`."""
    counts = Counter(round(value) for value in values)
    near = {v: sum(counts[v + d] for d in (-1, 0, 1)) for v in counts}
    return float(max(near, key=lambda v: (near[v], counts[v])))


def _right(ends: Sequence[float]) -> float:
    """Return the right edge: where most full lines end, or nearly the last of ragged ones."""
    late = quantiles(ends, n=10)[-1] if len(ends) > 1 else ends[0]
    common = _common(ends)
    near = sum(abs(end - common) <= BUCKET for end in ends)
    return common if near >= 0.25 * len(ends) else late


def _pitches(lines: Sequence[Line], body: Type) -> dict[int, float]:
    """Return the usual distance of baselines on each page; the document's where a page has few."""
    pages: defaultdict[int, list[float]] = defaultdict(list)
    running = [_is_running(line, body) for line in lines]
    for i, (a, b) in enumerate(zip(lines, lines[1:], strict=False)):
        same = (a.page, a.column) == (b.page, b.column)
        if same and (running[i] or running[i + 1]) and abs(a.size - b.size) < 0.6:
            pages[a.page].append(b.baseline - a.baseline)
    steps = [step for each in pages.values() for step in each if step > 0]
    overall = _common_step(steps) if steps else 1.5 * body.size
    return {
        page: _common_step(pages[page]) if len(pages[page]) >= 8 else overall
        for page in {line.page for line in lines}
    }


def _is_running(line: Line, body: Type) -> bool:
    """Return whether `line` is long and without gaps, as text is and rows of a table are not."""
    long = line.x1 - line.x0 >= MIN_WIDTH * line.size
    return long and abs(line.size - body.size) < 0.6 and len(line.pieces) == 1


def _common_step(steps: Sequence[float]) -> float:
    """Return the most common step, to the half point; of equals the smallest."""
    counts = Counter(round(step * 2) / 2 for step in steps if step > 0)
    near = {s: counts[s - 0.5] + counts[s] + counts[s + 0.5] for s in counts}
    return max(near, key=lambda s: (near[s], -s), default=12.0)


def _is_indented(lines: Sequence[Line], edges: dict[tuple[int, Column], Edges], body: Type) -> bool:
    """Return whether lines after the end of a sentence tend to be indented by about two ems."""
    starts = [
        (line.x0 - edges[line.page, line.column].left) / line.size
        for above, line in zip(lines, lines[1:], strict=False)
        if (above.page, above.column) == (line.page, line.column)
        and marks.ends_sentence(above.text)
        and above.x1 < edges[above.page, above.column].right - 2 * above.size
        and line.x1 - line.x0 >= MIN_WIDTH * line.size
        and abs(line.size - body.size) < 0.6
    ]
    indented = sum(1.2 < offset < 3 for offset in starts)
    if indented < 3:
        return indented == 2 == len(starts)
    return indented >= 0.4 * len(starts)
