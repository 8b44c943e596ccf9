"""Files -> documents in the store, one transaction each; what happened to every file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from rag import load
from rag.embed import Embedder
from rag.errors import DocumentError, IndexError_, RagError
from rag.index import alike, place
from rag.index.cut import Cut, body_of, cut
from rag.index.reader import Reader
from rag.index.rows import IngestRow, State
from rag.index.turns import Turn, Turns
from rag.language import say
from rag.load.files import printable, read
from rag.schema import BlockKind, Document
from rag.store import Entry, FileRecord, IndexedChunk, Store

OnProgress = Callable[[str, Path, int, int], None]
"""Called as (stage, path, done, total): ``file`` counts files, ``embed`` a file's chunks."""
OldText = Callable[[Path], Document | None]
"""Gives what an older index holds of a file that cannot be read now."""
_NOT_UTF8 = "bytes:"
"""Opens the key of a path that is no UTF-8; its bytes follow in hexadecimal."""


class Ingest:
    """One run of taking files into a store."""

    def __init__(
        self, store: Store, embedder: Embedder, reader: Reader, on_progress: OnProgress
    ) -> None:
        """Take what it works with; `store` is writable."""
        self._store = store
        self._embedder = embedder
        self._reader = reader
        self._on_progress = on_progress
        self._likes: alike.Likes | None = None
        self._old = set(store.read_before(load.VERSION))
        """Documents that older loaders read: their files are read again."""

    def add(self, paths: Iterable[Path]) -> list[IngestRow]:
        """Return one row a file, in the order met; each is stored in a transaction of its own."""
        return self._run(list(load.discover(paths)), lambda _: None)

    def carry_over(self, old: Store) -> list[IngestRow]:
        """Return a row for each file of an old store, brought into this one.

        A file that is still there is read again; of one that is gone, or cannot be read any more,
        the old store's text is kept.
        """
        held = {path_of(record.path): record for record in old.files()}
        self._old |= old.read_before(load.VERSION).keys()
        there = [load.Found(path) for path in held if load.exists(path)]
        rows = self._run(there, lambda path: old.document(held[path].doc_id))
        for path in held.keys() - {found.path for found in there}:
            document = old.document(held[path].doc_id)
            if document is not None:
                rows.append(self._put(cut(document), held[path], path, fresh=False))
        return rows

    def _run(self, found: list[load.Found], old_text: OldText) -> list[IngestRow]:
        rows: dict[int, IngestRow] = {}
        turns = Turns(self._reader, self._look, self._is_current)
        for turn in turns.of(found):
            path = turn.found.path
            self._on_progress("file", path, len(rows) + 1, len(found))
            row = turn.row or self._settle(turn, path, old_text)
            rows[turn.number] = replace(row, path=printable(str(path)))
        return [rows[number] for number in sorted(rows)]

    def _is_current(self, doc_id: str) -> bool:
        """Return whether a document is stored as today's loaders read it."""
        return doc_id not in self._old and self._store.holds(doc_id)

    def _look(self, found: load.Found) -> IngestRow | FileRecord:
        """Return what becomes of a file, or its record where that takes more than a look."""
        path, name = found.path, printable(str(found.path))
        if found.reason is not None:
            return IngestRow(name, State.SKIPPED, reason=found.reason)
        key = key_of(path)
        before = self._store.file(key)
        size, mtime = load.stamp(path)
        current = before is not None and before.doc_id not in self._old
        if before and current and (before.size, before.mtime_ns) == (size, mtime):
            return IngestRow(name, State.UNCHANGED, before.doc_id)
        try:
            record = FileRecord(key, load.doc_id_of(read(path)), size, mtime)
        except DocumentError as error:
            return self._failed(path, error)
        if current and before and before.doc_id == record.doc_id:
            self._store.link(record)
            return IngestRow(name, State.UNCHANGED, record.doc_id)
        return record

    def _settle(self, turn: Turn, path: Path, old_text: OldText) -> IngestRow:
        """Store what was read of a file, or link it to what is stored already."""
        record = turn.record
        assert record is not None
        before = self._store.file(record.path)
        if turn.result is None:
            return self._same_content(record, path)
        if turn.result.error is not None:
            return self._unread(record, path, turn.result.error, old_text)
        read_: Cut = turn.result.value
        # The file may have changed since its bytes were hashed: what was loaded is what counts.
        record = replace(record, doc_id=read_.document.doc_id)
        older = before is not None and record.doc_id in self._old
        row = self._put(read_, record, path)
        self._old.discard(record.doc_id)
        if older:
            row = replace(row, reason=say("read by a newer loader", "由更新的加载器重新读取"))
        return replace(row, state=State.REPLACED if before else State.ADDED)

    def _unread(
        self, record: FileRecord, path: Path, error: RagError, old_text: OldText
    ) -> IngestRow:
        if not isinstance(error, DocumentError):
            raise error
        document = old_text(path)
        if document is not None:
            self._put(cut(document), replace(record, doc_id=document.doc_id), path, fresh=False)
        return self._failed(path, error)

    def _put(self, read_: Cut, record: FileRecord, path: Path, fresh: bool = True) -> IngestRow:
        """Store what was read of a file just now, or what an older index holds of it."""
        near = self._near(read_, record)
        entry = entry_of(
            read_, self._embedder, lambda n, of: self._on_progress("embed", path, n, of)
        )
        current = fresh or record.doc_id not in self._old
        self._store.put(entry if current else replace(entry, loader=0), record)
        if self._likes is not None and read_.signature is not None:
            self._likes.add(read_.document.doc_id, read_.signature)
        return replace(row_of(read_, path), near=near and near[0], likeness=near and near[1])

    def _near(self, read_: Cut, record: FileRecord) -> tuple[str, float] | None:
        """Return the file name of the document most like this one, if one is, and how much."""
        if read_.signature is None:
            return None
        if self._likes is None:
            self._likes = alike.Likes(self._store.signatures())
        before = self._store.file(record.path)
        but = [read_.document.doc_id, *([before.doc_id] if before else [])]
        best = self._likes.nearest(body_of(read_.chunks), read_.signature, self._body, but)
        facts = self._store.document(best[0]) if best else None
        return (facts.source, round(best[1], 3)) if best and facts else None

    def _body(self, doc_id: str) -> str | None:
        chunks = self._store.chunks_of(doc_id)
        return body_of(list(chunks.values())) if chunks else None

    def _failed(self, path: Path, error: RagError) -> IngestRow:
        reason = str(error)
        before = self._store.file(key_of(path))
        if before:
            reason += say("; what was indexed of it before stays", "；此前已入库的内容保留")
        doc_id = before.doc_id if before else None
        return IngestRow(printable(str(path)), State.FAILED, doc_id, reason=reason)

    def _same_content(self, record: FileRecord, path: Path) -> IngestRow:
        others = [held.path for held in self._store.files(record.doc_id)]
        gone = [other for other in others if not load.exists(path_of(other))]
        first = printable(str(path_of(others[0])))
        if len(gone) == len(others):
            self._store.move(record, gone, printable(path.name))
            return IngestRow(str(path), State.MOVED, record.doc_id, reason=first)
        self._store.link(record)
        return IngestRow(str(path), State.DUPLICATE, record.doc_id, reason=first)


def carried(folder: Path, store: Store, run: Ingest) -> Iterator[IngestRow]:
    """Yield what becomes of the documents of the index in `folder`, as far as it can be read."""
    try:
        names = [place.read(folder).database]
    except IndexError_:  # an unreadable manifest need not mean an unreadable store
        names = [p.name for p in folder.glob("store*.sqlite") if p.name != store.path.name]
    for name in names:
        with contextlib.closing(Store(folder / name)) as old:
            try:
                Store.upgrade(folder / name)
                old.files()
            except IndexError_ as error:
                yield IngestRow(name, State.FAILED, reason=str(error))
                continue
            yield from run.carry_over(old)


def forget_missing(store: Store, folders: Iterable[Path]) -> Iterator[IngestRow]:
    """Yield the files below `folders` that are gone; each is forgotten, its document too.

    An archive counts as a folder. A folder that is gone itself may only be unplugged: what was
    below it stays.
    """
    roots = [folder.resolve() for folder in folders if folder.exists()]
    for record in store.files():
        path = path_of(record.path)
        if any(path.is_relative_to(root) for root in roots) and not load.exists(path):
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


def entry_of(read_: Cut, embedder: Embedder, on_chunk: Callable[[int, int], None]) -> Entry:
    """Return what is stored of a document: its chunks with their search terms and vectors."""
    texts = [text for text in read_.texts if text is not None]
    vectors = iter(embedder.encode_documents(texts, lambda done: on_chunk(done, len(texts))))
    indexed = tuple(
        IndexedChunk(c) if text is None else IndexedChunk(c, terms, next(vectors))
        for c, text, terms in zip(read_.chunks, read_.texts, read_.terms, strict=True)
    )
    return Entry(read_.document, read_.sections, indexed, read_.signature, load.VERSION)


def row_of(read_: Cut, path: Path) -> IngestRow:
    """Return the row of a file that was read: what was found in it."""
    document = read_.document
    pages = document.pages
    empty = [p for p in pages if not document.text[p.start : p.end].strip()]
    picture = document.format == "image" and not pages
    return IngestRow(
        printable(str(path)),
        State.ADDED,
        document.doc_id,
        pages=len(pages),
        sections=len(read_.sections),
        chunks=len(read_.chunks),
        warnings=document.warnings,
        tables=sum(block.kind is BlockKind.TABLE for block in document.blocks),
        pages_by_ocr=sum(page.by_ocr for page in pages) + picture,
        pages_without_text=len(empty),
    )
