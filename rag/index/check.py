"""An index -> what is wrong with it, and the repair of what can be built again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from rag import chunk, load
from rag.embed import Embedder
from rag.errors import IndexError_
from rag.language import say
from rag.store import Store, statements
from rag.store.records import text_hash
from rag.text import search_terms
from rag.vectors import Cached, Ids

_ORPHANS = (
    ("files", "doc_id NOT IN (SELECT doc_id FROM documents)"),
    ("chunks", "doc_id NOT IN (SELECT doc_id FROM documents)"),
    ("vectors", "chunk_id NOT IN (SELECT chunk_id FROM chunks WHERE retrievable = 1)"),
    ("terms", "chunk_id NOT IN (SELECT chunk_id FROM chunks WHERE retrievable = 1)"),
)
"""Tables, and which of their rows belong to nothing."""
_LENGTH = 2e-3
"""How far from 1 the length of a stored vector may be: half precision rounds by 2^-11 at most."""
_SAMPLE = 200
"""Vectors looked up in the cache; its checksum covers damage, these cover a wrong build."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, in the user's language, and whether it was put right."""

    what: str
    repaired: bool = False
    harmless: bool = False
    """Whether the index is sound all the same."""


def problems(
    store: Store, dimension: int, embedder: Callable[[], Embedder], *, repair: bool
) -> Iterator[Problem]:
    """Yield what is wrong with the store, repairing it first where that is asked and possible.

    Args:
        store: Writable.
        dimension: Of its vectors.
        embedder: Asked for only when a repair needs a vector.
        repair: Whether to repair.
    """
    damage = list(_database(store))
    if damage:
        yield from damage
        return
    yield from _orphans(store, repair=repair)
    yield from _files(store, repair=repair)
    yield from _texts(store, repair=repair)
    yield from _bad_vectors(store, dimension, repair=repair)
    yield from _missing_vectors(store, embedder, repair=repair)
    yield from _missing_terms(store, repair=repair)
    yield from _full_text(store, repair=repair)
    yield from _old_readings(store)


def cache_problem(cached: Cached | None, store: Store) -> str | None:
    """Return what is wrong with a cache file that is there, or None.

    One that is behind the store is not wrong: what it lacks is added when it is used.
    """
    if cached is None:
        return say("the vector cache is damaged", "向量缓存已损坏")
    if (cached.stamp.store_id, cached.stamp.generation) != (store.store_id, store.generation):
        return None
    ids = store.retrievable()
    sample = np.random.default_rng(0).permutation(ids)[:_SAMPLE]
    if np.array_equal(cached.index.ids, ids) and all(
        cached.index.holds(int(i), vector)
        for block in store.vectors(sample)
        for i, vector in zip(block.ids, block.vectors, strict=True)
    ):
        return None
    return say("the vector cache disagrees with the store", "向量缓存与数据库不一致")


def _database(store: Store) -> Iterator[Problem]:
    try:
        found = [row[0] for row in store.rows("PRAGMA integrity_check") if row[0] != "ok"]
    except IndexError_ as error:
        found = [str(error.__cause__)]
    name = store.path.parent.name
    for line in found:
        yield Problem(
            say(
                f"the database is damaged ({line}); build it again: rag add PATH --index {name}"
                " --rebuild",
                f"数据库已损坏（{line}）；请重建：rag add 路径 --index {name} --rebuild",
            )
        )


def _orphans(store: Store, *, repair: bool) -> Iterator[Problem]:
    for table, condition in _ORPHANS:
        rows = store.rows(f"SELECT count(*) FROM {table} WHERE {condition}")
        if not rows[0][0]:
            continue
        if repair:
            with store.transaction() as connection:
                connection.execute(f"DELETE FROM {table} WHERE {condition}")
        text = say(
            f"rows of {table} that belong to nothing: {rows[0][0]}",
            f"{table} 中无归属的行：{rows[0][0]}",
        )
        yield Problem(text, repair)


def _files(store: Store, *, repair: bool) -> Iterator[Problem]:
    held = {record.doc_id for record in store.files()}
    for facts in store.documents():
        if facts.doc_id not in held:
            if repair:
                store.remove(facts.doc_id)
            text = say(
                f"{facts.source}: a document without a file", f"{facts.source}：文档没有对应文件"
            )
            yield Problem(text, repair)


def _old_readings(store: Store) -> Iterator[Problem]:
    """Yield a note when documents were read by older loaders than those of this program."""
    old = store.read_before(load.VERSION)
    if not old:
        return
    name = store.path.parent.name
    yield Problem(
        say(
            f"documents read by an older loader: {len(old)}; read them again: rag add PATH --index"
            f" {name}, or all of them: rag add --rebuild --index {name}",
            f"由旧版加载器读取的文档：{len(old)}；重新读取：rag add 路径 --index {name}，"
            f"或全部重读：rag add --rebuild --index {name}",
        ),
        harmless=True,
    )


def _texts(store: Store, *, repair: bool) -> Iterator[Problem]:
    """Yield damaged texts, which only the file can mend, and chunks that differ from a sound one.

    Such a chunk takes its text from the document; its vector and terms are then made anew.
    """
    for doc_id, source, text, expected in store.rows(
        "SELECT doc_id, source, text, text_hash FROM documents ORDER BY doc_id"
    ):
        if text_hash(text) != expected:
            yield Problem(
                say(
                    f"{source}: its text was changed; rag remove {doc_id}, then add the file again",
                    f"{source}：文本被改动；请先 rag remove {doc_id}，再重新添加文件",
                )
            )
            continue
        pieces = store.chunks_of(doc_id)
        wrong = [i for i, c in pieces.items() if text[c.start : c.end] != c.text]
        if not wrong:
            continue
        if repair:
            with store.transaction() as connection:
                for i in wrong:
                    right = text[pieces[i].start : pieces[i].end]
                    connection.execute("UPDATE chunks SET text = ? WHERE chunk_id = ?", (right, i))
                    connection.execute("DELETE FROM vectors WHERE chunk_id = ?", (i,))
                    connection.execute("DELETE FROM terms WHERE chunk_id = ?", (i,))
        yield Problem(
            say(
                f"{source}: chunks that differ from the text: {len(wrong)}",
                f"{source}：与原文不符的文本块：{len(wrong)}",
            ),
            repair,
        )


def _bad_vectors(store: Store, dimension: int, *, repair: bool) -> Iterator[Problem]:
    rows = store.rows("SELECT chunk_id FROM vectors WHERE length(vector) != ?", (2 * dimension,))
    bad = [row[0] for row in rows]
    whole: Ids = np.setdiff1d(store.retrievable(), bad, assume_unique=True)
    for block in store.vectors(whole):
        off = np.abs(np.linalg.norm(block.vectors, axis=1) - 1)
        bad += [int(i) for i in block.ids[~(off <= _LENGTH)]]
    if not bad:
        return
    if repair:
        with store.transaction() as connection:
            for i in bad:
                connection.execute("DELETE FROM vectors WHERE chunk_id = ?", (i,))
    yield Problem(say(f"damaged vectors: {len(bad)}", f"已损坏的向量：{len(bad)}"), repair)


def _missing_vectors(
    store: Store, embedder: Callable[[], Embedder], *, repair: bool
) -> Iterator[Problem]:
    missing = _without(store, "vectors")
    if not missing:
        return
    for doc_id, ids in _by_document(missing) if repair else ():
        vectors = embedder().encode_documents(_contexts(store, doc_id, ids))
        with store.transaction() as connection:
            for i, vector in zip(ids, vectors, strict=True):
                statements.put_vector(connection, i, vector)
    yield Problem(
        say(f"chunks without a vector: {len(missing)}", f"缺少向量的文本块：{len(missing)}"), repair
    )


def _missing_terms(store: Store, *, repair: bool) -> Iterator[Problem]:
    missing = _without(store, "terms")
    if not missing:
        return
    if repair:
        _make_terms(store, missing)
    yield Problem(
        say(f"chunks without terms: {len(missing)}", f"缺少词项的文本块：{len(missing)}"), repair
    )


def _full_text(store: Store, *, repair: bool) -> Iterator[Problem]:
    """Yield a problem when the full-text structure disagrees with the stored terms."""
    try:
        # An INSERT in form only: FTS5 compares its structure with the terms and stores nothing.
        store.rows("INSERT INTO full_text (full_text, rank) VALUES ('integrity-check', 1)")
    except IndexError_:
        if repair:
            with store.transaction() as connection:  # either may be the damaged one
                connection.execute("DELETE FROM terms")
            _make_terms(store, _without(store, "terms"))
        text = say("the full text disagrees with the terms", "全文索引与词项不一致")
        yield Problem(text, repair)


def _make_terms(store: Store, missing: list[tuple[str, int]]) -> None:
    """Make the terms of chunks from their texts, and the full text from all terms."""
    for doc_id, ids in _by_document(missing):
        texts = _contexts(store, doc_id, ids)
        with store.transaction() as connection:
            for i, text in zip(ids, texts, strict=True):
                statements.put_terms(connection, i, search_terms(text))
    with store.transaction() as connection:
        statements.rebuild_full_text(connection)


def _without(store: Store, table: str) -> list[tuple[str, int]]:
    """Return (doc_id, chunk_id) of the retrievable chunks that have no row in `table`, in order."""
    return store.rows(
        "SELECT doc_id, chunk_id FROM chunks WHERE retrievable = 1"
        f" AND chunk_id NOT IN (SELECT chunk_id FROM {table}) ORDER BY doc_id, chunk_id"
    )


def _by_document(rows: list[tuple[str, int]]) -> Iterator[tuple[str, list[int]]]:
    for doc_id, group in groupby(rows, key=lambda row: row[0]):
        yield doc_id, [chunk_id for _, chunk_id in group]


def _contexts(store: Store, doc_id: str, ids: list[int]) -> list[str]:
    """Return chunks of a document as they are embedded and indexed."""
    document = store.document(doc_id)
    if document is None:
        raise IndexError_(f"document {doc_id} is gone", f"文档 {doc_id} 已不存在")
    pieces = store.chunks(ids)
    return [chunk.contextualise(document, pieces[i]) for i in ids]
