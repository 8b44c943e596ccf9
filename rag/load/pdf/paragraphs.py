"""Lines with what is known of them -> blocks in order, paragraphs put together from their lines.

Headings, regions, contents and title block are found before; here they are only put in place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rag.load import marks
from rag.load.pdf.formulas import is_mathematical
from rag.load.pdf.lines import Column, Line
from rag.load.pdf.looks import Heading
from rag.load.pdf.regions import Part, Region
from rag.load.pdf.setting import Setting
from rag.schema import BlockKind

SOFT_HYPHEN = "\u00ad"
_ITEM = re.compile(r"[•●■◆▪►❑⚫○□◇]|\[\d{1,3}\]")
_BULLET = re.compile(r"^[•●■◆▪►❑◼⚫○□◇➢]\s*")
_EQUATION = re.compile(r"[=＝].*[)）]$")
_ENTRY = re.compile(r"\[\d{1,3}\]")
_ENUMERATOR = re.compile(r"[（(]?(?:(\d{1,2})(?=[)）、.．])|[\da-zA-Z①-⑳])")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the lines of a document are, by index, where it is not running text."""

    title: Collection[int]
    labels: Collection[int]
    """Of the title block."""
    running: Collection[int]
    """On the first page, what the others repeat."""
    contents: Collection[int]
    headings: dict[int, Heading]
    regions: dict[int, Region]
    footnotes: dict[int, int]
    """First line -> the one after the last."""
    back: int
    """The first line of the back matter; the number of lines when there is none."""


def parts_of(lines: Sequence[Line], plan: Plan, setting: Setting) -> list[Part]:
    """Return the blocks that `lines` make up, in the order of reading."""
    composer = _Composer(lines, plan, setting)
    index = 0
    while index < len(lines):
        index = composer.step(index)
    composer.close()
    return composer.parts


class _Composer:
    def __init__(self, lines: Sequence[Line], plan: Plan, setting: Setting) -> None:
        self.parts: list[Part] = []
        self._lines = lines
        self._plan = plan
        self._setting = setting
        self._block: list[Line] = []
        self._kind = BlockKind.PARAGRAPH
        self._words = _words(lines)
        self._side = {i for i, line in enumerate(lines) if line.column is Column.SIDE}
        self._side -= set(plan.running)

    def step(self, index: int) -> int:
        """Put line `index` in place; return the index of the next line to look at."""
        plan, line = self._plan, self._lines[index]
        if index in plan.contents:
            return self._whole(index, BlockKind.BOILERPLATE, plan.contents)
        if index in plan.title:
            return self._whole(index, BlockKind.HEADING, plan.title, level=1)
        if index in plan.running:
            return self._whole(index, BlockKind.BOILERPLATE, (index,))
        if line.column is Column.SIDE:
            side = self._side
            return self._whole(index, BlockKind.SIDEBAR, side)
        if index in plan.headings:
            heading = plan.headings[index]
            taken = range(index, index + heading.lines)
            return self._whole(index, BlockKind.HEADING, taken, heading.level)
        if index in plan.regions:
            self.close()
            self.parts.extend(plan.regions[index].parts)
            return plan.regions[index].end
        if index in plan.footnotes and index < plan.back:
            # The paragraph above it may go on on the next page, so it is not ended.
            end = plan.footnotes[index]
            self.parts.append(Part(BlockKind.NOTE, tuple(self._runs(self._lines[index:end]))))
            return end
        if index in plan.labels:
            return self._whole(index, BlockKind.NOTE, (index,))
        self._text(index, line)
        return index + 1

    def close(self) -> None:
        """End the paragraph that is being put together."""
        if self._block:
            self.parts.append(Part(self._kind, tuple(self._runs(self._block))))
            self._block = []

    def _whole(self, index: int, kind: BlockKind, indices: Collection[int], level: int = 0) -> int:
        """Make one block of the lines from `index` on that are in `indices`."""
        self.close()
        end = index
        while end < len(self._lines) and end in indices:
            end += 1
        lines = self._lines[index:end]
        if kind is BlockKind.HEADING:
            (page, first), *rest = self._runs(lines)
            runs = ((page, _BULLET.sub("", first)), *rest)
        else:
            breaks = ("", *["\n"] * (len(lines) - 1))
            runs = tuple((x.page, gap + x.text) for gap, x in zip(breaks, lines, strict=True))
        self.parts.append(Part(kind, runs, level))
        return end

    def _text(self, index: int, line: Line) -> None:
        """Add a line of running text to the paragraph above it, or begin a new one."""
        back = index >= self._plan.back
        if self._block and self._goes_on(line):
            self._block.append(line)
            return
        self.close()
        if all(marks.is_figure(fragment.text) for fragment in line.fragments):
            return  # a label of a chart that has no caption
        self._block = [line]
        opened = marks.opening(line.text) or BlockKind.PARAGRAPH
        self._kind = BlockKind.BOILERPLATE if back else opened

    def _goes_on(self, line: Line) -> bool:
        last = self._block[-1]
        if _is_formula(last.text):
            return _is_formula(line.text) and line.page == last.page
        if len(last.pieces) > 1 or len(line.pieces) > 1:
            return False
        first = self._block[0].text
        is_entry = bool(_ENTRY.match(first)) and not _ENTRY.match(line.text)
        is_item = self._kind is BlockKind.LIST_ITEM or _ITEM.match(first) is not None
        if not self._setting.goes_on(self._block, line, is_item, is_entry):
            return False
        opened = marks.opening(line.text)
        return opened is None or (opened is BlockKind.LIST_ITEM and self._is_by_chance(line))

    def _is_by_chance(self, line: Line) -> bool:
        """Return whether a number stands at the start of `line` only because the line was full.

        "……占比为（2）" and "1. 5" do; a bullet or a caption never does. After a clause that may have
        ended, the number has to count on from one amid the text, or open an enumeration there.
        """
        number, last = _ENUMERATOR.match(line.text), self._block[-1]
        if not number or self._setting.is_indented(line) or _EQUATION.search(last.text):
            return False
        if not marks.ends_sentence(last.text) and last.text[-1] not in "；;：:":
            return True
        if not number[1] or not self._setting.is_flush(last):
            return False
        before = int(number[1]) - 1
        if not before:
            return self._setting.indented and not marks.ends_sentence(last.text)
        text = "".join(part.text for part in self._block)
        return bool(re.search(rf".[^\d.]{before}\s*[)）、]", text))

    def _runs(self, lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
        """Yield page and text of each line, with the white space that joins it to the one above."""
        text = ""
        for i, line in enumerate(lines):
            following = lines[i + 1].text if i + 1 < len(lines) else ""
            gap = marks.join(text, line.text)
            text = self._unhyphenated(line.text, following)
            yield line.page, gap + text

    def _unhyphenated(self, text: str, following: str) -> str:
        """Return `text` without a hyphen that only the end of the line asked for.

        Nothing on the page tells the two apart, so the document's other words do.
        """
        if not text.endswith(SOFT_HYPHEN):
            return text.replace(SOFT_HYPHEN, "-")
        stem = text.rstrip(SOFT_HYPHEN)
        left, right = re.search(r"[a-z]+$", stem), re.match(r"[a-z]+", following)
        if left and right and left[0] + right[0] in self._words:
            return stem
        return f"{stem}-"


def _is_formula(text: str) -> bool:
    """Return whether `text` is a piece of a displayed formula, which is set on several lines."""
    return is_mathematical(text) and not re.search(r"[\u4e00-\u9fff]|[A-Za-z]{3}", text)


def _words(lines: Sequence[Line]) -> frozenset[str]:
    return frozenset(word for line in lines for word in re.findall(r"[a-z]{4,}", line.text))
