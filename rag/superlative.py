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
