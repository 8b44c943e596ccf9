"""Sets a sample report in type: a Markdown-like source under eval/sources -> a PDF in eval/reports.

The PDF has what broker reports have: a cover with a side bar, a contents page, running header and
footer, numbered headings with an outline, captioned tables with units, a small chart. It is the
same byte for byte on every run. Knows nothing of what the report says.

usage: python -m eval.typeset [SOURCE.md ...]
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)
from reportlab.platypus.tableofcontents import TableOfContents

HERE = Path(__file__).parent
FONT = "STSong-Light"
"""An Adobe CID font that readers supply themselves: no font file to license or embed."""
INK = colors.HexColor("#1f3a5f")


def _style(name: str, size: float, **more: object) -> ParagraphStyle:
    settings: dict[str, object] = {"leading": size * 1.6, "wordWrap": "CJK"}
    return ParagraphStyle(name, fontName=FONT, fontSize=size, **(settings | more))


BODY = _style("body", 10.5, firstLineIndent=21, spaceAfter=6)
LEAD = _style("lead", 10.5, spaceAfter=8)
SIDE = _style("side", 8.5, spaceAfter=4)
CAPTION = _style("caption", 9.5, textColor=INK, spaceBefore=8, spaceAfter=2)
NOTE = _style("note", 8, textColor=colors.grey, spaceAfter=10)
TITLE = _style("title", 19, textColor=INK, spaceAfter=10)
HEADINGS = (
    _style("heading1", 15, textColor=INK, spaceBefore=14, spaceAfter=8, keepWithNext=1),
    _style("heading2", 12, textColor=INK, spaceBefore=8, spaceAfter=6, keepWithNext=1),
)
CONTENTS = (_style("contents1", 11), _style("contents2", 10, leftIndent=18))


@dataclass(frozen=True, slots=True)
class Source:
    """A report before typesetting."""

    title: str
    kind: str
    publisher: str
    date: str
    analysts: tuple[str, ...]
    footer: str
    sidebar: tuple[str, ...]
    summary: tuple[str, ...]
    body: str


def read_source(path: Path) -> Source:
    """Return the report written in `path`; a missing header field raises KeyError."""
    _, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
    post = yaml.safe_load(header)

    def lines(name: str) -> tuple[str, ...]:
        return tuple(map(str, cast(list[object], post[name])))

    return Source(
        title=str(post["title"]),
        kind=str(post["kind"]),
        publisher=str(post["publisher"]),
        date=str(post["date"]),
        analysts=lines("analysts"),
        footer=str(post["footer"]),
        sidebar=lines("sidebar"),
        summary=lines("summary"),
        body=body.strip(),
    )


class _Report(BaseDocTemplate):
    """A4 with two kinds of page: the cover in two columns, then plain pages."""

    def __init__(self, path: Path, source: Source) -> None:
        super().__init__(
            str(path), pagesize=A4, title=source.title, author=source.publisher, invariant=1
        )
        width, height = A4
        cover = [
            Frame(20 * mm, 25 * mm, 115 * mm, height - 60 * mm, id="main"),
            Frame(142 * mm, 25 * mm, width - 158 * mm, height - 60 * mm, id="side"),
        ]
        plain = [Frame(25 * mm, 25 * mm, width - 50 * mm, height - 55 * mm, id="body")]
        furniture = _furniture(source)
        self.addPageTemplates(
            [
                PageTemplate("cover", cover, onPage=furniture),
                PageTemplate("plain", plain, onPage=furniture),
            ]
        )

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's hook
        """Enter a heading into the contents page and the outline."""
        level = getattr(flowable, "level", None)
        if level is None:
            return
        text = flowable.getPlainText()
        key = f"{self.page}-{text}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(text, key, level)
        self.notify("TOCEntry", (level, text, self.page, key))


def _furniture(source: Source) -> Callable[[Canvas, BaseDocTemplate], None]:
    def draw(canvas: Canvas, document: BaseDocTemplate) -> None:
        width, height = A4
        canvas.saveState()
        canvas.setFont(FONT, 8.5)
        canvas.drawString(25 * mm, height - 18 * mm, f"证券研究报告 · {source.kind}")
        canvas.drawRightString(width - 25 * mm, height - 18 * mm, source.publisher)
        canvas.line(25 * mm, height - 20 * mm, width - 25 * mm, height - 20 * mm)
        canvas.drawString(25 * mm, 15 * mm, source.footer)
        canvas.drawRightString(width - 25 * mm, 15 * mm, str(document.page))
        canvas.restoreState()

    return draw


def _cover(source: Source) -> Iterator[Flowable]:
    yield Paragraph(source.title, TITLE)
    yield Paragraph(f"{source.publisher}　{source.date}", SIDE)
    yield Spacer(1, 6 * mm)
    yield from (Paragraph(line, LEAD) for line in source.summary)
    yield FrameBreak()
    yield Paragraph(f"分析师：{'、'.join(source.analysts)}", SIDE)
    yield from (Paragraph(line, SIDE) for line in source.sidebar)
    yield NextPageTemplate("plain")
    yield PageBreak()


def _contents() -> Iterator[Flowable]:
    toc = TableOfContents(levelStyles=list(CONTENTS), dotsMinLevel=0)
    yield Paragraph("目录", TITLE)
    yield toc
    yield PageBreak()


def _heading(text: str, level: int) -> Paragraph:
    paragraph = Paragraph(text, HEADINGS[level])
    paragraph.level = level
    return paragraph


def _table(rows: list[list[str]]) -> Table:
    """Return a table with horizontal rules only, as brokers set them."""
    table = Table(rows, hAlign="LEFT", colWidths=[50 * mm] + [35 * mm] * (len(rows[0]) - 1))
    table.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), FONT, 9),
            ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
            ("LINEABOVE", (0, 0), (-1, 0), 1, INK),
            ("LINEBELOW", (0, 0), (-1, 0), 0.5, INK),
            ("LINEBELOW", (0, -1), (-1, -1), 1, INK),
        ]
    )
    return table


def _bars(spec: str) -> Drawing:
    """Return a bar chart of ``label=value`` pairs separated by blanks."""
    pairs = [pair.split("=") for pair in spec.split()]
    chart = VerticalBarChart()
    chart.width, chart.height, chart.x, chart.y = 330, 110, 30, 20
    chart.data = [[float(value) for _, value in pairs]]
    chart.categoryAxis.categoryNames = [label for label, _ in pairs]
    chart.valueAxis.valueMin = 0
    chart.bars[0].fillColor = INK
    drawing = Drawing(380, 140)
    drawing.add(chart)
    return drawing


def _body(text: str) -> Iterator[Flowable]:
    rows: list[list[str]] = []
    for line in [*filter(None, map(str.strip, text.splitlines())), ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
            continue
        if rows:
            yield _table(rows)
            rows = []
        if line:
            yield _line(line)


def _line(line: str) -> Flowable:
    if line.startswith("#"):
        marks, _, title = line.partition(" ")
        return _heading(title, len(marks) - 1)
    if line.startswith("!bars "):
        return _bars(line.removeprefix("!bars "))
    if re.match(r"[图表]\s*\d+：", line):
        return Paragraph(line, CAPTION)
    if line.startswith(("资料来源", "单位")):
        return Paragraph(line, NOTE)
    return Paragraph(line, BODY)


def typeset(source: Source, path: Path) -> None:
    """Write `source` as a PDF to `path`; the same source gives the same bytes."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    story = [*_cover(source), *_contents(), *_body(source.body)]
    _Report(path, source).multiBuild(story)


def main(arguments: list[str]) -> None:
    """Typeset the sources named, or all of eval/sources, into eval/reports."""
    paths = [Path(name) for name in arguments] or sorted((HERE / "sources").glob("*.md"))
    for path in paths:
        typeset(read_source(path), HERE / "reports" / f"{path.stem}.pdf")


if __name__ == "__main__":
    main(sys.argv[1:])
