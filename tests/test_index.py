"""An index is complete, costs nothing twice, and survives what can happen to it."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag import load, vectors
from rag.chunk import contextualise
from rag.errors import IndexError_, UsageError
from rag.index import Index, State, folder_of
from rag.schema import Document, Filters
from rag.store import SCHEMA_VERSION, Store, VectorBlock
from rag.text import search_terms
from rag.vectors import VectorIndex
from tests.conftest import HashEmbedder

CLOUD = "# 星河云季报\n\n机构：东湖证券\n\n2024年三季度星河云收入86.5亿元，同比下降3.2%。\n"
WHALE = "# 蓝鲸游戏点评\n\n蓝鲸游戏海外流水12.4亿元，创新高。\n\n风险提示：政策变化。\n"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "cloud.md").write_text(CLOUD, encoding="utf-8")
    (folder / "whale.md").write_text(WHALE, encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path, embedder: HashEmbedder) -> Index:
    return Index.create(tmp_path / "indexes" / "t", embedder)


def states(index: Index, *paths: Path, **options: bool) -> dict[str, State]:
    return {Path(r.path).name: r.state for r in index.add(paths, **options).rows}


def test_every_chunk_is_a_slice_of_its_document_and_finds_itself(
    index: Index, reports: Path, embedder: HashEmbedder
) -> None:
    index.add([reports])
    for facts in index.documents():
        document = index.document(facts.doc_id)
        for row, chunk in index.chunks_of(facts.doc_id).items():
            assert document.text[chunk.start : chunk.end] == chunk.text
            text = contextualise(document, chunk)
            best = index.dense(embedder.encode_query(text), 1)[0]
            assert best.id == row
            assert best.score == pytest.approx(1, abs=2e-3)
            assert row in [s.id for s in index.lexical(search_terms(chunk.text), 3)]


def test_second_add_embeds_nothing_and_changes_nothing(
    index: Index, reports: Path, embedder: HashEmbedder
) -> None:
    assert set(states(index, reports).values()) == {State.ADDED}
    before, encoded = index.documents(), embedder.encoded
    assert set(states(index, reports).values()) == {State.UNCHANGED}
    os.utime(reports / "cloud.md", (1, 1))
    assert set(states(index, reports).values()) == {State.UNCHANGED}
    assert embedder.encoded == encoded
    assert index.documents() == before


def test_changed_file_replaces_its_document(index: Index, reports: Path) -> None:
    index.add([reports])
    (reports / "cloud.md").write_text(CLOUD.replace("86.5", "99.9"), encoding="utf-8")
    assert states(index, reports) == {"cloud.md": State.REPLACED, "whale.md": State.UNCHANGED}
    texts = [index.document(d.doc_id).text for d in index.documents()]
    assert len(texts) == 2
    assert not any("86.5" in t for t in texts)
    assert index.check() == []


def test_moved_duplicate_and_missing_files(
    index: Index, reports: Path, embedder: HashEmbedder
) -> None:
    index.add([reports])
    (reports / "copy.md").write_text(CLOUD, encoding="utf-8")
    (reports / "whale.md").rename(reports / "orca.md")
    encoded = embedder.encoded
    assert states(index, reports, remove_missing=True) == {
        "cloud.md": State.UNCHANGED,
        "copy.md": State.DUPLICATE,
        "orca.md": State.MOVED,
    }
    assert embedder.encoded == encoded
    assert sorted(d.source for d in index.documents()) == ["cloud.md", "orca.md"]
    (reports / "orca.md").unlink()
    assert states(index, reports, remove_missing=True)["orca.md"] is State.REMOVED
    assert [d.source for d in index.documents()] == ["cloud.md"]


def test_bad_files_get_one_line_each_and_the_rest_is_indexed(index: Index, reports: Path) -> None:
    (reports / "empty.txt").write_bytes(b"")
    (reports / "binary.txt").write_bytes(b"\x00\x01\x02" * 500)
    (reports / "broken.pdf").write_bytes(b"%PDF-1.4\n" + b"garbage" * 50)
    (reports / "picture.png").write_bytes(b"\x89PNG")
    report = index.add([reports])
    assert report.count(State.ADDED) == 2
    bad = {
        Path(r.path).name: r.reason for r in report.rows if r.state in (State.FAILED, State.SKIPPED)
    }
    assert set(bad) == {"empty.txt", "binary.txt", "broken.pdf", "picture.png"}
    assert all(reason and "\n" not in reason for reason in bad.values())


def test_filters_choose_documents(index: Index, reports: Path) -> None:
    index.add([reports])
    by_name = {d.source: d.doc_id for d in index.documents()}
    assert index.select(Filters()) is None
    assert index.select(Filters(source="CLOUD")) == {by_name["cloud.md"]}
    assert index.select(Filters(company="蓝鲸游戏")) == {by_name["whale.md"]}
    assert index.select(Filters(since="2024-01-01")) == set()
    only = index.lexical(search_terms("亿元"), 9, {by_name["whale.md"]})
    assert {index.chunks([s.id])[s.id].doc_id for s in only} == {by_name["whale.md"]}


def test_damaged_cache_is_built_again(index: Index, reports: Path, embedder: HashEmbedder) -> None:
    index.add([reports])
    vector = embedder.encode_query("星河云收入")
    want = index.dense(vector, 2)
    cache = index.folder / "vectors.faiss"
    cache.write_bytes(cache.read_bytes()[:-9] + b"corrupted")
    assert vectors.load(cache) is None
    assert Index.open(index.folder, embedder).dense(vector, 2) == want


def test_planted_damage_is_found_and_repaired(index: Index, reports: Path) -> None:
    index.add([reports])
    store = Store(index.folder / "store.sqlite", writable=True)
    with store.transaction() as connection:
        connection.execute(
            "DELETE FROM vectors WHERE chunk_id = (SELECT min(chunk_id) FROM vectors)"
        )
    store.close()
    (problem,) = index.check()
    assert "without a vector" in problem.what
    assert not problem.repaired
    assert [p.repaired for p in index.check(repair=True)] == [True]
    assert index.check() == []


def test_another_embedder_is_refused_with_the_command(index: Index, embedder: HashEmbedder) -> None:
    other = HashEmbedder()
    other.fingerprint = "other"
    with pytest.raises(IndexError_, match=r"'hash64', now 'other'.*--rebuild"):
        Index.open(index.folder, other)


def test_a_missing_index_names_those_there_are(index: Index) -> None:
    with pytest.raises(IndexError_, match=r"there are: t.*rag add PATH --index nope"):
        Index.open(folder_of("nope"))


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a:b", "a\nb"])
def test_names_that_are_no_file_names_are_refused(name: str) -> None:
    with pytest.raises(UsageError):
        folder_of(name)


def test_documents_are_found_by_prefix_or_name(index: Index, reports: Path) -> None:
    index.add([reports])
    doc_id = load.load(reports / "cloud.md").doc_id
    for name in (doc_id, doc_id[:8], doc_id[3:9], "cloud.md", "clo"):
        assert index.find(name) == doc_id
    with pytest.raises(IndexError_, match="several"):
        index.find(".md")


def test_a_second_writer_is_told_to_wait(index: Index, reports: Path) -> None:
    import filelock

    with (
        filelock.FileLock(index.folder / "writer.lock"),
        pytest.raises(IndexError_, match="another process"),
    ):
        index.add([reports])


def test_a_reader_sees_whole_documents_while_a_writer_adds(
    index: Index, reports: Path, embedder: HashEmbedder
) -> None:
    reader = Index.open(index.folder, embedder)
    seen = []

    def look(stage: str, path: Path, done: int, total: int) -> None:
        del path, done, total
        if stage == "embed":
            seen.append([index.chunks_of(d.doc_id) != {} for d in reader.documents()])

    index.add([reports], on_progress=look)
    assert seen[-1] == [True]
    assert len(reader.documents()) == 2


_KILLED = """
import sys, time
from pathlib import Path
from tests.conftest import HashEmbedder
from rag.index import Index
class Slow(HashEmbedder):
    def encode_documents(self, texts, on_progress=None):
        time.sleep(0.05)
        return super().encode_documents(texts, on_progress)
index = Index.create(Path(sys.argv[1]), Slow())
print("ready", flush=True)
if len(sys.argv) > 3:
    Index.rebuild(index.folder, Slow())
else:
    index.add([Path(sys.argv[2])])
"""


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 0.12, 0.31, 0.64, 1.1])
def test_kill_during_add_loses_at_most_the_document_in_flight(
    tmp_path: Path, embedder: HashEmbedder, delay: float
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for n in range(20):
        (folder / f"r{n:02}.md").write_text(CLOUD.replace("86.5", f"{n}.5"), encoding="utf-8")
    place = tmp_path / "killed"
    root = Path(__file__).resolve().parents[1]
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(place), str(folder)], cwd=root, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(delay)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    index = Index.open(place, embedder)
    assert index.check() == []
    index.add([folder])
    assert index.check() == []
    assert sorted(d.source for d in index.documents()) == [f"r{n:02}.md" for n in range(20)]
    counts = [len(index.chunks_of(d.doc_id)) for d in index.documents()]
    assert len(set(counts)) == 1


def test_vectors_are_kept_close_to_what_was_encoded(index: Index, reports: Path) -> None:
    index.add([reports])
    store = Store(index.folder / "store.sqlite")
    for block in store.vectors(store.retrievable()):
        assert np.allclose(np.linalg.norm(block.vectors, axis=1), 1, atol=2e-3)
    store.close()


def test_manifest_fingerprint_changes_with_anything_in_it(index: Index) -> None:
    changed = replace(index.manifest, chunk_size=index.manifest.chunk_size + 1)
    assert changed.fingerprint != index.manifest.fingerprint


def tamper(index: Index, *statements: str) -> None:
    store = Store(next(index.folder.glob("store*.sqlite")), writable=True)
    with store.transaction() as connection:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        for statement in statements:
            connection.execute(statement)
    store.close()


FIRST = "(SELECT min(chunk_id) FROM chunks WHERE retrievable = 1)"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (f"UPDATE chunks SET text = '假' WHERE chunk_id = {FIRST}", "differ from the text"),
        (f"UPDATE vectors SET vector = x'00' WHERE chunk_id = {FIRST}", "damaged vectors: 1"),
        (
            f"UPDATE vectors SET vector = zeroblob(128) WHERE chunk_id = {FIRST}",
            "damaged vectors: 1",
        ),
        (f"DELETE FROM terms WHERE chunk_id = {FIRST}", "chunks without terms: 1"),
        (f"UPDATE terms SET terms = '别的' WHERE chunk_id = {FIRST}", "full text disagrees"),
        (f"UPDATE chunks SET retrievable = 0 WHERE chunk_id = {FIRST}", "belong to nothing: 1"),
        ("DELETE FROM files WHERE path LIKE '%cloud.md'", "a document without a file"),
    ],
)
def test_each_kind_of_damage_is_found_named_and_repaired(
    index: Index, reports: Path, embedder: HashEmbedder, damage: str, said: str
) -> None:
    index.add([reports])
    assert index.check() == []
    tamper(index, damage)
    found = index.check()
    assert found
    assert said in found[0].what
    assert index.check() == found, "looking must not change anything"
    assert all(problem.repaired for problem in index.check(repair=True))
    assert index.check() == []
    for facts in index.documents():
        for row, chunk in index.chunks_of(facts.doc_id).items():
            text = contextualise(index.document(facts.doc_id), chunk)
            if damage.startswith("UPDATE chunks SET retrievable"):
                continue
            assert index.dense(embedder.encode_query(text), 1)[0].id == row
            assert row in [s.id for s in index.lexical(search_terms(chunk.text), 9)]


def test_a_changed_text_is_found_even_when_its_chunks_agree(index: Index, reports: Path) -> None:
    index.add([reports])
    tamper(
        index,
        "UPDATE documents SET text = replace(text, '86.5', '96.5')",
        "UPDATE chunks SET text = replace(text, '86.5', '96.5')",
    )
    (problem,) = index.check(repair=True)
    assert not problem.repaired
    doc_id = index.find("cloud.md")
    assert f"rag remove {doc_id}" in problem.what
    index.remove(doc_id)
    index.add([reports])
    assert index.check() == []
    assert "86.5" in index.document(doc_id).text


def test_a_cache_that_disagrees_is_found_and_built_again(index: Index, reports: Path) -> None:
    index.add([reports])
    cache = index.folder / "vectors.faiss"
    cached = vectors.load(cache)
    assert cached is not None
    ids = cached.index.ids
    wrong = VectorIndex.empty(64)
    wrong.update(ids, lambda _: [VectorBlock(ids, np.eye(64, dtype=np.float32)[: len(ids)])])
    wrong.save(cache, cached.stamp)
    (problem,) = index.check()
    assert "disagrees" in problem.what
    assert [p.repaired for p in index.check(repair=True)] == [True]
    cache.write_bytes(b"rubbish")
    (problem,) = index.check()
    assert "cache is damaged" in problem.what


def test_looking_asks_for_no_model(index: Index, reports: Path) -> None:
    index.add([reports])

    class Unreachable:
        name = "gone"

        def __getattr__(self, _: str) -> object:
            raise AssertionError("the model was asked for")

    plain = Index.open(index.folder)
    plain._embedder = Unreachable()  # type: ignore[assignment]
    assert plain.check() == []
    assert plain.lexical(search_terms("收入"), 3)


def test_a_malformed_database_is_one_problem_with_the_way_out(
    index: Index, reports: Path, embedder: HashEmbedder
) -> None:
    index.add([reports])
    index.close()
    database = index.folder / "store.sqlite"
    assert not Path(f"{database}-wal").stat().st_size
    data = bytearray(database.read_bytes())
    data[4096 * 3 : 4096 * 12] = b"\xff" * 4096 * 9
    database.write_bytes(data)
    for repair in (False, True):
        problems = Index.open(index.folder, embedder).check(repair=repair)
        assert problems
        assert not any(p.repaired for p in problems)
        assert all("rag add PATH --index t --rebuild" in p.what for p in problems)


def test_a_fault_of_a_parser_fails_one_file_only(
    index: Index, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = load.load

    def faulty(path: Path) -> Document:
        if path.name == "cloud.md":
            raise RecursionError("too deep")
        return real(path)

    monkeypatch.setattr(load, "load", faulty)
    assert states(index, reports) == {"cloud.md": State.FAILED, "whale.md": State.ADDED}


def test_a_file_that_turns_bad_keeps_what_was_indexed_and_says_so(
    index: Index, reports: Path
) -> None:
    index.add([reports])
    (reports / "cloud.md").write_bytes(b"\x00\x01" * 99)
    rows = {Path(r.path).name: r for r in index.add([reports]).rows}
    assert rows["cloud.md"].state is State.FAILED
    assert "stays" in (rows["cloud.md"].reason or "")
    assert len(index.documents()) == 2


def test_names_that_are_no_utf8_are_indexed_like_others(index: Index, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    name = os.fsdecode("报告".encode("gb18030") + b".md")
    (folder / name).write_text(CLOUD, encoding="utf-8")
    (row,) = index.add([folder]).rows
    assert row.state is State.ADDED
    row.path.encode()  # can be printed
    (row,) = index.add([folder]).rows
    assert row.state is State.UNCHANGED
    (folder / name).rename(folder / "plain.md")
    (row,) = index.add([folder], remove_missing=False).rows
    assert row.state is State.MOVED
    assert index.documents()[0].source == "plain.md"


def test_a_rebuild_keeps_every_document_and_takes_the_new_embedder(
    index: Index, reports: Path, embedder: HashEmbedder
) -> None:
    index.add([reports])
    (reports / "whale.md").unlink()
    (reports / "new.md").write_text("# 新\n\n净利润7.7亿元。\n", encoding="utf-8")
    other = HashEmbedder()
    other.fingerprint = "other"
    reader = Index.open(index.folder, embedder)
    assert len(reader.documents()) == 2
    report = Index.rebuild(index.folder, other, [reports])
    assert sorted(Path(r.path).name for r in report.rows) == ["cloud.md", "new.md", "whale.md"]
    rebuilt = Index.open(index.folder, other)
    assert sorted(d.source for d in rebuilt.documents()) == ["cloud.md", "new.md", "whale.md"]
    assert rebuilt.check() == []
    assert "蓝鲸" in rebuilt.document(rebuilt.find("whale.md")).text
    assert len(list(index.folder.glob("store*.sqlite"))) == 1
    assert len(reader.documents()) == 2, "an open reader goes on with the old state"
    with pytest.raises(IndexError_, match="rebuilt meanwhile"):
        reader.add([reports])


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(index: Index, reports: Path) -> None:
    index.add([reports])
    before = index.documents()

    class Failing(HashEmbedder):
        def encode_documents(self, texts, on_progress=None):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Index.rebuild(index.folder, Failing(), [reports])
    assert Index.open(index.folder).documents() == before
    assert index.check() == []
    assert len(list(index.folder.glob("store*.sqlite"))) == 1


def test_a_rebuild_mends_a_damaged_manifest(
    index: Index, reports: Path, embedder: HashEmbedder
) -> None:
    index.add([reports])
    (index.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexError_, match=r"damaged.*--rebuild"):
        Index.open(index.folder)
    Index.rebuild(index.folder, embedder)
    assert len(Index.open(index.folder, embedder).documents()) == 2


def test_another_version_of_the_program_is_told_apart(index: Index) -> None:
    manifest = index.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"format": {SCHEMA_VERSION}', '"format": 99'))
    with pytest.raises(IndexError_, match=rf"format 99, now {SCHEMA_VERSION} .*--rebuild"):
        Index.open(index.folder)


def test_filters_fold_their_words_and_refuse_what_is_no_date(index: Index, reports: Path) -> None:
    (reports / "2024-11-05.md").write_text(
        "---\npublisher: East Lake 证券\ndate: 2024-11-05\n---\n# 题\n\n收入1亿元。\n",
        encoding="utf-8",
    )
    index.add([reports])
    dated = {index.find("2024-11-05.md")}
    for passing in (
        Filters(publisher="east lake"),
        Filters(publisher="證券", since="2024-11-05"),
        Filters(until="2024-11-05"),
        Filters(since="2024-11-05", until="2024-11-05"),
    ):
        assert index.select(passing) == dated
    assert index.select(Filters(since="2024-11-06")) == set()
    assert index.select(Filters(until="2024-11-04")) == set()
    for date in ("2024", "2024-11", "5.11.2024", "2024-13-01", "20241105"):
        with pytest.raises(UsageError, match="YYYY-MM-DD"):
            index.select(Filters(since=date))


def report(title: str, **front: str) -> str:
    lines = "\n".join(f"{key}: {value}" for key, value in front.items())
    return f"---\n{lines}\n---\n# {title}\n\n"


def test_a_company_is_found_by_name_alias_and_code(index: Index, reports: Path) -> None:
    texts = {
        "blue.md": "# 蓝鲸控股（00999.HK）三季报点评\n\n证券研究报告 · 公司点评\n\n收入12.4亿元，好于星河云。\n",
        "cloud.md": "# 星河云（301999.SZ）点评\n\n公司点评\n\n星河云收入低于蓝鲸控股，后者代码0999.HK。\n",
        "both.md": "# 互联网行业周报\n\n本周蓝鲸控股上涨，新品获批。\n",
        "whale.md": "# 白鹭银行\n\n存款增长3.2%。\n",
    }
    for name, text in texts.items():
        (reports / name).write_text(text, encoding="utf-8")
    index.add([reports])
    source = {d.doc_id: d.source for d in index.documents()}

    def about(company: str) -> set[str]:
        return {source[doc_id] for doc_id in index.select(Filters(company=company)) or ()}

    # Reports on the company, and those on no company that name it; not one on another company.
    for asked in ("蓝鲸控股", "蓝鲸", "0999.HK", "00999", "999.hk", "藍鯨控股"):
        assert about(asked) == {"blue.md", "both.md"}, asked
    assert about("301999") == {"cloud.md"}
    assert about("白鹭银行") == {"whale.md"}, "stated by none, so by the text"
    assert about("后者代码") == {"cloud.md"}
    assert about("查无此司") == set()


def test_kind_and_rating_filter(index: Index, reports: Path) -> None:
    (reports / "buy.md").write_text(
        report("甲乙点评", kind="公司点评", rating="强烈推荐") + "收入1亿元。\n", encoding="utf-8"
    )
    (reports / "plan.md").write_text(
        report("丙丁月报", kind="策略月报", rating="推荐") + "收入2亿元。\n", encoding="utf-8"
    )
    index.add([reports])
    buy, plan = {index.find("buy.md")}, {index.find("plan.md")}
    assert index.select(Filters(kind="公司", rating="强烈推荐")) == buy
    assert index.select(Filters(rating="推荐")) == plan
    assert index.select(Filters(kind="Monthly")) == plan
    assert index.select(Filters(kind="宏观")) == set()


def test_an_index_of_the_first_format_is_rebuilt_with_all_it_holds(
    index: Index, reports: Path, embedder: HashEmbedder
) -> None:
    index.add([reports])
    index.close()
    database = index.folder / "store.sqlite"
    connection = sqlite3.connect(database)
    for column in ("facts", "signature"):
        connection.execute(f"ALTER TABLE documents DROP COLUMN {column}")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    manifest = index.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"format": {SCHEMA_VERSION}', '"format": 1'))
    with pytest.raises(IndexError_, match=rf"format 1, now {SCHEMA_VERSION} .*--rebuild"):
        Index.open(index.folder, embedder)
    (reports / "whale.md").unlink()
    Index.rebuild(index.folder, embedder)
    rebuilt = Index.open(index.folder, embedder)
    assert sorted(d.source for d in rebuilt.documents()) == ["cloud.md", "whale.md"]
    assert rebuilt.facts()[rebuilt.find("cloud.md")]
    assert rebuilt.check() == []


def test_many_threads_search_while_documents_come(
    index: Index, reports: Path, embedder: HashEmbedder
) -> None:
    index.add([reports])
    reader = Index.open(index.folder, embedder)
    query, failures, done = embedder.encode_query("收入"), [], threading.Event()

    def search() -> None:
        while not done.is_set():
            try:
                rows = reader.chunks([s.id for s in reader.dense(query, 5)])
                assert rows
            except Exception as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(15):
        (reports / f"n{n}.md").write_text(CLOUD.replace("86.5", f"{n}.5"), encoding="utf-8")
        index.add([reports])
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(reader.dense(query, 99)) == len(index.dense(query, 99)) > 15


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.1, 0.5, 0.9])
def test_kill_during_rebuild_leaves_the_old_state(
    index: Index, reports: Path, embedder: HashEmbedder, delay: float
) -> None:
    for n in range(20):
        (reports / f"r{n:02}.md").write_text(CLOUD.replace("86.5", f"{n}.5"), encoding="utf-8")
    index.add([reports])
    before = index.documents()
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(index.folder), str(reports), "rebuild"],
        cwd=Path(__file__).resolve().parents[1],
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(delay)
        child.kill()
    again = Index.open(index.folder, embedder)
    assert again.documents() == before
    assert again.check() == []
    assert set(states(again, reports).values()) == {State.UNCHANGED}
    assert [p.name for p in again.folder.glob("store*.sqlite")] == ["store.sqlite"]
