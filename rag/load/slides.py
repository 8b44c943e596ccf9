"""PPTX -> text with blocks and pages: a heading and a page for each slide, tables, charts' numbers.

Pictures are not read. Notes of the speaker follow their slide as notes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rag.language import say
from rag.load import marks
from rag.load.facts import facts_of
from rag.load.grid import MAX_COLUMNS, Cell, as_text, condensed, dense, spread
from rag.load.parsed import Parsed
from rag.load.parts import is_markup, local, packed, parts_of, reading, tree_of
from rag.load.pieces import Piece, one_line, write
from rag.load.properties import properties_of
from rag.load.sheet.codes import GENERAL
from rag.load.sheet.formats import shown
from rag.schema import BlockKind

if TYPE_CHECKING:
    from pptx.chart.chart import Chart
    from pptx.slide import Slide
    from pptx.table import Table

MAX_TITLE = 40
"""Characters of a text box that stands for a title."""
TOP = 0.2
"""Share of the slide's height in which a title stands."""
MAX_POINTS = 400
"""Points of a chart that are read."""
ROW = 200_000
"""English Metric Units, 5.6 mm: shapes nearer than that stand beside one another."""

# Kinds of placeholders, by the names that python-pptx gives them.
_FURNITURE = ("DATE", "FOOTER", "SLIDE_NUMBER")
_TITLES = ("TITLE", "CENTER_TITLE", "VERTICAL_TITLE")
_LISTS = ("BODY", "OBJECT")
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


def parse(data: bytes, source: str) -> Parsed:
    """Return the blocks, pages and stated facts of a PowerPoint file.

    Args:
        data: The whole file.
        source: Its name, for messages.

    Raises:
        DocumentError: The file is damaged, or unpacks to more than any report holds.
    """
    import pptx

    parts = parts_of(data, source, is_markup)
    with reading(source):
        presentation = pptx.Presentation(packed(parts))
        height = int(presentation.slide_height or 0)
        slides = list(presentation.slides)
    pieces: list[Piece] = []
    damaged: list[int] = []
    hidden: list[int] = []
    for number, slide in enumerate(slides, start=1):
        if slide.element.get("show") in ("0", "false"):
            hidden.append(number)
            continue
        try:
            found = list(_pieces_of(slide, height))
        except Exception:
            # One odd shape, of which python-pptx knows no end, must not cost the other slides.
            damaged.append(number)
            continue
        pieces += [replace(piece, page=number) for piece in found]
    done = write(pieces, len(slides))
    stated = facts_of(done.text, done.blocks)
    named = properties_of(parts)
    return Parsed(
        text=done.text,
        blocks=done.blocks,
        pages=done.pages,
        title=stated.title or named.title,
        publisher=stated.publisher or named.publisher,
        published=stated.published,
        warnings=_warnings(damaged, hidden, source),
    )


def _pieces_of(slide: Slide, height: int) -> Iterator[Piece]:
    """Yield the pieces of a slide, its title first."""
    shapes = [shape for shape in _flat(slide.shapes) if _placeholder(shape) not in _FURNITURE]
    title = next((s for s in shapes if _placeholder(s) in _TITLES and _text(s)), None)
    title = title or _looks_like_title(shapes, height)
    if title is not None:
        yield Piece(BlockKind.HEADING, _text(title), 1)
    for shape in shapes:
        if shape is not title:
            yield from _pieces_of_shape(shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for line in slide.notes_slide.notes_text_frame.text.splitlines():
            yield Piece(BlockKind.NOTE, one_line(line))


def _flat(shapes: Iterable[Any]) -> list[Any]:
    """Return `shapes` as they are read, top to bottom and left to right, groups taken apart."""

    def order(a: Any, b: Any) -> int:  # noqa: ANN401 - python-pptx has a class for each kind
        apart = (a.top or 0) - (b.top or 0)
        return apart if abs(apart) > ROW else (a.left or 0) - (b.left or 0)

    found: list[Any] = []
    for shape in sorted(shapes, key=functools.cmp_to_key(order)):
        found += _flat(shape.shapes) if hasattr(shape, "shapes") else [shape]
    return found


def _placeholder(shape: Any) -> str:  # noqa: ANN401
    """Return the kind of placeholder that a shape fills, empty for any other shape."""
    return shape.placeholder_format.type.name if shape.is_placeholder else ""


def _looks_like_title(shapes: list[Any], height: int) -> Any | None:  # noqa: ANN401
    """Return the text box that heads a slide without a title: one short line at the top."""
    texts = [shape for shape in shapes if _text(shape)]
    first = texts[0] if texts else None
    if first is None or not first.has_text_frame or (first.top or 0) > TOP * height:
        return None
    line = _text(first)
    return first if len(line) <= MAX_TITLE and not marks.ends_sentence(line) else None


def _text(shape: Any) -> str:  # noqa: ANN401
    return one_line(shape.text_frame.text) if shape.has_text_frame else ""


def _pieces_of_shape(shape: Any) -> Iterator[Piece]:  # noqa: ANN401
    if shape.has_text_frame:
        listed = _placeholder(shape) in _LISTS
        for paragraph in shape.text_frame.paragraphs:
            kind = BlockKind.LIST_ITEM if listed or paragraph.level else BlockKind.PARAGRAPH
            runs = [run for run in paragraph.runs if run.text.strip()]
            bold = float(bool(runs) and all(run.font.bold for run in runs))
            yield Piece(kind, one_line(paragraph.text), bold=bold)
    elif shape.has_table:
        yield Piece(BlockKind.TABLE, _table(shape.table))
    elif shape.has_chart:
        yield from _chart(shape.chart)
    else:
        yield from _diagram(shape)


def _table(table: Table) -> str:
    rows = [
        [
            Cell(one_line(cell.text), min(cell.span_width, MAX_COLUMNS), cell.span_height)
            if cell.is_merge_origin
            else Cell(one_line(cell.text))
            for cell in row.cells
            if not cell.is_spanned
        ]
        for row in table.rows
    ]
    return as_text(condensed(dense(spread(rows))))


def _chart(chart: Chart) -> Iterator[Piece]:
    """Yield the title of a chart and the numbers that it draws, a row for each category."""
    if chart.has_title and chart.chart_title.has_text_frame:
        yield Piece(BlockKind.CAPTION, one_line(chart.chart_title.text_frame.text))
    for plot in chart.plots:
        labels = [one_line(str(category)) for category in plot.categories][:MAX_POINTS]
        series = list(plot.series)[:MAX_COLUMNS]
        columns = [_values(one) for one in series]
        header = ["", *(one_line(one.name) for one in series)]
        rows = [
            [label, *(column[i] if i < len(column) else "" for column in columns)]
            for i, label in enumerate(labels)
        ]
        if rows and len(header) > 1:
            yield Piece(BlockKind.TABLE, as_text([header, *rows]))


def _values(series: Any) -> list[str]:  # noqa: ANN401
    """Return the values of a series as the chart formats them."""
    codes = (node.text or "" for node in series._element.iter("{*}formatCode"))
    written = [code for code in codes if code]
    # The format of the values stands behind that of the categories.
    code = written[-1] if written else GENERAL
    return ["" if value is None else shown(float(value), code) for value in series.values]


def _diagram(shape: Any) -> Iterator[Piece]:  # noqa: ANN401
    """Yield the texts of a SmartArt diagram, which lie in a part of their own."""
    for node in shape.element.iter(f"{{{_DIAGRAM}}}relIds"):
        ids = [value for key, value in node.attrib.items() if key.endswith("}dm")]
        root = tree_of(shape.part.related_part(ids[0]).blob) if ids else None
        for point in root.iter("{*}t") if root is not None else ():
            if local(point) == "t" and len(point):
                text = "".join(
                    inner.text or "" for inner in point.iter("{*}t") if inner is not point
                )
                yield Piece(BlockKind.LIST_ITEM, one_line(text))


def _warnings(damaged: list[int], hidden: list[int], source: str) -> tuple[str, ...]:
    found: list[str] = []
    if damaged:
        listed = ", ".join(map(str, damaged))
        found.append(
            say(
                f"{source}: slides {listed} are damaged and were not read",
                f"{source}：第 {listed} 张幻灯片已损坏，未读取",
            )
        )
    if hidden:
        listed = ", ".join(map(str, hidden))
        found.append(
            say(
                f"{source}: hidden slides were not read: {listed}",
                f"{source}：隐藏的幻灯片未读取：{listed}",
            )
        )
    return tuple(found)
