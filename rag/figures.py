"""Figures in running text: find, read and compare amounts, ratios, ranges and dates.

Covers Arabic digits (full width too) with Chinese and English scales and units, Chinese numerals
before a scale or unit, ranges, percentages, percentage points, basis points, multiples, dates and
report periods. Knows nothing of passages or answers.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What a figure measures; figures of different kinds never agree, except with NUMBER."""

    NUMBER = "number"
    """No unit printed: a table cell, a count."""
    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    POINTS = "points"
    """Percentage points: 个百分点, pct, pp."""
    BASIS_POINTS = "basis_points"
    MULTIPLE = "multiple"
    """倍, x."""
    DATE = "date"


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
    """+1 or -1 when a printed sign or the words before it say growth or decline, else 0."""


_SCALES = {
    "万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8, "億": 10**8,
    "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "萬": 10**4, "千": 10**3,
    "trillion": 10**12, "billion": 10**9, "million": 10**6, "thousand": 10**3,
    "bn": 10**9, "mn": 10**6, "tn": 10**12, "b": 10**9, "m": 10**6, "k": 10**3, "t": 10**12,
}  # fmt: skip
_CURRENCIES = {
    "人民币": "CNY", "元人民币": "CNY", "rmb": "CNY", "cny": "CNY", "yuan": "CNY",
    "美元": "USD", "美金": "USD", "us$": "USD", "usd": "USD", "$": "USD", "us dollars": "USD", "dollars": "USD",
    "港元": "HKD", "港币": "HKD", "港幣": "HKD", "hk$": "HKD", "hkd": "HKD", "hong kong dollars": "HKD",
    "日元": "JPY", "日圆": "JPY", "jpy": "JPY", "欧元": "EUR", "€": "EUR", "eur": "EUR", "euros": "EUR",
    "英镑": "GBP", "£": "GBP", "gbp": "GBP", "韩元": "KRW", "新台币": "TWD", "台币": "TWD",
    "¥": "¥", "￥": "¥", "元": "元", "块钱": "元", "块": "元",
}  # fmt: skip
_GENERIC_MONEY = {"元": {"CNY", "¥"}, "¥": {"CNY", "JPY"}}
_RATIOS = {
    "%": Kind.PERCENT, "percent": Kind.PERCENT, "per cent": Kind.PERCENT, "‰": Kind.PERCENT,
    "个百分点": Kind.POINTS, "個百分點": Kind.POINTS, "百分点": Kind.POINTS, "pct": Kind.POINTS,
    "pcts": Kind.POINTS, "ppt": Kind.POINTS, "pp": Kind.POINTS, "percentage points": Kind.POINTS,
    "percentage point": Kind.POINTS, "个基点": Kind.BASIS_POINTS, "基点": Kind.BASIS_POINTS,
    "basis points": Kind.BASIS_POINTS, "bps": Kind.BASIS_POINTS, "bp": Kind.BASIS_POINTS,
    "倍": Kind.MULTIPLE, "times": Kind.MULTIPLE, "x": Kind.MULTIPLE,
}  # fmt: skip
_MEASURES = (
    "平方米|平方公里|千瓦时|公里|公斤|千克|万吨|小时|分钟|分位点|分位|"
    "家|人次|人|户|款|个|台|辆|部|套|吨|股|天|日|周|年|月|岁|次|位|名|座|间|条|种|项|只|篇|页|层|期(?!间)|季(?!度)|"
    "手|亩|米|秒|笔|单|件|批|所|支|轮|成|折|代|级|大|档|宗|例|颗|瓶|桶|盎司|GW|MW|kWh|GWh|MWh|TWh"
)
_CN_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CN_PLACE = {"十": 10, "百": 100, "千": 1000}


def _alternatives(
    words: dict[str, object] | dict[str, int] | dict[str, str] | dict[str, Kind],
) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


_NUMBER = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORD_SCALE = r"trillion|billion|million|thousand"
_SCALE = rf"(?:万亿|千亿|百亿|十亿|千万|百万|十万|[亿億万萬千]|(?:{_WORD_SCALE}|bn|mn|tn)\b|[bmkt](?![a-z0-9]))"
_UNIT = (
    rf"(?:{_alternatives({k: v for k, v in _RATIOS.items() if not k.isascii()})}|%"
    r"|(?:percentage points?|per ?cent|basis points|pcts?|ppt|pp|bps?|times)\b|x(?![a-z0-9])"
    rf"|元人民币|{_alternatives({k: v for k, v in _CURRENCIES.items() if not k.isascii()})}"
    r"|(?:us dollars|hong kong dollars|dollars|rmb|cny|yuan|usd|hkd|jpy|eur|euros|gbp)\b"
    rf"|{_MEASURES})"
)
_CURRENCY_BEFORE = r"(?:us\$|hk\$|rmb|usd|hkd|cny|人民币|[$¥￥€£])"
_AMOUNT = re.compile(
    rf"(?P<before>{_CURRENCY_BEFORE})?\s*"
    rf"(?<![\d.,])(?P<sign>(?<![\d%A-Za-z)）])[-+−])?(?P<number>{_NUMBER})\s*"
    rf"(?P<scale1>{_SCALE})?\s*(?P<unit1>%)?"
    # A range repeats its unit: in "增长9%至145亿元" the two figures are no range.
    rf"(?:\s*(?:-|–|—|~|～|至|到|to)\s*(?P<high>{_NUMBER})(?(unit1)(?=\s*%)|))?(?![\d])\s*(?P<scale2>{_SCALE})?\s*"
    rf"(?P<more>[多余])?(?P<unit2>{_UNIT})?",
    re.IGNORECASE,
)
_CN_AMOUNT = re.compile(
    r"(?P<number>[一二两三四五六七八九十百千]+)(?P<scale>万亿|亿|万)?"
    r"(?P<unit>个百分点|倍|成|%|港元|美元|元|家|款|个|种|项|年|天|名|台|辆|层|大)"
)
_DATES = (
    re.compile(r"(?P<y>(?:19|20)\d{2})\s*年\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*[日号號])?"),
    re.compile(r"(?P<y>(?:19|20)\d{2})[-/.](?P<m>0?[1-9]|1[0-2])[-/.](?P<d>0?[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<![\d.])(?P<m>1[0-2]|0?[1-9])\s*月\s*(?P<d>3[01]|[12]\d|0?[1-9])\s*[日号號]"),
    re.compile(r"(?<![\d./])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])\s*[日号號]?(?![\d/.%])"),
    re.compile(r"(?P<y>(?:19|20)\d{2})\s*(?:年|财年)"),
    re.compile(r"(?<![\d.])(?P<y2>\d{2})\s*年(?=\s*(?:[一二三四1-4上下前]|\d{1,2}\s*月|第|Q|经|度|全年|底|初))"),
    re.compile(r"(?P<y>(?:19|20)\d{2})(?:[EA](?![a-zA-Z])|(?=\s*[QH][1-4]))"),
    re.compile(
        r"\b(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
        r"(?:,?\s+(?P<y>(?:19|20)\d{2}))?", re.I),
    re.compile(
        r"\b(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?\b"
        r"(?:,?\s+(?P<y>(?:19|20)\d{2}))?", re.I),
    re.compile(r"(?<![\d.])(?P<m>1[0-2]|0?[1-9])\s*月(?!份额)"),
    re.compile(r"(?<![\d.,$¥])(?P<y>(?:19|20)\d{2})(?!\d|[.,]\d|%|\s*[万亿元倍家款人个])"),
)  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WIDE_COMMA = re.compile(r"(?<=[\d０-９])，(?=[\d０-９]{3}(?![\d０-９]))")
_LATIN = re.compile(r"[A-Za-z]")
_UP = r"增长|增加|上升|上涨|上调|提升|提高|涨幅|增幅|增速|涨|增|升|跑赢|grew|growth|rose|increase|up\b|gain"
_DOWN = r"下降|下滑|下跌|下调|减少|降低|降幅|跌幅|缩水|收窄|回落|跌|降|减|跑输|亏损|fell|decline|decrease|drop|down\b|loss"
_DIRECTION = re.compile(rf"(?P<down>{_DOWN})|(?P<up>{_UP})", re.IGNORECASE)
_CLAUSE = re.compile(r"[，。；！？;!?\n]|, ")


def find(text: str) -> list[Figure]:
    """Return the figures of `text` in order, not overlapping.

    Digits inside names (Qwen2.5, k0-math, B2B) and citation labels ([1]) are not figures.
    """
    flat = _same_length_fold(text)
    taken = [(m.start(), m.end()) for m in re.finditer(r"\[\d+\]", flat)]
    found = _dates(text, flat, taken)
    for pattern, read in ((_AMOUNT, _read_amount), (_CN_AMOUNT, _read_chinese)):
        for match in pattern.finditer(flat):
            if _overlaps(match.start("number"), match.end(), taken) or _inside_name(flat, match):
                continue
            found.append(read(text, flat, match))
            taken.append((match.start("number"), match.end()))
    return sorted(found, key=lambda f: f.start)


def agree(figure: Figure, source: Figure) -> Agreement:
    """Return whether `figure` says what `source` says.

    EXACT: same value, compatible unit, directions not opposed. ROUNDED: `figure` is printed more
    coarsely and equals `source` rounded to that precision. Everything else is NONE.
    """
    if not _compatible(figure, source) or figure.direction * source.direction < 0:
        return Agreement.NONE
    if figure.kind is Kind.DATE:
        return Agreement.EXACT if _same_date(figure.value, source.value) else Agreement.NONE
    if (figure.high is None) != (source.high is None):
        return Agreement.NONE
    if figure.value == source.value and figure.high == source.high:
        return Agreement.EXACT
    coarser = figure.high is None and figure.step > source.step
    if coarser and abs(figure.value - source.value) * 2 <= figure.step:
        return Agreement.ROUNDED
    return Agreement.NONE


def _same_length_fold(text: str) -> str:
    """Return `text` with full-width forms folded one to one, so offsets stay."""
    text = _WIDE_COMMA.sub(",", text)
    return "".join(
        c if len(n := unicodedata.normalize("NFKC", c)) != 1 or c in "，。；：！？（）" else n
        for c in text
    )


def _dates(text: str, flat: str, taken: list[tuple[int, int]]) -> list[Figure]:
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(flat):
            if _overlaps(match.start(), match.end(), taken) or _glued(flat, match.start(), "-"):
                continue
            taken.append((match.start(), match.end()))
            found.append(
                Figure(text[match.start() : match.end()], match.start(), match.end(), Kind.DATE,
                       _date_value(match.groupdict()), Decimal(1))
            )  # fmt: skip
    return found


def _date_value(parts: dict[str, str | None]) -> Decimal:
    short = int(parts.get("y2") or 0)
    year = int(parts.get("y") or 0) or (2000 + short if short else 0)
    name = parts.get("mon")
    month = _MONTHS.index(name.lower()) + 1 if name else int(parts.get("m") or 0)
    return Decimal(year * 10000 + month * 100 + int(parts.get("d") or 0))


def _same_date(one: Decimal, other: Decimal) -> bool:
    """Return whether every part that `one` states, `other` states alike."""
    a, b = int(one), int(other)
    parts = ((a // 10000, b // 10000), (a // 100 % 100, b // 100 % 100), (a % 100, b % 100))
    return all(x in (0, y) for x, y in parts)


def _read_amount(text: str, flat: str, match: re.Match[str]) -> Figure:
    g = match.groupdict()
    high_text = g["high"]
    scale = _scale(g["scale2"] or g["scale1"])
    low_scale = _scale(g["scale1"]) if g["scale1"] else scale
    number = Decimal(g["number"].replace(",", ""))
    unit_text = (g["unit1"] or g["unit2"] or g["before"] or "").lower()
    kind, unit = _unit(unit_text, scaled=bool(g["scale1"] or g["scale2"]))
    start = (
        match.start("before")
        if g["before"]
        else match.start("sign")
        if g["sign"]
        else match.start("number")
    )
    end = _trimmed_end(flat, match)
    sign = 0 if not g["sign"] else 1 if g["sign"] == "+" else -1
    return Figure(
        text=text[start:end], start=start, end=end, kind=kind,
        value=number * low_scale,
        step=Decimal(1).scaleb(int(number.as_tuple().exponent)) * low_scale,
        unit=unit,
        high=Decimal(high_text.replace(",", "")) * scale if high_text else None,
        mantissa=g["number"].replace(",", ""),
        direction=sign or _direction(flat, start),
    )  # fmt: skip


def _read_chinese(text: str, flat: str, match: re.Match[str]) -> Figure:
    value = _chinese_number(match["number"]) * _scale(match["scale"])
    kind, unit = _unit(match["unit"], scaled=bool(match["scale"]))
    if match["unit"] == "成":
        value, kind, unit = value * 10, Kind.PERCENT, "%"
    start, end = match.start(), match.end()
    return Figure(text[start:end], start, end, kind, value, Decimal(1) * _scale(match["scale"]), unit,
                  mantissa=str(value), direction=_direction(flat, start))  # fmt: skip


def _chinese_number(text: str) -> Decimal:
    """Return the value of a Chinese numeral below ten thousand (十二 = 12, 三百五十 = 350)."""
    total, digit = 0, 0
    for char in text:
        if char in _CN_PLACE:
            total += (digit or 1) * _CN_PLACE[char]
            digit = 0
        else:
            digit = _CN_DIGIT[char]
    return Decimal(total + digit)


def _scale(text: str | None) -> Decimal:
    return Decimal(_SCALES[text.lower()] if text else 1)


def _unit(text: str, *, scaled: bool) -> tuple[Kind, str]:
    if text in _RATIOS:
        return _RATIOS[text], "‰" if text == "‰" else ""
    if text in _CURRENCIES:
        return Kind.MONEY, _CURRENCIES[text]
    if text:
        return Kind.COUNT, text
    return (Kind.COUNT if scaled else Kind.NUMBER), ""


def _compatible(figure: Figure, source: Figure) -> bool:
    """Return whether the units may mean the same; a missing unit agrees with any amount."""
    kinds = {figure.kind, source.kind}
    if Kind.DATE in kinds:
        return len(kinds) == 1
    if len(kinds) == 2:
        return Kind.NUMBER in kinds or (
            kinds == {Kind.MONEY, Kind.COUNT} and "" in (figure.unit, source.unit)
        )
    if figure.unit == source.unit or not figure.unit or not source.unit:
        return True
    return source.unit in _GENERIC_MONEY.get(figure.unit, ()) or figure.unit in _GENERIC_MONEY.get(
        source.unit, ()
    )


def _direction(flat: str, start: int) -> int:
    """Return the sign that the words of the same clause before `start` give: the nearest wins."""
    floor = max(
        (m.end() for m in _CLAUSE.finditer(flat, max(0, start - 40), start)),
        default=max(0, start - 40),
    )
    signs = [-1 if m["down"] else 1 for m in _DIRECTION.finditer(flat, floor, start)]
    return signs[-1] if signs else 0


def _inside_name(flat: str, match: re.Match[str]) -> bool:
    """Return whether the digits belong to a name: glued to Latin letters that are no unit."""
    start, end = match.start("number"), match.end("number")
    if match.groupdict().get("before"):
        return False
    before = flat[start - 1] if start else ""
    if _LATIN.match(before) or (before in "-_" and start > 1 and _LATIN.match(flat[start - 2])):
        return True
    if match.re is _AMOUNT and not (
        match["scale1"] or match["unit1"] or match["scale2"] or match["unit2"]
    ):
        after = flat[end : end + 1]
        return bool(_LATIN.match(after)) or (
            after in ("-", "_") and bool(_LATIN.match(flat[end + 1 : end + 2]))
        )
    return False


def _trimmed_end(flat: str, match: re.Match[str]) -> int:
    end = match.end()
    while flat[end - 1].isspace():
        end -= 1
    return end


def _glued(flat: str, start: int, marks: str) -> bool:
    return start > 1 and flat[start - 1] in marks and bool(_LATIN.match(flat[start - 2]))


def _overlaps(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return any(start < e and s < end for s, e in taken)
