"""Merged cells of a printed table: which columns and which rows a cell set in their middle covers.

A header over several columns and the name of a group of rows are printed once, centred. Both are
told by that alone: ranges that lie side by side must have their middles where the texts stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.load.marks import is_figure

MISFIT = 0.4
"""Widths of a column, or heights of a row, that a text may stand beside the middle of its range."""
GROUPED = 0.5
"""Share of the rows without a label of their own from which labels are names of groups."""


class Span(NamedTuple):
    """A text and the columns or rows ``[first, last]`` it covers."""

    text: str
    first: int
    last: int


def across(
    cells: Sequence[tuple[str, float]], columns: Sequence[tuple[float, float]]
) -> list[Span] | None:
    """Return which of `columns` each of `cells` covers; None when they do not fit.

    All columns are covered, but the first need not be: labels often have no header.

    Args:
        cells: Texts with their middles, from left to right, in points.
        columns: Left and right edge of each column.
    """
    pitch = (columns[-1][1] - columns[0][0]) / len(columns)
    found = []
    for first in (0, 1):
        if len(columns) - first >= len(cells):
            cost, ends = _partition([m for _, m in cells], columns, first)
            found.append((cost, first, ends))
    if not found:
        return None
    cost, first, ends = min(found)
    if cost > MISFIT * pitch:
        return None
    starts = [first, *(end + 1 for end in ends[:-1])]
    return [Span(t, a, b) for (t, _), a, b in zip(cells, starts, ends, strict=True)]


def down(labels: Sequence[tuple[str, float]], rows: Sequence[float]) -> list[Span] | None:
    """Return which of `rows` each of `labels` covers; None when they do not fit.

    Args:
        labels: Texts with their heights, from top to bottom, in points.
        rows: Height of each row.
    """
    if not labels or len(rows) <= len(labels):
        return None
    gaps = sorted(b - a for a, b in zip(rows, rows[1:], strict=False))
    usual = gaps[len(gaps) // 2]
    edges = [rows[0] - usual / 2, *((a + b) / 2 for a, b in zip(rows, rows[1:], strict=False))]
    bands = list(zip(edges, [*edges[1:], rows[-1] + usual / 2], strict=True))
    cost, ends = _partition([middle for _, middle in labels], bands, 0)
    if cost > MISFIT * usual:
        return None
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [Span(t, a, b) for (t, _), a, b in zip(labels, starts, ends, strict=True)]


def below(labels: Sequence[str]) -> list[Span]:
    """Return each label with the rows it covers where it stands in the first of them.

    Args:
        labels: The label of each row, from top to bottom; the first is not empty.
    """
    starts = [i for i, label in enumerate(labels) if label]
    ends = [*starts[1:], len(labels)]
    return [Span(labels[a], a, b - 1) for a, b in zip(starts, ends, strict=True)]


def are_groups(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first cells of `rows` may name groups: few, and words follow them."""
    filled = [row for row in rows if any(row[1:])]
    empty = [row for row in filled if not row[0]]
    if not filled or len(empty) < GROUPED * len(filled):
        return False
    return not any(is_figure(row[0]) for row in rows if row[0])


def _partition(
    middles: Sequence[float], bands: Sequence[tuple[float, float]], first: int
) -> tuple[float, list[int]]:
    """Return the last band of each range when `bands` from `first` on are shared out in order.

    That way is chosen in which the ranges' middles are nearest to `middles`, and how far the worst
    one is off is returned before it.
    """
    best: dict[int, tuple[float, list[int]]] = {first - 1: (0.0, [])}
    for k, middle in enumerate(middles):
        rest = len(middles) - k - 1
        reached: dict[int, tuple[float, list[int]]] = {}
        for before, (cost, ends) in best.items():
            for end in range(before + 1, len(bands) - rest):
                off = abs((bands[before + 1][0] + bands[end][1]) / 2 - middle)
                worst = max(cost, off)
                if end not in reached or worst < reached[end][0]:
                    reached[end] = (worst, [*ends, end])
        best = reached
    return best.get(len(bands) - 1, (float("inf"), []))
