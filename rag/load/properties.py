"""The properties that Office files carry -> a title and a company, where they can be believed.

Word and its like fill them in by themselves, with the name of the template, of the first line typed
long ago, or of whoever sold the computer. Their dates say when a file was made, not published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from rag.load.html.text import collapse
from rag.load.imprint import house_of
from rag.load.parts import local, tree_of

MAX_TITLE = 120
"""Characters; a longer title is a paragraph that was made one by mistake."""

_NO_TITLE = re.compile(
    r"microsoft\s+(?:word|excel|powerpoint|office)\b.*|(?:power\s?point)?\s*(?:presentation|演示文稿)\d*|"
    r"(?:文档|文件|标题|新建|工作簿|幻灯片|演示文稿|document|untitled|title|slide|book|sheet|none|null)\W*\d*|"
    r"(?:单击|点击)此处.*|click to .*|[\W\d_]*",
    re.IGNORECASE,
)


class Properties(NamedTuple):
    """What an Office file states of itself."""

    title: str | None = None
    publisher: str | None = None
    """The company of whoever wrote it, when that is the name of a house that publishes reports."""


def properties_of(parts: Mapping[str, bytes]) -> Properties:
    """Return the properties among the parts of an Office file."""
    title = _value(parts.get("docProps/core.xml"), "title")
    company = _value(parts.get("docProps/app.xml"), "Company")
    return Properties(believable_title(title), house_of(company) if company else None)


def believable_title(title: str) -> str | None:
    """Return `title` when a person may have written it, else None."""
    title = collapse(title)
    return title if 2 <= len(title) <= MAX_TITLE and not _NO_TITLE.fullmatch(title) else None


def _value(xml: bytes | None, name: str) -> str:
    root = tree_of(xml) if xml else None
    found = (node for node in (root if root is not None else ()) if local(node) == name)
    return (next((node.text or "" for node in found), "")).strip()
