"""The index: add, remove, search, show; the folder with its store, cache and manifest."""

from __future__ import annotations

import dataclasses
import functools
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import numpy.typing as npt

from rag import vectors
from rag.embed import Embedder, SentenceTransformerEmbedder
from rag.errors import IndexError_
from rag.index import check, place
from rag.index.ingest import IngestReport, OnProgress, forget_missing, ingest
from rag.schema import Chunk, Document, DocumentFacts, Filters, Section
from rag.store import Scored, Store
from rag.vectors import Stamp, VectorIndex

_DATABASE = "store.sqlite"
_CACHE = "vectors.faiss"
_LOCK = "writer.lock"


def _quiet(stage: str, path: Path, done: int, total: int) -> None:
    del stage, path, done, total


class Index:
    """One index; opening it never writes, and readers go on while a writer adds."""

    def __init__(self, folder: Path, manifest: place.Manifest, embedder: Embedder) -> None:
        """See `open` and `create`."""
        self.folder = folder
        self.manifest = manifest
        self._embedder = embedder
        self._store = Store(folder / _DATABASE)
        self._loaded: tuple[Stamp, VectorIndex] | None = None

    @classmethod
    def open(cls, folder: Path, embedder: Embedder | None = None) -> Index:
        """Return the index in `folder`, ready to search.

        Raises:
            IndexError_: There is none, or another version of the program built it.
        """
        manifest = place.read(folder)
        opened = cls(folder, manifest, embedder or SentenceTransformerEmbedder(manifest.embedder))
        if embedder is not None:
            _ = opened.embedder
        return opened

    @classmethod
    def create(cls, folder: Path, embedder: Embedder) -> Index:
        """Return the index in `folder`, made empty if it is not there yet.

        Raises:
            IndexError_: It is there and was built with something else.
        """
        if not (folder / place.MANIFEST).exists():
            folder.mkdir(parents=True, exist_ok=True)
            with _writing(folder):
                if not (folder / place.MANIFEST).exists():
                    (folder / _DATABASE).unlink(missing_ok=True)
                    Store.create(folder / _DATABASE).close()
                    place.write(folder, place.wanted(embedder))
        return cls.open(folder, embedder)

    @classmethod
    def delete(cls, folder: Path) -> None:
        """Delete the index in `folder`, if there is one; other files in it stay."""
        with _writing(folder):
            for path in folder.iterdir():
                if path.name.startswith((_DATABASE, _CACHE, place.MANIFEST)):
                    path.unlink()

    @functools.cached_property
    def embedder(self) -> Embedder:
        """The embedder of the index.

        Raises:
            IndexError_: It is not the one that the index was built with.
        """
        place.require_same(self.manifest, place.wanted(self._embedder), self.folder.name)
        return self._embedder

    @property
    def fingerprint(self) -> str:
        """Name and manifest hash: what answers say they came from."""
        return f"{self.folder.name}-{self.manifest.fingerprint}"

    def close(self) -> None:
        """Close the database."""
        self._store.close()

    # Changes

    def add(
        self,
        paths: Iterable[Path],
        *,
        on_progress: OnProgress = _quiet,
        remove_missing: bool = False,
    ) -> IngestReport:
        """Bring files and folders into the index and return what happened to each.

        Unchanged files cost no parsing and no embedding. What was stored stays stored when a later
        file fails or the process dies.

        Raises:
            IndexError_: Another process is writing, the disk is full, the embedder does not fit.
        """
        given = [Path(p) for p in paths]
        with _writing(self.folder):
            store = Store(self.folder / _DATABASE, writable=True)
            try:
                rows = list(forget_missing(store, given)) if remove_missing else []
                rows += ingest(store, self.embedder, given, on_progress)
            finally:
                store.close()
            self._save_cache()
        return IngestReport(tuple(rows))

    def remove(self, doc_id: str) -> None:
        """Remove a document."""
        with _writing(self.folder):
            store = Store(self.folder / _DATABASE, writable=True)
            try:
                store.remove(doc_id)
            finally:
                store.close()
            self._save_cache()

    def check(self, *, repair: bool = False) -> list[check.Problem]:
        """Return what is wrong, repaired where `repair` is set and it can be built again."""
        with _writing(self.folder):
            store = Store(self.folder / _DATABASE, writable=True)
            try:
                found = list(check.problems(store, self.embedder, repair=repair))
            finally:
                store.close()
            cached = vectors.load(self.folder / _CACHE)
            if cached is None and len(self._store.retrievable()):
                found.append(check.Problem("the vector cache is missing or damaged", repair))
            if repair or cached is not None:
                self._loaded = None
                self._save_cache()
        return found

    # Questions

    def documents(self) -> list[DocumentFacts]:
        """Return the facts of all documents, newest first."""
        return self._store.documents()

    def document(self, doc_id: str) -> Document:
        """Return a document.

        Raises:
            IndexError_: There is none of that id.
        """
        found = self._store.document(doc_id)
        if found is None:
            raise self._unknown(doc_id, [])
        return found

    def sections(self, doc_id: str) -> tuple[Section, ...]:
        """Return the sections of a document in order."""
        return self._store.sections(doc_id)

    def chunks_of(self, doc_id: str) -> dict[int, Chunk]:
        """Return all chunks of a document in order."""
        return self._store.chunks_of(doc_id)

    def find(self, name: str) -> str:
        """Return the id of the one document that `name` means: the start of an id or a file name.

        Raises:
            IndexError_: None or several match; they are named.
        """
        documents = self.documents()
        for matches in (
            [d for d in documents if name in (d.doc_id, d.source)],
            [d for d in documents if d.doc_id.removeprefix("d1-").startswith(name) or d.doc_id.startswith(name)],
            [d for d in documents if name.casefold() in d.source.casefold()],
        ):  # fmt: skip
            if len(matches) == 1:
                return matches[0].doc_id
            if matches:
                raise self._unknown(name, matches)
        raise self._unknown(name, [])

    def dense(
        self, vector: npt.NDArray[np.float32], k: int, doc_ids: set[str] | None = None
    ) -> list[Scored]:
        """Return the `k` chunks nearest to a unit vector by cosine, best first."""
        among = None if doc_ids is None else self._store.retrievable(doc_ids)
        return self._vectors().search(vector, k, among)

    def lexical(
        self, terms: Sequence[str], k: int, doc_ids: set[str] | None = None
    ) -> list[Scored]:
        """Return the `k` best chunks by BM25, best first."""
        return self._store.lexical(terms, k, doc_ids)

    def chunks(self, ids: Sequence[int]) -> Mapping[int, Chunk]:
        """Return those chunks that exist."""
        return self._store.chunks(ids)

    def select(self, filters: Filters) -> set[str] | None:
        """Return the documents that pass `filters`; None when nothing is restricted."""
        if filters == Filters():
            return None
        passed = {d.doc_id for d in self.documents() if _passes(d, filters)}
        return passed & self._store.naming([filters.company]) if filters.company else passed

    def info(self) -> dict[str, Any]:
        """Return the manifest with counts and the size on disk."""
        size = sum(p.stat().st_size for p in self.folder.iterdir() if p.is_file())
        return dataclasses.asdict(self.manifest) | {
            "fingerprint": self.manifest.fingerprint,
            "folder": str(self.folder),
            "documents": self._store.count("documents"),
            "chunks": self._store.count("chunks"),
            "vectors": self._store.count("vectors"),
            "bytes": size,
            "free_bytes": shutil.disk_usage(self.folder).free,
        }

    def _vectors(self) -> VectorIndex:
        """Return the search structure for the store as it is now: kept, from the cache, or built."""
        stamp = Stamp(self._store.store_id, self._store.generation, self.manifest.dimension)
        if self._loaded is None:
            cached = vectors.load(self.folder / _CACHE)
            self._loaded = (cached.stamp, cached.index) if cached else None
        if self._loaded is None or not _usable(*self._loaded, stamp):
            ids = self._store.retrievable()
            built = VectorIndex.build(stamp.dimension, ids, self._store.vectors)
            self._loaded = (stamp, built)
        elif self._loaded[0] != stamp:
            self._loaded[1].update(self._store.retrievable(), self._store.vectors)
            self._loaded = (stamp, self._loaded[1])
        return self._loaded[1]

    def _save_cache(self) -> None:
        index = self._vectors()
        assert self._loaded is not None
        index.save(self.folder / _CACHE, self._loaded[0])

    def _unknown(self, name: str, matches: Sequence[DocumentFacts]) -> IndexError_:
        listed = ", ".join(f"{d.doc_id} {d.source}" for d in matches[:5])
        index = self.folder.name
        if matches:
            return IndexError_(
                f"{name!r} means several documents: {listed}; give more of the id",
                f"{name!r} 对应多个文档：{listed}；请给出更长的编号",
            )
        return IndexError_(
            f"no document {name!r} in index {index!r}; see: rag list --index {index}",
            f"索引 {index!r} 中没有文档 {name!r}；查看：rag list --index {index}",
        )


def _usable(stamp: Stamp, index: VectorIndex, wanted: Stamp) -> bool:
    same = (stamp.store_id, stamp.dimension) == (wanted.store_id, wanted.dimension)
    return same and stamp.generation <= wanted.generation and index.suits()


def _passes(document: DocumentFacts, filters: Filters) -> bool:
    date = document.published or ""
    return not (
        (filters.source and filters.source.casefold() not in document.source.casefold())
        or (filters.publisher and filters.publisher not in (document.publisher or ""))
        or (filters.since and date < filters.since)
        or (filters.until and not "" < date <= filters.until)
    )


def _writing(folder: Path) -> _Held:
    """Return the lock of the one writer, taken; freed by the system when its process dies.

    Raises:
        IndexError_: Another process holds it.
    """
    lock = filelock.FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise IndexError_(
            f"another process is writing to index {folder.name!r}; wait until it is done",
            f"另一个进程正在写入索引 {folder.name!r}；请等它完成",
        ) from None
    return _Held(lock)


class _Held:
    """A lock already taken, released on leaving the block."""

    def __init__(self, lock: filelock.BaseFileLock) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        self._lock.release()
