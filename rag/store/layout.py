"""The tables of a store, and how a connection to them is opened."""

from __future__ import annotations

import sqlite3
import string
import uuid
from pathlib import Path

from rag.errors import IndexError_

SCHEMA_VERSION = 3
"""2 added the facts and the signature of a document, 3 the head of a piece of a table."""
_ADDED = {
    "facts": "facts TEXT NOT NULL DEFAULT '[]'",
    "signature": "signature BLOB",
    "loader": "loader INTEGER NOT NULL DEFAULT 0",
}
"""Column -> its declaration: what was added to the documents later; a reader needs none of them."""
_WAIT_SECONDS = 30
"""How long a statement waits for another writer; one document's transaction takes far less."""

# The terms arrive cut (`rag.text.search_terms`), so the tokenizer shall split at spaces only:
# `ascii` takes every non-ASCII character as part of a token, and all punctuation is declared so.
_PUNCTUATION = string.punctuation.replace("'", "''").replace('"', '""')

_SCHEMA = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY, source TEXT NOT NULL, title TEXT NOT NULL, publisher TEXT,
    published TEXT, format TEXT NOT NULL, page_count INTEGER NOT NULL, text_hash TEXT NOT NULL,
    warnings TEXT NOT NULL, pages TEXT NOT NULL, blocks TEXT NOT NULL, sections TEXT NOT NULL,
    text TEXT NOT NULL, facts TEXT NOT NULL DEFAULT '[]', signature BLOB,
    loader INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    doc_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL
) STRICT;
CREATE INDEX files_of_document ON files (doc_id);
-- AUTOINCREMENT: an id is never given twice, so an id in an old cache cannot mean a new chunk.
CREATE TABLE chunks (
    chunk_id INTEGER PRIMARY KEY AUTOINCREMENT,
    doc_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, page INTEGER, kind TEXT NOT NULL,
    retrievable INTEGER NOT NULL, heading_path TEXT NOT NULL, text TEXT NOT NULL,
    head TEXT NOT NULL
) STRICT;
CREATE INDEX chunks_of_document ON chunks (doc_id, retrievable);
CREATE INDEX chunks_retrievable ON chunks (retrievable);
CREATE TABLE vectors (
    chunk_id INTEGER PRIMARY KEY REFERENCES chunks ON DELETE CASCADE, vector BLOB NOT NULL
) STRICT;
CREATE TABLE terms (
    chunk_id INTEGER PRIMARY KEY REFERENCES chunks ON DELETE CASCADE, terms TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE full_text USING fts5 (
    terms, content='terms', content_rowid='chunk_id', tokenize="ascii tokenchars '{_PUNCTUATION}'"
);
"""


def create(path: Path) -> None:
    """Write an empty database with its tables; the file must not exist.

    Raises:
        IndexError_: It cannot be written.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {SCHEMA_VERSION};")
            connection.execute(
                "INSERT INTO meta VALUES ('store_id', ?), ('generation', 0)", (uuid.uuid4().hex,)
            )
            connection.execute("COMMIT")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise explained(error, path) from error


def upgrade(path: Path) -> None:
    """Give an older database the columns that were added since, empty.

    The program that made it can go on with it.

    Raises:
        IndexError_: It cannot be written.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=_WAIT_SECONDS)
        try:
            _add_columns(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise explained(error, path) from error


def connect(path: Path, *, writable: bool) -> Connection:
    """Return a connection to an existing database; a read-only one writes nothing.

    A writable one adds the columns that an older program did not have.

    Raises:
        sqlite3.Error: There is none, or it is damaged.
    """
    uri = path.resolve().as_uri()
    connection = _open(f"{uri}?mode={'rw' if writable else 'ro'}")
    try:
        connection.execute("SELECT 1 FROM meta")
    except sqlite3.OperationalError:
        # A folder that cannot be written to: readable as long as no write-ahead log is pending.
        connection.close()
        log = Path(f"{path}-wal")
        if writable or not path.is_file() or (log.exists() and log.stat().st_size):
            raise
        connection = _open(f"{uri}?mode=ro&immutable=1")
    connection.execute("PRAGMA foreign_keys = ON")
    if writable:
        _add_columns(connection)
    return connection


def _add_columns(connection: sqlite3.Connection) -> None:
    held = {row[1] for row in connection.execute("PRAGMA table_info (documents)")}
    for name, column in _ADDED.items():
        if held and name not in held:
            connection.execute(f"ALTER TABLE documents ADD COLUMN {column}")


class Connection(sqlite3.Connection):
    """A connection that can be weakly referenced, so that it ends with its thread."""


def explained(error: sqlite3.Error, path: Path) -> IndexError_:
    """Return what a database error means to the user."""
    name = path.parent.name
    return IndexError_(
        f"index {name} could not be read or written ({error}; {path.name}); expected a sound,"
        f" unlocked file and free disk space; look: rag check --index {name}",
        f"无法读写索引 {name}（{error}；{path.name}）；文件应完好、未被占用，磁盘应有空间；"
        f"检查：rag check --index {name}",
    )


def _open(uri: str) -> Connection:
    return sqlite3.connect(
        uri,
        uri=True,
        timeout=_WAIT_SECONDS,
        isolation_level=None,
        # Closing happens in whichever thread closes the store; use stays within one thread.
        check_same_thread=False,
        factory=Connection,
    )
