"""The index: add, remove, search, show; the folder with its store, cache and manifest."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import shutil
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag import vectors
from rag.embed import Embedder, SentenceTransformerEmbedder
from rag.errors import IndexError_
from rag.index import check, place, select
from rag.index.ingest import (
    IngestReport,
    IngestRow,
    OnProgress,
    State,
    carry_over,
    forget_missing,
    ingest,
)
from rag.schema import Chunk, Document, DocumentFacts, Filters, Section
from rag.store import Scored, Store
from rag.text import fold
from rag.vectors import Stamp, VectorIndex

_CACHE = "vectors.faiss"


def _quiet(stage: str, path: Path, done: int, total: int) -> None:
    del stage, path, done, total


class Index:
    """One index; opening it never writes, and readers go on while a writer adds."""

    def __init__(self, folder: Path, built: place.Built, embedder: Embedder) -> None:
        """See `open` and `create`."""
        self.folder = folder
        self.manifest = built.manifest
        self._embedder = embedder
        self._database = folder / built.database
        self._store = Store(self._database)
        self._loaded: tuple[Stamp, VectorIndex] | None = None
        self._searching = threading.RLock()

    @classmethod
    def open(cls, folder: Path, embedder: Embedder | None = None) -> Index:
        """Return the index in `folder`, ready to search.

        Raises:
            IndexError_: There is none, or another version of the program built it.
        """
        built = place.read(folder)
        name = built.manifest.embedder
        opened = cls(folder, built, embedder or SentenceTransformerEmbedder(name))
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
            with place.writing(folder):
                if not (folder / place.MANIFEST).exists():
                    manifest = place.wanted(embedder)
                    Store.create(folder / place.DATABASE).close()
                    place.write(folder, manifest)
        return cls.open(folder, embedder)

    @classmethod
    def rebuild(
        cls,
        folder: Path,
        embedder: Embedder,
        paths: Iterable[Path] = (),
        *,
        on_progress: OnProgress = _quiet,
    ) -> IngestReport:
        """Build the index in `folder` anew, with what it holds and `paths`; return what happened.

        The old state serves readers until the new one is whole, and stays if that fails. Files are
        read again; documents whose file is gone are carried over.

        Raises:
            IndexError_: Another process is writing, or the disk is full.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with place.writing(folder):
            manifest = place.wanted(embedder)
            database = f"store-{uuid.uuid4().hex[:8]}.sqlite"
            store = Store.create(folder / database)
            try:
                rows = list(_carried(folder, store, embedder, on_progress))
                seen = {row.path for row in rows}
                rows += [
                    row
                    for row in ingest(store, embedder, map(Path, paths), on_progress)
                    if row.state is not State.UNCHANGED or row.path not in seen
                ]
            except BaseException:
                store.close()
                Store.delete(folder / database)
                raise
            store.close()
            place.write(folder, manifest, database)
            _delete_other_stores(folder, database)
            with contextlib.closing(cls(folder, place.read(folder), embedder)) as rebuilt:
                rebuilt._save_cache()
        return IngestReport(tuple(rows))

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
        with self._changing() as store:
            rows = list(forget_missing(store, given)) if remove_missing else []
            rows += ingest(store, self.embedder, given, on_progress)
            self._save_cache()
        return IngestReport(tuple(rows))

    def remove(self, doc_id: str) -> None:
        """Remove a document."""
        with self._changing() as store:
            store.remove(doc_id)
            self._save_cache()

    def check(self, *, repair: bool = False) -> list[check.Problem]:
        """Return what is wrong, repaired where `repair` is set and it can be built again.

        Without `repair` nothing is written. The embedder is needed only to repair vectors.
        """
        with self._changing() as store:
            found = list(
                check.problems(store, self.manifest.dimension, lambda: self.embedder, repair=repair)
            )
            cache = self.folder / _CACHE
            if not found and cache.exists():
                wrong = check.cache_problem(vectors.load(cache), store)
                found = [check.Problem(wrong, repair)] if wrong else []
            if any(problem.repaired for problem in found):
                cache.unlink(missing_ok=True)
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
            raise select.unknown(doc_id, self.folder.name)
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
        return select.by_name(self.documents(), name, self.folder.name)

    def dense(
        self, vector: npt.NDArray[np.float32], k: int, doc_ids: set[str] | None = None
    ) -> list[Scored]:
        """Return the `k` chunks nearest to a unit vector by cosine, best first."""
        among = None if doc_ids is None else self._store.retrievable(doc_ids)
        with self._searching:  # FAISS must not be changed while it is searched
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
        """Return the documents that pass `filters`; None when nothing is restricted.

        An undated document passes no bound on the date.

        Raises:
            UsageError: A date is not ``YYYY-MM-DD``.
        """
        if filters == Filters():
            return None
        passed = select.passing(self.documents(), filters)
        if filters.company:
            passed &= self._store.naming({filters.company, fold(filters.company)})
        return passed

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

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Store]:
        """Yield the store for writing, as the only process that does."""
        with place.writing(self.folder):
            if place.read(self.folder).database != self._database.name:
                name = self.folder.name
                raise IndexError_(
                    f"index {name!r} was rebuilt meanwhile; run the command again",
                    f"索引 {name!r} 刚被重建；请重新运行命令",
                )
            _delete_other_stores(self.folder, self._database.name)
            with contextlib.closing(Store(self._database, writable=True)) as store:
                yield store

    def _vectors(self) -> VectorIndex:
        """Return the search structure for the store as it is now: kept, from the cache, or built.

        A reader only ever builds an exact one, which takes a second; training is for writers.
        """
        stamp = Stamp(self._store.store_id, self._store.generation, self.manifest.dimension)
        if self._loaded is None:
            cached = vectors.load(self.folder / _CACHE)
            self._loaded = (cached.stamp, cached.index) if cached else None
        if self._loaded is None or not _usable(self._loaded[0], stamp):
            self._loaded = (stamp, VectorIndex.empty(stamp.dimension))
            self._loaded[1].update(self._store.retrievable(), self._store.vectors)
        elif self._loaded[0] != stamp:
            self._loaded[1].update(self._store.retrievable(), self._store.vectors)
            self._loaded = (stamp, self._loaded[1])
        return self._loaded[1]

    def _save_cache(self) -> None:
        with self._searching:
            index = self._vectors()
            assert self._loaded is not None
            stamp = self._loaded[0]
            if not index.suits():
                index = VectorIndex.build(stamp.dimension, index.ids, self._store.vectors)
                self._loaded = (stamp, index)
            index.save(self.folder / _CACHE, stamp)


def _usable(stamp: Stamp, wanted: Stamp) -> bool:
    same = (stamp.store_id, stamp.dimension) == (wanted.store_id, wanted.dimension)
    return same and stamp.generation <= wanted.generation


def _delete_other_stores(folder: Path, database: str) -> None:
    """Delete what a rebuild replaced, or left behind when it was killed."""
    for path in folder.glob("store*.sqlite"):
        if path.name != database:
            with contextlib.suppress(OSError):  # open readers hold it on some systems
                Store.delete(path)


def _carried(
    folder: Path, store: Store, embedder: Embedder, on_progress: OnProgress
) -> Iterator[IngestRow]:
    """Yield what becomes of the documents of the index in `folder`, as far as it can be read."""
    try:
        names = [place.read(folder).database]
    except IndexError_:  # an unreadable manifest need not mean an unreadable store
        names = [p.name for p in folder.glob("store*.sqlite") if p.name != store.path.name]
    for name in names:
        with contextlib.closing(Store(folder / name)) as old:
            try:
                old.files()
            except IndexError_ as error:
                yield IngestRow(name, State.FAILED, reason=str(error))
                continue
            yield from carry_over(store, embedder, old, on_progress)
