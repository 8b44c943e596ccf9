"""A line -> the captions or source notes that stand side by side on it, each with its place.

Figures stand two or three abreast in a report, and so do their captions and sources.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.load import marks
from rag.load.pdf.lines import Line
from rag.load.pdf.tables import CELL_GAP
from rag.text import display_width

ALIGNED = 3.0
"""Points by which the second line of a caption may start elsewhere than the first."""

_NUMBER_ONLY = re.compile(
    r"(?:图表|图|表|Figure|Table|Exhibit|Chart)\s*\d{1,3}\s*[：:.]?", re.IGNORECASE
)
_CAPTION_LIKE = re.compile(r"\s*[图表FTEC]")


class Placed(NamedTuple):
    """A text and where on its line it begins."""

    text: str
    x0: float


@dataclass(slots=True)
class Figure:
    """A figure or table in the making: its caption and the width of page it takes up."""

    caption: str
    x0: float
    x1: float
    left: float = float("-inf")
    right: float = float("inf")

    def is_above(self, piece: Line) -> bool:
        """Return whether `piece` stands where the next line of the caption would."""
        centred = abs(self.x0 + self.x1 - piece.x0 - piece.x1) <= 2 * ALIGNED
        return centred or abs(self.x0 - piece.x0) <= ALIGNED


def captions_on(line: Line) -> list[Figure]:
    """Return the figures whose captions stand side by side on `line`; none when it is no caption."""
    if not _CAPTION_LIKE.match(line.text):
        return []
    placed = placed_on(line, marks.is_caption)
    if not placed or not marks.is_caption(placed[0].text):
        return []
    ends = [*(after.x0 for after in placed[1:]), line.x1]
    return [Figure(text, x0, x1) for (text, x0), x1 in zip(placed, ends, strict=True)]


def placed_on(line: Line, begins: Callable[[str], bool]) -> list[Placed]:
    """Return the captions or notes that stand side by side on `line`, each with its place.

    Args:
        line: Where to look.
        begins: Tells whether a text is one of them; what is not goes on the one before it.
    """
    found: list[Placed] = []
    for piece in line.split(CELL_GAP):
        texts = marks.captions(piece.text)
        unit = (piece.x1 - piece.x0) / max(display_width(piece.text), 1) if texts[1:] else 0.0
        at = 0
        for text in texts:
            start = piece.text.index(text, at)
            at = start + len(text)
            x0 = piece.x0 + unit * display_width(piece.text[:start]) if start else piece.x0
            if found and (_NUMBER_ONLY.fullmatch(found[-1].text) or not begins(text)):
                found[-1] = found[-1]._replace(text=f"{found[-1].text} {text}")
            else:
                found.append(Placed(text, x0))
    return found


def set_borders(figures: Sequence[Figure], sources: Sequence[Placed]) -> None:
    """Set the borders between figures side by side: where the next one's source line begins."""
    for i, (a, b) in enumerate(zip(figures, figures[1:], strict=False)):
        border = b.x0 - 1
        if len(sources) == len(figures):
            border = min(border, sources[i + 1].x0 - 1)
        a.right = b.left = border
