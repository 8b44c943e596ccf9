"""The workbook stream of an XLS file (BIFF8, [MS-XLS]) -> what calamine does not tell of it.

That is how numbers are shown, and how far the cells of each sheet reach: a damaged file may put a
cell into row 65,535 and column 65,535, and calamine would set up a grid of 130 GB for it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from rag.load.sheet.book import Look, Place
from rag.load.sheet.codes import BUILT_IN, GENERAL

MAX_GRID = 8_000_000
"""Cells of the rectangle that a sheet reaches over; calamine takes 32 bytes for each."""
ROWS, COLUMNS = 65_536, 256
"""What a sheet of this format can have."""

_BOF, _EOF, _FILEPASS, _FORMAT, _XF, _BOUNDSHEET, _DATEMODE = (
    0x809,
    0x0A,
    0x2F,
    0x41E,
    0xE0,
    0x85,
    0x22,
)
_DIMENSIONS = 0x200
_BIFF8 = 0x600
_RK, _NUMBER, _FORMULA, _MULRK = 0x27E, 0x203, 0x06, 0xBD
_CELLS = frozenset({0x201, 0x203, 0x204, 0x205, 0x06, 0x27E, 0xFD, 0xD6})
_ROWS_OF_CELLS = frozenset({0xBD, 0xBE})
_DISPLAYED = frozenset({_RK, _NUMBER, _FORMULA})


class BiffError(ValueError):
    """The stream is damaged, encrypted or of another version."""


class Record(NamedTuple):
    """A record: its kind, where it begins in the stream, and its content."""

    kind: int
    at: int
    content: bytes


class Book(NamedTuple):
    """What a workbook stream says of its sheets."""

    looks: dict[int, Look]
    """Number of a sheet, from 0 in the order of the workbook -> what it says of its cells."""
    encrypted: bool
    from_1904: bool


def read_book(stream: bytes) -> Book:
    """Return what `stream` says of its sheets.

    Raises:
        BiffError: It is no such stream, or a sheet reaches further than it can.
    """
    codes: dict[int, str] = {number: code for number, code in BUILT_IN.items()}
    styles: list[int] = []
    starts: dict[int, int] = {}
    looks: dict[int, Look] = {}
    from_1904 = False
    current: int | None = None
    depth = 0
    version = _BIFF8
    for kind, at, content in _records(stream):
        if kind == _BOF:
            depth += 1
            version = _short(content, 0) if len(content) >= 2 and at == 0 else version
            current = starts.get(at, current) if depth == 1 else current
        elif kind == _EOF:
            depth -= 1
            current = current if depth > 0 else None
        elif kind == _FILEPASS:
            return Book({}, True, False)
        elif kind == _FORMAT and len(content) > 5:
            codes[_short(content, 0)] = _string(content[2:], version)
        elif kind == _XF and len(content) >= 4:
            styles.append(_short(content, 2))
        elif kind == _BOUNDSHEET and len(content) >= 6:
            starts[struct.unpack_from("<I", content)[0]] = len(starts)
        elif kind == _DATEMODE:
            from_1904 = content[:1] == b"\1"
        elif current is not None and depth == 1:
            _cell(kind, content, styles, codes, looks.setdefault(current, Look()))
    for look in looks.values():
        if look.columns > COLUMNS or look.rows * look.columns > MAX_GRID:
            raise BiffError(
                "cells beyond the last column" if look.columns > COLUMNS else "too large"
            )
    return Book(looks, False, from_1904)


def _records(stream: bytes) -> Iterator[Record]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == 0 and length == 0:
            return
        yield Record(kind, at, stream[at + 4 : at + 4 + length])
        at += 4 + length


def _cell(kind: int, content: bytes, styles: list[int], codes: dict[int, str], look: Look) -> None:
    """Note how far a cell reaches and how it is shown."""
    if kind in _CELLS and len(content) >= 6:
        row, column, style = struct.unpack_from("<HHH", content)
        _reach(look, row, column)
        if kind in _DISPLAYED:
            _show(look, (row, column), style, styles, codes)
    elif kind in _ROWS_OF_CELLS and len(content) >= 6:
        row, first = struct.unpack_from("<HH", content)
        step = 6 if kind == _MULRK else 2
        for number in range((len(content) - 6) // step):
            column = first + number
            _reach(look, row, column)
            if kind == _MULRK:
                _show(look, (row, column), _short(content, 4 + number * step), styles, codes)
    elif kind in _ROWS_OF_CELLS or kind in _CELLS:
        raise BiffError("a cell that is cut off")
    elif kind == _DIMENSIONS and len(content) >= 12:
        # calamine makes room for as much as is announced.
        first_row, last_row, first, last = struct.unpack_from("<IIHH", content)
        if not first_row <= last_row <= ROWS or not first <= last <= COLUMNS:
            raise BiffError("a sheet that announces more than it can have")


def _reach(look: Look, row: int, column: int) -> None:
    look.rows = max(look.rows, row + 1)
    look.columns = max(look.columns, column + 1)


def _show(look: Look, place: Place, style: int, styles: list[int], codes: dict[int, str]) -> None:
    code = codes.get(styles[style], GENERAL) if style < len(styles) else GENERAL
    if code != GENERAL:
        look.formats[place] = code


def _short(content: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", content, at)[0])


def _string(content: bytes, version: int) -> str:
    """Return a string behind its length ([MS-XLS], 2.5.294); older versions know bytes only."""
    if version < _BIFF8:
        return content[1 : 1 + content[0]].decode("gb18030", "replace")
    length, flags = struct.unpack_from("<HB", content)
    wide = flags & 1
    raw = content[3 : 3 + length * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")
