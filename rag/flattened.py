"""Rows from which the borders of the cells are lost -> cells, and a header for each column.

Text taken out of a PDF by others has a row a line, cells apart by spaces, and above it the header
in pieces: "公司 公司 EPS PE", "代码 名称", "2024E 2025E 2024E 2025E". Pieces are given to columns
only where the counts leave one way to do so; else the rows stay without headers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rag.tablegrid import JOINT, MAX_HEADER, Line, Piece, is_code, is_dash, is_period, is_value

MIN_ROWS = 2
"""Rows that make a table where nothing else says that there is one."""
MAX_CELL = 30
"""Characters; longer pieces are words of a text in which spaces stand."""
_PROSE = re.compile(r"[，。；！？]|[a-z]{2,}[,;] ")
_ASIDE = re.compile(r"(?<=\S)[（(][^（）()]*[)）](?=\s|$)")
"""Brackets that a label ends with: EPS（元/股，摊薄）."""
_UNIT = re.compile(r"[（(][^（()）]{1,8}[)）]")
_OPEN, _CLOSE = re.compile(r"[（(]"), re.compile(r"[）)]")


class Flattened(NamedTuple):
    """A table found among lines."""

    first: int
    """Index of its first line, the header included."""
    header: int
    """Lines of the header."""
    rows: list[Line]
    columns: tuple[str, ...]
    """One header a column; empty when the pieces of the header could not be told apart."""


def read(lines: Sequence[Line], least: int = MIN_ROWS) -> Flattened | None:
    """Return the longest run of flattened rows among `lines`; None when it has not `least` rows."""
    at = [i for i, line in enumerate(lines) if _is_row(line.text)]
    runs: list[list[int]] = []
    for i in at:
        if runs and i - runs[-1][-1] == 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    run = max(runs, key=len, default=[])
    if len(run) < least:
        return None
    tokens = [_tokens(lines[i]) for i in run]
    width = Counter(map(len, tokens)).most_common(1)[0][0]
    rows = [
        lines[i]._replace(cells=_fitted(row, width)) for i, row in zip(run, tokens, strict=True)
    ]
    for shape in (rows, [row._replace(cells=_named(row.cells)) for row in rows]):
        for count in range(min(MAX_HEADER, run[0]), 0, -1):
            above = [line.text.split() for line in lines[run[0] - count : run[0]]]
            width = max(len(row.cells) for row in shape)
            if columns := columns_of(above, width):
                return Flattened(run[0] - count, count, shape, columns)
    return Flattened(run[0], 0, rows, ())


def columns_of(header: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Return one header for each of `width` columns; empty when more than one way or none is there.

    A row of periods at the end belongs to the last names of the first row, as many to each; units in
    brackets before them belong to the names right before those; what stands between spells out the
    names before, one piece each.

    Args:
        header: The pieces of each line above the rows, from top to bottom.
        width: How many cells a row has.
    """
    pieces = [[piece for piece in line if piece] for line in header]
    if not pieces or any(
        len(piece) > MAX_CELL or _PROSE.search(piece) for line in pieces for piece in line
    ):
        return ()
    top, rest = pieces[0], pieces[1:]
    if len(pieces) == 1 and len(top) > width and len(dated := _dated(top)) in (width - 1, width):
        top = dated
    if len(pieces) == 1 and len(top) == width - 1:
        return ("", *top)
    units, periods = _units_and_periods(rest[-1]) if rest else ([], [])
    rest = rest[:-1] if periods else rest
    singles = width - len(periods)
    groups = top[singles:]
    if len(top) < singles or bool(groups) != bool(periods) or len(units) > singles:
        return ()
    below = _balanced([piece for line in rest for piece in line])
    if units and not below:
        below = [*[""] * (singles - len(units)), *units]
    if len(below) not in (0, singles):
        return ()
    names = [a + b for a, b in zip(top, below or [""] * singles, strict=False)]
    return (*names, *_grouped(groups, periods)) if _even(groups, periods) else ()


_BARE = re.compile(r"(?:20)?[0-9]{2}(?:[AEF]|年?(?:Q[1-4]|H[12])?)|[1-4]Q[0-9]{2}|[Qq][1-4]")


def _dated(line: Sequence[str]) -> list[str]:
    """Return the names of a line with the year or quarter before each, where the name is no period itself: 25Q1 发电量."""
    found: list[str] = []
    for piece in line:
        if (
            found
            and _BARE.fullmatch(found[-1])
            and not is_period(piece)
            and not _UNIT.fullmatch(piece)
        ):
            found[-1] = f"{found[-1]}{' ' if piece[0].isascii() else ''}{piece}"
        else:
            found.append(piece)
    return found


def _units_and_periods(line: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the units and the periods of a line of nothing else: （元） （亿元） 2025E 2026E."""
    first = next((i for i, piece in enumerate(line) if is_period(piece)), len(line))
    units, periods = list(line[:first]), list(line[first:])
    sound = all(_UNIT.fullmatch(u) for u in units) and all(is_period(p) for p in periods)
    return (units, periods) if sound else ([], [])


def _even(groups: Sequence[str], periods: Sequence[str]) -> bool:
    """Return whether `periods` are the same ones, each of them once, for each of `groups`."""
    if not groups:
        return True
    each, over = divmod(len(periods), len(groups))
    own = list(periods[:each])
    return not over and len(set(own)) == each and list(periods) == own * len(groups)


def _grouped(groups: Sequence[str], periods: Sequence[str]) -> list[str]:
    each = len(periods) // len(groups) if groups else 0
    return [f"{group}{JOINT}{period}" for group in groups for period in periods[:each]]


def _balanced(pieces: Sequence[str]) -> list[str]:
    """Return `pieces` with those joined that a bracket holds together."""
    found: list[str] = []
    for piece in pieces:
        last = found[-1] if found else ""
        if len(_OPEN.findall(last)) > len(_CLOSE.findall(last)):
            found[-1] = last + piece
        else:
            found.append(piece)
    return found


def _is_row(text: str) -> bool:
    """Return whether `text` is a row: short pieces, half of them figures, the last one too."""
    pieces = text.split()
    if len(pieces) < 3 or _PROSE.search(_ASIDE.sub("", text)) or max(map(len, pieces)) > MAX_CELL:
        return False
    figures = sum(is_value(piece) or is_dash(piece) or is_code(piece) for piece in pieces)
    return 2 * figures >= len(pieces) and (is_value(pieces[-1]) or is_dash(pieces[-1]))


def _tokens(line: Line) -> list[Piece]:
    return [
        Piece(m.group(), line.start + m.start(), line.start + m.end())
        for m in re.finditer(r"\S+", line.text)
    ]


def _fitted(row: Sequence[Piece], width: int) -> tuple[Piece, ...]:
    """Return `row` with the words of its label joined where it has more pieces than columns."""
    extra = len(row) - width
    if extra <= 0 or any(is_value(piece.text) for piece in row[: extra + 1]):
        return tuple(row)
    return (_together(row[: extra + 1]), *row[extra + 1 :])


def _named(row: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return `row` with a code and the name after it as one piece: one header stands above both."""
    if len(row) > 2 and is_code(row[0].text) and not is_value(row[1].text):
        return (_together(row[:2]), *row[2:])
    return tuple(row)


def _together(pieces: Sequence[Piece]) -> Piece:
    text = " ".join(piece.text for piece in pieces)
    return Piece(text, pieces[0].start, pieces[-1].end)
