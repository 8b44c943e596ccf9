"""Small files of every format, made here: a report with headings, a table and a figure in each."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import docx
import openpyxl
import pptx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import Font
from PIL import Image, ImageDraw
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

SENTENCE = "报告期内公司实现营业收入167.2亿元，同比增长8%，毛利率较上年同期提升三个百分点。"
ROWS = [["项目", "2023年", "2024年"], ["营业收入", "154.8", "167.2"], ["净利润", "45.0", "59.8"]]


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph("示例科技三季报点评", style="Title")
    document.add_heading("业绩概览", 1)
    document.add_paragraph(SENTENCE)
    table = document.add_table(rows=3, cols=3)
    for row, texts in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_heading("风险提示", 1)
    document.add_paragraph("宏观经济下行。", style="List Bullet")
    return saved(document)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "利润表"
    sheet.append(["表1：主要财务指标"])
    sheet.append(["单位：亿元"])
    sheet.append(["项目", 2023, 2024])
    sheet.append(["营业收入", 154.8, 167.2])
    sheet.append(["同比", 0.052, 0.0801])
    for cell in sheet[5][1:]:
        cell.number_format = "0.0%"
    sheet["A1"].font = Font(bold=True)
    book.create_sheet("附注").append(["口径说明。"])
    return saved(book)


def slides() -> bytes:
    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "示例科技三季报点评"
    first.placeholders[1].text = "示例证券"
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "业绩概览"
    shape = second.shapes.add_table(3, 3, Inches(1), Inches(2), Inches(6), Inches(2))
    for r, texts in enumerate(ROWS):
        for c, text in enumerate(texts):
            shape.table.cell(r, c).text = text
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["2023", "2024"]
    data.add_series("毛利率", (0.53, 0.56))
    place = (Inches(1), Inches(4.5), Inches(4), Inches(2))
    second.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
    return saved(deck)


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>产业研究手册</dc:title><dc:publisher>示例出版社</dc:publisher>
<dc:date>2024-03-07T00:00:00Z</dc:date><dc:creator>李四</dc:creator></metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="c2" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="c1" href="text/%E4%B8%80.xhtml" media-type="application/xhtml+xml"/>
</manifest><spine><itemref idref="nav"/><itemref idref="c1"/><itemref idref="c2"/></spine></package>"""
NAV = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><nav><ol>
<li><a href="text/%E4%B8%80.xhtml">第一章 行业</a></li><li><a href="text/two.xhtml#x">第二章 公司</a></li>
</ol></nav></body></html>"""
CHAPTER = """<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">
<head><title/><script src="x.js"/></head><body>{}</body></html>"""


def book(**more: str) -> bytes:
    """Return an e-book; `more` replaces or adds parts, dots in their names written as __."""
    table = "".join("<tr>" + "".join(f"<td>{t}</td>" for t in row) + "</tr>" for row in ROWS)
    parts = {
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": PACKAGE,
        "OPS/nav.xhtml": NAV,
        "OPS/text/一.xhtml": CHAPTER.format(f"<p>{SENTENCE}</p>"),
        "OPS/text/two.xhtml": CHAPTER.format(f"<h2>财务</h2><table>{table}</table>"),
    }
    return zipped({"mimetype": "application/epub+zip", **parts, **more})


def zipped(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def edited(data: bytes, edit: Callable[[str, bytes], bytes]) -> bytes:
    """Return an Office file with each part as `edit` (name, bytes) gives it back."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        return zipped({name: edit(name, old.read(name)) for name in old.namelist()})


def letter(**attached: bytes) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "示例科技：三季报点评"
    message["From"] = "示例证券研究所 <research@example.com>"
    message["Date"] = "Thu, 14 Nov 2024 08:30:00 +0800"
    message.set_content(SENTENCE)
    table = "".join("<tr>" + "".join(f"<td>{t}</td>" for t in row) + "</tr>" for row in ROWS)
    message.add_alternative(f"<p>{SENTENCE}</p><table>{table}</table>", subtype="html")
    for name, content in attached.items():
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message


def mail() -> bytes:
    return letter(**{"明细.csv": "项目,金额\n收入,167.2\n".encode(), "logo.exe": b"MZ"}).as_bytes()


def archive() -> bytes:
    inner = zipped({"深处.txt": SENTENCE})
    return zipped({"一/a.txt": SENTENCE, "b.docx": word(), "inner.zip": inner, "c.exe": b"MZ"})


def picture() -> bytes:
    image = Image.new("RGB", (400, 80), "white")
    ImageDraw.Draw(image).text((10, 20), "Revenue grew 8% in 2024", fill="black", font_size=24)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def table() -> bytes:
    return "\n".join(",".join(row) for row in ROWS).encode("gb18030")


def numbered(document, formats: dict[int, tuple[str, str]]) -> str:
    """Add a list definition with these (format, text) a level, and return its number."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{format_}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, (format_, text) in formats.items()
    )
    root = document.part.numbering_part.element
    number = 900 + len(root)
    abstract = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{levels}</w:abstractNum>'
    root.insert(0, parse_xml(abstract))
    link = f'<w:abstractNumId w:val="{number}"/>'
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}">{link}</w:num>'))
    return str(number)


def old_workbook(rows: list[list[str | float]], formats: dict[float, str] | None = None) -> bytes:
    """Return an XLS file (BIFF8 in an OLE file): text and numbers, some in a format."""
    formats = formats or {}
    codes = sorted(set(formats.values()))
    globals_ = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    for number, code in enumerate(codes):
        text = code.encode("utf-16-le")
        globals_ += _record(0x41E, struct.pack("<HHB", 164 + number, len(code), 1) + text)
    for number in [0, *(164 + n for n in range(len(codes)))]:
        globals_ += _record(0xE0, struct.pack("<HH", 0, number) + bytes(16))
    name = "利润表".encode("utf-16-le")
    bound = struct.pack("<IBBBB", 0, 0, 0, 3, 1) + name
    start = len(globals_) + len(_record(0x85, bound)) + 4
    bound = struct.pack("<IBBBB", start, 0, 0, 3, 1) + name
    cells = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                cells += _record(0x204, struct.pack("<HHH", r, c, 0) + text)
            else:
                style = 1 + codes.index(formats[value]) if value in formats else 0
                cells += _record(0x203, struct.pack("<HHHd", r, c, style, value))
    end = _record(0x0A, b"")
    return ole({"Workbook": globals_ + _record(0x85, bound) + end + cells + end})


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def ole(streams: dict[str, bytes]) -> bytes:
    """Return an OLE compound file ([MS-CFB]) of sectors of 512 bytes."""
    body, table, entries = b"", [], [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in streams.items():
        content = content.ljust(-(-max(len(content), 4096) // 512) * 512, b"\0")
        count = len(content) // 512
        entries.append(_entry(name, 2, len(table), len(content)))
        table += [*range(len(table) + 1, len(table) + count), 0xFFFFFFFE]
        body += content
    directory = b"".join(entries).ljust(-(-len(entries) * 128 // 512) * 512, b"\0")
    at = len(table)
    count = len(directory) // 512
    table += [*range(at + 1, at + count), 0xFFFFFFFE, 0xFFFFFFFD]
    assert len(table) <= 128
    numbers = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, at, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )  # fmt: skip
    header += struct.pack("<109I", len(table) - 1, *[0xFFFFFFFF] * 108)
    return header + body + directory + numbers


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    links = (0xFFFFFFFF, 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF)
    content = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, *links)
    return content + bytes(36) + struct.pack("<IQ", start, size)


EVERY = {
    "a.docx": word,
    "a.xlsx": workbook,
    "a.xls": lambda: old_workbook(
        [["项目", "2024"], ["收入", 167.2], ["同比", 0.08]], {0.08: "0%"}
    ),
    "a.csv": table,
    "a.pptx": slides,
    "a.epub": book,
    "a.eml": mail,
    "a.zip": archive,
    "a.png": picture,
}
"""Name of a file -> how to make it; the formats of this module."""
