"""A question after the highest or lowest of a table's rows + hits -> the checked row, computed.

"哪家2025年市盈率最低": the model picks a row that stands out; the program compares the whole column. Only
tables found whole are compared, and only where one column alone is what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import binding, contrast, measures, period, table, verify
from rag.binding import Slot
from rag.figures import Kind
from rag.question import Query, words_of
from rag.schema import BlockKind, Draft, Hit, Passage
from rag.verify import Checked

_MOST = re.compile(
    r"(?:哪[一个家只支款块项种]|谁).*最(?P<zh>高|低|大|小|多|少|贵|便宜|快|慢)|最(?P<zh2>高|低|大|小|多|少|贵|便宜|快|慢)的?[是为]?(?:哪|谁)"
    r"|\bwhich\b.*\b(?P<en>highest|lowest|largest|smallest|biggest|cheapest|fastest|slowest)\b",
    re.IGNORECASE,
)
_LEAST = frozenset("低 小 少 便宜 慢 lowest smallest cheapest slowest".split())
_COUNT = re.compile(r"(?P<n>[两二三四五六七八九十]|[0-9]{1,2})(?:家|只|支|个|款|大)")
_TOTAL = re.compile(
    r"合计|总计|总和|平均|中位|行业|\b(?:total|average|median|mean)\b", re.IGNORECASE
)
_CODE = re.compile(r"^[0-9]{4,6}(?:\.[A-Za-z]{1,3})?\s+")
_UNIT = re.compile(r"[（(][^（()）]*[)）]")
_TIMES = frozenset({"#pe", "#pb"})
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Extreme:
    """The row with the highest or lowest value of the asked column."""

    passages: tuple[Passage, ...]
    """The whole table, labelled 1."""
    checked: Checked


def answer(query: Query, hits: Sequence[Hit]) -> Extreme | None:
    """Return the row that is asked for, None where no table answers without doubt."""
    asked = _MOST.search(query.text)
    if asked is None:
        return None
    word = asked["zh"] or asked["zh2"] or asked["en"]
    for hit in hits:
        passage = _whole(hit) if hit.chunk.kind is BlockKind.TABLE else None
        column = _column(query, passage) if passage else ()
        best = _best(query, column, least=word.lower() in _LEAST)
        if passage is None or best is None:
            continue
        text = _stated(query, best, word)
        checked = verify.check(query, Draft(query.original, (passage,), text, "", ""))
        if any(best.figure.text in s.text for s in checked.sentences):
            return Extreme((passage,), checked)
    return None


def _whole(hit: Hit) -> Passage | None:
    """Return all rows of the table of a hit as one passage; None where the chunk holds none."""
    chunk = hit.chunk
    found = table.parse(chunk.text, chunk.head)
    if found is None or len(found.rows) < _FEWEST:
        return None
    start, end = found.rows[0].start, found.rows[-1].end
    return Passage(
        1, chunk.doc_id, chunk.start + start, chunk.start + end, chunk.text[start:end],
        chunk.heading_path, chunk.page, hit.document, hit.score, table.head_of(chunk.text, chunk.head, start, end),
    )  # fmt: skip


def _column(query: Query, passage: Passage) -> tuple[Slot, ...]:
    """Return the cells of the one column that is asked for; empty where none or several may be."""
    cells = [s for s in binding.of_passage(passage) if s.setting.cell]
    columns: dict[str, list[Slot]] = {}
    for cell in cells:
        if not _TOTAL.search(cell.setting.name):
            columns.setdefault(cell.setting.near, []).append(cell)
    fitting = [column for name, column in columns.items() if _fits(query, name, column[0])]
    return tuple(fitting[0]) if len(fitting) == 1 else ()


def _fits(query: Query, name: str, cell: Slot) -> bool:
    """Return whether a column is of the asked measure and time, by its own head."""
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


def _best(query: Query, column: Sequence[Slot], *, least: bool) -> Slot | None:
    """Return the cell with the greatest or least value; None on a tie, too few rows or mixed units."""
    rows = {cell.setting.name for cell in column}
    units = {(r.kind, r.unit) for cell in column for r in cell.readings[:1]}
    count = _COUNT.search(query.text)
    if count and _number(count["n"]) != len(rows):
        return None
    if len(rows) < _FEWEST or len(rows) != len(column) or len(units) != 1:
        return None
    if any(cell.readings[0].kind is Kind.DATE for cell in column):
        return None
    ordered = sorted(column, key=lambda c: contrast.signed(c.readings[0]), reverse=not least)
    first, second = (contrast.signed(cell.readings[0]) for cell in ordered[:2])
    return ordered[0] if first != second else None


def _number(written: str) -> int:
    """Return a count written in digits or in one Chinese numeral."""
    return (
        int(written)
        if written.isascii()
        else "零一二三四五六七八九十".index(written.replace("两", "二"))
    )


def _stated(query: Query, best: Slot, word: str) -> str:
    name, column = _CODE.sub("", best.setting.name), _UNIT.sub("", best.setting.near).strip()
    units = best.setting.units
    value = units[0].text.replace("1", best.figure.text, 1) if len(units) == 1 else best.figure.text
    if query.language == "zh":
        times = "倍" if not units and measures.named(column) & _TIMES else ""
        return f"{name}的{column}最{word}，为{value}{times}。"
    return f"{name} has the {word} {column}, {value}."
