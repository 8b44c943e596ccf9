"""Checked sentences + passages -> the same sentences, each with a second report or place that says so.

A figure that two places state is worth more than one that only one does, and the reader may know
only one of them. Nothing is added that would not carry the sentence alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag import extract, figures, verify
from rag.figures import Agreement, Kind, agree
from rag.question import Query
from rag.schema import Check, Passage
from rag.verify import Checked, CheckedSentence


def corroborated(query: Query, passages: Sequence[Passage], checked: Checked) -> Checked:
    """Return `checked` where a sentence of one passage also cites the next best that states it."""
    return replace(
        checked, sentences=tuple(_with_second(query, passages, s) for s in checked.sentences)
    )


def _with_second(
    query: Query, passages: Sequence[Passage], sentence: CheckedSentence
) -> CheckedSentence:
    if len(sentence.evidence) != 1 or not sentence.figures:
        return sentence
    cited = sentence.evidence[0]
    quote = next(p.text for p in passages if p.label == cited.label)
    said = quote[cited.span.start : cited.span.end]
    for passage in passages:
        if passage.label == cited.label or said in passage.text:
            continue
        if again := _again(query, passage, sentence):
            return replace(sentence, evidence=(cited, *again.evidence))
    return sentence


def _again(query: Query, passage: Passage, sentence: CheckedSentence) -> CheckedSentence | None:
    """Return the sentence as one other passage carries it, None where that leaves anything open."""
    amounts = [f for f in figures.find(sentence.text) if f.kind is not Kind.DATE]
    held = figures.find(passage.text)
    in_words = any(
        not re.search(r"\d", amount.text) for amount in amounts
    )  # 三个, 六大: everywhere
    if (
        not amounts
        or in_words
        or not all(
            any(agree(amount, other) is Agreement.EXACT for other in held) for amount in amounts
        )
    ):
        return None
    found = verify.alone(query, passage, sentence.text)
    dated = {f.text for f in figures.find(sentence.text) if f.kind is Kind.DATE}
    if found is None or any(
        f.check is not Check.VERIFIED for f in found.figures if f.text not in dated
    ):
        return None
    return found if extract.vouched(query, (passage,), Checked((found,), ())) else None
