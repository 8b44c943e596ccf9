"""XLSX, XLS and CSV -> text with blocks: a heading for each sheet, its tables as Excel shows them.

Values come from calamine; how they are shown, and how much of a file is safe to give to calamine,
from `ooxml` and `biff`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from rag.load.facts import facts_of
from rag.load.parsed import Parsed
from rag.load.parts import broken, is_markup, packed, parts_of, with_password
from rag.load.pieces import Piece, write
from rag.load.properties import Properties, properties_of
from rag.load.sheet import biff, notices, ole, ooxml
from rag.load.sheet.book import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Look, Sheet, cells_shown
from rag.load.sheet.delimited import rows_of
from rag.load.sheet.regions import pieces_of
from rag.schema import BlockKind

_SECTOR = 4096


def parse_xlsx(data: bytes, source: str) -> Parsed:
    """Return the blocks and stated facts of an XLSX file.

    Args:
        data: The whole file.
        source: Its name, for messages.

    Raises:
        DocumentError: The file is damaged, or unpacks to more than any report holds.
    """
    parts = parts_of(data, source, is_markup)
    book = ooxml.prepared(parts)
    warnings = notices.hidden(book.hidden, source)
    workbook = _opened(packed(book.parts), source)
    sheets = _Sheets(workbook, book.from_1904, source)
    for number, (name, look) in enumerate(zip(book.names, book.looks, strict=True)):
        sheets.read(number, name, look)
    return _parsed(sheets.found, properties_of(parts), warnings + tuple(sheets.warnings))


def parse_xls(data: bytes, source: str) -> Parsed:
    """Return the blocks and stated facts of an XLS file, Excel 5.0 to 2003.

    Args:
        data: The whole file.
        source: Its name, for messages.

    Raises:
        DocumentError: The file is damaged or has a password.
    """
    book = _biff(data, source)
    # calamine ends in a panic on a file that was cut off within a sector.
    workbook = _opened(io.BytesIO(data + bytes(-len(data) % _SECTOR)), source)
    metadata = workbook.sheets_metadata
    shown = [
        (number, sheet.name)
        for number, sheet in enumerate(metadata)
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
    ]
    kept = {name for _, name in shown}
    hidden = [s.name for s in metadata if s.name not in kept and s.typ is SheetTypeEnum.WorkSheet]
    sheets = _Sheets(workbook, book.from_1904, source)
    for number, name in shown:
        sheets.read(number, name, book.looks.get(number, Look()))
    return _parsed(
        sheets.found, Properties(), notices.hidden(hidden, source) + tuple(sheets.warnings)
    )


def parse_csv(text: str, source: str) -> Parsed:
    """Return the blocks and stated facts of CSV or tab-separated text.

    Args:
        text: The whole file, decoded.
        source: Its name, for warnings.
    """
    rows, count = rows_of(text)
    sheet = Sheet("", tuple(tuple(row) for row in rows))
    return _parsed([sheet], Properties(), notices.rows_left_out("", count, source))


class _Sheets:
    """Reads the sheets of a workbook one after the other."""

    def __init__(self, workbook: CalamineWorkbook, from_1904: bool, source: str) -> None:
        self.found: list[Sheet] = []
        self.warnings: list[str] = []
        self._workbook = workbook
        self._from_1904 = from_1904
        self._source = source
        self._room = MAX_CELLS

    def read(self, number: int, name: str, look: Look) -> None:
        """Read a sheet; one that is damaged, or one too many, becomes a warning."""
        if self._room <= 0:
            self.warnings.append(notices.no_room(name, self._source))
            return
        try:
            with _calamine():
                sheet = self._workbook.get_sheet_by_index(number)
                rows = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS)
                merged = sheet.merged_cell_ranges or []
        except _DamagedError as error:
            self.warnings.append(notices.damaged(name, str(error), self._source))
            return
        rows = [row[:MAX_COLUMNS] for row in rows]
        self._room -= sum(map(len, rows))
        cells = cells_shown(rows, look.formats, self._from_1904)
        self.found.append(Sheet(name, cells, tuple(look.merged or merged)))
        self.warnings += notices.rows_left_out(
            name, max(look.rows, sheet.total_height), self._source
        )
        self.warnings += notices.columns_left_out(
            name, max(look.columns, sheet.total_width), self._source
        )
        self.warnings += notices.uncached(name, look, self._source)


def _parsed(sheets: Sequence[Sheet], named: Properties, warnings: Sequence[str]) -> Parsed:
    pieces: list[Piece] = []
    for sheet in sheets:
        below = list(pieces_of(sheet))
        if below and sheet.name.strip():
            pieces.append(Piece(BlockKind.HEADING, sheet.name.strip(), 1))
        pieces += below
    done = write(pieces)
    stated = facts_of(done.text, done.blocks)
    return Parsed(
        text=done.text,
        blocks=done.blocks,
        title=named.title,
        publisher=stated.publisher or named.publisher,
        published=stated.published,
        warnings=tuple(warnings),
    )


def _biff(data: bytes, source: str) -> biff.Book:
    try:
        try:
            stream = ole.stream(data, "Workbook")
        except ole.OleError:
            stream = ole.stream(data, "Book")
        book = biff.read_book(stream)
    except (ole.OleError, biff.BiffError) as error:
        raise broken(source, str(error)) from error
    if book.encrypted:
        raise with_password(source)
    return book


def _opened(file: io.BytesIO, source: str) -> CalamineWorkbook:
    try:
        with _calamine():
            return CalamineWorkbook.from_filelike(file)
    except _DamagedError as error:
        raise broken(source, str(error)) from error


class _DamagedError(ValueError):
    """What calamine could not read."""


@contextmanager
def _calamine() -> Iterator[None]:
    """Turn whatever calamine raises on a damaged file into one kind of error."""
    try:
        yield
    except (CalamineError, ValueError, OSError) as error:
        raise _DamagedError(str(error)) from error
    except BaseException as error:
        # A panic of the Rust code is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise _DamagedError(str(error)) from error
