"""Runs a case set against a system into a run folder: ``header.json`` + ``results.jsonl``.

A run can be stopped at any moment and taken up again: every case is one line, written when it is
done, and cases already there are skipped. Knows nothing of how a system works or is opened.
"""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from eval.cases import Case, CaseSet
from eval.header import SAME, Header, header_of
from eval.measure import Record, measure
from eval.plan import Plan
from eval.system import System
from rag.errors import UsageError

RUNS = Path(__file__).parent / "runs"
HEADER, RESULTS = "header.json", "results.jsonl"

Opener = Callable[[], AbstractContextManager[System]]
"""Opens a system for one worker, which closes it when it leaves."""


def run(
    plan: Plan,
    open_system: Opener,
    folder: Path,
    documents: Mapping[str, str],
    on_record: Callable[[Record], None] = lambda record: None,
    *,
    workers: int = 1,
) -> list[Record]:
    """Measure the cases of `plan` that `folder` does not hold yet; return all records, in order.

    Args:
        plan: The cases and the settings that the header records.
        open_system: Called once a worker, in its thread: engines are not shared.
        folder: Created if missing; an unfinished run there is taken up again, and cases that
            ended in an error are asked again.
        documents: File name -> text, to prove quotes against.
        on_record: Called once a case, those already done first: progress. One call at a time.
        workers: Cases asked at once; lines are written in the order in which they finish.

    Raises:
        UsageError: `folder` holds a run of something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_header(folder / HEADER, header_of(plan, workers))
    chosen = plan.chosen
    done = _mend(folder)
    for case in chosen:
        if case.id in done:
            on_record(done[case.id])
    writing = threading.Lock()
    with (folder / RESULTS).open("a", encoding="utf-8") as out:

        def ask(case: Case, system: System) -> None:
            record = measure(case, system, plan.stage, documents)
            with writing:
                out.write(_line(record))
                out.flush()
                done[case.id] = record
                on_record(record)

        _each([case for case in chosen if case.id not in done], ask, open_system, workers)
    return [done[case.id] for case in chosen]


def read_records(path: Path) -> list[Record]:
    """Return the records of a results file; a last line cut short by a crash is left out."""
    if not path.exists():
        return []
    *whole, _ = path.read_bytes().split(b"\n")  # not splitlines: U+2028 of a report breaks none
    return [json.loads(line) for line in whole]


def read_done(folder: Path) -> dict[str, Record]:
    """Return id -> record of the cases in a run folder that are not to be asked again."""
    records = read_records(folder / RESULTS)
    return {record["id"]: record for record in records if not record.get("error")}


def read_header(folder: Path) -> Header:
    """Return the header of a run folder.

    Raises:
        UsageError: `folder` is no run folder.
    """
    try:
        header: Header = json.loads((folder / HEADER).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{folder} is no run folder: {HEADER} is missing or damaged; see: rag eval run",
            f"{folder} 不是运行结果文件夹：{HEADER} 缺失或损坏；参见：rag eval run",
        ) from error
    return header


def find_run(name: str) -> Path:
    """Return the run folder called `name`: a path, or a folder under eval/runs.

    Raises:
        UsageError: There is none.
    """
    for folder in (Path(name), RUNS / name):
        if (folder / HEADER).is_file():
            return folder
    newest = sorted((p.parent.name for p in RUNS.glob(f"*/{HEADER}")), reverse=True)[:3]
    there = ", ".join(newest)
    raise UsageError(
        f"there is no run {name}; expected a run folder or one of: {there or 'none yet'}",
        f"没有运行结果 {name}；应为运行结果文件夹，或其中之一：{there or '暂无'}",
    )


def new_folder(cases: CaseSet) -> Path:
    """Return the folder of a fresh run, named by UTC time and set."""
    return RUNS / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{cases.name}"


def _each(
    cases: Sequence[Case],
    ask: Callable[[Case, System], None],
    open_system: Opener,
    workers: int,
) -> None:
    """Put every case to a system, several at once; the first failure stops them all."""
    waiting = deque(cases)
    stopped = threading.Event()

    def work() -> None:
        try:
            with open_system() as system:
                while waiting and not stopped.is_set():
                    try:
                        case = waiting.popleft()
                    except IndexError:  # another worker was faster
                        return
                    ask(case, system)
        except BaseException:
            stopped.set()
            raise

    wanted = min(workers, len(cases))
    if wanted <= 1:
        if cases:
            work()
        return
    with ThreadPoolExecutor(wanted) as pool:
        try:
            working = [pool.submit(work) for _ in range(wanted)]
            wait(working)
        finally:  # on Ctrl-C the cases in flight are finished and written
            stopped.set()
    for worker in working:
        worker.result()


def _write_header(path: Path, header: Header) -> None:
    """Write the header of a fresh run, or prove that the one there is of the same run."""
    if not path.exists():
        path.write_text(json.dumps(header, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return
    stored = read_header(path.parent)
    for name in SAME:
        if stored.get(name) != header[name]:
            what, old, new = _difference(name, stored.get(name), header[name])
            raise UsageError(
                f"{path.parent} holds a run with another {what}: {old}, now {new}; "
                "give another --out",
                f"{path.parent} 中的运行 {what} 不同：{old}，现在是 {new}；请换一个 --out",
            )


def _difference(name: str, old: object, new: object) -> tuple[str, object, object]:
    """Return the innermost field in which two header values differ, and both its values."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                return _difference(f"{name} {key}", old.get(key), new.get(key))
    return name, old, new


def _mend(folder: Path) -> dict[str, Record]:
    """Return what is done; a line cut short and cases that failed leave the results file."""
    path, done = folder / RESULTS, read_done(folder)
    whole = "".join(map(_line, done.values())).encode("utf-8")
    if path.exists() and path.read_bytes() != whole:
        draft = path.with_suffix(".tmp")
        draft.write_bytes(whole)
        os.replace(draft, path)
    return done


def _line(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"
