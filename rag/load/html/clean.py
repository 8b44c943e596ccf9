"""An HTML tree -> the same tree without what is no part of the article: code, furniture, hidden text.

Knows the habits of web pages; knows nothing of blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_FURNITURE = 0.4
"""Share of the page's text that furniture may hold; a larger part is the page, whatever its name.

ASP.NET wraps whole pages in one form, and some templates put the article into an "aside".
"""
MIN_MAIN = 0.5
"""Share of the page's text from which an article element is believed to be all of the article."""
MAX_STYLE = 1000
"""Characters of a style attribute that are looked at."""

_CODE = frozenset(
    "script style noscript template iframe object embed svg canvas audio video head title".split()
)
_CONTROLS = frozenset("button input select textarea option datalist dialog".split())
_FURNITURE_TAGS = frozenset({"nav", "aside", "form", "menu"})
_FURNITURE_ROLES = frozenset(
    "navigation banner complementary contentinfo search menu menubar dialog".split()
)
_NEVER_BY_NAME = frozenset("article main p h1 h2 h3 span a strong b em table".split())
_FURNITURE_CLASSES = re.compile(
    r"(?:^|[-_])(?:nav|navbar|menu|breadcrumbs?|crumbs?|sidebar|share|sharing|social|toolbar|related|"
    r"recommend(?:ed|ation)?s?|pagination|pager|comments|advert|ads?|banner|copyright|cookie|login|"
    r"subscribe|qrcode|footer|topbar|sitemap)(?:$|[-_])",
    re.IGNORECASE,
)
_HIDDEN_CLASSES = frozenset(
    {"hidden", "sr-only", "visually-hidden", "d-none", "screen-reader-text"}
)
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0+)?(?![.\d])|font-size:0(?![.\d])|"
    r"(?:text-indent|left|top|right):-\d{4,}|color:transparent|clip:rect\(0|"
    r"(?:^|;)(?:max-)?(?:height|width):[01](?:px)?;(?:.*;)?overflow:hidden|"
    r"(?:^|;)overflow:hidden;(?:.*;)?(?:max-)?(?:height|width):[01](?:px)?(?:;|$)"
)


def clean(tree: LexborHTMLParser) -> LexborNode | None:
    """Strip `tree` in place and return the element that holds the article.

    That is the body unless one article or main element holds most of its text; None for a
    document without a body.
    """
    body = tree.body
    if body is None:
        return None
    _prune(body, lambda node: node.tag in _CODE or _is_hidden(node))
    lengths = _text_lengths(body)
    most = MAX_FURNITURE * lengths[body.mem_id]
    _prune(body, lambda node: _is_furniture(node) and lengths[node.mem_id] <= most)
    _prune(body, lambda node: node.tag in _CONTROLS)
    return _main(body)


def _prune(root: LexborNode, doomed: Callable[[LexborNode], bool]) -> None:
    """Remove every element below `root` that is `doomed`, outermost first.

    Removal frees what is inside, so nothing below a removed element may be touched again.
    """
    stack = [root]
    while stack:
        child = stack.pop().child
        while child is not None:
            following = child.next
            if child.is_comment_node or (child.is_element_node and doomed(child)):
                child.decompose()
            elif child.is_element_node:
                stack.append(child)
            child = following


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if "hidden" in attributes or (attributes.get("aria-hidden") or "").lower() == "true":
        return True
    if _HIDDEN_CLASSES & set((attributes.get("class") or "").lower().split()):
        return True
    style = re.sub(
        r"/\*.*?\*/|\s+|!important", "", (attributes.get("style") or "")[:MAX_STYLE].lower()
    )
    return bool(_HIDDEN_STYLE.search(style))


def _is_furniture(node: LexborNode) -> bool:
    if node.tag in _FURNITURE_TAGS or node.attributes.get("role") in _FURNITURE_ROLES:
        return True
    if node.tag in ("header", "footer"):
        return not _is_article_part(node)
    return node.tag not in _NEVER_BY_NAME and _is_named_furniture(node)


def _is_named_furniture(node: LexborNode) -> bool:
    """Return whether the element's class or id says that it is furniture."""
    if node.css_first("h1") is not None:
        return False
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".split()
    return any(_FURNITURE_CLASSES.search(name) for name in names)


def _is_article_part(node: LexborNode) -> bool:
    """Return whether a header or footer belongs to the article: inside one, or with its title."""
    if node.tag == "header" and node.css_first("h1") is not None:
        return True
    parent = node.parent
    while parent is not None:
        if parent.tag in ("article", "main"):
            return True
        parent = parent.parent
    return False


def _text_lengths(root: LexborNode) -> dict[int, int]:
    """Return the characters of text, white space aside, in each element from `root` down."""
    elements = [root]
    lengths: dict[int, int] = {}
    for node in elements:
        lengths[node.mem_id] = 0
        for child in node.iter(include_text=True):
            if child.is_element_node:
                elements.append(child)
            elif child.is_text_node:
                lengths[node.mem_id] += len("".join((child.text_content or "").split()))
    for node in reversed(elements):
        if node.mem_id != root.mem_id and node.parent is not None:
            lengths[node.parent.mem_id] += lengths[node.mem_id]
    return lengths


def _main(body: LexborNode) -> LexborNode:
    lengths = _text_lengths(body)
    mains = body.css("article, main, [role=main], [itemprop=articleBody]")
    best = max(mains, key=lambda node: lengths[node.mem_id], default=body)
    return best if lengths[best.mem_id] >= MIN_MAIN * lengths[body.mem_id] else body
