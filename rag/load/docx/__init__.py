"""DOCX -> text with blocks: styles give headings, lists are counted, tables keep merged cells.

Word has no pages before it is printed, so none are given. Headers, footers and comments are not
part of the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lxml import etree

from rag.load.docx.body import Body
from rag.load.docx.numbering import Numbering
from rag.load.docx.styles import styles_of
from rag.load.docx.xml import attribute
from rag.load.facts import facts_of
from rag.load.parsed import Parsed
from rag.load.parts import is_markup, local, packed, parts_of, reading, tree_of
from rag.load.pieces import Piece, write
from rag.load.properties import properties_of
from rag.schema import BlockKind

if TYPE_CHECKING:
    from docx.opc.part import Part


def parse(data: bytes, source: str) -> Parsed:
    """Return the blocks and stated facts of a Word file.

    Args:
        data: The whole file.
        source: Its name, for messages.

    Raises:
        DocumentError: The file is damaged, or unpacks to more than any report holds.
    """
    import docx

    parts = parts_of(data, source, is_markup)
    with reading(source):
        part = docx.Document(packed(parts)).part
        roots = {
            rel.reltype.rpartition("/")[2]: _root(rel.target_part)
            for rel in part.rels.values()
            if not rel.is_external
        }
        content = part.element
    numbering = Numbering(roots.get("numbering"))
    body = Body(styles_of(roots.get("styles")), numbering, _notes(roots))
    pieces = [piece for node in content if local(node) == "body" for piece in body.pieces(node)]
    done = write(pieces)
    stated = facts_of(done.text, done.blocks)
    named = properties_of(parts)
    return Parsed(
        text=done.text,
        blocks=done.blocks,
        title=body.title or stated.title or named.title or _only_top(pieces),
        publisher=stated.publisher or named.publisher,
        published=stated.published,
    )


def _notes(roots: Mapping[str, etree._Element | None]) -> dict[tuple[str, str], etree._Element]:
    """Return kind and id of each foot- and endnote -> its element."""
    found: dict[tuple[str, str], etree._Element] = {}
    for kind in ("footnote", "endnote"):
        root = roots.get(f"{kind}s")
        for node in root if root is not None else ():
            if local(node) == kind:
                found[kind, attribute(node, "id") or ""] = node
    return found


def _root(part: Part) -> etree._Element | None:
    element = getattr(part, "element", None)
    return tree_of(part.blob) if element is None else element


def _only_top(pieces: list[Piece]) -> str | None:
    """Return the heading of the first level when there is one only: that is a title."""
    tops = [p.text for p in pieces if p.kind is BlockKind.HEADING and p.level == 1]
    return tops[0] if len(tops) == 1 else None
