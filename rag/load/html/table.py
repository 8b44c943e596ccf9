"""An HTML table -> a grid of cell texts, merged cells repeated. Knows nothing of blocks."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from rag.load.grid import MAX_CELL, MAX_COLUMNS, Cell, condensed, dense, spread
from rag.load.html.text import inline_text

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
    cells = [
        [Cell(inline_text(c), _span(c, "colspan"), _span(c, "rowspan")) for c in row]
        for row in rows
    ]
    grid = dense(spread(cells))
    return condensed(grid) if grid and len(grid[0]) > 1 else None


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


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "1").strip()
    return max(1, min(int(value), MAX_COLUMNS)) if value.isdecimal() and len(value) < 6 else 1
