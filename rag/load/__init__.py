"""A file -> `Document`: reads it, finds out what it is, and gives it to the loader of its format."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from rag.errors import DocumentError
from rag.language import say
from rag.load import docx, epub, html, image, mail, markdown, pdf, sheet, slides, text
from rag.load.encoding import Decoded, UndecodableError, decode
from rag.load.files import Found, discover, exists, printable, read, stamp, supported
from rag.load.inside import outer_file
from rag.load.parsed import Parsed
from rag.load.parts import with_password
from rag.load.report import facts_of_report, first
from rag.load.sniff import (
    ENCRYPTED,
    SUFFIXES,
    Format,
    Kind,
    binary_format,
    text_format,
    unread_kind,
)
from rag.schema import Document, FactName

__all__ = ["VERSION", "Found", "discover", "doc_id_of", "exists", "load", "stamp", "supported"]

VERSION = 2
"""Raised when loaders read a file differently, so that what older ones read is read again."""

_UNKNOWN = Kind("a damaged or unknown file", "已损坏或未知的文件")
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE
)
_DECLARED_WITHIN = 4096
_FROM_BYTES = {
    Format.PDF: pdf.parse,
    Format.DOCX: docx.parse,
    Format.XLSX: sheet.parse_xlsx,
    Format.XLS: sheet.parse_xls,
    Format.PPTX: slides.parse,
    Format.EPUB: epub.parse,
    Format.EML: mail.parse,
    Format.IMAGE: image.parse,
}
_FROM_TEXT = {
    Format.TEXT: text.parse,
    Format.MARKDOWN: markdown.parse,
    Format.HTML: html.parse,
    Format.CSV: sheet.parse_csv,
}
_AS_TEXT = (Format.XLS, Format.XLSX, *_FROM_TEXT)
"""Suffixes under which text is found: web sites export web pages as ``.xls``."""


def load(path: Path) -> Document:
    """Return the file at `path` as a document.

    A fact that the content does not state is taken from the file name; the title falls back to
    the name itself.

    Raises:
        DocumentError: The file cannot be read, is empty, binary, broken, encrypted or too large,
            has a suffix that is not supported, or holds no text.
    """
    shown = printable(str(path))
    promised = _promised(path, shown)
    data = read(path)
    source = _source(path)
    format_ = binary_format(data, promised)
    if format_ is Format.ZIP:
        raise _archive(shown)
    if format_ is not None:
        parsed = _FROM_BYTES[format_](data, shown)
    else:
        decoded = _decode(data, promised, shown)
        format_ = text_format(decoded.text, promised)
        parsed = _FROM_TEXT[format_](decoded.text, source)
    if not parsed.blocks:
        # What was left out may be all there was.
        why = f" ({parsed.warnings[0]})" if parsed.warnings else ""
        raise DocumentError(
            f"{shown}: holds no text{why}; expected a report with text",
            f"{shown}：没有文字内容{why}；应为含有文字的报告",
        )
    return _document(doc_id_of(data), source, format_, parsed, path.stem)


def doc_id_of(data: bytes) -> str:
    """Return the name of a document with the content `data`: the same bytes, the same name.

    ``d1`` tags the scheme, SHA-256 cut to 64 bits, so that a change of it is visible.
    """
    return f"d1-{hashlib.sha256(data).hexdigest()[:16]}"


def _promised(path: Path, shown: str) -> Format:
    """Return the format that the suffix of `path` promises."""
    if not supported(path) and not path.is_dir():
        known = " ".join(SUFFIXES)
        raise DocumentError(
            f"{shown}: {path.suffix or 'no suffix'} is not supported, expected one of {known}; "
            "save it as PDF or text",
            f"{shown}：不支持 {path.suffix or '无后缀的文件'}，应为 {known} 之一；请另存为 PDF 或文本",
        )
    return Format(SUFFIXES.get(path.suffix.lower(), Format.TEXT))


def _source(path: Path) -> str:
    """Return the name shown to people: the file's, behind its archive's where it lies in one."""
    outer = None if path.exists() else outer_file(path)
    return printable(path.name if outer is None else str(path.relative_to(outer.parent)))


def _archive(shown: str) -> DocumentError:
    return DocumentError(
        f"{shown}: is an archive, not a document; type: rag add {shown}",
        f"{shown}：是压缩包，不是文档；请输入：rag add {shown}",
    )


def _decode(data: bytes, promised: Format, shown: str) -> Decoded:
    """Return the text of a file that is in no binary format that is read."""
    kind = unread_kind(data)
    if kind is ENCRYPTED:
        raise with_password(shown)
    if promised is Format.PDF:
        raise DocumentError(
            f"{shown}: has no PDF header, so it is no PDF or a broken one; download it again",
            f"{shown}：没有 PDF 文件头，不是 PDF 或已损坏；请重新下载",
        )
    declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    try:
        if kind is None and promised in _AS_TEXT:
            return decode(data, declared[1].decode("ascii") if declared else None)
    except UndecodableError:
        pass
    en, zh = kind or _UNKNOWN
    raise DocumentError(
        f"{shown}: is {en}, expected {promised.value} as its suffix says; save it as PDF, DOCX or"
        " UTF-8 text",
        f"{shown}：是{zh}，按后缀应为 {promised.value}；请另存为 PDF、DOCX 或 UTF-8 文本",
    )


def _document(doc_id: str, source: str, format_: Format, parsed: Parsed, stem: str) -> Document:
    """Return the document with the facts that its content and its name state."""
    stem = printable(stem)
    facts = facts_of_report(parsed, stem)
    stated = first(facts)
    return Document(
        doc_id=doc_id,
        source=source,
        format=format_.value,
        text=parsed.text,
        title=stated.get(FactName.TITLE, stem),
        blocks=parsed.blocks,
        pages=parsed.pages,
        publisher=stated.get(FactName.PUBLISHER),
        published=stated.get(FactName.PUBLISHED),
        warnings=tuple(dict.fromkeys((*_lost_characters(parsed.text, source), *parsed.warnings))),
        facts=facts,
    )


def _lost_characters(content: str, source: str) -> tuple[str, ...]:
    lost = content.count("\ufffd")
    if not lost:
        return ()
    return (
        say(
            f"{source}: {lost} characters could not be decoded and show as \ufffd",
            f"{source}：{lost} 个字符无法解码，显示为 \ufffd",
        ),
    )
