"""Runs of years and quarters in text, 2025-2027年, 25/26/27E or 四个季度 -> each, one by one.

Brokers give their forecasts so: 预计2025-2027年净利润分别为1.2、1.5、1.9亿元. Knows no figures.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from rag.text import Span

_Y = r"(?:FY|CY)?(?P<{0}>20[0-9]{{2}}|[1-4][0-9])"
_MARK = r"(?:[EAF](?![A-Za-z])|[ ]?(?:财|財)?年度?)"
_TO = r"[ ]?(?:[-–—~〜至到]|——|to)[ ]?"
_STEP = r"[ ]?(?:[/、,，和及]|and)[ ]?"
_ONE = rf"(?:FY|CY)?(?:20[0-9]{{2}}|[1-4][0-9]){_MARK}?"
_RANGE = re.compile(
    rf"(?<![0-9A-Za-z.]){_Y.format('first')}(?P<own>{_MARK})?{_TO}{_Y.format('last')}(?P<mark>{_MARK})?(?![0-9.%/、])"
)
_LIST = re.compile(rf"(?<![0-9A-Za-z.]){_ONE}(?:{_STEP}{_ONE})+(?![0-9.%])")
_EACH = re.compile(r"(20[0-9]{2}|(?<![0-9])[1-4][0-9])")
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Run:
    """Two or more years that follow one another, and where the words for them stand."""

    span: Span
    years: tuple[int, ...]


@functools.lru_cache(maxsize=1024)
def runs(text: str) -> tuple[Run, ...]:
    """Return the runs of two to six years of `text`, in order.

    Years of two digits count where a mark says what they are: 25-27年, 25/26/27E.
    """
    found = [run for match in _RANGE.finditer(text) if (run := _range(match))]
    found += [
        run
        for match in _LIST.finditer(text)
        if (run := _list(match))
        and all(run.span.end <= f.span.start or f.span.end <= run.span.start for f in found)
    ]
    return tuple(sorted(found, key=lambda run: run.span))


_QUARTERS = re.compile(r"(?:[一1](?:[至到]|[-–—~〜])[四4]|(?<!近)(?<!上)四个)季度")


def quarters(text: str, start: int) -> tuple[tuple[str, ...], Span | None]:
    """Return the four quarters and where `text` speaks of all of a year, 一至四季度; else none and None."""
    found = _QUARTERS.search(text, start)
    if found is None:
        return (), None
    return tuple(f"{n}季度" for n in "一二三四"), Span(*found.span())


def _range(match: re.Match[str]) -> Run | None:
    first, last = (_year(match[name]) for name in ("first", "last"))
    marked = match["mark"] or match["own"] or len(match["first"]) == len(match["last"]) == 4
    if not marked or not 0 < last - first < _LONGEST:
        return None
    return Run(Span(match.start(), match.end()), tuple(range(first, last + 1)))


def _list(match: re.Match[str]) -> Run | None:
    words = _EACH.findall(match.group())
    marked = re.search(_MARK, match.group()) or all(len(w) == 4 for w in words)
    years = tuple(map(_year, words))
    steps = {b - a for a, b in zip(years, years[1:], strict=False)}
    if not marked or steps != {1} or not 1 < len(years) <= _LONGEST:
        return None
    return Run(Span(match.start(), match.end()), years)


def _year(digits: str) -> int:
    return int(digits) if len(digits) > 2 else 2000 + int(digits)
