"""A function and its arguments -> results, worked out in processes that cannot take others along.

Each argument gets a time and a memory limit. A process that exceeds one, or dies, is replaced; the
argument it had fails with the reason and the others go on. Knows nothing of documents.
"""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection
from pathlib import Path
from typing import Any

from rag.errors import DocumentError, RagError
from rag.language import say

_GRACE = 15
"""Seconds after the time limit in which a process whose parent is gone ends by itself."""
_START = 120
"""Seconds in which a process must have started, on a machine that is busy."""
_READY = "ready"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one argument may cost."""

    seconds: float = 120
    megabytes: int = 2048
    """Memory beyond what an idle process has."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one argument: its value, or why there is none."""

    key: int
    value: Any = None
    error: RagError | None = None


@dataclass(eq=False)
class _Process:
    """A process and what it is at."""

    process: Any
    pipe: connection.Connection
    key: int | None = None
    since: float = field(default_factory=time.monotonic)
    ready: bool = False


class Workers:
    """Processes that are started as they are needed, at most `jobs`."""

    def __init__(
        self,
        function: Callable[[Any], Any],
        jobs: int,
        limits: Limits,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            function: What is called; it must be importable by its name.
            jobs: Processes at most, at least one.
            limits: What one call may cost.
            prepare: Called once in each process, before the limits count; importable too.
        """
        self._function = function
        self._prepare = prepare or _nothing
        self._jobs = max(1, jobs)
        self._limits = limits
        self._queue: deque[tuple[int, Any]] = deque()
        self._processes: list[_Process] = []
        # Never fork: threads of BLAS and FAISS may hold locks that a child would wait for.
        self._context = multiprocessing.get_context("spawn")

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, key: int, argument: object) -> None:
        """Have the function called with `argument`; its result comes under `key`."""
        self._queue.append((key, argument))
        self._assign()

    def results(self, timeout: float) -> Iterator[Result]:
        """Yield what is done, after waiting for the first at most `timeout` seconds."""
        self._assign()
        busy: dict[Any, _Process] = {p.pipe: p for p in self._processes if p.key is not None}
        due = min((self._left(p) for p in busy.values()), default=timeout)
        for pipe in connection.wait(list(busy), max(0.0, min(timeout, due))) if busy else ():
            result = self._received(busy[pipe])
            if result is not None:
                yield result
        for process in busy.values():
            if process.key is not None and self._left(process) <= 0:
                yield self._failed(process, _too_slow(self._limits.seconds))
        self._assign()

    def close(self) -> None:
        """End all processes, whatever they are at."""
        self._queue.clear()
        for process in list(self._processes):
            self._end(process)

    def _assign(self) -> None:
        """Give waiting arguments to idle processes, starting what is missing."""
        for process in [p for p in self._processes if p.key is None]:
            if not process.process.is_alive():  # killed from outside while it had nothing to do
                self._end(process)
            elif self._queue:
                self._give(process)
        while self._queue and len(self._processes) < self._jobs:
            process = self._start()
            self._processes.append(process)
            self._give(process)

    def _give(self, process: _Process) -> None:
        process.key, argument = self._queue.popleft()
        process.since = time.monotonic()
        with contextlib.suppress(OSError):  # it has died: noticed when its answer is awaited
            process.pipe.send(argument)

    def _start(self) -> _Process:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(self._function, self._prepare, theirs, self._limits), daemon=True
        )
        with _without_main():
            process.start()
        theirs.close()
        return _Process(process, ours)

    def _left(self, process: _Process) -> float:
        allowed = self._limits.seconds if process.ready else max(_START, self._limits.seconds)
        return process.since + allowed - time.monotonic()

    def _received(self, process: _Process) -> Result | None:
        """Return the answer of a process; None for its first word, that it has started."""
        try:
            word, *rest = process.pipe.recv()
        except (EOFError, OSError):
            process.process.join(5)
            return self._failed(process, _died(process.process.exitcode))
        if word == _READY:  # the time it took to start is not the file's
            process.ready, process.since = True, time.monotonic()
            return None
        key, process.key = process.key, None
        assert key is not None
        if word == "memory":
            self._end(process)
            return Result(key, error=_too_big(self._limits.megabytes))
        if word == "error":
            kind, en, zh = rest
            return Result(key, error=kind(en, zh))
        return Result(key, rest[0])

    def _failed(self, process: _Process, error: RagError) -> Result:
        key, process.key = process.key, None
        self._end(process)
        assert key is not None
        return Result(key, error=error)

    def _end(self, process: _Process) -> None:
        self._processes.remove(process)
        process.process.kill()
        process.process.join(5)
        process.pipe.close()


def _serve(
    function: Callable[[Any], Any],
    prepare: Callable[[], None],
    pipe: connection.Connection,
    limits: Limits,
) -> None:
    """Answer the calls that come through `pipe` until it is closed: the life of a process."""
    # Ctrl-C reaches every process of the terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare()
    _limit_memory(limits.megabytes)
    with contextlib.suppress(EOFError, OSError):
        pipe.send((_READY,))
        while True:
            argument = pipe.recv()
            with _last_resort(limits.seconds + _GRACE):
                answer = _answer(function, argument)
            pipe.send(answer)


def _nothing() -> None:
    pass


def _answer(function: Callable[[Any], Any], argument: object) -> tuple[Any, ...]:
    try:
        return "value", function(argument)
    except MemoryError:
        return ("memory",)
    except RagError as error:
        return "error", type(error), error.en, error.zh


@contextlib.contextmanager
def _last_resort(seconds: float) -> Iterator[None]:
    """End this process when the block takes too long, even one stuck in foreign code."""
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _limit_memory(megabytes: int) -> None:
    """Let this process take `megabytes` more than it has; where the system cannot, do nothing."""
    try:
        import resource

        status = Path("/proc/self/status").read_text(encoding="ascii")
        used = next(
            int(line.split()[1]) for line in status.splitlines() if line.startswith("VmData")
        )
        limit = used * 1024 + megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    except (ImportError, OSError, ValueError, StopIteration):
        return


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Keep a new process from importing the program's main module, which it has no use for."""
    main = sys.modules["__main__"]
    names = ("__file__", "__spec__")
    kept = {name: getattr(main, name) for name in names if hasattr(main, name)}
    if "__spec__" in kept:
        main.__spec__ = None
    main.__dict__.pop("__file__", None)
    try:
        yield
    finally:
        main.__dict__.update(kept)


def _too_slow(seconds: float) -> DocumentError:
    return DocumentError(
        f"reading it took longer than {seconds:g} s; allow more with: --time-limit {2 * seconds:g}",
        f"读取超过 {seconds:g} 秒；可放宽：--time-limit {2 * seconds:g}",
    )


def _too_big(megabytes: int) -> DocumentError:
    return DocumentError(
        f"reading it needs more than {megabytes} MB of memory; allow more with:"
        f" --memory-limit {2 * megabytes}",
        f"读取所需内存超过 {megabytes} MB；可放宽：--memory-limit {2 * megabytes}",
    )


def _died(code: int | None) -> DocumentError:
    what = say(f"exit code {code}", f"退出码 {code}")
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            what = signal.Signals(-code).name
    return DocumentError(
        f"the process reading it died ({what}): the file is damaged, or memory ran out; open it and"
        " save it anew",
        f"读取它的进程异常终止（{what}）：文件损坏或内存不足；请打开后另存",
    )
