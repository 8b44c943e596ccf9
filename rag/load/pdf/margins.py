"""Pages of fragments -> the same without running headers, footers and margin strips.

Decides by place and repetition first, by wording second; knows nothing of lines or headings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from rag.load import furniture, imprint, marks
from rag.load.pdf.glyphs import Fragment, PageGlyphs
from rag.text import is_cjk

HEAD = 0.12
"""Share of the page's height in which running headers stand."""
FOOT = 0.10
"""Share of the page's height in which running footers stand."""
STRIP = 0.05
"""Share of the page's width at either edge in which only vertical strips stand."""
MIN_PAGES = 3
MIN_SHARE = 0.3
"""A fragment that stands in the same place on this share of the pages is a running one."""
BAND = 12.0
"""Points by which the place may differ."""
MARK_SHARE = 0.5
"""Share of the pages on which a watermark stands in exactly the same place."""
PALE = 0x90
"""Darkest of the three colours from which type is pale."""
WHITE = 0xF8

STACKED = 3.0
"""Ems between the baselines of two letters of vertical type at most."""
MIN_STACK = 3

_BARE = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The pages of a document without what repeats on them."""

    pages: tuple[PageGlyphs, ...]
    labels: tuple[str | None, ...]
    """The page number printed on each page."""
    running: tuple[str, ...]
    """The text of running headers and footers, each once, the most frequent first."""


def trim(pages: Sequence[PageGlyphs]) -> Trimmed:
    """Return `pages` without running headers and footers, page numbers and watermarks.

    A header of the first page stays: it may state the kind of report and the date.
    """
    running = _running_of(pages)
    trimmed, labels = [], []
    for page in pages:
        dropped = _strips(page) | {id(f) for f in page.fragments if running.holds(f, page)}
        dropped |= {id(f) for f in page.fragments if running.is_number(f, page, dropped)}
        kept = tuple(f for f in page.fragments if id(f) not in dropped)
        trimmed.append(replace(page, fragments=kept))
        labels.append(furniture.label_of([f.text for f in page.fragments if id(f) in dropped]))
    return Trimmed(tuple(trimmed), tuple(labels), running.texts)


@dataclass(frozen=True, slots=True)
class _Running:
    """What repeats on the pages of a document."""

    edges: frozenset[tuple[str, int]]
    """Text and place of what repeats in headers and footers."""
    marks: frozenset[tuple[str, int, int]]
    """Text and place of what repeats anywhere: watermarks."""
    heights: frozenset[tuple[int, int]]
    """Baseline and size of the lines on which headers stand on most pages, whatever they say."""
    offset: int | None
    """What has to be added to a physical page number to get the one that is printed."""
    texts: tuple[str, ...]

    def holds(self, fragment: Fragment, page: PageGlyphs) -> bool:
        """Return whether `fragment` repeats, or is no part of the text by its place or wording."""
        if _is_pale(fragment) and _place(fragment) in self.marks:
            return True
        head, foot = _is_head(fragment, page), _is_foot(fragment, page)
        number = furniture.is_page_number(fragment.text)
        if furniture.is_noise(fragment.text) and (head or foot or not number):
            return True
        if not head and not foot:
            return False
        if head and page.number > 1 and _height(fragment) in self.heights:
            return True
        text, band = _key(fragment)
        repeats = any((text, near) in self.edges for near in (band - 1, band, band + 1))
        return bool(text) and repeats and (foot or page.number > 1)

    def is_number(self, fragment: Fragment, page: PageGlyphs, dropped: Collection[int]) -> bool:
        """Return whether `fragment` is the bare number of `page`, not the end of a table's row.

        It counts on with the pages, or stands on a line of its own.
        """
        if not _BARE.fullmatch(fragment.text):
            return False
        if not (_is_head(fragment, page) or _is_foot(fragment, page)):
            return False
        if self.offset is not None and int(fragment.text) == page.number + self.offset:
            return True
        return not any(
            abs(other.baseline - fragment.baseline) < fragment.size
            for other in page.fragments
            if other is not fragment and id(other) not in dropped
        )


def _running_of(pages: Sequence[PageGlyphs]) -> _Running:
    edges: Counter[tuple[str, int]] = Counter()
    places: Counter[tuple[str, int, int]] = Counter()
    texts: Counter[str] = Counter()
    offsets: Counter[int] = Counter()
    heights: Counter[tuple[int, int]] = Counter()
    for page in pages:
        edge = [f for f in page.fragments if _is_head(f, page) or _is_foot(f, page)]
        edges.update({_key(f) for f in edge})
        texts.update({f.text for f in edge})
        places.update({_place(f) for f in page.fragments if _is_pale(f)})
        offsets.update({int(f.text) - page.number for f in edge if _BARE.fullmatch(f.text)})
    least = max(MIN_PAGES if len(pages) > 4 else 2, MIN_SHARE * len(pages))
    everywhere = max(MIN_PAGES, MARK_SHARE * len(pages))
    bands: Counter[tuple[str, int]] = Counter()
    for (text, band), count in edges.items():
        for near in (band - 1, band, band + 1):
            bands[text, near] += count
    repeated = frozenset(key for key in edges if bands[key] >= least)
    for page in pages[1:]:
        heads = [f for f in page.fragments if _is_head(f, page) and _key(f) in repeated]
        heights.update({_height(head) for head in heads if not _BARE.fullmatch(head.text)})
    (offset, count) = offsets.most_common(1)[0] if offsets else (0, 0)
    return _Running(
        edges=repeated,
        marks=frozenset(key for key, count in places.items() if count >= everywhere),
        heights=frozenset(key for key, count in heights.items() if count >= everywhere),
        offset=offset if count >= least else None,
        texts=tuple(text for text, count in texts.most_common() if count >= least),
    )


def _is_head(fragment: Fragment, page: PageGlyphs) -> bool:
    return fragment.bottom <= HEAD * page.height


def _is_foot(fragment: Fragment, page: PageGlyphs) -> bool:
    return fragment.top >= (1 - FOOT) * page.height


def _strips(page: PageGlyphs) -> set[int]:
    """Return the fragments of vertical type at the edges of the page: Chinese, letter below letter."""
    found: set[int] = set()
    edge = sorted((f for f in page.fragments if _in_strip(f, page)), key=lambda f: f.baseline)
    stack: list[Fragment] = []
    for f in [*edge, None]:
        if stack and (f is None or f.baseline - stack[-1].baseline > STACKED * f.size):
            if len(stack) >= MIN_STACK:
                found.update(map(id, stack))
            stack = []
        if f is not None:
            stack.append(f)
    return found


def _in_strip(fragment: Fragment, page: PageGlyphs) -> bool:
    if len(fragment.text) > 1 or not is_cjk(fragment.text):
        return False
    return fragment.x1 <= STRIP * page.width or fragment.x0 >= (1 - STRIP) * page.width


def _place(fragment: Fragment) -> tuple[str, int, int]:
    return fragment.text, round(fragment.x0), round(fragment.baseline)


def _is_pale(fragment: Fragment) -> bool:
    """Return whether `fragment` is set in the grey of a watermark; white is set on a dark ground."""
    colour = fragment.colour
    return PALE <= min(colour >> 16, colour >> 8 & 0xFF, colour & 0xFF) < WHITE


def _height(fragment: Fragment) -> tuple[int, int]:
    return round(fragment.baseline), round(2 * fragment.size)


def _key(fragment: Fragment) -> tuple[str, int]:
    """Return text, digits masked, and place; an empty text for what may repeat as content."""
    text = re.sub(r"\s+", "", fragment.text)
    figure = marks.is_figure(fragment.text) and not imprint.is_dated(fragment.text)
    if figure or marks.opening(fragment.text):
        text = ""
    return re.sub(r"\d", "#", text), round(fragment.baseline / BAND)
