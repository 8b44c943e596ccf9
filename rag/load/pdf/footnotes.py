"""Lines -> the footnotes among them: small type at the foot of a column, behind a mark."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.load.pdf.lines import Column, Line

SMALL = 0.92
"""Share of the size of running text from which down type is that of a footnote."""
MAX_LINES = 12
"""Lines of all footnotes of a column."""

_MARK = re.compile(
    r"(?:\d{1,2}(?![\d.,%年月]) ?|[①-⑳] ?|[*†‡§]{1,3} ?|\[\d{1,2}\] ?|注\s?\d{0,2}\s?[：:])(?=[^\W\d_]|[《“])"
)


def footnotes_of(lines: Sequence[Line], size: float, taken: Collection[int]) -> dict[int, int]:
    """Return the footnotes among `lines`: index of the first line -> index after the last.

    Args:
        lines: All lines of the document, in reading order.
        size: Of running text.
        taken: Indices of lines that are something else: captions, tables, headings.
    """
    found: dict[int, int] = {}
    for end, line in enumerate(lines, 1):
        last = end == len(lines) or _place(lines[end]) != _place(line)
        if not last or line.column is Column.SIDE:
            continue
        start = end
        while start and _is_small(lines, start - 1, line, size, taken):
            start -= 1
        starts = [i for i in range(start, end) if _MARK.match(lines[i].text)]
        # Small type that goes on to the top of the column is not at the foot of anything.
        above = start and _place(lines[start - 1]) == _place(line)
        if starts and starts[0] == start and above and end - start <= MAX_LINES:
            found |= dict(zip(starts, [*starts[1:], end], strict=True))
    return found


def _place(line: Line) -> tuple[int, Column]:
    return line.page, line.column


def _is_small(
    lines: Sequence[Line], index: int, last: Line, size: float, taken: Collection[int]
) -> bool:
    line = lines[index]
    if index in taken or _place(line) != _place(last):
        return False
    return line.size <= SMALL * size and len(line.pieces) == 1
