"""The cells of a table, some of them merged -> a grid of texts -> the text of a table block.

Knows no file format.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.load.marks import is_figure

BORDER = " | "
MAX_COLUMNS = 100
"""Cells of a row; wider spans are nonsense or an attack."""
MAX_CELLS = 50_000
"""Cells of a grid from which merged cells are no longer repeated."""
MAX_REPEATED = 60
"""Characters of a merged cell that is repeated; longer ones stand in their first place only."""
MAX_CELL = 300
"""Characters; a longer cell is a column of text, so the table only lays out the page."""


class Cell(NamedTuple):
    """A cell and how many columns and rows it covers."""

    text: str
    across: int = 1
    down: int = 1


def spread(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Return the grid of `rows` with each merged cell in every place it covers.

    A cell stands in the first column that no cell from above covers, as in HTML.
    """
    taken: dict[tuple[int, int], str] = {}
    width = 0
    for r, row in enumerate(rows):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            repeated = len(taken) < MAX_CELLS and len(cell.text) <= MAX_REPEATED
            across = min(cell.across, MAX_COLUMNS - c) if repeated else 1
            down = min(cell.down, len(rows) - r) if repeated else 1
            places = ((r + y, c + x) for y in range(down) for x in range(max(across, 1)))
            taken.update((place, cell.text) for place in places)
            c += max(across, 1)
            width = max(width, c)
    return [[taken.get((r, c), "") for c in range(width)] for r in range(len(rows))]


def dense(grid: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return `grid` with rows of one length, without rows and columns that are empty throughout."""
    width = max((len(row) for row in grid), default=0)
    full = [[*row, *[""] * (width - len(row))] for row in grid]
    rows = [row for row in full if any(cell.strip() for cell in row)]
    columns = [c for c in range(width) if any(row[c].strip() for row in rows)]
    return [[row[c] for c in columns] for row in rows]


def condensed(grid: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return `grid` with each row that one merged cell fills holding it once.

    Such a cell is a title or a unit, not a value of every column.
    """
    return [
        list(row[:1]) if len(set(row)) == 1 and not is_figure(row[0]) else list(row) for row in grid
    ]


def as_text(grid: Sequence[Sequence[str]]) -> str:
    """Return `grid` as the text of a table block: a row a line, cells between bars."""
    return "\n".join(BORDER.join(row) for row in grid)
