"""Pages without readable text -> the same with fragments that were read off their picture by OCR.

Where the extra ``ocr`` is not installed they come back empty, and are reported.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rag.load import ocr
from rag.load.pdf.glyphs import Fragment, PageGlyphs
from rag.load.pdf.legible import is_garbled, is_missing
from rag.text import normalise

MAX_PAGES = 200
"""Pages of one document that are read by OCR: a quarter of an hour."""
SIZE = 0.8
"""Size of type as a share of the height of the box around a line of it."""
ALIKE = 0.15
"""Share by which the heights of lines in one size may differ, as they are measured."""
BASELINE = 0.8
"""Where the baseline stands in a box, from its top, as a share of its height."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is seen, held upright."""

    pixels: npt.NDArray[np.uint8]
    """Height x width x 3, red, green, blue."""
    scale: float
    """Points to a pixel."""


@dataclass(frozen=True, slots=True)
class Read:
    """The pages of a document, all of them readable or empty."""

    pages: tuple[PageGlyphs, ...]
    by_ocr: tuple[int, ...]
    """Numbers of the pages that were read off their picture."""
    unread: tuple[int, ...]
    """Numbers of the pages that have text nobody could read."""


def read_scans(pages: Sequence[PageGlyphs], draw: Callable[[int], Picture]) -> Read:
    """Return `pages` with the text of those that have none, or none that can be read.

    Args:
        pages: All pages of the document.
        draw: Returns the picture of the page with a number, counted from 1.
    """
    found: list[PageGlyphs] = []
    by_ocr: list[int] = []
    unread: list[int] = []
    able = ocr.available()
    for page in pages:
        if not (is_missing(page) or is_garbled(page)):
            found.append(page)
        elif able and len(by_ocr) < MAX_PAGES:
            found.append(_read(page, draw(page.number)))
            by_ocr.append(page.number)
        else:
            # What a text layer says that shows something else is worse than nothing.
            found.append(replace(page, fragments=()) if is_garbled(page) else page)
            unread.append(page.number)
    return Read(tuple(found), tuple(by_ocr), tuple(unread))


def _read(page: PageGlyphs, picture: Picture) -> PageGlyphs:
    height, width, _ = picture.pixels.shape
    fragments = fragments_of(ocr.recognise(picture.pixels), picture.scale)
    return replace(
        page,
        width=width * picture.scale,
        height=height * picture.scale,
        fragments=tuple(fragments),
    )


def fragments_of(lines: Sequence[ocr.OcrLine], scale: float) -> Iterator[Fragment]:
    """Yield what was read on a picture of `scale` points to a pixel; one size for similar heights."""
    usual = _usual([line.height for line in lines])
    for line in lines:
        height = next((h for h in usual if abs(h - line.height) <= ALIKE * h), line.height)
        baseline = line.top + BASELINE * line.height
        text = normalise(line.text).strip()
        if text:
            size = round(2 * SIZE * height * scale) / 2
            yield Fragment(text, line.x0 * scale, line.x1 * scale, baseline * scale, size, False, 0)


def _usual(heights: Sequence[float]) -> list[float]:
    """Return the middles of the groups that `heights` fall into."""
    groups: list[list[float]] = []
    for height in sorted(heights):
        if groups and height <= (1 + ALIKE) * groups[-1][0]:
            groups[-1].append(height)
        else:
            groups.append([height])
    return [statistics.median(group) for group in groups]
