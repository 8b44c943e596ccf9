"""What keeps an index in step: members of archives, lock files, documents that old loaders read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag import load
from rag.cli.library import check
from rag.index import Index, IngestRow, State
from rag.schema import BlockKind, Document
from tests import samples
from tests.conftest import HashEmbedder


@pytest.fixture
def index(tmp_path: Path, embedder: HashEmbedder) -> Index:
    return Index.create(tmp_path / "t", embedder)


def states(rows: tuple[IngestRow, ...], folder: Path) -> dict[str, State]:
    return {str(Path(row.path).relative_to(folder)): row.state for row in rows}


def pack(path: Path, **members: str) -> Path:
    path.write_bytes(samples.zipped({f"{name}.txt": text for name, text in members.items()}))
    later = path.stat().st_mtime_ns + 10**9
    os.utime(path, ns=(later, later))
    return path


@pytest.mark.parametrize("by_itself", [True, False])
def test_members_of_an_archive_are_kept_in_step(
    index: Index, tmp_path: Path, by_itself: bool
) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    path = pack(folder / "a.zip", one="第一份报告。" * 9, two="第二份报告。" * 9)
    given = path if by_itself else folder
    assert set(states(index.add([given]).rows, folder).values()) == {State.ADDED}
    assert set(states(index.add([given]).rows, folder).values()) == {State.UNCHANGED}
    pack(path, one="第一份报告，改过。" * 9, three="第三份报告。" * 9)
    assert states(index.add([given], remove_missing=True).rows, folder) == {
        "a.zip/one.txt": State.REPLACED,
        "a.zip/three.txt": State.ADDED,
        "a.zip/two.txt": State.REMOVED,
    }
    assert sorted(d.source for d in index.documents()) == ["a.zip/one.txt", "a.zip/three.txt"]


def test_a_folder_that_is_gone_may_be_unplugged_and_nothing_is_forgotten(
    index: Index, tmp_path: Path
) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    (folder / "a.txt").write_text("第一份报告。", "utf-8")
    index.add([folder])
    folder.rename(tmp_path / "elsewhere")
    index.add([folder], remove_missing=True)
    assert len(index.documents()) == 1


def test_lock_files_and_hidden_files_are_left_out_with_the_reason(
    index: Index, tmp_path: Path
) -> None:
    for name in ("~$a.docx", ".b.txt", "c.txt"):
        (tmp_path / name).write_text("一份报告。", "utf-8")
    archive = {"~$x.docx": "x", ".y.txt": "y", "z.txt": "另一份报告。"}
    (tmp_path / "d.zip").write_bytes(samples.zipped(archive))
    rows = {r.path.removeprefix(f"{tmp_path}/"): r for r in index.add([tmp_path]).rows}
    assert rows["~$a.docx"].reason == "the lock file of an open document"
    assert rows[".b.txt"].reason == "hidden"
    assert rows["d.zip/~$x.docx"].state is rows["d.zip/.y.txt"].state is State.SKIPPED
    assert rows["c.txt"].state is rows["d.zip/z.txt"].state is State.ADDED


def test_what_an_older_loader_read_is_noted_and_read_again(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(f"报告{name}，一份。", "utf-8")
    index.add([folder])
    assert index.check() == []
    monkeypatch.setattr(load, "VERSION", load.VERSION + 1)
    [note] = index.check()
    assert note.harmless and note.what.startswith("documents read by an older loader: 2;")
    report = index.add([folder / "a.txt"])
    assert [(r.state, r.reason) for r in report.rows] == [
        (State.REPLACED, "read by a newer loader")
    ]
    assert index.check()[0].what.startswith("documents read by an older loader: 1;")
    assert states(index.add([folder]).rows, folder) == {
        "a.txt": State.UNCHANGED,
        "b.txt": State.REPLACED,
    }
    assert index.check() == []
    assert len(index.documents()) == 2


def test_a_document_that_cannot_be_read_again_stays(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一份报告。", "utf-8")
    index.add([path])
    path.write_bytes(b"")
    monkeypatch.setattr(load, "VERSION", load.VERSION + 1)
    [row] = index.add([path]).rows
    assert row.state is State.FAILED and "stays" in (row.reason or "")
    assert len(index.documents()) == 1


def test_an_index_of_before_versions_were_kept_can_be_added_to(
    index: Index, tmp_path: Path, embedder: HashEmbedder
) -> None:
    import sqlite3

    path = tmp_path / "a.txt"
    path.write_text("一份报告。", "utf-8")
    index.add([path])
    index.close()
    with sqlite3.connect(index.folder / "store.sqlite") as connection:
        connection.execute("ALTER TABLE documents DROP COLUMN loader")
    connection.close()
    old = Index.open(index.folder, embedder)
    assert len(old.documents()) == 1
    assert old.document(old.documents()[0].doc_id).text
    assert [r.state for r in old.add([path]).rows] == [State.REPLACED]
    assert old.check() == []


def test_check_calls_an_old_reading_no_damage(
    index: Index,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一份报告。", "utf-8")
    index.add([path])
    monkeypatch.setattr(load, "VERSION", load.VERSION + 1)
    assert not check.main(["--index", str(index.folder)], standalone_mode=False)
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("note: documents read by an older loader: 1")
    assert said[-1] == "ok: the index is consistent"


def test_pages_of_a_picture_count_as_read_by_ocr(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.load import ocr

    line = ocr.OcrLine("收入同比增长8%。", 0, 0, 200, 20, 1)
    monkeypatch.setattr(ocr, "recognise", lambda _: [line])
    monkeypatch.setattr(ocr, "available", lambda: True)
    (tmp_path / "a.png").write_bytes(samples.picture())
    [row] = index.add([tmp_path / "a.png"]).rows
    assert (row.state, row.pages, row.pages_by_ocr, row.pages_without_text) == (
        State.ADDED,
        1,
        1,
        0,
    )
    document: Document = index.document(row.doc_id or "")
    assert document.pages[0].by_ocr
    assert document.blocks[0].kind is BlockKind.PARAGRAPH
