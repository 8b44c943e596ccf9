"""A drafted figure and one of a passage -> whether the one says what the other says.

Value, unit and sign, the verb that touches it, and the name that the order of a list gives it; also
which figures could be taken for each other. Knows nothing of periods or of how well words fit.
"""

from __future__ import annotations

import re

from rag import units
from rag.binding import Slot, words_of
from rag.figures import Agreement, Figure, Kind, Role, agree

RANK = {Agreement.NONE: 0, Agreement.ROUNDED: 1, Agreement.EXACT: 2}
"""The better, the higher."""
_FEW = 4
"""Digits that two sums may share by chance."""
_WRITTEN_OUT = 10_000
_WORLDS_APART = 1000
"""Figures whose sizes differ by more are not mistaken for each other."""
_RATIO_WORDS = {
    Kind.PERCENT: re.compile(
        r"[%％]|(?<!市盈)(?<!市净)(?<!市销)率|占比|份额|比[重例]|增[速幅长]|同比|环比|成本|margin|growth|share of|ratio|yield",
        re.IGNORECASE,
    ),
    Kind.POINTS: re.compile(r"百分点|pct|pp|points", re.IGNORECASE),
    Kind.BASIS_POINTS: re.compile(r"基点|bp", re.IGNORECASE),
    Kind.MULTIPLE: re.compile(r"倍|市[盈净销]率|P/?[EBS]\b|EV/|multiple|times", re.IGNORECASE),
}  # fmt: skip


def says(claim: Slot, slot: Slot, around: str) -> Agreement:
    """Return whether the drafted figure says what the one in the passage says, signs included.

    A cell whose unit nothing names agrees only with a unit that stands in `around`.
    """
    figure = claim.figure
    if opposed(claim, slot) or of_another(claim, slot) or told_as_change(claim, slot):
        return Agreement.NONE
    if figure.kind is Kind.NUMBER:
        return agree(figure, slot.figure)
    found = max((agree(figure, r) for r in slot.readings), key=RANK.__getitem__)
    headless = slot.setting.cell and not slot.setting.near
    if found is Agreement.NONE and headless:
        found = agree(figure, slot.figure)
    bare = slot.figure.kind is Kind.NUMBER and (headless or not slot.setting.units)
    if found is Agreement.NONE or not bare:
        return found
    if figure.value != slot.figure.value and figure.mantissa != slot.figure.mantissa:
        return found
    return found if _unit_stands(figure, slot, around) else Agreement.NONE


def vague(slot: Slot) -> bool:
    """Return whether a figure only bounds what it tells: 不到1万只."""
    return _BOUND.search(slot.setting.near) is not None


_BOUND = re.compile(
    r"(?:不到|不足|不超过?|至多|最多|超过?|逾|至少|近|\b(?:over|under|below|above|at (?:least|most)|nearly))[\s约]*$"
)


def _unit_stands(figure: Figure, slot: Slot, around: str) -> bool:
    """Return whether a unit that the cell does not print is that of its row or column."""
    heads = f"{slot.setting.near} {slot.setting.name}"
    if not words_of(slot.setting.near):  # the head of the column is a year, or is lost
        heads += f" {slot.setting.lead}"
    others = [p for kind, p in _RATIO_WORDS.items() if kind is not figure.kind]
    if any(p.search(heads) for p in others):
        return False
    if figure.kind in _RATIO_WORDS:
        return bool(_RATIO_WORDS[figure.kind].search(heads))
    printed = figure.text[figure.text.rfind(figure.mantissa[-1:]) + 1 :].strip()
    return not printed or printed in around


def opposed(one: Slot, other: Slot) -> bool:
    """Return whether the words that touch two figures say the opposite of each other."""
    if one.bound * other.bound < 0:
        return True
    if Role.SIGNED in (one.figure.role, other.figure.role):
        return False
    return bool(one.tone) and len(one.tone) == len(other.tone) and one.tone != other.tone


def told_as_change(claim: Slot, slot: Slot) -> bool:
    """Return whether the draft tells a sum as a change, 市值升了100亿元, and the passage as nothing of the kind."""
    changed = claim.figure.role is Role.CHANGE and claim.figure.kind in (Kind.MONEY, Kind.COUNT)
    if not changed or slot.figure.role in (Role.CHANGE, Role.SIGNED) or slot.figure.direction:
        return False
    own = slot.setting
    return not _MOVES.search(f"{own.clause} {own.near} {own.name} {own.after}")


_MOVES = re.compile(
    r"[增减升降涨跌变多少超净新扩缩回较比补追加投募售卖买购沽让裁关撤]|高出|贡献|带来|\b(?:up|down|more|less|than|added|extra|net)\b|grow|grew|ris[ei]|rose|f[ae]ll|increas|decreas|chang|gain",
    re.IGNORECASE,
)
"""Words that may tell a change; what has none of them around it is a level."""


def of_another(claim: Slot, slot: Slot) -> bool:
    """Return whether the order of a list gives `slot` to another name than the claim's."""
    name, own = claim.setting.name, slot.setting.name
    if not name or slot.setting.cell or _same_name(name, own):
        return False
    return any(_same_name(name, other) for other in slot.setting.names)


def _same_name(one: str, other: str) -> bool:
    return bool(one and other) and (one.endswith(other) or other.endswith(one))


def rivals(claim: Slot, slot: Slot) -> bool:
    """Return whether the draft could have taken its figure from `slot` by mistake."""
    if claim.word or slot.word or of_another(claim, slot):
        return False
    if agree(slot.figure, claim.figure) is Agreement.ROUNDED:
        return False  # 35% says no other than 35.1%
    if claim.figure.kind is Kind.NUMBER:
        return slot.figure.kind is Kind.NUMBER
    readings = slot.readings if slot.setting.units else (slot.figure,)
    return any(_like_in_kind(claim.figure, r) for r in readings)


def slipped(claim: Slot, slot: Slot) -> bool:
    """Return whether the digits are the same and the scale is not: 925.1亿 told as 92.51 billion.

    Or written out: 775万股 told as 775,000 shares.
    Or the unit is the draft's own: 13,233,950.00元 for a cell of a table that names no unit.
    """
    figure, source = claim.figure, slot.figure
    sums = (Kind.MONEY, Kind.COUNT)
    if slot.setting.cell and not slot.setting.units and source.kind is Kind.NUMBER:
        return figure.kind in sums and figure.value == source.value and len(source.mantissa) > _FEW
    if figure.kind is Kind.NUMBER and not (
        figure.value >= _WRITTEN_OUT and not figure.value % 1000
    ):
        return False
    digits, others = _significant(figure), _significant(source)
    return (
        figure.kind in (*sums, Kind.NUMBER)
        and source.kind in sums
        and len(digits) > 1
        and digits == others
        and figure.value != source.value
        and (
            units.same(figure.kind, figure.unit, source.kind, source.unit)
            or (figure.kind is source.kind and len(digits) > _FEW)
        )
    )


def _significant(figure: Figure) -> str:
    """Return the digits of a figure, with the zeros at their end where a scale would hide them."""
    digits = figure.mantissa.replace(",", "")
    return digits[:-3].rstrip("0") if digits.endswith("000") else digits


def turned(claim: Slot, slot: Slot) -> bool:
    """Return whether a figure of another value moved the other way: no neighbour to be mistaken."""
    return opposed(claim, slot) and claim.figure.value != slot.figure.value


def alike(one: Slot, other: Slot) -> bool:
    """Return whether two figures of the passages are of one kind and unit."""
    return any(
        a.kind is b.kind and _like_in_kind(a, b) for a in one.readings for b in other.readings
    )


def _like_in_kind(figure: Figure, source: Figure) -> bool:
    """Return whether two figures could be taken for each other: one kind and unit, like in size."""
    if Kind.NUMBER in (figure.kind, source.kind) and figure.kind is not source.kind:
        return False
    if not units.same(figure.kind, figure.unit, source.kind, source.unit):
        return False
    small, large = sorted((figure.value, source.value))
    return large <= small * _WORLDS_APART
