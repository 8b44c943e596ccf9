"""Checked figures -> figures computed from them: the difference a question asks for.

The model copies figures well and computes badly, so the program computes.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag import clauses, contrast, figures
from rag.figures import Figure, Kind
from rag.question import Query
from rag.schema import Check, FigureCheck
from rag.verify import CheckedSentence

_TRUSTED = (Check.VERIFIED, Check.ROUNDED)


def difference(query: Query, sentences: Sequence[CheckedSentence]) -> CheckedSentence | None:
    """Return a sentence with the asked difference of two verified figures, or None.

    None when no difference is asked for, when the sentences already hold it, or when there are not
    exactly two distinct verified figures of one kind and unit to subtract.
    """
    if not query.wants_difference:
        return None
    parents = _parents(sentences)
    if parents is None:
        return None
    one, other = parents
    gap = abs(contrast.signed(one) - contrast.signed(other))
    written = contrast.written(gap, one)
    stated = [f for s in sentences for f in figures.find(s.text)]
    if any(f.value == gap and f.kind in (one.kind, Kind.POINTS) for f in stated):
        return None
    shown = contrast.reckoned(one, other)
    text = (
        f"两者相差{written}（{shown}）。"
        if query.language == "zh"
        else f"The difference is {written} ({shown})."
    )
    evidence = tuple(dict.fromkeys(e for s in sentences for e in s.evidence if _holds(s, parents)))
    label = evidence[0].label if evidence else None
    return CheckedSentence(text, evidence, (FigureCheck(written, label, Check.DERIVED, None),))


def _parents(sentences: Sequence[CheckedSentence]) -> tuple[Figure, Figure] | None:
    trusted = {c.text for s in sentences for c in s.figures if c.check in _TRUSTED}
    amounts: list[Figure] = []
    for said, figure in ((s.text, f) for s in sentences for f in figures.find(s.text)):
        if clauses.is_word(said, figure):
            continue
        if figure.kind is not Kind.DATE and figure.text in trusted and figure.high is None:
            amounts.append(figure)
    for i, one in enumerate(amounts):
        alike = [
            other
            for other in amounts[i + 1 :]
            if other.kind is one.kind and other.unit == one.unit and other.text != one.text
        ]
        if alike:
            first, second = one, alike[0]
            return (
                (first, second)
                if contrast.signed(first) >= contrast.signed(second)
                else (second, first)
            )
    return None


def _holds(sentence: CheckedSentence, parents: tuple[Figure, Figure]) -> bool:
    return any(c.text in {p.text for p in parents} for c in sentence.figures)
