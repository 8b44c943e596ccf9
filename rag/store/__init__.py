"""Documents, chunks, vectors and full text -> one SQLite file, and back: the truth of an index.

``records`` are the nouns and their rows, ``layout`` the tables and connections, ``statements`` what
one transaction does, ``store`` the class that callers use. Knows nothing of models, of FAISS, or of
how a document is read and cut.
"""

from __future__ import annotations

from rag.store import statements
from rag.store.layout import SCHEMA_VERSION
from rag.store.records import Entry, FileRecord, IndexedChunk, Scored, VectorBlock
from rag.store.store import Store

__all__ = [
    "SCHEMA_VERSION",
    "Entry",
    "FileRecord",
    "IndexedChunk",
    "Scored",
    "Store",
    "VectorBlock",
    "statements",
]
