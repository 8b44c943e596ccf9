"""A process that hangs, swells or dies takes nothing along but the file it had."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import DocumentError
from rag.index import Index, Limits, State
from rag.index.workers import Result, Workers
from tests.conftest import HashEmbedder

SMALL = Limits(seconds=1.5, megabytes=200)


def work(what: str) -> str:
    if what == "hang":
        time.sleep(600)
    elif what == "spin":
        while True:
            pass
    elif what == "swell":
        held = [bytearray(10_000_000) for _ in range(100)]
        return str(len(held))
    elif what == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif what == "refuse":
        raise DocumentError("refused", "被拒绝")
    return f"{what} done"


def results(jobs: int, *arguments: str, function: Callable[[str], str] = work) -> dict[int, Result]:
    found: dict[int, Result] = {}
    with Workers(function, jobs, SMALL) as workers:
        for key, argument in enumerate(arguments):
            workers.submit(key, argument)
        until = time.monotonic() + 60
        while len(found) < len(arguments) and time.monotonic() < until:
            found |= {r.key: r for r in workers.results(1.0)}
    return found


def test_each_kind_of_failure_costs_one_argument_and_says_why() -> None:
    found = results(2, "a", "hang", "swell", "b", "die", "refuse", "spin", "c")
    assert [found[key].value for key in (0, 3, 7)] == ["a done", "b done", "c done"]
    assert "longer than 1.5 s" in str(found[1].error)
    assert "more than 200 MB" in str(found[2].error)
    assert "SIGSEGV" in str(found[4].error)
    assert str(found[5].error) == "refused"
    assert "longer than 1.5 s" in str(found[6].error)


def test_no_process_is_left_behind() -> None:
    workers = Workers(work, 2, SMALL)
    workers.submit(0, "hang")
    workers.submit(1, "a")
    processes = [p.process for p in workers._processes]
    assert len(processes) == 2
    workers.close()
    assert not any(process.is_alive() for process in processes)


REPORT = "# {0}季报\n\n机构：东湖证券\n\n2024年三季度{0}收入86.5亿元，同比下降3.2%。\n"
NAMES = ("甲乙", "丙丁", "戊己", "庚辛", "壬癸", "子丑", "寅卯", "辰巳", "午未")


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        (folder / f"{number}.md").write_text(REPORT.format(name), encoding="utf-8")
    (folder / "3.md").write_bytes((folder / "1.md").read_bytes())
    (folder / "5.pdf").write_bytes(b"%PDF-1.4\nrubbish")
    return folder


def test_processes_give_what_one_process_gives(
    tmp_path: Path, reports: Path, embedder: HashEmbedder
) -> None:
    several = Index.create(tmp_path / "several", embedder)
    one = Index.create(tmp_path / "one", embedder)
    rows = several.add([reports], jobs=3).rows
    assert rows == one.add([reports]).rows
    assert [Path(row.path).name for row in rows] == [p.name for p in sorted(reports.iterdir())]
    assert rows[3].state is State.DUPLICATE
    for facts in one.documents():
        assert several.document(facts.doc_id) == one.document(facts.doc_id)
        assert several.chunks_of(facts.doc_id) == one.chunks_of(facts.doc_id), "row ids too"
    assert several.check() == []


@pytest.mark.slow
def test_a_file_that_takes_too_long_is_skipped_and_the_rest_goes_on(
    tmp_path: Path, reports: Path, embedder: HashEmbedder
) -> None:
    long = "".join(
        f"第{n}段，收入{n}.5亿元，同比增长{n % 90}%，好于预期。\n\n" for n in range(100_000)
    )
    (reports / "0.txt").write_text(f"前言\n\n{long}", encoding="utf-8")
    index = Index.create(tmp_path / "several", embedder)
    rows = {Path(r.path).name: r for r in index.add([reports], jobs=2, limits=Limits(1)).rows}
    assert rows["0.txt"].state is State.FAILED
    assert "longer than 1 s" in (rows["0.txt"].reason or "")
    assert sum(r.state is State.ADDED for r in rows.values()) == 8
    assert index.check() == []
