"""What one transaction does to the tables: statements on a connection that has begun one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rag.store.records import Entry, FileRecord, IndexedChunk, document_row, to_blob, to_json


def put_document(connection: sqlite3.Connection, entry: Entry) -> None:
    """Store a document and its chunks in place of its earlier state, if there was one."""
    delete_chunks(connection, entry.document.doc_id)
    row = document_row(entry)
    changes = ", ".join(f"{column} = excluded.{column}" for column in row)
    connection.execute(
        f"INSERT INTO documents ({', '.join(row)}) VALUES (:{', :'.join(row)})"
        f" ON CONFLICT (doc_id) DO UPDATE SET {changes}",
        row,
    )
    for indexed in entry.chunks:
        _insert_chunk(connection, indexed)


def point(connection: sqlite3.Connection, file: FileRecord) -> None:
    """Let a path stand for a document; the one it stood for goes if no other path holds it."""
    before = connection.execute("SELECT doc_id FROM files WHERE path = ?", (file.path,)).fetchone()
    connection.execute(
        "INSERT OR REPLACE INTO files (path, doc_id, size, mtime_ns) VALUES (?, ?, ?, ?)",
        (file.path, file.doc_id, file.size, file.mtime_ns),
    )
    if before is not None and before[0] != file.doc_id:
        delete_unheld(connection, before[0])


def delete_unheld(connection: sqlite3.Connection, doc_id: str) -> bool:
    """Delete a document unless a file holds it; return whether it was deleted."""
    if connection.execute("SELECT 1 FROM files WHERE doc_id = ?", (doc_id,)).fetchone():
        return False
    delete_document(connection, doc_id)
    return True


def delete_document(connection: sqlite3.Connection, doc_id: str) -> None:
    """Delete a document, its chunks and its files."""
    delete_chunks(connection, doc_id)
    connection.execute("DELETE FROM documents WHERE doc_id = ?", (doc_id,))


def delete_chunks(connection: sqlite3.Connection, doc_id: str) -> None:
    """Delete the chunks of a document with their vectors and terms."""
    # An external-content FTS5 table must be told the deleted terms while they are still known.
    connection.execute(
        "INSERT INTO full_text (full_text, rowid, terms) SELECT 'delete', chunk_id, terms"
        " FROM terms WHERE chunk_id IN (SELECT chunk_id FROM chunks WHERE doc_id = ?)",
        (doc_id,),
    )
    connection.execute("DELETE FROM chunks WHERE doc_id = ?", (doc_id,))


def put_vector(
    connection: sqlite3.Connection, chunk_id: int, vector: npt.NDArray[np.float32]
) -> None:
    """Store the vector of a chunk, in place of an earlier one."""
    row = (chunk_id, to_blob(vector))
    connection.execute("INSERT OR REPLACE INTO vectors (chunk_id, vector) VALUES (?, ?)", row)


def put_terms(connection: sqlite3.Connection, chunk_id: int, terms: Sequence[str]) -> None:
    """Store the terms of a chunk, in place of earlier ones; the full text is not told."""
    row = (chunk_id, " ".join(terms))
    connection.execute("INSERT OR REPLACE INTO terms (chunk_id, terms) VALUES (?, ?)", row)


def rebuild_full_text(connection: sqlite3.Connection) -> None:
    """Build the full text anew from the terms."""
    connection.execute("INSERT INTO full_text (full_text) VALUES ('rebuild')")


def _insert_chunk(connection: sqlite3.Connection, indexed: IndexedChunk) -> None:
    chunk, vector = indexed.chunk, indexed.vector
    row = (chunk.doc_id, chunk.start, chunk.end, chunk.page, chunk.kind.value, vector is not None)
    chunk_id = connection.execute(
        "INSERT INTO chunks (doc_id, start, stop, page, kind, retrievable, heading_path, text,"
        " head) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*row, to_json(chunk.heading_path), chunk.text, chunk.head),
    ).lastrowid
    if vector is None or chunk_id is None:
        return
    put_vector(connection, chunk_id, vector)
    put_terms(connection, chunk_id, indexed.terms)
    connection.execute(
        "INSERT INTO full_text (rowid, terms) SELECT chunk_id, terms FROM terms WHERE chunk_id = ?",
        (chunk_id,),
    )
