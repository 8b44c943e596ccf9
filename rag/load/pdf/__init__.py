"""PDF -> text with blocks and pages: lines rebuilt from where the characters stand.

Steps, one module each: file (chars, tags, glyphs) -> scans -> margins -> lines -> contents, cover,
headings, back -> regions, setting -> paragraphs. `boxes_of` goes the other way, from a quote to the
places of its lines on the page; `picture_with` shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.errors import DocumentError
from rag.language import say
from rag.load.facts import facts_of
from rag.load.parsed import Parsed
from rag.load.pdf.boxes import Box, boxes_of
from rag.load.pdf.file import picture_of, read
from rag.load.pdf.layout import lay_out
from rag.load.pdf.picture import PagePicture, picture_with
from rag.load.pdf.scans import Read, read_scans

__all__ = ["Box", "PagePicture", "boxes_of", "parse", "picture_with"]


def parse(data: bytes, source: str) -> Parsed:
    """Return the blocks, pages and stated facts of a PDF.

    Pages without readable text are read by OCR where the extra ``ocr`` is installed; which they are
    is said in the warnings.

    Args:
        data: The whole file.
        source: Its name, for messages.

    Raises:
        DocumentError: The file is broken or needs a password, or none of its pages can be read.
    """
    pages, outline = read(data, source)
    found = read_scans(pages, lambda number: picture_of(data, source, number))
    if not any(page.fragments for page in found.pages):
        raise _unreadable(found, source)
    done, cover = lay_out(found.pages, outline)
    facts = facts_of(done.text, done.blocks)
    by_ocr = frozenset(found.by_ocr)
    return Parsed(
        text=done.text,
        blocks=done.blocks,
        pages=tuple(replace(page, by_ocr=page.number in by_ocr) for page in done.pages),
        title=cover.title or facts.title,
        publisher=facts.publisher or cover.house,
        published=cover.published or facts.published,
        warnings=_warnings(found, source),
    )


def _unreadable(found: Read, source: str) -> DocumentError:
    pages = len(found.pages)
    if not found.unread:
        return DocumentError(
            f"{source}: there is no text on its {pages} pages, expected a report; check the file",
            f"{source}：{pages} 页上均无文字，应为研究报告；请检查文件",
        )
    return DocumentError(
        f"{source}: none of its {pages} pages has readable text; install the ocr extra to read "
        "pictures of pages: pip install 'rag-research-reports[ocr]'",
        f"{source}：{pages} 页均无可读文字；请安装 ocr 扩展以识别页面图像："
        "pip install 'rag-research-reports[ocr]'",
    )


def _warnings(found: Read, source: str) -> tuple[str, ...]:
    warnings = []
    if found.by_ocr:
        pages = _ranges(found.by_ocr)
        warnings.append(
            say(
                f"{source}: pages {pages} were read by OCR, check figures against the page",
                f"{source}：第 {pages} 页由 OCR 识别，引用数字前请核对原页",
            )
        )
    if found.unread:
        pages = _ranges(found.unread)
        warnings.append(
            say(
                f"{source}: pages {pages} have no readable text; install the ocr extra: "
                "pip install 'rag-research-reports[ocr]'",
                f"{source}：第 {pages} 页无可读文字；请安装 ocr 扩展："
                "pip install 'rag-research-reports[ocr]'",
            )
        )
    return tuple(warnings)


def _ranges(numbers: Sequence[int]) -> str:
    """Return page numbers as people write them.

    >>> _ranges([1, 3, 4, 5])
    '1, 3-5'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if run[1:] else f"{run[0]}" for run in runs)
