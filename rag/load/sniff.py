"""Bytes or text of a file -> its format. The content decides; the suffix is a hint."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from rag.load import archive

MIN_TAGS = 3
"""Closing tags from which a text file is HTML without its head."""
MAX_PER_TAG = 2000
"""Characters for each closing tag above which tags are only quoted in a text."""


class Format(StrEnum):
    """What a file is read as; the values of `Document.format`, but for ``zip``."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    PPTX = "pptx"
    EPUB = "epub"
    EML = "eml"
    IMAGE = "image"
    ZIP = "zip"
    """An archive: its members are documents, it is none itself."""


_SUFFIXES_OF = {
    Format.TEXT: "txt text",
    Format.MARKDOWN: "md markdown",
    Format.HTML: "html htm xhtml",
    Format.PDF: "pdf",
    Format.DOCX: "docx docm dotx",
    Format.XLSX: "xlsx xlsm xltx",
    Format.XLS: "xls",
    Format.CSV: "csv",
    Format.PPTX: "pptx pptm ppsx",
    Format.EPUB: "epub",
    Format.EML: "eml",
    Format.IMAGE: "png jpg jpeg tif tiff bmp webp",
    Format.ZIP: "zip",
}
SUFFIXES = {f".{suffix}": f for f, names in _SUFFIXES_OF.items() for suffix in names.split()}
"""Suffix -> the format it promises."""


class Kind(NamedTuple):
    """The name of a kind of file in both languages."""

    en: str
    zh: str


_PDF_HEADER_WITHIN = 1024
"""Bytes in which readers look for the PDF header (ISO 32000-1, implementation note 13)."""
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_UNREAD = (
    (_ZIP, Kind("a damaged ZIP or Office file", "损坏的 ZIP 或 Office 文件")),
    (_OLE, Kind("an old Office file", "旧版 Office 文件")),
    (b"GIF8", Kind("a GIF image", "GIF 图片")),
    (b"\x1f\x8b", Kind("a gzip archive", "gzip 压缩文件")),
    (b"Rar!\x1a\x07", Kind("a RAR archive", "RAR 压缩文件")),
    (b"7z\xbc\xaf\x27\x1c", Kind("a 7-Zip archive", "7-Zip 压缩文件")),
    (b"{\\rtf", Kind("an RTF file", "RTF 文件")),
    (b"\x7fELF", Kind("a program", "可执行程序")),
    (b"MZ\x90\x00", Kind("a program", "可执行程序")),
    (b"SQLite format 3\x00", Kind("a SQLite database", "SQLite 数据库")),
)
# Streams of an OLE file, by the names in its directory, which are UTF-16.
ENCRYPTED = Kind("an Office file with a password", "带密码的 Office 文件")
_OLE_KINDS = (
    ("EncryptedPackage", ENCRYPTED),
    ("WordDocument", Kind("an old Word file (.doc)", "旧版 Word 文件（.doc）")),
    ("PowerPoint Document", Kind("an old PowerPoint file (.ppt)", "旧版 PowerPoint 文件（.ppt）")),
    ("__properties_version1.0", Kind("an Outlook file (.msg)", "Outlook 文件（.msg）")),
)
_ZIP_KINDS = (
    ("xl/workbook.bin", Kind("a binary Excel file (.xlsb)", "二进制 Excel 文件（.xlsb）")),
    ("content.xml", Kind("an OpenDocument file", "OpenDocument 文件")),
)
_MAIN_FOLDERS = (("word/", Format.DOCX), ("xl/", Format.XLSX), ("ppt/", Format.PPTX))
_MAIL_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*):[ \t]*\S?.*\n(?:[ \t]+\S.*\n)*")
_MAIL_WITHIN = 20_000
_MAIL_ONLY = {"mime-version", "received", "message-id", "return-path", "delivered-to"}
_FRONT_MATTER = re.compile(
    r"\s*---[ \t]*\n(?:.*\n)*?[\w\u4e00-\u9fff-]+[ \t]*:.*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)"
)
_FRONT_LENGTH = 20_000
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_CLOSING_TAG = re.compile(
    r"</(?:p|div|span|td|tr|th|li|a|h[1-6]|table|section|article|strong|body)>", re.I
)
_MARKDOWN_LINE = re.compile(r"^(?:#{1,6} \S|\|?\s*:?-{3,}:?\s*\|)", re.MULTILINE)


def binary_format(data: bytes, promised: Format) -> Format | None:
    """Return what `data` is when it is in a format that is read as bytes; None for all else.

    A mail is one: each of its parts has an encoding of its own.
    """
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return Format.PDF
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return zip_format(archive.names(data))
    if data.startswith(_OLE):
        book = any(_in_ole(name, data) for name in ("Workbook", "Book"))
        return Format.XLS if book and not _in_ole("EncryptedPackage", data) else None
    webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    bitmap = data.startswith(b"BM") and data[6:10] == b"\0\0\0\0"
    if data.startswith(_IMAGES) or webp or bitmap:
        return Format.IMAGE
    return Format.EML if _is_mail(data[:_MAIL_WITHIN].decode("latin-1"), promised) else None


def zip_format(names: frozenset[str]) -> Format | None:
    """Return what a zip file with members of these `names` is; None when it cannot be read."""
    if "META-INF/container.xml" in names:
        return Format.EPUB
    if any(name in names for name, _ in _ZIP_KINDS):
        return None
    if "[Content_Types].xml" in names:
        for folder, found in _MAIN_FOLDERS:
            if any(name.startswith(folder) for name in names):
                return found
    return Format.ZIP if names else None


def unread_kind(data: bytes) -> Kind | None:
    """Return what kind of file that is not read `data` is; None for what may be text."""
    if data.startswith(_OLE):
        found = (kind for name, kind in _OLE_KINDS if _in_ole(name, data))
        return next(found, dict(_UNREAD)[_OLE])
    if data.startswith(_ZIP):
        names = archive.names(data)
        return next((kind for name, kind in _ZIP_KINDS if name in names), dict(_UNREAD)[_ZIP])
    return next((kind for magic, kind in _UNREAD if data.startswith(magic)), None)


def text_format(text: str, promised: Format) -> Format:
    """Return how to read a decoded file whose suffix promises `promised`.

    News archives keep Jekyll pages as ``.txt`` and web pages as ``.md``, so a text file is looked
    into, and a page with front matter is Markdown whatever it is called. What web sites call
    ``.xls`` is often a web page or tab-separated text.
    """
    if _FRONT_MATTER.match(text[:_FRONT_LENGTH]):
        return Format.MARKDOWN
    if promised is Format.HTML or _HTML_START.match(text):
        return Format.HTML
    if promised is Format.MARKDOWN or promised is Format.CSV:
        return promised
    tags = len(_CLOSING_TAG.findall(text))
    if tags >= MIN_TAGS and len(text) <= MAX_PER_TAG * tags:
        return Format.HTML
    if promised in (Format.XLS, Format.XLSX):
        return Format.CSV
    return Format.MARKDOWN if len(_MARKDOWN_LINE.findall(text)) >= 2 else Format.TEXT


def _is_mail(text: str, promised: Format) -> bool:
    """Return whether `text` begins with the header of a mail.

    A header has a sender; a file that does not promise to be a mail must also hold a line that only
    mail programs write, because reports too begin with lines such as ``From: ...``.
    """
    names: set[str] = set()
    at = len(text) - len(text.lstrip("\xef\xbb\xbf \r\n"))
    while (found := _MAIL_HEADER.match(text, at)) and len(names) < 40:
        names.add(found[1].lower())
        at = found.end()
    if promised is Format.EML:
        return bool(names & {"from", "subject", "date", *_MAIL_ONLY})
    return "from" in names and bool(names & _MAIL_ONLY)


def _in_ole(name: str, data: bytes) -> bool:
    """Return whether an OLE file has a stream called `name`: its whole name, padded with zeros."""
    return name.encode("utf-16-le") + b"\0\0" in data
