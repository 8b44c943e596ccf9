"""A question after the highest or lowest of a table's rows + hits -> the checked row, computed.

"哪家2025年市盈率最低": the model picks a row that stands out; the program compares the whole column. Only
tables found whole are compared, and only where one column alone is what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import column, contrast, measures, verify
from rag.binding import Slot
from rag.figures import Kind
from rag.question import Query
from rag.schema import Draft, Hit, Passage
from rag.verify import Checked

_MOST = re.compile(
    r"(?:哪[一个家只支款块项种]|谁).*最(?P<zh>高|低|大|小|多|少|贵|便宜|快|慢)|最(?P<zh2>高|低|大|小|多|少|贵|便宜|快|慢)的?[是为]?(?:哪|谁)"
    r"|\bwhich\b.*\b(?P<en>highest|lowest|largest|smallest|biggest|cheapest|fastest|slowest)\b",
    re.IGNORECASE,
)
_LEAST = frozenset("低 小 少 便宜 慢 lowest smallest cheapest slowest".split())
_COUNT = re.compile(r"(?P<n>[两二三四五六七八九十]|[0-9]{1,2})(?:家|只|支|个|款|大)")
_CODE = re.compile(r"^[0-9]{4,6}(?:\.[A-Za-z]{1,3})?\s+")
_UNIT = re.compile(r"[（(][^（()）]*[)）]")
_TIMES = frozenset({"#pe", "#pb"})


@dataclass(frozen=True, slots=True)
class Extreme:
    """The row with the highest or lowest value of the asked column."""

    passages: tuple[Passage, ...]
    """The whole table, labelled 1."""
    checked: Checked


def direction(query: Query) -> int:
    """Return +1 where the highest of several is asked for, -1 for the lowest, else 0."""
    asked = _MOST.search(query.text)
    if asked is None:
        return 0
    return -1 if (asked["zh"] or asked["zh2"] or asked["en"]).lower() in _LEAST else 1


def answer(query: Query, hits: Sequence[Hit]) -> Extreme | None:
    """Return the row that is asked for, None where no table answers without doubt."""
    asked = _MOST.search(query.text)
    if asked is None:
        return None
    word = asked["zh"] or asked["zh2"] or asked["en"]
    for hit in hits:
        passage = column.whole(hit, hits)
        cells = column.asked(query, passage) if passage else ()
        best = _best(query, cells, least=word.lower() in _LEAST)
        if passage is None or best is None:
            continue
        text = _stated(query, best, word)
        checked = verify.check(query, Draft(query.original, (passage,), text, "", ""))
        if any(best.figure.text in s.text for s in checked.sentences):
            return Extreme((passage,), checked)
    return None


def _best(query: Query, cells: Sequence[Slot], *, least: bool) -> Slot | None:
    """Return the cell with the greatest or least value; None on a tie, too few rows or mixed units."""
    rows = {cell.setting.name for cell in cells}
    units = {(r.kind, r.unit) for cell in cells for r in cell.readings[:1]}
    count = _COUNT.search(query.text)
    if count and _number(count["n"]) != len(rows):
        return None
    if len(rows) < column.FEWEST or len(rows) != len(cells) or len(units) != 1:
        return None
    if any(cell.readings[0].kind is Kind.DATE for cell in cells):
        return None
    ordered = sorted(cells, key=lambda c: contrast.signed(c.readings[0]), reverse=not least)
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
    name, head = _CODE.sub("", best.setting.name), _UNIT.sub("", best.setting.near).strip()
    units = best.setting.units
    value = units[0].text.replace("1", best.figure.text, 1) if len(units) == 1 else best.figure.text
    if query.language == "zh":
        times = "倍" if not units and measures.named(head) & _TIMES else ""
        return f"{name}的{head}最{word}，为{value}{times}。"
    return f"{name} has the {word} {head}, {value}."
