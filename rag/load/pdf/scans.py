"""Pages without readable text -> the same with fragments that were read off their picture by OCR.

Where the extra ``ocr`` is not installed they come back empty, and are reported.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rag.load import ocr
from rag.load.pdf.glyphs import Fragment, PageGlyphs
from rag.load.pdf.legible import is_garbled, is_missing
from rag.text import display_width, normalise

MAX_PAGES = 200
"""Pages of one document that are read by OCR: a quarter of an hour."""
HEIGHT = 1.25
"""Height of the box around a line as a multiple of the size of its type, where nothing tells it."""
ALIKE = 0.12
"""Share by which measured sizes of the same type may differ."""
BASELINE = 0.8
"""Where the baseline stands in a box, from its top, as a share of its height."""
MEASURED = 8
"""Full-width characters from which the length of a line tells the size of its type."""


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
    seen: dict[int, list[Fragment]] = {}
    unread: list[int] = []
    able = ocr.available()
    for page in pages:
        garbled = is_garbled(page)
        if garbled or is_missing(page):
            if able and len(seen) < MAX_PAGES:
                picture = draw(page.number)
                height, width, _ = picture.pixels.shape
                page = replace(page, width=width * picture.scale, height=height * picture.scale)
                seen[page.number] = list(_fragments(ocr.recognise(picture.pixels), picture.scale))
            else:
                unread.append(page.number)
            # What a text layer says that shows something else is worse than nothing.
            page = replace(page, fragments=()) if garbled else page
        found.append(page)
    sized = _with_sizes(seen)
    whole = (replace(p, fragments=sized[p.number]) if p.number in sized else p for p in found)
    return Read(tuple(whole), tuple(seen), tuple(unread))


def _fragments(lines: Sequence[ocr.OcrLine], scale: float) -> Iterator[Fragment]:
    """Yield what was read on a picture of `scale` points to a pixel; as its size, its height."""
    for line in lines:
        text = normalise(line.text).strip()
        if text:
            baseline = line.top + BASELINE * line.height
            yield Fragment(
                text,
                line.x0 * scale,
                line.x1 * scale,
                baseline * scale,
                line.height * scale,
                False,
                0,
            )


def _with_sizes(seen: dict[int, list[Fragment]]) -> dict[int, tuple[Fragment, ...]]:
    """Return the fragments of each page with the size of their type for the height of their box.

    Boxes are drawn loosely, but Chinese characters are all as wide as they are high, so long lines
    tell the sizes; all lines of nearly one size get that size, or each would look like a heading.
    """
    everything = [f for page in seen.values() for f in page]
    measured = {id(f): size for f in everything if (size := _measured(f))}
    ratios = [f.size / measured[id(f)] for f in everything if id(f) in measured]
    ratio = statistics.median(ratios) if ratios else HEIGHT
    sizes = {id(f): measured.get(id(f), f.size / ratio) for f in everything}
    counts: Counter[float] = Counter()
    for f in everything:
        counts[round(2 * sizes[id(f)]) / 2] += len(f.text)
    usual: list[float] = []
    for size, _ in counts.most_common():
        if not any(abs(size - other) <= ALIKE * other for other in usual):
            usual.append(size)
    return {
        number: tuple(replace(f, size=_nearest(sizes[id(f)], usual)) for f in page)
        for number, page in seen.items()
    }


def _nearest(size: float, usual: Sequence[float]) -> float:
    return min(usual, key=lambda other: abs(other - size))


def _measured(fragment: Fragment) -> float | None:
    """Return the size of the type of a long Chinese line; None of any other."""
    widths = display_width(fragment.text) / 2
    wide = sum(display_width(c) == 2 for c in fragment.text)
    if widths < MEASURED or wide < 0.6 * widths:
        return None
    return (fragment.x1 - fragment.x0) / widths
