"""The structure tree of a tagged PDF -> what each piece of marked content is: heading, table cell.

Knows PDFium: one thread at a time may be in here. ISO 32000-1, 14.8.4 names the types.
"""

from __future__ import annotations

import ctypes
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from rag.load.pdf import calls

MAX_DEPTH = 40
"""Levels of a tree that are gone down; a damaged file may have one that bites its own tail."""
MAX_TYPE = 64
"""Bytes of the longest name of a type that is looked at; PDFium writes nothing of a longer one."""
MAX_NODES = 20_000
"""Elements of one page that are looked at."""

_HEADING = re.compile(r"H([1-6])?|Title")


class Role(NamedTuple):
    """What the file's own structure says of a piece of text."""

    heading: int = 0
    """Level of the heading it is in, from 1; 0 when it is in none."""
    cell: tuple[int, int, int] | None = None
    """Number of the table on its page, row and column, from 0; None outside of tables."""


NO_ROLE = Role()


def is_tagged(document: pdfium.PdfDocument) -> bool:
    """Return whether `document` says that it has a structure tree."""
    return bool(pdfium_c.FPDFCatalog_IsTagged(document.raw))


def roles_of(page: pdfium.PdfPage) -> dict[int, Role]:
    """Return marked content identifier -> role, for what is in a heading or a table."""
    tree = pdfium_c.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return {}
    walk = _Walk()
    try:
        for i in range(pdfium_c.FPDF_StructTree_CountChildren(tree)):
            child = pdfium_c.FPDF_StructTree_GetChildAtIndex(tree, i)
            if child:
                walk.go(calls.handle(child), NO_ROLE, 0)
    finally:
        pdfium_c.FPDF_StructTree_Close(tree)
    return walk.roles


@dataclass(slots=True)
class _Walk:
    """A way through the elements of a page in their order."""

    roles: dict[int, Role] = field(default_factory=dict)
    _nodes: int = 0
    _tables: Iterator[int] = field(default_factory=itertools.count)
    _row: int = -1
    _column: int = -1
    _name: ctypes.Array[ctypes.c_char] = field(
        default_factory=lambda: ctypes.create_string_buffer(MAX_TYPE)
    )

    def go(self, element: int, role: Role, depth: int) -> None:
        """Note the roles of what is in `element`, which stands in something of role `role`."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            return
        kind = self._type(element)
        if kind == "Table":
            # A table within a table is layout; only the innermost one counts.
            outer = self._row, self._column
            self._row, inside = -1, Role(cell=(next(self._tables), 0, 0))
            self._children(element, inside, depth)
            self._row, self._column = outer
            return
        if kind == "TR":
            self._row, self._column = self._row + 1, -1
        elif kind in ("TD", "TH") and role.cell:
            self._column += 1
            role = Role(role.heading, (role.cell[0], max(self._row, 0), self._column))
        elif found := _HEADING.fullmatch(kind):
            role = Role(int(found[1] or 1), role.cell)
        self._children(element, role, depth)

    def _type(self, element: int) -> str:
        size = calls.type_of(element, ctypes.addressof(self._name), MAX_TYPE)
        name = self._name.raw[:size] if size <= MAX_TYPE else b""
        return name.decode("utf-16-le", "replace").rstrip("\0")

    def _children(self, element: int, role: Role, depth: int) -> None:
        for i in range(calls.children_of(element)):
            child = calls.child_at(element, i)
            if child:
                self.go(child, role, depth + 1)
            elif role != NO_ROLE:
                mark = calls.child_mark_at(element, i)
                if mark >= 0:
                    self.roles[mark] = role
