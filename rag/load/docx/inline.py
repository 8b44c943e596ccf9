"""A Word paragraph -> its text as printed, and what is attached to it: notes, text boxes.

Deleted and hidden text is left out, inserted text is in. Knows nothing of styles or lists.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from rag.load.docx.xml import attribute, child, is_on
from rag.load.parts import local

_LEFT_OUT = frozenset(
    "pPr rPr del moveFrom delText instrText delInstrText rt sdtPr sdtEndPr".split()
)
_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_PAGE_BREAKS = ("page", "column")
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}


@dataclass(slots=True)
class Inline:
    """What a paragraph holds."""

    parts: list[str] = field(default_factory=list)
    bold: int = 0
    """Characters, white space aside, that are bold."""
    total: int = 0
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Kind and id of the notes that it refers to."""
    boxes: list[etree._Element] = field(default_factory=list)
    """Contents of the text boxes anchored in it."""

    @property
    def lines(self) -> list[str]:
        """Return its text, split where a line break was typed."""
        return "".join(self.parts).split("\n")

    def add(self, text: str, bold: bool) -> None:
        """Append `text`."""
        self.parts.append(text)
        length = len("".join(text.split()))
        self.total += length
        self.bold += length * bold


def read_inline(paragraph: etree._Element, bold: bool = False) -> Inline:
    """Return what `paragraph` holds; `bold` says whether its style is."""
    found = Inline()
    _gather(paragraph, found, bold)
    return found


def _gather(node: etree._Element, found: Inline, bold: bool) -> None:
    for inner in node:
        name = local(inner)
        if name in _LEFT_OUT:
            continue
        if name == "r":
            properties = child(inner, "rPr")
            if not is_on(properties, "vanish"):
                own = child(properties, "b") is not None
                _gather(inner, found, is_on(properties, "b") if own else bold)
        elif name == "t":
            found.add(inner.text or "", bold)
        elif name in _SIGNS:
            found.add(_SIGNS[name], bold)
        elif name == "br":
            found.add("" if attribute(inner, "type") in _PAGE_BREAKS else "\n", bold)
        elif name == "sym":
            found.add(_symbol(attribute(inner, "char") or ""), bold)
        elif name in _NOTES:
            found.notes.append((_NOTES[name], attribute(inner, "id") or ""))
        elif name == "txbxContent":
            found.boxes.append(inner)
        elif name == "AlternateContent":
            _gather_alternative(inner, found, bold)
        else:
            _gather(inner, found, bold)


def _gather_alternative(node: etree._Element, found: Inline, bold: bool) -> None:
    """Gather one of several renderings of the same: the newest that holds anything."""
    for inner in node:
        rendering = Inline()
        _gather(inner, rendering, bold)
        if rendering.total or rendering.boxes:
            found.parts += rendering.parts
            found.total += rendering.total
            found.bold += rendering.bold
            found.notes += rendering.notes
            found.boxes += rendering.boxes
            return


def _symbol(code: str) -> str:
    """Return a character of a symbol font by its hexadecimal code."""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return chr(value) if 0x20 <= value < 0xD800 or 0xE000 <= value <= 0xFFFD else ""
