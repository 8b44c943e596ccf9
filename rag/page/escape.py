"""Text of documents, people and models -> text that is inert inside HTML."""

from __future__ import annotations

import html
import unicodedata

_TEMPLATE = str.maketrans({c: f"&#{ord(c)};" for c in "{}$`"})
"""What the page's template languages read as their own; entities are past them."""


def text(raw: str) -> str:
    """Return `raw` as it can stand between tags and between the quotes of an attribute.

    Control characters and those that turn the direction of writing are dropped: they could make a
    file name or a figure look like another.

    >>> text('<b title="{{x}}">')
    '&lt;b title=&quot;&#123;&#123;x&#125;&#125;&quot;&gt;'
    """
    shown = "".join(c for c in raw if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return html.escape(shown, quote=True).translate(_TEMPLATE)
