"""Columns of a table -> panels: which columns label the rows, and where labels begin anew.

Two tables printed side by side (资产负债表 and 利润表, 总市值 | 12 | 流通市值 | 8) are panels of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.tablegrid import is_code, is_dash, is_period, is_value

_TOTAL = re.compile(r"合\s*计|总\s*计|小\s*计|total", re.IGNORECASE)
"""A label among codes that is none."""
_FIGURES = 0.8
"""Share of figures among the cells of a column of values."""
_DISTINCT = 0.7
"""Share of different texts below which a column of labels does not tell rows apart."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Columns side by side that share their labels."""

    labels: Sequence[int]
    values: Sequence[int]


def panels_of(
    columns: Sequence[str], body: Sequence[Sequence[str]], side_by_side: bool = True
) -> list[Panel]:
    """Return the panels of a table: one, or several where the labels begin anew to the right.

    Args:
        columns: The header of each column.
        body: The rows below it, each as long as `columns`.
        side_by_side: Whether there may be several.
    """
    starts = [0, *(_starts(columns, body) if side_by_side else ())]
    ends = [*starts[1:], len(columns)]
    return [_panel(body, start, end) for start, end in zip(starts, ends, strict=True)]


def dated(body: Sequence[Sequence[str]]) -> frozenset[int]:
    """Return the columns of `body` that hold periods, whose numbers are no amounts."""
    columns = enumerate(zip(*body, strict=True))
    return frozenset(c for c, texts in columns if 2 * sum(map(is_period, texts)) > len(texts))


def _panel(body: Sequence[Sequence[str]], start: int, end: int) -> Panel:
    labels = [start]
    while (
        labels[-1] + 2 < end
        and _is_weak(body, labels[-1])
        and not _is_figures(body, labels[-1] + 1)
    ):
        labels.append(labels[-1] + 1)
    return Panel(labels, range(labels[-1] + 1, end))


def _starts(columns: Sequence[str], body: Sequence[Sequence[str]]) -> Iterator[int]:
    """Yield the columns, but the first, that hold the labels of those to their right."""
    for c in range(2, len(columns) - 1):
        named = columns[c] in ("", columns[0]) or columns[c + 1 :] == columns[1 : len(columns) - c]
        framed = _is_figures(body, c - 1) and _is_figures(body, c + 1)
        if named and framed and not _is_figures(body, c):
            yield c


def _is_figures(body: Sequence[Sequence[str]], column: int) -> bool:
    texts = [row[column] for row in body if not is_dash(row[column])]
    return not texts or sum(map(is_value, texts)) >= _FIGURES * len(texts)


def _is_weak(body: Sequence[Sequence[str]], column: int) -> bool:
    """Return whether a column does not tell rows apart for a reader: codes, repeated or no text."""
    texts = [row[column] for row in body if row[column]]
    if len(texts) < len(body):
        return True
    items = [text for text in texts if not _TOTAL.fullmatch(text)]
    if items and all(is_code(text) for text in items):
        return True
    return len(texts) > 1 and len(set(texts)) < _DISTINCT * len(texts)
