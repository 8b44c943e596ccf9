"""An index is complete, costs nothing twice, and survives what can happen to it."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag import load, vectors
from rag.chunk import contextualise
from rag.errors import IndexError_, UsageError
from rag.index import Index, State, folder_of
from rag.schema import Filters
from rag.text import search_terms
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


def test_moved_duplicate_and_missing_files(index: Index, reports: Path) -> None:
    index.add([reports])
    (reports / "copy.md").write_text(CLOUD, encoding="utf-8")
    (reports / "whale.md").rename(reports / "orca.md")
    assert states(index, reports) == {
        "cloud.md": State.UNCHANGED,
        "copy.md": State.DUPLICATE,
        "orca.md": State.MOVED,
    }
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
    from rag.store import Store

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
index.add([Path(sys.argv[2])])
"""


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 0.12, 0.31, 0.64])
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
    assert all(p.repaired for p in index.check(repair=True))
    index.add([folder])
    assert index.check() == []
    assert sorted(d.source for d in index.documents()) == [f"r{n:02}.md" for n in range(20)]
    counts = [len(index.chunks_of(d.doc_id)) for d in index.documents()]
    assert len(set(counts)) == 1


def test_vectors_are_kept_close_to_what_was_encoded(index: Index, reports: Path) -> None:
    index.add([reports])
    from rag.store import Store

    store = Store(index.folder / "store.sqlite")
    for block in store.vectors(store.retrievable()):
        assert np.allclose(np.linalg.norm(block.vectors, axis=1), 1, atol=2e-3)
    store.close()


def test_manifest_fingerprint_changes_with_anything_in_it(index: Index) -> None:
    changed = replace(index.manifest, chunk_size=index.manifest.chunk_size + 1)
    assert changed.fingerprint != index.manifest.fingerprint
