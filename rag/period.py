"""Report periods in text and questions: 三季度, Q3, 前三季度, 上半年, 11月, 去年同期, 2024E.

A period is a stretch of a year, or a year, or a month of unknown year. Reads words; knows nothing
of documents. Relative words (去年同期) are resolved only where the caller gives the base year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from rag import figures


class Part(StrEnum):
    """Which part of a year; FULL when the whole year or no part is named."""

    FULL = "full"
    Q1 = "q1"
    Q2 = "q2"
    Q3 = "q3"
    Q4 = "q4"
    H1 = "h1"
    H2 = "h2"
    M9 = "9m"
    """前三季度: the first nine months, which is not Q3."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time; None and FULL where the words leave it open."""

    text: str
    year: int | None
    part: Part = Part.FULL
    month: int | None = None
    day: int | None = None


_YEAR = r"(?:(?P<y>(?:19|20)\d{2})|(?P<yy>(?<!\d)\d{2}))?\s*(?:年|财年|FY)?(?:的)?\s*"
_PARTS = (
    (Part.M9, r"前三个?季度|前三季|前9个?月|前九个?月|1-9月|first nine months|nine months"),
    (Part.H1, r"上半年|H1|1H|中期|1-6月|first half"),
    (Part.H2, r"下半年|H2|2H|second half"),
    (Part.Q1, r"第?一季度?|首季度?|1季度|Q1|1Q|first[- ]quarter|第1季度?"),
    (Part.Q2, r"第?二季度?|2季度|Q2|2Q|second[- ]quarter|第2季度?"),
    (Part.Q3, r"第?三季度?|3季度|三季报|Q3|3Q|third[- ]quarter|第3季度?"),
    (Part.Q4, r"第?四季度?|4季度|Q4|4Q|fourth[- ]quarter|第4季度?"),
)
_PART = re.compile(
    _YEAR + "(?:" + "|".join(f"(?P<p{i}>{words})" for i, (_, words) in enumerate(_PARTS)) + ")"
    r"(?:[ ,]*(?:of )?(?P<after>(?:19|20)\d{2}))?",
    re.IGNORECASE,
)


def find(text: str) -> list[Period]:
    """Return the periods of `text` in order; a year inside a larger period is not repeated."""
    spans: list[tuple[int, int, Period]] = []
    for match in _PART.finditer(text):
        part = next(p for i, (p, _) in enumerate(_PARTS) if match[f"p{i}"])
        year = match["y"] or match["after"] or (f"20{match['yy']}" if match["yy"] else None)
        period = Period(match.group().strip(), int(year) if year else None, part)
        spans.append((match.start(), match.end(), period))
    for figure in figures.find(text):
        if figure.kind is figures.Kind.DATE and not _covered(figure.start, figure.end, spans):
            value = int(figure.value)
            year, month, day = value // 10000, value // 100 % 100, value % 100
            period = Period(figure.text, year or None, Part.FULL, month or None, day or None)
            spans.append((figure.start, figure.end, period))
    return [period for *_, period in sorted(spans, key=lambda s: s[:2])]


def conflicts(asked: Period, stated: Period) -> bool:
    """Return whether `stated` names another time than `asked`; openness is no conflict."""
    if asked.year and stated.year and asked.year != stated.year:
        return True
    if Part.FULL not in (asked.part, stated.part) and asked.part is not stated.part:
        return True
    if asked.month and stated.month and asked.month != stated.month:
        return True
    return bool(asked.day and stated.day and asked.day != stated.day)


def covers(stated: Period, asked: Period) -> bool:
    """Return whether `stated` names everything that `asked` names, and alike."""
    return not conflicts(asked, stated) and all(
        not wanted or have
        for wanted, have in (
            (asked.year, stated.year),
            (asked.part is not Part.FULL, stated.part is not Part.FULL),
            (asked.month, stated.month),
            (asked.day, stated.day),
        )
    )


def _covered(start: int, end: int, spans: list[tuple[int, int, Period]]) -> bool:
    return any(start < e and s < end for s, e, _ in spans)
