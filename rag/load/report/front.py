"""A parsed report -> the lines in which it may speak of itself: title, cover, side bar, summary.

The list of the house's other reports is cut out: its titles and dates are never the report's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from rag.load import marks
from rag.load.parsed import Parsed
from rag.schema import Block, BlockKind

LENGTH = 2500
"""Characters that a front has where there are no pages, and at most where there are."""
PROSE = 40
"""Characters from which a block is text, so that the cover has ended."""

# What follows the list of other reports in a side bar.
_LABEL = re.compile(
    r"(?:首席|联席|资深|高级|助理)*(?:证券)?分析(?:师|员|員)|联系人|研究助理|作者|研究员|(?:投资|行业|公司|股票)?评级|"
    r"目标价|收盘价|股价|当前|市场数据|基础数据|基本数据|公司数据|报告日期|发布日期|独立性声明|执业|电话|E-?mail",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"^[《“\"]|——|》|^\d{1,2}\s*[、.．《]")


class Place(Enum):
    """Where a line of the front stands."""

    TITLE = "title"
    COVER = "cover"
    """In the title block: kind of report, house, date, names."""
    SIDE = "side"
    TABLE = "table"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the front; ``Document.text[start:start + len(text)] == text``."""

    text: str
    start: int
    place: Place


@dataclass(frozen=True, slots=True)
class Front:
    """What a report may be asked of itself."""

    parsed: Parsed
    lines: tuple[Line, ...]
    source: str
    """How a fact found in `lines` names its place: ``page 1``, or ``text`` without pages."""

    @property
    def stated(self) -> Mapping[str, tuple[str, ...]]:
        """Return the values of the front matter by their lower-case keys."""
        return self.parsed.stated

    def where(self, offset: int) -> str:
        """Return how a fact found at `offset` names its place."""
        pages = [page.number for page in self.parsed.pages if page.start <= offset]
        return f"page {pages[-1]}" if pages else "text"

    def at(self, *places: Place) -> Iterator[Line]:
        """Yield the lines of these places in order."""
        return (line for line in self.lines if line.place in places)


def front_of(parsed: Parsed) -> Front:
    """Return the front of a report."""
    end = min(parsed.pages[0].end if parsed.pages else LENGTH, 2 * LENGTH)
    lines: list[Line] = []
    prose = False
    for block in parsed.blocks:
        if block.start >= end and lines:
            break
        content = parsed.text[block.start : block.end]
        place = _place(block, content, parsed.title, prose)
        prose = prose or place in (Place.TEXT, Place.TABLE)
        lines += _lines(content, block.start, place)
    return Front(
        parsed,
        tuple(_without_related(lines)),
        f"page {parsed.pages[0].number}" if parsed.pages else "text",
    )


def _place(block: Block, content: str, title: str | None, prose: bool) -> Place:
    if block.kind is BlockKind.SIDEBAR:
        return Place.SIDE
    if block.kind is BlockKind.TABLE:
        return Place.TABLE
    if block.kind is BlockKind.HEADING and title and content == title:
        return Place.TITLE
    long = len(content) >= PROSE and not (block.kind is BlockKind.NOTE and len(content) < 2 * PROSE)
    if prose or long or block.kind in (BlockKind.LIST_ITEM, BlockKind.CAPTION):
        return Place.TEXT
    if block.kind is BlockKind.HEADING:
        return Place.TITLE if block.level == 1 else Place.TEXT
    return Place.COVER


def _lines(content: str, start: int, place: Place) -> Iterator[Line]:
    for found in re.finditer(r"[^\n]+", content):
        text = found.group().strip()
        if text:
            yield Line(text, start + found.start() + found.group().index(text[0]), place)


def _without_related(lines: list[Line]) -> Iterator[Line]:
    """Yield `lines` without the list of other reports, which lasts until a label ends it."""
    within: Place | None = None
    for line in lines:
        if marks.is_related_title(line.text):
            within = line.place
        elif within is not None and _ends_list(line, within):
            within = None
        if within is None:
            yield line


def _ends_list(line: Line, within: Place) -> bool:
    if line.place is not within:
        return True
    return bool(_LABEL.match(line.text)) and not _ENTRY.search(line.text)
