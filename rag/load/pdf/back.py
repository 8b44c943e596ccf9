"""Lines -> the back matter of a report: where it begins, and the titles of its parts.

That is disclaimers, rating definitions, statements of analysts, addresses: kept, hardly ever asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.load import marks
from rag.load.pdf.lines import Column, Line
from rag.load.pdf.looks import Heading, body_type, type_of
from rag.load.pdf.tagged import may_be_heading

MAX_TITLE = 30
"""Characters of the title of one of its parts."""


def back_start(lines: Sequence[Line], headings: dict[int, Heading]) -> int:
    """Return the index of the line that opens the back matter, or the number of lines.

    That is the heading of a disclaimer, rating definition or the like in the last part of the
    document that no chapter follows.
    """
    chapters = [
        i
        for i, heading in headings.items()
        if heading.certain
        and not marks.is_boilerplate_title(lines[i].text)
        and not marks.is_known_section(lines[i].text)
    ]
    last = max(chapters, default=-1)
    total = sum(len(line.text) for line in lines)
    seen = 0
    for i, line in enumerate(lines):
        titled = marks.is_boilerplate_title(line.text) and line.column is not Column.SIDE
        if titled and i > last and seen >= 0.35 * total:
            return _page_start(lines, i, last)
        seen += len(line.text)
    return len(lines)


def _page_start(lines: Sequence[Line], index: int, last: int) -> int:
    """Return the first line of the page of line `index`, if no chapter reaches on to it.

    What stands above the first statement on a page of its own is part of the back matter.
    """
    start = index
    while start > 0 and lines[start - 1].page == lines[index].page:
        start -= 1
    new_page = start > 0 and marks.ends_sentence(lines[start - 1].text)
    return start if last < start and new_page else index


def back_titles(lines: Sequence[Line], back: int) -> dict[int, Heading]:
    """Return the titles of the parts of the back matter, which begins at line `back`.

    The titles that are known by their wording show in which type the others are set.
    """
    behind = [i for i in range(back, len(lines)) if lines[i].column is not Column.SIDE]
    tables = {_table(lines[i]) for i in behind if _is_beside(lines[i])} - {None}
    behind = [i for i in behind if _table(lines[i]) not in tables]
    titles = [i for i in behind if marks.is_boilerplate_title(lines[i].text)]
    plain = body_type([lines[i] for i in behind]) if behind else None
    looks = {type_of(lines[i]) for i in titles} - {plain}
    return {
        i: Heading(1, 1)
        for i in behind
        if i in titles or (type_of(lines[i]) in looks and _may_be_title(lines[i]))
    }


def _table(line: Line) -> tuple[int, int] | None:
    """Return page and number of the tagged table that `line` stands in, or None."""
    cell = line.fragments[0].role.cell
    return (line.page, cell[0]) if cell else None


def _is_beside(line: Line) -> bool:
    """Return whether a part of `line` is tagged as a cell that stands to the right of another."""
    return any(f.role.cell is not None and f.role.cell[2] > 0 for f in line.fragments)


def _may_be_title(line: Line) -> bool:
    text = line.text
    if len(line.pieces) > 1 or marks.opening(text) or re.search(r"[，；。]", text):
        return False
    return may_be_heading(text) and len(text) <= MAX_TITLE
