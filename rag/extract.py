"""A question after one figure + passages -> the figures that its words are said of, best first.

The model writes well and mixes up neighbours; the words around each figure tell them apart
(`rag.binding`). What is found here takes the place of a draft that its checks threw out, after
the same checks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag import binding, clash, figures, period, repair, statement, subject, verify
from rag.binding import Scale, Slot
from rag.figures import Agreement, Kind, agree
from rag.locate import context, headings
from rag.period import Part, Period
from rag.question import Query, readings
from rag.schema import Draft, Passage
from rag.statement import Statement
from rag.timing import Source
from rag.verify import Checked

MARGIN = 0.1
"""How far the best figure must be ahead of any other value (eval/LOG.md)."""
FEW_LOST, _MOST_LOST = 0.35, 0.6
"""Share of the question's words missing around a figure that still leaves it sure; that is too much."""
_TRIED = 6
_YEAR_END = 12
_STAND_IN = "7777.7"
_CHOSEN = 0.3
"""For how well the passage did when evidence was chosen."""
_MEASURE = 0.08
_OTHER_RATE = 0.15
_LOST = 1.2
"""For the words of the question that neither the sentence nor its headings hold."""
_PRIOR = 0.2
"""For the value something rose or fell from, where the year before the report's is asked for."""
_SAID = 0.3
"""Closeness of the asked measure below which the figure is of something else."""
_NEAR = 0.3
"""For a sentence that names whom the question is about; less where only a heading or the title does."""
_SIDE = frozenset({"#growth", "#guidance", "#overseas", "#domestic"})
"""Measures that go with any other."""
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


def candidates(query: Query, passages: Sequence[Passage]) -> tuple[Candidate, ...]:
    """Return the figures of the asked kind, best first; none where no single figure is asked for.

    Figures of another time or subject are left out.
    """
    asked = statement.of(query)
    claim = _claim(query, asked) if asked else None
    if asked is None or claim is None:
        return ()
    names = readings(query)
    slots = [
        binding.read_as(slot, names, headings(passage))
        for passage in passages
        for slot in binding.of_passage(passage)
    ]
    fits = _Fit(query, passages, claim, asked.kinds, Scale(slots))
    found = (fits.candidate(slot) for slot in slots if _of_kind(slot, asked.kinds))
    return tuple(sorted((c for c in found if c), key=lambda c: -c.score))


@dataclass(frozen=True, slots=True)
class Extraction:
    """A checked statement of the figure that is asked for."""

    checked: Checked
    sure: bool
    """Whether it is far enough ahead, and said in the question's own words, to need no model."""


def answer(query: Query, passages: Sequence[Passage]) -> Extraction | None:
    """Return the statement of the asked figure that passes the checks, None where none is clear."""
    asked = statement.of(query)
    if asked is None:
        return None
    passing: list[tuple[Candidate, Checked]] = []
    for candidate in candidates(query, passages)[:_TRIED]:
        text = asked.filled(_written(query, candidate), candidate.slot.figure.direction)
        checked = verify.check(query, Draft(query.original, tuple(passages), text, "", ""))
        if any(candidate.words in s.text for s in checked.sentences):
            passing.append((candidate, checked))
    best = clear([candidate for candidate, _ in passing])
    if best is None or best.lost > _MOST_LOST:
        return None
    checked = next(checked for candidate, checked in passing if candidate is best)
    return Extraction(checked, sure=best.lost <= FEW_LOST)


def vouched(query: Query, passages: Sequence[Passage], checked: Checked) -> bool:
    """Return whether a figure of `checked` may be the one asked for; True where none is asked for.

    The checks know whether a sentence is true; here it is whether it answers.
    """
    if statement.of(query) is None:
        return True
    able = candidates(query, passages)
    written = [f for s in checked.sentences for f in figures.find(s.text)]
    return any(
        agree(f, reading) is not Agreement.NONE
        for f in written
        if f.kind is not Kind.DATE
        for c in able
        for reading in c.slot.readings
    )


def clear(found: Sequence[Candidate]) -> Candidate | None:
    """Return the best candidate where it is clearly ahead of every other value, else None."""
    if not found:
        return None
    value = found[0].slot.readings[0].value
    other = next((c for c in found if c.slot.readings[0].value != value), None)
    return found[0] if other is None or found[0].score - other.score >= MARGIN else None


def _claim(query: Query, asked: Statement) -> Slot | None:
    """Return the asked figure as a drafted one: a stand-in where the answer will be."""
    text = asked.filled(_STAND_IN).replace("的", " ")
    slots = binding.of_draft(text, query.periods)
    found = next((s for s in slots if _STAND_IN in s.figure.text), None)
    return binding.read_as(found, readings(query), "") if found else None


def _of_kind(slot: Slot, kinds: frozenset[Kind]) -> bool:
    own = {r.kind for r in slot.readings}
    if slot.word or not own & kinds:
        return False
    return slot.setting.cell or own != {Kind.NUMBER}


def _year(wanted: Period) -> Period:
    return Period(wanted.text, wanted.year)


def _another(wanted: Period, stated: Period) -> bool:
    """Return whether two times differ: a part of the year is not the year, as a sum goes."""
    if period.conflicts(wanted, stated):
        return True
    whole = wanted.part in (Part.FULL, Part.YEAR) and not wanted.month
    if whole and wanted.year and stated.part not in (Part.FULL, Part.YEAR):
        return True
    return wanted.part is Part.YEAR and bool(stated.month) and stated.month != _YEAR_END


def _written(query: Query, candidate: Candidate) -> str:
    """Return the figure in the language of the question: the original in brackets where it differs."""
    source = candidate.slot.readings[0]
    foreign = query.language == "en" and not candidate.words.isascii()
    return repair.converted(replace(source, text=candidate.words)) if foreign else candidate.words


def _words(slot: Slot, kinds: frozenset[Kind]) -> str:
    unit = next((u for u in slot.setting.units if u.kind in kinds), None)
    return unit.text.replace("1", slot.figure.text, 1) if unit else slot.figure.text


class _Fit:
    """How well the words of a question fit a figure."""

    def __init__(
        self,
        query: Query,
        passages: Sequence[Passage],
        claim: Slot,
        kinds: frozenset[Kind],
        scale: Scale,
    ) -> None:
        self._query, self._claim, self._kinds, self._scale = query, claim, kinds, scale
        self._asked = binding.asked_words(query.text, claim)
        self._texts = {p.label: context(p) for p in passages}
        self._subject = subject.of(query, passages)
        self._sectioned = {
            p.doc_id for p in passages if self._subject and subject.has_section(self._subject, p)
        }
        self._aspects = subject.aspects(query, self._subject)
        self._passages = {p.label: p for p in passages}
        measures = {w for w in claim.words if w[0] == "#"} - _SIDE
        # a share is said to rise by a rate without the word price
        self._measures = measures - {"#price"} if Kind.PERCENT in kinds else measures
        self._grows = "#growth" in claim.words

    def candidate(self, slot: Slot) -> Candidate | None:
        """Return the figure with its score, None where it is of another time, measure or subject."""
        other, shift = clash.match(self._query, self._claim, slot, self._texts[slot.label])
        near = self._near(slot)
        if other or not near or not self._measured(slot) or not self._timely(slot):
            return None
        passage = self._passages[slot.label]
        lost = subject.missing(self._query, self._aspects, passage, slot.sentence)
        fit = binding.likeness(self._claim, self._asked, slot, self._scale)
        fit += shift + self._measure(slot) + self._prior(slot)
        fit += _CHOSEN * passage.score + _NEAR * near - _LOST * lost
        return Candidate(slot, _words(slot, self._kinds), fit, lost)

    def _near(self, slot: Slot) -> float:
        """Return how close the figure is to the subject: 0 in another company's section."""
        if self._subject is None:
            return 1.0
        passage = self._passages[slot.label]
        near = subject.closeness(self._subject, passage, slot.sentence, slot.figure.end)
        outside = near <= subject.TITLE and passage.doc_id in self._sectioned
        return 0.0 if outside else near

    def _measured(self, slot: Slot) -> bool:
        """Return whether the measure asked for is said of the figure, and no other is closer."""
        if not self._measures:
            return True
        own = {w for w in slot.near if w[0] == "#"} - _SIDE
        if own and not own & self._measures:
            return False
        return any(slot.words.get(m, 0.0) >= _SAID for m in self._measures)

    def _timely(self, slot: Slot) -> bool:
        """Return whether the figure can be of the asked time: said to be, or nothing else in sight."""
        stated, wanted = slot.timing.period, self._query.periods
        if not wanted:
            return True
        if slot.timing.source in (Source.NONE, Source.NEAR_DATE) and any(w.month for w in wanted):
            return all(self._reported(w, slot.label) for w in wanted)
        if stated is None:
            return all(self._in_sight(w, slot.label) for w in wanted)
        if "~from" in slot.near and not slot.timing.stated:
            return True
        if not stated.year and any(
            w.year and not self._in_sight(_year(w), slot.label) for w in wanted
        ):
            return False
        return not all(_another(w, stated) for w in wanted)

    def _reported(self, wanted: Period, label: int) -> bool:
        """Return whether a report speaks of the month without saying so: its own or the one before."""
        published = self._passages[label].document.published
        if not published or not wanted.month:
            return False
        if wanted.day:
            return int(published[5:7]) == wanted.month and int(published[8:10]) - wanted.day in (
                0,
                1,
            )
        return (int(published[5:7]) - wanted.month) % 12 in (0, 1)

    def _in_sight(self, wanted: Period, label: int) -> bool:
        """Return whether the passage, what stands over it or its report's date names the time."""
        published = self._passages[label].document.published
        if wanted.year and published and wanted.part is Part.FULL:
            return int(published[:4]) - wanted.year in (0, 1)
        document = self._passages[label].doc_id
        same = (self._texts[p.label] for p in self._passages.values() if p.doc_id == document)
        near = period.find(" ".join(same))
        return any(not period.conflicts(wanted, p) and p.part is wanted.part for p in near)

    def _measure(self, slot: Slot) -> float:
        near = {w for w in slot.near if w[0] == "#"}
        own = near - _SIDE
        found = 0.0
        if self._measures & own:
            found = _MEASURE
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
        if not wanted or stated is None or stated.year is None or "~from" not in slot.near:
            return 0.0
        around = slot.timing.source is Source.AROUND
        return _PRIOR if around and all(y == stated.year - 1 for y in wanted) else 0.0
