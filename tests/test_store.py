"""The store gives back what was put in, finds by BM25, and never holds half a document."""

import math
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexError_
from rag.schema import Block, BlockKind, Chunk, Document, Fact, FactName, Page, Section
from rag.store import Entry, FileRecord, IndexedChunk, Store
from rag.text import search_terms

TEXT = "总述\n收入3.2%增长。\n免责声明"
UNIT = np.eye(4, dtype=np.float32)


def entry(doc_id: str = "d1-a", text: str = TEXT, **facts: str) -> Entry:
    heading, body = text.index("\n"), text.rindex("\n")
    blocks = (
        Block(BlockKind.HEADING, 0, heading, 1),
        Block(BlockKind.PARAGRAPH, heading + 1, body),
        Block(BlockKind.BOILERPLATE, body + 1, len(text)),
    )
    document = Document(
        doc_id, f"{doc_id}.md", "markdown", text, "题“目”", blocks,
        (Page(1, 0, body, "i"), Page(2, body, len(text), by_ocr=True)), "东湖证券", "2024-11-05",
        ("一处不清",), (Fact(FactName.COMPANY, "甲", "page 1", 0, 1, ("0001.HK", "甲乙")),),
    )  # fmt: skip
    document = replace(document, **facts)
    section = Section(doc_id, ("总述", "a/b › c"), 0, len(text), blocks)
    shown = Chunk(
        doc_id, 0, body, text[:body], section.heading_path, 1, BlockKind.TABLE, "公司 | 2024E"
    )
    aside = Chunk(doc_id, body + 1, len(text), text[body + 1 :], (), 2, BlockKind.BOILERPLATE)
    terms = tuple(search_terms(shown.text))
    return Entry(document, (section,), (IndexedChunk(shown, terms, UNIT[0]), IndexedChunk(aside)))


def file(path: str, doc_id: str = "d1-a") -> FileRecord:
    return FileRecord(path, doc_id, 10, 99)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store.sqlite")


def test_a_document_comes_back_as_it_was(store: Store) -> None:
    put = entry()
    store.put(put, file("/a"))
    assert store.document("d1-a") == put.document
    assert store.sections("d1-a") == put.sections
    assert list(store.chunks_of("d1-a").values()) == [c.chunk for c in put.chunks]
    (facts,) = store.documents()
    assert (facts.pages, facts.chunks, facts.published) == (2, 2, "2024-11-05")
    assert store.facts() == {"d1-a": put.document.facts}
    assert store.document("d1-b") is None
    assert store.sections("d1-b") == ()


def test_only_what_is_retrievable_has_a_vector_and_terms(store: Store) -> None:
    store.put(entry(), file("/a"))
    (chunk_id,) = store.retrievable()
    (block,) = store.vectors([chunk_id, 12345])
    assert block.ids.tolist() == [chunk_id]
    assert np.array_equal(block.vectors, UNIT[:1])
    assert store.lexical(search_terms("免责声明"), 5) == []
    assert store.retrievable(["d1-a"]).tolist() == [chunk_id]
    assert store.retrievable(["d1-b"]).tolist() == []


@pytest.mark.parametrize(
    "term", ["3.2%", "hunyuan-large", "s&p", "it's", "1,2", "营收", "鿏a", 'a"b']
)
def test_a_term_is_found_whole_and_only_whole(store: Store, term: str) -> None:
    put = entry()
    found = replace(put.chunks[0], terms=(term, "其他"))
    store.put(replace(put, chunks=(found,)), file("/a"))
    assert [s.id for s in store.lexical([term], 5)] == store.retrievable().tolist()
    assert store.lexical([term[:-1]], 5) == []
    assert store.lexical([term[1:]], 5) == []


def test_terms_are_never_query_syntax(store: Store) -> None:
    store.put(entry(), file("/a"))
    for term in ("AND", "NOT *", 'x" OR "收入', "terms:收入", "^收入", "NEAR(", "", " "):
        assert store.lexical([term], 5) == []


def test_scores_are_bm25(store: Store) -> None:
    documents = {"d1-a": "x x y", "d1-b": "x z z z z z", "d1-c": "w w w"}
    for doc_id, words in documents.items():
        put = entry(doc_id)
        chunk = replace(put.chunks[0], terms=tuple(words.split()))
        store.put(replace(put, chunks=(chunk,)), file(doc_id, doc_id))
    # Robertson's idf over N = 3 with 1 or 2 containing chunks; lengths 3, 6, 3, mean 4.
    idf = {"y": math.log((3 - 1 + 0.5) / (1 + 0.5)), "x": 1e-6}

    def weight(term: str, count: int, length: int) -> float:
        return idf[term] * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / 4))

    first, second = store.lexical(["x", "y"], 5)
    assert first.score == pytest.approx(weight("y", 1, 3) + weight("x", 2, 3), rel=1e-6)
    assert second.score == pytest.approx(weight("x", 1, 6), rel=1e-6)
    assert store.lexical(["x", "y"], 1) == [first]
    assert store.lexical(["x", "y"], 5, ["d1-b"]) == [second]
    assert store.lexical(["x"], 0) == []


def test_putting_again_replaces_and_ids_are_never_reused(store: Store) -> None:
    store.put(entry(), file("/a"))
    before = store.retrievable()
    store.put(entry(), file("/a"))
    after = store.retrievable()
    assert len(after) == 1
    assert after[0] > before[0]
    assert store.count("chunks") == 2
    assert len(store.lexical(["收入"], 9)) == 1


def test_a_file_that_changes_takes_its_old_document_with_it(store: Store) -> None:
    store.put(entry("d1-a"), file("/f", "d1-a"))
    store.put(entry("d1-b"), file("/f", "d1-b"))
    assert [d.doc_id for d in store.documents()] == ["d1-b"]
    assert store.count("terms") == store.count("vectors") == 1


def test_a_document_stays_while_a_file_holds_it(store: Store) -> None:
    store.put(entry(), file("/a"))
    store.link(file("/b"))
    assert store.unlink("/a") is False
    assert [d.doc_id for d in store.documents()] == ["d1-a"]
    assert store.unlink("/b") is True
    assert store.documents() == []
    assert store.lexical(["收入"], 5) == []
    assert store.unlink("/never") is False


def test_a_failed_change_changes_nothing(store: Store) -> None:
    store.put(entry(), file("/a"))
    before = (store.documents(), store.generation, store.lexical(["收入"], 5))
    broken = replace(
        entry("d1-b"), chunks=(IndexedChunk(replace(entry().chunks[0].chunk, doc_id="d1-x")),)
    )
    with pytest.raises(IndexError_, match="FOREIGN KEY"):
        store.put(broken, file("/b", "d1-b"))
    assert (store.documents(), store.generation, store.lexical(["收入"], 5)) == before


def test_every_change_raises_the_generation(store: Store) -> None:
    seen = [store.generation]
    for change in (
        lambda: store.put(entry(), file("/a")),
        lambda: store.link(file("/b")),
        lambda: store.unlink("/b"),
        lambda: store.remove("d1-a"),
    ):
        change()
        seen.append(store.generation)
    assert seen == sorted(set(seen))


def test_a_reader_keeps_reading_while_a_writer_holds_a_transaction(store: Store) -> None:
    store.put(entry(), file("/a"))
    reader = Store(store.path)
    with store.transaction() as connection:
        connection.execute("DELETE FROM documents")
        assert [d.doc_id for d in reader.documents()] == ["d1-a"]
    assert reader.documents() == []


def test_threads_have_connections_of_their_own(store: Store) -> None:
    store.put(entry(), file("/a"))
    reader = Store(store.path)
    seen: list[int] = []
    threads = [
        threading.Thread(target=lambda: seen.append(len(reader.documents()))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 8
    reader.close()


def test_reading_never_changes_the_file(store: Store) -> None:
    store.put(entry(), file("/a"))
    store.close()
    before = store.path.read_bytes()
    reader = Store(store.path)
    assert reader.documents()
    with pytest.raises(IndexError_, match="readonly"):
        reader.remove("d1-a")
    reader.close()
    assert store.path.read_bytes() == before


_DIES = """
import os, sys
from pathlib import Path
from rag.store import Store
store = Store(Path(sys.argv[1]), writable=True)
with store.transaction() as connection:
    connection.execute("DELETE FROM documents")
    os.kill(os.getpid(), 9)
"""


def test_a_killed_transaction_never_happened(store: Store) -> None:
    store.put(entry(), file("/a"))
    store.close()
    root = Path(__file__).resolve().parents[1]
    subprocess.run([sys.executable, "-c", _DIES, str(store.path)], cwd=root, check=False)
    assert [d.doc_id for d in Store(store.path).documents()] == ["d1-a"]


def test_a_new_store_takes_nothing_from_a_log_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    old = Store.create(path)
    old.put(entry(), file("/a"))
    log = Path(f"{path}-wal").read_bytes()
    assert log
    old.close()
    path.unlink()
    Path(f"{path}-wal").write_bytes(log)
    assert Store.create(path).documents() == []


def test_damage_and_absence_are_errors_a_user_can_act_on(tmp_path: Path) -> None:
    path = tmp_path / "x" / "store.sqlite"
    with pytest.raises(IndexError_, match="rag check --index x"):
        Store(path).documents()
    path.parent.mkdir()
    path.write_bytes(b"not a database" * 400)
    with pytest.raises(IndexError_, match="not a database"):
        Store(path).documents()


def test_company_names_are_looked_up_in_title_and_text(store: Store) -> None:
    store.put(entry("d1-a", "总\nAlibaba 收入\n-", title="x"), file("/a"))
    store.put(entry("d1-b", "总\n无\n-", title="阿里巴巴点评"), file("/b", "d1-b"))
    assert store.naming(["alibaba"]) == {"d1-a"}
    assert store.naming(["阿里巴巴"]) == {"d1-b"}
    assert store.naming(["alibaba", "阿里巴巴"]) == {"d1-a", "d1-b"}
    assert store.naming(["%"]) == set()


def test_the_database_is_plain_sqlite(store: Store) -> None:
    store.put(entry(), file("/a"))
    plain = sqlite3.connect(store.path)
    assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()
