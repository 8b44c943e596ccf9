"""Lines -> figures and tables: captions with what stands below them, down to the source line.

What text runs around them is put into paragraphs elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rag.load import marks
from rag.load.pdf.captions import ALIGNED, Figure, Placed, captions_on, placed_on, set_borders
from rag.load.pdf.lines import Line
from rag.load.pdf.looks import body_type, type_of
from rag.load.pdf.tables import CELL_GAP, Cell, cells_of, figure_share, raw_rows, rows_of
from rag.schema import BlockKind

MAX_LINES = 150
"""Lines below a caption that are looked through for its source line."""
PROSE_WIDTH = 0.8
"""Share of the width of its column from which a line may be text."""
MIN_PROSE = 12
"""Chinese characters of a line of text at least; or, of another language, half as many words."""
MAX_NOTE = 4
"""Lines of a note that stands before the source line at most, that line included."""
SMALL = 0.95
"""Share of the size of running text below which type is that of a note."""
MIN_BARE_ROWS = 3
"""Rows that make a table without a caption."""
MIN_BARE_FIGURES = 0.33
"""Share of figures among the cells of a table without a caption."""

_TABLE = re.compile(r"表|Table", re.IGNORECASE)
_CHART = re.compile(r"图(?!表)|Figure|Chart", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A block before it has a place in the text."""

    kind: BlockKind
    runs: tuple[tuple[int, str], ...]
    """Page and text of each part of it."""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Region:
    """The lines from one index up to `end`, and the blocks they make."""

    end: int
    parts: tuple[Part, ...]


class RegionFinder:
    """Finds the figures and tables among the lines of a document, more than once if need be.

    What is known of a line by itself, its cells and whether it is prose, is worked out once.
    """

    def __init__(self, lines: Sequence[Line], widths: Sequence[float]) -> None:
        """Keep what is looked at.

        Args:
            lines: All lines of the document, in reading order.
            widths: For each line the width of text in its column, in points.
        """
        self._lines = lines
        self._widths = widths
        self._body = body_type(lines).size
        self._stops: Collection[int] = ()
        self._cells: dict[int, list[Cell]] = {}
        self._prose: dict[int, bool] = {}

    def find(self, stops: Collection[int]) -> dict[int, Region]:
        """Return the regions: index of the first line -> region.

        Args:
            stops: Indices of lines that no region reaches over: headings, contents, side bars.
        """
        self._stops = stops
        found: dict[int, Region] = {}
        index = 0
        last: Region | None = None
        while index < len(self._lines):
            region = None
            if index not in stops:
                figures = captions_on(self._lines[index])
                region = self._captioned(index, figures) if figures else None
                region = region or self._bare(index, self._carried_over(last, index))
            if region:
                found[index] = last = region
            index = region.end if region else index + 1
        return found

    def _captioned(self, index: int, figures: list[Figure]) -> Region:
        """Return the figures whose captions stand on line `index`."""
        page = self._lines[index].page
        start = index + 1
        while start < len(self._lines) and self._goes_on(index, start, figures):
            start += 1
        end = start
        while end < min(len(self._lines), start + MAX_LINES) and not self._ends(end, index):
            end += 1
        sources, after = self._sources(end, len(figures))
        if not sources:
            end = after = self._last_row(start, end)
        elif notes := self._notes_above(end, start, sources):
            end -= 1
            sources = [
                Placed(f"{note}\n{source.text}", source.x0)
                for note, source in zip(notes, sources, strict=True)
            ]
        set_borders(figures, sources)
        parts: list[Part] = []
        tabled = False
        for figure in figures:
            chart = bool(_CHART.match(figure.caption))
            body = [self._cells_at(i) for i in range(start, end)]
            rows = rows_of(body, figure.left, figure.right, chart)
            if rows is None and _TABLE.match(figure.caption):
                rows = raw_rows(body, figure.left, figure.right)
            tabled = tabled or rows is not None
            parts.append(_part(BlockKind.CAPTION, page, figure.caption))
            parts += [_part(BlockKind.TABLE, page, "\n".join(rows))] if rows else []
            below = [s for s in sources if figure.left <= s.x0 + 1 <= figure.right]
            parts += [_part(BlockKind.NOTE, page, source.text) for source in below]
        # Without a source line nothing proves that what follows is a chart's labels.
        return Region(after if tabled or sources else start, tuple(parts))

    def _goes_on(self, first: int, at: int, figures: Sequence[Figure]) -> bool:
        """Add line `at` to the captions above it when it is the rest of them."""
        above, line = self._lines[at - 1], self._lines[at]
        if at in self._stops or line.page != above.page:
            return False
        caption = type_of(self._lines[first])
        # A symbol of mathematics in it may make the line look less bold.
        if type_of(line)._replace(bold=caption.bold) != caption or marks.opening(line.text):
            return False
        if line.baseline - above.baseline > 2 * line.size:
            return False
        if len(figures) == 1 and above.x1 - above.x0 < 0.7 * self._widths[at - 1]:
            return False
        pieces = line.split(CELL_GAP)
        owners = [[f for f in figures if f.is_above(piece)] for piece in pieces]
        if not all(owners):
            return False
        for (owner, *_), piece in zip(owners, pieces, strict=True):
            owner.caption += marks.join(owner.caption, piece.text) + piece.text
        return True

    def _ends(self, at: int, first: int) -> bool:
        """Return whether line `at` is the source of the figure, or what comes after it."""
        line, caption = self._lines[at], self._lines[first]
        if at in self._stops or (line.page, line.column) != (caption.page, caption.column):
            return True
        return _is_note(line.text) or bool(captions_on(line)) or self._is_prose(at)

    def _sources(self, at: int, figures: int) -> tuple[list[Placed], int]:
        """Return the source notes that begin at line `at` and the index after them."""
        found: list[Placed] = []
        page = self._lines[at - 1].page
        while at < len(self._lines) and len(found) < figures and self._lines[at].page == page:
            source = self._source_after(at)
            if source is None:
                break
            for line in self._lines[at : source + 1]:
                found += placed_on(line, _is_note) or [Placed(line.text, line.x0)]
            at = source + 1
            while self._is_below(at):
                found.append(Placed(self._lines[at].text, self._lines[at].x0))
                at += 1
        return found, at

    def _is_below(self, at: int) -> bool:
        """Return whether line `at` is one more note, set small right below the one above it."""
        if at >= len(self._lines) or at in self._stops:
            return False
        line, above = self._lines[at], self._lines[at - 1]
        return (
            line.page == above.page
            and type_of(line) == type_of(above)
            and line.size < SMALL * self._body
            and abs(line.x0 - above.x0) <= ALIGNED
            and line.baseline - above.baseline < 1.8 * line.size
            and marks.opening(line.text) is None
            and len(line.pieces) == 1
        )

    def _notes_above(self, at: int, start: int, sources: Sequence[Placed]) -> list[str]:
        """Return the first lines of the source notes at line `at` that do not say what they are.

        They are set like the source lines below them, and begin where those do.
        """
        if at <= start or self._lines[at - 1].page != self._lines[at].page:
            return []
        above, line = self._lines[at - 1], self._lines[at]
        pieces = above.split(CELL_GAP)
        alike = type_of(above) == type_of(line) and line.baseline - above.baseline < 2 * line.size
        if not alike or len(pieces) != len(sources) or not re.search(r"[；;]$", above.text):
            return []
        placed = zip(pieces, sources, strict=True)
        return (
            [piece.text for piece in pieces]
            if all(abs(piece.x0 - source.x0) <= ALIGNED for piece, source in placed)
            else []
        )

    def _source_after(self, at: int) -> int | None:
        """Return the index of the source line at `at`, or behind the note that begins there."""
        if not _is_note(self._lines[at].text):
            return None
        for i in range(at, min(at + MAX_NOTE, len(self._lines))):
            if marks.is_source(self._lines[i].text):
                return i
        return None

    def _last_row(self, start: int, end: int) -> int:
        """Return the end of the rows between `start` and `end`, what is no row left off."""
        while end > start and len(self._cells_at(end - 1)) < 2:
            end -= 1
        return end

    def _carried_over(self, last: Region | None, index: int) -> bool:
        """Return whether a table without a source reached down to the end of the page before."""
        if last is None or last.end != index or last.parts[-1].kind is not BlockKind.TABLE:
            return False
        return self._lines[index].page == self._lines[index - 1].page + 1

    def _bare(self, index: int, carried_over: bool) -> Region | None:
        """Return the table without a caption that begins at `index`, or None."""
        end = index
        while end < len(self._lines) and end not in self._stops:
            line = self._lines[end]
            if line.page != self._lines[index].page or marks.is_source(line.text):
                break
            amid = end > index and self._is_amid_rows(end)
            if captions_on(line) or not (self._is_row(end) or amid):
                break
            end += 1
        rows = [self._cells_at(i) for i in range(index, end)]
        least = 1 if carried_over else MIN_BARE_ROWS
        if sum(len(row) >= 2 for row in rows) < least:
            return None
        if not carried_over and figure_share(rows) < MIN_BARE_FIGURES:
            return None
        written = rows_of(rows)
        if written is None and carried_over:
            written = raw_rows(rows)
        if written is None:
            return None
        page = self._lines[index].page
        return Region(end, (_part(BlockKind.TABLE, page, "\n".join(written)),))

    def _is_row(self, at: int) -> bool:
        return len(self._cells_at(at)) >= 2 and not self._is_prose(at)

    def _cells_at(self, at: int) -> list[Cell]:
        found = self._cells.get(at)
        if found is None:
            found = self._cells[at] = cells_of(self._lines[at])
        return found

    def _is_amid_rows(self, at: int) -> bool:
        """Return whether line `at`, a single cell, stands between two rows."""
        line = self._lines[at]
        if at + 1 >= len(self._lines) or self._lines[at + 1].page != line.page:
            return False
        if self._is_prose(at) or marks.ends_sentence(line.text):
            return False
        return self._is_row(at + 1)

    def _is_prose(self, at: int) -> bool:
        """Return whether line `at` is text as wide as its column, not a row."""
        found = self._prose.get(at)
        if found is None:
            found = self._prose[at] = self._is_wide_text(at)
        return found

    def _is_wide_text(self, at: int) -> bool:
        line = self._lines[at]
        if len(line.pieces) > 1 or line.x1 - line.x0 < PROSE_WIDTH * self._widths[at]:
            return False
        chinese = len(re.findall(r"[\u4e00-\u9fff]", line.text))
        words = len(re.findall(r"(?<![\w-])[A-Za-z]{2,}(?![\w-])", line.text))
        return chinese + 2 * words >= MIN_PROSE


def _is_note(text: str) -> bool:
    return marks.opening(text) is BlockKind.NOTE


def _part(kind: BlockKind, page: int, text: str) -> Part:
    return Part(kind, ((page, text),))
