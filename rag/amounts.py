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
_NUMERAL = "[一二两兩三四五六七八九十百千零〇][一二两兩三四五六七八九十百千零〇万亿萬億]{0,14}"
_CHINESE = re.compile(
    r"(?<![第数數几幾百千万亿零〇点半分一二两三四五六七八九十])(?:(?P<base>[百千])分之)?"
    rf"(?P<number>{_NUMERAL})(?:点(?P<decimals>[零〇一二三四五六七八九]{{1,6}})(?P<scale>万亿|[万亿])?)?"
    rf"[多余餘]?(?P<unit>{units.CHINESE_UNIT})?"
)
# Digits that are no amounts: citation labels; enumerators; numbers of charts, chapters, quarters;
# codes; clock times and versions; shopping days; fractions in words.
_NO_AMOUNTS = re.compile(
    r"[\[【][0-9]+[\]】]|^[ \u3000]*[(（]?[0-9]{1,2}(?:[)）]|[.．、](?![0-9]))"
    r"|(?<=[：；。:; ])[0-9]{1,2}[.、．](?= ?[A-Za-z\u4e00-\u9fff])"
    r"|(?<=[：；。，、:;, ])[0-9]{1,2}[)）]|[(（][0-9]{1,2}[)）]"
    r"|前 ?(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,2}) ?(?:个?月|個月|[个個]?季)"
    r"|(?:图表?|(?<![代发报列])表|(?<![关备])注|\b(?:Figure|Fig\.|Table|Exhibit|Chart|Chapter|Section|Page|Note))"
    r"[ \u3000]?[0-9]+(?:[-.][0-9]+)*(?![0-9.]|[ \u3000]?[%万亿元家个倍款])"
    r"|第[ \u3000]?[0-9]+(?:[-–至~][0-9]+)?[ \u3000]?[章节節篇页頁条條周期季轮]|(?<![0-9.])[1-4] ?季(?=[度报中末初])"
    r"|(?<![A-Za-z0-9])[0-9]{1,6}\.[A-Z]{1,3}(?![A-Za-z])|(?<![0-9.,])0[0-9]{3,6}(?![0-9.,])"
    r"|(?<![0-9])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9])"
    r"|(?<![0-9.])(?!(?:19|20)[0-9]{2}\.)[0-9]+(?:\.[0-9]+){2,}"
    r"|双 ?1[12]|(?<![一二三四五六七八九十百千])[一二三四五六七八九十]{1,4}分之[一二三四五六七八九十]{1,4}|[一二三四五六七八九两]位数",
    re.MULTILINE | re.ASCII,
)  # fmt: skip
_JOINED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/+-")
_ABBREVIATION = re.compile(r"(?:^|/)[A-Za-z]{2,}$")
"""DAU4.08亿, PE20x: an abbreviation and its value, written without a space."""
_IN_ROW_BEFORE = re.compile(r"[0-9%)] $")
_IN_ROW_AFTER = re.compile(r"\) ?[0-9(-]")
_SIGNS = {"+": 1, "-": -1, "−": -1, "–": -1, "负": -1, "(": -1}
_LISTED_NAME = re.compile(r"(?:^|[，。；：、\n])[^0-9，。；：、\n]{1,20}、$")
_RATIOS = (Kind.PERCENT, Kind.POINTS, Kind.BASIS_POINTS)
_MAKES_VAGUE = tuple("近上过超数几(（/：:每")
"""Before 百亿元: nearly, over; or the head of a table column, (百万元)."""
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
        elif _in_name(text, start, after, read.kind, taken):
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


def _before(text: str, start: int, stop: int, kind: Kind, taken: bytearray) -> tuple[int, str, int]:
    """Return the first offset, the currency and the sign of the amount with its number at `start`."""
    if text.startswith("百分之", max(0, start - 3)):
        return start - 3, "", 0
    before = _BEFORE.search(text, max(0, start - 10), start)
    if before is None:
        return start, "", 0
    currency, first = before["currency"] or "", start
    if currency and kind in (Kind.MONEY, Kind.COUNT, Kind.NUMBER):
        first = before.start("currency")
    if any(taken[first:start]):
        first = start
    currency = currency.strip() if first < start else ""
    for at in (before.start("inner"), before.start("outer")):
        if at >= 0 and at + 1 in (first, start) and _is_sign(text, at, stop, kind, taken):
            return (first if text[at] == "(" else min(first, at)), currency, _SIGNS[text[at]]
    return first, currency, 0


def _is_sign(text: str, at: int, stop: int, kind: Kind, taken: bytearray) -> bool:
    """Return whether the mark at `at` is a sign: not a dash after a figure, not one inside a name.

    A number in brackets is negative where table rows print it so: among other numbers.
    """
    before = text[max(0, at - 2) : at]
    if text[at] == "(":
        row = _IN_ROW_BEFORE.search(before) or _IN_ROW_AFTER.match(text, stop)
        return bool(row) and text[stop : stop + 1] == ")" and not text[at + 1 : stop].isdigit()
    if before and (taken[at - 1] or before[-1] in "0123456789%-"):
        return False
    return kind in _RATIOS or not (before[-1:].isascii() and before[-1:].isalpha())


def _in_name(text: str, start: int, after: re.Match[str], kind: Kind, taken: bytearray) -> bool:
    """Return whether the digits belong to a name: Qwen2.5-72B, k0-math, 4o, Win10/11, 1688."""
    strong = bool(after["scale"] or after["unit"])
    following = text[after.end() : after.end() + 2]
    if not after["unit"] and not after["scale"] and not after["percentile"]:
        joined = following[:1] in "-_" and following[1:].isascii() and following[1:].isalpha()
        if joined or (following[:1].isascii() and following[:1].isalpha()):
            return True
    run = _run_before(text, start, taken)
    if not any(c.isalpha() for c in run):
        listed = kind is Kind.NUMBER and text[start : after.start()].isdigit()
        return listed and bool(_LISTED_NAME.search(text, max(0, start - _REACH), start))
    if run[-1] == "-":
        return kind not in _RATIOS
    return not (strong and (run[-1] in "/+" or _ABBREVIATION.search(run)))


def _run_before(text: str, start: int, taken: bytearray) -> str:
    """Return the Latin letters, digits and joining marks that touch `start`."""
    at = start
    while at > max(0, start - _REACH) and text[at - 1] in _JOINED and not taken[at - 1]:
        at -= 1
    return text[at:start]


def _place(digits: str) -> Decimal:
    return Decimal(1).scaleb(-len(digits.partition(".")[2]))


def _chinese(text: str, taken: bytearray) -> Iterator[Amount]:
    for match in _CHINESE.finditer(text):
        start, end = match.span()
        if any(taken[start:end]) or not _counts(text, match):
            continue
        written, decimals = match["number"], match["decimals"]
        if match["base"]:
            read = units.read("%" if match["base"] == "百" else "‰", scaled=False)
        else:
            read = units.read(match["unit"] or "", scaled=True)
        worth = units.scale(match["scale"]) if decimals else Decimal(numerals.step(written))
        number = Decimal(numerals.value(written)) / (1 if decimals else worth)
        if decimals:
            number = Decimal(f"{number}.{numerals.value(decimals):0{len(decimals)}d}")
        take(taken, start, end)
        yield Amount(
            start, end, f"{number.normalize():f}", number, _place(f"{number:f}"), worth * read.factor,
            worth > 1, read,
        )  # fmt: skip


def _counts(text: str, match: re.Match[str]) -> bool:
    """Return whether a Chinese numeral states an amount: 一家公司, 数百亿, 二十大, 三四家 do not."""
    written, unit = match["number"], match["unit"]
    if match["base"] or match["decimals"]:
        return bool(match["base"] or unit or match["scale"])
    before = text[max(0, match.start() - 1) : match.start()]
    scaled, digits = numerals.step(written) > 1, set(written) & numerals.DIGITS.keys()
    vague = not digits and written[0] != "十"  # 百亿: an amount only as 百亿元
    either_or = len(written) > 1 and not set(written) - numerals.DIGITS.keys()  # 三四家
    if either_or or written[0] in "零〇" or (vague and before in _MAKES_VAGUE):
        return False
    if not unit:
        return scaled and not vague and text[match.end() : match.end() + 1] not in ("级", "数")
    kind = units.read(unit, scaled=True).kind
    if kind is Kind.COUNT:
        return not vague and written != "一" and (unit != "大" or numerals.value(written) <= 10)
    return not vague or scaled or kind is Kind.MULTIPLE
