"""The lines of a first page -> its title block: title, date, and the labels around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load import imprint, marks
from rag.load.pdf.headings import LARGER
from rag.load.pdf.lines import Column, Line
from rag.load.pdf.looks import Type, type_of

MAX_TITLE_LINES = 4
NEAR = 0.9
"""Size as a share of the largest from which a line near the title is part of it."""
SPACING = 3.0
"""Ems between the lines of a title at most."""
PROSE = 25
"""Letters from which a line is text, so that the title block has ended."""
NARROW_PROSE = 12
"""The same of two lines in the type of the text."""
TOP = 0.6
"""Share of the page's height in which the title stands."""

# Words that name a kind of report, never its subject.
_GENERIC = re.compile(
    r"(?:证券|公司|行业|策略|宏观|金融工程|金工|固定收益|债券|数量化投资|量化|海外|研究|深度|专题|点评|动态|跟踪|"
    r"评论|周报|月报|日报|年报|报告|首次覆盖|市场|产业|投资|Equity|Research|Report|[\s|｜/／—·•&-])+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first page states of the report."""

    title: str | None
    title_lines: tuple[int, ...]
    """Indices of the lines that make up the title."""
    labels: frozenset[int]
    """Indices of the other lines of the title block: kind of report, authors, dates."""
    running: frozenset[int]
    """Indices of the lines that are printed on the other pages too."""
    published: str | None
    house: str | None
    """The publisher, where a running header or footer names it."""


def cover_of(lines: Sequence[Line], running: Sequence[str], height: float, body: Type) -> Cover:
    """Return the title block of a document.

    Args:
        lines: All lines of the document, in reading order.
        running: Its running headers and footers, which may state the date.
        height: Of the first page, in points.
        body: The look of its running text.
    """
    first = [i for i, line in enumerate(lines) if line.page == 1]
    main = [i for i in first if lines[i].column is not Column.SIDE]
    title = _title_lines(lines, main, height, body)
    end = next((i for i in main if _is_prose(lines, i, body)), main[-1] + 1 if main else 0)
    if end and end - 1 not in title and _may_head(lines[end - 1], body):
        end -= 1  # a heading of the summary, not a label
    labels = {i for i in main if i < end and i not in title} if title else set()
    repeated = {i for i in first if lines[i].text in running}
    houses = (imprint.house_of(part) for text in running for part in imprint.parts(text))
    return Cover(
        _joined([lines[i] for i in title]) or None,
        title,
        frozenset(labels - repeated),
        frozenset(repeated),
        _published([lines[i] for i in first], running),
        next((house for house in houses if house), None),
    )


def _title_lines(
    lines: Sequence[Line], main: Sequence[int], height: float, body: Type
) -> tuple[int, ...]:
    """Return the lines in the largest type of the main column that name a subject."""
    may = [i for i in main if lines[i].baseline <= TOP * height and _may_be_title(lines[i])]
    largest = max((lines[i].size for i in may), default=0.0)
    if largest < LARGER * body.size:
        return ()
    top = next(i for i in may if lines[i].size == largest)
    title = [top]
    for step in (1, -1):
        at = top + step
        while at in may and _belongs(lines[at - step], lines[at], largest):
            title.append(at)
            at += step
    return tuple(sorted(title)[:MAX_TITLE_LINES])


def _belongs(line: Line, other: Line, largest: float) -> bool:
    near = abs(other.baseline - line.baseline) <= SPACING * largest
    return near and other.size >= NEAR * largest


def _may_be_title(line: Line) -> bool:
    text = line.text
    if imprint.is_dated(text) or imprint.house_of(text) or _GENERIC.fullmatch(text):
        return False
    if marks.is_known_section(text) or marks.is_bullet(text) or marks.is_caption(text):
        return False
    return _letters(line) >= 4 and not re.search(r"[。：:，]$|@", text)


def _may_head(line: Line, body: Type) -> bool:
    if line.text.startswith("—") or imprint.is_dated(line.text):
        return False
    return type_of(line) != body


def _is_prose(lines: Sequence[Line], index: int, body: Type) -> bool:
    """Return whether line `index` is text: long, or one of two lines of text in a narrow column."""
    line = lines[index]
    if marks.is_bullet(line.text) or marks.is_known_section(line.text):
        return True
    if _letters(line) >= PROSE:
        return True
    pair = lines[index : index + 2]
    return len(pair) == 2 and all(
        type_of(each) == body and _letters(each) >= NARROW_PROSE for each in pair
    )


def _letters(line: Line) -> int:
    """Return the letters of a line; none when it has parts, as a row of names does."""
    return len(re.findall(r"[^\W\d_]", line.text)) if len(line.pieces) == 1 else 0


def _joined(title: Sequence[Line]) -> str:
    """Return the title on one line; a space where the look changes, as between series and subject."""
    text = ""
    for above, line in zip([None, *title], title, strict=False):
        alike = above is not None and type_of(above) == type_of(line)
        gap = marks.join(text, line.text) if alike else " "
        text += (gap if text else "") + line.text
    return text


def _published(first: Sequence[Line], running: Sequence[str]) -> str | None:
    """Return the date that stands by itself, on the first page or in the running header.

    A list of related reports holds dates by themselves too, so a column is read down to it only.
    """
    dated: list[tuple[float, str]] = []
    for column in (Column.MAIN, Column.SIDE):
        for line in (line for line in first if line.column is column):
            if marks.is_related_title(line.text):
                break
            dated += [(line.baseline, p.text) for p in line.pieces if imprint.is_dated(p.text)]
    stated = [text for _, text in sorted(dated) if not re.search(r"[。，《》]|截[至止]", text)]
    stated += [text for text in running if imprint.is_dated(text)]
    return next((date for text in stated if (date := imprint.iso_date(text))), None)
