"""Pages of fragments -> the same without running headers, footers and margin strips.

Decides by place and repetition first, by wording second; knows nothing of lines or headings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.load import furniture, imprint, marks
from rag.load.pdf.glyphs import Fragment, PageGlyphs

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


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The pages of a document without what repeats on them."""

    pages: tuple[PageGlyphs, ...]
    labels: tuple[str | None, ...]
    """The page number printed on each page."""
    running: tuple[str, ...]
    """The text of running headers and footers, each once, the most frequent first."""


def trim(pages: Sequence[PageGlyphs]) -> Trimmed:
    """Return `pages` without running headers and footers.

    A header of the first page stays: it may state the kind of report and the date.
    """
    seen: Counter[tuple[str, int]] = Counter()
    texts: Counter[str] = Counter()
    for page in pages:
        edges = [f for f in page.fragments if _is_head(f, page) or _is_foot(f, page)]
        seen.update({_key(f) for f in edges})
        texts.update({f.text for f in edges})
    least = max(MIN_PAGES if len(pages) > 4 else 2, MIN_SHARE * len(pages))
    trimmed, labels = [], []
    for page in pages:
        dropped = {id(f) for f in page.fragments if _is_running(f, page, seen, least)}
        trimmed.append(
            replace(page, fragments=tuple(f for f in page.fragments if id(f) not in dropped))
        )
        labels.append(furniture.label_of([f.text for f in page.fragments if id(f) in dropped]))
    running = tuple(text for text, count in texts.most_common() if count >= least)
    return Trimmed(tuple(trimmed), tuple(labels), running)


def _is_running(
    fragment: Fragment, page: PageGlyphs, seen: Counter[tuple[str, int]], least: float
) -> bool:
    head, foot = _is_head(fragment, page), _is_foot(fragment, page)
    if _in_strip(fragment, page) or furniture.is_noise(fragment.text):
        return True
    if not head and not foot:
        return False
    if re.fullmatch(r"\d{1,4}", fragment.text):
        return True
    text, band = _key(fragment)
    repeats = sum(seen[text, near] for near in (band - 1, band, band + 1))
    return bool(text) and repeats >= least and (foot or page.number > 1)


def _is_head(fragment: Fragment, page: PageGlyphs) -> bool:
    return fragment.bottom <= HEAD * page.height


def _is_foot(fragment: Fragment, page: PageGlyphs) -> bool:
    return fragment.top >= (1 - FOOT) * page.height


def _in_strip(fragment: Fragment, page: PageGlyphs) -> bool:
    """Return whether `fragment` is part of vertical type at the edge of the page."""
    narrow = fragment.x1 - fragment.x0 <= 1.5 * fragment.size
    return narrow and (fragment.x1 <= STRIP * page.width or fragment.x0 >= (1 - STRIP) * page.width)


def _key(fragment: Fragment) -> tuple[str, int]:
    """Return text, digits masked, and place; an empty text for what may repeat as content."""
    text = re.sub(r"\s+", "", fragment.text)
    figure = marks.is_figure(fragment.text) and not imprint.is_dated(fragment.text)
    if figure or marks.opening(fragment.text):
        text = ""
    return re.sub(r"\d", "#", text), round(fragment.baseline / BAND)
