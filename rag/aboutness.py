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
    if about is None or not _has_report(query, about, hits):
        return ""
    named = any(subject.names(about, subject.words_around(p)) for p in cited)
    return "" if named else f"what is cited does not name {about.asked}"


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
