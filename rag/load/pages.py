"""The pages of a plain text that was once a PDF, and its lines as facts to lay out by.

A page break is a form feed; or, where a blank line follows every line, a missing blank line before
an indented one; or a printed footer. Knows nothing of paragraphs or headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load import furniture
from rag.text import display_width

INTERLEAVED = 0.6
"""Share of neighbouring lines exactly two apart above which blank lines carry no meaning."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that belongs to the text."""

    text: str
    """Without outer white space; never empty."""
    page: int
    """Index of its page, from 0."""
    indent: int
    """Columns of white space before it."""
    width: int
    """Columns from the left edge to its end, the indent included."""
    gap: bool
    """Whether a blank line that means something stands before it."""


def pages_of(text: str) -> list[list[str]]:
    """Return the raw lines of each page of `text`, in order; one page where no break is found."""
    if "\f" in text:
        return [page.split("\n") for page in text.split("\f")]
    lines = text.split("\n")
    breaks = set(_footer_breaks(lines))
    if is_interleaved(lines):
        breaks.update(_missing_blanks(lines))
    edges = [0, *sorted(breaks), len(lines)]
    return [lines[a:b] for a, b in zip(edges, edges[1:], strict=False) if a < b]


def is_interleaved(lines: Sequence[str]) -> bool:
    """Return whether a blank line follows nearly every line, so that none of them means anything."""
    filled = [i for i, line in enumerate(lines) if line.strip()]
    if len(filled) < 4:
        return False
    apart = sum(b - a == 2 for a, b in zip(filled, filled[1:], strict=False))
    return apart > INTERLEAVED * (len(filled) - 1)


def lines_of(pages: Sequence[furniture.CleanPage]) -> list[Line]:
    """Return the lines of `pages` that are not blank, in order."""
    interleaved = is_interleaved([line for page in pages for line in page.lines])
    found: list[Line] = []
    for number, page in enumerate(pages):
        blank = False
        for raw in page.lines:
            text = re.sub(r"\s+", " ", raw.strip())
            if text:
                indent = display_width(raw) - display_width(raw.lstrip())
                width = indent + display_width(text)
                first = not found or found[-1].page != number
                gap = blank and not interleaved and not first
                found.append(Line(text, number, indent, width, gap))
            blank = not text
    return found


def _missing_blanks(lines: Sequence[str]) -> list[int]:
    return [
        i
        for i in range(1, len(lines))
        if lines[i].strip() and lines[i][0] in " \u3000" and lines[i - 1].strip()
    ]


def _footer_breaks(lines: Sequence[str]) -> list[int]:
    """Return the indices at which a page begins because a printed footer or header says so."""
    on_top = furniture.starts_with_number(lines)
    filled = [i for i, line in enumerate(lines) if line.strip()]
    breaks: list[int] = []
    for start, end in furniture.runs(lines):
        at = end
        if on_top:
            at = next((i for i in range(end - 1, start - 1, -1) if _is_number(lines[i])), end)
        if filled[0] < at <= filled[-1]:
            breaks.append(at)
    return breaks


def _is_number(line: str) -> bool:
    return furniture.starts_with_number([line])
