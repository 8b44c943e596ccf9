"""Report periods in text and questions: 三季度, Q3, 前三季度, 上半年, 11月, 去年同期, 2024E.

A period is a stretch of a year, or a year, or a month of unknown year. Reads words; knows nothing
of documents. Relative words (去年同期) lean on the nearest period with a year in the same text, or
on the one the caller gives; without either they stay open.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rag import figures, numerals


class Part(StrEnum):
    """Which part of a year; FULL when no part is named."""

    FULL = "full"
    Q1 = "q1"
    Q2 = "q2"
    Q3 = "q3"
    Q4 = "q4"
    H1 = "h1"
    H2 = "h2"
    M9 = "9m"
    """前三季度: the first nine months, which is not Q3."""
    YEAR = "year"
    """全年, said in so many words."""
    MONTHS = "months"
    """Another run of months, 1-11月; `Period.month` is the last of them."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time; None and FULL where the words leave it open."""

    text: str
    year: int | None
    part: Part = Part.FULL
    month: int | None = None
    day: int | None = None


_MONTHS_OF = {
    Part.Q1: (1, 3), Part.Q2: (4, 6), Part.Q3: (7, 9), Part.Q4: (10, 12),
    Part.H1: (1, 6), Part.H2: (7, 12), Part.M9: (1, 9), Part.YEAR: (1, 12),
}  # fmt: skip
_PART_OF = {months: part for part, months in _MONTHS_OF.items()}
_QUARTERS = (Part.Q1, Part.Q2, Part.Q3, Part.Q4)

_G = r"[ \u3000]{0,2}"
_Y4 = r"(?:19|20)[0-9]{2}"
_CHINESE = (
    (Part.M9, r"[前首头][三3][个個]?季度?|[前首头][九9][个個]?月|[一1][至到-][三3]季度"),
    (Part.H1, r"[前首头][二两2][个個]?季度?|[前首头][六6][个個]?月|上半[财財]?年|半年报|中报|中期(?=业绩|报告|股息|财报|分红)"),
    (Part.H2, r"下半[财財]?年"),
    (Part.Q1, r"第 ?[一1] ?[财財]?季度?|(?:(?<![上下這这每同后前首头])一|(?<![0-9.前首头])1 ?)季[度报報末]|首季度?"),
    (Part.Q2, r"第 ?[二2] ?[财財]?季度?|(?:(?<![前首头])二|(?<![0-9.前首头])2 ?)季[度报報末]"),
    (Part.Q3, r"第 ?[三3] ?[财財]?季度?|(?:(?<![前首头])三|(?<![0-9.前首头])3 ?)季[度报報末]"),
    (Part.Q4, r"[末尾]季(?!节)|第 ?[四4] ?[财財]?季度?|(?:(?<![前首头])四|(?<![0-9.前首头])4 ?)季[度报報末]"),
    (Part.YEAR, r"全年度?(?!(?:增速|业绩|表现)?最)|年报(?!告期)"),
)  # fmt: skip
_ENGLISH = (
    (Part.M9, r"(?:first )?(?:nine|9) months|first three quarters"),
    (
        Part.H1,
        r"(?:first|1st)[- ]half|half[- ]year|interim results|middle(?= of (?:19|20)[0-9]{2})",
    ),
    (Part.H2, r"(?:second|2nd)[- ]half"),
    (Part.Q1, r"(?:first|1st)[- ](?:fiscal[- ])?quarter"),
    (Part.Q2, r"(?:second|2nd)[- ](?:fiscal[- ])?quarter"),
    (Part.Q3, r"(?:third|3rd)[- ](?:fiscal[- ])?quarter"),
    (Part.Q4, r"(?:fourth|4th|final)[- ](?:fiscal[- ])?quarter"),
    (Part.YEAR, r"full[- ](?:fiscal )?year"),
)


def _named(parts: Sequence[tuple[Part, str]]) -> str:
    return "(?:" + "|".join(f"(?P<{part.name}>{words})" for part, words in parts) + ")"


_CODE = r"(?P<code>Q[1-4]|[1-4]Q|H[12]|[12]H|9M)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        rf"(?:(?<![0-9])(?:(?P<y>{_Y4}){_G}(?:年度?|[财財]年)?|(?P<y2>[0-9]{{2}}){_G}(?:年|[财財]年)){_G}的?{_G}单?)?"
        + _named(_CHINESE),
        rf"(?<![A-Za-z0-9.])(?:FY|CY)?(?:(?P<y>{_Y4})|'?(?P<y2>[0-9]{{2}}))(?:{_G}[财財]?年{_G}|[-/ ]?){_CODE}[EAF]?(?![A-Za-z0-9])",
        rf"(?<![A-Za-z0-9])(?:{_CODE})(?:[ ,]?{_G}(?:of )?(?:FY|CY|fiscal (?:year )?)?[/ ]?(?P<y>{_Y4})(?:{_G}[财財]?年)?"
        r"|(?:(?<=[QHM])|[ ]?['’]|[ ]?FY)(?P<y2>[0-9]{2}))?[EAF]?(?![A-Za-z0-9])",
        rf"(?:\b(?P<y>{_Y4})(?:'s|’s)? )?{_named(_ENGLISH)}(?: (?:results|period))?"
        rf"(?:,? (?:of |in |ended )?(?:fiscal (?:year )?|FY ?)?(?P<after>{_Y4}))?",
    )
)
_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
_NUMERALS = "one two three four five six seven eight nine ten eleven".split()
_RUN_OF_MONTHS = re.compile(
    rf"\b(?P<first>{_MONTH}) ?(?:[-–—~]|to|through) ?(?P<last>{_MONTH})(?:,? (?:of )?(?P<y>{_Y4}))?(?![0-9])"
    rf"|\bfirst (?P<count>[1-9]|1[01]|{'|'.join(_NUMERALS)}) months(?: (?:of|in) (?P<y2>{_Y4}))?",
    re.IGNORECASE,
)
"""January-July 2018, the first seven months of 2018."""
_RELATIVE = re.compile(
    r"(?P<same>(?:去年|上年|前一年)同[期季月]|(?:the )?same (?:period|quarter|month) (?:of )?(?:last|the (?:previous|prior)) year"
    r"|a year (?:ago|earlier)|year-ago|prior-year|previous year)"
    r"|(?P<two>前年)|(?P<last>去年|上年|上一年|last year)|(?P<this>今年|本年度?|当年|this year)|(?P<next>明年|次年|next year)"
    r"|(?P<quarter>上一?[个個]?季度?(?!节)|(?:previous|prior|preceding|last) quarter)|(?P<month>上[个個]?月|last month|previous month)",
    re.IGNORECASE,
)
_YEARS_ON = {"same": -1, "two": -2, "last": -1, "this": 0, "next": 1}


@dataclass(frozen=True, slots=True)
class Place:
    """A period and where in the text it is named; `relative` when in words like 去年同期."""

    start: int
    end: int
    period: Period
    relative: bool = False


def find(text: str, base: Period | None = None) -> list[Period]:
    """Return the periods of `text` in order; a year inside a larger period is not repeated.

    Args:
        text: Any text.
        base: What relative words lean on where `text` itself names no year before or after them.
    """
    return [place.period for place in places(text, base)]


@functools.lru_cache(maxsize=4096)
def places(text: str, base: Period | None = None) -> tuple[Place, ...]:
    """Return what `find` returns, with offsets."""
    taken = bytearray(len(text))
    spans = _absolute(text, taken)
    starts = [s.start for s in spans]
    dated = [s for s in spans if s.period.year]
    ends = [s.end for s in dated]
    found = {s.start: s for s in spans}
    for match in _RELATIVE.finditer(text):
        if any(taken[match.start() : match.end()]):
            continue
        # The last period with a year before the word, else the first after it.
        at = max(bisect.bisect_right(ends, match.start()) - 1, 0)
        anchor = dated[at].period if dated else base
        period = _shifted(match, anchor) if anchor else Period(match.group(), None)
        at = bisect.bisect_left(starts, match.end())
        if at < len(spans) and _explained(text, match.end(), spans[at]):
            continue
        if at < len(spans) and _qualifies(text, match.end(), spans[at]):
            after = spans[at]
            if at + 1 < len(spans) and _explained(text, after.end, spans[at + 1]):
                del found[after.start]  # 去年一季度（2024年一季度）
                continue
            words = text[match.start() : after.end]
            named = replace(after.period, text=words, year=period.year)
            found[after.start] = Place(match.start(), after.end, named, relative=True)
        else:
            found[match.start()] = Place(match.start(), match.end(), period, relative=True)
    return tuple(found[start] for start in sorted(found))


_ENDS = (
    {Part.Q1},
    {Part.Q2, Part.H1},
    {Part.Q3, Part.M9},
    {Part.Q4, Part.H2, Part.YEAR, Part.FULL},
)


def end_alike(one: Period, other: Period) -> bool:
    """Return whether two periods end on one day: the end of 三季度 is that of 前三季度."""
    apart = one.year and other.year and one.year != other.year
    alike = any({one.part, other.part} <= ends for ends in _ENDS)
    return not apart and alike and one.month == other.month is None


_BY_END = re.compile(
    r"截至|截止|到[^，。？]{0,6}月[底末]|\bby (?:the )?end of|\bas (?:of|at)\b", re.IGNORECASE
)


def up_to(question: str, wanted: Sequence[Period], stated: Period) -> bool:
    """Return whether a sum up to a month's end is asked for and `stated`: by the end of May, 1-5月."""
    return bool(_BY_END.search(question)) and all(
        w.month and stated.part is Part.MONTHS and w.month == stated.month for w in wanted
    )


def conflicts(asked: Period, stated: Period) -> bool:
    """Return whether `stated` names another time than `asked`; openness is no conflict.

    A day inside the asked part is none either (the balance of 30 September in a question for the
    third quarter); a single month and the months up to it are two times.
    """
    if asked.year and stated.year and asked.year != stated.year:
        return True
    if Part.FULL not in (asked.part, stated.part) and asked.part is not stated.part:
        return True
    if (asked.part is Part.FULL) != (stated.part is Part.FULL):
        single, part = (stated, asked) if stated.part is Part.FULL else (asked, stated)
        return bool(single.month) and _apart(single, part)
    if asked.month and stated.month and asked.month != stated.month:
        return True
    return bool(asked.day and stated.day and asked.day != stated.day)


def covers(stated: Period, asked: Period) -> bool:
    """Return whether `stated` names everything that `asked` names, and alike."""
    has_part = stated.part is not Part.FULL or (asked.part is Part.YEAR and not stated.month)
    return not conflicts(asked, stated) and all(
        not wanted or have
        for wanted, have in (
            (asked.year, stated.year),
            (asked.part is not Part.FULL, has_part),
            (asked.month, stated.month),
            (asked.day, stated.day),
        )
    )


def _apart(single: Period, part: Period) -> bool:
    """Return whether a month or day is another time than a part of the year."""
    first, last = _MONTHS_OF.get(part.part, (1, part.month or 12))
    inside = first <= (single.month or 0) <= last
    cumulative = part.part in (Part.M9, Part.YEAR, Part.MONTHS)
    return not inside or (cumulative and not single.day)


def _absolute(text: str, taken: bytearray) -> list[Place]:
    """Return the periods named outright, in order; marks their offsets in `taken`."""
    spans: list[Place] = []
    flat = numerals.half_width(text)
    for match in _RUN_OF_MONTHS.finditer(flat):
        _append(spans, taken, Place(match.start(), match.end(), _run(match)))
    for pattern in _PATTERNS:
        for match in pattern.finditer(flat):
            period = replace(_period(match), text=text[match.start() : match.end()].strip())
            _append(spans, taken, Place(match.start(), match.end(), period))
    for figure in figures.find(text):
        if figure.kind is figures.Kind.DATE:
            _append(spans, taken, Place(figure.start, figure.end, _dated(figure)))
    return sorted(spans, key=lambda s: s.start)


def _append(spans: list[Place], taken: bytearray, span: Place) -> None:
    if not any(taken[span.start : span.end]):
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
        spans.append(span)


def _period(match: re.Match[str]) -> Period:
    found = match.groupdict()
    year = found.get("y") or found.get("after")
    if short := found.get("y2"):
        year = f"20{short}"
    if code := found.get("code"):
        part = (
            Part.M9 if code.upper() == "9M" else Part("".join(sorted(code.lower(), reverse=True)))
        )
    else:
        part = next(p for p in Part if found.get(p.name))
    return Period(match.group(), int(year) if year else None, part)


def _run(match: re.Match[str]) -> Period:
    """Return the months from the first to the last that are named, or that are counted."""
    year = match["y"] or match["y2"]
    if count := match["count"]:
        first, last = 1, int(count) if count.isdecimal() else _NUMERALS.index(count.lower()) + 1
    else:
        first, last = (_SHORT.index(match[n][:3].lower()) + 1 for n in ("first", "last"))
    part = _PART_OF.get((first, last), Part.MONTHS)
    month = last if part is Part.MONTHS else None
    return Period(match.group(), int(year) if year else None, part, month)


_SHORT = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _dated(figure: figures.Figure) -> Period:
    value = int(figure.value)
    year, month, day = value // 10000 or None, value // 100 % 100 or None, value % 100 or None
    if figure.high is None:
        return Period(figure.text, year, Part.FULL, month, day)
    last = int(figure.high) // 100 % 100
    part = _PART_OF.get((month or 0, last), Part.MONTHS)
    return Period(figure.text, year, part, last if part is Part.MONTHS else None)


def _qualifies(text: str, end: int, after: Place) -> bool:
    """Return whether a relative word that ends at `end` is the year of the period after it."""
    between = text[end : min(after.start, end + 4)]
    return after.start - end < 4 and not after.period.year and not between.strip(" \u3000的")


def _explained(text: str, end: int, after: Place) -> bool:
    """Return whether brackets behind a relative word that ends at `end` say which period it is."""
    return bool(
        after.period.year
        and _OPENS.fullmatch(text, end, after.start)
        and text[after.end : after.end + 1] in (")", "）")
    )


_OPENS = re.compile(r"[ \u3000]*[（(](?:即|也就是|指|i\.e\. ?)?[ \u3000]*")
"""去年同期（2023年三季度）."""


def _shifted(match: re.Match[str], anchor: Period) -> Period:
    """Return the period that a relative word names beside `anchor`."""
    sort, words = match.lastgroup or "", match.group()
    if sort == "same" and anchor.year:
        return replace(anchor, text=words, year=anchor.year - 1)
    if sort in _YEARS_ON and anchor.year:
        return Period(words, anchor.year + _YEARS_ON[sort])
    if sort == "quarter" and anchor.part in _QUARTERS:
        at = _QUARTERS.index(anchor.part) - 1
        return Period(words, anchor.year and anchor.year - (at < 0), _QUARTERS[at])
    if sort == "month" and anchor.month:
        month = anchor.month - 1
        return Period(words, anchor.year and anchor.year - (not month), month=month or 12)
    return Period(words, None)
