"""A question that names the time it compares with -> the same as reports put it: 同比 or 环比.

"10月的备付金跟9月比降了多少" asks for what reports print as 环比, "8月出栏量比去年8月多了百分之几" for 同比. Reads words
only; `rag.reader` looks for such a change as stated before it reckons one.
"""

from __future__ import annotations

import re

from rag import period
from rag.period import Part, Period, Place

_LEADS = re.compile(r"(?:(?P<with>[跟与和同])|(?<![同环占对相可分])(?:相?比|较|对比)于?)$")
_FOLLOWS = re.compile(r"[的]?(?:相比较?|比起?来?|相较)?(?:[，,]|之下)?")
_CHANGES = re.compile(
    r"^[^，。？]{0,10}?(?:[增减涨跌升降多少高低]|上[升涨]|下[降跌滑]|提[高升]|回[升落])[^，。？]{0,4}?(?:多少|几)"
)
_QUARTERS = (Part.Q1, Part.Q2, Part.Q3, Part.Q4)
_YEAR = 12


def restated(text: str) -> str | None:
    """Return `text` with the time it compares with as 同比 or 环比; None where it names none such."""
    found = period.places(text)
    for base in found:
        lead = _LEADS.search(text[: base.start])
        follow = _FOLLOWS.match(text, base.end)
        if lead is None or follow is None or (lead["with"] and "比" not in follow.group()):
            continue
        asked = next((p for p in found if p is not base and not p.relative), None)
        turn = _turn(asked, base) if asked else ""
        rest = text[follow.end() :]
        if turn and _CHANGES.match(rest):
            return f"{text[: lead.start()]}{turn}{rest}"
    return None


def _turn(asked: Place, base: Place) -> str:
    one, other = asked.period, base.period
    if _is_year_before(one, other):
        return "同比"
    return "环比" if _is_step_before(one, other) else ""


def _is_year_before(one: Period, other: Period) -> bool:
    """Return whether `other` is the same part of the year before `one`: 8月 and 去年8月."""
    same = (one.part, one.month, one.day) == (other.part, other.month, other.day)
    if not same or one.day:
        return False
    if one.year and other.year:
        return one.year - other.year == 1
    return bool(re.match(r"[去上]年", other.text))


def _is_step_before(one: Period, other: Period) -> bool:
    """Return whether `other` is the month or quarter right before `one`."""
    years = one.year - (other.year or one.year) if one.year else 0
    if one.month and other.month and not (one.day or other.day):
        steps = one.month - other.month + _YEAR * years
        return steps == 1 or (other.year is None and steps == 1 - _YEAR)
    if one.part in _QUARTERS and other.part in _QUARTERS:
        steps = _QUARTERS.index(one.part) - _QUARTERS.index(other.part) + len(_QUARTERS) * years
        return steps == 1 or (other.year is None and steps == 1 - len(_QUARTERS))
    return False
