"""Whether a sentence's date or its words stand where it cites: a date whole, or its year and its day apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag import figures
from rag.figures import Agreement, Figure, Kind, agree
from rag.schema import Passage
from rag.text import fold, left_over

LINKS = "由为把被将给从向和与是的了"
"""Characters that words are joined by, and jieba to names that it does not know: 由罗."""


def plausible(date: Figure, used: Sequence[Passage]) -> bool:
    """Return whether reports of such a date would speak of this year without naming it."""
    year = int(date.value) // 10000
    published = [int(p.document.published[:4]) for p in used if p.document.published]
    return not year or not published or any(p - 1 <= year <= p + 1 for p in published)


def context(passage: Passage) -> str:
    """Return the words that stand over a passage: title, headings, the head of its table."""
    document = passage.document
    return " ".join((document.title, *passage.heading_path, passage.head))


def in_context(claim: Figure, passage: Passage) -> bool:
    """Return whether the passage, what stands over it or the date of its report state the date."""
    held = figures.find(context(passage)) + figures.find(passage.text)
    if int(claim.value) % 10000 and passage.document.published:  # a day may be that of the report
        held += figures.find(passage.document.published)
    return _in_parts(claim, held)


def with_question(date: Figure, asked: Sequence[Figure], passage: Passage) -> bool:
    """Return whether the question states the date, or its year, and the passage the rest."""
    held = [*asked, *figures.find(passage.text)]
    if any(agree(date, a) is Agreement.EXACT for a in asked):
        return True
    return len(_date_parts(date)) > 1 and _in_parts(date, held)


def only_asked(date: Figure, asked: Sequence[Figure], passage: Passage) -> bool:
    """Return whether the question states a date, with its year and month, and the passage not even the month."""
    year, rest = divmod(int(date.value), 10000)
    if not year or not rest or not any(agree(date, a) is Agreement.EXACT for a in asked):
        return False
    published = passage.document.published or ""
    held = figures.find(f"{context(passage)} {passage.text} {published}")
    told = (divmod(int(f.value), 10000) for f in held if f.kind is Kind.DATE)
    return not any(y in (0, year) and r // 100 == rest // 100 for y, r in told)


def _in_parts(date: Figure, held: Sequence[Figure]) -> bool:
    """Return whether the year of `date` and its day are stated, the day not as one of another year."""
    year = int(date.value) // 10000
    dates = [f for f in held if f.kind is Kind.DATE]
    own = [f for f in dates if int(f.value) // 10000 in (0, year)]
    return all(
        any(agree(part, f) is Agreement.EXACT for f in (own if int(part.value) % 10000 else dates))
        for part in _date_parts(date)
    )


def _date_parts(claim: Figure) -> list[Figure]:
    """Return the year alone and the month and day alone: they may be stated apart."""
    value = int(claim.value)
    year, rest = value // 10000 * 10000, value % 10000
    return [replace(claim, value=type(claim.value)(v)) for v in (year, rest) if v]


def copied(body: str, question: str, passage: str) -> bool:
    """Return whether a passage holds, in its own characters, all that a sentence adds to the question."""
    added = [p for p in left_over(fold(body), question, 3) if len(re.sub(r"\W", "", p)) > 1]
    rest = "".join(r for piece in added for r in left_over(re.sub(r"\W", "", piece), passage, 2))
    return bool(added) and not rest.strip(LINKS)
