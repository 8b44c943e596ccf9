"""An HTML table -> a grid of cell texts, merged cells repeated. Knows nothing of blocks."""

from __future__ import annotations

from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from rag.load.html.text import inline_text
from rag.load.marks import is_figure

MAX_COLUMNS = 100
"""Cells of a row; wider spans are nonsense or an attack."""
MAX_CELLS = 50_000
"""Cells of a grid from which merged cells are no longer repeated."""
MAX_REPEATED = 60
"""Characters of a merged cell that is repeated; longer ones stand in their first place only."""
MAX_CELL = 300
"""Characters; a longer cell is a column of text, so the table only lays out the page."""

_BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote"


def table_rows(table: LexborNode) -> list[list[str]] | None:
    """Return the rows of `table`, empty rows and columns left out; None when it is no data table.

    A merged cell stands in every place it covers, so that each row can be read by itself. A
    table is taken for page layout when it nests another table, when a cell holds running text, or
    when it has a single column.
    """
    rows = _rows(table)
    nested = any(inner.mem_id != table.mem_id for inner in table.css("table"))
    if nested or any(_is_running_text(cell) for row in rows for cell in row):
        return None
    grid = _dense(_spread(rows))
    if not grid or len(grid[0]) < 2:
        return None
    # A cell merged over the whole width is a title or a unit, not a value of every column.
    return [row[:1] if len(set(row)) == 1 and not is_figure(row[0]) else row for row in grid]


def caption_of(table: LexborNode) -> str:
    """Return the text of the table's caption, empty when it has none."""
    caption = table.css_first("caption")
    return inline_text(caption) if caption is not None else ""


def _rows(table: LexborNode) -> list[list[LexborNode]]:
    return [[cell for cell in row.iter() if cell.tag in ("td", "th")] for row in table.css("tr")]


def _is_running_text(cell: LexborNode) -> bool:
    if len(cell.text(deep=True).strip()) > MAX_CELL:
        return True
    return len(cell.css(_BLOCKS)) >= 3


def _spread(rows: Sequence[Sequence[LexborNode]]) -> list[list[str]]:
    """Return the grid of `rows` with each merged cell in every place it covers."""
    taken: dict[tuple[int, int], str] = {}
    width = 0
    for r, row in enumerate(rows):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            text = inline_text(cell)
            spread = len(taken) < MAX_CELLS and len(text) <= MAX_REPEATED
            across = min(_span(cell, "colspan"), MAX_COLUMNS - c) if spread else 1
            down = min(_span(cell, "rowspan"), len(rows) - r) if spread else 1
            places = ((r + y, c + x) for y in range(down) for x in range(max(across, 1)))
            taken.update((place, text) for place in places)
            c += max(across, 1)
            width = max(width, c)
    return [[taken.get((r, c), "") for c in range(width)] for r in range(len(rows))]


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return max(1, min(int(value), MAX_COLUMNS)) if value.isdecimal() and len(value) < 6 else 1


def _dense(grid: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return `grid` with rows of one length, without rows and columns that are empty throughout."""
    width = max((len(row) for row in grid), default=0)
    full = [[*row, *[""] * (width - len(row))] for row in grid]
    rows = [row for row in full if any(cell.strip() for cell in row)]
    columns = [c for c in range(width) if any(row[c].strip() for row in rows)]
    return [[row[c] for c in columns] for row in rows]
