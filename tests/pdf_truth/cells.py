"""Tables of a document against tables as printed: which cells stand where they should."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from rag.schema import BlockKind, Document
from tests.pdf_truth.truth import DASHES, Merged, Table, cell_key

_FIGURE = re.compile(r"-?\d[\d.,]*(?<![.,])")

Row = Sequence[str | Merged | None]


def in_place(document: Document, table: Table) -> tuple[float, list[str]]:
    """Return the share of cells in place in the table block that comes nearest, and what is not.

    A cell is named by its row and column, counted from 1; a row too many by ``+row``.
    """
    best, missed = 0.0, ["no table"]
    for block in document.blocks:
        if block.kind is BlockKind.TABLE and document.page_at(block.start) == table.page:
            lines = document.text[block.start : block.end].split("\n")
            grid = [[cell_key(cell) for cell in line.split("|")] for line in lines]
            best, missed = max((best, missed), _compare(table.rows, grid), key=lambda pair: pair[0])
    return best, missed


def lost_figures(document: Document, table: Table) -> list[str]:
    """Return the figures of `table` that its page and the next one do not hold."""
    pages = [p for p in document.pages if p.number in (table.page, table.page + 1)]
    text = "".join(document.text[page.start : page.end] for page in pages)
    printed = Counter(
        figure
        for row in table.rows
        for cell in row
        if isinstance(cell, str) and not cell.startswith("#")
        for figure in _FIGURE.findall(cell)
    )
    return list((printed - Counter(_FIGURE.findall(text.translate(DASHES)))).elements())


def _compare(rows: Sequence[Row], grid: Sequence[Sequence[str]]) -> tuple[float, list[str]]:
    """Return the share of cells that stand in their row and column, and what does not.

    Rows are aligned in order so that most cells agree. A merged cell may stand anywhere in what it
    covers. Cells of rows that are not in the table count as wrong.
    """
    paired = _aligned(rows, grid)
    wanted = right = 0
    missed: list[str] = []
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if not cell:
                continue
            merged = cell if isinstance(cell, Merged) else Merged(cell, 1, 1)
            wanted += 1
            if merged.text in _covered(grid, paired, r, c, merged):
                right += 1
            else:
                missed.append(f"r{r + 1}c{c + 1}")
    strange = [i for i in range(len(grid)) if i not in paired.values()]
    extra = sum(bool(cell) for i in strange for cell in grid[i])
    return right / (wanted + extra), missed + [f"+row{i + 1}" for i in strange]


def _covered(
    grid: Sequence[Sequence[str]], paired: Mapping[int, int], r: int, c: int, cell: Merged
) -> set[str]:
    found = [grid[paired[y]] for y in range(r, r + cell.down) if y in paired]
    return {text for row in found for text in row[c : c + cell.across]}


def _aligned(rows: Sequence[Row], grid: Sequence[Sequence[str]]) -> dict[int, int]:
    """Return which row of `grid` is which row of `rows` (longest common subsequence)."""
    best = [[0] * (len(grid) + 1) for _ in range(len(rows) + 1)]
    for r in reversed(range(len(rows))):
        for g in reversed(range(len(grid))):
            alike = _alike(rows[r], grid[g])
            through = best[r + 1][g + 1] + alike if alike else 0
            best[r][g] = max(best[r + 1][g], best[r][g + 1], through)
    paired: dict[int, int] = {}
    r = g = 0
    while r < len(rows) and g < len(grid):
        alike = _alike(rows[r], grid[g])
        if alike and best[r][g] == best[r + 1][g + 1] + alike:
            paired[r] = g
            r, g = r + 1, g + 1
        elif best[r][g] == best[r + 1][g]:
            r += 1
        else:
            g += 1
    return paired


def _alike(row: Row, found: Sequence[str]) -> int:
    """Return how many cells of the two rows agree; ones in the wrong column count a little."""
    alike = 0
    texts = set(found)
    for c, cell in enumerate(row):
        if not cell:
            continue
        text, across, _ = cell if isinstance(cell, Merged) else (cell, 1, 1)
        alike += 10 if text in found[c : c + across] else int(text in texts)
    return alike
