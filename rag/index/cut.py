"""A file -> its document cut into sections and chunks, with all that is stored but the vectors.

What a reading process does; needs no index and no model.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag import chunk, load, sections
from rag.errors import DocumentError, RagError
from rag.index import alike
from rag.load.files import printable
from rag.schema import BlockKind, Chunk, Document, Section
from rag.text import search_terms

_KEPT_ASIDE = (BlockKind.BOILERPLATE, BlockKind.SIDEBAR)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cut:
    """A document with its sections and chunks, before anything is embedded."""

    document: Document
    sections: tuple[Section, ...]
    chunks: tuple[Chunk, ...]
    texts: tuple[str | None, ...]
    """Of each chunk what is embedded; None for one that is kept but never searched."""
    terms: tuple[tuple[str, ...], ...]
    """Of each chunk the terms of the full text."""
    signature: bytes | None


def prepare() -> None:
    """Load the dictionaries, which no file shall be blamed for."""
    search_terms("研究報告")


def cut_file(path: Path) -> Cut:
    """Return the file read and cut.

    Raises:
        DocumentError: It cannot be read; or a parser failed on it in a way that nobody foresaw,
            which must not stop the files after it.
    """
    try:
        return cut(load.load(path))
    except (RagError, MemoryError):
        raise
    except Exception as error:
        _log.debug("reading %s", path, exc_info=True)
        name, fault = printable(str(path)), f"{type(error).__name__}: {error}"
        raise DocumentError(
            f"{name}: reading it failed ({fault}), a fault of this program; please report it with"
            " the file",
            f"{name}：读取时出错（{fault}），这是程序的缺陷；请附上文件反馈",
        ) from error


def cut(document: Document) -> Cut:
    """Return a document cut."""
    parts = sections.build(document)
    chunks = chunk.split(document, parts)
    texts = [chunk.contextualise(document, c) if is_retrievable(c) else None for c in chunks]
    return Cut(
        document,
        parts,
        chunks,
        tuple(texts),
        tuple(tuple(search_terms(text)) if text is not None else () for text in texts),
        alike.signature(body_of(chunks)),
    )


def is_retrievable(piece: Chunk) -> bool:
    """Return whether a chunk is searched: disclaimers and side bars are kept but not searched."""
    return piece.kind not in _KEPT_ASIDE


def body_of(chunks: Sequence[Chunk]) -> str:
    """Return the text that is searched: what reports of one house have in common is left out."""
    return "\n".join(c.text for c in chunks if is_retrievable(c))
