"""What counts as the same text: folding, number boundaries, layout. Knows nothing of cases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rag.text import squeeze

_LABEL = re.compile(r"\[\d+\]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# A blank between two figures stays: without it "2024 17%" would read 202417%.
_BLANK = re.compile(r"(?<![\d.]) | (?!\d)")
_NUMERAL = re.compile(r"\d+(?:\.\d+)?")


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


def numerals(text: str) -> list[str]:
    """Return the numerals of `text` in order, as printed but for thousands commas."""
    return _NUMERAL.findall(flatten(text))


def layout_free(text: str) -> str:
    """Return `text` without what differs between renderings: width forms, blanks, table rules."""
    return squeeze(text).replace("|", "")


def held(quotes: Sequence[str], texts: Sequence[str]) -> list[bool]:
    """Return for each quote whether it lies whole inside one of `texts`, layout aside."""
    bodies = [layout_free(text) for text in texts]
    return [any(quote in body for body in bodies) for quote in map(layout_free, quotes)]
