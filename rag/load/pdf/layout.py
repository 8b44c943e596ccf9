"""Pages of glyphs -> text with blocks and pages: the steps between, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.load.assemble import Assembled, Assembler
from rag.load.pdf.back import back_start, back_titles
from rag.load.pdf.carried import joined
from rag.load.pdf.contents import Entry, contents_of
from rag.load.pdf.cover import Cover, cover_of
from rag.load.pdf.footnotes import footnotes_of
from rag.load.pdf.glyphs import PageGlyphs
from rag.load.pdf.headings import headings_of
from rag.load.pdf.lines import Column, lines_of
from rag.load.pdf.looks import body_type
from rag.load.pdf.margins import trim
from rag.load.pdf.paragraphs import Plan, parts_of
from rag.load.pdf.regions import Region, RegionFinder
from rag.load.pdf.setting import setting_of


class LaidOut(NamedTuple):
    """A document put together, and what its first page states."""

    assembled: Assembled
    cover: Cover


def lay_out(pages: Sequence[PageGlyphs], outline: Sequence[Entry]) -> LaidOut:
    """Put `pages`, at least one of which has text, together.

    Args:
        pages: All pages of the document.
        outline: The headings that its bookmarks list; the printed contents are used without.
    """
    trimmed = trim(pages)
    lines = [line for page in trimmed.pages for line in lines_of(page)]
    body = body_type(lines)
    cover = cover_of(lines, trimmed.running, pages[0].height, body)
    contents = contents_of(lines)
    setting = setting_of(lines, body)
    widths = [setting.width(line) for line in lines]
    sides = {i for i, line in enumerate(lines) if line.column is Column.SIDE}
    fixed = contents.lines | cover.labels | cover.running | set(cover.title_lines)
    # Rows and captions are no headings, yet a heading ends a table: so tables are looked for
    # without headings first, and once more with them.
    finder = RegionFinder(lines, widths)
    rough = finder.find(fixed | sides)
    tabled = _spans(rough)
    entries = outline or contents.entries
    headings = headings_of(lines, entries, frozenset(fixed | tabled), cover.title is not None)
    back = back_start(lines, headings)
    headings = {i: h for i, h in headings.items() if i < back or h.listed} | back_titles(
        lines, back
    )
    regions = finder.find(fixed | sides | set(headings))
    taken = fixed | _spans(regions) | {i + k for i, h in headings.items() for k in range(h.lines)}
    plan = Plan(
        cover.title_lines,
        cover.labels,
        cover.running,
        contents.lines,
        headings,
        regions,
        footnotes_of(lines, body.size, taken),
        back,
    )
    assembler = Assembler()
    for part in joined(parts_of(lines, plan, setting)):
        assembler.add_broken(part.kind, part.runs, part.level)
    return LaidOut(assembler.assembled(trimmed.labels), cover)


def _spans(regions: dict[int, Region]) -> set[int]:
    """Return the indices of all lines in `regions`."""
    return {i for start, region in regions.items() for i in range(start, region.end)}
