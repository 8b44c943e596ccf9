"""HTML text -> plain text as a reader sees it, on one line. Knows nothing of blocks."""

from __future__ import annotations

import re
import unicodedata

from selectolax.lexbor import LexborNode

_SPACE = re.compile(r"[ \t\r\n\f\u00a0]+")
_BREAKING = frozenset("br p div li tr td th h1 h2 h3 h4 h5 h6 blockquote".split())
# Markup that was escaped once too often shows as text. It says nothing to a reader, and must never
# become markup again further on.
_ESCAPED_TAG = re.compile(
    r"</?(?:script|style|iframe|object|embed|svg|math|img|link|meta|base|form|input|button|textarea|"
    r"select|video|audio|body|html|details|template)(?![a-z0-9])[^<>]*>?"
    r"|</?(?:a|b|i|u|p|br|hr|em|strong|span|div|font|center|table|thead|tbody|tr|td|th|ul|ol|li|"
    r"h[1-6]|sub|sup|blockquote|section|article)(?:\s[^<>=]*=[^<>]*)?\s*/?>"
    r"|<!--.*?(?:-->|$)",
    re.IGNORECASE | re.DOTALL,
)


def collapse(text: str) -> str:
    """Return `text` with white space as a browser shows it, on one line, without escaped tags.

    A line break between two wide characters shows as nothing (CSS Text 3, 4.1.2), any other white
    space as one space.
    """

    def shown(found: re.Match[str]) -> str:
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        if not before or not after:
            return ""
        return "" if "\n" in found.group() and _is_wide(before) and _is_wide(after) else " "

    text = _without_escaped_tags(text)
    return _SPACE.sub(shown, text).strip(" \u3000")


def inline_text(node: LexborNode) -> str:
    """Return all text inside `node` on one line, apart where an element inside breaks the line."""
    parts = []
    for inner in node.traverse(include_text=True):
        if inner.is_text_node:
            parts.append(inner.text_content or "")
        elif inner.tag in _BREAKING:
            parts.append("\n")
    return collapse("".join(parts))


def _without_escaped_tags(text: str) -> str:
    # Repeated, because removing a tag may join the halves of another.
    while "<" in text and (stripped := _ESCAPED_TAG.sub("", text)) != text:
        text = stripped
    return text


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"
