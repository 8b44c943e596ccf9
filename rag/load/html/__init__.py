"""HTML -> text with blocks: the article of a page without its furniture, as plain text.

Entities are decoded once and markup is dropped, so the text is data: whoever shows it escapes it.
Decoding of bytes and Markdown are done elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from rag.load import marks
from rag.load.assemble import Assembler
from rag.load.html.clean import clean
from rag.load.html.facts import facts_of_page, head_of
from rag.load.html.walk import Piece, pieces_of
from rag.load.imprint import is_dated
from rag.load.parsed import Parsed
from rag.schema import BlockKind
from rag.text import normalise

MAX_SOFT_HEADING = 40
"""Characters of a bold or numbered paragraph that stands for a heading."""
LINKED = 0.8
"""Share of linked characters from which a line is a link, not text about one."""

_SITE_LINE = re.compile(
    r"(?:返回|回到)\S{0,12}(?:首页|顶部|列表|上页|上一页|新闻)|(?:上|下)一[篇页条][：:]?.*|分享(?:到|至)?[：:]?.{0,40}|"
    r"(?:打印|收藏|点赞|关闭窗口|扫一扫)\S{0,20}|(?:您?的?(?:当前|所在)位置|位置)[：:].*|首页\s*[>＞»›/].*|"
    r"(?:阅读|浏览|点击|评论)(?:数|量|次数)?[：:(（]?\s*\d*[)）]?次?"
)
_RELATED = re.compile(
    r"(?:相关|推荐|延伸|热门|更多|最新)(?:阅读|新闻|文章|推荐|资讯|链接|内容|报道)|猜你喜欢|Related (?:articles|posts|links)"
)
_NOTE = re.compile(
    r"[（(]?\s*(?:(?:文章|稿件|新闻|信息|原文)?来源|作者|责任编辑|责编|编辑|记者|校对|编审)\s*[：:][^。；]{1,60}$"
)
_BOILERPLATE = re.compile(
    r"[【\[]?(?:郑重声明|免责声明|免责条款|特别声明|版权声明|法律声明|Disclaimer)[】\]]?\s*[：:]"
)
_SOFT_RANKS = (marks.Rank.PART, marks.Rank.SECTION, marks.Rank.HAN, marks.Rank.HAN_BRACKET)


def parse(html: str, source: str) -> Parsed:
    """Return the blocks and stated facts of an HTML page.

    Args:
        html: The whole page, decoded.
        source: Its name; no page has given cause for a warning so far.
    """
    tree = LexborHTMLParser(normalise(html))
    head = head_of(tree)
    body = clean(tree)
    pieces = [] if body is None else pieces_of(body)
    facts = facts_of_page(head, pieces)
    assembler = Assembler()
    for piece in _marked(_without_site_lines(pieces)):
        assembler.add(piece.kind, piece.text, piece.level)
    done = assembler.assembled()
    return Parsed(
        text=done.text,
        blocks=done.blocks,
        title=facts.title,
        publisher=facts.publisher,
        published=facts.published,
    )


def _without_site_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """Return `pieces` without the site's links before, behind and beside the article."""
    texts = [i for i, piece in enumerate(pieces) if _is_text(piece)]
    if not texts:
        return [piece for piece in pieces if not _SITE_LINE.fullmatch(piece.text)]
    kept: list[Piece] = []
    in_list = False
    for index, piece in enumerate(pieces):
        outside = not texts[0] <= index <= texts[-1]
        titled = bool(_RELATED.fullmatch(piece.text.rstrip("：:")))
        in_list = titled or (in_list and piece.linked >= LINKED)
        site = _SITE_LINE.fullmatch(piece.text) or (outside and piece.linked >= LINKED)
        if not site and not in_list:
            kept.append(piece)
    return kept


def _is_text(piece: Piece) -> bool:
    return piece.linked < LINKED and piece.kind in (
        BlockKind.PARAGRAPH,
        BlockKind.TABLE,
        BlockKind.LIST_ITEM,
    )


def _marked(pieces: Sequence[Piece]) -> list[Piece]:
    """Return `pieces` with paragraphs that are headings, captions, notes or notices marked so."""
    soft = [_soft_rank(piece) for piece in pieces]
    ranks = sorted({rank for rank in soft if rank is not None})
    marked: list[Piece] = []
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
        marked.append(piece)
    return marked


def _is_note(text: str) -> bool:
    """Return whether `text` is an imprint: source, author, date."""
    return bool(_NOTE.match(text)) or (is_dated(text) and not re.search(r"[，。；]", text))


def _soft_rank(piece: Piece) -> int | None:
    """Return the depth of a paragraph that stands for a heading, None for all others.

    Chinese articles often number their headings or make them bold instead of marking them up.
    """
    text = piece.text
    if piece.kind is not BlockKind.PARAGRAPH or len(text) > MAX_SOFT_HEADING:
        return None
    rank = marks.numbering(text)
    if rank in _SOFT_RANKS:
        return int(rank)
    if piece.bold < 1 or marks.ends_sentence(text) or re.search(r"[。；，：:]$|。", text):
        return None
    if rank is None and (marks.opening(text) or _is_note(text) or _BOILERPLATE.match(text)):
        return None
    return int(rank) if rank is not None else max(marks.Rank) + 1
