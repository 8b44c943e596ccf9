"""What a workbook holds, whichever file it came from: sheets of cells as they are shown."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rag.load.sheet.formats import general, shown
from rag.load.sheet.moments import moment_shown

MAX_ROWS = 10_000
"""Rows of a sheet that are read; a longer one is a data base, not a report."""
MAX_COLUMNS = 256
MAX_CELLS = 500_000
"""Cells of a workbook that are read."""

Value = int | float | str | bool | datetime.date | datetime.time | datetime.timedelta
Place = tuple[int, int]
"""Row and column, from 0."""
Range = tuple[Place, Place]
"""First and last cell of a rectangle."""


@dataclass(slots=True)
class Look:
    """What a sheet says of its cells beside their values."""

    formats: dict[Place, str] = field(default_factory=dict)
    """Format codes of the cells that hold numbers; a cell that is not here has none."""
    uncached: int = 0
    """Formulas whose value was never computed, as programs write them that are not Excel."""
    first_uncached: Place | None = None
    merged: list[Range] = field(default_factory=list)
    rows: int = 0
    """Rows that the file has; more than `MAX_ROWS` when some were left out."""
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it is read: the text of each cell."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    """As shown, from cell A1 on; merged cells hold their text in their first place only."""
    merged: tuple[Range, ...] = ()


def cells_shown(
    rows: Sequence[Sequence[Value]], formats: Mapping[Place, str], from_1904: bool
) -> tuple[tuple[str, ...], ...]:
    """Return the values of a sheet as Excel shows them."""
    return tuple(
        tuple(_shown(value, formats.get((r, c)), from_1904) for c, value in enumerate(row))
        for r, row in enumerate(rows)
    )


def address(place: Place) -> str:
    """Return ``B3`` for (2, 1)."""
    row, column = place
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _shown(value: Value, code: str | None, from_1904: bool) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return shown(value, code, from_1904) if code else general(value)
    return moment_shown(value, code or "")
