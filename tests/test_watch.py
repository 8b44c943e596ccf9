"""A watched folder and the index are in step, whatever happens to the files and in which order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.index import Index, Watcher
from tests.conftest import HashEmbedder

REPORT = "# {0}季报\n\n机构：东湖证券\n\n2024年三季度{0}收入86.5亿元，同比下降3.2%。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    (made / "a.md").write_text(REPORT.format("甲"), encoding="utf-8")
    (made / "b.md").write_text(REPORT.format("乙"), encoding="utf-8")
    return made


@pytest.fixture
def watcher(folder: Path) -> Watcher:
    watcher = Watcher((folder,))
    watcher.begin()
    return watcher


def names(watcher: Watcher) -> tuple[list[str], bool]:
    changes = watcher.changes()
    return [path.name for path in changes.changed], changes.gone


def test_nothing_changes_when_nothing_does(watcher: Watcher) -> None:
    assert not watcher.changes()
    assert not watcher.changes()


def test_a_file_being_written_is_left_alone_until_it_rests(folder: Path, watcher: Watcher) -> None:
    with (folder / "c.md").open("w", encoding="utf-8") as file:
        for _ in range(3):
            file.write(REPORT.format("丙"))
            file.flush()
            assert names(watcher) == ([], False)
    assert names(watcher) == (["c.md"], False)
    assert names(watcher) == ([], False)


def test_a_changed_file_is_reported_once(folder: Path, watcher: Watcher) -> None:
    (folder / "a.md").write_text(REPORT.format("丁"), encoding="utf-8")
    os.utime(folder / "a.md", (1, 1))
    assert [names(watcher) for _ in range(3)] == [([], False), (["a.md"], False), ([], False)]


def test_a_file_is_gone_when_two_looks_miss_it(folder: Path, watcher: Watcher) -> None:
    (folder / "a.md").unlink()
    assert [names(watcher) for _ in range(3)] == [([], False), ([], True), ([], False)]


def test_a_moved_file_is_reported_with_its_going_not_after(folder: Path, watcher: Watcher) -> None:
    (folder / "sub").mkdir()
    (folder / "a.md").rename(folder / "sub" / "z.md")
    assert [names(watcher) for _ in range(3)] == [([], False), (["z.md"], True), ([], False)]


def test_what_could_not_be_dealt_with_comes_again(folder: Path, watcher: Watcher) -> None:
    (folder / "a.md").unlink()
    (folder / "c.md").write_text(REPORT.format("丙"), encoding="utf-8")
    watcher.changes()
    changes = watcher.changes()
    assert changes.gone
    watcher.forget(changes)
    assert names(watcher) == (["c.md"], True)


def test_lock_files_and_other_kinds_are_not_watched(folder: Path, watcher: Watcher) -> None:
    for name in ("~$report.md", ".hidden.md", "x.part", "movie.mp4"):
        (folder / name).write_text("x")
    assert names(watcher) == ([], False)
    assert names(watcher) == ([], False)


_WATCH = """
import sys
from tests.conftest import HashEmbedder
from rag import embed
from rag.cli import add
from rag.index import index
def small(name, **_):
    made = HashEmbedder()
    made.name = made.fingerprint = name
    return made
embed.SentenceTransformerEmbedder = index.SentenceTransformerEmbedder = small
add._fetch = lambda name: None
add.INTERVAL = 0.2
from rag.cli.main import main
sys.argv[0] = "rag"
main()
"""


@pytest.fixture
def watching(folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4\nrubbish")
    words = ["add", str(folder), "--watch", "--index", str(tmp_path / "ix"), "--embedder", "hash"]
    child = subprocess.Popen(
        [sys.executable, "-c", _WATCH, *words],
        cwd=Path(__file__).resolve().parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield child
    child.kill()
    child.wait()


@pytest.mark.slow
def test_the_index_follows_the_folder_until_ctrl_c(
    watching: subprocess.Popen[str], folder: Path, tmp_path: Path
) -> None:
    assert watching.stdout is not None
    line = watching.stdout.readline
    assert {line().split()[0] for _ in range(2)} == {"added"}
    (folder / "c.md").write_text(REPORT.format("丙"), encoding="utf-8")
    assert line().strip() == f"added {folder / 'c.md'}"
    (folder / "c.md").rename(folder / "d.md")
    assert line().strip() == f"moved {folder / 'd.md'}"
    (folder / "a.md").write_text(REPORT.format("丁"), encoding="utf-8")
    assert line().strip() == f"replaced {folder / 'a.md'}"
    (folder / "empty.txt").write_bytes(b"")
    (folder / "b.md").unlink()
    assert line().strip() == f"removed {folder / 'b.md'}"
    made = HashEmbedder()
    made.name = made.fingerprint = "hash"
    sources = [d.source for d in Index.open(tmp_path / "ix", made).documents()]
    assert sorted(sources) == ["a.md", "d.md"]
    time.sleep(0.5)
    watching.send_signal(signal.SIGINT)
    _, errors = watching.communicate(timeout=60)
    assert watching.returncode == 130
    assert "bad.pdf" in errors
    assert "empty.txt" in errors
    assert "Traceback" not in errors
