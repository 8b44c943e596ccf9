"""The library changes an index as it says, and touches no file that is not its own."""

from contextlib import closing
from pathlib import Path

import pytest

from rag.errors import IndexError_, RagError, UsageError
from rag.index import Index, State, folder_of
from rag.page import shelf
from rag.page.service import Service
from rag.page.uploads import Upload
from tests import samples
from tests.conftest import HashEmbedder

REPORT = """---
title: 云海科技三季报点评
publisher: 东湖证券
date: 2024-11-20
---
# 云海科技（0700.HK）三季报点评

投资评级：买入

2024年三季度云海科技收入299.93亿元，同比增长17%。
"""
NAME = '../<img src=x onerror="alert(1)">.md'


def silent(stage: str, name: str, done: int, total: int) -> None:
    del stage, name, done, total


def indexes() -> list[str]:
    return sorted(Service().indexes())


def upload(tmp_path: Path, name: str, content: bytes) -> Upload:
    path = tmp_path / f"arrived-{len(list(tmp_path.iterdir()))}"
    path.write_bytes(content)
    return Upload(path, name)


@pytest.fixture
def added(tmp_path: Path, embedder: HashEmbedder) -> shelf.Added:
    files = [upload(tmp_path, NAME, REPORT.encode()), upload(tmp_path, "x.exe", b"MZ")]
    files.append(upload(tmp_path, "broken.pdf", b"no pdf"))
    return shelf.add("mine", embedder, files, silent)


def test_an_upload_is_listed_with_its_facts_under_its_own_name(added: shelf.Added) -> None:
    assert [r.original for r in added.refused] == ["x.exe"]
    assert [(r.path, r.state) for r in added.report.rows] == [
        ('<img src=x onerror="alert(1)">.md', State.ADDED),
        ("broken.pdf", State.FAILED),
    ]
    (entry,) = shelf.entries("mine")
    assert entry.name == '<img src=x onerror="alert(1)">.md'
    assert (entry.title, entry.publisher, entry.published) == (
        "云海科技三季报点评",
        "东湖证券",
        "2024-11-20",
    )
    assert entry.codes == ("0700.HK",)
    assert entry.uploaded


def test_nothing_is_left_of_what_was_not_taken(added: shelf.Added, tmp_path: Path) -> None:
    del added
    assert not list(tmp_path.glob("arrived-*"))
    stored = [p.name for p in (folder_of("mine") / "sources").iterdir()]
    assert sorted(stored) == [".names.json", "_img src=x onerror=_alert(1)__.md"]


def test_a_reason_names_the_file_and_not_the_place(added: shelf.Added) -> None:
    reason = added.report.rows[1].reason or ""
    assert "broken.pdf" in reason
    assert "sources" not in reason


def test_a_file_with_the_content_of_another_names_it(
    added: shelf.Added, tmp_path: Path, embedder: HashEmbedder
) -> None:
    del added
    again = shelf.add("mine", embedder, [upload(tmp_path, "copy.md", REPORT.encode())], silent)
    (row,) = again.report.rows
    assert (row.state, row.reason) == (State.DUPLICATE, '<img src=x onerror="alert(1)">.md')
    (entry,) = shelf.entries("mine")
    shelf.remove("mine", [entry.doc_id])
    assert not list((folder_of("mine") / "sources").glob("*.md"))


def test_search_wants_every_word_wherever_it_stands(added: shelf.Added) -> None:
    del added
    listed = shelf.entries("mine")
    assert shelf.matching(listed, "雲海 0700.hk") == listed
    assert shelf.matching(listed, "云海 白鹭") == []
    assert shelf.matching(listed, " ") == listed


def test_a_removed_document_takes_its_upload_along_but_no_other_file(
    added: shelf.Added, tmp_path: Path, embedder: HashEmbedder
) -> None:
    del added
    own = tmp_path / "own.txt"
    own.write_text("白鹭公司第三季度游戏收入同比增长9%至145亿元。", encoding="utf-8")
    with closing(Index.open(folder_of("mine"), embedder)) as index:
        index.add([own])
    ids = [entry.doc_id for entry in shelf.entries("mine")]
    assert shelf.remove("mine", [*ids, "d1-unknown"]) == 2
    assert shelf.entries("mine") == []
    assert own.exists()
    assert not list((folder_of("mine") / "sources").glob("*.md"))


def test_an_archive_goes_with_the_last_of_its_documents(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    content = samples.zipped({"a.md": REPORT, "sub/b.txt": "白鹭公司游戏收入145亿元，同比增长9%。"})
    shelf.add("mine", embedder, [upload(tmp_path, "两份<>.zip", content)], silent)
    first, second = shelf.entries("mine")
    assert {first.name, second.name} == {"两份<>.zip/a.md", "两份<>.zip/sub/b.txt"}
    sources = folder_of("mine") / "sources"
    shelf.remove("mine", [first.doc_id])
    assert list(sources.glob("*.zip"))
    shelf.remove("mine", [second.doc_id])
    assert not list(sources.glob("*.zip"))


def test_a_rebuilt_index_holds_what_it_held(added: shelf.Added, embedder: HashEmbedder) -> None:
    del added
    before = shelf.entries("mine")
    report = shelf.rebuild("mine", embedder, silent)
    assert [row.path for row in report.rows] == ['<img src=x onerror="alert(1)">.md']
    assert shelf.entries("mine") == before


def test_indexes_are_made_and_deleted_by_bare_names(embedder: HashEmbedder) -> None:
    shelf.create("一个", embedder)
    shelf.create("two", embedder)
    assert indexes() == ["two", "一个"]
    with pytest.raises(UsageError, match="already"):
        shelf.create("two", embedder)
    shelf.delete("two")
    assert indexes() == ["一个"]
    assert not folder_of("two").exists()
    with pytest.raises(IndexError_):
        shelf.delete("two")


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", "..", ".", "", "a\x00b"])
def test_no_name_leads_out_of_the_folder_of_indexes(
    name: str, tmp_path: Path, embedder: HashEmbedder
) -> None:
    for change in (
        lambda: shelf.create(name, embedder),
        lambda: shelf.delete(name),
        lambda: shelf.entries(name),
        lambda: shelf.add(name, embedder, [], silent),
    ):
        with pytest.raises(RagError):
            change()
    assert not (tmp_path / "x").exists()
