"""Which lines are headings, and how deep: by the printed contents, by numbering, or by how they look.

A document shows its headings in one manner, found out first; only that manner is then believed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load import marks, regions
from rag.load.marks import Rank
from rag.load.pages import Line
from rag.load.regions import Region
from rag.load.shape import Shape
from rag.schema import BlockKind

MIN_NUMBERED = 3
"""Numbered headings from which a document is taken to number all of its headings."""
MAX_WIDTH = 0.92
"""Share of the full width; a wider line without a number is text."""
NARROW = 0.65
"""Share of the full width at which a line in a larger font, a chapter title, is already full."""
MAX_SECOND = 50
"""Columns that the second line of a broken heading takes at most."""
MAX_STACKED = 2
"""Headings that may stand between a heading and the first text below it."""
MAX_PLAIN = 60
"""Columns of an unnumbered heading where a line is a paragraph."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found at a line."""

    lines: int
    """How many lines it is broken over, 1 or 2."""
    rank: Rank | None
    """Its numbering; None when it has none."""
    fill: float
    """Width of its first line as a share of the full width."""
    known: bool = False
    """Whether it is one of the section names that reports carry at the outermost level."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a document marks its headings."""

    contents: frozenset[str]
    """Headings listed in the printed contents, letters and digits only."""
    ranks: frozenset[Rank]
    """The numberings that number headings here, not items of a list or figures."""
    by_look: bool
    """Whether headings have no numbers, so that only their look tells."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is known of a text before its blocks are made."""

    lines: Sequence[Line]
    shape: Shape
    regions: Sequence[Region]
    manner: Manner
    tables: frozenset[int]
    """Lines at which a table begins."""


def read(lines: Sequence[Line], shape: Shape) -> Reading:
    """Find the regions of `lines` and the manner of their headings."""
    found = regions.find(lines, shape)
    tables = frozenset(r.start for r in found if r.kind is BlockKind.TABLE)
    return Reading(lines, shape, found, _manner(lines, shape, found), tables)


def _manner(lines: Sequence[Line], shape: Shape, found: Sequence[Region]) -> Manner:
    covered = {i for region in found for i in range(region.start, region.end)}
    free = [line for i, line in enumerate(lines) if i not in covered]
    titles = regions.contents_titles(lines)
    contents = frozenset(_letters(title) for title in titles) - {""}
    ranks = Counter(marks.numbering(line.text) for line in free if not shape.is_long(line))
    believed = {Rank.PART, Rank.SECTION, Rank.HAN, Rank.HAN_BRACKET}
    if ranks[Rank.DECIMAL_2] >= 2 and (not titles or any(map(marks.numbering, titles))):
        believed |= {Rank.DECIMAL_2, Rank.DECIMAL_3}
    if not contents and (Rank.DECIMAL_2 in believed or _arabic_spread(free, shape)):
        believed.add(Rank.ARABIC)
    numbered = sum(count for rank, count in ranks.items() if rank in believed)
    by_look = not contents and Rank.ARABIC not in believed and numbered < MIN_NUMBERED
    return Manner(contents, frozenset(believed), by_look)


def heading_at(reading: Reading, index: int) -> Heading | None:
    """Return the heading that begins at line `index`, which begins a block; None if it is text."""
    lines, shape, manner = reading.lines, reading.shape, reading.manner
    line = lines[index]
    known = marks.is_known_section(line.text)
    fill = line.width / shape.full[line.page]
    span = _contents_span(lines, index, manner)
    if span:
        return Heading(span, marks.numbering(line.text), fill, known)
    if known or (marks.is_boilerplate_title(line.text) and shape.is_crumb(line)):
        return Heading(1, None, fill, known=True)
    rank = marks.numbering(line.text)
    if rank is not None:
        span = _numbered_span(lines, index, shape) if rank in manner.ranks else 0
    elif manner.by_look:
        span = _look_span(reading, index)
    return Heading(span, rank, fill) if span else None


def levels(headings: Sequence[tuple[Heading, bool]]) -> list[int]:
    """Return the level of each heading, 1 = outermost.

    Args:
        headings: In order, each with whether the next heading follows it without text between.
    """
    ranks = sorted({h.rank for h, _ in headings if h.rank is not None})
    two_levels = any(stacked or (h.lines == 2 and h.fill <= NARROW) for h, stacked in headings)
    found: list[int] = []
    inside = False
    for heading, stacked in headings:
        if heading.rank is not None:
            found.append(ranks.index(heading.rank) + 1)
            continue
        level = _level_by_look(heading, stacked, inside) if two_levels else 1
        inside = stacked or (level == 2 and inside) or level == 2
        found.append(level)
    return found


def _level_by_look(heading: Heading, stacked: bool, inside: bool) -> int:
    if heading.known:
        return 1
    if heading.lines == 2 or heading.fill > NARROW:
        return 1 if heading.fill <= NARROW else 2
    return 1 if stacked or not inside else 2


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def _arabic_spread(lines: Sequence[Line], shape: Shape) -> bool:
    """Return whether "1、", "2、" … stand apart with text between, as headings do."""
    hits = [
        i
        for i, line in enumerate(lines)
        if marks.numbering(line.text) == Rank.ARABIC and shape.is_crumb(line)
    ]
    numbers = [int(re.match(r"\d+", lines[i].text).group()) for i in hits]  # type: ignore[union-attr]
    if len(hits) < 2 or numbers != list(range(1, len(hits) + 1)):
        return False
    pairs = zip(hits, hits[1:], strict=False)
    return all(any(shape.is_long(line) for line in lines[a + 1 : b]) for a, b in pairs)


def _contents_span(lines: Sequence[Line], index: int, manner: Manner) -> int:
    """Return over how many lines the heading at `index` is listed in the contents, or 0."""
    text = lines[index].text
    if not manner.contents or marks.ends_sentence(text) or marks.is_bullet(text):
        return 0
    one = _letters(text)
    if one in manner.contents:
        return 1
    if index + 1 < len(lines) and one + _letters(lines[index + 1].text) in manner.contents:
        return 2
    return 0


def _numbered_span(lines: Sequence[Line], index: int, shape: Shape) -> int:
    """Return the number of lines of a numbered heading; 0 when it is a numbered sentence."""
    following = lines[index + 1] if index + 1 < len(lines) else None
    if not shape.wrapped or following is None or shape.leaves_room(lines[index], following):
        return 1
    return 2 if _is_second_line(lines, index + 1) else 0


def _look_span(reading: Reading, index: int, above: int = 0) -> int:
    """Return over how many lines an unnumbered heading seems to stand at `index`, or 0.

    It may stand right above others, of which `above` are known already.
    """
    lines, shape = reading.lines, reading.shape
    line = lines[index]
    if index + 1 >= len(lines) or not _looks_like_title(line, shape):
        return 0
    following = lines[index + 1]
    if following.text[0] in marks.CLOSING or (shape.indented and line.indent > following.indent):
        return 0
    if not shape.wrapped:
        return int(line.width <= MAX_PLAIN and following.width >= 2 * line.width)
    if not shape.leaves_room(line, following):
        return 0
    if _begins_text(reading, index + 1):
        return 1
    wraps = line.width >= 0.5 * shape.full[line.page]
    if wraps and _is_second_line(lines, index + 1) and _begins_text(reading, index + 2):
        return 2
    if above == MAX_STACKED or shape.is_long(following):
        return 0
    return 1 if _look_span(reading, index + 1, above + 1) else 0


_DATUM = re.compile(
    r"(?:[）)]\s+[-+−]?\d[\d.,]*(?:\s*[-–—~]\s*\d[\d.,]*)?|^[^\s：:，]{2,14}\s+[-+−]?\d+\.\d+)[%％]?$"
)
"""A row of the panel beside a report: 每股净资产（元） 9.14."""


def _looks_like_title(line: Line, shape: Shape) -> bool:
    text = line.text
    if marks.opening(text) or marks.is_row(text) or marks.ends_sentence(text):
        return False
    if re.match(r"[\d《（(“\"'~@#]", text) or re.search(r"[，、：:；;,》]$|[。；@]|\s—", text):
        return False
    if _DATUM.search(text):
        return False
    return len(text) >= 2 and (not shape.wrapped or line.width <= MAX_WIDTH * shape.full[line.page])


def _is_second_line(lines: Sequence[Line], index: int) -> bool:
    """Return whether line `index` may be the rest of the heading above it."""
    if index >= len(lines) or lines[index].gap:
        return False
    line, above = lines[index], lines[index - 1]
    if line.width > MAX_SECOND or line.width >= above.width or marks.ends_sentence(line.text):
        return False
    return not (marks.opening(line.text) or re.search(r"^.{1,12}[：:]|[，；。：]$", line.text))


def _begins_text(reading: Reading, index: int) -> bool:
    """Return whether something that a heading can head begins at line `index`."""
    if index >= len(reading.lines):
        return False
    line = reading.lines[index]
    if index in reading.tables or marks.opening(line.text):
        return True
    if reading.shape.indented:
        return line.indent >= 2
    return reading.shape.is_long(line)
