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

from rag import tablegrid
from rag.load.marks import is_figure, join
from rag.load.pdf import spans
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
ALIGNED = 3.0
"""Points by which the middles of the lines of one header cell may differ."""
WIDER = 1.5
"""How many times as wide as the next one a line of a header cell may be."""

_WORD = re.compile(r"[A-Za-zΔ△][A-Za-z0-9_.&/%-]*")
_FORMULA = re.compile(r".*[{｛∑∫√]|[=<>≤≥≈→]")

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
    lines: Sequence[Sequence[Cell]],
    left: float = float("-inf"),
    right: float = float("inf"),
    is_chart: bool = False,
) -> list[str] | None:
    """Return the rows of the table that stands in `lines` between `left` and `right`.

    One string a row, cells apart by ``" | "``; empty cells before a cell keep it in its column.
    None when it is no table but, say, the labels of a chart.

    Args:
        lines: The cells of each line below the caption.
        left: Points from the left edge of the page.
        right: Likewise.
        is_chart: Whether the caption says that it is a figure, so that a table is unlikely.
    """
    rows = [row for line in lines if (row := _within(line, left, right))]
    if not _is_grid(rows):
        return None
    columns = _columns(rows)
    rows = [_unglued(row, columns) for row in rows]
    several = [row for row in rows if len(row) >= 2]
    filled = sum(len(row) for row in several)
    if filled < FULL_CELLS * len(several) * len(columns):
        return None
    if is_chart and figure_share(rows) < MIN_FIGURES:
        return None
    return _written(rows, columns)


def raw_rows(
    lines: Sequence[Sequence[Cell]], left: float = float("-inf"), right: float = float("inf")
) -> list[str]:
    """Return one string a line, cells apart by ``" | "``, where no columns can be told."""
    rows = [_within(line, left, right) for line in lines]
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
    if any(_FORMULA.fullmatch(cell.text) for row in rows for cell in row):
        return False
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


def _unglued(row: Sequence[Cell], columns: Sequence[tuple[float, float]]) -> list[Cell]:
    """Return `row` with a cell taken apart that reaches over columns, one word to each of them.

    Figures and Latin names set close together are no words of one cell.
    """
    found: list[Cell] = []
    for cell in row:
        words = _words(cell)
        apart = len({_place(columns, word) for word in words}) == len(words) > 1
        glued = apart and all(is_figure(w.text) or _WORD.fullmatch(w.text) for w in words)
        found += words if glued else [cell]
    return found


def _words(cell: Cell) -> list[Cell]:
    """Return the words of `cell`, their places estimated."""
    unit = (cell.x1 - cell.x0) / max(display_width(cell.text), 1)
    return [
        cell._replace(
            text=word.group(),
            x0=cell.x0 + unit * display_width(cell.text[: word.start()]),
            x1=cell.x0 + unit * display_width(cell.text[: word.end()]),
        )
        for word in re.finditer(r"\S+", cell.text)
    ]


class _Row(NamedTuple):
    """A row in the making: its cells, their texts column by column, and its baseline."""

    cells: Sequence[Cell]
    texts: list[str]
    baseline: float


def _written(rows: Sequence[Sequence[Cell]], columns: Sequence[tuple[float, float]]) -> list[str]:
    placed: list[_Row] = []
    for row in rows:
        texts = [""] * len(columns)
        for cell in row:
            place = _place(columns, cell)
            texts[place] = f"{texts[place]} {cell.text}".strip()
        placed.append(_Row(row, texts, row[0].baseline))
    whole = _with_whole_headers(_merge_broken(placed))
    spread = _with_headers(_with_groups(whole), columns)
    return [BORDER.join(_trimmed(row.texts)) for row in spread]


def _with_whole_headers(rows: list[_Row]) -> list[_Row]:
    """Return `rows` with header cells joined whose first line stands above the other headers."""
    count = next((i for i, row in enumerate(rows) if any(map(is_figure, row.texts))), 0)
    found = rows[:1]
    for i, row in enumerate(rows[1:], start=1):
        above = found[-1]
        fits = i < count and len(above.cells) < len(row.cells)
        if fits and all(_is_under(cell, row.cells) for cell in above.cells):
            texts = _stacked(above.texts, row.texts)
            found[-1] = row._replace(texts=texts)
        else:
            found.append(row)
    return found


def _is_under(cell: Cell, cells: Sequence[Cell]) -> bool:
    """Return whether one of `cells` stands right below `cell` and is about as wide."""
    return any(
        abs(cell.x0 + cell.x1 - other.x0 - other.x1) <= 2 * ALIGNED
        and cell.x1 - cell.x0 <= WIDER * (other.x1 - other.x0)
        for other in cells
    )


def _with_groups(rows: Sequence[_Row]) -> list[_Row]:
    """Return `rows` with the name of each group of rows in every row of it."""
    body = [row for row in rows if not _is_middle(row)]
    first = tablegrid.header_rows([row.texts for row in body])
    head, body = body[:first], [row for row in rows if row not in body[:first]]
    if not spans.are_groups([row.texts for row in body]):
        return list(rows)
    labels = [(row.texts[0], row.baseline) for row in body if row.texts[0]]
    full = [row for row in body if any(row.texts[1:])]
    if full[0].texts[0]:
        groups = spans.below([row.texts[0] for row in full]) if full == body else None
    else:
        groups = spans.down(labels, [row.baseline for row in full])
    for text, start, end in groups or ():
        for row in full[start : end + 1]:
            row.texts[0] = text
    return [*head, *full] if groups else list(rows)


def _with_headers(rows: Sequence[_Row], columns: Sequence[tuple[float, float]]) -> list[_Row]:
    """Return `rows` with each header over several columns in every one of them.

    What stands alone in the middle of a row is the title of the rows below and stays alone.
    """
    titled = [
        row._replace(texts=[row.cells[0].text]) if _is_title(row, columns) else row for row in rows
    ]
    grid = [row for row in titled if len(row.texts) > 1]
    for row in grid[: max(tablegrid.header_rows([row.texts for row in grid]) - 1, 0)]:
        cells = [(cell.text, (cell.x0 + cell.x1) / 2) for cell in row.cells]
        if 1 < len(cells) < len(columns):
            for text, start, end in spans.across(cells, columns) or ():
                row.texts[start : end + 1] = [text] * (end + 1 - start)
    return titled


def _is_title(row: _Row, columns: Sequence[tuple[float, float]]) -> bool:
    """Return whether a row is one text in the middle of the columns, the first left out or not."""
    if len(row.cells) != 1 or is_figure(row.cells[0].text) or row.texts[0] or len(columns) < 3:
        return False
    (cell,) = row.cells
    middle = (cell.x0 + cell.x1) / 2
    if any(left - 1 <= cell.x0 and cell.x1 <= right + 1 for left, right in columns):
        return False
    near = (columns[-1][1] - columns[0][0]) / len(columns) / 2
    return any(abs((left + columns[-1][1]) / 2 - middle) <= near for left, _ in columns[:2])


def _is_middle(row: _Row) -> bool:
    return len(row.cells) == 1


def _place(columns: Sequence[tuple[float, float]], cell: Cell) -> int:
    """Return the index of the column that `cell` shares most of its width with."""
    x0, x1 = cell.x0, cell.x1
    middle = (x0 + x1) / 2
    shared = [
        (
            (right if right < x1 else x1) - (left if left > x0 else x0),
            -abs((left + right) / 2 - middle),
        )
        for left, right in columns
    ]
    return shared.index(max(shared))


def _merge_broken(rows: Sequence[_Row]) -> list[_Row]:
    """Join a line that only carries on cells of the row above it: no label, and set tight."""
    pitches = [b.baseline - a.baseline for a, b in zip(rows, rows[1:], strict=False)]
    usual = median(pitches) if pitches else 0.0
    merged = [rows[0]]
    for row, pitch in zip(rows[1:], pitches, strict=True):
        tight = pitch < 0.8 * usual and pitch < 1.5 * row.cells[0].size
        if tight and not row.texts[0] and not any(is_figure(text) for text in row.texts if text):
            texts = _stacked(merged[-1].texts, row.texts)
            cells = sorted([*merged[-1].cells, *row.cells], key=lambda cell: cell.x0)
            merged[-1] = merged[-1]._replace(cells=cells, texts=texts)
        else:
            merged.append(row)
    return merged


def _stacked(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return the cells of two lines as one row."""
    return [a + join(a, b) + b for a, b in zip(above, below, strict=True)]


def _trimmed(texts: Sequence[str]) -> Sequence[str]:
    """Return `texts` without empty ones behind the last."""
    end = max((i for i, text in enumerate(texts) if text), default=-1) + 1
    return texts[:end]
