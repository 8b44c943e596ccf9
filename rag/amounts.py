"""Numbers in running text with what is printed around them: sign, currency, scale, unit.

Text -> where each amount stands, what it is worth and in which unit. Tells amounts from digits in
names and codes. Knows nothing of dates, ranges or of growth and decline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from rag import numerals, units
from rag.units import Kind, Unit


class Amount(NamedTuple):
    """One amount as printed and as read."""

    start: int
    end: int
    digits: str
    """The number alone, without separators; a Chinese numeral as its value."""
    number: Decimal
    place: Decimal
    """Worth of the last printed digit, before scale and unit."""
    worth: Decimal
    """What scale and unit multiply the number by."""
    scaled: bool
    unit: Unit
    sign: int = 0
    """The printed sign: +1, -1, or 0 when there is none."""


_G = r"[ \u3000]{0,2}"
_NUMBER = re.compile(
    r"(?<![0-9.])(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
    r"|[0-9]{1,15}(?![0-9])(?:\.[0-9]{1,9}(?![0-9]))?)"
)
_BEFORE = re.compile(
    rf"(?P<outer>[-+−–])?(?P<currency>{units.CURRENCY_BEFORE}{_G})?(?P<inner>[-+−–负(])?$",
    re.IGNORECASE | re.ASCII,
)
_AFTER = re.compile(
    rf"(?:(?P<letter>{units.LETTER_SCALE})|[多余餘+]?{_G}(?P<scale>{units.SCALE}))?"
    rf"(?:[多余餘+]?{_G}(?P<unit>{units.UNIT})|(?P<percentile>(?:st|nd|rd|th) percentile))?",
    re.IGNORECASE | re.ASCII,
)
_NUMERAL = "[一二两兩三四五六七八九十百千零〇][一二两兩三四五六七八九十百千零〇万亿萬億]*"
_CHINESE = re.compile(
    r"(?<![第数數几幾上近百千万亿零〇点半分双一二两三四五六七八九十])(?:(?P<base>[百千])分之)?"
    rf"(?P<number>{_NUMERAL})(?:点(?P<decimals>[零〇一二三四五六七八九]+)(?P<scale>万亿|[万亿])?)?"
    rf"[多余餘]?(?P<unit>{units.CHINESE_UNIT})?"
)
# Digits that are no amounts: citation labels; enumerators; numbers of charts, chapters, quarters;
# codes; clock times and versions; shopping days; fractions in words.
_NO_AMOUNTS = re.compile(
    r"[\[【][0-9]+[\]】]|^[ \u3000]*[(（]?[0-9]{1,2}(?:[)）]|[.．、](?![0-9]))"
    r"|(?<=[：；。，、:;, ])[(（]?[0-9]{1,2}[)）]|[(（][0-9]{1,2}[)）](?=[\u4e00-\u9fff])"
    r"|(?:图表?|(?<![代发报列])表|(?<![关备])注|\b(?:Figure|Fig\.|Table|Exhibit|Chart|Chapter|Section|Page|Note))"
    r"[ \u3000]?[0-9]+(?:[-.][0-9]+)*(?![0-9.]|[ \u3000]?[%万亿元家个倍款])"
    r"|第[ \u3000]?[0-9]+(?:[-–至~][0-9]+)?[ \u3000]?[章节節篇页頁条條周期季轮]|(?<![0-9.])[1-4] ?季(?=[度报中末初])"
    r"|(?<![A-Za-z0-9])[0-9]{1,6}\.[A-Z]{1,3}(?![A-Za-z])|(?<![0-9.,])0[0-9]{3,6}(?![0-9.,])"
    r"|(?<![0-9])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9])"
    r"|(?<![0-9.])(?!(?:19|20)[0-9]{2}\.)[0-9]+(?:\.[0-9]+){2,}"
    r"|双 ?1[12]|(?<![百千])[一二三四五六七八九十]+分之[一二三四五六七八九十]+|[一二三四五六七八九两]位数",
    re.MULTILINE | re.ASCII,
)  # fmt: skip
_NAME_BEFORE = re.compile(r"(?<![A-Za-z0-9._/-])[A-Za-z0-9._/-]*[A-Za-z][A-Za-z0-9._/-]*$")
_MEASURE_BEFORE = re.compile(r"(?<![A-Za-z0-9._-])[A-Za-z]{2,}$|/$")
"""DAU4.08亿, PE20x: an abbreviation of capital letters and its value, written without a space."""
_LISTED_NAME = re.compile(r"(?:^|[，。；：、\n])[^0-9，。；：、\n]{1,20}、$")
_RATIOS = (Kind.PERCENT, Kind.POINTS, Kind.BASIS_POINTS)
_REACH = 30
"""Characters before a number that decide whether it belongs to a name."""


def mask(text: str) -> bytearray:
    """Return one byte a character, 1 where digits are no amounts and no dates."""
    taken = bytearray(len(text))
    for match in _NO_AMOUNTS.finditer(text):
        take(taken, match.start(), match.end())
    return taken


def take(taken: bytearray, start: int, end: int) -> None:
    """Mark ``start:end`` as read."""
    taken[start:end] = b"\1" * (end - start)


def find(text: str, taken: bytearray) -> list[Amount]:
    """Return the amounts of `text` in order; marks and respects `taken` offsets."""
    found = [*_arabic(text, taken), *_chinese(text, taken)]
    return sorted(found, key=lambda a: a.start)


def _arabic(text: str, taken: bytearray) -> Iterator[Amount]:
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        after = _AFTER.match(text, end)
        if after is None or any(taken[start:end]):
            continue
        scale, unit, stop = _after(text, start, after)
        read = units.read(unit, scaled=bool(scale))
        first, currency, sign = _before(text, start, stop, read.kind, taken)
        if currency:
            read = units.read(units.of_money(currency, unit), scaled=True)
        elif _in_name(text, start, after, read.kind):
            continue
        take(taken, first, stop)
        digits = match.group().replace(",", "")
        worth = units.scale(scale) * read.factor
        yield Amount(
            first, stop, digits, Decimal(digits), _place(digits), worth, bool(scale), read, sign
        )


def _after(text: str, start: int, after: re.Match[str]) -> tuple[str | None, str, int]:
    """Return scale, unit and end of the amount whose number starts at `start`."""
    end = after.start()
    scale, unit = after["letter"] or after["scale"], after["unit"] or ""
    if after["percentile"] or text.startswith("百分之", max(0, start - 3)):
        return None, "%", after.end()
    spaced = text[end : end + 1] in (" ", "\u3000")
    if spaced and unit not in ("%", "x", "X", "倍") and _in_row(text, start):
        return None, "", end
    return scale, unit, after.end()


def _in_row(text: str, start: int) -> bool:
    """Return whether a number stands before, as in a table row: "22 18 万科A" is no 18万."""
    before = text[max(0, start - 4) : start]
    return before[-1:] in (" ", "\u3000") and before.rstrip(" \u3000%xX)")[-1:].isdigit()


def _before(
    text: str, start: int, stop: int, kind: Kind, taken: bytearray
) -> tuple[int, str, int]:
    """Return the first offset, the currency and the sign of an amount."""
    before = _BEFORE.search(text, max(0, start - 10), start)
    if before is None:
        return start, "", 0
    if text.startswith("百分之", max(0, start - 3)):
        return start - 3, "", 0
    currency = before["currency"] or ""
    if kind not in (Kind.MONEY, Kind.COUNT, Kind.NUMBER) or any(taken[before.start() : start]):
        currency = ""
    mark = before["inner"] or (before["outer"] if currency else "")
    at = start - len(currency) - 1 if mark and mark == before["outer"] else start - 1
    if not mark or not _is_sign(text, at, stop, kind, taken):
        return start - len(currency) - (before["inner"] is not None and bool(currency)), currency.strip(), 0
    first = min(at, start - len(currency) - (1 if before["inner"] else 0)) if currency else at
    return first, currency.strip(), 1 if mark == "+" else -1
