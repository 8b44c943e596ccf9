"""Stretches of lines that are no running text: contents, related reports, analyst block, tables.

Works on single lines and their order; paragraphs and headings are made elsewhere from the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.load import marks
from rag.load.pages import Line
from rag.load.shape import Shape
from rag.schema import BlockKind

MAX_TABLE = 80
"""Lines; a caption without a source line further on is not searched beyond."""
MAX_HEADER = 8
"""Lines above the first row of figures that may be its header."""
MAX_ENTRY = 5
"""Lines that one entry in a list of related reports may take."""

_ENTRY_DATE = r"(?:[—–-]{1,2}|\s|》|^)\s*(?:(?:19|20)\d{2}[-./年]\s?\d{1,2}(?:[-./月]\s?\d{1,2}日?)?|(?:19|20)\d{6})"
_ENTRY_END = re.compile(rf"{_ENTRY_DATE}\s*$")
_ENTRY_START = re.compile(r"(?:[•◆■]\s*)?\d{0,2}[、.]?\s*[《“]|\d{1,2}[、.]\s*\S")
_ANALYST = re.compile(
    r"(?:证券|助理|首席)?分析师\s*[：:\s]|联系人\s*[：:]|研究(?:员|助理)(?:\s|[：:]|$)|.*(?:分析师|联系人)[）)]?$|"
    r"(?:电\s*话|传\s*真|邮\s*箱|邮件|手机)\s*[：:]|E\s*-?\s*mail\s*[：:]|Tel\s*[：:]|Analyst\s*:|"
    r".*(?:执业|资格)\S{0,8}(?:证|编号|号)|SAC\s|.*(?<![A-Z0-9])S\d{13}|\S*\s?\S+@\S+\.\w+$|\d{3,4}-\d{7,8}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Region:
    """The lines ``[start, end)`` that together are one thing."""

    kind: BlockKind
    start: int
    end: int


def find(lines: Sequence[Line], shape: Shape) -> list[Region]:
    """Return the regions of `lines` in order, without overlap."""
    found: list[Region] = []
    taken: set[int] = set()
    finders: tuple[Callable[[Sequence[Line], Shape, set[int]], list[Region]], ...] = (
        _contents,
        _related_reports,
        _analysts,
        _captioned_tables,
        _bare_tables,
    )
    for finder in finders:
        for region in finder(lines, shape, taken):
            taken.update(range(region.start, region.end))
            found.append(region)
    return sorted(found, key=lambda region: region.start)


def contents_titles(lines: Sequence[Line]) -> list[str]:
    """Return the headings that the printed contents list, in order."""
    entries = (marks.contents_entry(line.text) for line in lines)
    return [entry for entry in entries if entry and not marks.is_caption(entry)]


def _contents(lines: Sequence[Line], shape: Shape, taken: set[int]) -> list[Region]:
    hits = [i for i, line in enumerate(lines) if marks.contents_entry(line.text) is not None]
    groups: list[list[int]] = []
    for hit in hits:
        if groups and hit - groups[-1][-1] <= 3:
            groups[-1].append(hit)
        else:
            groups.append([hit])
    found = []
    for group in groups:
        if len(group) >= 3:
            start = group[0]
            if start and marks.is_contents_title(lines[start - 1].text):
                start -= 1
            found.append(Region(BlockKind.BOILERPLATE, start, group[-1] + 1))
    return found


def _related_reports(lines: Sequence[Line], shape: Shape, taken: set[int]) -> list[Region]:
    """Find lists of 《…》——date; the heading is optional on the first page only."""
    found: list[Region] = []
    index = 0
    while index < len(lines) and lines[index].page <= 1:
        titled = marks.is_related_title(lines[index].text)
        end = _entries_end(lines, index + titled)
        if end > index + titled and (titled or lines[index].page == 0):
            found.append(Region(BlockKind.SIDEBAR, index, end))
        elif titled:
            found.append(Region(BlockKind.SIDEBAR, index, index + 1))
        index = max(end, index + 1)
    return found


def _entries_end(lines: Sequence[Line], index: int) -> int:
    """Return the index after the last dated entry of a list that begins at `index`."""
    end = index
    while end < len(lines) and _ENTRY_START.match(lines[end].text):
        last = min(end + MAX_ENTRY, len(lines))
        close = next((i for i in range(end, last) if _ENTRY_END.search(lines[i].text)), None)
        if close is None:
            break
        end = close + 1
    return end


def _analysts(lines: Sequence[Line], shape: Shape, taken: set[int]) -> list[Region]:
    return [
        Region(BlockKind.SIDEBAR, i, i + 1)
        for i, line in enumerate(lines)
        if line.page == 0 and i not in taken and len(line.text) <= 50
        if _ANALYST.match(line.text) and not marks.ends_sentence(line.text)
    ]


def _captioned_tables(lines: Sequence[Line], shape: Shape, taken: set[int]) -> list[Region]:
    """Find what stands between a caption and its source line, or the rows after a caption."""
    found: list[Region] = []
    for index, line in enumerate(lines[:-1]):
        if (
            index in taken
            or not marks.is_caption(line.text)
            or marks.is_caption(lines[index + 1].text)
        ):
            continue
        start = index + 1 + caption_goes_on(lines, shape, index)
        end = start
        while end < min(len(lines), start + MAX_TABLE) and end not in taken:
            if not _is_table_line(lines, end, shape):
                break
            end += 1
        closed = end < len(lines) and marks.is_source(lines[end].text)
        if not closed:
            rows = [i for i in range(start, end) if marks.is_row(lines[i].text)]
            end = rows[-1] + 1 if rows else start
        if end > start:
            found.append(Region(BlockKind.TABLE, start, end))
    return found


def caption_goes_on(lines: Sequence[Line], shape: Shape, index: int) -> bool:
    """Return whether the caption at `index` is broken: an open bracket at the end of a full line."""
    text = marks.captions(lines[index].text)[-1]
    return (
        shape.is_long(lines[index])
        and text.count("（") + text.count("(") > text.count("）") + text.count(")")
        and index + 1 < len(lines)
        and not marks.opening(lines[index + 1].text)
    )


def _is_table_line(lines: Sequence[Line], index: int, shape: Shape) -> bool:
    line = lines[index]
    text = line.text
    if marks.is_row(text):
        return True
    if marks.opening(text) or marks.is_known_section(text) or marks.ends_sentence(text):
        return False
    cells = text.split()
    above_row = index + 1 < len(lines) and marks.is_row(lines[index + 1].text)
    header = len(cells) >= 3 and not re.search(r"[，。；]", text)
    return (header and (above_row or not text.isascii())) or (
        shape.is_crumb(line) and not re.search(r"[。；]", text)
    )


def _bare_tables(lines: Sequence[Line], shape: Shape, taken: set[int]) -> list[Region]:
    """Find runs of rows without a caption, with the header cells above them."""
    found: list[Region] = []
    taken = set(taken)
    index = 0
    while index < len(lines):
        end = _rows_end(lines, shape, index, taken)
        if end > index:
            start = _header_start(lines, shape, index, taken)
            found.append(Region(BlockKind.TABLE, start, end))
            taken.update(range(start, end))
        index = max(end, index + 1)
    return found


def _rows_end(lines: Sequence[Line], shape: Shape, index: int, taken: set[int]) -> int:
    """Return the end of the rows that begin at `index`; `index` itself when they are no table."""
    if index in taken or not marks.is_row(lines[index].text):
        return index
    rows = [index]
    for at in range(index + 1, len(lines)):
        if at in taken or at - rows[-1] > 2:
            break
        if marks.is_row(lines[at].text):
            rows.append(at)
        elif not _is_table_line(lines, at, shape):
            break
    amid = index > 0 and index - 1 not in taken and shape.continues(lines[index - 1], lines[index])
    wide = sum(len(lines[row].text.split()) >= 2 for row in rows)
    enough = len(rows) >= 4 or (wide >= 2 and not amid)
    return rows[-1] + 1 if enough else index


def _header_start(lines: Sequence[Line], shape: Shape, index: int, taken: set[int]) -> int:
    start = index
    while start > max(0, index - MAX_HEADER) and start - 1 not in taken:
        line = lines[start - 1]
        cells = line.text.split()
        fragment = len(cells) == 1 and (line.text[0] in "（(" or line.text[-1] in "）)")
        if not (fragment or len(cells) >= 2) or not _is_table_line(lines, start - 1, shape):
            break
        if marks.numbering(line.text) or (shape.is_long(line) and len(cells) < 4):
            break
        start -= 1
    return start
