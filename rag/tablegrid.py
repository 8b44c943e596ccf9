"""Lines of a table block -> cells with their places; which rows are headers, what a cell is.

Knows nothing of titles, units or of what the rows mean: see `rag.table`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag import tableunits, units

JOINT = " · "
"""Between the parts of a header that stand above each other."""
MAX_HEADER = 8
"""Rows at the top that may be a header."""

_MERGED = 3
"""Cells of the same text from which a row is one merged cell."""
_BAR = re.compile(r"^\|\s|\s\|\s|\s\|$")
_RULE = re.compile(r"[\s|:\-]*-{3,}[\s|:\-]*")
_VALUE = re.compile(
    rf"[（(]?[-+−–±<>≈~]?(?:{units.CURRENCY_BEFORE}|￥)?\s?[-+−–]?\d[\d,]*(?:\.\d+)?\s?"
    rf"(?:{units.SCALE}|[kmb](?![a-z]))?(?:{units.UNIT}|％|x)?[)）]?\*{{0,3}}",
    re.IGNORECASE | re.ASCII,
)
_DASH = re.compile(r"['\"]?[-—–−/]{1,3}['\"]?|N/?[AM]\.?|不适用|无", re.IGNORECASE)
_Y = r"(?:(?:19[5-9]|20[0-6])\d|(?:FY|CY)\s?\d{2}(?:\d{2})?|(?<!\d)\d{2}(?=[年AEFH/]))"
_PERIOD = re.compile(
    rf"{_Y}\s?年?(?:[-–—~至/]\s?{_Y}年?)?[AEF]?|{_Y}\s?[-/.年]?\s?(?:Q[1-4]|H[12]|[1-4]Q|[12]H|9M)[AEF]?"
    rf"|(?:[1-4]Q|Q[1-4]|[12]H|H[12]|9M)\s?[-/']?\s?(?:(?:19|20)?\d{{2}})?[AEF]?"
    rf"|{_Y}\s?[-/.年]\s?(?:0?[1-9]|1[0-2])(?:\s?[-/.月]\s?\d{{1,2}})?[日月]?|\d{{1,2}}月(?:\d{{1,2}}日)?"
    rf"|(?:{_Y}年?)?(?:前?[一二三四1-4]个?季度|前三季度|上半年|下半年|全年|中期|\d{{1,2}}[-~至]\d{{1,2}}月)[AEF]?",
    re.IGNORECASE,
)
_CODE = re.compile(r"\d{4,5}\.HK|\d{6}(?:\.(?:S[HZ]|BJ))?|[A-Z]{1,5}\.(?:N|O|US|HK)|\d{1,3}")


class Piece(NamedTuple):
    """A cell as printed and where it stands."""

    text: str
    start: int
    end: int


class Line(NamedTuple):
    """A line of the text and, where it is a row, its cells."""

    text: str
    start: int
    cells: tuple[Piece, ...] = ()

    @property
    def end(self) -> int:
        """Return the offset behind it."""
        return self.start + len(self.text)

    @property
    def texts(self) -> list[str]:
        """Return what its cells say."""
        return [cell.text for cell in self.cells]


def lines_of(text: str, offset: int = 0) -> list[Line]:
    """Return the lines of `text` that are not blank; `offset` is added to their places."""
    found = re.finditer(r"[^\n]*\S[^\n]*", text)
    return [Line(m.group().rstrip(), m.start() + offset) for m in found]


def has_bars(line: Line) -> bool:
    """Return whether bars part the cells of `line`."""
    return bool(_BAR.search(line.text))


def cut(lines: Sequence[Line]) -> list[Line]:
    """Return the rows of `lines` with their cells; a line without bars is a row of one cell.

    Loaders write bars between cells, people write them at both ends of a row too.
    """
    barred = [line for line in lines if has_bars(line)]
    framed = all(line.text.strip()[0] == line.text.strip()[-1] == "|" for line in barred)
    rows = [line for line in lines if not _RULE.fullmatch(line.text)]
    return [line._replace(cells=tuple(_pieces(line, framed))) for line in rows]


def _pieces(line: Line, framed: bool) -> Iterator[Piece]:
    parts = line.text.split("|")
    last = len(parts) - 1
    while last and not parts[last].strip():
        last -= 1
    at = line.start
    for i, part in enumerate(parts[: last + 1]):
        if i or not (framed and not part.strip()):
            start = at + len(part) - len(part.lstrip())
            text = part.strip()
            yield Piece(text, start, start + len(text))
        at += len(part) + 1


def is_dash(text: str) -> bool:
    """Return whether a cell says that there is no value."""
    return not text or bool(_DASH.fullmatch(text))


def is_period(text: str) -> bool:
    """Return whether a cell names a year, quarter, month or day."""
    return bool(_PERIOD.fullmatch(text))


def is_value(text: str) -> bool:
    """Return whether a cell is a figure that is not a period."""
    return bool(_VALUE.fullmatch(text)) and not is_period(text)


def is_bare(text: str) -> bool:
    """Return whether a cell is a number without sign of its unit; it may still be a year."""
    return bool(_VALUE.fullmatch(text)) and not re.search(r"[^\d.,()（）+\-−–*\s<>~≈±]", text)


def is_code(text: str) -> bool:
    """Return whether a cell is a stock code or a running number, which a name explains."""
    return bool(_CODE.fullmatch(text))


def is_band(row: Sequence[str]) -> bool:
    """Return whether a row has a single cell that is no figure: the heading of a group of rows.

    One that is merged over all columns may be written into each of them.
    """
    filled = [text for text in row if text]
    merged = len(filled) >= _MERGED and len(set(filled)) == 1 and not is_period(filled[0])
    return (
        (len(filled) == 1 or merged)
        and not is_value(filled[0])
        and not (merged and is_dash(filled[0]))
    )


def header_rows(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the start of `rows` are headers.

    The first is one unless it states figures; the next ones are as long as they spell out merged
    cells above them, name units, or fill the corner that was left empty.
    """
    if not rows or _states_figures(rows[0], rows[1:2]):
        return 0
    figures = any(is_value(text) for row in rows for text in row[1:])
    count = 1
    while count < min(len(rows) - 1, MAX_HEADER) and _goes_on(
        rows[count - 1], rows[count], figures
    ):
        count += 1
    return count


def opens_header(row: Sequence[str], header: Sequence[str], following: Sequence[str]) -> bool:
    """Return whether `row`, amid a table of figures, is the header of what comes below it.

    It repeats most of the header above, or leaves the corner empty.
    """
    filled = [text for text in row if text]
    if len(filled) < 2 or any(is_value(text) for text in filled[1:]):
        return False
    if 3 * sum(map(is_dash, filled)) > len(filled):
        return False
    if not any(is_value(text) for text in following[1:]):
        return False
    same = sum(a == b for a, b in zip(row, header, strict=False) if a)
    return not row[0] or 2 * same > len(filled)


def joined(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return one header a column: its cells from top to bottom, merged ones read on to the right."""
    full = [[*row, *[""] * (width - len(row))] for row in rows]
    for i, row in enumerate(full[:-1]):
        for c in range(2, width):
            if not row[c] and full[i + 1][c] and not any(above[c] for above in full[:i]):
                row[c] = row[c - 1]
    return [_column([row[c] for row in full]) for c in range(width)]


def _column(parts: Sequence[str]) -> str:
    text = ""
    for before, part in zip(["", *parts], parts, strict=False):
        if not part or part == before:
            continue
        bracketed = part[0] in "（(" and tableunits.is_unit(part)
        text += part if not text or bracketed else JOINT + part
    return text


def _states_figures(row: Sequence[str], following: Sequence[Sequence[str]]) -> bool:
    """Return whether `row` is one of values: not of periods, running numbers or parameters."""
    figures = [text for text in row[1:] if is_value(text)]
    if not figures:
        return False
    if _are_numbers(figures):
        return False
    corner = not row[0] and bool(following) and bool(following[0][0])
    return not (corner and len(figures) == sum(bool(text) for text in row))


def _are_numbers(texts: Sequence[str]) -> bool:
    """Return whether `texts` are running numbers: 1 2 3, （1） （2） （3）."""
    bare = [text.strip("（）()") for text in texts]
    whole = [int(text) for text in bare if text.isdigit()]
    return len(whole) == len(bare) > 1 and whole == list(range(whole[0], whole[0] + len(whole)))


def _goes_on(above: Sequence[str], row: Sequence[str], figures: bool) -> bool:
    """Return whether `row` carries on a header whose last row is `above`."""
    filled = [text for text in row[1:] if text]
    plain = _are_numbers(filled) or not any(is_value(t) or is_dash(t) for t in filled)
    if sum(map(bool, row)) < 2 or not plain:
        return False
    if all(tableunits.is_unit(text) for text in filled):
        return True
    width = max(len(above), len(row))
    over = [*above, *[""] * (width - len(above))]
    merged = any(a and a == b for a, b in zip(over[1:], over[2:], strict=False))
    open_places = any(not a and b for a, b in zip(over[1:], row[1:], strict=False))
    corner = figures and (not over[0] or not row[0] or row[0] == over[0])
    return merged or corner or (figures and open_places)
