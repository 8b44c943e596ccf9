"""A question by how much a rate moved + passages that tell where from and where to -> the difference.

"毛利率同比变化几个百分点" where the report says "从去年同期的52%提升到53%": the model computes badly, so the
program subtracts, and shows both ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import binding, extract, statement
from rag.binding import Slot
from rag.figures import Kind
from rag.question import Query, understand
from rag.resolve import inherit
from rag.schema import Check, FigureCheck, Passage
from rag.trend import Role
from rag.verify import Checked, CheckedSentence, Evidence

_ASKED_ZH = re.compile(
    r"(?P<what>.*?)的?(?P<turn>同比|环比|按年|按季|[比较](?:去年|上年)(?:同期)?|[比较]上一?个?季度?)?(?:变化|变动|提[升高]|上升|增加|下[降滑]|减少|回落|[升降涨跌])了?"
    r"(?:多少|几)(?:个?(?:百分点|点|pct))?$"
)
_ASKED_EN = re.compile(
    r"(?:by )?how (?:much|many (?:percentage )?points) did (?P<what>.+?) (?:change|rise|fall|increase|decrease|improve|decline|drop)\b"
    r"(?P<turn> (?:year|quarter)[- ]on[- ](?:year|quarter))?(?P<tail>.*)",
    re.IGNORECASE,
)
_QUARTER = re.compile(r"环比|按季|上一?个?季|quarter", re.IGNORECASE)
_BEFORE = {
    False: re.compile(r"去年|上年|同期|同比|20\d\d年(?![一二三四]季)|year", re.IGNORECASE),
    True: re.compile(r"环比|上一?个?季|上个?月|quarter before|previous quarter", re.IGNORECASE),
}
"""What says that the level something came from is that of the year before, or of the quarter before."""
_BETWEEN = 30
"""Characters between the two levels."""
_UP = re.compile(r"提[升高]|上升|增|升|rise|increase|improve", re.IGNORECASE)
_DOWN = re.compile(r"下[降滑]|减少|回落|降|跌|fall|decrease|decline|drop", re.IGNORECASE)


def answer(query: Query, passages: Sequence[Passage]) -> Checked | None:
    """Return both levels and how far they are apart; None where no passage tells them together."""
    asked = (_ASKED_ZH if query.language == "zh" else _ASKED_EN).fullmatch(
        re.sub(r"[？?。.\s]+$", "", query.text)
    )
    level = _level(query, asked) if asked else None
    wanted = statement.of(level) if level else None
    if asked is None or level is None or wanted is None or Kind.PERCENT not in wanted.kinds:
        return None
    reached = [c for c in extract.candidates(level, passages) if "~from" not in c.slot.near]
    best = extract.clear(reached, level)
    found = _came_from(best.slot, passages) if best and best.lost <= extract.FEW_LOST else None
    if best is None or found is None or not _of_the_time(asked["turn"], found, best.slot, passages):
        return None
    tail = asked["tail"] if query.language == "en" else ""
    return _stated(query, f"{asked['what']}{tail}", found, best.slot)


def _level(query: Query, asked: re.Match[str]) -> Query:
    """Return the question after the level reached."""
    said = (
        f"{asked['what']}是多少？"
        if query.language == "zh"
        else f"What was {asked['what']}{asked['tail']}?"
    )
    return inherit(understand(said), query)


def _came_from(to: Slot, passages: Sequence[Passage]) -> Slot | None:
    """Return the level that `to` was reached from, of the same clause; None where none is told."""
    if "~to" not in to.near or to.figure.kind is not Kind.PERCENT:
        return None
    passage = next(p for p in passages if p.label == to.label)
    return next(
        (
            slot
            for slot in binding.of_passage(passage)
            if "~from" in slot.near
            and slot.figure.kind is Kind.PERCENT
            and 0 < to.figure.start - slot.figure.end <= _BETWEEN
        ),
        None,
    )


def _of_the_time(turn: str | None, start: Slot, end: Slot, passages: Sequence[Passage]) -> bool:
    """Return whether the level that something came from is of the time that the question compares with."""
    text = next(p for p in passages if p.label == end.label).text
    opening = re.split(r"[，,；;]", text[end.sentence.start : start.figure.start])[-1]
    around = opening + text[start.figure.start : end.figure.start]
    return not turn or bool(_BEFORE[bool(_QUARTER.search(turn))].search(around))


def _stated(query: Query, what: str, start: Slot, end: Slot) -> Checked | None:
    """Return the sentence with both levels as printed; None where it moved against the question.

    None also where a level is below nought: its sign is no part of its value.
    """
    one, two = start.figure, end.figure
    gap = two.value - one.value
    says_up, says_down = bool(_UP.search(query.text)), bool(_DOWN.search(query.text))
    if (
        Role.SIGNED in (one.role, two.role)
        or not gap
        or (says_up and gap < 0)
        or (says_down and not says_up and gap > 0)
    ):
        return None
    points = f"{abs(gap.normalize()):f}"
    if query.language == "zh":
        far = f"{points}个百分点"
        text = f"{what}由{one.text}{'升' if gap > 0 else '降'}至{two.text}，{'上升' if gap > 0 else '下降'}{far}。"
    else:
        far = f"{points} percentage points"
        opening = what[:1].upper() + what[1:]
        text = f"{opening} {'rose' if gap > 0 else 'fell'} from {one.text} to {two.text}, by {far}."
    checks = (
        *(FigureCheck(f.text, end.label, Check.VERIFIED, f.text) for f in (one, two)),
        FigureCheck(far, end.label, Check.DERIVED, None),
    )
    return Checked((CheckedSentence(text, (Evidence(end.label, end.sentence),), checks),), ())
