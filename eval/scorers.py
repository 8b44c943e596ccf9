"""Scores of one case: a `Case` and what a system returned -> a number. Pure functions.

``None`` means not applicable and stays out of every mean; it is never 0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from eval.cases import Case
from rag.text import squeeze

_LABEL = re.compile(r"\[\d+\]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# A blank between two figures stays: without it "2024 17%" would read 202417%.
_BLANK = re.compile(r"(?<![\d.]) | (?!\d)")


def flatten(text: str) -> str:
    """Return `text` for matching: NFKC, lower case, no thousands commas, labels or blanks."""
    text = unicodedata.normalize("NFKC", _LABEL.sub("", text)).lower()
    return _BLANK.sub("", " ".join(_THOUSANDS.sub("", text).split()))


def holds(text: str, form: str) -> bool:
    """Return whether `text` holds `form` at number boundaries.

    Where the form starts or ends in a digit, no digit and no decimal point may touch it there:
    ``17%`` is not in ``117%`` nor in ``3.17%``. A full stop that no digit follows is punctuation.
    """
    needle = flatten(form)
    pattern = re.escape(needle)
    if needle[:1].isdigit():
        pattern = r"(?<![\d.])" + pattern
    if needle[-1:].isdigit():
        pattern += r"(?!\d|\.\d)"
    return re.search(pattern, flatten(text)) is not None


def correct(case: Case, answer: str, refused: bool) -> float:
    """Return 1.0 for a right outcome, else 0.0.

    Right is, when answerable: not refused, one form of every fact held, nothing forbidden held;
    when not: refused, and nothing forbidden held.
    """
    if any(holds(answer, form) for form in case.forbidden):
        return 0.0
    if not case.answerable:
        return float(refused)
    facts = (any(holds(answer, form) for form in forms) for forms in case.answers)
    return float(not refused and all(facts))


def refused_answerable(case: Case, refused: bool) -> float | None:
    """Return 1.0 when an answerable question was refused: lower is better."""
    return float(refused) if case.answerable else None


def refused_unanswerable(case: Case, refused: bool) -> float | None:
    """Return 1.0 when an unanswerable question was refused: higher is better."""
    return None if case.answerable else float(refused)


def layout_free(text: str) -> str:
    """Return `text` without what differs between renderings: width forms, blanks, table rules."""
    return squeeze(text).replace("|", "")


def evidence_recall(case: Case, texts: Sequence[str]) -> float | None:
    """Return the share of the case's quotes that lie whole inside one of `texts`."""
    if not case.evidence:
        return None
    bodies = [layout_free(text) for text in texts]
    quotes = [layout_free(item.quote) for item in case.evidence]
    return sum(any(quote in body for body in bodies) for quote in quotes) / len(quotes)


def reciprocal_rank(case: Case, texts: Sequence[str], k: int = 10) -> float | None:
    """Return 1/rank of the first of the `k` best texts that holds a quote, 0.0 if none does."""
    if not case.evidence:
        return None
    for rank, text in enumerate(texts[:k], start=1):
        if evidence_recall(case, [text]):
            return 1 / rank
    return 0.0


def quote_validity(quotes: Sequence[tuple[str, str]]) -> float | None:
    """Return the share of (quote, document text) pairs where the quote is an exact substring.

    An empty quote proves nothing and counts as invalid.
    """
    if not quotes:
        return None
    return sum(bool(quote) and quote in text for quote, text in quotes) / len(quotes)
