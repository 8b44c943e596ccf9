"""Plain text -> blocks: an article with one paragraph a line, or what was extracted from a PDF.

The bytes are decoded elsewhere.
"""

from __future__ import annotations

from rag.language import say
from rag.load.facts import facts_of
from rag.load.parsed import Parsed
from rag.load.wrapped import layout, pages_of
from rag.text import normalise


def parse(text: str, source: str) -> Parsed:
    """Return the blocks, pages and stated facts of a decoded text file.

    Pages are given only where page breaks were found.

    Args:
        text: The whole file.
        source: Its name, for warnings.
    """
    laid = layout(pages_of(normalise(text)))
    facts = facts_of(laid.text, laid.blocks)
    return Parsed(
        text=laid.text,
        blocks=laid.blocks,
        pages=laid.pages if len(laid.pages) > 1 else (),
        title=facts.title,
        publisher=facts.publisher,
        published=facts.published,
        warnings=_warnings(laid.text, source),
    )


def _warnings(text: str, source: str) -> tuple[str, ...]:
    lost = text.count("\ufffd")
    if not lost:
        return ()
    return (
        say(
            f"{source}: {lost} characters could not be decoded and show as \ufffd",
            f"{source}：{lost} 个字符无法解码，显示为 \ufffd",
        ),
    )
