"""Lines -> drafts of blocks: which lines form one paragraph, list item, caption, table or heading.

Front matter, back matter and heading levels are decided afterwards, over all drafts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.load import marks
from rag.load.headings import Heading, Reading, heading_at
from rag.load.pages import Line
from rag.load.regions import caption_goes_on
from rag.schema import BlockKind

# "某公司发布新品。11 月 6 日消息，": the bold first sentence of a news item.
_NEWS_LEAD = re.compile(r"[^。]{6,45}。\s*\d{1,2}\s*月")
# "行业动态：1）": a bold label that opens a paragraph of a summary.
_LABEL = re.compile(r"[^，。；：:、\s][^，。；：:、]{1,13}：")


@dataclass(frozen=True, slots=True)
class Draft:
    """A block before it has a place in the text."""

    kind: BlockKind
    lines: tuple[Line, ...]
    heading: Heading | None = None
    rows: bool = False
    """Whether its lines stay lines, as rows of a table do."""
    level: int = 0

    @property
    def page(self) -> int:
        """Return the index of the page it begins on."""
        return self.lines[0].page

    @property
    def first(self) -> str:
        """Return its first line."""
        return self.lines[0].text

    @property
    def length(self) -> int:
        """Return its length in characters, line joints not counted."""
        return sum(len(line.text) for line in self.lines)


def compose(reading: Reading) -> list[Draft]:
    """Return the drafts of all lines of `reading`, in order; every line is in exactly one."""
    regions = {region.start: region for region in reading.regions}
    found: list[Draft] = []
    index = 0
    while index < len(reading.lines):
        region = regions.get(index)
        heading = None if region else heading_at(reading, index)
        if region:
            end = region.end
            found.append(Draft(region.kind, tuple(reading.lines[index:end]), rows=True))
        elif heading:
            end = index + heading.lines
            found.append(Draft(BlockKind.HEADING, tuple(reading.lines[index:end]), heading))
        else:
            drafts = _openings(reading.lines[index])
            end = index + 1
            while end < len(reading.lines) and end not in regions:
                if not _goes_on(reading, drafts[-1], index, end):
                    break
                end += 1
            rest = tuple(reading.lines[index + 1 : end])
            drafts[-1] = replace(drafts[-1], lines=drafts[-1].lines + rest)
            found.extend(drafts)
        index = end
    return _merge_sidebars(found)


def _openings(line: Line) -> list[Draft]:
    """Return the drafts that `line` opens: several where captions stand side by side."""
    kind = marks.opening(line.text) or BlockKind.PARAGRAPH
    if kind is BlockKind.CAPTION or marks.is_source(line.text):
        parts = marks.captions(line.text)
        return [Draft(kind, (replace(line, text=part),)) for part in parts]
    return [Draft(kind, (line,))]


def _goes_on(reading: Reading, draft: Draft, begun: int, index: int) -> bool:
    """Return whether line `index` goes on with `draft`, begun at line `begun`, after the others."""
    line, last = reading.lines[index], reading.lines[index - 1]
    if draft.kind is BlockKind.CAPTION:
        return index == begun + 1 and caption_goes_on(reading.lines, reading.shape, begun)
    if marks.is_source(draft.first) or marks.is_source(line.text) or marks.is_bullet(line.text):
        return False
    if not reading.shape.continues(last, line, draft.lines[0]):
        return False
    room = reading.shape.leaves_room(last, line)
    if marks.ends_sentence(last.text) or last.text[-1] in "；;：:" or room:
        return not _opens_anew(reading, index, ended=marks.ends_sentence(last.text))
    return True


def _opens_anew(reading: Reading, index: int, ended: bool) -> bool:
    """Return whether line `index` visibly begins something new after a clause that may have ended."""
    text = reading.lines[index].text
    if _LABEL.match(text) or marks.opening(text) or marks.is_known_section(text):
        return True
    if ended and _NEWS_LEAD.match(text):
        return True
    return ended and heading_at(reading, index) is not None


def _merge_sidebars(drafts: Sequence[Draft]) -> list[Draft]:
    merged: list[Draft] = []
    for draft in drafts:
        if merged and draft.kind is BlockKind.SIDEBAR is merged[-1].kind:
            merged[-1] = replace(merged[-1], lines=merged[-1].lines + draft.lines)
        else:
            merged.append(draft)
    return merged
