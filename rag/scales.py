"""Figures with a Chinese scale, 24.6亿美元 or 9340万 -> the same in English words, and the other way round.

A small model copies figures well and converts them badly: 24.6亿 becomes 24.6 billion. So the passages in another
language than the question are shown to it converted (`rag.generate`). Knows nothing of questions.
"""

from __future__ import annotations

import re
from decimal import Decimal

from rag import figures
from rag.figures import Figure, Kind

_CURRENCIES = {"元": "RMB ", "CNY": "RMB ", "USD": "US$", "HKD": "HK$", "EUR": "€", "JPY": "JPY "}
_SIZES = ((Decimal(10**12), "trillion"), (Decimal(10**9), "billion"), (Decimal(10**6), "million"))
_UNITS = {
    "股": "shares", "人": "people", "人次": "visits", "台": "units", "辆": "vehicles", "吨": "tonnes", "户": "households",
    "家": "companies", "件": "items", "套": "sets", "只": "items", "部": "units", "名": "people",
}  # fmt: skip
SCALED = re.compile(r"[万亿萬億]")
WORDED = re.compile(r"(?:trillion|billion|million|thousand|[0-9][bmk]n?|tn)\b", re.IGNORECASE)
_CHINESE = {"元": "元", "CNY": "元", "USD": "美元", "HKD": "港元", "EUR": "欧元", "JPY": "日元"}
_HUNDREDS = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))


def in_english(text: str) -> str:
    """Return `text` with its sums and counts in 万 and 亿 as millions and billions, all else as it is."""
    for figure in reversed(figures.find(text)):
        words = words_of(figure)
        if words:
            text = f"{text[: figure.start]} {words} {text[figure.end :]}"
    return text


def in_chinese(text: str) -> str:
    """Return `text` with its sums and counts in millions and billions as 万 and 亿, all else as it is."""
    for figure in reversed(figures.find(text)):
        if WORDED.search(figure.text) and figure.kind in (Kind.MONEY, Kind.COUNT):
            if figure.kind is Kind.MONEY and figure.unit not in _CHINESE:
                continue
            ends = [end for end in (figure.value, figure.high) if end is not None]
            words = "至".join(_scaled(abs(end)) for end in ends) + _CHINESE.get(figure.unit, "")
            words = _sign(figure) + words
            text = f"{text[: figure.start]}{words}{text[figure.end :]}"
    return text


def _scaled(value: Decimal) -> str:
    size, word = next(((s, w) for s, w in _HUNDREDS if value >= s), (Decimal(1), ""))
    return f"{(value / size).normalize():f}{word}"


def words_of(figure: Figure) -> str:
    """Return a sum or count in 万 or 亿 in English, a range as one; "" for any other figure."""
    known = figure.kind is Kind.COUNT or figure.unit in _CURRENCIES
    if not SCALED.search(figure.text) or not known or figure.kind not in (Kind.MONEY, Kind.COUNT):
        return ""
    ends = [end for end in (figure.value, figure.high) if end is not None]
    return _sign(figure) + " to ".join(_written(abs(end), figure) for end in ends)


def _sign(figure: Figure) -> str:
    """Return the minus that a figure is printed with, "" for none."""
    return "-" if figure.text.lstrip()[:1] in ("-", "−", "–") else ""


def _written(value: Decimal, figure: Figure) -> str:
    size, word = next(((s, w) for s, w in _SIZES if value >= s), (Decimal(1), ""))
    number = (value / size).normalize()
    told = f"{number:f} {word}" if word else f"{number:,f}"
    if figure.kind is Kind.MONEY:
        return f"{_CURRENCIES[figure.unit]}{told}"
    return f"{told} {_UNITS.get(figure.unit, '')}".strip()
