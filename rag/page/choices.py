"""What the filters may be set to: the values that occur in an index, the most frequent first."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.page.shelf import Entry
from rag.schema import Filters

Choice = tuple[str, str]
"""What is shown and what it stands for."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Values with the number of documents that state them."""

    companies: tuple[Choice, ...] = ()
    publishers: tuple[Choice, ...] = ()
    kinds: tuple[Choice, ...] = ()
    ratings: tuple[Choice, ...] = ()
    first: str | None = None
    """ISO date of the oldest dated document."""
    last: str | None = None


def choices(entries: Sequence[Entry]) -> Choices:
    """Return what documents can be chosen by."""
    dates = sorted(entry.published for entry in entries if entry.published)
    return Choices(
        companies=_counted(name for e in entries for name in e.companies),
        publishers=_counted(e.publisher for e in entries),
        kinds=_counted(e.kind for e in entries),
        ratings=_counted(e.rating for e in entries),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
    )


def filters_of(
    company: str | None,
    publisher: str | None,
    kind: str | None,
    rating: str | None,
    since: str | None,
    until: str | None,
) -> tuple[Filters, str | None]:
    """Return the filters that a visitor chose, and which date is none and was left out."""
    begin, end = iso_date(since, last=False), iso_date(until, last=True)
    wrong = next(
        (d for d, iso in ((since, begin), (until, end)) if d and d.strip() and not iso), None
    )
    return Filters(
        publisher=publisher or None,
        since=begin,
        until=end,
        company=company or None,
        kind=kind or None,
        rating=rating or None,
    ), wrong


def iso_date(typed: str | None, *, last: bool) -> str | None:
    """Return a date as it was typed in ISO form; None when it is none.

    A month or a year stands for its first day, or its `last`: 2024, 2024-3, 2024/3/5, 2024年3月.
    """
    text = (typed or "").strip()
    for mark in "年月/.":
        text = text.replace(mark, "-")
    parts = text.replace("日", "").strip("-").split("-")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    year, month, day = (*map(int, parts), 0, 0)[:3]
    try:
        if day:
            return datetime.date(year, month, day).isoformat()
        begin = datetime.date(year, month or 1, 1)
        if not last:
            return begin.isoformat()
        after = begin.replace(year=year + 1) if not month else begin + datetime.timedelta(days=31)
        return (after.replace(day=1) - datetime.timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return None


def _counted(values: Iterable[str | None]) -> tuple[Choice, ...]:
    found = Counter(value for value in values if value)
    return tuple((f"{value} ({n})", value) for value, n in found.most_common())
