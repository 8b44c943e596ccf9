"""The body of a Word file -> pieces in reading order: headings, paragraphs, list items, tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce

from lxml import etree

from rag.load import marks
from rag.load.docx.inline import Inline, read_inline
from rag.load.docx.numbering import MAX_LEVEL, Numbering
from rag.load.docx.styles import Style
from rag.load.docx.table import inside, rows_of
from rag.load.docx.xml import attribute, child, number
from rag.load.grid import as_text, condensed, dense, spread
from rag.load.parts import local
from rag.load.pieces import Piece, one_line
from rag.schema import BlockKind

MAX_HEADING = 100
"""Characters of a heading; a longer paragraph set as one is a statement."""

_TRANSPARENT = frozenset("sdt sdtContent customXml ins moveTo smartTag".split())
# 一、 and （一） number the parts of an article: whether one is a heading shows when it is marked.
_PARTS = (marks.Rank.PART, marks.Rank.SECTION, marks.Rank.HAN, marks.Rank.HAN_BRACKET)


class Body:
    """Walks the blocks of a document once, counting its lists on the way."""

    def __init__(
        self,
        styles: Mapping[str, Style],
        numbering: Numbering,
        notes: Mapping[tuple[str, str], etree._Element],
    ) -> None:
        """Take what the other parts of the file say.

        Args:
            styles: As `rag.load.docx.styles.styles_of` returns them.
            numbering: The lists, nothing counted yet.
            notes: Kind and id of a foot- or endnote -> its element.
        """
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self.title: str | None = None
        """The paragraph set in the style Title, once it has been met."""
        self._headed = False

    def pieces(self, parent: etree._Element, contents: bool = False) -> Iterator[Piece]:
        """Yield the pieces of the blocks in `parent`.

        Args:
            parent: The body, a text box, a note, a cell.
            contents: Whether they stand in a printed table of contents.
        """
        for node in parent:
            name = local(node)
            if name == "p":
                yield from self._paragraph(node, contents)
            elif name == "tbl":
                yield from self._table(node, contents)
            elif name in _TRANSPARENT:
                yield from self.pieces(node, contents or _is_contents(node))

    def _paragraph(self, node: etree._Element, contents: bool) -> Iterator[Piece]:
        properties = child(node, "pPr")
        name = attribute(child(properties, "pStyle")) or ""
        style = self._styles.get(name) or self._styles.get("") or Style()
        inline = read_inline(node, style.bold)
        if inline.total:
            label = self._label(properties, style)
            level = _level(properties, style)
            if contents or style.contents:
                yield Piece(BlockKind.BOILERPLATE, one_line(" ".join(inline.lines)))
            elif style.title and not self._headed:
                yield self._titled(inline)
            elif level and _is_short(inline):
                self._headed = True
                text = _labelled(label, one_line(" ".join(inline.lines)))
                yield Piece(BlockKind.HEADING, text, level + (self.title is not None))
            else:
                yield from _text_pieces(inline, style, label)
        yield from self._attached(inline, contents)

    def _titled(self, inline: Inline) -> Piece:
        self._headed = True
        self.title = one_line(" ".join(inline.lines))
        return Piece(BlockKind.HEADING, self.title, 1)

    def _label(self, properties: etree._Element | None, style: Style) -> str:
        """Return the number that stands before a paragraph, and count it."""
        own = child(properties, "numPr")
        list_id = attribute(child(own, "numId")) or style.list_id
        level = number(child(own, "ilvl"))
        level = style.list_level if level is None else level
        if list_id in (None, "0") or not 0 <= level < MAX_LEVEL:
            return ""
        return self._numbering.label(list_id or "", level)

    def _table(self, node: etree._Element, contents: bool) -> Iterator[Piece]:
        table = rows_of(node, self._cell_text)
        grid = [] if table is None else dense(spread(table))
        if grid and len(grid[0]) > 1 and not contents:
            yield Piece(BlockKind.TABLE, as_text(condensed(grid)))
            # What hangs on a paragraph in a cell stands below the table.
            for cell in _cells(node):
                for paragraph in inside(cell, "p"):
                    yield from self._attached(read_inline(paragraph), contents)
            return
        for cell in _cells(node):
            yield from self.pieces(cell, contents)

    def _attached(self, inline: Inline, contents: bool) -> Iterator[Piece]:
        """Yield what hangs on a paragraph: its notes and text boxes."""
        for kind, note in inline.notes:
            node = self._notes.get((kind, note))
            if node is not None:
                lines = (line for p in inside(node, "p") for line in read_inline(p).lines)
                yield Piece(BlockKind.NOTE, one_line(" ".join(lines)))
        for box in inline.boxes:
            yield from self.pieces(box, contents)

    def _cell_text(self, cell: etree._Element) -> str:
        """Return the text of a cell on one line."""
        lines: list[str] = []
        for paragraph in inside(cell, "p"):
            properties = child(paragraph, "pPr")
            inline = read_inline(paragraph)
            if inline.total:
                style = self._styles.get(attribute(child(properties, "pStyle")) or "") or Style()
                texts = [text for line in inline.lines if (text := one_line(line))]
                texts[0] = _labelled(self._label(properties, style), texts[0])
                lines += texts
        return reduce(lambda left, right: left + marks.join(left, right) + right, lines, "")


def _text_pieces(inline: Inline, style: Style, label: str) -> Iterator[Piece]:
    """Yield the pieces of a paragraph that is no heading, one for each line typed."""
    bold = inline.bold / inline.total
    kind = BlockKind.CAPTION if style.caption else BlockKind.PARAGRAPH
    if label and marks.numbering(label + "题") not in _PARTS:
        kind = BlockKind.LIST_ITEM
    for line in inline.lines:
        text = one_line(line)
        if text:
            yield Piece(kind, _labelled(label, text), bold=bold)
            label = ""


def _labelled(label: str, text: str) -> str:
    """Return `text` behind its number, a space between them where the number has no bracket."""
    if not label:
        return text
    return label + ("" if label[-1] in "、，。）)】．" else " ") + text


def _is_short(inline: Inline) -> bool:
    """Return whether a paragraph set as a heading is one; some authors set statements so."""
    return inline.total <= MAX_HEADING and not "".join(inline.parts).rstrip().endswith("。")


def _level(properties: etree._Element | None, style: Style) -> int:
    """Return the heading depth of a paragraph; its own outline level goes before its style's."""
    outline = number(child(properties, "outlineLvl"))
    if outline is None:
        return style.level
    return outline + 1 if 0 <= outline < MAX_LEVEL else 0


def _is_contents(node: etree._Element) -> bool:
    gallery = child(node, "sdtPr", "docPartObj", "docPartGallery")
    return attribute(gallery) == "Table of Contents"


def _cells(table: etree._Element) -> Iterator[etree._Element]:
    return (cell for row in inside(table, "tr") for cell in inside(row, "tc"))
