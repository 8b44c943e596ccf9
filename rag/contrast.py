"""Two checked answers to one measure -> the sentence that compares them, computed from figures.

Says which side is higher and by how much, or whether both move the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag import clauses, figures, period, text
from rag.figures import Figure, Kind
from rag.question import Query
from rag.schema import Check, FigureCheck
from rag.verify import CheckedSentence

_TRUSTED = (Check.VERIFIED, Check.ROUNDED)
_RATES = (Kind.PERCENT, Kind.POINTS, Kind.BASIS_POINTS)
_DIRECTION = re.compile(r"一致|同向|方向|same direction", re.IGNORECASE)
_LEAST = re.compile(
    r"[更最得][低少小慢]|便宜|\b(?:low|less|few|small|slow)(?:er|est)\b", re.IGNORECASE
)
_BREAK = re.compile(
    r"[的，,、：:；;]|\b(?:was|were|is|the|of|did|how|much|many)\b ?", re.IGNORECASE
)
_QUESTION = re.compile(
    r"的|是|了|多少|为|有|在|幅度|what|was|were|is|the|of|did|how|much|many|in|by", re.IGNORECASE
)


_TORN = re.compile(r"^[年月日至到]|^\d+日|\d$")
"""A name cut out of a period: 日至13."""


@dataclass(frozen=True, slots=True)
class _Side:
    name: str
    figure: Figure
    sentence: CheckedSentence


def conclude(
    query: Query, sides: Sequence[tuple[Query, Sequence[CheckedSentence]]]
) -> CheckedSentence | None:
    """Return the comparison of the sides, or None when their figures do not compare.

    Args:
        query: The whole question.
        sides: Two or more; for each its own question and the checked sentences that answer it.
    """
    found = _pair(sides) if len(sides) == 2 else _several(sides)
    if not found:
        return None
    worded = _worded(query, *found) if len(found) == 2 else _first_of(query, found)
    if worded is None:
        return None
    words, figure = worded
    label = found[0].sentence.evidence[0].label if found[0].sentence.evidence else None
    evidence = tuple(dict.fromkeys(e for side in found for e in side.sentence.evidence))
    checks = (FigureCheck(figure, label, Check.DERIVED, None),) if figure else ()
    return CheckedSentence(words, evidence, checks)


def not_comparable(query: Query) -> str:
    """Return the reason for withholding a comparison, in the question's language."""
    if query.language == "zh":
        return "找到的数值口径不同，无法比较"
    return "the figures found are not of one kind and cannot be compared"


def _pair(sides: Sequence[tuple[Query, Sequence[CheckedSentence]]]) -> tuple[_Side, _Side] | None:
    """Return the first two figures, one a side, that are of one kind and unit."""
    own = names(sides[0][0], sides[1][0])
    first, second = ([(f, s) for s in sentences for f in _trusted(s)] for _, sentences in sides)
    for one, its in first:
        for other, theirs in second:
            if _alike(one, other) and one.high == other.high is None:
                if one.value == other.value and set(its.evidence) & set(theirs.evidence):
                    continue  # one place is not both sides
                return _Side(own[0], one, its), _Side(own[1], other, theirs)
    return None


def _several(sides: Sequence[tuple[Query, Sequence[CheckedSentence]]]) -> tuple[_Side, ...]:
    """Return a figure of each side, all of one kind and unit; empty where a side has none such."""
    names = _names_of([query for query, _ in sides])
    own = [[(f, s) for s in sentences for f in _trusted(s)] for _, sentences in sides]
    for one, _ in own[0] if own else ():
        found = [
            next(((f, s) for f, s in its if _alike(one, f) and f.high is None), None) for its in own
        ]
        if all(found) and len(found) > 2:
            return tuple(_Side(n, *f) for n, f in zip(names, found, strict=True) if f)
    return ()


def _alike(one: Figure, other: Figure) -> bool:
    """Return whether two figures are of one kind and unit; 元 alone is the renminbi of its report."""
    units = {one.unit, other.unit}
    return one.kind is other.kind and (len(units) == 1 or units == {"元", "CNY"})


def _trusted(sentence: CheckedSentence) -> list[Figure]:
    known = {c.text for c in sentence.figures if c.check in _TRUSTED}
    found = (f for f in figures.find(sentence.text) if not clauses.is_word(sentence.text, f))
    return [f for f in found if f.kind is not Kind.DATE and f.text in known]


def names(one: Query, other: Query) -> tuple[str, str]:
    """Return what tells the two questions apart: the words that only one of them has."""
    mine, theirs = text.words(one.text), text.words(other.text)
    own = (_only(one.text, mine, theirs), _only(other.text, theirs, mine))
    generic = ("前者", "后者") if one.language == "zh" else ("the former", "the latter")
    whole = all(own) and not any(_TORN.search(name) for name in own)
    return own if whole else (generic[0], generic[1])


def _names_of(queries: Sequence[Query]) -> list[str]:
    """Return what each of several questions has that not all of them have."""
    words = [text.words(query.text) for query in queries]
    common = [word for word in words[0] if all(word in others for others in words)]
    return [_only(q.text, own, common) or q.text for q, own in zip(queries, words, strict=True)]


def _only(whole: str, mine: list[str], theirs: list[str]) -> str:
    """Return the stretch of `whole` from the first to the last word that is not in `theirs`."""
    own = [w for w in mine if w not in theirs and not _QUESTION.fullmatch(w)]
    if not own:
        return ""
    low = whole.lower()
    start = min(low.find(w.lower()) for w in own)
    end = max(low.find(w.lower()) + len(w) for w in own)
    found = whole[_beginning(whole, start) : end].strip().removesuffix("对")
    return found if 0 < len(found) <= 30 else ""


def _beginning(whole: str, start: int) -> int:
    """Return where the name that holds offset `start` begins: a shared part, as in 阿里云, counts."""
    stops = [p.end + (whole[p.end : p.end + 1] in tuple("末底初")) for p in period.places(whole)]
    stops += [m.end() for m in _BREAK.finditer(whole)]
    return max((stop for stop in stops if stop <= start), default=0)


def _worded(query: Query, one: _Side, other: _Side) -> tuple[str, str]:
    """Return the comparing sentence and the figure computed in it, empty when none is."""
    chinese = query.language == "zh"
    a, b = signed(one.figure), signed(other.figure)
    if _DIRECTION.search(query.text) and one.figure.direction and other.figure.direction:
        return _direction(chinese, one, other), ""
    if a == b:
        same = f"{one.name}与{other.name}相同。"
        return (same, "") if chinese else (f"{one.name} and {other.name} are the same.", "")
    falls = a < 0 and b < 0
    high, low = (one, other) if (abs(a) > abs(b) if falls else a > b) else (other, one)
    gap = written(abs(a - b), high.figure)
    shown = reckoned(high.figure, low.figure)
    if chinese:
        return f"{high.name}{'降幅更大' if falls else '更高'}，两者相差{gap}（{shown}）。", gap
    return f"{high.name} {'fell more' if falls else 'is higher'}, by {gap} ({shown}).", gap


def _first_of(query: Query, sides: Sequence[_Side]) -> tuple[str, str] | None:
    """Return which of several sides is first, and by how much, with that figure; None on a tie."""
    values = {side: signed(side.figure) for side in sides}
    falls = all(value < 0 for value in values.values())
    least = bool(_LEAST.search(query.text)) and not falls
    ranked = sorted(sides, key=lambda s: values[s], reverse=not (least or falls))
    first, second = ranked[:2]
    if values[first] == values[second]:
        return None
    gap = written(abs(values[first] - values[second]), first.figure)
    shown = (first, second) if abs(values[first]) > abs(values[second]) else (second, first)
    sums = reckoned(shown[0].figure, shown[1].figure)
    if query.language == "zh":
        turn = "降幅最大" if falls else "最低" if least else "最高"
        return f"{first.name}{turn}，与其次的{second.name}相差{gap}（{sums}）。", gap
    turn = "fell most" if falls else "is lowest" if least else "is highest"
    return f"{first.name} {turn}, {gap} apart from {second.name} ({sums}).", gap


def reckoned(one: Figure, other: Figure) -> str:
    """Return the sum by which two figures are told apart: 13.2% + 3.8% where one of them fell."""
    if signed(one) * signed(other) < 0:
        return f"{one.text.lstrip('+-−–')} + {other.text.lstrip('+-−–')}"
    return f"{one.text} − {other.text}"


def _direction(chinese: bool, one: _Side, other: _Side) -> str:
    up, down = ("上升", "下降") if chinese else ("up", "down")
    a, b = (up if side.figure.direction > 0 else down for side in (one, other))
    if a == b:
        return f"两者方向一致，均为{a}。" if chinese else f"Both move the same way: {a}."
    if chinese:
        return f"两者方向相反：{one.name}{a}，{other.name}{b}。"
    return f"They move in opposite directions: {one.name} {a}, {other.name} {b}."


def signed(figure: Figure) -> Decimal:
    """Return the value with its direction where it is a rate of change, else the value."""
    return figure.value * (-1 if figure.kind in _RATES and figure.direction < 0 else 1)


def written(gap: Decimal, like: Figure) -> str:
    """Return `gap` in the unit of `like`; the difference of two percentages is in points."""
    digits = like.text.replace(",", "")
    unit = digits[digits.find(like.mantissa) + len(like.mantissa) :].strip()
    scale = like.step / Decimal(1).scaleb(int(Decimal(like.mantissa).as_tuple().exponent))
    number = (gap / scale).normalize()
    if like.kind is Kind.PERCENT:
        unit = "个百分点" if not like.text.isascii() or unit == "%" else unit
    return f"{number:f}{unit}"
