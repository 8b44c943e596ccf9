"""Files -> documents in the store, one transaction each; what happened to every file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rag import chunk, load, sections
from rag.embed import Embedder
from rag.errors import DocumentError
from rag.schema import BlockKind, Chunk, Document
from rag.store import Entry, FileRecord, IndexedChunk, Store
from rag.text import search_terms

OnProgress = Callable[[str, Path, int, int], None]
"""Called as (stage, path, done, total): ``file`` counts files, ``embed`` a file's chunks."""
_KEPT_ASIDE = (BlockKind.BOILERPLATE, BlockKind.SIDEBAR)


class State(StrEnum):
    """What became of a file."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    MOVED = "moved"
    DUPLICATE = "duplicate"
    """The same content is indexed from another path: stored once."""
    REMOVED = "removed"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class IngestRow:
    """One file of an ingest report."""

    path: str
    state: State
    doc_id: str | None = None
    reason: str | None = None
    pages: int = 0
    sections: int = 0
    chunks: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What `rag add` did, file by file in the order met."""

    rows: tuple[IngestRow, ...]

    def count(self, state: State) -> int:
        """Return how many files ended in `state`."""
        return sum(row.state is state for row in self.rows)


def ingest(
    store: Store, embedder: Embedder, paths: Iterable[Path], on_progress: OnProgress
) -> Iterator[IngestRow]:
    """Yield one row a file; each document is stored in a transaction of its own."""
    found = list(load.discover(paths))
    for number, item in enumerate(found, start=1):
        on_progress("file", item.path, number, len(found))
        if item.reason is not None:
            yield IngestRow(str(item.path), State.SKIPPED, reason=item.reason)
            continue
        try:
            yield _one(store, embedder, item.path, on_progress)
        except DocumentError as error:
            yield IngestRow(str(item.path), State.FAILED, reason=str(error))


def forget_missing(store: Store, folders: Iterable[Path]) -> Iterator[IngestRow]:
    """Yield the files below `folders` that are gone; each is forgotten, its document too."""
    roots = [folder.resolve() for folder in folders if folder.is_dir()]
    for record in store.files():
        path = Path(record.path)
        if any(path.is_relative_to(root) for root in roots) and not path.exists():
            store.unlink(record.path)
            yield IngestRow(record.path, State.REMOVED, record.doc_id)


def entry_of(document: Document, embedder: Embedder, on_chunk: Callable[[int, int], None]) -> Entry:
    """Return the document with its sections, chunks, search terms and vectors."""
    parts = sections.build(document)
    chunks = chunk.split(document, parts)
    texts = {c: chunk.contextualise(document, c) for c in chunks if is_retrievable(c)}
    vectors = embedder.encode_documents(
        list(texts.values()), lambda done: on_chunk(done, len(texts))
    )
    vector_of = dict(zip(texts, vectors, strict=True))
    indexed = tuple(
        IndexedChunk(c, tuple(search_terms(texts[c])), vector_of[c])
        if c in texts
        else IndexedChunk(c)
        for c in chunks
    )
    return Entry(document, parts, indexed)


def is_retrievable(piece: Chunk) -> bool:
    """Return whether a chunk is searched: disclaimers and side bars are kept but not searched."""
    return piece.kind not in _KEPT_ASIDE


def _one(store: Store, embedder: Embedder, path: Path, on_progress: OnProgress) -> IngestRow:
    real = path.resolve()
    known = {record.path: record for record in store.files()}
    before = known.get(str(real))
    size, mtime = _stat(path)
    if before and (before.size, before.mtime_ns) == (size, mtime):
        return IngestRow(str(path), State.UNCHANGED, before.doc_id)
    doc_id = load.doc_id_of(_bytes(path))
    record = FileRecord(str(real), doc_id, size, mtime)
    if before and before.doc_id == doc_id:
        store.link(record)
        return IngestRow(str(path), State.UNCHANGED, doc_id)
    others = [r.path for r in known.values() if r.doc_id == doc_id]
    if others:
        return _same_content(store, record, others, path)
    document = load.load(path)
    entry = entry_of(document, embedder, lambda d, n: on_progress("embed", path, d, n))
    store.put(entry, record)
    return IngestRow(
        str(path),
        State.REPLACED if before else State.ADDED,
        document.doc_id,
        pages=len(document.pages),
        sections=len(entry.sections),
        chunks=len(entry.chunks),
        warnings=document.warnings,
    )


def _same_content(store: Store, record: FileRecord, others: list[str], path: Path) -> IngestRow:
    gone = [other for other in others if not Path(other).exists()]
    if len(gone) == len(others):
        store.move(record, gone)
        return IngestRow(str(path), State.MOVED, record.doc_id, reason=gone[0])
    store.link(record)
    return IngestRow(str(path), State.DUPLICATE, record.doc_id, reason=others[0])


def _stat(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def _bytes(path: Path) -> bytes:
    """Return the file's bytes through the loader's own checks and limits."""
    from rag.load.files import read

    return read(path)
