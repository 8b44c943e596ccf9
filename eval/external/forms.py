"""A gold answer as its publisher prints it -> the surface forms that say the same.

The same value in another scale (300,000元 = 30万元), without idle zeros (63.50 = 63.5), a negative
rate in words (-41.44% = 下降41.44%), yuan under its other names. Nothing is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from rag import figures
from rag.figures import Figure, Kind

_SCALES = ((Decimal(1), ""), (Decimal(10**4), "万"), (Decimal(10**8), "亿"))
_DECIMALS = 2
"""A scaled number that needs more of them is not how anybody would write it."""
_LONGEST = 10**4
"""Nor is one of 万 that could be said in 亿."""
_PRINTED = re.compile(
    r"(?P<sign>[-−–+]?)[\d,]+(?:\.\d+)?\s*(?:万亿|[十百千]?[万亿]|千)?\s*(?P<unit>.*)", re.DOTALL
)
_YUAN = ("元", "元人民币", "人民币")
_YUAN_SAID = ("元", "人民币")
"""元人民币 begins with 元."""
_FALLS = ("下降", "减少", "降低")
_RATES = (Kind.PERCENT, Kind.POINTS)
_AMOUNTS = (Kind.MONEY, Kind.COUNT, Kind.NUMBER)


def forms_of(text: str) -> tuple[str, ...]:
    """Return the forms of a gold answer: itself first; more where it is one figure and no more."""
    text = text.strip()
    found = figures.find(text)
    if len(found) == 1 and found[0].text == text:
        return figure_forms(found[0])
    return (text,)


def figure_forms(figure: Figure) -> tuple[str, ...]:
    """Return the ways to write `figure`: as printed first, all exact, none twice."""
    forms = [figure.text]
    printed = _PRINTED.fullmatch(figure.text)
    if printed and figure.high is None and figure.kind is not Kind.DATE:
        numbers = _numbers(figure, printed["sign"])
        forms += [n + unit for n in numbers for unit in _units(figure, printed["unit"])]
        if figure.direction < 0 and printed["sign"] and figure.kind in _RATES:
            shown = figure.text.removeprefix(printed["sign"])
            forms += [fall + shown for fall in _FALLS]
    return tuple(dict.fromkeys(forms))


def _numbers(figure: Figure, sign: str) -> Iterator[str]:
    """Yield the value in full, and an amount in 万 and 亿 where that is short."""
    if figure.kind not in _AMOUNTS:  # of ratios the value is in %, whatever is printed
        yield f"{sign}{Decimal(figure.mantissa).normalize():f}"
        return
    for worth, name in _SCALES:
        number = (figure.value / worth).normalize()
        plain = f"{number:f}"
        short = 1 <= number < _LONGEST and len(plain.partition(".")[2]) <= _DECIMALS
        if worth == 1 or short:
            yield f"{sign}{plain}{name}"


def _units(figure: Figure, printed: str) -> Iterable[str]:
    return _YUAN_SAID if printed in _YUAN and figure.kind is Kind.MONEY else (printed,)
