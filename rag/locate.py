"""Drafted figures + passages -> the place that carries each, or what its words are said of instead.

A figure is carried by a place of the same value whose subject, measure and period do not contradict
the draft's. Where another figure of the same kind fits the draft's words better, the draft has taken
the neighbour's. Knows nothing of repairs or answers.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag import binding, part, saying, whose
from rag import clash as clashes
from rag import subject as subjects
from rag.binding import Scale, Slot
from rag.figures import Agreement, Figure
from rag.period import Period
from rag.question import Query, readings, words_of
from rag.schema import Passage

MARGIN = 0.06
"""How much better another figure's words must fit before the draft's is taken for a neighbour's.

This and the numbers below are shares of the draft's words; caught errors and false alarms hardly
move when any of them is halved or doubled (eval/LOG.md)."""
_CLEAR, _CLEARLY, _SURE = 0.05, 0.1, 0.6
"""Before a figure takes the draft's place: ahead of any other value, ahead of the draft's own where
the draft states nothing else, and how well it must fit then."""
GAIN, LOSS = 0.02, 0.75
"""Share of the claim's words that a rival must have closer, and share of that which it may lose."""
_FAR = 0.3
"""How far a figure of the same digits may fit worse than the best and still be the one meant."""
_TWICE = 0.15
"""How much worse another figure may fit when its place is the only one left for the second of two."""
_SAID = 0.5
"""Words closer than this are the draft's own about a figure."""
_ANCHOR = 0.15
"""For a place in the sentence that carries the draft's other figures."""
_OTHERS = "another subject"
_COPY, _ALIKE = 0.3, 0.6
"""For a place in a sentence that holds more than this share of the draft's words."""


@dataclass(frozen=True, slots=True)
class Found:
    """A figure of the draft and the place that carries it."""

    figure: Figure
    slot: Slot
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Missed:
    """A figure of the draft that nothing carries."""

    figure: Figure
    reason: str
    instead: Slot | None = None
    """The figure that the draft's words are said of, where one fits clearly best."""
    period: Period | None = None
    """The period that the draft states for it."""
    rival: Slot | None = None
    """The figure that fits better, however little."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    slot: Slot
    agreement: Agreement
    score: float
    lift: float
    """What of the score it owes to the draft's other figures."""
    copied: float
    """What it owes to the draft's being a copy of its sentence."""
    clash: str | None
    """The period it is of, where that is not the draft's."""
    shift: float
    """What of the score its period adds or takes."""


def locate(
    query: Query, passages: Sequence[Passage], body: str, label: int | None = None
) -> list[Found | Missed]:
    """Return for every figure of `body` that is no date where it is carried, or that it is not.

    Args:
        query: What was asked: it fills in what the sentence leaves out.
        passages: The evidence.
        body: A drafted sentence without labels.
        label: The passage that the draft cites, which wins a tie.
    """
    said = binding.words_of(body)
    subject = clashes.subject(query, body)
    names = readings(query)
    slots = [
        binding.read_as(slot, names, headings(passage))
        for passage in passages
        for slot in binding.of_passage(passage)
    ]
    claims = [binding.read_as(c, names, "") for c in binding.of_draft(body, query.periods)]
    rows = clashes.rows_said(slots, body)
    texts = {p.label: context(p) for p in passages}
    by_label = {p.label: p for p in passages}
    about = subjects.of_body(query, passages, body)
    held = {
        p.label: frozenset(
            w for o in passages if o.doc_id == p.doc_id for w in words_of(query, texts[o.label])
        )
        for p in passages
    }
    scale = Scale(slots)
    table = []
    wanted = []
    for claim in claims:
        row = []
        wanted.append(asked := binding.asked_words(query.text, claim))
        for slot in slots:
            agreement = saying.says(claim, slot, query.text + texts[slot.label])
            beside = saying.rivals(claim, slot) or saying.slipped(claim, slot)
            beside = beside and not clashes.of_another_day(query, claim, slot)
            if agreement is Agreement.NONE and not beside:
                continue
            score = binding.likeness(claim, asked, slot, scale) + (
                0.01 if slot.label == label else 0
            )
            clash, shift = clashes.match(query, claim, slot, texts[slot.label])
            clash = clash or clashes.other_subject(claim, slot, subject, held)
            if clashes.other_row(slot, rows.get(slot.label, frozenset())):
                clash = clash or _OTHERS
            clash = clash or clashes.other_measure(claim, slot)
            place = (by_label[slot.label], slot.sentence, slot.figure.start, slot.setting.name)
            of_member = about and part.of_a_member(about, slot, place[0])
            of_others = of_member or (about and whose.is_anothers(about, *place))
            if of_others or part.of_something_else(query, slot, place[0], body):
                clash = clash or _OTHERS
            if agreement is Agreement.NONE and saying.turned(claim, slot):
                shift -= clashes.OTHER_TIME
            row.append(_Candidate(slot, agreement, score + shift, 0.0, 0.0, clash, shift))
        table.append(row)
    return _decided(body, claims, table, wanted, scale, said)


def context(passage: Passage) -> str:
    """Return the text of a passage with all that stands over it."""
    return f"{headings(passage)} {passage.text}"


def headings(passage: Passage) -> str:
    """Return the title, the headings and the table header over a passage, in one line."""
    return " ".join((passage.document.title, *passage.heading_path, passage.head))


_RESTATED = re.compile(r"\s*[（(\[]\s*(?:即|约|or|about)?\s*", re.IGNORECASE)
"""Between a figure and the same in another unit: RMB 92.51 billion (925.1亿元)."""


def _decided(
    body: str,
    claims: Sequence[Slot],
    table: Sequence[list[_Candidate]],
    wanted: Sequence[frozenset[str]],
    scale: Scale,
    said: frozenset[str],
) -> list[Found | Missed]:
    anchors = _anchors(table)
    rows: list[list[_Candidate]] = []
    for row in table:
        own = {_home(c.slot) for c in row if c.agreement is not Agreement.NONE and not c.clash}
        rows.append(
            [
                replace(c, score=c.score + lift + copied, lift=lift, copied=copied)
                for c in row
                for lift in (_lift(c, anchors, own, len(table)),)
                for copied in (_copied(c.slot, said),)
            ]
        )
    alone = len(claims) == 1
    found = [
        _verdict(claim, asked, row, scale, alone=alone)
        for claim, row, asked in zip(claims, rows, wanted, strict=True)
    ]
    return _each_its_own(body, claims, rows, wanted, scale, found)


def _each_its_own(
    body: str,
    claims: Sequence[Slot],
    rows: Sequence[Sequence[_Candidate]],
    wanted: Sequence[frozenset[str]],
    scale: Scale,
    found: list[Found | Missed],
) -> list[Found | Missed]:
    """Return `found` where no place carries two figures of the draft, if another fits one of them.

    "From 56.1% to 56.1%": the passage has the figure once, so one of the two is the neighbour's.
    """
    scores = [
        max((c.score for c in row if isinstance(f, Found) and c.slot is f.slot), default=0.0)
        for f, row in zip(found, rows, strict=True)
    ]
    for i, j in itertools.combinations(range(len(found)), 2):
        one, other = found[i], found[j]
        if not (isinstance(one, Found) and isinstance(other, Found) and one.slot is other.slot):
            continue
        if _RESTATED.fullmatch(body, one.figure.end, other.figure.start):
            continue
        k = i if scores[i] < scores[j] else j
        rest = [c for c in rows[k] if c.slot is not one.slot]
        own = [c for c in rest if c.agreement is not Agreement.NONE and not c.clash]
        beside = [c for c in own if _home(c.slot) == _home(one.slot)]
        if beside:
            best = max(beside, key=lambda c: c.score)
            found[k] = Found(claims[k].figure, best.slot, best.agreement)
            continue
        again = _verdict(claims[k], wanted[k], rest, scale, alone=False)
        near = max((c.score for c in rest if not c.clash), default=0.0)
        if isinstance(again, Found) or near > scores[k] - _TWICE:
            if isinstance(again, Missed):
                again = replace(again, reason=f"{one.figure.text} stands there once")
            found[k] = again
    return found


def _copied(slot: Slot, said: frozenset[str]) -> float:
    """Return what a place gains by standing in a sentence that the draft repeats nearly word by word."""
    share = len(said & slot.overlap) / len(said) if said else 0.0
    return _COPY * max(0.0, share - _ALIKE) / (1 - _ALIKE)


def _home(slot: Slot) -> tuple[int, int]:
    return slot.label, slot.sentence.start


def _anchors(table: Sequence[list[_Candidate]]) -> Counter[tuple[int, int]]:
    """Return for each sentence how many drafted figures it holds."""
    return Counter(
        home
        for row in table
        for home in {
            _home(c.slot) for c in row if c.agreement is not Agreement.NONE and not c.clash
        }
    )


def _lift(
    candidate: _Candidate,
    anchors: Counter[tuple[int, int]],
    own: set[tuple[int, int]],
    claims: int,
) -> float:
    """Return what a candidate gains by standing with the draft's other figures."""
    home = _home(candidate.slot)
    others = anchors[home] - (home in own)
    return _ANCHOR * others / max(1, claims - 1)


def _verdict(
    claim: Slot,
    asked: frozenset[str],
    row: Sequence[_Candidate],
    scale: Scale,
    *,
    alone: bool,
) -> Found | Missed:
    """Return the place of the claim, or what stands in its way."""
    figure = claim.figure
    agreeing = [c for c in row if c.agreement is not Agreement.NONE]
    carrying = [c for c in agreeing if not c.clash]
    rivals = [c for c in row if c.agreement is Agreement.NONE and not c.clash]
    best = max(carrying, key=lambda c: (c.score, saying.RANK[c.agreement]), default=None)
    stated = claim.timing.period if claim.timing.stated else None
    if best is None:
        if agreeing:
            instead = None
            if rivals and all(c.clash == _OTHERS for c in agreeing):
                instead = _instead(claim, asked, rivals, alone=alone)
            return Missed(figure, f"{figure.text} is of {agreeing[0].clash}", instead, stated)
        return Missed(figure, f"not in the passages: {figure.text}", _slip(claim, rivals), stated)
    if claim.latin is not best.slot.latin:  # of two languages, so that words tell little
        rivals = [c for c in rivals if c.slot.latin is best.slot.latin]
    rivals = [c for c in rivals if saying.alike(best.slot, c.slot)]
    rival = max(rivals, key=lambda c: c.score, default=None)
    if (
        rival is not None
        and rival.score > best.score + MARGIN
        and _fits_better(claim, asked, best, rival, scale)
    ):
        reason = f"{figure.text} is another's; here stands {rival.slot.figure.text}"
        clearly = alone and rival.score > best.score + _CLEARLY
        instead = _instead(claim, asked, rivals, alone=clearly)
        return Missed(figure, reason, instead, stated, rival.slot)
    return Found(figure, best.slot, best.agreement)


def _slip(claim: Slot, rivals: Sequence[_Candidate]) -> Slot | None:
    """Return the figure of the same digits and another scale, where it fits as well as any."""
    same = [c for c in rivals if saying.slipped(claim, c.slot)]
    if len({c.slot.figure.value for c in same}) != 1:
        return None
    first = max(same, key=lambda c: c.score)
    best = max(c.score for c in rivals)
    return first.slot if first.score > best - _FAR else None


def _fits_better(
    claim: Slot, asked: frozenset[str], best: _Candidate, rival: _Candidate, scale: Scale
) -> bool:
    """Return whether the rival has words of the claim that the best lacks, and lacks fewer.

    Where each has some, the two are about different things, and neither speaks against the other.
    """
    if claim.timing.stated and rival.shift < 0 <= best.shift:
        return False
    if clashes.measured_apart(claim, best.slot, rival.slot):
        return False
    gain, loss = binding.contrast(claim, asked, best.slot, rival.slot, scale)
    gain += max(0.0, rival.copied - best.copied)
    lift = max(0.0, rival.lift - best.lift)
    return gain > GAIN and loss <= LOSS * (gain + lift)


def _instead(
    claim: Slot, asked: frozenset[str], rivals: Sequence[_Candidate], *, alone: bool
) -> Slot | None:
    """Return the figure that fits clearly better than all of other value, or None.

    Sure enough to be put in the draft's place: by the name that order gives both, in a sentence
    that the draft copies, or where the draft states nothing else.
    """
    ordered = sorted(rivals, key=lambda c: -c.score)
    first = ordered[0]
    value = first.slot.readings[0].value
    others = [c for c in ordered if c.slot.readings[0].value != value]
    if saying.vague(first.slot) or (others and others[0].score > first.score - _CLEAR):
        return None
    measured = {w for w in claim.words.keys() | asked if w[0] == "#"}
    if measured and not measured & first.slot.words.keys():
        return None
    if not any(weight > _SAID for weight in claim.words.values()):
        return None
    by_order = bool(claim.setting.name) and claim.setting.name == first.slot.setting.name
    sure = by_order or first.copied > _COPY / 2 or (alone and first.score > _SURE)
    return first.slot if sure else None
