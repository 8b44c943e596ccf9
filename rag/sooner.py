"""A question which of two things came first + the checked time of each -> the sentence that says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag import asking, contrast, figures
from rag.figures import Figure, Kind
from rag.question import Query
from rag.schema import Check
from rag.verify import CheckedSentence

_YEAR = 10_000
_MONTH = 100


@dataclass(frozen=True, slots=True)
class _Side:
    name: str
    date: Figure
    sentence: CheckedSentence


def asks(query: Query) -> bool:
    """Return whether `query` asks which of two things came first."""
    return asking.SOONER.search(query.text) is not None


def conclude(
    query: Query, sides: Sequence[tuple[Query, Sequence[CheckedSentence]]]
) -> CheckedSentence | None:
    """Return which of two sides came first, None where the times told do not say.

    Args:
        query: The whole question.
        sides: Two; for each its own question and the checked sentences that answer it.
    """
    if len(sides) != 2:
        return None
    names = contrast.names(sides[0][0], sides[1][0])
    dated = [_dated(name, said) for name, (_, said) in zip(names, sides, strict=True)]
    one, other = dated
    if one is None or other is None:
        return None
    first, second = int(one.date.value), int(other.date.value)
    whole = _least(first, second)
    if first // whole == second // whole:
        return None
    late = asking.late(query.text)
    named = one if (first < second) is not late else other
    text = f"{named.name}更{'晚' if late else '早'}（{one.date.text}与{other.date.text}）。"
    checks = tuple(c for s in (one, other) for c in s.sentence.figures if c.text == s.date.text)
    evidence = tuple(dict.fromkeys(e for s in (one, other) for e in s.sentence.evidence))
    return CheckedSentence(text, evidence, checks)


def _dated(name: str, said: Sequence[CheckedSentence]) -> _Side | None:
    """Return the first date with a year that a side tells and its sources state."""
    for sentence in said:
        stated = {c.text for c in sentence.figures if c.check is Check.VERIFIED}
        for found in figures.find(sentence.text):
            if found.kind is Kind.DATE and found.text in stated and int(found.value) >= _YEAR:
                return _Side(name, found, sentence)
    return None


def _least(one: int, other: int) -> int:
    """Return the number of days, months or years, in dates written 20190800, that both tell."""
    if one % _MONTH and other % _MONTH:
        return 1
    return _MONTH if one % _YEAR and other % _YEAR else _YEAR
