"""Files -> documents in the store, one transaction each; what happened to every file."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from rag import chunk, load, sections
from rag.embed import Embedder
from rag.errors import DocumentError, RagError
from rag.language import say
from rag.load.files import printable, read
from rag.schema import BlockKind, Chunk, Document, Section
from rag.store import Entry, FileRecord, IndexedChunk, Store
from rag.text import search_terms

OnProgress = Callable[[str, Path, int, int], None]
"""Called as (stage, path, done, total): ``file`` counts files, ``embed`` a file's chunks."""
_NOT_UTF8 = "bytes:"
"""Opens the key of a path that is no UTF-8; its bytes follow in hexadecimal."""
_KEPT_ASIDE = (BlockKind.BOILERPLATE, BlockKind.SIDEBAR)


_log = logging.getLogger(__name__)


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


@dataclass(frozen=True, slots=True)
class Cut:
    """A document with its sections and chunks, before anything is embedded."""

    document: Document
    sections: tuple[Section, ...]
    chunks: tuple[Chunk, ...]


def ingest(
    store: Store, embedder: Embedder, paths: Iterable[Path], on_progress: OnProgress
) -> Iterator[IngestRow]:
    """Yield one row a file; each document is stored in a transaction of its own."""
    found = list(load.discover(paths))
    for number, item in enumerate(found, start=1):
        on_progress("file", item.path, number, len(found))
        if item.reason is not None:
            yield IngestRow(printable(str(item.path)), State.SKIPPED, reason=item.reason)
            continue
        try:
            yield _one(store, embedder, item.path, on_progress)
        except DocumentError as error:
            yield _failed(store, item.path, error)


def carry_over(
    store: Store, embedder: Embedder, old: Store, on_progress: OnProgress
) -> Iterator[IngestRow]:
    """Yield a row for each file of an old store, brought into a new one.

    A file that is still there is read again; of one that is gone, or cannot be read any more, the
    old store's text is kept.
    """
    records = old.files()
    for number, record in enumerate(records, start=1):
        path = path_of(record.path)
        on_progress("file", path, number, len(records))
        try:
            if path.exists():
                yield _one(store, embedder, path, on_progress)
            elif document := old.document(record.doc_id):
                yield _stored(store, embedder, _cut(document), record, on_progress)
        except DocumentError as error:
            if document := old.document(record.doc_id):
                _stored(store, embedder, _cut(document), record, on_progress)
            yield _failed(store, path, error)


def forget_missing(store: Store, folders: Iterable[Path]) -> Iterator[IngestRow]:
    """Yield the files below `folders` that are gone; each is forgotten, its document too."""
    roots = [folder.resolve() for folder in folders if folder.is_dir()]
    for record in store.files():
        path = path_of(record.path)
        if any(path.is_relative_to(root) for root in roots) and not path.exists():
            store.unlink(record.path)
            yield IngestRow(printable(str(path)), State.REMOVED, record.doc_id)


def key_of(path: Path) -> str:
    """Return the name under which the store knows a file: its real path, as text."""
    real = str(path.resolve())
    try:
        real.encode("utf-8")
    except UnicodeEncodeError:
        return _NOT_UTF8 + os.fsencode(real).hex()
    return real


def path_of(key: str) -> Path:
    """Return the path that `key_of` was given, resolved."""
    if key.startswith(_NOT_UTF8):
        return Path(os.fsdecode(bytes.fromhex(key.removeprefix(_NOT_UTF8))))
    return Path(key)


def entry_of(cut: Cut, embedder: Embedder, on_chunk: Callable[[int, int], None]) -> Entry:
    """Return what is stored of a document: its chunks with their search terms and vectors."""
    texts = {c: chunk.contextualise(cut.document, c) for c in cut.chunks if is_retrievable(c)}
    vectors = embedder.encode_documents(
        list(texts.values()), lambda done: on_chunk(done, len(texts))
    )
    vector_of = dict(zip(texts, vectors, strict=True))
    indexed = tuple(
        IndexedChunk(c, tuple(search_terms(texts[c])), vector_of[c])
        if c in texts
        else IndexedChunk(c)
        for c in cut.chunks
    )
    return Entry(cut.document, cut.sections, indexed)


def is_retrievable(piece: Chunk) -> bool:
    """Return whether a chunk is searched: disclaimers and side bars are kept but not searched."""
    return piece.kind not in _KEPT_ASIDE


def _one(store: Store, embedder: Embedder, path: Path, on_progress: OnProgress) -> IngestRow:
    key = key_of(path)
    before = store.file(key)
    size, mtime = _stat(path)
    if before and (before.size, before.mtime_ns) == (size, mtime):
        return IngestRow(printable(str(path)), State.UNCHANGED, before.doc_id)
    record = FileRecord(key, load.doc_id_of(read(path)), size, mtime)
    if before and before.doc_id == record.doc_id:
        store.link(record)
        return IngestRow(printable(str(path)), State.UNCHANGED, record.doc_id)
    others = [held.path for held in store.files(record.doc_id)]
    if others:
        return _same_content(store, record, others, path)
    cut = _loaded(path)
    # The file may have changed since its bytes were hashed: what was loaded is what counts.
    record = replace(record, doc_id=cut.document.doc_id)
    row = _stored(store, embedder, cut, record, on_progress)
    return replace(row, path=printable(str(path)), state=State.REPLACED if before else State.ADDED)


def _loaded(path: Path) -> Cut:
    """Return the file read and cut.

    Raises:
        DocumentError: It cannot be read; or a parser failed on it in a way that nobody foresaw,
            which must not stop the files after it.
    """
    try:
        return _cut(load.load(path))
    except RagError:
        raise
    except Exception as error:
        _log.debug("reading %s", path, exc_info=True)
        name, fault = printable(str(path)), f"{type(error).__name__}: {error}"
        raise DocumentError(
            f"{name}: reading it failed ({fault}), a fault of this program; please report it with"
            " the file",
            f"{name}：读取时出错（{fault}），这是程序的缺陷；请附上文件反馈",
        ) from error


def _cut(document: Document) -> Cut:
    parts = sections.build(document)
    return Cut(document, parts, chunk.split(document, parts))


def _stored(
    store: Store, embedder: Embedder, cut: Cut, record: FileRecord, on_progress: OnProgress
) -> IngestRow:
    path = path_of(record.path)
    entry = entry_of(cut, embedder, lambda done, n: on_progress("embed", path, done, n))
    store.put(entry, record)
    return IngestRow(
        printable(str(path)),
        State.ADDED,
        cut.document.doc_id,
        pages=len(cut.document.pages),
        sections=len(cut.sections),
        chunks=len(cut.chunks),
        warnings=cut.document.warnings,
    )


def _failed(store: Store, path: Path, error: DocumentError) -> IngestRow:
    reason = str(error)
    before = store.file(key_of(path))
    if before:
        reason += say("; what was indexed of it before stays", "；此前已入库的内容保留")
    return IngestRow(
        printable(str(path)), State.FAILED, before.doc_id if before else None, reason=reason
    )


def _same_content(store: Store, record: FileRecord, others: list[str], path: Path) -> IngestRow:
    gone = [other for other in others if not path_of(other).exists()]
    first = printable(str(path_of(others[0])))
    if len(gone) == len(others):
        store.move(record, gone, printable(path.name))
        return IngestRow(printable(str(path)), State.MOVED, record.doc_id, reason=first)
    store.link(record)
    return IngestRow(printable(str(path)), State.DUPLICATE, record.doc_id, reason=first)


def _stat(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
