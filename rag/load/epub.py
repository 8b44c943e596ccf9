"""EPUB -> text with blocks: its chapters in reading order, each read as the web page that it is."""

from __future__ import annotations

import posixpath
import re
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import etree

from rag.errors import DocumentError
from rag.language import say
from rag.load import html
from rag.load.encoding import UndecodableError, decode
from rag.load.facts import facts_of
from rag.load.html.facts import is_name
from rag.load.imprint import iso_date
from rag.load.parsed import Parsed
from rag.load.parts import broken, local, parts_of, tree_of
from rag.load.pieces import Piece, one_line, write
from rag.schema import BlockKind

_TEXTS = (".xhtml", ".html", ".htm", ".xml", ".opf", ".ncx")
# An HTML parser takes these for opened and all that follows for their content.
_EMPTY = re.compile(r"<(?:title|script|style|iframe|textarea)\b[^<>]*/>", re.IGNORECASE)
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


@dataclass(frozen=True, slots=True)
class _Item:
    """A file that the manifest of a book lists."""

    name: str
    kind: str
    properties: str


@dataclass(frozen=True, slots=True)
class _Package:
    """What the package file of a book says."""

    meta: dict[str, str]
    chapters: tuple[_Item, ...]
    """In reading order, without the table of contents."""
    contents: tuple[_Item, ...]
    """The tables of contents: EPUB 3's page, EPUB 2's NCX file."""


def parse(data: bytes, source: str) -> Parsed:
    """Return the blocks and stated facts of an e-book.

    Args:
        data: The whole file.
        source: Its name, for messages.

    Raises:
        DocumentError: The file is damaged or its text encrypted.
    """
    parts = parts_of(data, source, lambda name: name.lower().endswith(_TEXTS))
    package = _package(parts)
    if package is None:
        raise broken(source, "no package file")
    locked = _encrypted(parts)
    if any(item.name in locked for item in package.chapters):
        raise DocumentError(
            f"{source}: is protected by the shop that sold it; expected a book that opens in any reader",
            f"{source}：受版权保护（DRM），应为任何阅读器都能打开的电子书",
        )
    labels = _labels(parts, package)
    missing = [item.name for item in package.chapters if not parts.get(item.name)]
    pieces = [piece for item in package.chapters for piece in _chapter(parts, item, labels)]
    done = write(pieces)
    stated = facts_of(done.text, done.blocks)
    publisher = package.meta.get("publisher", "")
    author = package.meta.get("creator", "")
    return Parsed(
        text=done.text,
        blocks=done.blocks,
        title=package.meta.get("title") or stated.title,
        publisher=(publisher if is_name(publisher) else None)
        or stated.publisher
        or (author if is_name(author) else None),
        published=iso_date(package.meta.get("date", "")) or stated.published,
        warnings=_warnings(missing, source),
    )


def _package(parts: Mapping[str, bytes]) -> _Package | None:
    container = tree_of(parts.get("META-INF/container.xml", b""))
    nodes = container.iter("{*}rootfile") if container is not None else iter(())
    name = next((node.get("full-path", "") for node in nodes), "")
    root = tree_of(parts.get(name, b""))
    if root is None:
        return None
    meta: dict[str, str] = {}
    items: dict[str, _Item] = {}
    order: list[str] = []
    for node in root.iter():
        match local(node):
            case "title" | "publisher" | "date" | "creator" if one_line(node.text or ""):
                meta.setdefault(local(node), one_line(node.text or ""))
            case "item":
                target = _resolved(name, node.get("href", ""))
                kind = node.get("media-type", "")
                items[node.get("id", "")] = _Item(target, kind, node.get("properties", ""))
            case "itemref" if node.get("linear") != "no":
                order.append(node.get("idref", ""))
    contents = [i for i in items.values() if "nav" in i.properties.split() or "ncx" in i.kind]
    chapters = [items[ref] for ref in order if ref in items and items[ref] not in contents]
    pages = tuple(dict.fromkeys(item for item in chapters if item.kind in _PAGES))
    return _Package(meta, pages, tuple(contents))


def _resolved(base: str, link: str) -> str:
    """Return the name of the part that `link` in `base` leads to; it never leaves the book."""
    path = urllib.parse.unquote(link.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), path)).lstrip("/")


def _encrypted(parts: Mapping[str, bytes]) -> set[str]:
    root = tree_of(parts.get("META-INF/encryption.xml", b""))
    nodes = root.iter("{*}CipherReference") if root is not None else iter(())
    return {_resolved("", node.get("URI", "")) for node in nodes}


def _labels(parts: Mapping[str, bytes], package: _Package) -> dict[str, str]:
    """Return name of a chapter's file -> what the table of contents calls it."""
    found: dict[str, str] = {}
    for item in package.contents:
        root = tree_of(parts.get(item.name, b""))
        for link, text in _entries(root) if root is not None else ():
            found.setdefault(_resolved(item.name, link), one_line(text))
    return found


def _entries(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield link and text of the entries of a table of contents, of either kind."""
    for node in root.iter("{*}a", "{*}navPoint"):
        if local(node) == "a":
            yield node.get("href", ""), "".join(node.itertext())
            continue
        content = next((n for n in node if local(n) == "content"), None)
        label = next((n for n in node if local(n) == "navLabel"), None)
        if content is not None and label is not None:
            yield content.get("src", ""), "".join(label.itertext())


def _chapter(parts: Mapping[str, bytes], item: _Item, labels: Mapping[str, str]) -> list[Piece]:
    """Return the pieces of a chapter; one without a heading gets that of the table of contents."""
    try:
        page = decode(parts.get(item.name, b"")).text
    except UndecodableError:
        return []
    pieces = html.read_pieces(_EMPTY.sub("", page))
    label = labels.get(item.name, "")
    if label and pieces and not any(piece.kind is BlockKind.HEADING for piece in pieces):
        if pieces[0].text == label:
            pieces[0] = replace(pieces[0], kind=BlockKind.HEADING, level=1)
        else:
            pieces.insert(0, Piece(BlockKind.HEADING, label, 1))
    return pieces


def _warnings(missing: list[str], source: str) -> tuple[str, ...]:
    if not missing:
        return ()
    listed = ", ".join("".join(c if c.isprintable() else "\ufffd" for c in n) for n in missing[:10])
    return (
        say(
            f"{source}: {len(missing)} chapters are missing in the file: {listed}",
            f"{source}：文件中缺少 {len(missing)} 章：{listed}",
        ),
    )
