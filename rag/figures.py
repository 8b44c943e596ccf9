"""Figures in running text: find, read and compare amounts, ratios, ranges and dates.

Covers Arabic digits (full width too) with Chinese and English scales and units, Chinese numerals
before a scale or unit, ranges, percentages, percentage points, basis points, multiples and dates.
Knows nothing of passages or answers. Parts: `rag.amounts`, `rag.units`, `rag.dates`,
`rag.trend`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from rag import amounts, dates, numerals, units
from rag.amounts import Amount
from rag.trend import Role, Trends
from rag.units import Kind


class Agreement(StrEnum):
    """How a figure relates to the one it is compared with."""

    EXACT = "exact"
    ROUNDED = "rounded"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed and as read."""

    text: str
    start: int
    end: int
    kind: Kind
    value: Decimal
    """Magnitude in units of one, scales multiplied out. Dates: YYYYMMDD, unknown parts zero."""
    step: Decimal
    """Worth of the last printed digit, scale included: the printed precision."""
    unit: str = ""
    """Canonical unit: a currency code, a measure word, or empty when none is printed."""
    high: Decimal | None = None
    """Upper end of a range such as 20%-30%; `value` is the lower."""
    mantissa: str = ""
    """The digits as printed, without scale, separators or sign."""
    direction: int = 0
    """+1 or -1 when a printed sign or the words around it say growth or decline, else 0."""
    role: Role = Role.OPEN
    """Whether the words say that it is the size of a change or the level reached."""


_RANGE = re.compile(r"[-–—~〜至到]|——|to", re.IGNORECASE)
_FROM = re.compile(r"(?:[从由自]|\bfrom\b)[^0-9，。；]{0,20}$", re.IGNORECASE | re.ASCII)
_THEN = re.compile(
    r"[^0-9，。；]{0,6}?(?:[上下]调|调[整高低]|提[高升]|[上下]修|修[正订]|收窄|扩大|改|降|升|增)[^0-9，。；]{0,4}?[至到为]"
    r"|[^0-9,.;]{0,12}? to (?!grow|rise|be\b)",
    re.ASCII,
)
"""Behind the second figure, where it went: what it came from is a range, 由120至140间下调至80至100间."""
_CHANGES = ("至", "到", "to", "TO", "To")
_ROW_BEFORE = re.compile(r"[0-9%)][ \u3000]$")
_ROW_AFTER = re.compile(r"[ \u3000]+[-–(]?[0-9]")
_MAY_BE_RATES = (Kind.PERCENT, Kind.POINTS, Kind.BASIS_POINTS, Kind.MULTIPLE, Kind.NUMBER)
_COARSEST = Decimal("0.1")
"""Rounding that moves a figure by more than this share of it says something else: 0.7 is not 1."""


_IN_A_ROW = re.compile(r"(?<=连续)(第?)([一二两三四五六七八九十]|[0-9]+)日")
"""A day that is the last of several counts them: 连续第三日上涨."""


def find(text: str) -> list[Figure]:
    """Return the figures of `text` in order, not overlapping.

    Digits inside names (Qwen2.5, k0-math, B2B), codes (0700.HK), enumerators and citation labels
    ([1]) are not figures.
    """
    return list(_find(text))


def agree(figure: Figure, source: Figure) -> Agreement:
    """Return whether `figure` says what `source` says.

    EXACT: same value, compatible unit, directions not opposed. ROUNDED: `figure` is printed more
    coarsely and equals `source` rounded to that precision. Everything else is NONE.
    """
    if Kind.DATE in (figure.kind, source.kind):
        return _agree_on_date(figure, source)
    figure, source = _in_points(figure, source), _in_points(source, figure)
    if not units.same(figure.kind, figure.unit, source.kind, source.unit):
        return Agreement.NONE
    if _opposed(figure, source) or (figure.high is None) != (source.high is None):
        return Agreement.NONE
    if figure.value == source.value and figure.high == source.high:
        return Agreement.EXACT
    return Agreement.ROUNDED if _rounds(figure, source) else Agreement.NONE


@functools.lru_cache(maxsize=512)
def _find(text: str) -> tuple[Figure, ...]:
    flat = _IN_A_ROW.sub(lambda m: " " * len(m[1]) + m[2] + "天", numerals.half_width(text))
    taken = amounts.mask(flat)
    found = [_dated(text, date) for date in dates.find(flat, taken)]
    trends = Trends(flat)
    last: tuple[Amount, Figure] | None = None
    for amount in amounts.find(flat, taken):
        if flat[: amount.start].endswith("第"):  # a place in an order is no amount
            continue
        figure = _figure(text, amount, trends)
        joined = last and (
            _sum(text, *last, amount, figure) or _range(text, flat, *last, amount, figure)
        )
        if joined:
            found[-1] = figure = joined
        else:
            found.append(figure)
        last = (amount, figure)
    return tuple(sorted(found, key=lambda f: f.start))


def _dated(text: str, date: dates.Date) -> Figure:
    return Figure(
        text=text[date.start : date.end], start=date.start, end=date.end, kind=Kind.DATE,
        value=Decimal(date.first.number), step=Decimal(1),
        high=Decimal(date.last.number) if date.last else None,
    )  # fmt: skip


def _figure(text: str, amount: Amount, trends: Trends) -> Figure:
    kind = amount.unit.kind
    direction, role = amount.sign, Role.SIGNED
    if not amount.sign:
        counted = kind is Kind.COUNT and bool(amount.unit.name)
        direction, role = trends.at(
            amount.start, amount.end, ratio=kind in _MAY_BE_RATES, counted=counted
        )
    return Figure(
        text=text[amount.start : amount.end], start=amount.start, end=amount.end, kind=kind,
        value=amount.number * amount.worth, step=amount.place * amount.worth, unit=amount.unit.name,
        mantissa=amount.digits, direction=direction, role=role,
    )  # fmt: skip


def _sum(text: str, one: Amount, figure: Figure, other: Amount, rest: Figure) -> Figure | None:
    """Return 1亿2000万元 as one figure, or None."""
    adjacent = one.end == other.start and one.scaled and other.scaled and not one.unit.name
    if not adjacent or one.unit.kind is not Kind.COUNT or rest.value >= one.worth:
        return None
    return replace(
        figure, text=text[figure.start : rest.end], end=rest.end, kind=rest.kind, unit=rest.unit,
        value=figure.value + rest.value, step=rest.step,
    )  # fmt: skip


def _range(
    text: str, flat: str, one: Amount, low: Figure, other: Amount, high: Figure
) -> Figure | None:
    """Return 20%-30%, 0.7-0.8万亿 or US$10-12bn as one figure, or None when they are two."""
    if low.high is not None or not _spans(flat, one, other):
        return None
    bare, prefixed = low.kind is Kind.NUMBER, low.kind is Kind.MONEY and low.text[-1].isdigit()
    if other.unit.kind is Kind.NUMBER and not (bare or prefixed):
        return None
    if not units.same(low.kind, low.unit, high.kind, high.unit):
        return None
    shared = other.worth if bare or (prefixed and not one.scaled) else one.worth
    first = one.number * shared
    last = other.number * (shared if high.kind is Kind.NUMBER else other.worth)
    if first >= last and not (one.sign < 0 and first > last):
        return None
    unit = low if prefixed or high.kind is Kind.NUMBER else high
    return replace(
        low, text=text[low.start : high.end], end=high.end, kind=unit.kind, unit=unit.unit,
        value=first, step=min(one.place * shared, high.step), high=last,
    )  # fmt: skip


def _spans(flat: str, one: Amount, other: Amount) -> bool:
    """Return whether what stands between two amounts makes them the ends of a range."""
    gap = flat[one.end : other.start]
    if other.sign and not one.sign:  # "20% -30%" is a range, a row "20% -30% 5%" is not
        dashed = 0 < len(gap) <= 2 and gap.isspace() and flat[other.start] in "-–"
        row = _ROW_BEFORE.search(flat, max(0, one.start - 2), one.start)
        return dashed and not row and not _ROW_AFTER.match(flat, other.end)
    mark = gap.strip(" \u3000")
    if len(gap) > 5 or one.sign != other.sign or not _RANGE.fullmatch(mark):
        return False
    moved = mark in _CHANGES and _FROM.search(flat, max(0, one.start - 24), one.start)
    return not moved or _THEN.match(flat, other.end) is not None


def _opposed(one: Figure, other: Figure) -> bool:
    """Return whether the words or signs of two figures contradict each other."""
    if one.direction * other.direction < 0 or {one.role, other.role} == {Role.CHANGE, Role.LEVEL}:
        return True
    return any(
        a.role is Role.SIGNED and a.direction < 0 and b.direction >= 0
        for a, b in ((one, other), (other, one))
    )


def _rounds(figure: Figure, source: Figure) -> bool:
    """Return whether `figure` is `source` rounded half up to fewer digits, by a tenth at most."""
    if figure.high is not None or figure.step <= source.step or not figure.value:
        return False
    unlike = (figure.kind is Kind.NUMBER) != (source.kind is Kind.NUMBER)
    if unlike and len(figure.mantissa.replace(".", "").lstrip("0")) < 3:
        return False
    half = figure.step / 2
    near = figure.value - half <= source.value < figure.value + half
    return near and abs(figure.value - source.value) <= _COARSEST * source.value


def _in_points(figure: Figure, other: Figure) -> Figure:
    """Return basis points as percentage points where `other` is in those."""
    if figure.kind is not Kind.BASIS_POINTS or other.kind is not Kind.POINTS:
        return figure
    high = figure.high / 100 if figure.high is not None else None
    return replace(
        figure, kind=Kind.POINTS, value=figure.value / 100, step=figure.step / 100, high=high
    )


def _agree_on_date(figure: Figure, source: Figure) -> Agreement:
    if figure.kind is not source.kind:
        date, number = (figure, source) if figure.kind is Kind.DATE else (source, figure)
        year = number.kind is Kind.NUMBER and date.text.isdigit() and len(date.text) == 4
        alike = year and date.value == number.value * 10000
    elif figure.value % 10000 == 0:
        alike = _same_date(figure.value, source.value)
    elif figure.high is None or source.high is None:
        alike = figure.high is source.high and _same_date(figure.value, source.value)
    else:
        alike = _same_date(figure.value, source.value) and _same_date(figure.high, source.high)
    return Agreement.EXACT if alike else Agreement.NONE


def _same_date(one: Decimal, other: Decimal) -> bool:
    """Return whether every part that `one` states, `other` states alike."""
    a, b = int(one), int(other)
    parts = ((a // 10000, b // 10000), (a // 100 % 100, b // 100 % 100), (a % 100, b % 100))
    return all(x in (0, y) for x, y in parts)
