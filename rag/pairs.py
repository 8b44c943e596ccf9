"""Lists paired by order: "A、B和C分别增长x、y和z" -> (A, x), (B, y), (C, z).

Chinese reports state a row of figures after a row of names; a reader, and a small model even more,
easily takes the neighbour's. Knows nothing of passages or answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag import figures
from rag.figures import Figure, Kind
from rag.text import sentences

_BETWEEN_FIGURES = re.compile(r"\s*(?:、|，|,|和|与|及|以及|and|, and)\s*", re.IGNORECASE)
_ITEM = r"[\w·&.\-]{1,16}?"
_NAMES = re.compile(
    rf"(?P<list>{_ITEM}(?:\s?、\s?{_ITEM})+(?:\s?(?:、|和|与|及|以及)\s?[\w·&.\-]{{1,24}}|(?=\W|$)))"
)
_TAIL = re.compile(
    r"(?:分别|等|为|是|的|在|均|合计|同比|环比|实现|达|录得|营收|收入|市值|股价|净利|增|降|涨|跌|上|下|出|回落|\d).*$"
)
_HEAD = re.compile(r"^(?:其中|此外|另外|同期|本月|当月|目前|方面)")


@dataclass(frozen=True, slots=True)
class Pair:
    """A name and the figure that belongs to it by order."""

    name: str
    figure: Figure


def find(text: str) -> list[Pair]:
    """Return the pairs of `text` in order of the figures; offsets are into `text`.

    A row of two or more figures is paired with the nearest row of as many names before it in the
    same sentence.
    """
    every = [f for f in figures.find(text) if f.kind is not Kind.DATE]
    found: list[Pair] = []
    for span in sentences(text):
        inside = [f for f in every if span.start <= f.start < span.end]
        for row in _rows(text, inside):
            names = _names_before(text, span.start, row[0].start, len(row))
            found += [Pair(n, f) for n, f in zip(names, row, strict=False)]
    return found


def owner(text: str, figure: Figure) -> tuple[str | None, tuple[str, ...]]:
    """Return the name that `figure` belongs to by order, and all names of its row."""
    pairs = find(text)
    mine = next((p.name for p in pairs if p.figure.start == figure.start), None)
    return mine, tuple(dict.fromkeys(p.name for p in pairs)) if mine else ()


def _rows(text: str, inside: list[Figure]) -> list[list[Figure]]:
    """Return the runs of two or more figures with only separators between them."""
    rows: list[list[Figure]] = []
    for figure in inside:
        last = rows[-1][-1] if rows else None
        if (
            last
            and _BETWEEN_FIGURES.fullmatch(text[last.end : figure.start])
            and last.kind is figure.kind
        ):
            rows[-1].append(figure)
        else:
            rows.append([figure])
    return [row for row in rows if len(row) > 1]


def _names_before(text: str, start: int, end: int, count: int) -> list[str]:
    """Return the last row of exactly `count` names in ``text[start:end]``, or an empty list."""
    for match in reversed(list(_NAMES.finditer(text, start, end))):
        items = [i.strip() for i in re.split(r"、|和|与|以及|及", match["list"])]
        items = [_HEAD.sub("", items[0]), *items[1:-1], _TAIL.sub("", items[-1])]
        if len(items) == count and all(items) and not any(i.isdigit() for i in items):
            return items
    return []
