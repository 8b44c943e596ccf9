"""Blocks in order -> the same with tables put together again that a page break has cut.

The header that is repeated on the next page is left out there, and so is a caption that says the
table goes on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.load.pdf.regions import Part
from rag.load.pdf.tables import BORDER
from rag.schema import BlockKind
from rag.text import squeeze

MAX_HEADER = 4
"""Rows of a header that may be repeated."""
_GOES_ON = re.compile(
    r"[（(]?\s*(?:续|续表|接上页|接上表|continued|cont\.?)\s*[)）]?", re.IGNORECASE
)


def joined(parts: Sequence[Part]) -> list[Part]:
    """Return `parts` with each table that goes on at the top of the next page as one part."""
    found: list[Part] = []
    index = 0
    while index < len(parts):
        part = parts[index]
        skip = int(_is_repeated(part, found))
        following = parts[index + skip] if index + skip < len(parts) else None
        if following and found and _carries_on(found[-1], following):
            found[-1] = _together(found[-1], following)
            index += skip + 1
        else:
            found.append(part)
            index += 1
    return found


def _is_repeated(part: Part, before: Sequence[Part]) -> bool:
    """Return whether `part` repeats the caption of the table that stands last in `before`."""
    if (
        part.kind is not BlockKind.CAPTION
        or len(before) < 2
        or before[-1].kind is not BlockKind.TABLE
    ):
        return False
    caption = before[-2]
    bare = [squeeze(_GOES_ON.sub("", _text(p))) for p in (part, caption)]
    return caption.kind is BlockKind.CAPTION and bare[0] == bare[1]


def _carries_on(table: Part, part: Part) -> bool:
    """Return whether `part` has the columns of `table` and stands on the page after it."""
    if table.kind is not BlockKind.TABLE or part.kind is not BlockKind.TABLE:
        return False
    widths = {max(row.count(BORDER.strip()) for row in _rows(p)) for p in (table, part)}
    return part.runs[0][0] == table.runs[-1][0] + 1 and len(widths) == 1


def _together(table: Part, part: Part) -> Part:
    """Return both as one, without the header that the second repeats."""
    head, rows = _rows(table), _rows(part)
    same = 0
    while same < min(MAX_HEADER, len(head), len(rows) - 1):
        if squeeze(head[same]) != squeeze(rows[same]):
            break
        same += 1
    runs = ((part.runs[0][0], "\n" + "\n".join(rows[same:])),)
    return replace(table, runs=table.runs + runs)


def _text(part: Part) -> str:
    return "".join(text for _, text in part.runs)


def _rows(part: Part) -> list[str]:
    return _text(part).splitlines()
