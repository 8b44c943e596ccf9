"""PDF -> text with blocks and pages: lines rebuilt from where the characters stand.

Steps, one module each: glyphs -> margins -> lines -> contents, cover, headings -> regions, setting
-> paragraphs. Scans have no characters; reading those needs OCR, which is not here.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from rag.errors import DocumentError
from rag.language import say
from rag.load.facts import facts_of
from rag.load.parsed import Parsed
from rag.load.pdf.contents import Entry
from rag.load.pdf.glyphs import PageGlyphs, read_page
from rag.load.pdf.layout import lay_out
from rag.load.pdf.tags import is_tagged

MIN_OUTLINE = 5
"""Bookmarks from which an outline lists the headings; shorter ones name files or parts."""
UNREADABLE = 0.3
"""Share of characters without a Unicode value from which a text layer is of no use."""

_PDFIUM = threading.Lock()


def parse(data: bytes, source: str) -> Parsed:
    """Return the blocks, pages and stated facts of a PDF.

    Args:
        data: The whole file.
        source: Its name, for messages.

    Raises:
        DocumentError: The file is broken or encrypted, or none of its pages has text.
    """
    with _PDFIUM:
        pages, outline = _read(data, source)
    if not any(page.fragments for page in pages):
        raise DocumentError(
            f"{source}: its {len(pages)} pages are scanned images without text; reading them needs "
            "OCR, which is not there yet: expected a PDF with text, save one from an OCR program",
            f"{source}：{len(pages)} 页均为无文字层的扫描图像，需要 OCR，目前尚不支持；"
            "请先用 OCR 软件另存为带文字的 PDF",
        )
    _check_readable(pages, source)
    done, cover = lay_out(pages, outline)
    facts = facts_of(done.text, done.blocks)
    return Parsed(
        text=done.text,
        blocks=done.blocks,
        pages=done.pages,
        title=cover.title or facts.title,
        publisher=facts.publisher,
        published=cover.published or facts.published,
        warnings=_warnings(pages, source),
    )


def _read(data: bytes, source: str) -> tuple[list[PageGlyphs], list[Entry]]:
    """Return the pages of a PDF and what its outline lists."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise _unopened(error, source) from error
    try:
        tagged = is_tagged(document)
        pages = [read_page(document[i], i + 1, tagged) for i in range(len(document))]
        outline = [
            Entry(mark.get_title(), mark.level + 1, _target(mark)) for mark in document.get_toc()
        ]
    except pdfium.PdfiumError as error:
        raise _broken(source) from error
    finally:
        document.close()
    return pages, outline if len(outline) >= MIN_OUTLINE else []


def _target(mark: pdfium.PdfBookmark) -> int | None:
    destination = mark.get_dest()
    index = destination.get_index() if destination else None
    return None if index is None else index + 1


def _unopened(error: pdfium.PdfiumError, source: str) -> DocumentError:
    if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
        return DocumentError(
            f"{source}: is encrypted, expected a PDF that opens without a password; "
            "save a copy without one",
            f"{source}：已加密，应为无需密码即可打开的 PDF；请另存为不加密的副本",
        )
    return _broken(source)


def _broken(source: str) -> DocumentError:
    return DocumentError(
        f"{source}: is broken, expected a whole PDF; download it again",
        f"{source}：PDF 已损坏，应为完整的文件；请重新下载",
    )


def _check_readable(pages: Sequence[PageGlyphs], source: str) -> None:
    text = "".join(f.text for page in pages for f in page.fragments)
    unknown = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in text)
    if unknown > UNREADABLE * len(text):
        raise DocumentError(
            f"{source}: its fonts do not say which characters they show; reading it needs OCR, which "
            "is not there yet: expected a PDF whose text can be copied",
            f"{source}：字体缺少字符编码，文字无法提取，需要 OCR，目前尚不支持；应为可复制文字的 PDF",
        )


def _warnings(pages: Sequence[PageGlyphs], source: str) -> tuple[str, ...]:
    scanned = ", ".join(str(page.number) for page in pages if page.pictured and not page.fragments)
    if not scanned:
        return ()
    return (
        say(
            f"{source}: pages {scanned} are images; their text was not read (needs OCR)",
            f"{source}：第 {scanned} 页是图像，其中文字未读取（需要 OCR）",
        ),
    )
