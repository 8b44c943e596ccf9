"""The text of a table, as loaders write it -> values that know their row label, header and unit.

Rows are lines with cells between bars; several header rows are joined per column. Where the bars
are lost `rag.flattened` finds the columns. Pure: offsets point into the text that was given.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag import flattened, tablegrid, tabletitle, tableunits
from rag.tablegrid import JOINT, Line, Piece
from rag.tablepanels import Panel, dated, panels_of

SAMPLE = 100
"""Rows that are looked at to tell headers and labels."""
_SMALL = 3
"""Digits of a number that is no year and no code."""
_RUNNING = re.compile(r"序号|排名|编号|名次|No\.?|#", re.IGNORECASE)
"""The header of a column that only numbers the rows."""
OF_THE_ONE_BEFORE = re.compile(
    r"(?:同比|环比|按年|增[速长幅]|变[动化]|增减|幅度|率|[（(]?(?:[+＋][/／]?[-−－])?(?:[%％]|pct)[)）]?|[（(][+＋][/／]?[-−－][)）]|yoy|y/y|qoq|change|growth| )+",
    re.IGNORECASE,
)
"""A head or label that says nothing of what it measures: the 增长率 of the row or column before it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a table and what the table says about it."""

    text: str
    start: int
    """Offsets into the text of the table."""
    end: int
    column: int
    header: str
    """The header cells above it, outermost first, joined by " · "."""
    label: str
    """The label of its row, after the heading of its group of rows, joined likewise."""
    unit: str
    """As stated by label, header or table; empty when the cell prints its own or none is stated."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of values; header rows and headings of groups of rows are none."""

    label: str
    cells: tuple[Cell, ...]
    """Its values from left to right, empty places left out."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read."""

    title: str
    """What its number is followed by; empty when none is printed."""
    unit: str
    """Stated for the whole table, as printed; empty when none is."""
    header: tuple[tuple[str, ...], ...]
    """The header rows as printed; of a table with several headers the first."""
    columns: tuple[str, ...]
    """One joined header a column; empty when none is printed, or its pieces cannot be told apart."""
    rows: tuple[Row, ...]
    start: int
    """Offset of its first line, title and unit included; negative when that is in the head."""
    heads: tuple[tuple[int, str], ...] = ()
    """From which offset on which lines it takes to read a row, see `head_at`."""

    def row_at(self, offset: int) -> Row | None:
        """Return the row that holds `offset`, or None."""
        at = bisect.bisect_right(self.rows, offset, key=lambda row: row.start) - 1
        return self.rows[at] if at >= 0 and offset < self.rows[at].end else None

    def cell_at(self, offset: int) -> Cell | None:
        """Return the value that holds `offset`, or None: a label, a header or a border."""
        row = self.row_at(offset)
        cells = row.cells if row else ()
        return next((cell for cell in cells if cell.start <= offset < cell.end), None)

    def head_at(self, offset: int) -> str:
        """Return the lines it takes to read a row at `offset`: title, unit, header, group."""
        return next((head for start, head in reversed(self.heads) if start <= offset), "")


@functools.lru_cache(maxsize=64)
def parse(text: str, head: str = "") -> Table | None:
    """Return the first table in `text`, or None when there is none.

    Lines before it give title and unit, lines amid its rows head groups of rows.

    Args:
        text: A table block, or a chunk or passage that holds one.
        head: Lines that stood before `text`, as `Table.head_at` returns them. What stands in them
            is read, but neither its rows nor its offsets are part of the result.
    """
    shift = len(head) + 1 if head else 0
    lines = tablegrid.lines_of(f"{head}\n{text}" if head else text, -shift)
    barred = [i for i, line in enumerate(lines) if tablegrid.has_bars(line)]
    if barred:
        before, after = lines[: barred[0]], lines[barred[0] : barred[-1] + 1]
        rows = tablegrid.cut([*tabletitle.bands(before), *after])
        return _Reader(before).read(rows) if rows else None
    found = flattened.read(lines, least=1 if head else flattened.MIN_ROWS)
    if found is None:
        return None
    reader = _Reader(lines[: found.first])
    return reader.read_flattened(lines[found.first : found.first + found.header], found)


def head_of(text: str, head: str, start: int, end: int) -> str:
    """Return the head with which the rows in ``text[start:end]`` read by themselves as they do here.

    That is title, unit and header, and a few rows beside them where only those show that a column
    holds labels, or that a line below is a statistic.

    Args:
        text: What `parse` was given, with `head`.
        head: Likewise.
        start: Where the first of the rows begins.
        end: Where the last of them ends.
    """
    whole = parse(text, head)
    if whole is None:
        return ""
    found = whole.head_at(start)
    wanted = [row_text(whole, row) for row in whole.rows if start <= row.start < end]
    before = [text[row.start : row.end] for row in whole.rows if row.end <= start]
    after = [text[row.start : row.end] for row in whole.rows if row.start >= end]
    for beside in ([], before[-1:], before[-2:], after[:2], [*after[:1], *before[-1:]]):
        lines = "\n".join([found, *beside]).strip("\n")
        alone = parse(text[start:end], lines)
        if alone is not None and [row_text(alone, row) for row in alone.rows] == wanted:
            return lines
    return found


def row_text(table: Table, row: Row, *, titled: bool = True) -> str:
    """Return `row` as one sentence: title, label, and each value with its header and unit.

    Args:
        table: The table it belongs to.
        row: One of its rows.
        titled: Whether the title opens the sentence.
    """
    title = tableunits.without(table.title, table.unit) if titled else ""
    said, values = row.label, []
    for cell in row.cells:
        if not tablegrid.is_dash(cell.text):
            own = tableunits.without(cell.label, cell.unit) + "：" if cell.label != said else ""
            said = cell.label
            values.append(own + _spoken(cell))
    opening = JOINT.join(part for part in (title, row.label) if part)
    return "：".join(part for part in (opening, "；".join(values)) if part)


def _spoken(cell: Cell) -> str:
    """Return a value with its header and unit."""
    header = tableunits.without(cell.header, cell.unit) if cell.unit else cell.header
    space = " " if cell.unit[:1].isascii() and cell.unit[:1].isalpha() else ""
    return f"{header.replace(JOINT, ' ')} {cell.text}{space}{cell.unit}".strip()


class _Reader:
    """Reads rows from top to bottom under the header and group heading in force."""

    def __init__(self, before: Sequence[Line]) -> None:
        """Read title and unit off the lines before the table."""
        self._title_line, self._unit_line = tabletitle.title(before), tabletitle.unit(before)
        caption = self._title_line.text if self._title_line else ""
        self._title = tabletitle.bare(caption)
        stated = self._unit_line.text if self._unit_line else ""
        self._unit = tableunits.in_line(stated) or tableunits.in_line(caption)
        self._begin = 0
        self._band: Line | None = None
        self._header: list[Line] = []
        self._first: tuple[tuple[str, ...], ...] = ()
        self._columns: list[str] = []
        self._panels: list[Panel] = []
        self._dated: frozenset[int] = frozenset()
        self._carried: dict[int, str] = {}
        self._measured: dict[int, str] = {}
        self._last: list[Cell] = []
        self._rows: list[Row] = []
        self._heads: list[tuple[int, str]] = []

    def read(self, lines: Sequence[Line]) -> Table:
        """Return the table of `lines`, whose cells are cut."""
        self._begins(lines[0])
        width = max(len(line.cells) for line in lines)
        at = 0
        while at < len(lines):
            line = lines[at]
            if tablegrid.is_band(line.texts):
                self._group(line)
                at += 1
                continue
            count = self._headers_at(lines, at)
            if count or not self._panels:
                self._open(lines, at, count, width)
            at += count
            if not count:
                self._row(line)
                at += 1
        return self._table()

    def read_flattened(self, header: Sequence[Line], found: flattened.Flattened) -> Table:
        """Return the table of rows whose columns are known by `found`."""
        self._begins([*header, *found.rows][0])
        self._header = list(header)
        self._first = tuple(tuple(line.text.split()) for line in header)
        width = max(len(line.cells) for line in found.rows)
        self._columns = list(found.columns) or [""] * width
        whole = [line.texts for line in found.rows if len(line.cells) == width]
        self._panels, self._dated = (
            panels_of(self._columns, whole, side_by_side=False),
            dated(whole),
        )
        for line in found.rows:
            self._row(line)
        return self._table()

    def _begins(self, line: Line) -> None:
        """Note where the table begins: at its caption, its unit, or else at its first `line`."""
        title = self._title_line
        captioned = [title] if title and tabletitle.is_caption(title.text) else []
        self._begin = min(x.start for x in (*captioned, self._unit_line, line) if x)

    def _headers_at(self, lines: Sequence[Line], at: int) -> int:
        """Return how many rows from `at` on are headers."""
        if not self._panels:
            bands = (i for i, line in enumerate(lines[at:]) if tablegrid.is_band(line.texts))
            count = tablegrid.header_rows(_plain(lines[at : at + SAMPLE]))
            return min(count, next(bands, count))
        below = _plain(lines[at : at + 3])
        header = self._header[-1].texts if self._header else []
        for count in range(1, len(below)):
            if tablegrid.opens_header(below[count - 1], header, below[count]):
                return count
            if any(tablegrid.is_value(text) for text in below[count - 1][1:]):
                break
        return 0

    def _open(self, lines: Sequence[Line], at: int, count: int, width: int) -> None:
        """Put the header of `count` rows from `at` on in force."""
        self._header = list(lines[at : at + count])
        self._columns = tablegrid.joined([line.texts for line in self._header], width)
        self._first = self._first or tuple(tuple(line.texts) for line in self._header)
        self._carried = {}
        below = _plain(lines[at + count : at + count + SAMPLE])
        body = [row for row in below if any(map(tablegrid.is_value, row[1:]))] or below
        full = [[*row, *[""] * (width - len(row))] for row in body]
        self._panels, self._dated = panels_of(self._columns, full), dated(full)

    def _group(self, line: Line) -> None:
        text = next(cell.text for cell in line.cells if cell.text)
        if tabletitle.is_unit(text):
            self._unit, self._unit_line = tableunits.in_line(text), line
        else:
            self._band, self._carried = line, {}

    def _row(self, line: Line) -> None:
        self._note_head(line)
        cells: list[Cell] = []
        labels: list[str] = []
        for panel in self._panels:
            label, unit = self._label(panel, line.cells), self._stated(panel)
            labels.append(label)
            values = (c for c in panel.values if c < len(line.cells) and line.cells[c].text)
            cells += [self._cell(line.cells[c], c, label, unit) for c in values]
        if _is_statistic(cells, self._last):
            cells = [replace(cell, unit="") for cell in cells]
        self._last = cells
        if line.start >= 0 and (cells or any(labels)):
            self._rows.append(Row(labels[0], tuple(cells), line.start, line.end))

    def _label(self, panel: Panel, cells: Sequence[Piece]) -> str:
        """Return the label that `panel` has in a row; an empty one is the one above it."""
        parts = []
        for i, c in enumerate(panel.labels):
            text = cells[c].text if c < len(cells) else ""
            if text and i == 0:
                self._carried = {k: v for k, v in self._carried.items() if k not in panel.labels}
            if text:
                self._carried[c] = text
            parts.append(text or self._carried.get(c, ""))
        parts = [self._whole(panel, parts[0])] if len(parts) == 1 else parts
        band = self._band.text.strip("| ") if self._band else ""
        return JOINT.join(part for part in (band, *dict.fromkeys(parts)) if part)

    def _whole(self, panel: Panel, text: str) -> str:
        """Return a label, with the one above it where it says only that it is its growth."""
        if not OF_THE_ONE_BEFORE.fullmatch(text):
            self._measured[panel.labels[0]] = tableunits.without(text, tableunits.in_cell(text))
            return self._numbered(panel, text)
        return f"{self._measured.get(panel.labels[0], '')} {text}".strip()

    def _numbered(self, panel: Panel, text: str) -> str:
        """Return a label that is a small number with the header that says what it counts: 窗口/月 2."""
        header = self._columns[panel.labels[0]] if self._columns else ""
        counts = text.isdigit() and len(text) <= _SMALL and not _RUNNING.fullmatch(header)
        return f"{header} {text}" if counts and header else text

    def _stated(self, panel: Panel) -> str:
        """Return the unit of a panel: of its corner, or of the table when no corner states one."""
        corners = [tableunits.in_cell(self._columns[p.labels[0]]) for p in self._panels]
        own = corners[self._panels.index(panel)]
        return own if any(corners) else self._unit

    def _cell(self, piece: Piece, column: int, label: str, stated: str) -> Cell:
        header = self._columns[column] if column < len(self._columns) else ""
        unit = ""
        if tablegrid.is_bare(piece.text) and column not in self._dated:
            unit = tableunits.of_figure(header, label, stated, self._columns)
        return Cell(piece.text, piece.start, piece.end, column, header, label, unit)

    def _note_head(self, line: Line) -> None:
        unit = self._unit_line if self._unit_line != self._title_line else None
        parts = [self._title_line, unit, *self._header, self._band]
        head = "\n".join(part.text for part in parts if part)
        if not self._heads or self._heads[-1][1] != head:
            self._heads.append((line.start, head))

    def _table(self) -> Table:
        return Table(
            self._title, self._unit, self._first,
            tuple(self._columns if any(self._columns) else ()), tuple(self._rows),
            self._begin, tuple(self._heads),
        )  # fmt: skip


def _plain(lines: Sequence[Line]) -> list[list[str]]:
    """Return what the cells of `lines` say, headings of groups left out."""
    return [line.texts for line in lines if not tablegrid.is_band(line.texts)]


def _is_statistic(cells: Sequence[Cell], above: Sequence[Cell]) -> bool:
    """Return whether a row is that of the t-values below their coefficients: all in brackets."""
    bracketed = [cell.text[:1] in ("(", "（") for cell in cells]
    same = bool(above) and [c.label for c in cells[:1]] == [c.label for c in above[:1]]
    return same and len(cells) > 1 and all(bracketed) and above[0].text[:1] not in ("(", "（")
