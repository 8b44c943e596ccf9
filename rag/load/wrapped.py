"""Raw lines of pages -> text with blocks: what is left of a PDF, put back into paragraphs.

Running headers and footers are dropped; apart from them the text keeps the characters of the source
in their order, and only white space differs where lines are joined. Knows no file format.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.load import furniture, marks, matter
from rag.load.drafts import Draft, compose
from rag.load.headings import read
from rag.load.pages import lines_of, pages_of
from rag.load.shape import shape_of
from rag.schema import Block, BlockKind, Page

__all__ = ["Layout", "layout", "pages_of"]


@dataclass(frozen=True, slots=True)
class Layout:
    """A text put together from lines."""

    text: str
    """Blocks separated by a line break, an empty line before a heading."""
    blocks: tuple[Block, ...]
    """In order, without overlap; together they hold every character that is not white space."""
    pages: tuple[Page, ...]
    """One for each page given, in order; they tile the text."""


def layout(pages: Sequence[Sequence[str]]) -> Layout:
    """Put the raw lines of `pages`, already `rag.text.normalise`d, together into a text."""
    cleaned = furniture.clean(pages)
    lines = lines_of(cleaned)
    shape = shape_of(lines)
    drafts = matter.mark(compose(read(lines, shape)))
    writer = _Writer(shape.cut_anywhere)
    for draft in drafts:
        writer.add(draft)
    return writer.layout([page.label for page in cleaned])


class _Writer:
    """Writes drafts one after the other and notes where each block and page begins."""

    def __init__(self, cut_anywhere: bool) -> None:
        self._cut_anywhere = cut_anywhere
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._page_starts: dict[int, int] = {}

    def add(self, draft: Draft) -> None:
        """Write `draft` as the next block."""
        if self._parts:
            self._write("\n\n" if draft.kind is BlockKind.HEADING else "\n")
        start = self._length
        last = ""
        for line in draft.lines:
            if last:
                self._write("\n" if draft.rows else marks.join(last, line.text, self._cut_anywhere))
            self._page_starts.setdefault(line.page, self._length)
            self._write(line.text)
            last = line.text
        self._blocks.append(Block(draft.kind, start, self._length, draft.level))

    def layout(self, labels: Sequence[str | None]) -> Layout:
        """Return what was written; `labels` are the printed page numbers."""
        text = "".join(self._parts)
        pages: list[Page] = []
        end = len(text)
        for index in reversed(range(len(labels))):
            start = self._page_starts.get(index, end) if index else 0
            pages.append(Page(index + 1, start, end, labels[index]))
            end = start
        return Layout(text, tuple(self._blocks), tuple(reversed(pages)))

    def _write(self, part: str) -> None:
        self._parts.append(part)
        self._length += len(part)
