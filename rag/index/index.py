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
from rag.index.ingest import Ingest, OnProgress, carried, forget_missing, path_of
from rag.index.reader import reader
from rag.index.rows import IngestReport, State
from rag.index.workers import Limits
from rag.schema import Chunk, Document, DocumentFacts, Fact, Filters, Section
from rag.store import Scored, Store
from rag.vectors import Stamp, VectorIndex

_CACHE = "vectors.faiss"
_LIMITS = Limits()


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
        jobs: int = 0,
        limits: Limits = _LIMITS,
    ) -> IngestReport:
        """Build the index in `folder` anew, with what it holds and `paths`; return what happened.

        The old state serves readers until the new one is whole, and stays if that fails. Files are
        read again, as by `add`; documents whose file is gone are carried over.

        Raises:
            IndexError_: Another process is writing, or the disk is full.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with place.writing(folder):
            manifest = place.wanted(embedder)
            database = f"store-{uuid.uuid4().hex[:8]}.sqlite"
            store = Store.create(folder / database)
            try:
                with contextlib.closing(reader(jobs, limits)) as reading:
                    run = Ingest(store, embedder, reading, on_progress)
                    rows = list(carried(folder, store, run))
                    seen = {row.path for row in rows}
                    rows += [
                        row
                        for row in run.add(map(Path, paths))
                        if row.state is not State.UNCHANGED or row.path not in seen
                    ]
            except BaseException:
                store.close()
                Store.delete(folder / database)
                raise
            store.close()
            place.write(folder, manifest, database)
            place.delete_other_stores(folder, database)
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
        jobs: int = 0,
        limits: Limits = _LIMITS,
    ) -> IngestReport:
        """Bring files and folders into the index and return what happened to each.

        Unchanged files cost no parsing and no embedding. What was stored stays stored when a later
        file fails or the process dies.

        Args:
            paths: Files and folders.
            on_progress: Told how far it is.
            remove_missing: Forget what is gone from the folders among `paths`.
            jobs: Processes that read files; with 0 this one does, without `limits`.
            limits: What a file may cost before it fails.

        Raises:
            IndexError_: Another process is writing, the disk is full, the embedder does not fit.
        """
        given = [Path(p) for p in paths]
        with self._changing() as store:
            with contextlib.closing(reader(jobs, limits)) as reading:
                rows = Ingest(store, self.embedder, reading, on_progress).add(given)
            # Afterwards, so that a file that was moved is not forgotten, read and embedded anew.
            rows += forget_missing(store, given) if remove_missing else ()
            self._save_cache()
        return IngestReport(tuple(rows))

    def forget_missing(self, folders: Iterable[Path]) -> IngestReport:
        """Forget the files below `folders` that are gone, and return which."""
        with self._changing() as store:
            rows = tuple(forget_missing(store, map(Path, folders)))
            self._save_cache()
        return IngestReport(rows)

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
            if all(problem.harmless for problem in found) and cache.exists():
                wrong = check.cache_problem(vectors.load(cache), store)
                found += [check.Problem(wrong, repair)] if wrong else []
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

    def files(self, doc_id: str) -> tuple[Path, ...]:
        """Return the files that a document was read from; they may have changed since, or gone."""
        return tuple(path_of(record.path) for record in self._store.files(doc_id))

    def sections(self, doc_id: str) -> tuple[Section, ...]:
        """Return the sections of a document in order."""
        return self._store.sections(doc_id)

    def facts(self) -> dict[str, tuple[Fact, ...]]:
        """Return what each document states of itself, by its id."""
        return self._store.facts()

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
        facts = self._store.facts() if filters.company or filters.kind or filters.rating else {}
        passed = select.passing(self.documents(), filters, facts)
        if filters.company:
            passed &= select.about(filters.company, facts, self._store.naming)
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
            place.delete_other_stores(self.folder, self._database.name)
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
