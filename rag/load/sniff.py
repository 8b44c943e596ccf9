"""Bytes or text of a file -> its format. The content decides; the suffix is a hint."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

MIN_TAGS = 3
"""Closing tags from which a text file is HTML without its head."""
MAX_PER_TAG = 2000
"""Characters for each closing tag above which tags are only quoted in a text."""

SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
}
"""Suffix -> the format it promises."""


class Format(StrEnum):
    """What a file is read as; the values of `Document.format`."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"


class Kind(NamedTuple):
    """The name of a kind of binary file in both languages."""

    en: str
    zh: str


_PDF_HEADER_WITHIN = 1024
"""Bytes in which readers look for the PDF header (ISO 32000-1, implementation note 13)."""
_MAGIC = (
    (b"PK\x03\x04", Kind("a ZIP or Office file", "ZIP 或 Office 文件")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind("an old Office file", "旧版 Office 文件")),
    (b"\x89PNG\r\n\x1a\n", Kind("a PNG image", "PNG 图片")),
    (b"\xff\xd8\xff", Kind("a JPEG image", "JPEG 图片")),
    (b"GIF8", Kind("a GIF image", "GIF 图片")),
    (b"\x1f\x8b", Kind("a gzip archive", "gzip 压缩文件")),
    (b"Rar!\x1a\x07", Kind("a RAR archive", "RAR 压缩文件")),
    (b"7z\xbc\xaf\x27\x1c", Kind("a 7-Zip archive", "7-Zip 压缩文件")),
    (b"\x7fELF", Kind("a program", "可执行程序")),
    (b"MZ\x90\x00", Kind("a program", "可执行程序")),
    (b"SQLite format 3\x00", Kind("a SQLite database", "SQLite 数据库")),
)
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


def is_pdf(data: bytes) -> bool:
    """Return whether `data` has the header of a PDF."""
    return b"%PDF-" in data[:_PDF_HEADER_WITHIN]


def binary_kind(data: bytes) -> Kind | None:
    """Return what kind of binary file `data` begins like; None for what may be text."""
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def text_format(text: str, promised: Format) -> Format:
    """Return how to read a decoded file whose suffix promises `promised`.

    News archives keep Jekyll pages as ``.txt`` and web pages as ``.md``, so a text file is looked
    into, and a page with front matter is Markdown whatever it is called.
    """
    if _FRONT_MATTER.match(text[:_FRONT_LENGTH]):
        return Format.MARKDOWN
    if promised is Format.HTML or _HTML_START.match(text):
        return Format.HTML
    if promised is Format.MARKDOWN:
        return Format.MARKDOWN
    tags = len(_CLOSING_TAG.findall(text))
    if tags >= MIN_TAGS and len(text) <= MAX_PER_TAG * tags:
        return Format.HTML
    return Format.MARKDOWN if len(_MARKDOWN_LINE.findall(text)) >= 2 else Format.TEXT
