"""Pieces of text in reading order -> one text with blocks and pages that point into it.

Knows no file format: a loader says what each piece is, this module says where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.schema import Block, BlockKind, Page
from rag.text import normalise

_LINE_ENDS = re.compile(r"[ \u3000]*\n\s*")


@dataclass(frozen=True, slots=True)
class Assembled:
    """A text put together from pieces."""

    text: str
    """Blocks separated by a line break, an empty line before a heading."""
    blocks: tuple[Block, ...]
    """In order, without overlap, inside `text`."""
    pages: tuple[Page, ...]
    """In order; they tile the text. Empty when no page was begun."""


class Assembler:
    """Appends blocks one after the other and notes where each block and page begins."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._page_starts: dict[int, int] = {}

    def add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        """Append a block; nothing is appended when `text` is blank."""
        self.add_broken(kind, [(None, text)], level)

    def add_broken(
        self, kind: BlockKind, runs: Sequence[tuple[int | None, str]], level: int = 0
    ) -> None:
        """Append a block that may run over pages; nothing is appended when all of it is blank.

        Args:
            kind: What the block is.
            runs: Page number, from 1, and text of each part, joined as they are; a page of None
                belongs to the page before.
            level: Heading depth, 0 for everything else.
        """
        parts = _trimmed([(page, _LINE_ENDS.sub("\n", normalise(text))) for page, text in runs])
        if not parts:
            return
        if self._parts:
            self._write("\n\n" if kind is BlockKind.HEADING else "\n")
        start = self._length
        for page, text in parts:
            if page is not None:
                self._page_starts.setdefault(page, self._length)
            self._write(text)
        self._blocks.append(Block(kind, start, self._length, level))

    def assembled(self, labels: Sequence[str | None] = ()) -> Assembled:
        """Return what was appended; `labels` are the printed numbers, one for each page."""
        text = "".join(self._parts)
        pages: list[Page] = []
        end = len(text)
        for number in range(len(labels), 0, -1):
            start = self._page_starts.get(number, end) if number > 1 else 0
            pages.append(Page(number, start, end, labels[number - 1]))
            end = start
        return Assembled(text, tuple(self._blocks), tuple(reversed(pages)))

    def _write(self, part: str) -> None:
        self._parts.append(part)
        self._length += len(part)


def _trimmed(runs: Sequence[tuple[int | None, str]]) -> list[tuple[int | None, str]]:
    """Return `runs` without outer white space and without empty ones."""
    kept = [(page, text) for page, text in runs if text.strip()]
    if kept:
        kept[0] = (kept[0][0], kept[0][1].lstrip())
        kept[-1] = (kept[-1][0], kept[-1][1].rstrip())
    return kept
