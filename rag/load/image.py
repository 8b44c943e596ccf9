"""A picture of text (PNG, JPEG, TIFF, BMP, WebP) -> text with blocks and pages, by OCR.

What the recogniser reads is set out again as lines of text and given to the loader of such text.
"""

from __future__ import annotations

import io
import statistics
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rag.errors import DocumentError
from rag.language import say
from rag.load import ocr
from rag.load.facts import facts_of
from rag.load.parsed import Parsed
from rag.load.parts import broken
from rag.load.wrapped import layout
from rag.text import display_width, normalise

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 100_000_000
"""A page of A3 at 600 dots an inch has 70 million."""
MAX_PAGES = 200
COLUMN_LINES = 8
"""Lines that each of two columns must have."""
COLUMN_WIDTH = 12
"""Full-width characters that the lines of a column usually have; cells of a table have less."""
CROSSING = 0.08
"""Share of the lines that may run across the gap between two columns."""
ASIDE = "  "
"""What is set between two cells of a row."""


def parse(data: bytes, source: str) -> Parsed:
    """Return the blocks, pages and stated facts of a picture of text.

    Args:
        data: The whole file; each picture of a TIFF file is a page.
        source: Its name, for messages.

    Raises:
        DocumentError: The extra ``ocr`` is not installed, or the file is damaged or far too large.
    """
    ocr.require(source)
    pages: list[list[str]] = []
    left_out = 0
    for number, image in enumerate(_images(data, source)):
        if number < MAX_PAGES:
            pages.append([normalise(line) for line in lines_of(ocr.recognise(image))])
        else:
            left_out += 1
    laid = layout(pages)
    stated = facts_of(laid.text, laid.blocks)
    return Parsed(
        text=laid.text,
        blocks=laid.blocks,
        pages=tuple(replace(page, by_ocr=True) for page in laid.pages),
        title=stated.title,
        publisher=stated.publisher,
        published=stated.published,
        warnings=_left_out(left_out, source),
    )


def lines_of(found: Sequence[ocr.OcrLine]) -> list[str]:
    """Return what was read on a page as lines of text, in the order of reading.

    Indents, blank lines and the space between cells stand for what they are on the page.
    """
    columns = _columns(found)
    lines: list[str] = []
    for column in columns:
        rows = _rows(column)
        if not rows:
            continue
        margin = min(piece.x0 for row in rows for piece in row)
        height = statistics.median(piece.height for row in rows for piece in row)
        pitches = [b[0].top - a[0].top for a, b in zip(rows, rows[1:], strict=False)]
        usual = statistics.median(pitches) if pitches else height
        for i, row in enumerate(rows):
            if i and pitches[i - 1] > 1.6 * max(usual, height):
                lines.append("")
            lines.append(_indent(row[0], margin) + ASIDE.join(piece.text for piece in row))
    return lines


def _images(data: bytes, source: str) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield the pictures of a file as red, green and blue."""
    from PIL import Image, ImageOps, ImageSequence

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data)) as file:
                for number, frame in enumerate(ImageSequence.Iterator(file)):
                    _check_size(frame, source)
                    # Beyond the last page that is read, pictures are counted only.
                    upright = ImageOps.exif_transpose(frame) if number < MAX_PAGES else None
                    yield _pixels(upright) if upright else np.zeros((1, 1, 3), np.uint8)
        except DocumentError:
            raise
        except Image.DecompressionBombError:
            raise _too_large(source) from None
        except Exception as error:
            # The decoders of Pillow fail on damage with errors of any kind.
            raise broken(source, f"{type(error).__name__}: {error}") from error


def _pixels(image: Image) -> npt.NDArray[np.uint8]:
    """Return a picture on white paper; what is transparent shows as black otherwise."""
    if image.mode == "P" or "A" in image.mode:
        rgba = np.asarray(image.convert("RGBA"), dtype=np.float32)
        ink = rgba[:, :, 3:] / 255
        return (rgba[:, :, :3] * ink + 255 * (1 - ink)).astype(np.uint8)
    return np.asarray(image.convert("RGB"))


def _check_size(image: Image, source: str) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_large(source)


def _too_large(source: str) -> DocumentError:
    millions = MAX_PIXELS // 10**6
    return DocumentError(
        f"{source}: has more than {millions} million pixels, expected a page; save it smaller",
        f"{source}：超过 {millions // 100} 亿像素，应为一页文字；请缩小后再试",
    )


def _columns(found: Sequence[ocr.OcrLine]) -> list[list[ocr.OcrLine]]:
    """Return `found` by columns, left to right; one where the page is not set in two."""
    edges = sorted({line.x0 for line in found})
    best: tuple[int, float] | None = None
    for edge in edges[1:]:
        left = [line for line in found if line.x1 <= edge]
        right = [line for line in found if line.x0 >= edge]
        crossing = len(found) - len(left) - len(right)
        prose = all(
            len(side) >= COLUMN_LINES
            and statistics.median(display_width(line.text) for line in side) >= 2 * COLUMN_WIDTH
            for side in (left, right)
        )
        if prose and crossing <= CROSSING * len(found) and (best is None or crossing < best[0]):
            best = crossing, edge
    if best is None:
        return [list(found)]
    above = [line for line in found if line.x0 < best[1] < line.x1]
    left = [line for line in found if line.x1 <= best[1]]
    right = [line for line in found if line.x0 >= best[1]]
    return [above, left, right]


def _rows(lines: Sequence[ocr.OcrLine]) -> list[list[ocr.OcrLine]]:
    """Return `lines` as rows, top to bottom, the pieces of each left to right."""
    rows: list[list[ocr.OcrLine]] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        middle = (line.top + line.bottom) / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.x0) for row in rows]


def _indent(line: ocr.OcrLine, margin: float) -> str:
    """Return the white space before a line: two columns for each character's width."""
    width = (line.x1 - line.x0) / max(1, display_width(line.text))
    columns = round((line.x0 - margin) / max(1.0, width))
    return " " * columns if columns >= 2 else ""


def _left_out(pages: int, source: str) -> tuple[str, ...]:
    if not pages:
        return ()
    return (
        say(
            f"{source}: the last {pages} pages were not read, {MAX_PAGES} are the limit",
            f"{source}：最后 {pages} 页未读取，上限为 {MAX_PAGES} 页",
        ),
    )
