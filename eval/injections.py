"""A true sentence -> the same sentence with exactly one planted error.

Figures are read by `eval.amounts`, not by the verifier's own reader: a figure that reader overlooks
would else be neither planted in nor missed. Knows nothing of verifiers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from random import Random

from eval.amounts import Amount, amounts, says
from rag.text import sentences


class Error(StrEnum):
    """What can be wrong with a figure in a sentence."""

    DIGIT = "digit"
    """One digit is another."""
    MAGNITUDE = "magnitude"
    """The decimal point has moved by one place."""
    UNIT = "unit"
    """亿 for 万, US$ for HK$, percentage points for %."""
    ROUNDING = "rounding"
    """Rounded the wrong way, or given to a precision that the source does not have."""
    SIGN = "sign"
    """Growth for decline, profit for loss."""
    PERIOD = "period"
    """The figure of one year, half, quarter or month said of another."""
    NEIGHBOUR = "neighbour"
    """The figure of another subject, measure or period of the same passages."""
    ORDER = "order"
    """Two figures of a row that is paired with names by order have changed places."""


@dataclass(frozen=True, slots=True)
class Injection:
    """A sentence with one error; ``text[start:end]`` is what was planted, in place of `was`."""

    error: Error
    text: str
    start: int
    end: int
    was: str

    @property
    def planted(self) -> str:
        """Return the wrong words."""
        return self.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Bed:
    """What errors are planted in, and what must not become true by chance."""

    truth: str
    amounts: tuple[Amount, ...]
    passages: tuple[str, ...]
    stated: tuple[Amount, ...]
    """Every figure of the passages and of the accepted answers."""
    rng: Random


def plant(
    truth: str, passages: Sequence[str], answers: Sequence[str], rng: Random
) -> list[Injection]:
    """Return sentences that differ from `truth` by one error each, grouped by kind of error.

    None of them is true: no planted figure is one that the passages or answers state, exactly or
    rounded, but for the kinds that misplace a true figure (`NEIGHBOUR`, `ORDER`).

    Args:
        truth: A true sentence.
        passages: What the sentence can be checked against.
        answers: Surface forms that are accepted as answers.
        rng: Decides which digit, which unit, which neighbour.
    """
    stated = [a for text in (*passages, *answers) for a in amounts(text)]
    bed = _Bed(truth, tuple(amounts(truth)), tuple(passages), tuple(stated), rng)
    kinds = (_digits, _magnitudes, _units, _roundings, _signs, _periods, _neighbours, _orders)
    found = [i for kind in kinds for i in kind(bed) if i.text != truth]
    return list({i.text: i for i in found}.values())


def _put(bed: _Bed, error: Error, start: int, end: int, words: str) -> Injection:
    text = bed.truth[:start] + words + bed.truth[end:]
    return Injection(error, text, start, start + len(words), bed.truth[start:end])


def _figure(bed: _Bed, error: Error, amount: Amount, words: str) -> Iterator[Injection]:
    """Yield `words` in place of `amount`, unless that is stated somewhere."""
    new = amounts(words)
    strict = error is Error.UNIT
    if len(new) == 1 and not any(says(new[0], s, strict=strict) for s in bed.stated):
        yield _put(bed, error, amount.start, amount.end, words)


def _digits(bed: _Bed) -> Iterator[Injection]:
    for amount in bed.amounts:
        places = [i for i, c in enumerate(amount.text) if c.isdigit()]
        at = bed.rng.choice(places)
        others = [d for d in "123456789" if d != amount.text[at]]
        words = amount.text[:at] + bed.rng.choice(others) + amount.text[at + 1 :]
        yield from _figure(bed, Error.DIGIT, amount, words)


def _magnitudes(bed: _Bed) -> Iterator[Injection]:
    for amount in bed.amounts:
        up = bed.rng.random() < 0.5 or not amount.divisible
        number = amount.number.scaleb(1 if up else -1)
        decimals = max(0, amount.places + (-1 if up else 1)) if number % 1 or amount.places else 0
        words = amount.renumbered(f"{number:.{decimals}f}")
        yield from _figure(bed, Error.MAGNITUDE, amount, words)


_SCALES = {
    "亿": ("万", "百万", "万亿"), "万": ("亿", ""), "百万": ("亿", "万"), "万亿": ("亿",), "千万": ("亿",),
    "billion": ("million", "trillion"), "million": ("billion",), "trillion": ("billion",), "bn": ("mn",),
}  # fmt: skip
_UNITS = {
    "%": ("个百分点", " percentage points"), "个百分点": ("%",), "percentage points": ("%",),
    "percentage point": ("%",), "元": ("美元", "港元"), "美元": ("元", "港元"), "港元": ("美元", "元"),
    "US$": ("HK$",), "HK$": ("US$",), "NT$": ("US$",), "$": ("NT$", "€"), "GWh": ("MWh",), "倍": ("%",),
}  # fmt: skip
"""Printed unit -> what slips in for it."""


def _units(bed: _Bed) -> Iterator[Injection]:
    english = bed.truth.isascii()
    for amount in bed.amounts:
        slips = [amount.rescaled(scale) for scale in _SCALES.get(amount.scale, ())]
        slips += [amount.measured(unit) for unit in _UNITS.get(amount.printed_unit, ())]
        fitting = [s for s in slips if (s.isascii() if english else " percentage" not in s)]
        for words in bed.rng.sample(fitting, min(2, len(fitting))):
            yield from _figure(bed, Error.UNIT, amount, words)


def _roundings(bed: _Bed) -> Iterator[Injection]:
    for amount in bed.amounts:
        if amount.places:
            step = Decimal(1).scaleb(1 - amount.places)
            right = amount.number.quantize(step, ROUND_HALF_UP)
            wrong = right - step if right > amount.number else right + step
            if right != amount.number and wrong:
                yield from _figure(bed, Error.ROUNDING, amount, amount.renumbered(str(wrong)))
        if amount.divisible:
            words = amount.renumbered(f"{amount.number}{bed.rng.choice('12346789')}")
            if not amount.places:
                words = amount.renumbered(f"{amount.number}.{bed.rng.choice('12346789')}")
            yield from _figure(bed, Error.ROUNDING, amount, words)


_OPPOSITES = (
    ("增长", "下降"), ("上涨", "下跌"), ("提高", "降低"), ("上升", "下降"), ("增加", "减少"), ("扩大", "收窄"),
    ("升至", "降至"), ("升到", "降到"), ("回升", "回落"), ("提升", "下滑"), ("微升", "微降"), ("盈利", "亏损"),
    ("涨幅", "跌幅"), ("增幅", "降幅"), ("高了", "低了"), ("涨了", "跌了"), ("多约", "少约"), ("领先", "落后"),
    ("跑赢", "跑输"), ("高于", "低于"), ("上调", "下调"), ("净流入", "净流出"), ("up", "down"), ("grew", "shrank"),
    ("rose", "fell"), ("increased", "decreased"), ("an increase", "a decrease"), ("improved", "worsened"),
    ("gained", "slipped"), ("expanded", "declined"), ("earned", "lost"), ("higher", "lower"),
)  # fmt: skip
_OPPOSITE = {word: other for a, b in _OPPOSITES for word, other in ((b, a), (a, b))}
_TREND = re.compile(
    r"(?<!负)(?:"
    + "|".join(rf"\b{w}\b" if w.isascii() else w for w in sorted(_OPPOSITE, key=len, reverse=True))
    + ")"
)
_CLAUSE_END = re.compile(r"[，。；：;:]|,(?!\d{3}(?!\d))|\.(?=\s|$)")


def _signs(bed: _Bed) -> Iterator[Injection]:
    """Turn a word of growth or decline round, where a figure follows it in its clause."""
    for match in _TREND.finditer(bed.truth):
        stop = _CLAUSE_END.search(bed.truth, match.end())
        end = stop.start() if stop else len(bed.truth)
        if any(match.end() <= a.start < end for a in bed.amounts):
            yield _put(bed, Error.SIGN, match.start(), match.end(), _OPPOSITE[match.group()])


_QUARTERS = "一二三四"
_ORDINALS = ("first", "second", "third", "fourth")
_PERIODS = re.compile(
    r"(?<![0-9.])(?P<year>(?:19|20)[0-9]{2})(?=年)|(?<![0-9.])(?P<short>[12][0-9])(?=年)"
    r"|(?<![0-9,.$A-Za-z])(?P<bare>(?:19|20)[0-9]{2})(?![0-9年]|[,.][0-9])"
    r"|(?<![前上下这本每同0-9])(?P<quarter>[一二三四])(?=季度)|\b(?P<ordinal>first|second|third|fourth)(?= quarter)"
    r"|(?<![前0-9.])(?P<month>1[0-2]|[1-9])(?=月(?!活))|(?P<half>[上下])(?=半年)|(?P<whole>全年)"
)


def _periods(bed: _Bed) -> Iterator[Injection]:
    """Move one year, half, quarter or month of the sentence to the one beside it."""
    for match in _PERIODS.finditer(bed.truth):
        before = match.group()
        if any(a.start <= match.start() < a.end for a in bed.amounts):
            continue
        unit = re.match(r"年|季度|月|半年| quarter|", bed.truth[match.end() :])
        tail = unit.group() if unit else ""
        after = _beside(match.lastgroup or "", before)
        if not _stated_of(bed, before + tail, after + tail):
            end = match.end() + len(tail)
            yield _put(bed, Error.PERIOD, match.start(), end, after + tail)


def _beside(sort: str, words: str) -> str:
    if sort in ("year", "short", "bare"):
        return str(int(words) - 1)
    if sort == "quarter":
        return _QUARTERS[_QUARTERS.index(words) - 1] if words != "一" else "二"
    if sort == "ordinal":
        return _ORDINALS[_ORDINALS.index(words) - 1] if words != "first" else "second"
    if sort == "month":
        return str(int(words) - 1) if words != "1" else "2"
    return {"上": "下", "下": "上"}.get(words, "上半年")


def _stated_of(bed: _Bed, before: str, after: str) -> bool:
    """Return whether a figure of the sentence is stated of the other period too."""
    return any(
        after in body and before not in body and any(says(a, b) for a in bed.amounts for b in held)
        for text in bed.passages
        for span in sentences(text)
        if (held := amounts(body := text[span.start : span.end]))
    )


def _neighbours(bed: _Bed) -> Iterator[Injection]:
    """Put another figure of the same kind in: the nearest in its sentence, and one from further."""
    for amount in bed.amounts:
        near, far = _others(bed, amount)
        chosen = [near[0]] if near else []
        chosen += [bed.rng.choice(far)] if far else []
        for other in chosen:
            words = _as_in(amount, other, english=bed.truth.isascii())
            if words != amount.text:
                yield _put(bed, Error.NEIGHBOUR, amount.start, amount.end, words)


def _others(bed: _Bed, amount: Amount) -> tuple[list[Amount], list[Amount]]:
    """Return figures like `amount` but of another value: beside it, nearest first; elsewhere."""
    every = list(_sentences(bed))
    twins = [a for held in every for a in held if says(amount, a)]
    if not twins:
        return [], []
    # How the passage prints it says what it is: a question's 4310万 are 4310万台 there.
    twin = max(twins, key=lambda a: (a.meaning == amount.meaning, not a.bare))
    near: list[tuple[int, Amount]] = []
    far: list[Amount] = []
    for held in every:
        home = [a for a in held if says(amount, a)]
        like = [a for a in held if a.like(twin) and not says(amount, a) and not says(a, amount)]
        if home:
            near += [(min(abs(a.start - h.start) for h in home), a) for a in like]
        else:
            far += like
    return [a for _, a in sorted(near, key=lambda pair: pair[0])], far


def _sentences(bed: _Bed) -> Iterator[list[Amount]]:
    """Yield the figures of every sentence or table row of the passages."""
    for text in bed.passages:
        for span in sentences(text):
            yield amounts(text[span.start : span.end])


def _as_in(amount: Amount, other: Amount, *, english: bool) -> str:
    """Return `other` as the sentence would print it."""
    if amount.bare or other.bare:
        return amount.renumbered(other.digits)
    if not english or other.text.isascii():
        return other.text if amount.printed_unit else other.unitless()
    for word, size in (("billion", 10**9), ("million", 10**6)):
        if other.value >= size:
            return f"{(other.value / size).normalize():f} {word}"
    return other.text


_ROW_GAP = re.compile(r"\s*(?:、|和|与|及|以及|,? and)\s*")
_BY_ORDER = re.compile(r"分别|依次|各|respectively|\band\b")


def _orders(bed: _Bed) -> Iterator[Injection]:
    """Let two neighbours of a row of figures change places."""
    for one, other in itertools.pairwise(bed.amounts):
        gap = bed.truth[one.end : other.start]
        alike = one.meaning == other.meaning or one.bare or other.bare
        if not _ROW_GAP.fullmatch(gap) or not alike or one.number == other.number:
            continue
        if not _BY_ORDER.search(bed.truth[: one.start]) and "respectively" not in bed.truth:
            continue
        words = one.renumbered(other.digits) + gap + other.renumbered(one.digits)
        if one.scale != other.scale and not one.bare:
            words = other.text + gap + one.text
        yield _put(bed, Error.ORDER, one.start, other.end, words)
