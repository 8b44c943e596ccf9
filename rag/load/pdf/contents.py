"""Lines -> the printed table of contents: which lines it takes up, and the headings it lists.

Knows nothing of the headings themselves; those are looked for where the text is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load import marks
from rag.load.pdf.lines import Line

MIN_ENTRIES = 3
"""Entries with dot leaders from which a page holds a table of contents."""
MAX_BETWEEN = 3
"""Lines between two entries that belong to an entry broken over several lines."""
INDENT = 4.0
"""Points by which an entry is indented from its parent's at least."""

_NUMBER = re.compile(r"\d{1,3}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading that the contents or the outline of a document lists."""

    title: str
    level: int
    """1 = outermost."""
    page: int | None
    """The page it is said to be on, printed or physical; None if it is not said."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The printed contents of a document."""

    entries: tuple[Entry, ...]
    """Headings only; figures and tables have lists of their own, which are left out."""
    lines: frozenset[int]
    """Indices of the lines that make up the contents."""


def contents_of(lines: Sequence[Line]) -> Contents:
    """Find the printed contents among the `lines` of a document, in reading order."""
    taken: set[int] = set()
    listed: list[Line] = []
    for start, end in _pages(lines):
        hits = [i for i in range(start, end) if marks.contents_entry(lines[i].text) is not None]
        if len(hits) < MIN_ENTRIES:
            hits = _without_leaders(lines, start, end)
        if len(hits) < MIN_ENTRIES:
            continue
        taken |= _covered(lines, start, hits)
        listed += [lines[i] for i in hits]
    headings = [line for line in listed if not marks.is_caption(_title(line))]
    levels = _levels(headings)
    entries = (
        Entry(_title(line), level, _page(line))
        for line, level in zip(headings, levels, strict=True)
    )
    return Contents(tuple(entries), frozenset(taken))


def _pages(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return where the lines of each page begin and end."""
    starts = [i for i, line in enumerate(lines) if i == 0 or lines[i - 1].page != line.page]
    return list(zip(starts, [*starts[1:], len(lines)], strict=True))


def _without_leaders(lines: Sequence[Line], start: int, end: int) -> list[int]:
    """Return the entries below the title of a contents that is set without dots.

    Their page numbers stand at the right edge, apart from the text, and never count down.
    """
    title = next((i for i in range(start, end) if marks.is_contents_title(lines[i].text)), end)
    hits: list[int] = []
    last = 0
    for i in range(title + 1, end):
        pieces = lines[i].pieces
        number = pieces[-1].text if len(pieces) == 2 else ""
        if _NUMBER.fullmatch(number) and int(number) >= last:
            last = int(number)
            hits.append(i)
        elif not marks.is_contents_title(lines[i].text) and hits and i - hits[-1] > MAX_BETWEEN:
            break
    return hits


def _covered(lines: Sequence[Line], start: int, hits: Sequence[int]) -> set[int]:
    """Return the lines of the contents on a page: entries, what is between, the titles above."""
    covered = set(hits)
    for a, b in zip(hits, hits[1:], strict=False):
        if b - a - 1 <= MAX_BETWEEN:
            covered.update(range(a, b))
    # A last entry may go on in a line that holds its page number only.
    after = hits[-1] + 1
    if after < len(lines) and re.fullmatch(r"\d{1,3}", lines[after].text):
        covered.add(after)
    for i in range(start, hits[-1]):
        if marks.is_contents_title(lines[i].text):
            covered.add(i)
    return covered


def _title(line: Line) -> str:
    return marks.contents_entry(line.text) or line.pieces[0].text


def _page(line: Line) -> int | None:
    found = re.search(r"(\d{1,3})\s*$", line.text)
    return int(found[1]) if found else None


def _levels(entries: Sequence[Line]) -> list[int]:
    """Return the level of each entry: by its number where most are numbered, else by its indent."""
    ranks = [marks.numbering(_title(line)) for line in entries]
    known = sorted({rank for rank in ranks if rank is not None})
    if 2 * sum(rank is not None for rank in ranks) >= len(ranks):
        return [1 if rank is None else known.index(rank) + 1 for rank in ranks]
    indents: list[float] = []
    for x in sorted(line.x0 for line in entries):
        if not indents or x - indents[-1] >= INDENT:
            indents.append(x)
    return [sum(x <= line.x0 + INDENT / 2 for x in indents) for line in entries]
