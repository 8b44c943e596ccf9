"""The numbering part of a Word file -> the number that Word prints before a paragraph.

Word stores a list as "level 2 of list 7" and counts when it shows the page. Chinese reports number
their headings this way, so without counting 一、 and （一） would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from rag.load.docx.xml import attribute, child, children, number

MAX_LEVEL = 9
_BULLET = "•"
_MAX_COUNT = 9999
_HAN_DIGITS = "〇一二三四五六七八九"
_LEGAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str
    """``（%1）``: the counts of the levels go where their numbers stand."""


@dataclass(frozen=True, slots=True)
class _List:
    abstract: str
    levels: dict[int, _Level]
    restarts: dict[int, int]
    """Level -> the count it begins with, where this list does not go on counting an older one."""


class Numbering:
    """Counts the numbered paragraphs of a document, in their order."""

    def __init__(self, root: etree._Element | None) -> None:
        """Read the numbering part, whose root is `root`; without one nothing is numbered."""
        self._lists = _lists_of(root) if root is not None else {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()

    def label(self, list_id: str, level: int) -> str:
        """Return what stands before the next paragraph of a list: ``一、``, ``1.2``, ``•`` or nothing."""
        found = self._lists.get(list_id)
        if found is None or level not in found.levels:
            return ""
        counts = self._counts.setdefault(found.abstract, {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            counts.update({at: start - 1 for at, start in found.restarts.items()})
        counts[level] = counts.get(level, found.levels[level].start - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        if found.levels[level].format == "bullet":
            return _BULLET
        if found.levels[level].format == "none":
            return ""
        return _PLACE.sub(
            lambda at: self._count(found, counts, int(at[1]) - 1, level), found.levels[level].text
        )

    def _count(self, found: _List, counts: dict[int, int], at: int, level: int) -> str:
        if at not in found.levels:
            return ""
        count = counts.get(at, found.levels[at].start)
        # In "1.1" below 第一章 the outer count is shown in the digits of the inner level.
        shown = (
            found.levels[level]
            if at != level and "." in found.levels[level].text
            else found.levels[at]
        )
        return _written(count, shown.format)


def _lists_of(root: etree._Element) -> dict[str, _List]:
    abstract = {
        attribute(node, "abstractNumId") or "": node for node in children(root, "abstractNum")
    }
    found: dict[str, _List] = {}
    for node in children(root, "num"):
        name = attribute(child(node, "abstractNumId")) or ""
        if name not in abstract:
            continue
        levels = {
            (number(lvl, "ilvl") or 0): _level_of(lvl) for lvl in children(abstract[name], "lvl")
        }
        restarts: dict[int, int] = {}
        for override in children(node, "lvlOverride"):
            at = number(override, "ilvl") or 0
            own = child(override, "lvl")
            if own is not None:
                levels[at] = _level_of(own)
            start = number(child(override, "startOverride"))
            if start is not None:
                restarts[at] = start
        found[attribute(node, "numId") or ""] = _List(name, levels, restarts)
    return found


def _level_of(node: etree._Element) -> _Level:
    start = number(child(node, "start"))
    return _Level(
        1 if start is None else start,
        attribute(child(node, "numFmt")) or "decimal",
        (attribute(child(node, "lvlText")) or "")[:40],
    )


def _written(count: int, format_: str) -> str:
    """Return `count` in a number format of ECMA-376, 17.18.59."""
    if not 0 < count <= _MAX_COUNT:
        return str(count)
    return _FORMATS.get(format_, str)(count)


def _han(count: int) -> str:
    """Return `count` as it is said: 十二, 二十, 一百零五."""
    digits = [int(d) for d in str(count)]
    said = ""
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit:
            said += _HAN_DIGITS[digit] + ("", "十", "百", "千")[place]
        elif said and not said.endswith("零"):
            said += "零"
    said = said.rstrip("零")
    return said[1:] if said.startswith("一十") else said


def _letters(count: int) -> str:
    """Return a, b … z, aa, bb …, as Word does."""
    return chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 10)


def _roman(count: int) -> str:
    written = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    ):
        written += sign * (count // value)
        count %= value
    return written


def _circled(count: int) -> str:
    return chr(0x245F + count) if count <= 20 else str(count)


_FORMATS: dict[str, Callable[[int], str]] = {
    "chineseCounting": _han,
    "chineseCountingThousand": _han,
    "japaneseCounting": _han,
    "taiwaneseCounting": _han,
    "taiwaneseCountingThousand": _han,
    "ideographDigital": lambda n: "".join(_HAN_DIGITS[int(d)] for d in str(n)),
    "chineseLegalSimplified": lambda n: _han(n).translate(_LEGAL),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalZero": lambda n: f"{n:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
}
