"""Runs of the evaluation: those there are, their reports, and starting one as a process.

The evaluation is not part of the installed package but of the checkout, so it is imported late, and
a page without it says so.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import rag
from rag.errors import RagError, UsageError
from rag.models import PROFILES

VARIABLE = "RAG_RUNS"
STAGES = ("retrieval", "answer")
_ROOT = Path(rag.__file__).resolve().parents[1]
_SHOWN = ("correct", "refused_answerable", "refused_unanswerable", "recall@5", "mrr@10", "total_ms")
"""Metrics of the list, in its order."""
_LATEST = 20
_CONSOLE = "console.log"
_COMMAND = (sys.executable, "-c", "from rag.cli.main import main; main()")
"""The command ``rag``."""
_GRACE = 10.0
"""Seconds that a run gets to finish the case it is at."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A mean over the cases of a run."""

    name: str
    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Run:
    """A run as the list shows it."""

    name: str
    """Of its folder."""
    title: str
    """Of its case set."""
    stage: str
    profile: str
    started: str
    done: int
    total: int
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """A run that is asked for."""

    title: str
    stage: str
    profile: str
    limit: int | None = None


def folder() -> Path:
    """Return the folder of all runs: ``RAG_RUNS``, else eval/runs.

    Raises:
        RagError: There is no evaluation here.
    """
    override = os.environ.get(VARIABLE)
    if override:
        return Path(override)
    _require()
    from eval.runner import RUNS

    return RUNS


def sets() -> list[str]:
    """Return the names of the case sets; empty where there is no evaluation."""
    return sorted(p.parent.name for p in (_ROOT / "eval" / "sets").glob("*/set.json"))


def latest() -> list[Run]:
    """Return the newest runs, the newest first.

    Raises:
        RagError: There is no evaluation here.
    """
    _require()
    from eval.runner import HEADER

    headers = sorted(folder().glob(f"*/{HEADER}"), key=lambda p: p.stat().st_mtime, reverse=True)
    found = []
    for place in (header.parent for header in headers[:_LATEST]):
        with contextlib.suppress(RagError, KeyError, ValueError, TypeError):  # damaged: left out
            found.append(_read(place))
    return found


def report(name: str) -> str:
    """Return the report of a run as a page of HTML, in the language that is spoken.

    Raises:
        RagError: There is no such run, it holds no results yet, or a package is missing.
    """
    _require()
    place = _place(name)
    try:
        from eval.report import read_run, run_page
    except ModuleNotFoundError as error:
        raise RagError(
            f"the report needs {error.name}; type: pip install -e '.[dev]'",
            f"报告需要 {error.name}；请输入：pip install -e '.[dev]'",
        ) from error
    try:
        return run_page(read_run(place))
    except RagError as error:  # which names the folder by its path
        shown = f"{place.parent}{os.sep}"
        raise RagError(error.en.replace(shown, ""), error.zh.replace(shown, "")) from error


class Runner:
    """At most one run under way; it ends with the page."""

    def __init__(self) -> None:
        """Start with none."""
        self._process: subprocess.Popen[bytes] | None = None
        self._place: Path | None = None
        self.wish: Wish | None = None
        self.stopped = False
        """Whether the last run was cancelled."""

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._process is not None and self._process.poll() is None

    def start(self, wish: Wish, language: str) -> None:
        """Start a run that speaks `language`.

        Raises:
            UsageError: One is under way, or there is no such set, stage or profile.
            RagError: There is no evaluation here.
        """
        _require()
        if self.running:
            raise UsageError(
                "a run is under way; wait for it or cancel it", "已有评测在运行；请等待或取消"
            )
        known = wish.title in sets() and wish.stage in STAGES and wish.profile in PROFILES
        if not known:
            raise UsageError(
                f"no such run: {wish.title}, {wish.stage}, {wish.profile}; choose from the lists",
                f"无法运行：{wish.title}、{wish.stage}、{wish.profile}；请从列表中选择",
            )
        from eval.cases import find_set
        from eval.runner import new_folder

        place = folder() / new_folder(find_set(wish.title, None)).name
        place.mkdir(parents=True, exist_ok=True)
        with (place / _CONSOLE).open("wb") as console:
            self._process = _spawn(_arguments(wish, place), console, language)
        self._place, self.stopped, self.wish = place, False, wish

    def progress(self) -> tuple[int, int]:
        """Return how many cases are done and how many there are; (0, 0) before the first."""
        return _counts(self._place) if self._place else (0, 0)

    def stop(self) -> None:
        """Have the run stop after the case it is at; what is done stays."""
        if self._process is None or not self.running:
            return
        self.stopped = True
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def outcome(self) -> RagError | None:
        """Return why the last run failed; None where it is done, was stopped, or goes on."""
        if self._process is None or self.running or self.stopped or not self._process.returncode:
            return None
        lines = (self._place / _CONSOLE).read_text("utf-8", "replace") if self._place else ""
        last = next((line for line in reversed(lines.splitlines()) if line.strip()), "?")
        return RagError(f"the run failed: {last[:300]}", f"评测失败：{last[:300]}")


def _require() -> None:
    """Do nothing where the evaluation can be imported.

    Raises:
        RagError: It cannot.
    """
    try:
        import eval.runner  # noqa: F401
    except ModuleNotFoundError as error:
        raise RagError(
            f"there is no evaluation here ({error.name}); start the page in a checkout: rag ui",
            f"此处没有评测（缺少 {error.name}）；请在源码目录中启动：rag ui",
        ) from error


def _arguments(wish: Wish, place: Path) -> list[str]:
    limit = ["--limit", str(wish.limit)] if wish.limit else []
    options = ["--stage", wish.stage, "--profile", wish.profile, "--out", str(place.resolve())]
    return ["eval", "run", wish.title, *options, *limit]


def _spawn(arguments: Sequence[str], console: IO[bytes], language: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*_COMMAND, *arguments],
        cwd=_ROOT,
        env=os.environ | {"RAG_LANG": language},
        stdin=subprocess.DEVNULL,
        stdout=console,
        stderr=subprocess.STDOUT,
    )


def _place(name: str) -> Path:
    """Return the folder of the run called `name`, which came from a browser: never by a path."""
    from eval.runner import HEADER

    if name not in {p.parent.name for p in folder().glob(f"*/{HEADER}")}:
        raise UsageError(
            f"there is no run {name[:80]!r}; choose one of the list",
            f"没有评测 {name[:80]!r}；请从列表中选择",
        )
    return folder() / name


def _read(place: Path) -> Run:
    from eval.runner import RESULTS, read_header, read_records
    from eval.summary import Axis, rows_by

    header: dict[str, Any] = read_header(place)
    records = read_records(place / RESULTS)
    rows = {row.metric: row.estimate for row in rows_by(Axis.ALL, records)} if records else {}
    return Run(
        place.name,
        str(header["set"]["name"]),
        str(header["stage"]),
        str(header["profile"]),
        str(header["started"]),
        len(records),
        int(header["cases"]),
        tuple(
            Metric(name, found.mean, found.low, found.high, found.n)
            for name in _SHOWN
            if (found := rows.get(name)) is not None
        ),
    )


def _counts(place: Path) -> tuple[int, int]:
    from eval.runner import HEADER, RESULTS, read_header

    if not (place / HEADER).is_file():
        return 0, 0
    with contextlib.suppress(RagError, KeyError, TypeError, ValueError):
        total = int(read_header(place)["cases"])
        results = place / RESULTS
        return (results.read_bytes().count(b"\n") if results.exists() else 0), total
    return 0, 0
