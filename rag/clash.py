"""A drafted figure and one of a passage -> whether they are of the same time and the same subject.

What the draft states counts, else what the question asks for. A period that only stands around the
figure, or a year that only the report's date suggests, is weaker than one its sentence states.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from rag import measures, period, table, timing
from rag.binding import TURN, Slot
from rag.figures import Kind
from rag.measures import named
from rag.period import Part, Period
from rag.question import Query, content_terms
from rag.text import fold
from rag.timing import Source
from rag.trend import Role

OTHER_TIME = 0.3
"""What a place of another time loses."""
_MOVES = frozenset({"#growth", "~yoy", "~qoq"})
_BASES = frozenset({"~yoy", "~qoq"})
"""What a change is reckoned from: the year before, or the quarter before."""
_CLOSE = 0.8
"""Words that touch a figure or stand in its clause."""
_BEHIND = 0.7
"""Words that follow a figure: 手里还有67.2亿元在手订单."""
_SAME_TIME = 0.1
"""What a place gains whose own sentence names the time."""


class Match(NamedTuple):
    """How the times of two figures relate."""

    clash: str | None = None
    """The words for the other time, where they are of different ones."""
    shift: float = 0.0
    """What the likeness gains or loses by it."""


def match(query: Query, claim: Slot, slot: Slot, around: str) -> Match:
    """Return how the time of `slot` relates to the claim's.

    Args:
        query: Its periods count where the draft states none.
        claim: A drafted figure.
        slot: A figure of a passage.
        around: The passage with its headings and title.
    """
    if other_number(query, slot):
        return Match(slot.setting.name, -OTHER_TIME)
    if of_this_year(query, slot):
        return Match("this year", -OTHER_TIME)
    base, other = _BASES & claim.words.keys(), _BASES & slot.near
    if base and other and not base & other:
        return Match("another comparison", -OTHER_TIME)
    stated, wanted = slot.timing.period, _wanted(query, claim)
    if not wanted or (claim.timing.relative and slot.timing.relative):
        return Match()
    came_from = "~from" in slot.near
    if _unasked(query, claim, wanted[0]) and not (came_from or _vouches(slot, wanted[0])):
        return Match(stated.text if stated else "another time", -OTHER_TIME)
    if stated is None:
        return Match()
    moved = came_from if claim.timing.stated else slot.moves
    if slot.timing.source is Source.AROUND and moved:
        return Match()  # the level it came from is of an earlier period than the text is about
    if all(period.conflicts(w, stated) for w in wanted):
        up_to = period.up_to(query.text, wanted, stated)
        return Match() if up_to else _clash(claim, slot, stated, wanted, around)
    open_ = [w for w in wanted if not period.conflicts(w, stated)]
    if _too_wide(slot, stated, open_, around):
        return Match(stated.text, -OTHER_TIME)
    if slot.timing.stated and all(timing.narrower(stated, w) for w in open_):
        return Match(None, -OTHER_TIME / 2)
    return Match(None, _bonus(claim, slot, stated, open_))


def of_another_day(query: Query, claim: Slot, slot: Slot) -> bool:
    """Return whether days are asked for and a figure is said to be of another, which the draft does not name."""
    asked = {p.day for p in query.periods if p.day}
    stated = slot.timing.period if slot.timing.stated and not claim.timing.stated else None
    return bool(stated and stated.day and asked and stated.day not in asked)


def of_this_year(query: Query, slot: Slot) -> bool:
    """Return whether last year's figure is asked for, 去年第三季, and this one is told as the report's own year's."""
    last = [p for p in query.periods if _LAST_YEAR.match(p.text) and not p.year]
    if not last:
        return False
    if "~prior" in slot.near or "~from" in slot.near or _EARLIER.search(slot.setting.clause):
        return False
    year = slot.timing.period.year if slot.timing.period else None
    annual = all(p.part in (Part.YEAR, Part.FULL) and not p.month for p in last)
    if year is None and annual and slot.written and int(slot.written[0].text[5:7]) <= _DUE:
        return False
    return bool(slot.written) and year in (None, slot.written[0].year)


_DUE = 4
"""Month by whose end listed companies tell of the year before; the China Securities Regulatory Commission's rules for annual reports."""
_LAST_YEAR = re.compile(r"去年|上一?年|前一年|last year", re.IGNORECASE)
_EARLIER = re.compile(r"[去上]年|同期|前值|year (?:ago|earlier)|last year|prior", re.IGNORECASE)


def _wanted(query: Query, claim: Slot) -> tuple[Period, ...]:
    """Return the time that the draft states for the figure, else the times that are asked for."""
    said = claim.timing.period
    if claim.timing.stated and said:
        return (replace(said, year=None) if claim.timing.year_around else said,)
    return tuple(replace(p, day=None) for p in query.periods)


def _too_wide(slot: Slot, stated: Period, wanted: Sequence[Period], around: str) -> bool:
    """Return whether the figure is of a whole year where a part of it is wanted."""
    # 2024年利润6亿元，上年为16亿元: no 上年同期, and of the year that its own sentence names
    beside = stated.year and not slot.timing.year_around and "同" not in stated.text
    whole = slot.timing.stated and (beside or not slot.timing.relative)
    if not whole or not all(timing.narrower(w, stated) for w in wanted):
        return False
    parts = [p.part for p in period.find(around) if not period.conflicts(wanted[0], p)]
    return slot.timing.source is Source.BESIDE or wanted[0].part not in parts


def _bonus(claim: Slot, slot: Slot, stated: Period, wanted: Sequence[Period]) -> float:
    """Return what a place gains whose sentence names just the time that is wanted."""
    certain = slot.timing.stated and (claim.timing.stated or not slot.timing.relative)
    if not certain or len(wanted) != 1 or not period.covers(stated, wanted[0]):
        return 0.0
    return _SAME_TIME + (2 * TURN if slot.timing.relative else 0.0)


def _vouches(slot: Slot, wanted: Period) -> bool:
    """Return whether a figure is said to be of `wanted`, in so many words or by what it leaves open."""
    stated = slot.timing.period
    if stated is None:
        return False
    if period.covers(stated, wanted):
        return True
    plain = slot.timing.stated and not slot.timing.relative
    return plain and not period.conflicts(wanted, stated) and not timing.narrower(wanted, stated)


def _unasked(query: Query, claim: Slot, wanted: Period) -> bool:
    """Return whether the draft states a time other than the question's."""
    if not claim.timing.stated or claim.timing.relative or not query.periods:
        return False
    return all(period.conflicts(a, wanted) for a in query.periods)


def _clash(claim: Slot, slot: Slot, stated: Period, wanted: Sequence[Period], around: str) -> Match:
    """Return the match with a slot of another time: weaker where that is only inferred."""
    undated = [replace(w, year=None) for w in wanted]
    by_year_only = not all(period.conflicts(u, stated) for u in undated)
    if slot.timing.stated and not (slot.timing.year_around and by_year_only):
        return Match(stated.text, -OTHER_TIME)
    if slot.timing.source is Source.NEAR_DATE:
        ahead = 1 if "#guidance" in slot.words else -1  # forecasts are of the year that ends next
        late = all(w.year and stated.year and w.year == stated.year + ahead for w in wanted)
        return Match(None if late else stated.text, -OTHER_TIME / 2)
    near = [*period.find(around), *(slot.written if slot.timing.stated else ())]
    if any(_names(n, w) for n in near for w in wanted):
        sure = slot.timing.stated and not claim.timing.stated
        return Match(None, 0.0 if sure else -OTHER_TIME / 2)
    return Match(stated.text, -OTHER_TIME)


def _names(named: Period, wanted: Period) -> bool:
    """Return whether what stands around names the year or, without one, the part that is wanted."""
    if period.conflicts(wanted, named):
        return False
    if wanted.year:
        return named.year == wanted.year
    return named.part is wanted.part and named.month == wanted.month


def subject(query: Query, body: str) -> frozenset[str]:
    """Return the word that the drafted sentence opens with, where the question holds it or asks for it."""
    undated = re.sub(r"[0-9]+[年月日]", " ", body)
    words = (w for w in content_terms(undated) if len(w) > 1 and w.isalpha())
    first = next((w for w in words if not named(w)), None)
    asked = first and (first in query.text.lower() or _WHICH.search(query.text))
    return frozenset({first} if first and asked else ())


_WHICH = re.compile(r"哪一?[家只]|哪个公司|哪些?公司|谁")
"""What asks for a name: the figures told with it are of it."""


def other_subject(
    claim: Slot, slot: Slot, subjects: frozenset[str], held: Mapping[int, frozenset[str]]
) -> str | None:
    """Return whom a figure is of where its passage does not name the draft's subject, but another does.

    None where no passage names it: it may go by another name.
    """
    if claim.latin is not slot.latin or not subjects or claim.setting.names:
        return None
    missing = subjects - held[slot.label]
    elsewhere = {w for label, words in held.items() if label != slot.label for w in words}
    if not missing & elsewhere:
        return None
    over = slot.setting
    heads = content_terms(f"{over.name} {over.near} {over.clause} {over.head}")
    own = [w for w in heads if w not in claim.words and len(w) > 1 and w.isalpha() and not named(w)]
    return own[0] if own else None


def other_measure(claim: Slot, slot: Slot) -> str | None:
    """Return what a figure is of where the words at it name a measure, and the draft's another one.

    Or where it is what something went to, and the draft tells what it was before.
    """
    if "~from" in claim.near and slot.moves and "~from" not in slot.near:
        return "the level reached"
    at, asked = _SIDES & slot.near, _SIDES & claim.words.keys()
    if at and asked and not at & asked:
        return "another region"
    close = _CLOSE if slot.setting.cell else _BEHIND
    said = {w for w, weight in claim.words.items() if w[0] == "#" and weight >= close}
    if not slot.setting.cell:
        near, own = ({w for w in s.near if w[0] == "#"} - measures.SIDE for s in (claim, slot))
        bare = claim.figure.kind is Kind.COUNT and not claim.figure.unit
        if bare and "#volume" in near:
            said = said | {"#revenue"}  # 卖了6.84亿: pieces or money
        return "another measure" if near and own and not said & own else None
    over = measures.named(f"{slot.setting.name} {slot.setting.near}") - measures.SIDE
    return "another measure" if said - measures.SIDE and over and not said & over else None


_SIDES = frozenset({"#overseas", "#domestic"})


def other_row(slot: Slot, said: frozenset[str]) -> bool:
    """Return whether `slot` stands in a row other than those of its table that are in `said`."""
    return slot.setting.cell and bool(said) and _row_name(slot) not in said


def rows_said(slots: Sequence[Slot], body: str) -> dict[int, frozenset[str]]:
    """Return for each passage with a table the names of its rows that a drafted sentence says."""
    folded = fold(body)
    found: dict[int, set[str]] = {}
    for slot in slots:
        name = _row_name(slot) if slot.setting.cell else ""
        if len(name) > 1 and name in folded:
            found.setdefault(slot.label, set()).add(name)
    return {label: frozenset(names) for label, names in found.items()}


def other_number(query: Query, slot: Slot) -> bool:
    """Return whether a cell stands in a row numbered otherwise than the question says.

    滚动窗口取2个月 asks after the row 滚动窗口/月 2.
    """
    row = _NUMBERED.match(slot.setting.name) if slot.setting.cell else None
    at = query.text.find(row["what"]) if row else -1
    if row is None or at < 0:
        return False
    end = at + len(row["what"])
    said = _DIGITS.findall(query.text[end : end + _NEXT_TO])
    said = said or _DIGITS.findall(query.text[max(0, at - _NEXT_TO) : at])
    return bool(said) and row["n"] not in said


_NUMBERED = re.compile(r"(?:.* )?(?P<what>[\u4e00-\u9fff]{2,}|[A-Za-z]+)[^ ]* (?P<n>[0-9]{1,3})$")
_DIGITS = re.compile(r"(?<![0-9.])[0-9]{1,3}(?![0-9.]|年)")
_NEXT_TO = 8
"""Characters between what a question counts and how many it says there are."""


def _row_name(slot: Slot) -> str:
    """Return the name of a row without stock code and class of shares: 阿里巴巴 of 9988.HK 阿里巴巴-SW.

    That of a growth is the row's that grows: 归母净利润 增长率.
    """
    named, _, last = _CODED.sub("", fold(slot.setting.name)).strip().rpartition(" ")
    return named if named and table.OF_THE_ONE_BEFORE.fullmatch(last) else f"{named} {last}".strip()


_CODED = re.compile(
    r"^[0-9]{4,6}(?:\.[a-z]{1,3})?\s+|\s+[0-9]{4,6}(?:\.[a-z]{1,3})?$|-(?:s|w|sw|b|r)$|（.*）$|\(.*\)$"
)


def _says(slot: Slot, name: str) -> bool:
    """Return whether the words of its own sentence that govern a figure hold the name of a list."""
    own = slot.setting
    return len(name) > 1 and name in f"{own.lead} {own.head} {own.clause} {own.near} {own.name}"


def measured_apart(claim: Slot, slot: Slot, other: Slot) -> bool:
    """Return whether `slot` is said to be of the claim's measure and `other` of another one.

    Or to be a growth, or the level before one, which `other` is not. Or whether a word of the claim touches `slot` that is nowhere around `other`: 空调 of 空调出货;
    or the order of a list gives `slot` a name of the claim, and `other` is not called so.
    """
    moves = [bool(s.near & _MOVES) or s.figure.role is Role.CHANGE for s in (claim, slot, other)]
    levels = ["~from" in s.near for s in (claim, slot, other)]
    if [True, True, False] in (moves, levels):
        return True
    said = {w for w in claim.words if w[0] == "#"} - measures.SIDE
    own, theirs = ({w for w in s.near if w[0] == "#"} - measures.SIDE for s in (slot, other))
    if said & own and theirs and not said & theirs:
        return True
    if (
        slot.setting.listed
        and _says(claim, slot.setting.name)
        and not _says(other, slot.setting.name)
    ):
        return True
    close = (w for w, weight in claim.words.items() if weight >= _CLOSE and w.isalpha())
    return any(slot.words.get(w, 0.0) >= _CLOSE and w not in other.words for w in close)


def of_other_years(query: Query, quote: str) -> bool:
    """Return whether a quote names years, and none of them is asked for, nor goes on until then."""
    years = {p.year for p in period.find(quote) if p.year}
    asked = {p.year for p in query.periods if p.year}
    since = any(int(year) <= max(asked, default=0) for year in _SINCE.findall(quote))
    return bool(years and asked) and not (years & asked or since)


_SINCE = re.compile(r"(?:自|从)((?:19|20)\d\d)年(?:[^，。；]{0,4}月)?(?:以来|起|开始)")
"""How a state is said that lasts: 从2009年开始，…搬到…."""


def another_time(wanted: Period, stated: Period, *, weekly: bool = False) -> bool:
    """Return whether two times differ: a part of the year is not the year, as a sum goes.

    Args:
        wanted: What a question asks for.
        stated: What a figure is of.
        weekly: Whether the week of a day is asked for: another day of it is no other time.
    """
    days = abs((wanted.day or 0) - (stated.day or 0)) if wanted.day and stated.day else _WEEK
    if period.conflicts(replace(wanted, day=None) if weekly and days < _WEEK else wanted, stated):
        return True
    whole = wanted.part in (Part.FULL, Part.YEAR) and not wanted.month
    if whole and wanted.year and stated.part not in (Part.FULL, Part.YEAR):
        return True
    return wanted.part is Part.YEAR and bool(stated.month) and stated.month != _YEAR_END


_WEEK, _YEAR_END = 7, 12
