"""A question after the highest or lowest + a checked answer -> whether the reports call it the opposite.

"哪家不良率最低": the model tells the figure of the one that a report calls highest. What a report itself calls
highest or lowest is told in the words beside the figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import binding, extreme, figures, measures, verify
from rag.binding import Slot
from rag.figures import Agreement, Kind, agree
from rag.question import Query
from rag.schema import Draft, Passage
from rag.verify import Checked

_MOST = re.compile(
    r"最[高大多快贵]|居首|首位|榜首|位列第一|排名?第一|\b(?:highest|largest|biggest|most|fastest)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"最[低小少慢]|最便宜|垫底|末位|\b(?:lowest|smallest|least|slowest|cheapest)\b", re.IGNORECASE
)
_WHEN = re.compile(r"哪一?[个]?[年月天日季周次批轮拨笔回]")
"""A question after which of several times."""
_SHARED = 0.6
_CLAUSE = re.compile(r"[，,；;。\n]")


def answered(query: Query, passages: Sequence[Passage], checked: Checked) -> Checked:
    """Return `checked`; where it tells the opposite of what is asked for, what a report calls that, or nothing.

    Args:
        query: What is asked.
        passages: The evidence.
        checked: The answer.
    """
    wanted = extreme.direction(query)
    named = measures.named(query.text) - measures.SIDE
    if not wanted or not checked.sentences:
        return checked
    if beaten := _beaten(query, passages, checked, wanted):
        return beaten
    told = [(f, _called(slot, p)) for p in passages for slot, f in _of(p, named)]
    said = [f for s in checked.sentences for f in figures.find(s.text) if f.kind is not Kind.DATE]
    called = {way for f, way in told if any(agree(c, f) is not Agreement.NONE for c in said)}
    if -wanted not in called or wanted in called:
        return checked
    for passage in passages:
        for slot, figure in _of(passage, named):
            if _called(slot, passage) == wanted:
                again = verify.check(
                    query, Draft(query.original, tuple(passages), _clause(slot, passage), "", "")
                )
                if any(figure.text in s.text for s in again.sentences):
                    return Checked(again.sentences, checked.dropped)
    return Checked((), (*checked.dropped, "the reports call it the opposite"))


def _beaten(
    query: Query, passages: Sequence[Passage], checked: Checked, wanted: int
) -> Checked | None:
    """Return what a report says of the true extreme where its own next words hold one beyond the answer's."""
    said = [f for s in checked.sentences for f in figures.find(s.text) if f.kind is not Kind.DATE]
    cited = {e.label for s in checked.sentences for e in s.evidence}
    if len(said) != 1:
        return None
    for passage in (p for p in passages if p.label in cited):
        slots = [s for s in binding.of_passage(passage) if not s.setting.cell and not s.word]
        own = next((s for s in slots if agree(said[0], s.figure) is Agreement.EXACT), None)
        alike = [s for s in slots if own and _alike(query, own, s)]
        if own is None or not alike:
            continue
        best = max((own, *alike), key=lambda s: wanted * s.figure.value)
        if best is not own and best.figure.value != own.figure.value:
            drafted = Draft(query.original, tuple(passages), _clause(best, passage), "", "")
            again = verify.check(query, drafted)
            if any(best.figure.text in s.text for s in again.sentences):
                return Checked(again.sentences, checked.dropped)
    return None


def _alike(query: Query, one: Slot, other: Slot) -> bool:
    """Return whether two figures of a sentence are told in the same words, of the same time or of asked ones."""
    if one.figure == other.figure or one.setting.sentence != other.setting.sentence:
        return False
    if (one.figure.kind, one.figure.unit) != (other.figure.kind, other.figure.unit):
        return False
    shared, every = one.near & other.near, one.near | other.near
    timed = _WHEN.search(query.text) or one.timing.period == other.timing.period
    return (
        bool(timed and shared)
        and len(shared) >= _SHARED * min(len(one.near), len(other.near))
        and ({w for w in every if w[0] == "#"} == {w for w in shared if w[0] == "#"})
    )


def _of(passage: Passage, named: frozenset[str]) -> list[tuple[Slot, figures.Figure]]:
    """Return the figures of a passage that the asked measure is said of."""
    slots = (s for s in binding.of_passage(passage) if not s.setting.cell)
    return [(s, s.figure) for s in slots if not named or named & s.words.keys()]


def _called(slot: Slot, passage: Passage) -> int:
    """Return +1 for a figure whose clause calls it the most, -1 for the least, else 0."""
    clause = _clause(slot, passage)
    return bool(_MOST.search(clause)) - bool(_LEAST.search(clause))


def _clause(slot: Slot, passage: Passage) -> str:
    """Return the clause of a figure, with the next where that only calls it something: 1.58%,九家里最高."""
    text, (start, end) = passage.text, slot.setting.sentence
    before = [m.end() for m in _CLAUSE.finditer(text, start, slot.figure.start)]
    after = [m.start() for m in _CLAUSE.finditer(text, slot.figure.end, end)] or [end]
    stop = after[0]
    if len(after) > 1 and all(
        f.kind is Kind.COUNT for f in figures.find(text[stop + 1 : after[1]])
    ):
        own = text[stop + 1 : after[1]]
        stop = after[1] if _MOST.search(own) or _LEAST.search(own) else stop
    return text[before[-1] if before else start : stop].strip()
