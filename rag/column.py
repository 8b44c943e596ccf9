"""A question + a hit that holds a table -> the cells of the one column that is asked for.

Only tables that were found whole count: what is said of all rows is false of a part of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import binding, excerpt, measures, modifier, period, table
from rag.binding import Slot
from rag.question import Query, words_of
from rag.schema import BlockKind, Hit, Passage
from rag.text import Span

TOTAL = re.compile(
    r"合计|总计|总和|平均|中位|行业|\b(?:total|average|median|mean)\b", re.IGNORECASE
)
"""The name of a row that is no item of its table."""
FEWEST = 2
"""Rows of a table."""


def whole(hit: Hit, hits: Sequence[Hit]) -> Passage | None:
    """Return all rows of the table of a hit as one passage; None where that holds no whole table.

    Args:
        hit: What may hold a table.
        hits: All that was found: another piece of the same table may be among it.
    """
    chunk = hit.chunk
    if chunk.kind is not BlockKind.TABLE or chunk.head or any(_is_rest(hit, h) for h in hits):
        return None
    found = table.parse(chunk.text)
    if found is None or len(found.rows) < FEWEST:
        return None
    start, end = found.rows[0].start, found.rows[-1].end
    return excerpt.of(hit, Span(start, end), head=table.head_of(chunk.text, chunk.head, start, end))


def _is_rest(hit: Hit, other: Hit) -> bool:
    """Return whether `other` holds further rows of the table of `hit`, under its head."""
    one, two = hit.chunk, other.chunk
    return bool(two.head) and two.doc_id == one.doc_id and two.head.splitlines()[-1] in one.text


def columns_of(passage: Passage, *, totals: bool = False) -> dict[str, list[Slot]]:
    """Return the cells of a table by the heads of their columns, in order; of totals only if asked."""
    columns: dict[str, list[Slot]] = {}
    for cell in binding.of_passage(passage):
        if cell.setting.cell and (totals or not TOTAL.search(cell.setting.name)):
            columns.setdefault(cell.setting.near, []).append(cell)
    return columns


def fits(query: Query, name: str, cell: Slot) -> bool:
    """Return whether a column called `name` is of the asked measure and time, by its own head."""
    asked, own = measures.named(query.text), measures.named(name)
    growth = {"#growth"}
    if (asked & growth) != (own & growth):
        return False
    measured = asked - measures.SIDE
    same = own & measured if measured else words_of(query, name) & set(query.terms)
    stated = cell.timing.period
    times = query.periods
    return bool(same) and (
        not times or (stated is not None and any(not period.conflicts(t, stated) for t in times))
    )


def asked(query: Query, passage: Passage) -> tuple[Slot, ...]:
    """Return the cells of the one column that is asked for; empty where none or several may be."""
    fitting = [
        cells
        for name, cells in columns_of(passage).items()
        if fits(query, name, cells[0])
        and all(noun in query.text for _, noun in modifier.modified(name, ()) if noun)
    ]
    return tuple(fitting[0]) if len(fitting) == 1 else ()


def value(cell: Slot) -> str:
    """Return the figure of a cell as printed, with the unit of its row or column where there is one."""
    units = cell.setting.units
    text = units[0].text.replace("1", cell.figure.text, 1) if len(units) == 1 else cell.figure.text
    return text.replace(" %", "%")
