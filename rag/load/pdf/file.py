"""The bytes of a PDF -> its pages of fragments, its outline, and pictures of its pages.

Holds the lock that PDFium needs, which is not thread-safe, and says what is wrong with a file.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from rag.errors import DocumentError
from rag.load.pdf.contents import Entry
from rag.load.pdf.glyphs import PageGlyphs, read_page
from rag.load.pdf.scans import Picture
from rag.load.pdf.tags import is_tagged

MIN_OUTLINE = 5
"""Bookmarks from which an outline lists the headings; shorter ones name files or parts."""
MAX_OUTLINE = 5_000
DPI = 200
"""Dots an inch at which a page is drawn for reading; figures of a table touch at 150."""
MAX_PIXELS = 40_000_000
"""Pixels of a picture; a page of A3 has 8 million at 200 dots an inch."""

_PDFIUM = threading.Lock()


@contextmanager
def opened(data: bytes, source: str) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF for as long as the block runs; no other thread may have one open meanwhile.

    Raises:
        DocumentError: The file is broken or needs a password, or a page of it cannot be read.
    """
    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            raise _unopened(error, source) from error
        try:
            yield document
        except (pdfium.PdfiumError, ValueError, OverflowError, MemoryError) as error:
            raise _broken(source) from error
        finally:
            document.close()


def read(data: bytes, source: str) -> tuple[list[PageGlyphs], list[Entry]]:
    """Return the pages of a PDF and what its outline lists, nothing where that is short.

    Raises:
        DocumentError: The file is broken or needs a password.
    """
    with opened(data, source) as document:
        if not len(document):
            raise _broken(source)
        tagged = is_tagged(document)
        pages = [_page(document, number, tagged) for number in range(1, len(document) + 1)]
        outline = [
            Entry(mark.get_title(), mark.level + 1, _target(mark))
            for mark, _ in zip(document.get_toc(), range(MAX_OUTLINE), strict=False)
        ]
    return pages, outline if len(outline) >= MIN_OUTLINE else []


def picture_of(data: bytes, source: str, number: int) -> Picture:
    """Return what page `number`, counted from 1, looks like.

    Raises:
        DocumentError: As `read`.
    """
    with opened(data, source) as document:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(DPI / 72, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
        bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
        pixels = bitmap.to_numpy()
        if pixels.ndim == 2 or pixels.shape[2] == 1:
            pixels = np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2)
        return Picture(np.ascontiguousarray(pixels[:, :, :3]), 1 / scale)


def _page(document: pdfium.PdfDocument, number: int, tagged: bool) -> PageGlyphs:
    page = document[number - 1]
    try:
        return read_page(page, number, tagged)
    finally:
        page.close()


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
