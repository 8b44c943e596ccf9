"""Pieces of a document in reading order -> text with blocks; plain paragraphs told apart on the way.

A piece is what a loader found marked up as a paragraph, heading, list item, caption or table. What
authors typed instead of marking it up (bold headings, captions, notices) is recognised here. Knows
no file format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.load import marks
from rag.load.assemble import Assembled, Assembler
from rag.load.imprint import is_dated
from rag.schema import BlockKind

MAX_SOFT_HEADING = 40
"""Characters of a bold or numbered paragraph that stands for a heading."""

_SPACE = re.compile(r"[ \t\r\n\v\f\u00a0\u2028\u2029]+")
_NOTE = re.compile(
    r"[（(]?\s*(?:(?:文章|稿件|新闻|信息|原文)?来源|作者|责任编辑|责编|编辑|记者|校对|编审)\s*[：:][^。；]{1,60}$"
)
_BOILERPLATE = re.compile(
    r"[【\[]?(?:郑重声明|免责声明|免责条款|特别声明|版权声明|法律声明|Disclaimer)[】\]]?\s*[：:]"
)
_SOFT_RANKS = (marks.Rank.PART, marks.Rank.SECTION, marks.Rank.HAN, marks.Rank.HAN_BRACKET)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a document before it has a place in the text."""

    kind: BlockKind
    text: str
    level: int = 0
    linked: float = 0.0
    """Share of its characters that are links."""
    bold: float = 0.0
    """Share of its characters that are bold."""
    page: int | None = None
    """Page it begins on, from 1; None in a format without pages."""


def write(pieces: Sequence[Piece], pages: int = 0) -> Assembled:
    """Return `pieces`, marked, as one text.

    Args:
        pieces: In reading order.
        pages: How many pages the document has, those without a piece included.
    """
    assembler = Assembler()
    for piece in marked(pieces):
        assembler.add_broken(piece.kind, [(piece.page, piece.text)], piece.level)
    return assembler.assembled([None] * pages)


def marked(pieces: Sequence[Piece]) -> list[Piece]:
    """Return `pieces` with paragraphs that are headings, captions, notes or notices marked so."""
    soft = [_soft_rank(piece) for piece in pieces]
    ranks = sorted({rank for rank in soft if rank is not None})
    found: list[Piece] = []
    above = 0
    legal = False
    for piece, rank in zip(pieces, soft, strict=True):
        if piece.kind is BlockKind.HEADING:
            above = piece.level
        elif rank is not None:
            piece = replace(piece, kind=BlockKind.HEADING, level=above + 1 + ranks.index(rank))
        if piece.kind is BlockKind.HEADING:
            legal = marks.is_boilerplate_title(piece.text)
        elif legal or _BOILERPLATE.match(piece.text):
            piece = replace(piece, kind=BlockKind.BOILERPLATE)
        elif piece.kind is BlockKind.PARAGRAPH:
            note = BlockKind.NOTE if _is_note(piece.text) else None
            piece = replace(piece, kind=note or marks.opening(piece.text) or piece.kind)
        found.append(piece)
    return found


def one_line(text: str) -> str:
    """Return `text` with every run of white space as one space, outer white space removed."""
    return _SPACE.sub(" ", text).strip(" \u3000")


def _is_note(text: str) -> bool:
    """Return whether `text` is an imprint: source, author, date."""
    return bool(_NOTE.match(text)) or (is_dated(text) and not re.search(r"[，。；]", text))


def _soft_rank(piece: Piece) -> int | None:
    """Return the depth of a paragraph that stands for a heading, None for all others.

    Chinese articles often number their headings or make them bold instead of marking them up.
    """
    text = piece.text
    if piece.kind is not BlockKind.PARAGRAPH or not text or len(text) > MAX_SOFT_HEADING:
        return None
    rank = marks.numbering(text)
    if rank in _SOFT_RANKS:
        return int(rank)
    if piece.bold < 1 or marks.ends_sentence(text) or re.search(r"[。；，：:]$|。", text):
        return None
    if rank is None and (marks.opening(text) or _is_note(text) or _BOILERPLATE.match(text)):
        return None
    return int(rank) if rank is not None else max(marks.Rank) + 1
