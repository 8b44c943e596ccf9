"""What a loader read, and the name of the file -> the facts a report states of itself.

No model: cover, side bar, front matter and file name are searched, what several of them state
outweighs what one does. ``front`` says which lines count, one module a fact finds candidates in
them, ``choice`` decides between candidates. Nothing is guessed from running text.
"""

from __future__ import annotations

from collections.abc import Mapping

from rag.load.parsed import Parsed
from rag.load.report import analysts, companies, dates, houses, kinds, ratings, titles
from rag.load.report.choice import chosen, ranked
from rag.load.report.front import front_of
from rag.schema import Fact, FactName

__all__ = ["facts_of_report", "first"]


def facts_of_report(parsed: Parsed, stem: str) -> tuple[Fact, ...]:
    """Return the facts of a report by name, of one name the weightiest first.

    Args:
        parsed: What the loader of its format read.
        stem: The file name without its suffix.
    """
    front = front_of(parsed)
    publisher = chosen(FactName.PUBLISHER, houses.candidates(front, stem))
    title = chosen(FactName.TITLE, titles.candidates(front, stem))
    kind = kinds.kind_of(front, stem, title, publisher)
    subject = kind.value if kind else ""
    found = [
        *title,
        *publisher,
        *chosen(FactName.PUBLISHED, dates.candidates(front, stem)),
        *ranked(FactName.ANALYST, analysts.candidates(front)),
        *companies.companies_of(front, title, subject),
        *chosen(FactName.RATING, ratings.ratings(front, subject)),
        *chosen(FactName.RATING_CHANGE, ratings.changes(front, subject)),
        *chosen(FactName.TARGET_PRICE, ratings.prices(front, subject)),
        *chosen(FactName.INDUSTRY, kinds.industries(front, title, subject)),
    ]
    return (*found, kind) if kind else tuple(found)


def first(facts: tuple[Fact, ...]) -> Mapping[FactName, str]:
    """Return the weightiest value of every name that is stated."""
    return {fact.name: fact.value for fact in reversed(facts)}
