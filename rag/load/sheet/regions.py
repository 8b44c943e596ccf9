"""The rows of a sheet -> pieces: tables, what stands above them, notes below. Knows no file format.

People lay several tables out on one sheet, a title and a unit above each, blank rows between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.load import marks
from rag.load.grid import MAX_REPEATED, as_text, condensed, dense
from rag.load.pieces import Piece, one_line
from rag.load.sheet.book import MAX_CELLS, Sheet
from rag.schema import BlockKind

MAX_CAPTION = 60
"""Characters of a line above a table that is its title."""

_UNIT = re.compile(
    r"[（(]?\s*(?:(?:数据|金额|货币|计价)?单位|币种|货币|计量单位|Units?|Currency)\s*[：:]|"
    r"[（(](?:人民币|美元|港元|元|万元|千元|百万元?|亿元?|%)[^）)]{0,12}[）)]$|"
    r"[（(]?in (?:RMB|USD|HKD|US\$|thousands?|millions?|billions?)",
    re.IGNORECASE,
)


def pieces_of(sheet: Sheet) -> Iterator[Piece]:
    """Yield the pieces of a sheet below its name, top to bottom."""
    above: list[str] = []
    for region in _regions(_filled(sheet)):
        grid = dense(region)
        start = next((i for i, row in enumerate(grid) if not _is_lead(row)), None)
        if start is None or len(grid[0]) == 1:
            yield from _paragraphs(above)
            above = [text for row in grid for text in _texts(row)]
            continue
        end = next(i for i in range(len(grid), start, -1) if not _is_note(grid[i - 1]))
        above += [text for row in grid[:start] for text in _texts(row)]
        units = [text for text in above if _UNIT.match(text)]
        lines = [text for text in above if text not in units]
        caption = lines.pop() if lines and _is_caption(lines[-1]) else None
        yield from _paragraphs(lines)
        if caption:
            yield Piece(BlockKind.CAPTION, caption)
        rows = condensed(dense(grid[start:end]))
        yield Piece(BlockKind.TABLE, as_text([*([unit] for unit in units), *rows]))
        above = []
        yield from _paragraphs([text for row in grid[end:] for text in _texts(row)])
    yield from _paragraphs(above)


def _filled(sheet: Sheet) -> list[list[str]]:
    """Return the rows with each merged cell in every place it covers."""
    rows = [[one_line(cell) for cell in row] for row in sheet.rows]
    added = 0
    for (top, left), (bottom, right) in sheet.merged:
        text = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        if not text or len(text) > MAX_REPEATED:
            continue
        for row in rows[top : bottom + 1]:
            row += [""] * (min(right + 1, len(rows[0])) - len(row))
            for column in range(left, min(right + 1, len(row))):
                row[column] = text
                added += 1
        if added > MAX_CELLS:
            break
    return rows


def _regions(rows: Sequence[list[str]]) -> Iterator[list[list[str]]]:
    """Yield the runs of rows between blank ones."""
    region: list[list[str]] = []
    for row in rows:
        if any(row):
            region.append(row)
        elif region:
            yield region
            region = []
    if region:
        yield region


def _texts(row: Sequence[str]) -> list[str]:
    """Return the different texts of a row, left to right; a merged cell counts once."""
    return list(dict.fromkeys(cell for cell in row if cell))


def _is_lead(row: Sequence[str]) -> bool:
    """Return whether a row stands above a table: one text on the left, or a unit anywhere."""
    texts = [text for text in _texts(row) if not _UNIT.match(text)]
    return not texts or (len(texts) == 1 and texts[0] == row[0] and not marks.is_figure(row[0]))


def _is_caption(text: str) -> bool:
    return len(text) <= MAX_CAPTION and not marks.ends_sentence(text)


def _is_note(row: Sequence[str]) -> bool:
    """Return whether a row below a table says something about it."""
    if not _is_lead(row):
        return False
    text = _texts(row)[0]
    return marks.opening(text) is not None or marks.ends_sentence(text) or len(text) > MAX_CAPTION


def _paragraphs(texts: Sequence[str]) -> Iterator[Piece]:
    return (Piece(BlockKind.PARAGRAPH, text) for text in texts)
