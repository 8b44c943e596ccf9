"""Dates in running text: 2024年11月16日, 11/16, 16 November 2024, 24年, FY2024, 3Q24, 2025E.

Text -> where a date stands and which of year, month and day it names. Reads digits, Chinese
numerals and English months; which part of a year is meant (三季度) is left to `rag.period`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag import numerals


class Day(NamedTuple):
    """What a date names; zero for a part it leaves open."""

    year: int = 0
    month: int = 0
    day: int = 0

    @property
    def number(self) -> int:
        """Return the date as YYYYMMDD."""
        return self.year * 10000 + self.month * 100 + self.day


class Date(NamedTuple):
    """A date in a text; `last` is set for a run of months such as 1-9月."""

    start: int
    end: int
    first: Day
    last: Day | None = None


_G = r"[ \u3000]{0,2}"
_TO = rf"{_G}(?:[-–—~〜至到]|——){_G}"
_Y = r"(?<![0-9.])(?<![A-Za-z])(?P<y>(?:19|20)[0-9]{2})"
_M = r"(?P<m>1[0-2]|0?[1-9])"
_D = r"(?P<d>3[01]|[12][0-9]|0?[1-9])"
_M2 = r"(?P<m2>1[0-2]|0?[1-9])"
_D2 = r"(?P<d2>3[01]|[12][0-9]|0?[1-9])"
_MON = (
    r"(?P<mon>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CN_MONTH = r"(?P<cm>十[一二]?|[一二三四五六七八九])月"
_CN_DAY = r"(?P<cd>(?:[一二]?十|三十)[一二三四五六七八九]?|[一二三四五六七八九])[日号號]"
_FISCAL = r"(?:FY|CY|'|’)?"
# What makes 24年 a length of time and not the year 2024.
_LASTS_BEFORE = r"(?<![近去历经达满期共约第超逾前后每来有长立于为刑判续限龄])(?<![近去历经达满期共约第超逾前后每来有长立于为刑判续限龄][ \u3000])"
_LASTS_AFTER = r"(?![ \u3000]?(?:以?来|间|内|期|以上|以后|之?后|之?前(?![一二三四1-4两]|[0-9九]个?月)|历史|经验|的?时间|之久|左右|[余多国]|/))"
_UNIT_AFTER = rf"(?!{_G}(?:[%‰xX×万萬亿億元倍家款人个個多余辆輛台名位套吨股点期页只项種种户件次条分天]|pct|bp|billion|million|bn|mn))"

_PATTERNS = tuple(
    re.compile(pattern, re.ASCII | flags)
    for pattern, flags in (
        # Runs of months: 2024年1-9月, 1月至9月.
        (rf"(?:{_Y}{_G}年{_G})?(?<![0-9./])(?P<m>1[0-2]|0?[1-9]){_G}(?:月份?)?{_TO}{_M2}{_G}月(?!{_G}[0-9]{{1,2}}{_G}[日号號])", 0),
        # Days, the end of a run of days included: 11月1日至12日.
        (rf"(?:{_Y}{_G}年{_G})?(?<![0-9.]){_M}{_G}月{_G}{_D}{_G}[日号號]?{_TO}{_D2}{_G}[日号號]", 0),
        (rf"(?<![0-9.]){_M}\.{_D}{_TO}(?P=m)\.{_D2}(?=[)）]|{_G}(?:[这那当本该一]?一?[周週]|期间))", 0),
        (rf"{_Y}{_G}年{_G}{_M}{_G}月(?:份(?!额)|{_G}{_D}{_G}[日号號])?", 0),
        (rf"{_Y}{_G}(?P<cut>[-/.]){_G}{_M}(?P=cut){_D}(?![0-9])", 0),
        (r"(?<![0-9.])(?P<y>(?:19|20)[0-9]{2})(?P<m>1[0-2]|0[1-9])(?P<d>3[01]|[12][0-9]|0[1-9])(?![0-9.,])" + _UNIT_AFTER, 0),
        (rf"{_Y}[-/](?P<m>1[0-2]|0[1-9])(?![0-9年%]|[-/.][0-9])", 0),
        (rf"(?<![0-9.])(?:(?P<yy>[0-3][0-9]){_G}年{_G})?(?<![0-9.]){_M}{_G}月{_G}{_D}{_G}[日号號]", 0),
        (rf"(?<![0-9./:A-Za-z-])(?<!约)(?<!近)(?<!超)(?<!占){_M}/{_D}(?:{_G}[日号號]|(?!{_G}(?:[0-9/.%xX×倍]|[,，][0-9]{{3}}|的|以上|以下|左右)))", 0),
        (rf"(?<![0-9.])(?<![A-Za-z])(?P<yy>[0-3][0-9]){_G}年{_G}{_M}{_G}月(?:份(?!额))?", 0),
        # English, runs of days first: 7-11 July 2025, November 11 to 15.
        (rf"(?<![0-9.,])(?P<d>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?:{_TO}| to ){_D2}(?:st|nd|rd|th)?(?: of)? {_MON}(?![A-Za-z])(?:,? (?P<y>(?:19|20)[0-9]{{2}}))?", re.I),
        (rf"(?<![A-Za-z]){_MON} ?{_D}(?:st|nd|rd|th)?(?:{_TO}| to ){_D2}(?:st|nd|rd|th)?(?![0-9A-Za-z%]|[.,][0-9])(?:,? (?P<y>(?:19|20)[0-9]{{2}}))?", re.I),
        (rf"(?<![0-9.])(?P<d>3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?: of)?[ -]{_MON}(?![A-Za-z])(?:,?[ -](?P<y>(?:19|20)[0-9]{{2}}))?", re.I),
        (rf"(?<![A-Za-z]){_MON} ?{_D}(?:st|nd|rd|th)?(?![0-9A-Za-z%]|[.,][0-9])(?:,? (?P<y>(?:19|20)[0-9]{{2}}))?", re.I),
        (rf"(?<![A-Za-z]){_MON},?[ -](?P<y>(?:19|20)[0-9]{{2}})(?![0-9])", re.I),
        (rf"\b(?:[Ii]n|[Oo]f|[Bb]y|[Ss]ince|[Dd]uring|[Uu]ntil|[Tt]hrough|[Ff]rom|[Tt]o|[Ll]ast|[Ee]arly|[Ll]ate|[Mm]id|[Ee]nd)[ -]{_MON}(?![A-Za-z])", 0),
        # Years with a quarter or a half glued on, fiscal years, estimates.
        (rf"(?<![0-9A-Za-z.])(?:[1-4]Q|[12]H|9M){_G}{_FISCAL}(?P<yq>(?:20)?[0-3][0-9])(?![0-9])", re.I),
        (rf"(?<![0-9A-Za-z.]){_FISCAL}(?P<yq>(?:20)?[0-3][0-9])(?=(?:Q[1-4]|H[12]|9M|[1-4]Q|[12]H|M9)(?![0-9]))", re.I),
        (r"(?<![0-9A-Za-z])(?:FY|CY)(?:[ '’]|/)?(?P<yq>(?:20)?[0-9]{2})(?![0-9])", re.I),
        (r"(?<=[QH][1-4])[ ]?['’](?P<yq>[0-3][0-9])(?![0-9])", re.I),
        (rf"{_Y}(?:{_G}(?:年度?|[财財]年)|{_G}[EAF](?![A-Za-z0-9股]))", 0),
        (r"(?<![0-9A-Za-z.])(?P<yq>[1-3][0-9])[EAF](?![A-Za-z0-9股])", 0),
        (rf"(?<![0-9.])(?<![A-Za-z]){_LASTS_BEFORE}(?P<yy>1[5-9]|2[0-9]){_G}(?:年|[财財]年){_LASTS_AFTER}", 0),
        (rf"(?<![0-9.])(?<![A-Za-z]){_LASTS_BEFORE}(?P<yy>[0-3][0-9]){_G}年(?={_G}(?:[一二三四1-4][ 季]|[上下]半年|前[三九39]|第|Q|全年|[底初末度]))", 0),
        # Chinese numerals.
        (rf"(?P<cy>[一二][〇零○九][〇零○一二三四五六七八九]{{2}})年(?:{_CN_MONTH})?(?:(?<=月){_CN_DAY})?", 0),
        (rf"(?<![第个一二三四五六七八九十]){_CN_MONTH}{_CN_DAY}", 0),
        (rf"(?<![第个一二三四五六七八九十]){_CN_MONTH}(?=[份底初末中上下]|[，。、；：,的]|$)", 0),
        # Month, day or year alone.
        (rf"(?<![0-9.第]){_M}{_G}月(?:份(?!额))?", 0),
        (rf"(?<![0-9.第])(?<![近前后续每共满期]){_D}{_G}[日号號](?![均线内游活化]|年化|移动)", 0),
        (r"(?<![0-9.,$¥A-Za-z证])(?<!罗素)(?<!Russell )(?P<y>(?:19|20)[0-9]{2})(?![0-9A-Za-z%]|[.,][0-9])" + _UNIT_AFTER, 0),
    )
)  # fmt: skip


def find(text: str, taken: bytearray) -> list[Date]:
    """Return the dates of `text`, most specific form first; marks and respects `taken` offsets."""
    found: list[Date] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            dates = list(_read(match))
            if dates:
                taken[start:end] = b"\1" * (end - start)
                found += dates
    return found


def _read(match: re.Match[str]) -> Iterator[Date]:
    parts = match.groupdict()
    first = Day(_year(parts), _month(parts), _day(parts))
    start, end = match.span()
    if m2 := parts.get("m2"):
        if int(m2) > first.month:
            yield Date(start, end, first, first._replace(month=int(m2)))
    elif d2 := parts.get("d2"):
        yield Date(start, match.end("d"), first)
        yield Date(match.start("d2"), end, first._replace(day=int(d2)))
    else:
        yield Date(start, end, first)


def _year(parts: dict[str, str | None]) -> int:
    if year := parts.get("y"):
        return int(year)
    if short := parts.get("yy") or parts.get("yq"):
        return int(short) if len(short) == 4 else 2000 + int(short)
    if written := parts.get("cy"):
        return numerals.value(written)
    return 0


def _month(parts: dict[str, str | None]) -> int:
    if name := parts.get("mon"):
        return _MONTHS.index(name[:3].lower()) + 1
    if written := parts.get("cm"):
        return numerals.value(written)
    return int(parts.get("m") or 0)


def _day(parts: dict[str, str | None]) -> int:
    if written := parts.get("cd"):
        return numerals.value(written)
    return int(parts.get("d") or 0)
