"""HTML -> text with blocks: the article of a page without its furniture, as plain text.

Entities are decoded once and markup is dropped, so the text is data: whoever shows it escapes it.
Decoding of bytes and Markdown are done elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser

from rag.load.html.clean import clean
from rag.load.html.facts import facts_of_page, head_of
from rag.load.html.walk import pieces_of
from rag.load.parsed import Parsed
from rag.load.pieces import Piece, write
from rag.schema import BlockKind
from rag.text import normalise

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


def parse(html: str, source: str) -> Parsed:
    """Return the blocks and stated facts of an HTML page.

    Args:
        html: The whole page, decoded.
        source: Its name; no page has given cause for a warning so far.
    """
    tree = LexborHTMLParser(normalise(html))
    head = head_of(tree)
    pieces = _pieces_of_tree(tree)
    facts = facts_of_page(head, pieces)
    done = write(_without_site_lines(pieces))
    return Parsed(
        text=done.text,
        blocks=done.blocks,
        title=facts.title,
        publisher=facts.publisher,
        published=facts.published,
    )


def read_pieces(html: str) -> list[Piece]:
    """Return the pieces of a page that is a part of something: a chapter of a book, a mail."""
    return _without_site_lines(_pieces_of_tree(LexborHTMLParser(normalise(html))))


def _pieces_of_tree(tree: LexborHTMLParser) -> list[Piece]:
    body = clean(tree)
    return [] if body is None else pieces_of(body)


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
