"""Reports typeset line by line with reportlab, and what the PDF loader makes of them."""

from __future__ import annotations

import io

import pytest
from reportlab.lib import pagesizes
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from rag.load import pdf
from rag.schema import BlockKind
from rag.text import normalise

FONT = "STSong-Light"
WIDTH, HEIGHT = pagesizes.A4
LEFT, RIGHT, TOP = 72, 522, 120
SIZE = 10
K = BlockKind
SENTENCE = (
    "报告期内公司实现营业收入一百二十三亿元，同比增长百分之八，毛利率较上年同期提升三个百分点。"
)
# Sentences of different length: PDFium drops a long line that repeats the one above it.
PROSE = (
    SENTENCE + "其中海外业务表现突出，新签订单金额创下历史新高，在手订单足以支撑未来两年的增长。"
    "费用方面，研发投入继续增加，销售费用率有所下降，经营性现金流明显改善，资产负债率保持平稳。"
)

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Sheet:
    """A report typeset line by line, measured from the top of the page."""

    def __init__(self, **options):
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=pagesizes.A4, **options)
        self.y = TOP

    def put(self, x, y, text, size=SIZE, colour="black"):
        self.canvas.setFillColor(colour)
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def line(self, text, x=LEFT, size=SIZE, colour="black", pitch=1.6):
        self.put(x, self.y, text, size, colour)
        self.y += pitch * size

    def heading(self, text, size=14):
        self.y += 10
        self.line(text, size=size, colour="darkred")

    def paragraph(self, text, left=LEFT, right=RIGHT, indent=2):
        """Set `text` as Word does: first line indented, broken at the right edge."""
        x, row = left + indent * SIZE, ""
        for char in text:
            # A closing mark hangs over the edge, as it may not begin a line.
            if x + SIZE * (len(row) + 1) > right and char not in "，。；：":
                self.line(row, x)
                x, row = left, ""
            row += char
        self.line(row, x)

    def row(self, xs, cells, size=8):
        for x, cell in zip(xs, cells, strict=True):
            if cell:
                self.put(x, self.y, cell, size)
        self.y += 1.6 * size

    def end_page(self, header=None, footer=None):
        if header:
            self.put(LEFT, 40, header, 9)
        if footer:
            self.put(LEFT, HEIGHT - 30, footer, 8)
        self.canvas.showPage()
        self.y = TOP

    def data(self):
        self.canvas.save()
        return self.buffer.getvalue()


def parse(sheet):
    parsed = pdf.parse(sheet.data(), "sheet.pdf")
    assert_sound(parsed)
    return parsed


def _repeats_are_kept():
    sheet = Sheet()
    for _ in range(2):
        sheet.paragraph(PROSE)
    return pdf.parse(sheet.data(), "sheet.pdf").text.count(SENTENCE) == 2


needs_chinese_font = pytest.mark.skipif(
    not _repeats_are_kept(),
    reason="no Chinese font (Debian: fonts-noto-cjk): PDFium drops lines that look alike",
)


def assert_sound(parsed):
    last = 0
    for block in parsed.blocks:
        content = parsed.text[block.start : block.end]
        assert last <= block.start < block.end <= len(parsed.text)
        assert content == content.strip() and content
        assert (block.level > 0) == (block.kind is K.HEADING)
        last = block.end
    assert parsed.pages[0].start == 0 and parsed.pages[-1].end == len(parsed.text)
    assert [p.number for p in parsed.pages] == list(range(1, len(parsed.pages) + 1))
    assert all(a.end == b.start for a, b in zip(parsed.pages, parsed.pages[1:], strict=False))
    assert normalise(parsed.text) == parsed.text


def blocks(parsed):
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


def of_kind(parsed, kind):
    return [text for k, _, text in blocks(parsed) if k is kind]


def page_text(parsed, number):
    page = parsed.pages[number - 1]
    return parsed.text[page.start : page.end]


def headings(parsed):
    return [(level, text) for kind, level, text in blocks(parsed) if kind is K.HEADING]


def tagged(lines, table=()):
    """Return a tagged PDF of one page: `lines` are (tag, text), `table` rows of cells below them."""
    content, elements, marks, roots = [], [], [], []

    def element(tag, kids, parent=5):
        elements.append(f"<</Type /StructElem /S /{tag} /P {parent} 0 R /Pg 3 0 R /K {kids}>>")
        return len(elements) + 6

    def put(x, y, text, tag, parent=5):
        mark = len(marks)
        content.append(f"/{tag} <</MCID {mark}>> BDC BT /F 10 Tf {x} {y} Td ({text}) Tj ET EMC")
        marks.append(element(tag, mark, parent))
        return marks[-1]

    y = 780
    for tag, text in lines:
        roots.append(put(72, y, text, tag))
        y -= 16
    if table:
        roots.append(element("Table", ""))
        rows = []
        for row in table:
            rows.append(element("TR", "", roots[-1]))
            cells = [put(72 + 100 * i, y, cell, "TD", rows[-1]) for i, cell in enumerate(row)]
            elements[rows[-1] - 7] = elements[rows[-1] - 7].replace("/K ", f"/K {_refs(cells)}")
            y -= 16
        elements[roots[-1] - 7] = elements[roots[-1] - 7].replace("/K ", f"/K {_refs(rows)}")
    stream = "\n".join(content)
    return file_of(
        [
            "<</Type /Catalog /Pages 2 0 R /MarkInfo <</Marked true>> /StructTreeRoot 5 0 R>>",
            "<</Type /Pages /Kids [3 0 R] /Count 1>>",
            "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /StructParents 0"
            " /Resources <</Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>>>",
            f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
            f"<</Type /StructTreeRoot /K {_refs(roots)} /ParentTree 6 0 R>>",
            f"<</Nums [0 {_refs(marks)}]>>",
            *elements,
        ]
    )


def _refs(numbers):
    return f"[{' '.join(f'{number} 0 R' for number in numbers)}]"


def file_of(objects):
    """Return the PDF that consists of `objects`, the first of which is its catalog."""
    data, offsets = "%PDF-1.7\n", []
    for number, written in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{written}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (
        f"{data}xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer <</Size {size} /Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF"
    ).encode("latin-1")
