"""The styles of a Word file -> what a paragraph in each of them is. Knows nothing of texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from lxml import etree

from rag.load.docx.xml import attribute, child, children, is_on, number

_HEADING = re.compile(r"(?:heading|标题|標題|见出し)\s*([1-9])(?!\d)", re.IGNORECASE)
_TITLE = re.compile(r"title|标题|標題|文档标题|报告标题", re.IGNORECASE)
_CAPTION = re.compile(r"caption|题注|題注|图表标题|图标题|表标题|图题|表题", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:toc|目录|目錄)\s*(?:\d|heading|标题)?|table of figures|图表目录", re.IGNORECASE
)
_MAX_CHAIN = 20
"""Styles that may be based on one another; Word itself allows 11."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph is by its style, before it says otherwise itself."""

    level: int = 0
    """Heading depth, 1 = outermost; 0 for body text."""
    title: bool = False
    caption: bool = False
    contents: bool = False
    """Whether it is a line of a printed table of contents."""
    bold: bool = False
    list_id: str | None = None
    list_level: int = 0


def styles_of(root: etree._Element | None) -> dict[str, Style]:
    """Return style id -> what it makes of a paragraph; "" is the style of those that name none."""
    nodes = {
        attribute(node, "styleId") or "": node
        for node in (children(root, "style") if root is not None else ())
        if attribute(node, "type") in (None, "paragraph")
    }
    found = {name: _style_of(_chain(nodes, name)) for name in nodes}
    default = (n for n, node in nodes.items() if attribute(node, "default") in ("1", "true"))
    found[""] = found.get(next(default, ""), Style())
    return found


def _chain(nodes: dict[str, etree._Element], name: str) -> list[etree._Element]:
    """Return the style called `name` and those it is based on, nearest first."""
    chain: list[etree._Element] = []
    while name in nodes and len(chain) < _MAX_CHAIN:
        chain.append(nodes[name])
        name = attribute(child(nodes[name], "basedOn")) or ""
    return chain


def _style_of(chain: list[etree._Element]) -> Style:
    names = [(attribute(child(node, "name")) or "").strip() for node in chain]
    list_id = _first(attribute(child(node, "pPr", "numPr", "numId")) for node in chain)
    list_level = _first(number(child(node, "pPr", "numPr", "ilvl")) for node in chain)
    return Style(
        level=_level(chain, names),
        title=bool(_TITLE.fullmatch(names[0])),
        caption=any(_CAPTION.fullmatch(name) for name in names),
        contents=any(_CONTENTS.fullmatch(name) for name in names),
        bold=any(is_on(child(node, "rPr"), "b") for node in chain),
        list_id=None if list_id == "0" else list_id,
        list_level=list_level or 0,
    )


def _level(chain: list[etree._Element], names: list[str]) -> int:
    for node, name in zip(chain, names, strict=True):
        if found := _HEADING.match(name):
            return int(found[1])
        outline = number(child(node, "pPr", "outlineLvl"))
        if outline is not None:
            return outline + 1 if 0 <= outline < 9 else 0
    return 0


def _first(values: Iterable[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)
