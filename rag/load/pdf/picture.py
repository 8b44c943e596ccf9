"""A page of a PDF as a picture for people, with the places of a quote on it."""

from __future__ import annotations

import io
from typing import NamedTuple

import pypdfium2 as pdfium

from rag.load.pdf.boxes import Box, boxes_on
from rag.load.pdf.file import opened

MAX_PIXELS = 8_000_000


class PagePicture(NamedTuple):
    """A page as it looks."""

    png: bytes
    width: int
    """Pixels."""
    height: int
    pages: int
    """How many the PDF has."""
    boxes: tuple[Box, ...]
    """Where the quote stands: fractions of width and height from the bottom left."""


def picture_with(data: bytes, source: str, number: int, quote: str, width: int) -> PagePicture:
    """Return a page of a PDF and where `quote`, which may be empty, stands on it.

    Args:
        data: The whole file.
        source: Its name, for messages.
        number: Physical page, counted from 1; one that is not there is taken as the nearest.
        quote: A stretch of the document's text.
        width: Pixels wanted; a page of an unusual shape gets fewer.

    Raises:
        DocumentError: The file is broken or needs a password.
    """
    with opened(data, source) as document:
        number = min(max(number, 1), len(document))
        page = document[number - 1]
        across, up = page.get_size()
        scale = min(width / max(1.0, across), (MAX_PIXELS / max(1.0, across * up)) ** 0.5)
        bitmap = page.render(scale=scale, may_draw_forms=False)
        boxes = boxes_on(page, number, quote) if quote else []
        placed = tuple(_placed(box, bitmap, page) for box in boxes)
        buffer = io.BytesIO()
        bitmap.to_pil().convert("RGB").save(buffer, "PNG")
        return PagePicture(buffer.getvalue(), bitmap.width, bitmap.height, len(document), placed)


def _placed(box: Box, bitmap: pdfium.PdfBitmap, page: pdfium.PdfPage) -> Box:
    """Return a box of PDF user space as fractions of the picture, whichever way the page is turned."""
    position = bitmap.get_posconv(page)
    x0, y0 = position.to_bitmap(box.left, box.bottom)
    x1, y1 = position.to_bitmap(box.right, box.top)
    left, right = sorted((x0 / bitmap.width, x1 / bitmap.width))
    bottom, top = sorted((1 - y0 / bitmap.height, 1 - y1 / bitmap.height))
    return Box(left, bottom, right, top)
