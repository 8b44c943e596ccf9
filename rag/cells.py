"""Tables as text -> cells: each figure with its row header, its column header and its unit.

Reads rows of cells between bars, and rows of values between blanks as a PDF page prints them. Knows
nothing of documents: the caption and the unit line are the lines above the rows.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag import figures
from rag.figures import Figure, Kind


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table; `start` and `end` are offsets into the text of the table."""

    start: int
    end: int
    row: str
    """The words that open its row, periods included."""
    column: str
    """The words above it."""
    caption: str
    """The lines above the table, unit line included."""
    units: tuple[Figure, ...]
    """What one of the printed number is worth: several where a unit line names several."""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    parts: tuple[tuple[int, str], ...]
    """Offset and words of every cell."""


_VALUE = re.compile(
    r"[（(]?[-+−–±]?(?:US\$|HK\$|NT\$|RMB|[¥$￥€])?[0-9][0-9,]*(?:\.[0-9]+)?\s?(?:%|倍|x|X|bp|bps|pct|亿|万)?元?[)）]?"
    r"|—+|-+|–+|n\.?[am]\.?|N/?A|[—–-]+%?"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_PROSE = re.compile(r"[。；！？]|[，,](?![0-9])|\.\s")
_NUMBER_WORD = re.compile(r"\S+")
_SCALE = r"(?:万亿|千亿|百亿|十亿|亿|億|千万|百万|百萬|十万|万|萬|千)"
_WORDS = (
    r"(?:元人民币|人民币|港元|港币|港幣|美元|日元|欧元|新台币|元|台|臺|辆|輛|部|吨|噸|股|人次|人|户|家|套|件|个|倍|%|天|年"
    r"|平方米|平方公里|个百分点|(?:[MGTK]W|[MGTk]?Wh|bp|pct)(?![A-Za-z]))"
)
_UNIT = re.compile(
    rf"{_SCALE}{_WORDS}?|{_WORDS}"
    r"|(?:US\$|HK\$|NT\$|RMB|CNY|USD|HKD|EUR|€|\$)\s?(?:trillion|billion|million|thousand|bn|mn|m)?(?![A-Za-z])"
    r"|\b(?:trillion|billion|million|thousand)s?\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[（(]([^（）()]*)[)）]")
_UNIT_LINE = re.compile(
    r"(?:单位|單位|数据单位|Unit)[为為是]?[：:\s]*(?P<units>[^（(）)。\n]*)|[（(](?P<bracket>[^（）()\n]*)[)）]"
    r"|,\s*(?P<last>(?:US\$|HK\$|NT\$|RMB|€|\$)\s?(?:trillion|billion|million|thousand))",
    re.IGNORECASE,
)
_NO_UNIT_LINE = re.compile(r"[0-9]+\s?[年天股月日]|每股|年|天")
"""In the brackets of a caption these are dates and exceptions, no units."""
_STATED = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{2,6})[为為](?P<unit>[\u4e00-\u9fffA-Za-z$]{1,4})(?=[）)，,;；]|$)"
)
_CURRENCY = re.compile(r"^(US\$|HK\$|NT\$|RMB|CNY|USD|HKD|EUR|€|\$)\s?(.*)$", re.IGNORECASE)
_BARE = re.compile(
    r"同比|环比|增[速长幅]|率|占比|份额|市盈|市净|倍|PE\b|PB\b|P/E|P/B|ROE|margin|growth|share of|%|ratio|yoy|y/y|评级",
    re.IGNORECASE,
)
_PER_SHARE = re.compile(r"每股|[EDB]PS|per[- ]share|收盘价|目标价|股价|股息", re.IGNORECASE)
_ABOVE = 3
"""Lines above a table that may be its caption and unit line."""
_SCALED = 1000
"""A unit line's unit worth more than this does not count per share."""


@functools.lru_cache(maxsize=1024)
def find(text: str) -> tuple[Cell, ...]:
    """Return the figures of the tables in `text`, in order."""
    found: list[Cell] = []
    lines = list(_lines(text))
    for barred, group in itertools.groupby(range(len(lines)), key=lambda i: _sort(lines[i][1])):
        run = list(group)
        if barred == "prose":
            continue
        above = [lines[i][1].strip() for i in range(max(0, run[0] - _ABOVE), run[0])]
        rows = [_split(lines[i], barred=barred == "barred") for i in run]
        found += _cells(rows, above, barred=barred == "barred")
    return tuple(found)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def _sort(line: str) -> str:
    """Return whether a line is a row between bars, one between blanks, or neither."""
    if line.count("|") >= 1:
        return "barred"
    words = line.split()
    return "blank" if len(words) > 1 and not _PROSE.search(line) else "prose"


def _split(line: tuple[int, str], *, barred: bool) -> _Line:
    start, words = line
    parts: list[tuple[int, str]] = []
    if not barred:
        parts = [(start + m.start(), m.group()) for m in _NUMBER_WORD.finditer(words)]
        return _Line(start, tuple(parts))
    at = start
    for piece in words.strip("\n").split("|"):
        lead = len(piece) - len(piece.lstrip())
        parts.append((at + lead, piece.strip()))
        at += len(piece) + 1
    if parts and not parts[0][1] and words.lstrip().startswith("|"):
        parts = parts[1:]
    if parts and not parts[-1][1] and words.rstrip().endswith("|"):
        parts = parts[:-1]
    return _Line(start, tuple(parts))


def _cells(rows: Sequence[_Line], above: Sequence[str], *, barred: bool) -> list[Cell]:
    heads = list(itertools.takewhile(lambda row: not _is_body(row, barred=barred), rows))
    body = rows[len(heads) :]
    if not barred and len(body) < 2:  # a lone line of words and a number is prose
        return []
    caption = " ".join(above)
    found: list[Cell] = []
    last = ""
    for row in body:
        first, values = _row(row, barred=barred)
        if barred and row.parts and not row.parts[0][1]:
            first = f"{last} {first}".strip()
        elif barred and row.parts:
            last = row.parts[0][1]
        for place, (at, words) in values:
            column = _column(heads, place, len(row.parts), len(values), barred=barred)
            found.append(
                Cell(at, at + len(words), first, column, caption, _units(first, column, caption))
            )
    return found


def _is_value(words: str) -> bool:
    return _VALUE.fullmatch(words) is not None and not _YEAR.fullmatch(words)


def _is_body(row: _Line, *, barred: bool) -> bool:
    words = [w for _, w in row.parts]
    values = [w for w in (words[1:] if barred else words) if _is_value(w)]
    if barred:
        return any(re.search(r"[0-9]", v) for v in values)
    return len(values) >= 2 and _is_value(words[-1]) and not _is_value(words[0])


def _row(row: _Line, *, barred: bool) -> tuple[str, list[tuple[int, tuple[int, str]]]]:
    """Return the words of a row that are no values, and its values with their places."""
    if barred:
        values = [(i, part) for i, part in enumerate(row.parts) if i and _is_value(part[1])]
    else:
        first = next(i for i, part in enumerate(row.parts) if _tail_of_values(row.parts[i:]))
        values = [(i, part) for i, part in enumerate(row.parts) if i >= first]
    places = {i for i, _ in values}
    words = " ".join(part[1] for i, part in enumerate(row.parts) if i not in places)
    return words, [v for v in values if re.search(r"[0-9]", v[1][1])]


def _tail_of_values(parts: Sequence[tuple[int, str]]) -> bool:
    return all(_is_value(words) for _, words in parts)


def _column(heads: Sequence[_Line], place: int, width: int, values: int, *, barred: bool) -> str:
    """Return the header words above place `place` of a row with `width` cells."""
    if not heads:
        return ""
    if barred:
        words = [h.parts[place][1] for h in heads if place < len(h.parts)]
        return " ".join(dict.fromkeys(w for w in words if w))
    if len(heads) == 1:
        at = place - width
        parts = heads[0].parts
        return parts[at][1] if -at <= len(parts) else ""
    return _stacked(heads[0], heads[-1], place, width)


def _stacked(upper: _Line, lower: _Line, place: int, width: int) -> str:
    """Return the header words where the upper line's last words span several columns each."""
    tops = [w for _, w in upper.parts]
    subs = [w for _, w in lower.parts]
    free = width - len(subs)
    if free < 0 or free >= len(tops):
        return ""
    if place < free:
        return tops[place]
    units = len(list(itertools.takewhile(lambda w: w[:1] in "（(", subs)))
    groups, columns = len(tops) - free - units, len(subs) - units
    at = place - free
    if at < units:
        return f"{tops[place]}{subs[at]}"
    if groups < 1 or columns % groups:
        return subs[at]
    return f"{tops[free + units + (at - units) // (columns // groups)]} {subs[at]}"


@functools.lru_cache(maxsize=2048)
def _units(row: str, column: str, caption: str) -> tuple[Figure, ...]:
    """Return what one of the number is worth: by its column, its row, else by the unit line."""
    for words in (column, row):
        inside = [u for m in _BRACKETS.finditer(words) for u in _read(m[1])]
        if inside:
            return tuple(inside)
    for stated in _STATED.finditer(caption):
        if stated["what"][-4:] in row + column or stated["what"] in row + column:
            return tuple(_read(stated["unit"]))
    if _BARE.search(row) or _BARE.search(column):
        return ()
    general = _STATED.sub(lambda m: m.group() if "位" in m["what"] else "", caption)
    found = [
        u
        for m in _UNIT_LINE.finditer(general)
        for u in _read(_NO_UNIT_LINE.sub(" ", m["units"] or m["bracket"] or m["last"] or ""))
    ]
    if _PER_SHARE.search(row + column):
        found = [u for u in found if u.value < _SCALED]
    return tuple(found)


def _read(words: str) -> list[Figure]:
    """Return the units that `words` names, each as the figure that one of it is."""
    found: list[Figure] = []
    for match in _UNIT.finditer(words):
        unit = match.group().strip()
        money = _CURRENCY.match(unit)
        written = (
            f"{money[1]}1 {money[2]}".strip()
            if money
            else f"1{' ' if unit.isascii() else ''}{unit}"
        )
        read = [f for f in figures.find(written) if f.kind is not Kind.DATE]
        if len(read) == 1:
            found.append(read[0])
    return found
