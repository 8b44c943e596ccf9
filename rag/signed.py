"""A question after the rows of a table that rose or fell + hits -> those rows, computed.

"哪几家一季度营收负增长": the model names one or two; the program reads the signs of the whole column. Only tables
found whole count, and only where one column alone is what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import column, contrast, verify
from rag.binding import Slot
from rag.figures import Kind
from rag.question import Query
from rag.schema import Draft, Hit, Passage
from rag.verify import Checked

_ASKED = re.compile(
    r"(?:哪[几些][个家只款项种]?|哪[两三四五六七八九十][个家只款项种])[^，。？]*?"
    r"(?:(?P<down>负增长|同比?(?:下[滑降跌]|减少|为负)|下[滑降跌]|为负|[是在]跌)|(?P<up>正增长|(?:实现|保持)增长|上涨|为正|[是在]涨))(?:的|了)?(?:[，,？?]|$)"
)
_CODE = re.compile(r"^[0-9]{4,6}(?:\.[A-Za-z]{1,3})?\s+")


@dataclass(frozen=True, slots=True)
class Signed:
    """The rows whose figure has the asked sign."""

    passages: tuple[Passage, ...]
    """The whole table, labelled 1."""
    checked: Checked


def answer(query: Query, hits: Sequence[Hit]) -> Signed | None:
    """Return the rows that are asked for, None where no table answers without doubt."""
    asked = _ASKED.search(query.text)
    if asked is None:
        return None
    sign = -1 if asked["down"] else 1
    for hit in hits:
        passage = column.whole(hit, hits)
        cells = column.asked(query, passage) if passage else ()
        if passage is None or not _of_changes(cells):
            continue
        rows = [c for c in cells if contrast.signed(c.readings[0]) * sign > 0]
        if not rows:
            continue
        told = "，".join(f"{_CODE.sub('', c.setting.name)}{column.value(c)}" for c in rows)
        text = f"{cells[0].setting.near.replace(' ', '')}：{told}。"
        checked = verify.check(query, Draft(query.original, (passage,), text, "", ""))
        if all(any(c.setting.name in s.text for s in checked.sentences) for c in rows):
            return Signed((passage,), checked)
    return None


def _of_changes(cells: Sequence[Slot]) -> bool:
    """Return whether a column tells changes in per cent, each row once, and the signs of both are printed."""
    names = {cell.setting.name for cell in cells}
    rates = all(cell.readings[0].kind in (Kind.PERCENT, Kind.POINTS) for cell in cells)
    return len(cells) >= column.FEWEST and len(names) == len(cells) and rates
