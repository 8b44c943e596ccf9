"""A Word table -> rows of cells with what they cover; None for one that only lays out the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from rag.load.docx.xml import attribute, child, number
from rag.load.grid import MAX_CELL, MAX_COLUMNS, Cell
from rag.load.parts import local

_TRANSPARENT = frozenset("sdt sdtContent customXml ins".split())


def rows_of(
    table: etree._Element, text_of: Callable[[etree._Element], str]
) -> list[list[Cell]] | None:
    """Return the rows of `table`; None when it nests another one or a cell holds running text.

    Word writes a cell that is merged downwards once in each row, as one that goes on.
    """
    if next(table.iterdescendants("{*}tbl"), None) is not None:
        return None
    rows: list[list[Cell]] = []
    origins: dict[int, tuple[int, int]] = {}
    for row in inside(table, "tr"):
        before = number(child(row, "trPr", "gridBefore")) or 0
        cells = [Cell("", min(before, MAX_COLUMNS))] if before > 0 else []
        column = max(0, before)
        continued: dict[int, tuple[int, int]] = {}
        for node in inside(row, "tc"):
            across = max(1, min(number(child(node, "tcPr", "gridSpan")) or 1, MAX_COLUMNS))
            origin = origins.get(column) if _goes_on(node) else None
            if origin is None:
                origin = (len(rows), len(cells))
                cells.append(Cell(text_of(node), across))
                if len(cells[-1].text) > MAX_CELL:
                    return None
            elif origin not in continued.values():
                above, at = origin
                rows[above][at] = rows[above][at]._replace(down=len(rows) - above + 1)
            continued[column] = origin
            column += across
        rows.append(cells)
        origins = continued
    return rows


def inside(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, content controls looked through."""
    for inner in node:
        if local(inner) == name:
            yield inner
        elif local(inner) in _TRANSPARENT:
            yield from inside(inner, name)


def _goes_on(cell: etree._Element) -> bool:
    merge = child(cell, "tcPr", "vMerge")
    return merge is not None and attribute(merge) != "restart"
