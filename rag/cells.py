"""Tables as text -> cells: each figure with its row, its column and what one of it is worth.

`rag.table` finds rows, heads and units; here a unit is read as a figure, so that 86.5 under 亿元 is
a sum that can be compared. Knows nothing of documents.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from rag import figures, table, tableunits
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
    """The title of the table and the lines before it."""
    units: tuple[Figure, ...]
    """What one of the printed number is worth: several where a unit line names several."""


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
_BRACKETS = re.compile(r"[（(]([^（）()]*)[)）](?=[\s:：,，]|$)")
"""What ends a header cell in brackets; inside one they belong to a name: 首台（套）产品."""
_UNIT_LINE = re.compile(
    r"(?:单位|單位|数据单位|Unit)[为為是]?[：:\s]*(?P<units>[^（(）)。\n]*)|[（(](?P<bracket>[^（）()\n]*)[)）]"
    r"|,\s*(?P<last>(?:US\$|HK\$|NT\$|RMB|€|\$)\s?(?:trillion|billion|million|thousand))",
    re.IGNORECASE,
)
_SAYS_UNIT = re.compile(r"单位|單位|\bunit", re.IGNORECASE)
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
_TIME = re.compile(r"[0-9年月季度上下半全一二三四前第至到QHMEAF .\-/日末底]*", re.IGNORECASE)
_PER_SHARE = re.compile(r"每股|[EDB]PS|per[- ]share|收盘价|目标价|股价|股息", re.IGNORECASE)
_ABOVE = 3
"""Lines above a table that may be its caption and unit line."""
_SCALED = 1000
"""A unit line's unit worth more than this does not count per share."""


@functools.lru_cache(maxsize=1024)
def find(text: str, head: str = "") -> tuple[Cell, ...]:
    """Return the figures of the table in `text`, in order; none where there is no table.

    Args:
        text: A passage.
        head: Lines that stood above it, as `rag.schema.Passage.head`.
    """
    found = table.parse(text, head)
    if found is None or not found.rows:
        return ()
    above = f"{head}\n{text[: found.rows[0].start]}".strip().split("\n")
    caption = "\n".join((found.title, *above[-_ABOVE:]))
    return tuple(
        Cell(
            c.start, c.end, row.label.replace(table.JOINT, " "), header, caption,
            _units(row.label, c.header, caption, c.unit),
        )
        for row in found.rows
        for c, header in zip(row.cells, _headers(row), strict=True)
        if any(char.isdigit() for char in c.text)
    )  # fmt: skip


def _headers(row: table.Row) -> list[str]:
    """Return the head of each cell's column; a bare 同比 is that of the column before it."""
    found: list[str] = []
    measured = ""
    for cell in row.cells:
        header = cell.header.replace(table.JOINT, " ").strip()
        if table.OF_THE_ONE_BEFORE.fullmatch(header):
            header = f"{measured} {header}".strip()
        else:
            # a time alone may be that of another column: 2025年 | 2024年 | 同比
            measured = "" if _TIME.fullmatch(header) else _BRACKETS.sub("", header)
        found.append(header)
    return found


def title(text: str, head: str) -> str:
    """Return the title of the table whose rows `text` holds below `head`; empty without one."""
    found = table.parse(text, head) if head else None
    return found.title if found else ""


@functools.lru_cache(maxsize=2048)
def _units(row: str, column: str, caption: str, stated: str) -> tuple[Figure, ...]:
    """Return what one of the number is worth: by its column, its row, else by the unit line."""
    for words in (column, row):
        inside = [u for m in _BRACKETS.finditer(words) for u in _read(m[1])]
        if inside:
            return tuple(inside)
    for own in _STATED.finditer(caption):
        if own["what"][-4:] in row + column:
            return _read(own["unit"])
    general = _STATED.sub(lambda m: m.group() if "位" in m["what"] else "", _corners(caption))
    found = [
        u
        for m in _UNIT_LINE.finditer(general)
        for u in _read(_NO_UNIT_LINE.sub(" ", m["units"] or m["bracket"] or m["last"] or ""))
    ]
    rates = [u for u in found if u.kind is Kind.PERCENT]
    if _BARE.search(row) or _BARE.search(column):
        return tuple(rates[:1]) if tableunits.is_rate(row) or tableunits.is_rate(column) else ()
    if _PER_SHARE.search(row + column):
        found = [u for u in found if u.value < _SCALED]
    # （亿元，%）: what is no rate is in 亿元
    found = [u for u in found if u not in rates] or found
    return tuple({(u.kind, u.unit, u.value): u for u in found}.values()) or _read(stated)


def _corners(caption: str) -> str:
    """Return `caption` without the header cells but the first: what they state is their column's."""
    lines = caption.split("\n")
    return "\n".join(line if _SAYS_UNIT.search(line) else line.split(" | ")[0] for line in lines)


def _read(words: str) -> tuple[Figure, ...]:
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
    return tuple(found)
