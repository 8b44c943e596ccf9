"""A place in a document of the index -> HTML: the page of a PDF with boxes, or the marked text."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from rag.errors import DocumentError
from rag.index import Index
from rag.load import doc_id_of
from rag.load.files import read
from rag.load.pdf import PagePicture, picture_with
from rag.page.escape import text
from rag.page.words import Words
from rag.schema import Block, BlockKind, Document

WIDTH = 1100
"""Pixels of a page's picture: sharp on the usual screens at the width of the panel."""
AROUND = 20_000
"""Characters shown on each side of the place; a book is not sent whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """What to show: a stretch of a document, or a page of it where `end` is 0."""

    doc_id: str
    start: int = 0
    end: int = 0
    page: int | None = None


def preview(words: Words, index: Index, place: Place) -> str:
    """Return a document at a place; only what the index holds can be shown.

    A PDF is shown from its file when that is still the one that was indexed, and otherwise, like
    every other format, as the text that was read from it.

    Raises:
        IndexError_: The index has no document of that id.
    """
    document = index.document(place.doc_id)
    at = max(0, min(place.start, len(document.text)))
    end = max(at, min(place.end, len(document.text)))
    number = place.page or document.page_at(at) or 1
    body = ""
    if document.format == "pdf":
        picture = _picture(index, document, number, document.text[at:end])
        body = _page(words, document, picture, number) if picture else ""
    return (
        f'<section class="preview" aria-label="{words("The report", "报告原文")}">'
        f"{_head(words, document)}{body or _text(words, document, at, end)}</section>"
    )


def _head(words: Words, document: Document) -> str:
    facts = (document.publisher, document.published, document.source)
    shown = " · ".join(text(fact) for fact in facts if fact)
    return f'<h2>{text(document.title)}</h2><p class="where">{shown}</p>'


def _picture(index: Index, document: Document, number: int, quote: str) -> PagePicture | None:
    """Return the page from the first file that still is what was indexed; None if there is none."""
    for path in index.files(document.doc_id):
        try:
            data = read(path)
            if doc_id_of(data) == document.doc_id:
                return picture_with(data, document.source, number, quote, WIDTH)
        except (DocumentError, OSError):
            continue
    return None


def _page(words: Words, document: Document, picture: PagePicture, number: int) -> str:
    number = min(number, picture.pages)
    boxes = "".join(
        f'<span class="box" style="left:{box.left:.2%};top:{1 - box.top:.2%};'
        f'width:{box.right - box.left:.2%};height:{box.top - box.bottom:.2%}"></span>'
        for box in picture.boxes
    )
    data = base64.b64encode(picture.png).decode("ascii")
    alternative = words(f"Page {number} of {document.title}", f"{document.title} 第 {number} 页")
    return (
        f"{_turning(words, document, number, picture.pages)}"
        f'<div class="sheet" data-page="{number}"><img src="data:image/png;base64,{data}"'
        f' width="{picture.width}" height="{picture.height}" alt="{text(alternative)}">'
        f"{boxes}</div>"
    )


def _turning(words: Words, document: Document, number: int, pages: int) -> str:
    """Return the buttons to the pages before and after."""

    def button(to: int, label: str, sign: str) -> str:
        off = "" if 1 <= to <= pages else " disabled"
        return (
            f'<button type="button" data-do="page" data-doc="{text(document.doc_id)}"'
            f' data-page="{to}" aria-label="{label}"{off}>{sign}</button>'
        )

    here = words(f"Page {number} of {pages}", f"第 {number} / {pages} 页")
    return (
        f'<div class="turning">{button(number - 1, words("Previous page", "上一页"), "‹")}'
        f"<span>{here}</span>{button(number + 1, words('Next page', '下一页'), '›')}</div>"
    )


def _text(words: Words, document: Document, start: int, end: int) -> str:
    """Return the text around a place, block by block, the place marked."""
    low, high = max(0, start - AROUND), min(len(document.text), end + AROUND)
    cut = f'<p class="cut">{words("… left out …", "…… 此处省略 ……")}</p>'
    blocks = "".join(
        _block(document.text, block, start, end)
        for block in document.blocks
        if block.start < high and block.end > low
    )
    return (
        f'<div class="read" tabindex="0">{cut * (low > 0)}{blocks}'
        f"{cut * (high < len(document.text))}</div>"
    )


def _block(whole: str, block: Block, start: int, end: int) -> str:
    low, high = max(block.start, start), min(block.end, end)
    if low < high:
        body = (
            text(whole[block.start : low])
            + f'<mark class="here">{text(whole[low:high])}</mark>'
            + text(whole[high : block.end])
        )
    else:
        body = text(whole[block.start : block.end])
    tag = "h4" if block.kind is BlockKind.HEADING else "p"
    return f'<{tag} class="{block.kind}">{body}</{tag}>'
