"""A figure in its setting -> the period it is of, and whether the words beside it say so.

The period beside the figure decides, then the one its sentence set before, then what stands around:
the sentence before, headings, title. Knows nothing of questions or answers.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rag import figures, period, years
from rag.clauses import LEANS, Setting
from rag.figures import Kind
from rag.period import Part, Period, Place


class Source(StrEnum):
    """How close to the figure its period is named."""

    BESIDE = "beside"
    """In its clause, between the figures before and after it; the head of its column or row."""
    BEFORE = "before"
    """Earlier in its sentence, and set for what follows."""
    AROUND = "around"
    """In the sentence before, a heading or the title."""
    NEAR_DATE = "near date"
    """Only the report's own date says it."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Timing:
    """The period a figure is of; None where nothing says it."""

    period: Period | None
    source: Source
    year_around: bool = False
    """Whether only what stands around names the year."""
    relative: bool = False
    """Whether the words are relative: 去年同期."""

    @property
    def stated(self) -> bool:
        """Return whether the sentence itself names the period."""
        return self.source in (Source.BESIDE, Source.BEFORE)


_FOLLOWS = re.compile(
    r"[ ]+(?:(?:in|at|for|during|of|as of|by|on)\s)?\s*(?:(?:the|fiscal|end of)\s)*", re.IGNORECASE
)
_QUALIFIES = re.compile(
    r"(?:[0-9%]|illion)\s(?:in|at|for|during|of)?\s*(?:the\s|fiscal\s)*$", re.IGNORECASE
)
_TOUCHES = re.compile(r"[ \u3000]*(?:的|为|约|是|同期|全年|,|，|'s|the|[ \u3000])*", re.IGNORECASE)
_COMPARED = re.compile(
    r"(?:[比较由从自于]|高于|低于|(?:\b(?:against|from|than|versus|vs\.?|over|compared (?:with|to)|after)\b))"
    r"[ \u3000]*(?:the\s)?$",
    re.IGNORECASE,
)


_BEGAN = re.compile(r"(?:[自从]|始于|\bsince )$", re.IGNORECASE)
"""自2019年…，截至6月30日: the day need not be of the year in which something began."""
_YEAR = re.compile(r"20[0-9]{2}年")
_OPENED = re.compile(r"[ \u3000]*[（(](?:截?至|到|对应)?[ \u3000]*")
_CLOSED = re.compile(r"[^0-9（()）]{0,8}[)）]")


def of(
    text: str,
    setting: Setting,
    around: Sequence[Period] = (),
    date: Period | None = None,
    published: str | None = None,
) -> Timing:
    """Return the period of the figure of `setting`, which stands in `text`.

    Args:
        text: What the setting was read from.
        setting: The figure and its sentence.
        around: Periods of the sentence before, of headings and title, nearest first.
        date: The year of the report, for what nothing else dates.
        published: The day of the report, "" where it is not known; None for a draft.
    """
    stated, around = around, (*around, date) if date else tuple(around)
    base = next((p for p in around if p.year), None)
    start, end = setting.sentence
    by_name = setting.cell or setting.listed or _YEAR.fullmatch(setting.name)
    named_here = setting.name if by_name else ""
    for words in (named_here, setting.near if setting.cell else ""):
        named = period.places(words, base)
        if named:
            others = [*(p.period for p in named), *around]
            return _dated(named[-1], Source.BESIDE, others, around)
    inside = [
        p
        for p in period.places(text[start:end], base)
        if not _since(text, start + p.start)
        and not _ATTRIBUTE.match(text, start + p.end)
        and not _BASE_OF.match(text, start + p.end)
        and not (
            _SHARE_OF.search(text[start : start + p.start]) and _TOTAL.match(text, start + p.end)
        )
    ]
    found, source = _within(text, setting, inside)
    if found is None and _THIS_WEEK.search(f"{setting.clause} {setting.near}"):
        stated = tuple(p for p in stated if not p.day)
    if found is None:
        if stated:
            year = stated[0].year or next((p.year for p in stated if p.year), None)
            return Timing(replace(stated[0], year=year), Source.AROUND)
        return Timing(date, Source.NEAR_DATE) if date else Timing(None, Source.NONE)
    before = [
        p.period
        for p in inside
        if p.end + start <= setting.figure.start
        and not p.relative
        and not _BEGAN.search(text[start : start + p.start])
    ]
    if _SAME.match(text, start + found.end):
        found = _as_long(found, (*before[::-1], *around))
    elif found.relative and _LAST_YEAR.fullmatch(found.period.text):
        found = _as_long(found, before[::-1][:1])
    timing = _dated(found, source, before[::-1], around)
    return timing if published is None else _by_calendar(timing, text[start:end], published)


_SAME = re.compile(r"[ \u3000]*的?同期")
"""2023年同期: the part of that year that the text speaks of."""
_LAST_YEAR = re.compile(r"[上去]年|[上前]一年")
"""Behind a figure of a part of the year, that part of the year before: 三季度10亿元，上年为8亿元."""


_THIS_WEEK = re.compile(r"[本当上][周週]|\b(?:this|last) week\b")
"""A week of the report's, whatever day the sentence before is of."""


def _as_long(place: Place, others: Sequence[Period]) -> Place:
    """Return a year's period with the part of the year that the nearest of `others` names."""
    part = next((p.part for p in others if p.part is not Part.FULL), Part.FULL)
    whole = place.period.part is Part.FULL and not place.period.month
    return replace(place, period=replace(place.period, part=part)) if whole else place


_ATTRIBUTE = re.compile(r"[ \u3000]*(?:之?前|之?后|以[前后])[^，。；、0-9]{1,8}的")
"""2018年4月30日前注册的车: the time is of the thing, not of the figure."""


_BASE_OF = re.compile(r"[^，。；、0-9]{0,14}为(?:基[数准期]|比较基础)")
"""以2024年净利润为基数: the time that targets are measured from, of no figure that follows."""


_SHARE_OF = re.compile(r"(?:占|完成|达到?|相当于|实现)了?(?:公司|集团)?$")
_TOTAL = re.compile(
    r"(?:[^，。；、]{0,14}?(?:目标|额度|计划|任务|指引|预算|预测|总[额量]|限额))?[^，。；、]{0,4}的"
)
"""占全年4.4万亿元额度的37%, 完成全年目标的六成: the time of what it is a share of."""


_CALENDAR = re.compile(
    r"(?P<two>前年)|(?P<last>去年|上年|上一年|last year)|(?P<this>今年|本年|this year)",
    re.IGNORECASE,
)


def _by_calendar(timing: Timing, sentence: str, published: str) -> Timing:
    """Return the timing of a figure of 去年8月 by the year of writing, where its sentence names no year.

    The sentence before may be of any year: "2022年全年出口311万辆。去年8月…" is written in 2023. Where
    nothing says when the report came out, the year stays open.
    """
    stated = timing.period
    word = _CALENDAR.match(stated.text) if stated and stated.month and timing.relative else None
    if stated is None or word is None or _YEAR.search(sentence):
        return timing
    ago = ("this", "last", "two").index(word.lastgroup or "this")
    return replace(
        timing, period=replace(stated, year=int(published[:4]) - ago if published else None)
    )


def is_base(before: str) -> bool:
    """Return whether a period behind `before` only says what is compared with: 由2023年的43.2%提高到44.4%."""
    return _COMPARED.search(before) is not None


def _since(text: str, start: int) -> bool:
    """Return whether a period only says since when: 2,450 more since January."""
    return "since " in text[max(0, start - 6) : start + 6].lower()


def _within(text: str, setting: Setting, inside: Sequence[Place]) -> tuple[Place | None, Source]:
    start = setting.sentence.start
    low, high = setting.near_span
    at = setting.figure.start - start
    beside = [
        p
        for p in inside
        if low - start <= p.start
        and p.end <= at
        and not _of_figure_before(text, low, start + p.start)
        and not _in_brackets_after(text, low, start + p.start, start + p.end)
        and not _compares(text, start, p, setting.figure.start)
    ]
    if beside:
        return beside[-1], Source.BESIDE
    end = setting.figure.end
    after = [
        p
        for p in inside
        if p.start >= end - start
        and (
            p.end <= high - start
            or _of_figure_before(text, end, start + p.start)
            or _in_brackets_after(text, end, start + p.start, start + p.end)
        )
        and not _COMPARED.search(text[start : start + p.start])
    ]
    if after:
        return after[0], Source.BESIDE
    shared = [run.span for run in years.runs(text)]  # of the figures that they are shared out to
    before = [
        p
        for p in inside
        if p.end <= low - start
        and not p.relative
        and not _COMPARED.search(text[start : start + p.start])
        and not _of_any(text, setting, start + p.start)
        and not any(run.start <= start + p.start < run.end for run in shared)
    ]
    return (before[-1], Source.BEFORE) if before else (None, Source.NONE)


def _compares(text: str, start: int, place: Place, at: int) -> bool:
    """Return whether a period is only what the figure is compared with: 比上年增长5%."""
    compared = _COMPARED.search(text[start : start + place.start])
    return bool(compared) and not _TOUCHES.fullmatch(text, start + place.end, at)


def _of_figure_before(text: str, end: int, start: int) -> bool:
    """Return whether a period at `start` qualifies the figure that ends at `end`: 5% in 2024."""
    return _FOLLOWS.fullmatch(text, end, start) is not None


def _in_brackets_after(text: str, end: int, start: int, past: int) -> bool:
    """Return whether a period stands in brackets of its own behind a figure: 295亿元(至2025年累计)."""
    return bool(_OPENED.fullmatch(text, end, start)) and bool(_CLOSED.match(text, past))


def _of_any(text: str, setting: Setting, start: int) -> bool:
    """Return whether a period at `start` qualifies a figure right before it: $130 billion in 2025."""
    return _QUALIFIES.search(text[setting.sentence.start : start]) is not None


def _dated(
    place: Place, source: Source, before: Sequence[Period], around: Sequence[Period]
) -> Timing:
    """Return the timing with the year that the words before it, else around it, give."""
    found = place.period
    if found.year:
        return Timing(found, source, relative=place.relative)
    near = next((p.year for p in before if p.year), None)
    far = next((p.year for p in around if p.year), None)
    dated = replace(found, year=near or far)
    return Timing(dated, source, near is None and far is not None, place.relative)


def captioned(title: str) -> tuple[Period, ...]:
    """Return the period that the title of a table gives its cells; none where it names several."""
    periods = tuple(period.find(title))
    return periods if len(periods) == 1 else ()


def narrower(claimed: Period, stated: Period) -> bool:
    """Return whether `claimed` is a part of the year where `stated` is the year as a whole."""
    part = claimed.part not in (Part.FULL, Part.YEAR) or claimed.month is not None
    whole = stated.year is not None and stated.part in (Part.FULL, Part.YEAR)
    return part and whole and not stated.month


@functools.lru_cache(maxsize=2048)
def main(sentence: str) -> Period | None:
    """Return the period that a sentence sets for the next: one that it names before any figure.

    None for an aside to the sentence before: 2024年全年为986.5亿元.
    """
    if LEANS.match(sentence):
        return None
    amounts = (f.start for f in figures.find(sentence) if f.kind is not Kind.DATE)
    first = next(amounts, len(sentence))
    places = [
        p
        for p in period.places(sentence)
        if not p.relative
        and p.start < first
        and (p.period.part is not Part.YEAR or p.period.year)  # 全年指引 is no time of what follows
        and not _COMPARED.search(sentence[: p.start])
    ]
    since = [p for p in places if not _SINCE.match(sentence, p.end)]
    return (since or places)[-1].period if places else None


_SINCE = re.compile("以来|之?前|以前")
