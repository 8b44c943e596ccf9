"""English lists that figures follow by order: A, B and C held 9%, 5% and 4% respectively."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.figures import Figure
from rag.text import Span, is_cjk

_ITEMS = re.compile(r",\s+and\s+|,\s+|\s+and\s+")
_VERB = re.compile(
    r"\s+(?:was|were|is|are|had|have|held|holds?|rose|fell|grew|gained|lost|stood|came|took|made|accounted|contributed"
    r"|reached|reported|posted|recorded|increased|decreased|declined|dropped|climbed|rising|falling|at|for|with|by|of|in)\b.*$",
    re.DOTALL,
)
_CAPITALS = re.compile(r"(?:[A-Z][\w&.'’-]*(?:\s+|$))+$")
_WITH = re.compile(r", (?:with|at|accounting for|making up|contributing|holding)\b[^,]*$")
_STOPS = re.compile(r"[;:]\s|\b(?:while|whereas)\s")
_BEHIND = 40
"""Characters between a row and the word that says it goes by order: 8% of GMV respectively."""
_LONGEST = 40
"""Characters of one name."""


def names(text: str, start: int, run: Sequence[Figure]) -> tuple[tuple[str, ...], Span] | None:
    """Return the names that a row of figures belongs to by order, and where they stand; None for none.

    Args:
        text: What the figures were found in: A, B and C held 9%, 5% and 4% respectively.
        start: Where the sentence begins.
        run: The row.
    """
    first, last = run[0].start, run[-1].end
    if "respectively" not in text[last : last + _BEHIND] or any(map(is_cjk, text[start:first])):
        return None
    listed = _WITH.sub("", _STOPS.split(text[start:first])[-1])
    pieces = _ITEMS.split(listed)[-len(run) :]
    if len(pieces) < len(run):
        return None
    opening = _CAPITALS.search(pieces[0])
    found = [opening.group().strip() if opening else pieces[0].strip(), *pieces[1:]]
    found[-1] = _VERB.sub("", found[-1])
    found = [name.strip().removeprefix("the ") for name in found]
    if not all(0 < len(name) <= _LONGEST for name in found) or any(map(str.isdigit, found)):
        return None
    low = text.rindex(found[0], start, first)
    high = text.rindex(found[-1], low, first) + len(found[-1])
    return tuple(found), Span(low, high)
