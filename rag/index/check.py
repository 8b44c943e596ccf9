"""An index -> what is wrong with it, and the repair of what can be built again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag import chunk
from rag.embed import Embedder
from rag.errors import IndexError_
from rag.store import Store
from rag.text import search_terms

_PAIRS = (
    ("vectors", "chunk without a vector", "有文本块缺少向量"),
    ("terms", "chunk without full text", "有文本块缺少全文索引"),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, and whether it was put right."""

    what: str
    repaired: bool = False


def problems(store: Store, embedder: Embedder, *, repair: bool) -> Iterator[Problem]:
    """Yield what is wrong with the store, repairing it first where that is asked and possible."""
    for row in store.rows("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield Problem(f"database: {row[0]}")
    for row in store.rows("PRAGMA foreign_key_check"):
        yield Problem(f"database: row of {row[0]} without its {row[2]}")
    yield from _offsets(store)
    yield from _files(store, repair=repair)
    yield from _missing(store, embedder, repair=repair)
    yield from _full_text(store, repair=repair)


def _offsets(store: Store) -> Iterator[Problem]:
    for facts in store.documents():
        document = store.document(facts.doc_id)
        pieces = store.chunks_of(facts.doc_id).values()
        wrong = sum(document is None or document.text[c.start : c.end] != c.text for c in pieces)
        if wrong:
            yield Problem(
                f"{facts.source}: {wrong} chunks do not match the text; remove and add it"
            )


def _files(store: Store, *, repair: bool) -> Iterator[Problem]:
    held = {record.doc_id for record in store.files()}
    for facts in store.documents():
        if facts.doc_id not in held:
            if repair:
                store.remove(facts.doc_id)
            yield Problem(f"{facts.source}: document without a file", repair)


def _missing(store: Store, embedder: Embedder, *, repair: bool) -> Iterator[Problem]:
    for table, what, _ in _PAIRS:
        rows = store.rows(
            "SELECT chunk_id, doc_id FROM chunks WHERE retrievable = 1"
            f" AND chunk_id NOT IN (SELECT chunk_id FROM {table})"
        )
        if not rows:
            continue
        if repair:
            for chunk_id, doc_id in rows:
                _restore(store, embedder, table, chunk_id, doc_id)
        yield Problem(f"{len(rows)} × {what}", repair)


def _restore(store: Store, embedder: Embedder, table: str, chunk_id: int, doc_id: str) -> None:
    from rag.store.records import to_blob

    document = store.document(doc_id)
    if document is None:
        raise IndexError_(f"document {doc_id} is gone", f"文档 {doc_id} 已不存在")
    text = chunk.contextualise(document, store.chunks([chunk_id])[chunk_id])
    value = (
        to_blob(embedder.encode_documents([text])[0])
        if table == "vectors"
        else " ".join(search_terms(text))
    )
    with store.transaction() as connection:
        connection.execute(f"INSERT INTO {table} VALUES (?, ?)", (chunk_id, value))


def _full_text(store: Store, *, repair: bool) -> Iterator[Problem]:
    """Yield a problem when the full-text structure disagrees with the stored terms."""
    try:
        with store.transaction() as connection:
            connection.execute(
                "INSERT INTO full_text (full_text, rank) VALUES ('integrity-check', 1)"
            )
    except IndexError_ as error:
        if repair:
            with store.transaction() as connection:
                connection.execute("INSERT INTO full_text (full_text) VALUES ('rebuild')")
        yield Problem(f"full text: {error}", repair)
