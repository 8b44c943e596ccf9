"""A figure of a passage + the statement that asks for one -> how well it fits, or that it cannot.

Weighs the words around the figure, its measure, its time and how close it stands to whom the question
is about. Knows nothing of drafts, checks or answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import asking, binding, clash, figures, lost, measures, part, period, subject
from rag.askedunit import AskedUnit
from rag.binding import Scale, Slot
from rag.figures import Agreement, Kind, agree
from rag.locate import context
from rag.period import Part, Period
from rag.question import Query
from rag.schema import Passage
from rag.text import leading_name
from rag.timing import Source
from rag.trend import Role

_YEAR_END = 12
_MONTH_END = re.compile(r"月[底末]|\b(?:end of|as (?:at|of)) ", re.IGNORECASE)
_ENDS = {3: {Part.Q1}, 6: {Part.Q2, Part.H1}, 9: {Part.Q3, Part.M9}, 12: {Part.Q4, Part.H2}}
"""The parts of a year that end with a month: the balance of June is that of the half-year."""
_WEEK = re.compile(r"[那这当该]一?[周週]|\bweek\b", re.IGNORECASE)
"""The week of a day: a weekly comes out at its end."""
_FORECAST = re.compile(
    r"假设|预计|预期|预测|有望|目标|指引|将达|料将|\d{2}E\b|\b(?:assum|expect|forecast|estimat|guid)\w*",
    re.IGNORECASE,
)
_OUTLOOK = frozenset("根据 预测 预计 预期".split())
"""Words of a question after a forecast; `_FORECAST` decides whether a figure is one."""
_COUNTED = re.compile(r"[两三四五六七八九十0-9]+(?:家|项|类|种|块|大|个|款).*$")
"""What sums up the names of a list: 清洗三个领域."""
_PARTS = re.compile(r"[；;]")
_OPENERS = re.compile(r"^(?:其中|此外|另外|同时|而|但|至于)?[，,\s]*")
_HOUSES = re.compile(r"证券|研究|资本|国际|银行|指出|认为|预计|表示|称")
"""What follows the name of whoever tells a figure: 国信证券预计."""
_STEP = 12  # characters between the level that a figure came from and the one it went to
_EDGE = re.compile(r"年[初末底](?!以来|至今)|\b(?:beginning|start|end) of (?:19|20)\d\d", re.I)
"""The turn of a year, which no other month is."""
_LEADING = 0.6
"""Closeness of a word in the clause that leads up to a figure: 市值增幅最大，达到121%."""
_PART_OF = 0.3
"""For a figure of one line of business where the whole is asked for."""
_LISTED = 0.1
"""For the one of a list that the question names."""
_CHOSEN = 0.3
"""For how well the passage did when evidence was chosen."""
_MEASURE = 0.08
_OTHER_RATE = 0.15
_WENT_TO = 0.05
"""For the level that something came to, beside the one it came from."""
_LOST = 1.2
"""For the words of the question that neither the sentence nor its headings hold."""
_PRIOR = 0.2
"""For the value something rose or fell from, where the year before the report's is asked for."""
_SAID = 0.3
"""Closeness of the asked measure below which the figure is of something else."""
_NEAR = 0.3
"""For a sentence that names whom the question is about; less where only a heading or the title does."""
_EARNED = frozenset({"#profit", "#operating profit", "#ebitda", "#ebita"})
"""Measures that a loss is one of."""
_LEVELS = frozenset(
    {"#margin", "#net margin", "#operating margin", "#share", "#pe", "#pb", "#bad loans", "#interest margin"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that may be the one asked for."""

    slot: Slot
    words: str
    """As printed, with the unit of its row or column."""
    score: float
    lost: float
    """Share of the question's words that neither its sentence nor the headings hold."""


class Fit:
    """How well the words of a question fit a figure."""

    def __init__(
        self,
        query: Query,
        passages: Sequence[Passage],
        claim: Slot,
        kinds: frozenset[Kind],
        slots: Sequence[Slot],
    ) -> None:
        self._query, self._claim, self._kinds, self._scale = query, claim, kinds, Scale(slots)
        self._asked = binding.asked_words(query.text, claim)
        self._texts = {p.label: context(p) for p in passages}
        self._subject = subject.of(query, passages)
        self._sectioned = {
            p.doc_id for p in passages if self._subject and subject.has_section(self._subject, p)
        }
        self._aspects = subject.aspects(query, self._subject)
        self._passages = {p.label: p for p in passages}
        named = {w for w in claim.words if w[0] == "#"} - measures.SIDE
        # a share is said to rise by a rate without the word price, and 占了几款 asks for no share
        self._measures = named - {"#price" if Kind.PERCENT in kinds else "#share"}
        self._grows = "#growth" in claim.words
        self._stated = [f for f in figures.find(query.text) if f.kind is not Kind.DATE]
        self._unit = AskedUnit(query)
        self._lines = part.lines_named(query, self._aspects)
        self._regions = part.REGIONS & claim.words.keys()
        self._edge = bool(_EDGE.search(query.text))
        self._balance = bool(_MONTH_END.search(query.text))
        self._forecasts = bool(_FORECAST.search(query.text)) or not query.periods
        said = (s for s in slots if s.setting.names and not s.setting.cell)
        self._listed = {(s.label, s.sentence) for s in said if self._says(s.setting.name)}
        self._levels = [s for s in slots if "~from" in s.near and s.timing.period]

    def candidate(self, slot: Slot) -> Candidate | None:
        """Return the figure with its score, None where it is of another time, measure or subject."""
        other, shift = clash.match(self._query, self._claim, slot, self._texts[slot.label])
        near = self._near(slot)
        if other or not near or not self._measured(slot) or not self._timely(slot):
            return None
        if self._asked_already(slot) or self._unnamed(slot) or self._still(slot):
            return None
        if self._told_of_another(slot):
            return None
        passage = self._passages[slot.label]
        if part.elsewhere(self._regions, slot, passage):
            return None
        if part.unasked(self._query, self._subject, self._aspects, slot, passage):
            return None
        if self._assumed(slot, passage) or not self._unit.allows(slot, passage):
            return None
        if not lost.holds_all(self._query, self._lines, passage, slot.sentence):
            return None
        house = passage.document.publisher or ""
        terms = [t for t in self._aspects if t not in house and t not in _OUTLOOK]
        own = slot.setting
        cell = f"{own.name} {own.near}" if own.cell else ""
        at = None if cell else slot.figure.end
        gone = lost.share(self._query, terms, passage, slot.sentence, own.name, cell, at)
        fit = binding.likeness(self._claim, self._asked, slot, self._scale)
        fit += shift + self._measure(slot) + self._prior(slot)
        fit += _WENT_TO if "~to" in slot.near else 0.0
        aside = self._of_another(slot, passage) or (
            not gone and part.of_a_line(self._query, self._aspects, slot, passage)
        )
        fit -= _PART_OF if aside else 0.0
        listed = bool(own.name) and not own.cell
        fit += _LISTED if listed and self._says(own.name) else 0.0
        fit += _CHOSEN * passage.score + _NEAR * near - _LOST * gone
        return Candidate(slot, _words(slot, self._kinds), fit, gone)

    def _of_another(self, slot: Slot, passage: Passage) -> bool:
        """Return whether a sentence names another company before the figure, and not the asked one."""
        before = passage.text[slot.sentence.start : slot.figure.start]
        return self._subject is not None and subject.names_another(self._subject, before)

    def _told_of_another(self, slot: Slot) -> bool:
        """Return whether the sentence, or its part since a semicolon, opens with another's name."""
        if self._subject is None or slot.setting.cell:
            return False
        text = self._passages[slot.label].text
        part = _PARTS.split(text[slot.sentence.start : slot.figure.start])[-1]
        name = leading_name(_OPENERS.sub("", part))
        return bool(
            name
            and name not in self._query.text
            and not subject.names(self._subject, part)
            and not _HOUSES.match(part[part.find(name) + len(name) :])
        )

    def _asked_already(self, slot: Slot) -> bool:
        """Return whether the question states the figure itself: it asks after another."""
        return any(
            agree(stated, reading) is Agreement.EXACT
            for stated in self._stated
            for reading in slot.readings
        )

    def _unnamed(self, slot: Slot) -> bool:
        """Return whether order gives the figure to one of several, and the question names another."""
        own, names = slot.setting.name, slot.setting.names
        if not own or slot.setting.cell or self._says(own):
            return False
        return any(map(self._says, names)) or (slot.label, slot.sentence) in self._listed

    def _says(self, name: str) -> bool:
        """Return whether the question says the last word of a name in a list: 清洗 of 在清洗."""
        plain = _COUNTED.sub("", name)
        return len(plain) > 1 and plain[-2:] in self._query.text

    def _assumed(self, slot: Slot, passage: Passage) -> bool:
        """Return whether a figure is a forecast for another time than the asked one, or for none."""
        clause = passage.text[slot.sentence.start : slot.figure.start]
        if self._forecasts or not _FORECAST.search(re.split(r"[。；;]", clause)[-1]):
            return False
        stated = slot.timing.period if slot.timing.stated else None
        return stated is None or not any(period.covers(stated, w) for w in self._query.periods)

    def _still(self, slot: Slot) -> bool:
        """Return whether a growth is asked for and the sentence tells none of this figure."""
        if not self._grows or Kind.PERCENT not in self._kinds or slot.setting.cell:
            return False
        moves = slot.words.get("#growth", 0.0) >= _LEADING or {"~yoy", "~qoq"} & slot.near
        return not moves and slot.figure.role not in (Role.CHANGE, Role.SIGNED)

    def _near(self, slot: Slot) -> float:
        """Return how close the figure is to the subject: 0 in another company's section."""
        if self._subject is None:
            return 1.0
        passage = self._passages[slot.label]
        if subject.names(self._subject, slot.setting.name):
            return 1.0  # by its place in a list, whoever stands behind it there
        near = subject.closeness(self._subject, passage, slot.sentence, slot.figure.start)
        outside = near <= subject.TITLE and passage.doc_id in self._sectioned
        return 0.0 if outside else near

    def _measured(self, slot: Slot) -> bool:
        """Return whether the measure asked for is said of the figure, and no other is closer."""
        if not self._measures:
            return True
        asked = max(slot.words.get(m, 0.0) for m in self._measures)
        losses = {"#loss"} if self._measures & _EARNED else set()
        others = (
            close
            for w, close in slot.words.items()
            if w[0] == "#" and w not in self._measures | measures.SIDE | {"#growth"} | losses
        )
        return asked >= _SAID and asked >= max(others, default=0.0)

    def _timely(self, slot: Slot) -> bool:
        """Return whether the figure can be of the asked time: said to be, or nothing else in sight."""
        stated, wanted = slot.timing.period, self._query.periods
        if not wanted:
            return True
        if clash.of_this_year(self._query, slot):
            return False
        if self._edge and stated and stated.month and stated.month not in (1, _YEAR_END):
            return False
        came = "~to" in slot.near and self._came_from(slot, wanted)
        if "~from" in slot.near if asking.REACHED.search(self._query.text) else came:
            return False
        if slot.timing.source in (Source.NONE, Source.NEAR_DATE) and any(w.month for w in wanted):
            return all(self._reported(w, slot.label) for w in wanted)
        if stated is None:
            return all(self._in_sight(w, slot.label) for w in wanted)
        if "~from" in slot.near and not slot.timing.stated:
            return True
        if not stated.year and any(w.year and self._of_other_years(w, slot.label) for w in wanted):
            return False
        ends = [period.end_alike(w, stated) for w in wanted]
        if asking.AT_END.search(self._query.text) and all(ends):
            return True
        weekly = bool(_WEEK.search(self._query.text))
        return not all(clash.another_time(w, stated, weekly=weekly) for w in wanted)

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
        near = self._periods(label)
        return any(not period.conflicts(wanted, p) and _as_long(wanted, p) for p in near)

    def _measure(self, slot: Slot) -> float:
        near = {w for w in slot.near if w[0] == "#"}
        found = _MEASURE if self._measures & (near - measures.SIDE) else 0.0
        if Kind.PERCENT in self._kinds:
            moves = "#growth" in near or "~yoy" in slot.near or "~qoq" in slot.near
            level = bool(self._measures & _LEVELS) and not self._grows
            if (level and moves and not near & _LEVELS) or (
                self._grows and not moves and not self._measures & _LEVELS
            ):
                found -= _OTHER_RATE
        return found

    def _prior(self, slot: Slot) -> float:
        stated, wanted = slot.timing.period, [p.year for p in self._query.periods if p.year]
        if not self._query.periods and "~prior" in slot.near:
            return -_PRIOR
        if not wanted or stated is None or stated.year is None or "~from" not in slot.near:
            return 0.0
        around = slot.timing.source is Source.AROUND
        return _PRIOR if around and all(y == stated.year - 1 for y in wanted) else 0.0


def _year(wanted: Period) -> Period:
    return Period(wanted.text, wanted.year)


def _as_long(wanted: Period, other: Period) -> bool:
    """Return whether two periods are the same part of a year: 2024年 is as long as 2024年全年."""
    whole = (Part.FULL, Part.YEAR)
    return other.part is wanted.part or (wanted.part in whole and other.part in whole)


def _words(slot: Slot, kinds: frozenset[Kind]) -> str:
    unit = next((u for u in slot.setting.units if u.kind in kinds), None)
    words = unit.text.replace("1", slot.figure.text, 1) if unit else slot.figure.text
    return words.replace(" %", "%")
