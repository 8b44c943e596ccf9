"""Lines below a caption -> the rows of a table; and runs of rows that have no caption.

Broker tables have horizontal rules only, so columns are told by where the cells stand. A chart's
labels stand between a caption and a source line too, and are told by having no rows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from rag.load.marks import is_figure
from rag.load.pdf.lines import Line
from rag.text import display_width

CELL_GAP = 1.0
"""Ems between two cells of a row at least."""
MIN_ROWS = 2
"""Rows with several cells that make a table."""
FULL_ROWS = 0.5
"""Share of the rows that must have several cells."""
FULL_CELLS = 0.4
"""Share of the places in rows with several cells that must be filled."""
MIN_FIGURES = 0.4
"""Share of figures among the cells below a figure's caption from which it is a table nonetheless."""
BORDER = " | "

# Chinese is set without spaces, so one between two wide characters parts header cells.
_HEADER_GAP = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])\s+(?=[\u2e80-\u9fff\uff00-\uffef])")


class Cell(NamedTuple):
    """A cell of a row, in points from the left and from the top of the page."""

    text: str
    x0: float
    x1: float
    baseline: float
    size: float


def cells_of(line: Line) -> list[Cell]:
    """Return the cells of `line` as a row of a table, from left to right."""
    return [cell for piece in line.split(CELL_GAP) for cell in _parted(piece)]


def rows_of(
    lines: Sequence[Line],
    left: float = float("-inf"),
    right: float = float("inf"),
    is_chart: bool = False,
) -> list[str] | None:
    """Return the rows of the table that stands in `lines` between `left` and `right`.

    One string a row, cells apart by ``" | "``; empty cells before a cell keep it in its column.
    None when it is no table but, say, the labels of a chart.

    Args:
        lines: What stands below the caption.
        left: Points from the left edge of the page.
        right: Likewise.
        is_chart: Whether the caption says that it is a figure, so that a table is unlikely.
    """
    rows = [row for line in lines if (row := _within(cells_of(line), left, right))]
    if not _is_grid(rows):
        return None
    columns = _columns(rows)
    several = [row for row in rows if len(row) >= 2]
    filled = sum(len(row) for row in several)
    if filled < FULL_CELLS * len(several) * len(columns):
        return None
    if is_chart and figure_share(rows) < MIN_FIGURES:
        return None
    return _written(rows, columns)


def raw_rows(
    lines: Sequence[Line], left: float = float("-inf"), right: float = float("inf")
) -> list[str]:
    """Return one string a line, cells apart by ``" | "``, where no columns can be told."""
    rows = [_within(cells_of(line), left, right) for line in lines]
    return [BORDER.join(cell.text for cell in row) for row in rows if row]


def figure_share(rows: Sequence[Sequence[Cell]]) -> float:
    """Return the share of the cells that are figures."""
    cells = [cell for row in rows for cell in row]
    return sum(is_figure(cell.text) for cell in cells) / len(cells)


def _parted(piece: Line) -> Iterator[Cell]:
    """Yield the header cells that stand close together in `piece`, their places estimated."""
    texts = _HEADER_GAP.split(piece.text)
    unit = (piece.x1 - piece.x0) / max(display_width(piece.text), 1)
    at = 0
    for text in texts:
        start = piece.text.index(text, at)
        x0 = piece.x0 + unit * display_width(piece.text[:start])
        yield Cell(text, x0, x0 + unit * display_width(text), piece.baseline, piece.size)
        at = start + len(text)


def _within(cells: Sequence[Cell], left: float, right: float) -> list[Cell]:
    return [cell for cell in cells if left <= (cell.x0 + cell.x1) / 2 <= right]


def _is_grid(rows: Sequence[Sequence[Cell]]) -> bool:
    """Return whether `rows` are a table's: most have several cells, and words beside figures.

    The labels of a chart's axes are single figures one below the other, or a line of them.
    """
    several = [row for row in rows if len(row) >= 2]
    if len(several) < MIN_ROWS or len(several) < FULL_ROWS * len(rows):
        return False
    worded = [row for row in several if any(not is_figure(cell.text) for cell in row)]
    wide = [row for row in several if len(row) >= 3]
    if len(worded) >= max(MIN_ROWS, 0.6 * len(several)):
        return True
    return bool(worded) and len(wide) >= max(MIN_ROWS, 0.8 * len(several))


def _columns(rows: Sequence[Sequence[Cell]]) -> list[tuple[float, float]]:
    """Return the left and right edges of the columns.

    A header cell that is wider than its column would bridge the gap to the next one, so cells
    are added from the narrowest on, and one that touches two columns makes none.
    """
    columns: list[tuple[float, float]] = []
    for cell in sorted((cell for row in rows for cell in row), key=lambda c: c.x1 - c.x0):
        touched = [c for c in columns if cell.x0 < c[1] and c[0] < cell.x1]
        if len(touched) > 1:
            continue
        if touched:
            columns.remove(touched[0])
            columns.append((min(cell.x0, touched[0][0]), max(cell.x1, touched[0][1])))
        else:
            columns.append((cell.x0, cell.x1))
    return _without_slivers(sorted(columns), rows)


def _without_slivers(
    columns: list[tuple[float, float]], rows: Sequence[Sequence[Cell]]
) -> list[tuple[float, float]]:
    """Return `columns` without those of a single cell, as a stray mark or an off-centre unit makes."""
    used = Counter(_place(columns, cell) for row in rows for cell in row)
    kept = [column for i, column in enumerate(columns) if used[i] >= 2]
    return kept if len(kept) >= 2 and len(rows) > 3 else columns


def _written(rows: Sequence[Sequence[Cell]], columns: Sequence[tuple[float, float]]) -> list[str]:
    lines: list[list[str]] = []
    for row in rows:
        texts = [""] * len(columns)
        for cell in row:
            place = _place(columns, cell)
            texts[place] = f"{texts[place]} {cell.text}".strip()
        lines.append(texts)
    return [BORDER.join(_trimmed(texts)) for texts in _merge_broken(rows, lines)]


def _place(columns: Sequence[tuple[float, float]], cell: Cell) -> int:
    """Return the index of the column that `cell` shares most of its width with."""

    def shared(index: int) -> tuple[float, float]:
        left, right = columns[index]
        middle = abs((left + right) / 2 - (cell.x0 + cell.x1) / 2)
        return (min(right, cell.x1) - max(left, cell.x0), -middle)

    return max(range(len(columns)), key=shared)


def _merge_broken(rows: Sequence[Sequence[Cell]], lines: list[list[str]]) -> list[list[str]]:
    """Join a line that only carries on cells of the row above it: no label, and set tight."""
    baselines = [row[0].baseline for row in rows]
    pitches = [b - a for a, b in zip(baselines, baselines[1:], strict=False)]
    usual = median(pitches) if pitches else 0.0
    merged = [lines[0]]
    for row, texts, pitch in zip(rows[1:], lines[1:], pitches, strict=True):
        tight = pitch < 0.8 * usual and pitch < 1.5 * row[0].size
        if tight and not texts[0] and not any(is_figure(text) for text in texts if text):
            merged[-1] = [f"{a}{b}" for a, b in zip(merged[-1], texts, strict=True)]
        else:
            merged.append(texts)
    return merged


def _trimmed(texts: Sequence[str]) -> Sequence[str]:
    """Return `texts` without empty ones behind the last."""
    end = max((i for i, text in enumerate(texts) if text), default=-1) + 1
    return texts[:end]
