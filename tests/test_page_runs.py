"""Runs are listed with what they found; one at a time is started, followed and cancelled."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from rag.errors import RagError, UsageError
from rag.page import runs
from rag.page.runs import Runner, Wish

WISH = Wish("core", "retrieval", "light", 4)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    monkeypatch.setenv("RAG_RUNS", str(folder))
    return folder


def a_run(place: Path, name: str, age: int, **header: object) -> Path:
    folder = place / name
    folder.mkdir()
    stated = {
        "set": {"name": "core"},
        "stage": "answer",
        "profile": "light",
        "started": "2026-01-02T03:04:05+00:00",
        "cases": 3,
    } | header
    (folder / "header.json").write_text(json.dumps(stated), encoding="utf-8")
    records = [
        {"id": f"c{n}", "kind": "fact", "lang": "zh", "answerable": True, "status": "answered",
         "scores": {"correct": float(n % 2)}, "error": None}
        for n in range(2)
    ]  # fmt: skip
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "results.jsonl").write_text(lines, encoding="utf-8")
    os.utime(folder / "header.json", (age, age))
    return folder


def test_runs_are_listed_newest_first_with_their_means(place: Path) -> None:
    a_run(place, "older", 1000)
    a_run(place, "newer", 2000)
    (place / "damaged").mkdir()
    (place / "damaged" / "header.json").write_text("{", encoding="utf-8")
    first, second = runs.latest()
    assert (first.name, second.name) == ("newer", "older")
    assert (first.title, first.stage, first.done, first.total) == ("core", "answer", 2, 3)
    (correct,) = first.metrics
    assert (correct.name, correct.mean, correct.n) == ("correct", 0.5, 2)


def test_a_report_is_opened_by_the_name_of_a_run_only(place: Path) -> None:
    a_run(place, "one", 1000)
    for name in ("../runs/one", "other", "", "."):
        with pytest.raises(UsageError, match="no run"):
            runs.report(name)
    with pytest.raises(RagError) as raised:  # these records are not of the present form
        runs.report("one")
    assert str(place) not in raised.value.en


def test_only_what_the_lists_offer_is_started() -> None:
    for wish in (Wish("/etc", "retrieval", "light"), Wish("core", "x", "light"),
                 Wish("core", "answer", "--out")):  # fmt: skip
        with pytest.raises(UsageError, match="no such run"):
            Runner().start(wish, "en")


def started(monkeypatch: pytest.MonkeyPatch, script: str) -> Runner:
    """Return a runner whose run is a script of Python."""
    spawn = runs._spawn

    def instead(arguments, console, language):
        del arguments
        monkeypatch.setattr(runs, "_COMMAND", (sys.executable, "-c", script))
        return spawn((), console, language)

    monkeypatch.setattr(runs, "_spawn", instead)
    runner = Runner()
    runner.start(WISH, "en")
    return runner


def ended(runner: Runner) -> bool:
    end = time.monotonic() + 60
    while runner.running and time.monotonic() < end:
        time.sleep(0.02)
    return not runner.running


def test_one_run_at_a_time_and_it_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = started(monkeypatch, "import time; time.sleep(60)")
    assert runner.running
    assert runner.progress() == (0, 0)
    with pytest.raises(UsageError, match="under way"):
        runner.start(WISH, "en")
    runner.stop()
    assert not runner.running
    assert runner.outcome() is None


def test_a_run_that_fails_says_its_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = started(monkeypatch, "import sys; print('first'); sys.exit('no disk left')")
    assert ended(runner)
    outcome = runner.outcome()
    assert outcome is not None
    assert outcome.en == "the run failed: no disk left"


def test_a_run_that_ends_well_has_nothing_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = started(monkeypatch, "print('done')")
    assert ended(runner)
    assert runner.outcome() is None
