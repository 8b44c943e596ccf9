"""Lines -> their look: size, weight and colour; and the headings that are found by it or otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.load import marks
from rag.load.pdf.lines import Line

SPACING = 2.0
"""Ems between the baselines of two lines of one heading at most."""


class Type(NamedTuple):
    """The look of a line."""

    size: float
    """Points, rounded to the half."""
    bold: bool
    colour: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found in the text."""

    level: int
    """1 = outermost."""
    lines: int
    """How many lines it takes up."""
    certain: bool = False
    """Whether the contents list it or it is numbered; otherwise only its look tells."""
    listed: bool = False
    """Whether outline, contents or structure tree name it."""


def type_of(line: Line) -> Type:
    """Return the look of `line`."""
    return Type(round(line.size * 2) / 2, line.bold, line.colour)


def body_type(lines: Sequence[Line]) -> Type:
    """Return the look that most characters of `lines` have."""
    counts: Counter[Type] = Counter()
    for line in lines:
        counts[type_of(line)] += len(line.text)
    return counts.most_common(1)[0][0]


def goes_on(line: Line, following: Line) -> bool:
    """Return whether two lines of a heading's look are one heading."""
    if line.page != following.page or type_of(line) != type_of(following):
        return False
    if marks.numbering(following.text) is not None or marks.opening(following.text) is not None:
        return False
    return following.baseline - line.baseline <= SPACING * line.size
