"""A question + a checked answer -> whether what is cited is about whom the question asks.

Small models answer from the report of another company when that one says what the right one leaves
out.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag import subject
from rag.question import Query
from rag.schema import Hit, Passage
from rag.subject import Subject
from rag.text import is_cjk, known_words, leading_name
from rag.verify import Checked


def strays(query: Query, hits: Sequence[Hit], passages: Sequence[Passage], checked: Checked) -> str:
    """Return why what is cited is about another; "" where it may answer.

    Args:
        query: What is asked.
        hits: All that was found: whether a report of the asked one is among it.
        passages: The evidence.
        checked: The answer.
    """
    by_label = {p.label: p for p in passages}
    cited = [by_label[e.label] for s in checked.sentences for e in s.evidence]
    if not cited:
        return ""
    about = subject.of(query, hits)
    if about is None:
        return ""
    told = [subject.words_around(p) for p in cited]
    if not _has_report(query, about, hits):
        if not _is_proper(query, about):
            return ""
        reports = {p.document.doc_id for p in cited}
        told += [subject.words_around(h) for h in hits if h.document.doc_id in reports]
    named = any(subject.names(about, text) for text in told)
    return "" if named else f"what is cited does not name {about.asked}"


def _is_proper(query: Query, about: Subject) -> bool:
    """Return whether the asked one is a person or place that was found: a name or no word at all.

    Companies go by other names within their reports, and common words by others still.
    """
    one = about.asked
    name = is_cjk(one[0]) and (leading_name(one) == one or not known_words(one))
    return about.known and name and not subject.is_firm(query, about)


def own(query: Query, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits without those of reports on others, where the asked one has a report itself.

    What they say would be withheld: see `strays`. In the order given.
    """
    about = subject.of(query, hits)
    if about is None or not _has_report(query, about, hits):
        return tuple(hits)
    return tuple(h for h in hits if subject.names(about, subject.words_around(h)))


def _has_report(query: Query, about: Subject, hits: Sequence[Hit]) -> bool:
    """Return whether the asked one is a company and a report that was found is of it, by its title."""
    titles = {h.document.title for h in hits if subject.names(about, h.document.title)}
    alone = any(2 * len(about.asked) >= len(title) for title in titles)
    return bool(titles) and (alone or subject.is_firm(query, about))
