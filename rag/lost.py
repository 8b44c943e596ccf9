"""The words of a question + a sentence of a passage -> how many it loses.

A word counts as held by the sentence, by the rows and columns of its table, or, in part, by what stands
over or before it. Knows nothing of figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import subject
from rag.question import Query, comparable_terms, words_of
from rag.schema import Passage
from rag.text import Span, fold, is_cjk, sentences

_OVER, _BEFORE = 0.3, 0.7
"""Shares that are lost of a word which only the headings hold, or only the sentences before."""
_TOPIC = re.compile(r"^[^，,。；;]{2,40}方面[，,]")
_NUMBERED = re.compile(r"^(?:序号|排名|编号|名次|No\.?|#) \| ", re.IGNORECASE)


_SEMICOLON = re.compile("[;；]")


def share(
    query: Query,
    terms: Sequence[str],
    passage: Passage,
    sentence: Span,
    name: str = "",
    cell: str = "",
    at: int | None = None,
) -> float:
    """Return the share of `terms` that neither the sentence nor what stands over it holds.

    What only the headings hold is missing in part, what only the sentences before hold more so: they
    span several things. The title is left out: it holds whom a report is about, not what
    a sentence says of them. All is missing where a name is. `name` is what the order of a list gives
    the figure: it holds a term of which it is a part. `cell` is what a table says of the figure: the
    other columns and their cells do not count then. `at` is where the figure stands: what the sentence
    says after the next semicolon counts as what is said before it.
    """
    before = passage.text[: sentence.start]
    sentence_text = passage.text[sentence.start : sentence.end]
    over = "" if _TOPIC.match(sentence_text) else " ".join(subject.headings_below_title(passage))
    past = _SEMICOLON.search(passage.text, at, sentence.end) if at is not None else None
    if past:
        sentence_text = passage.text[sentence.start : past.start()]
        before = f"{before} {passage.text[past.end() : sentence.end]}"
    text = f"{passage.head} {sentence_text}"
    if cell:
        text = " ".join(
            (*(_NUMBERED.sub("", line).split(" | ")[0] for line in passage.head.split("\n")), cell)
        )
    comparable = comparable_terms(query, f"{text} {over}")
    terms = [t for t in terms if t in comparable or t not in query.terms]
    lost = 0.0
    for term in terms:
        if len(name) > 1 and name in term:
            continue
        part = next(
            (part for part, held in ((0.0, text), (_OVER, over), (_BEFORE, before)) if _holds(query, held, term)),
            1.0,
        )  # fmt: skip
        if part == 1.0 and _is_proper(query, term):
            return 1.0
        lost += part * len(term)
    return lost / sum(map(len, terms)) if terms else 0.0


def holds_all(query: Query, terms: Sequence[str], passage: Passage, sentence: Span) -> bool:
    """Return whether a sentence, or what stands over or before it, holds all `terms`.

    Since the last topic ("…业务方面，") only what follows it counts.
    """
    starts = (s.start for s in reversed(sentences(passage.text)) if s.start <= sentence.start)
    topic = next((at for at in starts if _TOPIC.match(passage.text[at:])), None)
    over = (*passage.heading_path, passage.head) if topic is None else (passage.head,)
    text = " ".join((*over, passage.text[topic or 0 : sentence.end]))
    return all(_holds(query, text, term) for term in terms)


def _holds(query: Query, text: str, term: str) -> bool:
    if term in words_of(query, text):
        return True
    held = fold(text)
    half = len(term) // 2
    whole = fold(term)
    return is_cjk(term[0]) and (
        whole in held or (half > 1 and whole[:half] in held and whole[half:] in held)
    )


def _is_proper(query: Query, term: str) -> bool:
    """Return whether the question writes a Latin word as a name, with a capital inside it."""
    at = query.text.lower().find(term)
    return at > 0 and term.isascii() and len(term) > 1 and query.text[at : at + 2].istitle()
