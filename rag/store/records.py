"""What a store holds, as records and as rows: pure conversions, no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rag.schema import Block, BlockKind, Chunk, Document, Fact, FactName, Page, Section

DOCUMENT_COLUMNS = (
    "doc_id, source, format, text, title, blocks, pages, publisher, published, warnings, facts"
)
CHUNK_COLUMNS = "chunk_id, doc_id, start, stop, text, heading_path, page, kind, head"

_BLOB = np.dtype("<f2")
"""Half precision: a rounding of 2^-11, finer than the 2^-8 of the bfloat16 that most vectors are
computed in, for half the file and half the reading when the search structure is rebuilt."""


class Scored(NamedTuple):
    """A chunk's row id and its score; higher is better, comparable only within one search."""

    id: int
    score: float


class VectorBlock(NamedTuple):
    """Some vectors and the chunks they belong to, row by row."""

    ids: npt.NDArray[np.int64]
    vectors: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class IndexedChunk:
    """A chunk with what it is found by."""

    chunk: Chunk
    terms: tuple[str, ...] = ()
    vector: npt.NDArray[np.float32] | None = None
    """None: the chunk is kept and shown, but never retrieved."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document and everything derived from it: what one transaction stores."""

    document: Document
    sections: tuple[Section, ...]
    chunks: tuple[IndexedChunk, ...]
    signature: bytes | None = None
    """What its near-duplicates are found by, see `rag.index.alike`."""
    loader: int = 0
    """Version of the loaders that read it; 0: unknown, read before versions were kept."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was when it was indexed."""

    path: str
    doc_id: str
    size: int
    mtime_ns: int


def text_hash(text: str) -> str:
    """Return the hash by which damage to a stored text is noticed."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def to_blob(vector: npt.NDArray[np.float32]) -> bytes:
    """Return a vector as it is stored: little-endian half-precision floats."""
    return vector.astype(_BLOB).tobytes()


def from_blobs(rows: Sequence[tuple[int, bytes]]) -> VectorBlock:
    """Return rows of ``(chunk_id, blob)`` as one block; all blobs have one length."""
    flat = np.frombuffer(b"".join(blob for _, blob in rows), dtype=_BLOB)
    ids = np.array([chunk_id for chunk_id, _ in rows], dtype=np.int64)
    return VectorBlock(ids, flat.reshape(len(rows), -1).astype(np.float32))


def document_row(entry: Entry) -> dict[str, Any]:
    """Return the columns of a document."""
    document = entry.document
    return {
        "doc_id": document.doc_id,
        "source": document.source,
        "title": document.title,
        "publisher": document.publisher,
        "published": document.published,
        "format": document.format,
        "page_count": len(document.pages),
        "text_hash": text_hash(document.text),
        "warnings": to_json(document.warnings),
        "pages": to_json([(p.number, p.start, p.end, p.label, p.by_ocr) for p in document.pages]),
        "blocks": to_json(_block_rows(document.blocks)),
        "sections": to_json(
            [(s.heading_path, s.start, s.end, _block_rows(s.blocks)) for s in entry.sections]
        ),
        "text": document.text,
        "facts": to_json(
            [(f.name.value, f.value, f.source, f.start, f.end, f.also) for f in document.facts]
        ),
        "signature": entry.signature,
        "loader": entry.loader,
    }


def to_document(row: Sequence[Any]) -> Document:
    """Return the document of a row of `DOCUMENT_COLUMNS`."""
    doc_id, source, format_, text, title, blocks, pages, publisher, published, warnings, facts = row
    return Document(
        doc_id=doc_id,
        source=source,
        format=format_,
        text=text,
        title=title,
        blocks=_blocks(json.loads(blocks)),
        pages=tuple(Page(*page) for page in json.loads(pages)),
        publisher=publisher,
        published=published,
        warnings=tuple(json.loads(warnings)),
        facts=to_facts(facts),
    )


def to_facts(encoded: str) -> tuple[Fact, ...]:
    """Return the facts of a document from their column."""
    return tuple(
        Fact(FactName(name), value, source, start, end, tuple(also))
        for name, value, source, start, end, also in json.loads(encoded)
    )


def to_sections(doc_id: str, encoded: str) -> tuple[Section, ...]:
    """Return the sections of a document from their column."""
    return tuple(
        Section(doc_id, tuple(path), start, end, _blocks(blocks))
        for path, start, end, blocks in json.loads(encoded)
    )


def to_chunk(row: Sequence[Any]) -> Chunk:
    """Return the chunk of a row of `CHUNK_COLUMNS`."""
    _, doc_id, start, stop, text, heading_path, page, kind, head = row
    path = tuple(json.loads(heading_path))
    return Chunk(doc_id, start, stop, text, path, page, BlockKind(kind), head)


def to_json(value: object) -> str:
    """Return `value` as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def ids_to_json(ids: Iterable[int]) -> str:
    """Return row ids, numpy integers included, as a JSON array."""
    return json.dumps([int(i) for i in ids])


def _block_rows(blocks: Iterable[Block]) -> list[tuple[str, int, int, int]]:
    return [(block.kind.value, block.start, block.end, block.level) for block in blocks]


def _blocks(rows: Iterable[Sequence[Any]]) -> tuple[Block, ...]:
    return tuple(Block(BlockKind(kind), *place) for kind, *place in rows)
