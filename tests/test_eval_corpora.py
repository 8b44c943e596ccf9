"""An index for a set holds its corpus and nothing else, and costs nothing the second time."""

import json
from contextlib import closing

import pytest

from eval.corpora import synchronise, texts_of
from rag.errors import DocumentError
from rag.index import Index
from rag.question import understand
from rag.retrieve import retrieve

TEXTS = {
    "p1": "东湖银行收入12亿元，同比增长3%。",
    "p2": "西山证券任命了新的首席执行官。",
    "p3": "天气晴。",
}


def write_pool(folder, texts, titles=None):
    folder.mkdir(exist_ok=True)
    rows = (
        {"_id": name, "title": (titles or {}).get(name, ""), "text": text}
        for name, text in texts.items()
    )
    body = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "corpus.jsonl").write_text(body, encoding="utf-8")
    return folder


def sources(folder, embedder):
    with closing(Index.open(folder, embedder)) as index:
        return {facts.source for facts in index.documents()}


@pytest.fixture
def pool(tmp_path):
    return write_pool(tmp_path / "pool", TEXTS)


def test_a_passage_is_found_by_its_id(tmp_path, pool, embedder):
    folder, seen = tmp_path / "i", []
    synchronise(folder, pool, embedder, lambda *at: seen.append(at))
    assert seen == [(0, 3), (3, 3)]
    with closing(Index.open(folder, embedder)) as index:
        hits = retrieve(understand("西山证券任命了谁？"), index, embedder, k=3)
        assert index.check() == []
    assert hits[0].document.source == "p2"
    assert hits[0].chunk.text == TEXTS["p2"]
    assert texts_of(pool) == TEXTS


def test_what_is_embedded_is_title_and_text_and_never_the_id(tmp_path, embedder):
    texts = []
    encode = embedder.encode_documents
    embedder.encode_documents = lambda batch, *rest: texts.extend(batch) or encode(batch, *rest)
    pool = write_pool(tmp_path / "pool", TEXTS, {"p3": "预报"})
    synchronise(tmp_path / "i", pool, embedder)
    assert texts == [TEXTS["p1"], TEXTS["p2"], "预报\n天气晴。"]


def test_only_what_changed_is_embedded_again(tmp_path, pool, embedder):
    folder = tmp_path / "i"
    synchronise(folder, pool, embedder)
    synchronise(folder, pool, embedder)
    assert embedder.encoded == 3
    write_pool(pool, {"p1": TEXTS["p1"], "p2": "西山证券更名。"})
    synchronise(folder, pool, embedder)
    assert embedder.encoded == 4
    assert sources(folder, embedder) == {"p1", "p2"}


def test_another_corpus_under_the_same_name_leaves_nothing_behind(tmp_path, pool, embedder):
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "a.md").write_text("# 季报\n\n东湖银行收入12亿元。\n", encoding="utf-8")
    folder = tmp_path / "i"
    synchronise(folder, pool, embedder)
    synchronise(folder, reports, embedder)
    assert sources(folder, embedder) == {"a.md"}
    assert list(texts_of(reports)) == ["a.md"]
    (reports / "a.md").unlink()
    (reports / "b.md").write_text("# 年报\n\n西山证券利润2亿元。\n", encoding="utf-8")
    synchronise(folder, reports, embedder)
    assert sources(folder, embedder) == {"b.md"}


def test_a_corpus_that_cannot_be_read_whole_is_refused(tmp_path, embedder):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.txt").write_bytes(b"")
    with pytest.raises(DocumentError, match=r"cannot be indexed whole: a.txt"):
        synchronise(tmp_path / "i", tmp_path / "reports", embedder)


def test_an_index_of_another_version_or_embedder_is_made_anew(tmp_path, pool, embedder):
    folder = tmp_path / "i"
    synchronise(folder, pool, embedder)
    manifest = folder / "manifest.json"
    record = json.loads(manifest.read_text(encoding="utf-8"))
    for changed in ({"format": 0}, {"embedder_fingerprint": "other"}):
        manifest.write_text(json.dumps(record | changed), encoding="utf-8")
        synchronise(folder, pool, embedder)
        assert sources(folder, embedder) == {"p1", "p2", "p3"}
    assert embedder.encoded == 9
