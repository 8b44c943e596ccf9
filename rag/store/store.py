"""The store as its callers see it: questions, and changes of one transaction each."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.schema import Chunk, Document, DocumentFacts, Fact, Section
from rag.store import layout, statements
from rag.store.records import (
    CHUNK_COLUMNS,
    DOCUMENT_COLUMNS,
    Entry,
    FileRecord,
    Scored,
    VectorBlock,
    from_blobs,
    ids_to_json,
    to_chunk,
    to_document,
    to_facts,
    to_sections,
)

_FETCH = 4096
"""Vectors a block: 12 MB of float32 at 768 dimensions."""
_FACTS = """
SELECT doc_id, source, title, publisher, published, format, page_count,
       (SELECT count(*) FROM chunks WHERE chunks.doc_id = documents.doc_id)
FROM documents"""
_ONE_OF = "IN (SELECT value FROM json_each(?))"


class Store:
    """The database of an index. Each thread gets its own connection; readers never wait."""

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        """Remember `path`; nothing is opened until the first question."""
        self.path = path
        self._writable = writable
        self._local = threading.local()
        self._opened: weakref.WeakSet[layout.Connection] = weakref.WeakSet()

    @classmethod
    def create(cls, path: Path) -> Store:
        """Return a new, empty, writable store in place of whatever lies at `path`."""
        cls.delete(path)
        layout.create(path)
        return cls(path, writable=True)

    @staticmethod
    def upgrade(path: Path) -> None:
        """Give an older store what was added since, empty.

        Raises:
            IndexError_: It cannot be written.
        """
        layout.upgrade(path)

    @staticmethod
    def delete(path: Path) -> None:
        """Delete a store, its write-ahead log too: a log left behind would go into the next one."""
        for suffix in ("-wal", "-shm", ""):
            Path(f"{path}{suffix}").unlink(missing_ok=True)

    def close(self) -> None:
        """Close the connections of all threads; a writer first empties the write-ahead log."""
        if self._writable and hasattr(self._local, "connection"):
            with contextlib.suppress(sqlite3.Error):  # a busy reader: the log simply stays
                self._local.connection.execute("PRAGMA busy_timeout = 1000")
                self._local.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for connection in list(self._opened):
            connection.close()
        self._opened.clear()
        self._local = threading.local()

    # Questions

    @property
    def store_id(self) -> str:
        """The name of this store, different for every one ever created."""
        return str(self._meta("store_id"))

    @property
    def generation(self) -> int:
        """A number that rises with every change."""
        return int(self._meta("generation"))

    def documents(self) -> list[DocumentFacts]:
        """Return the facts of all documents, newest first, undated ones last."""
        rows = self.rows(f"{_FACTS} ORDER BY published IS NULL, published DESC, source, doc_id")
        return [DocumentFacts(*row) for row in rows]

    def document(self, doc_id: str) -> Document | None:
        """Return a document as it was stored, or None."""
        query = f"SELECT {DOCUMENT_COLUMNS} FROM documents WHERE doc_id = ?"
        return next((to_document(row) for row in self.rows(query, (doc_id,))), None)

    def facts(self) -> dict[str, tuple[Fact, ...]]:
        """Return what every document states of itself."""
        return {
            row[0]: to_facts(row[1]) for row in self.rows("SELECT doc_id, facts FROM documents")
        }

    def signatures(self) -> dict[str, bytes]:
        """Return the signatures of the documents that have one."""
        query = "SELECT doc_id, signature FROM documents WHERE signature IS NOT NULL"
        return dict(self.rows(query))

    def holds(self, doc_id: str) -> bool:
        """Return whether a document is stored."""
        return bool(self.rows("SELECT 1 FROM documents WHERE doc_id = ?", (doc_id,)))

    def read_before(self, version: int) -> dict[str, str]:
        """Return the documents that loaders older than `version` read, by id -> source.

        The store is writable, or was written by this program.
        """
        query = "SELECT doc_id, source FROM documents WHERE loader < ? ORDER BY source, doc_id"
        return dict(self.rows(query, (version,)))

    def sections(self, doc_id: str) -> tuple[Section, ...]:
        """Return the sections of a document in order; empty for an unknown one."""
        rows = self.rows("SELECT sections FROM documents WHERE doc_id = ?", (doc_id,))
        return to_sections(doc_id, rows[0][0]) if rows else ()

    def naming(self, names: Iterable[str]) -> set[str]:
        """Return the documents whose title or text holds one of `names`, ASCII case ignored."""
        rows = self.rows(
            "SELECT doc_id FROM documents, json_each(?) AS name"
            " WHERE instr(lower(title), lower(name.value))"
            " OR instr(lower(text), lower(name.value))",
            (json.dumps(list(names)),),
        )
        return {doc_id for (doc_id,) in rows}

    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """Return those of `ids` that exist."""
        rows = self.rows(
            f"SELECT {CHUNK_COLUMNS} FROM chunks WHERE chunk_id {_ONE_OF}", (ids_to_json(ids),)
        )
        return {row[0]: to_chunk(row) for row in rows}

    def chunks_of(self, doc_id: str) -> dict[int, Chunk]:
        """Return all chunks of a document in its order, those never retrieved included."""
        rows = self.rows(
            f"SELECT {CHUNK_COLUMNS} FROM chunks WHERE doc_id = ? ORDER BY chunk_id", (doc_id,)
        )
        return {row[0]: to_chunk(row) for row in rows}

    def retrievable(self, doc_ids: Iterable[str] | None = None) -> npt.NDArray[np.int64]:
        """Return the ids of the chunks that can be retrieved, ascending; of `doc_ids` or all."""
        query, values = "SELECT chunk_id FROM chunks WHERE retrievable = 1", []
        if doc_ids is not None:
            query, values = f"{query} AND doc_id {_ONE_OF}", [json.dumps(list(doc_ids))]
        return np.sort(np.array([row[0] for row in self.rows(query, values)], dtype=np.int64))

    def vectors(self, ids: Iterable[int]) -> Iterator[VectorBlock]:
        """Yield the vectors of `ids` in blocks, ascending; an id without a vector is left out."""
        wanted = sorted(int(i) for i in ids)
        for start in range(0, len(wanted), _FETCH):
            rows = self.rows(
                f"SELECT chunk_id, vector FROM vectors WHERE chunk_id {_ONE_OF} ORDER BY chunk_id",
                (ids_to_json(wanted[start : start + _FETCH]),),
            )
            if rows:
                yield from_blobs(rows)

    def lexical(
        self, terms: Sequence[str], k: int, doc_ids: Iterable[str] | None = None
    ) -> list[Scored]:
        """Return the `k` chunks that match any of `terms` best: BM25, best first, ties by id.

        SQLite's own BM25 (k1 = 1.2, b = 0.75), its sign turned so that higher is better.
        """
        quoted = ('"' + term.replace('"', '""') + '"' for term in dict.fromkeys(terms) if term)
        match = " OR ".join(quoted)
        if not match or k <= 0:
            return []
        where, values = "full_text MATCH ?", [match]
        if doc_ids is not None:
            where += f" AND rowid IN (SELECT chunk_id FROM chunks WHERE doc_id {_ONE_OF})"
            values.append(json.dumps(list(doc_ids)))
        rows = self.rows(
            f"SELECT rowid, -bm25(full_text) AS score FROM full_text WHERE {where}"
            " ORDER BY score DESC, rowid LIMIT ?",
            (*values, k),
        )
        return [Scored(*row) for row in rows]

    def files(self, doc_id: str | None = None) -> list[FileRecord]:
        """Return the indexed files by path; of one document, or all."""
        query, values = "SELECT path, doc_id, size, mtime_ns FROM files", []
        if doc_id is not None:
            query, values = f"{query} WHERE doc_id = ?", [doc_id]
        return [FileRecord(*row) for row in self.rows(f"{query} ORDER BY path", values)]

    def file(self, path: str) -> FileRecord | None:
        """Return what is known of a file, or None."""
        query = "SELECT path, doc_id, size, mtime_ns FROM files WHERE path = ?"
        return next((FileRecord(*row) for row in self.rows(query, (path,))), None)

    def count(self, table: str) -> int:
        """Return the number of rows of a table."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    # Changes

    def put(self, entry: Entry, file: FileRecord) -> None:
        """Store the document of `file`, replacing its earlier state and what the file held."""
        with self.transaction() as connection:
            statements.put_document(connection, entry)
            statements.point(connection, file)

    def link(self, file: FileRecord) -> None:
        """Let `file` stand for a document that is stored already."""
        with self.transaction() as connection:
            statements.point(connection, file)

    def move(self, file: FileRecord, before: Sequence[str], source: str) -> None:
        """Let `file`, shown as `source`, stand for its document instead of the paths `before`."""
        with self.transaction() as connection:
            statements.point(connection, file)
            for path in before:
                connection.execute("DELETE FROM files WHERE path = ?", (path,))
            connection.execute(
                "UPDATE documents SET source = ? WHERE doc_id = ?", (source, file.doc_id)
            )

    def unlink(self, path: str) -> bool:
        """Forget a file; return whether its document went with it, as no other file held it."""
        with self.transaction() as connection:
            held = connection.execute("SELECT doc_id FROM files WHERE path = ?", (path,)).fetchone()
            connection.execute("DELETE FROM files WHERE path = ?", (path,))
            return held is not None and statements.delete_unheld(connection, held[0])

    def remove(self, doc_id: str) -> None:
        """Remove a document with its chunks and files."""
        with self.transaction() as connection:
            statements.delete_document(connection, doc_id)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction, which also raises the generation.

        Raises:
            IndexError_: The disk is full, the file is damaged, or another writer holds it.
        """
        try:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise layout.explained(error, self.path) from error

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return all rows of a query.

        Raises:
            IndexError_: The file is missing, damaged, or was locked for half a minute.
        """
        try:
            return self._connection().execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise layout.explained(error, self.path) from error

    def _meta(self, key: str) -> Any:  # noqa: ANN401 - a text or a number, by key
        return self.rows("SELECT value FROM meta WHERE key = ?", (key,))[0][0]

    def _connection(self) -> sqlite3.Connection:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = layout.connect(self.path, writable=self._writable)
            self._local.connection = connection
            self._opened.add(connection)
        return connection
