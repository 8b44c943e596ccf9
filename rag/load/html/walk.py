"""A cleaned HTML tree -> pieces: headings, paragraphs, list items, captions and tables, as text.

Works on any tree; what is furniture was removed before, what the pieces mean is decided after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from rag.load.grid import as_text
from rag.load.html.table import caption_of, table_rows
from rag.load.html.text import collapse, inline_text
from rag.load.pieces import Piece
from rag.schema import BlockKind

MAX_DEPTH = 150
"""Nesting below which markup is read as plain text; no honest page is nested that deep."""

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form "
    "header hr legend main ol p pre section summary tbody td tfoot th thead tr ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CAPTIONS = frozenset({"caption", "figcaption"})
_BOLD = frozenset({"b", "strong"})
_BREAK = "\v"
_NUMBERED = re.compile(
    r"[\s（(]*(?:\d{1,2}[.、)）](?!\d)|[一二三四五六七八九十]{1,3}[、.)）]|[①-⑳])"
)


@dataclass(slots=True)
class _Buffer:
    """Inline text gathered until a block ends."""

    parts: list[str] = field(default_factory=list)
    total: int = 0
    linked: int = 0
    bold: int = 0

    def add(self, text: str, linked: bool, bold: bool) -> None:
        self.parts.append(text)
        length = len("".join(text.split()))
        self.total += length
        self.linked += length * linked
        self.bold += length * bold


def pieces_of(root: LexborNode) -> list[Piece]:
    """Return the pieces of text below `root`, in document order."""
    walker = _Walker()
    walker.walk(root, BlockKind.PARAGRAPH)
    walker.flush(BlockKind.PARAGRAPH)
    return walker.pieces


class _Walker:
    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._buffer = _Buffer()

    def walk(
        self,
        node: LexborNode,
        kind: BlockKind,
        linked: bool = False,
        bold: bool = False,
        depth: int = 0,
    ) -> None:
        """Gather the text of `node`; blocks inside it end the block before them."""
        number = _first_number(node)
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if child.is_text_node:
                self._buffer.add(child.text_content or "", linked, bold)
            elif tag == "br":
                self._buffer.add(_BREAK, linked, bold)
            elif depth >= MAX_DEPTH:
                self._buffer.add(child.text(deep=True, separator=" "), linked, bold)
            elif tag in _BLOCKS or tag in _HEADINGS or tag in _CAPTIONS or tag in ("li", "table"):
                self.flush(kind)
                if tag == "li" and number is not None:
                    self._number(child, number)
                    number += 1
                self._block(child, tag, kind, depth)
            else:
                is_link = linked or tag == "a"
                self.walk(child, kind, is_link, bold or tag in _BOLD, depth + 1)

    def flush(self, kind: BlockKind) -> None:
        """End the block that is being gathered; line breaks in it begin further ones."""
        gathered, self._buffer = self._buffer, _Buffer()
        linked = gathered.linked / gathered.total if gathered.total else 0.0
        bold = gathered.bold / gathered.total if gathered.total else 0.0
        for part in "".join(gathered.parts).split(_BREAK):
            text = collapse(part)
            if text:
                self.pieces.append(Piece(kind, text, linked=linked, bold=bold))

    def _number(self, item: LexborNode, number: int) -> None:
        """Print the number of a list item, as a browser does, where the author has not."""
        if not _NUMBERED.match(item.text(deep=True)):
            self._buffer.add(f"{number}. ", linked=False, bold=False)

    def _add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        if text:
            self.pieces.append(Piece(kind, text, level))

    def _block(self, node: LexborNode, tag: str, kind: BlockKind, depth: int) -> None:
        if tag in _HEADINGS:
            self._add(BlockKind.HEADING, inline_text(node), _HEADINGS[tag])
            return
        rows = table_rows(node) if tag == "table" else None
        if rows is not None:
            self._add(BlockKind.CAPTION, caption_of(node))
            self.pieces.append(Piece(BlockKind.TABLE, as_text(rows)))
            return
        inner = BlockKind.LIST_ITEM if tag == "li" else kind
        inner = BlockKind.CAPTION if tag in _CAPTIONS else inner
        self.walk(node, inner, depth=depth + 1)
        self.flush(inner)


def _first_number(node: LexborNode) -> int | None:
    """Return the number of the first item of an ordered list; None for anything else."""
    if node.tag != "ol":
        return None
    start = (node.attributes.get("start") or "1").strip()
    return int(start) if start.isdecimal() and len(start) < 6 else 1
