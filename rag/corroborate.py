"""Checked sentences + passages -> the same sentences, each with a second report or place that says so.

A figure that two places state is worth more than one that only one does, and the reader may know
only one of them. Nothing is added that would not carry the sentence alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag import extract, figures, stated, verify
from rag.figures import Agreement, Kind, agree
from rag.question import Query, content_terms
from rag.schema import Check, Passage
from rag.text import fold, sentences
from rag.verify import Checked, CheckedSentence, Evidence


def corroborated(query: Query, passages: Sequence[Passage], checked: Checked) -> Checked:
    """Return `checked` where a sentence of one passage also cites the next best that states it."""
    return replace(
        checked, sentences=tuple(_with_second(query, passages, s) for s in checked.sentences)
    )


def _with_second(
    query: Query, passages: Sequence[Passage], sentence: CheckedSentence
) -> CheckedSentence:
    if len(sentence.evidence) != 1:
        return sentence
    cited = sentence.evidence[0]
    if not sentence.figures:
        other = _of_the_other(query, passages, sentence)
        return replace(sentence, evidence=(cited, other)) if other else sentence
    quote = next(p.text for p in passages if p.label == cited.label)
    said = quote[cited.span.start : cited.span.end]
    for passage in passages:
        if passage.label == cited.label or said in passage.text:
            continue
        if again := _again(query, passage, sentence):
            return replace(sentence, evidence=(cited, *again.evidence))
    return sentence


def _of_the_other(
    query: Query, passages: Sequence[Passage], sentence: CheckedSentence
) -> Evidence | None:
    """Return where the other of two names of a sentence is told what the sentence tells: 乙评级为中性.

    None where what is cited names both, or no passage tells any of its words of the other.
    """
    cited = sentence.evidence[0]
    quoted = next(p for p in passages if p.label == cited.label)
    held = fold(f"{stated.context(quoted)} {quoted.text[cited.span.start : cited.span.end]}")
    told = {w for w in content_terms(sentence.text) if w not in fold(query.text)}
    for name in (n for n in query.names if n.asked in sentence.text):
        forms = [fold(form) for form in (name.asked, *name.forms)]
        if any(form in held for form in forms):
            continue
        for passage in passages:
            for span in sentences(passage.text):
                text = fold(passage.text[span.start : span.end])
                if any(form in text for form in forms) and any(word in text for word in told):
                    return Evidence(passage.label, span)
    return None


def _again(query: Query, passage: Passage, sentence: CheckedSentence) -> CheckedSentence | None:
    """Return the sentence as one other passage carries it, None where that leaves anything open."""
    amounts = [f for f in figures.find(sentence.text) if f.kind is not Kind.DATE]
    held = figures.find(passage.text)
    # 三个, 六大 stand everywhere
    in_words = any(not re.search(r"\d", amount.text) for amount in amounts)
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
