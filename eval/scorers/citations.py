"""What an answer rests on: its citations and figure checks, against gold -> numbers.

Shares in [0, 1] but for the count of figures. Knows nothing of what the answer says.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.cases import Case
from eval.scorers.matching import layout_free
from eval.scorers.retrieval import evidence_recall
from rag.schema import Check, Citation, FigureCheck

_UNPROVED = frozenset({Check.NOT_FOUND, Check.NOT_CHECKED})


def quote_validity(quotes: Sequence[tuple[str, str]]) -> float | None:
    """Return the share of (quote, document text) pairs where the quote is an exact substring.

    An empty quote proves nothing and counts as invalid. None without quotes.
    """
    if not quotes:
        return None
    return sum(bool(quote) and quote in text for quote, text in quotes) / len(quotes)


def citation_recall(case: Case, citations: Sequence[Citation]) -> float | None:
    """Return the share of the gold quotes that lie whole inside a cited passage.

    An answer without citations scores 0.0; None when the case has no gold quotes.
    """
    return evidence_recall(case, [citation.text for citation in citations])


def citation_precision(case: Case, citations: Sequence[Citation]) -> float | None:
    """Return the share of the citations whose passage holds a gold quote or lies within one.

    A lower bound: what else supports the answer is not gold. None without citations or gold.
    """
    if not citations or not case.evidence:
        return None
    quotes = [layout_free(item.quote) for item in case.evidence]
    bodies = [layout_free(citation.text) for citation in citations]
    return sum(any(_overlap(body, quote) for quote in quotes) for body in bodies) / len(bodies)


def page_accuracy(case: Case, citations: Sequence[Citation]) -> float | None:
    """Return the share of the citations of gold evidence that name its page.

    Judged are the citations whose passage holds a gold quote of the same file with a known page;
    None when there is none.
    """
    judged = [(c.page, pages) for c in citations if (pages := _gold_pages(case, c))]
    if not judged:
        return None
    return sum(page in pages for page, pages in judged) / len(judged)


def unverified_figures(figures: Sequence[FigureCheck]) -> float:
    """Return how many figures of an answer no check found in their passage.

    Each was shown to a reader unproved.
    """
    return float(sum(figure.check in _UNPROVED for figure in figures))


def _overlap(body: str, quote: str) -> bool:
    return bool(body) and (quote in body or body in quote)


def _gold_pages(case: Case, citation: Citation) -> set[int]:
    body = layout_free(citation.text)
    return {
        item.page
        for item in case.evidence
        if item.page is not None
        and item.source == citation.source
        and layout_free(item.quote) in body
    }
