"""A question after a time + a figure of a passage -> whether the figure can be of that time.

What a sentence says of the time counts; where it says nothing, what its report and its neighbours do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import asking, clash, measures, period, timing
from rag.binding import Slot
from rag.locate import context
from rag.period import Part, Period
from rag.question import Query
from rag.schema import Passage
from rag.timing import Source

_YEAR_END = 12
_MONTH_END = re.compile(r"月[底末]|\b(?:end of|as (?:at|of)) ", re.IGNORECASE)
_ENDS = {3: {Part.Q1}, 6: {Part.Q2, Part.H1}, 9: {Part.Q3, Part.M9}, 12: {Part.Q4, Part.H2}}
"""The parts of a year that end with a month: the balance of June is that of the half-year."""
_WEEK = re.compile(r"[那这当该]一?[周週]|\bweek\b", re.IGNORECASE)
"""The week of a day: a weekly comes out at its end."""
_SINGLE = re.compile(r"单季|当季|\balone\b", re.IGNORECASE)
_QUARTERS = (Part.Q1, Part.Q2, Part.Q3, Part.Q4)
_VIEWS = frozenset({"#target", "#rating"})
"""What a house holds at the time of its report."""
_STEP = 12  # characters between the level that a figure came from and the one it went to
_EDGE = re.compile(r"年[初末底](?!以来|至今)|\b(?:beginning|start|end) of (?:19|20)\d\d", re.I)
"""The turn of a year, which no other month is."""


class AskedTime:
    """The time that a question asks for, and what the chosen passages say of times."""

    def __init__(self, query: Query, passages: Sequence[Passage], slots: Sequence[Slot]) -> None:
        """Read `query`, and where the figures `slots` of `passages` say what they came from."""
        self._query = query
        self._passages = {p.label: p for p in passages}
        self._texts = {p.label: context(p) for p in passages}
        self._edge = bool(_EDGE.search(query.text))
        self._balance = bool(_MONTH_END.search(query.text))
        self._monthly = {
            (s.label, s.timing.period.month) for s in slots if s.timing.stated and s.timing.period
        }
        self._old = {
            (s.label, s.sentence)
            for s in slots
            if s.setting.cell and asking.OLD.match(s.setting.near)
        }
        self._levels = [s for s in slots if "~from" in s.near and s.timing.period]

    def allows(self, slot: Slot) -> bool:
        """Return whether the figure can be of the asked time: said to be, or nothing else in sight."""
        stated, wanted = slot.timing.period, self._query.periods
        before = asking.BEFORE.search(self._query.text)
        if (before and "~to" in slot.near) or self._of_other_column(slot):
            return False
        if not wanted:
            return True
        if clash.of_this_year(self._query, slot) or self._outdated(slot):
            return False
        if self._edge and stated and stated.month and stated.month not in (1, _YEAR_END):
            return False
        came = "~to" in slot.near and self._came_from(slot, wanted)
        reached = asking.REACHED.search(self._query.text) and not before
        if "~from" in slot.near if reached else came:
            return False
        if slot.timing.source in (Source.NONE, Source.NEAR_DATE) and any(w.month for w in wanted):
            return all(self._reported(w, slot.label) for w in wanted)
        if stated is None:
            return all(self._in_sight(w, slot.label) for w in wanted)
        if "~from" in slot.near and not slot.timing.stated:
            return True
        around = slot.timing.source is Source.AROUND
        if around and all(self._too_wide(w, stated, slot.label) for w in wanted):
            return False
        if not stated.year and any(w.year and self._of_other_years(w, slot.label) for w in wanted):
            return False
        ends = [period.end_alike(w, stated) for w in wanted]
        if asking.AT_END.search(self._query.text) and all(ends):
            return True
        weekly = bool(_WEEK.search(self._query.text))
        return not all(clash.another_time(w, stated, weekly=weekly) for w in wanted)

    def _of_other_column(self, slot: Slot) -> bool:
        """Return whether a row has a column of what was changed since, and this is the one not asked for."""
        if not slot.setting.cell or (slot.label, slot.sentence) not in self._old:
            return False
        older = asking.BEFORE.search(self._query.text) or asking.OLDER.search(self._query.text)
        return bool(asking.OLD.match(slot.setting.near)) is not bool(older)

    def _outdated(self, slot: Slot) -> bool:
        """Return whether a house's view in a month is asked for, and this one came out in another."""
        asked = [w.month for w in self._query.periods if w.month]
        published = self._passages[slot.label].document.published
        views = _VIEWS & slot.words.keys() & measures.named(self._query.text)
        if not (asked and views and published) or (slot.timing.period and slot.timing.stated):
            return False
        return int(published[5:7]) not in asked

    def _too_wide(self, wanted: Period, stated: Period, label: int) -> bool:
        """Return whether a part of the year is asked for, and what stands around speaks of the year alone.

        A month is only where the passage gives that month another figure.
        """
        if wanted.month and not stated.month and not wanted.day:
            return (label, wanted.month) in self._monthly
        if wanted.part not in _QUARTERS or not timing.narrower(wanted, stated):
            return False
        return all(p.part is not wanted.part for p in period.find(self._texts[label]))

    def _came_from(self, slot: Slot, wanted: Sequence[Period]) -> bool:
        """Return whether the level before this one is of the asked time: 由2023年的56%提升至57%."""
        before = [
            s
            for s in self._levels
            if (s.label, s.sentence) == (slot.label, slot.sentence)
            and 0 < slot.figure.start - s.figure.end <= _STEP
        ]
        level = before[-1].timing if before else None
        said = level.period if level and (level.stated or level.relative) else None
        if said == slot.timing.period and slot.timing.stated:
            return False  # 2025年预测由62亿元下调到54亿元: the time of both
        return said is not None and all(
            w.year == said.year is not None and not period.conflicts(w, said) for w in wanted
        )

    def _reported(self, wanted: Period, label: int) -> bool:
        """Return whether a report speaks of the month without saying so.

        Its own, the one before, or the last of a part of the year that it speaks of.
        """
        published = self._passages[label].document.published
        if not published or not wanted.month:
            return False
        if wanted.day:
            days = int(published[8:10]) - wanted.day if int(published[5:7]) == wanted.month else -1
            return 0 <= days <= (7 if _WEEK.search(self._query.text) else 1)
        if (int(published[5:7]) - wanted.month) % 12 in (0, 1):
            return True
        own = _ENDS.get(wanted.month, set()) if self._balance else None
        if own is None:
            return False
        return any(p.part in own or p.month == wanted.month for p in self._periods(label))

    def _of_other_years(self, wanted: Period, label: int) -> bool:
        """Return whether years are named around a passage, or its report dated, and not the asked one."""
        if self._in_sight(_year(wanted), label):
            return False
        years = {p.year for p in self._periods(label) if p.year}
        return wanted.year not in years and bool(years or self._passages[label].document.published)

    def _periods(self, label: int) -> tuple[Period, ...]:
        """Return the periods that the chosen passages of a report name."""
        document = self._passages[label].doc_id
        same = (self._texts[p.label] for p in self._passages.values() if p.doc_id == document)
        return tuple(period.find(" ".join(same)))

    def _in_sight(self, wanted: Period, label: int) -> bool:
        """Return whether the passage, what stands over it or its report's date names the time."""
        published = self._passages[label].document.published
        if wanted.year and published and wanted.part is Part.FULL:
            return int(published[:4]) - wanted.year in (0, 1)
        single = _SINGLE.search(self._query.text)  # another section may be of the year
        near = period.find(self._texts[label]) if single else self._periods(label)
        return any(not period.conflicts(wanted, p) and _as_long(wanted, p) for p in near)


def _year(wanted: Period) -> Period:
    return Period(wanted.text, wanted.year)


def _as_long(wanted: Period, other: Period) -> bool:
    """Return whether two periods are the same part of a year: 2024年 is as long as 2024年全年."""
    whole = (Part.FULL, Part.YEAR)
    return other.part is wanted.part or (wanted.part in whole and other.part in whole)
