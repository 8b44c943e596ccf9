"""An HTML tree and its pieces -> title, publisher and date, where the page states them.

Reads metadata before text; a fact that is not stated is None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from rag.load.facts import Facts
from rag.load.html.text import collapse
from rag.load.imprint import is_dated, iso_date
from rag.load.pieces import Piece
from rag.schema import BlockKind

HEAD = 6
"""Pieces at the start among which a page prints its date and its source."""
MAX_LINE = 80
"""Characters; a longer line is text."""
MAX_SITE = 20
"""Characters of a site's name behind the title."""

_DATES = (
    "article:published_time og:published_time og:release_date publishdate publish_date pubdate "
    "publish_time publishtime datepublished date dc.date dcterms.date dcterms.created citation_date "
    "citation_publication_date apub:time weibo:article:create_at"
).split()
_SOURCES = (
    "source mediaid media publisher dc.publisher dcterms.publisher citation_publisher".split()
)
_SITES = ("og:site_name", "application-name")
_AUTHORS = ("article:author", "author", "dc.creator", "citation_author")

_SITE_SUFFIX = re.compile(
    rf"\s*(?:[_|｜]|\s[-–—]+\s?|-{{1,2}}(?=[\u4e00-\u9fff]{{2,8}}(?:网|频道|财经)$))\s*([^_|｜]{{1,{MAX_SITE}}})$"
)
_ARTICLE_SOURCE = re.compile(
    r"(?:文章|稿件|新闻|信息|原文)来源\s*[：:]\s*([^\s|｜，,。；（）()]{2,20})"
)
_BARE_SOURCE = re.compile(r"(?<![料据片表])来源\s*[：:]\s*([^\s|｜，,。；（）()]{2,20})")
_STATED_DATE = re.compile(r"(?:发布|发表|更新|刊登|出版)?(?:时间|日期)\s*[：:]")
_URL = re.compile(r"^(?:https?:)?//|^www\.|@|\.(?:com|cn|net|org)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page states, before the page is cleaned."""

    meta: dict[str, str]
    """Lower-case name, property or itemprop -> content; the first of each."""
    title: str
    linked_data: tuple[str, ...]
    """Dates of publication in JSON-LD."""
    times: tuple[str, ...]
    """Machine-readable dates of time elements."""


def head_of(tree: LexborHTMLParser) -> Head:
    """Return what `tree` states in its head and in machine-readable marks."""
    meta: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = collapse(attributes.get("content") or "")
        if name and content:
            meta.setdefault(name.lower(), content)
    title = tree.css_first("head > title")
    scripts = tree.css('script[type="application/ld+json"]')
    times = [node.attributes.get("datetime") or node.text() for node in tree.css("time")]
    return Head(
        meta,
        collapse(title.text()) if title is not None else "",
        tuple(date for script in scripts for date in _linked_dates(script.text())),
        tuple(times),
    )


def facts_of_page(head: Head, pieces: Sequence[Piece]) -> Facts:
    """Return the facts that a page states in its `head` and in its cleaned `pieces`."""
    return Facts(_title(head, pieces), _publisher(head, pieces), _published(head, pieces))


def _title(head: Head, pieces: Sequence[Piece]) -> str | None:
    tops = [p.text for p in pieces if p.kind is BlockKind.HEADING and p.level == 1]
    stated = head.meta.get("og:title") or head.title
    site = head.meta.get("og:site_name", "")
    # A logo is often an <h1> too: of several, the one that the head repeats.
    named = [top for top in tops if stated and top in stated]
    if named:
        return max(named, key=len)
    if len(tops) == 1 and tops[0] != site:
        return tops[0]
    return _without_site(stated) or (tops[0] if tops else None)


def _without_site(title: str) -> str:
    """Return `title` without the names of the site and its channel behind it."""
    while found := _SITE_SUFFIX.search(title):
        rest = title[: found.start()].strip()
        if len(rest) < 4:
            break
        title = rest
    return title


def _publisher(head: Head, pieces: Sequence[Piece]) -> str | None:
    lines = [p.text for p in pieces if len(p.text) <= MAX_LINE and p.kind is not BlockKind.HEADING]
    ends = lines[:HEAD] + lines[-HEAD:]
    stated = [head.meta.get(name, "") for name in _SOURCES]
    stated += [found[1] for line in lines if (found := _ARTICLE_SOURCE.search(line))]
    stated += [found[1] for line in ends if (found := _BARE_SOURCE.search(line))]
    stated += [head.meta.get(name, "") for name in _SITES]
    stated += [name for piece in pieces[:HEAD] for name in _dateline_names(piece)]
    stated += [head.meta.get(name, "") for name in _AUTHORS]
    return next((name for name in stated if name and is_name(name)), None)


def is_name(value: str) -> bool:
    """Return whether `value` can be the name of a publisher: short, and no address."""
    return 2 <= len(value) <= 40 and not _URL.search(value)


def _published(head: Head, pieces: Sequence[Piece]) -> str | None:
    lines = [p.text for p in pieces if len(p.text) <= MAX_LINE]
    stated = [head.meta.get(name, "") for name in _DATES]
    stated += head.linked_data
    stated += head.times
    stated += [line[found.end() :] for line in lines if (found := _STATED_DATE.search(line))]
    stated += [p.text for p in pieces[:HEAD] if _is_dateline(p)]
    return next((date for text in stated if (date := iso_date(text))), None)


def _dateline_names(piece: Piece) -> list[str]:
    """Return what stands beside the date in a line such as ``某某财经 · 行业观察 | 2024年4月2日``."""
    if not is_dated(piece.text) or not _is_dateline(piece):
        return []
    parts = [part.strip() for part in re.split(r"[|｜·\u3000]|\s{2,}", piece.text)]
    return [part for part in parts if not re.search(r"[\d：:]", part)]


def _is_dateline(piece: Piece) -> bool:
    """Return whether `piece` is a line under the title that holds the date, not a sentence."""
    return (
        piece.kind is not BlockKind.HEADING
        and len(piece.text) <= MAX_LINE
        and not re.search(r"[。，；]|截[至止]", piece.text)
    )


def _linked_dates(script: str) -> Iterator[str]:
    try:
        loaded = json.loads(script)
    except (ValueError, RecursionError):
        return
    nodes = loaded if isinstance(loaded, list) else [loaded]
    for node in nodes:
        if isinstance(node, dict) and isinstance(node.get("datePublished"), str):
            yield node["datePublished"]
