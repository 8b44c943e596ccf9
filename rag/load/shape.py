"""How a text is set: how wide a full line is, whether paragraphs are indented, where lines break.

From that alone it tells whether a line goes on in the next one. Knows nothing of kinds of blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load import marks
from rag.load.pages import Line
from rag.text import display_width

MIN_WIDTH = 30
"""Columns; shorter lines say nothing about how wide a full one is."""
MAX_WRAP = 150
"""Columns; no page is set wider, so longer lines are whole paragraphs."""
FULL = 0.75
"""Share of the full width from which a line without a full stop goes on in the next one."""
INDENTED_FULL = 0.5
"""The same where paragraphs are indented."""
BAND = 0.3
"""Share of the lines that must be about equally wide in a hard-wrapped text."""
UNWRAPPED_CRUMB = 40
"""Columns; a line up to this may be a table cell where no full width is known."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The measured setting of a text."""

    wrapped: bool
    """Whether lines were broken at the edge of a page; otherwise a line is a paragraph."""
    indented: bool
    """Whether the first line of a paragraph is indented."""
    cut_anywhere: bool
    """Whether lines were cut at a number of characters, even inside a number."""
    full: tuple[int, ...]
    """Columns of a full line, by page; a front page often has a narrower column."""

    def is_long(self, line: Line) -> bool:
        """Return whether `line` is wide enough to have been broken rather than ended."""
        return line.width >= FULL * self.full[line.page] if self.wrapped else line.width >= 60

    def is_crumb(self, line: Line) -> bool:
        """Return whether `line` is short, as cells and labels are."""
        return not self.is_long(line) if self.wrapped else line.width < UNWRAPPED_CRUMB

    def leaves_room(self, line: Line, following: Line) -> bool:
        """Return whether the first token of `following` would have fitted on `line`.

        If it would, the line was ended there, not broken.
        """
        token = display_width(marks.first_token(following.text))
        return line.width + token <= self.full[line.page]

    def continues(self, line: Line, following: Line, first: Line | None = None) -> bool:
        """Return whether the paragraph that `line` belongs to goes on in `following`.

        Args:
            line: The last line read.
            following: The next one.
            first: The line that the paragraph began with, if it is not `line`.
        """
        if not self.wrapped or following.gap:
            return False
        if following.text[0] in marks.CLOSING and not following.text.startswith((".", "-")):
            return True
        if self.indented and following.indent >= 2:
            return False
        if marks.ends_sentence(line.text):
            if self.indented:
                return self.is_long(line)
            return not self.leaves_room(line, following)
        if line.text[-1] in "：:" and self.leaves_room(line, following):
            return False
        # A paragraph begun with an indent ends at the next indent, whatever its lines' widths.
        begun = self.indented and (first or line).indent >= 2
        return line.width >= (INDENTED_FULL if begun else FULL) * self.full[line.page]


def shape_of(lines: Sequence[Line]) -> Shape:
    """Measure `lines`."""
    prose = [line for line in lines if line.width >= MIN_WIDTH and _is_prose(line)]
    overall = _full_width([line.width for line in prose])
    pages = lines[-1].page + 1 if lines else 0
    widths: list[list[int]] = [[] for _ in range(pages)]
    for line in prose:
        widths[line.page].append(line.width)
    full = tuple(_page_width(page, overall) for page in widths)
    wrapped = _is_wrapped(prose, full)
    cut = sum(line.text[0] in "。，、；：" for line in lines)
    return Shape(wrapped, wrapped and _is_indented(lines), cut >= 2, full)


def _is_prose(line: Line) -> bool:
    text = line.text
    if marks.is_row(text) or marks.is_caption(text) or marks.is_source(text):
        return False
    return marks.contents_entry(text) is None


def _full_width(widths: Sequence[int]) -> int:
    """Return the width most lines come near to; the 85th percentile where lines are ragged."""
    if not widths:
        return MIN_WIDTH
    counts = Counter(widths)
    near = {w: sum(counts[v] for v in range(w - 2, w + 3)) for w in counts}
    best = max(near, key=lambda w: (near[w], counts[w]))
    if near[best] >= BAND * len(widths):
        return best
    return sorted(widths)[int(0.85 * (len(widths) - 1))]


def _page_width(widths: Sequence[int], overall: int) -> int:
    if len(widths) < 5:
        return overall
    full = _full_width(widths)
    # A side bar may have more lines than the column of text beside it.
    beside = full < 0.8 * overall and sum(w >= 0.9 * overall for w in widths) >= 4
    return overall if beside else full


def _is_wrapped(prose: Sequence[Line], full: Sequence[int]) -> bool:
    """Return whether lines are alike in width and break in the middle of sentences."""
    if len(prose) < 3 or max(full) > MAX_WRAP:
        return False
    near = sum(0.85 * full[line.page] <= line.width <= 1.1 * full[line.page] for line in prose)
    broken = sum(line.text[-1] not in "。！？；：.!?;:”」）)" for line in prose)
    return near >= BAND * len(prose) and broken >= BAND * len(prose)


def _is_indented(lines: Sequence[Line]) -> bool:
    """Return whether paragraphs begin with an indent: it follows ends, its absence does not."""
    pairs = [
        (a, b)
        for a, b in zip(lines, lines[1:], strict=False)
        if b.width >= MIN_WIDTH and _is_prose(b)
    ]
    starts = [a for a, b in pairs if 2 <= b.indent <= 8]
    others = [a for a, b in pairs if b.indent < 2]
    if len(starts) < 2 or not others:
        return False
    amid = sum(
        a.width >= MIN_WIDTH and _is_prose(a) and not marks.ends_sentence(a.text) for a in starts
    )
    after_end = sum(marks.ends_sentence(a.text) for a in others)
    return amid <= 0.3 * len(starts) and after_end <= 0.3 * len(others)
