"""A question after every row of a table + hits -> the checked list of its rows, computed.

"各股东期初持股数是多少": the model leaves rows out or takes a neighbour's figure; the program writes the whole
column. Only tables found whole are listed, and only where one column is what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import column, period, subject
from rag.binding import Slot
from rag.question import Query, content_terms, words_of
from rag.schema import Check, FigureCheck, Hit, Passage
from rag.text import Span, fold
from rag.verify import Checked, CheckedSentence, Evidence

_EACH = re.compile(
    r"(?:各|每(?=[个家年季月项]))(?![自是为有占派涨跌])(?P<of>[\u4e00-\u9fffA-Za-z]{1,12})"
    r"|\b(?:each|every)\s+(?P<en>[a-z]+(?: [a-z]+)?)",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"^[个家项类种只支款年季月大]")
_RATE = re.compile(
    r"比例|比重|占比|率|[%％]|增[速幅]|\b(?:share|ratio|rate|percent)", re.IGNORECASE
)
_MOST = 30
"""Rows; a longer list is for the report itself."""
_CODE = re.compile(r"^[0-9]{1,6}(?:\.[A-Za-z]{1,3})?\s+")
_UNIT = re.compile(r"[（(][^（()）]*[)）]")


@dataclass(frozen=True, slots=True)
class Listing:
    """Every row of the asked column."""

    passages: tuple[Passage, ...]
    """The whole table, labelled 1."""
    checked: Checked


def answer(query: Query, hits: Sequence[Hit]) -> Listing | None:
    """Return the rows that are asked for, None where no table answers without doubt."""
    each = _EACH.search(query.text)
    if each is None:
        return None
    about = subject.of(query, hits)
    for hit in hits:
        passage = column.whole(hit, hits)
        if passage is None or (about and not subject.names(about, subject.words_around(passage))):
            continue
        cells = _asked(query, passage, each["of"] or each["en"])
        if not cells:
            continue
        return Listing((passage,), _checked(query, passage, cells))
    return None


def _checked(query: Query, passage: Passage, cells: Sequence[Slot]) -> Checked:
    """Return the list as a sentence whose figures are the cells that it was written from."""
    start, end = cells[0].sentence.start, cells[-1].sentence.end
    checks = tuple(FigureCheck(column.value(c), 1, Check.VERIFIED, c.figure.text) for c in cells)
    evidence = (Evidence(1, Span(start, end)),)
    return Checked((CheckedSentence(_stated(query, cells), evidence, checks),), ())


def _asked(query: Query, passage: Passage, kind: str) -> tuple[Slot, ...]:
    """Return the cells of the one column asked for, where the rows are of the asked kind."""
    over = fold(" ".join((*passage.heading_path, passage.head)))
    terms = [t for t in content_terms(_COUNTER.sub("", kind)) if len(t) > 1]
    if not terms or terms[0] not in over:
        return ()
    columns = column.columns_of(passage, totals=True)
    labels = {cell.setting.name for cells in columns.values() for cell in cells}
    if any(f"各{kind[:2]}" in fold(name) for name in (*columns, *labels)):
        return ()
    best = _best(query, columns)
    rows = {cell.setting.name for cell in best}
    whole = len(rows) == len(best) and column.FEWEST <= len(rows) <= _MOST
    return tuple(best) if whole else ()


def _best(query: Query, columns: dict[str, list[Slot]]) -> list[Slot]:
    """Return the column whose head shares most words with the question; [] on a tie."""
    rate = bool(_RATE.search(query.text))
    scored = [
        (len(words_of(query, name) & set(query.terms)), bool(_RATE.search(name)) is rate, cells)
        for name, cells in columns.items()
        if _timely(query, cells[0])
    ]
    scored.sort(key=lambda item: item[:2], reverse=True)
    if not scored or not scored[0][0] or [s[:2] for s in scored[:2]].count(scored[0][:2]) > 1:
        return []
    return scored[0][2]


def _timely(query: Query, cell: Slot) -> bool:
    stated = cell.timing.period
    times = query.periods
    return not times or stated is None or any(not period.conflicts(t, stated) for t in times)


def _stated(query: Query, cells: Sequence[Slot]) -> str:
    head = _UNIT.sub("", cells[0].setting.near).strip()
    items = [(_CODE.sub("", cell.setting.name), column.value(cell)) for cell in cells]
    if query.language == "zh":
        return f"{head}：" + "，".join(f"{name}为{value}" for name, value in items) + "。"
    return f"{head}: " + ", ".join(f"{name} {value}" for name, value in items) + "."
