"""Work in a thread of its own, and how far it is: what outlives the page that started it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
_LOOK = 0.3
"""Seconds between two looks at a job that is shown."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is."""

    stage: str = ""
    what: str = ""
    """What it is at, a file name for example: data."""
    done: int = 0
    total: int = 0
    """0 as long as it is not known."""


class Cancelled(Exception):  # noqa: N818 - no error: somebody pressed Cancel
    """The job was taken back."""


class Job(Generic[T]):
    """A piece of work; it goes on when nobody looks."""

    def __init__(self, work: Callable[[Job[T]], T]) -> None:
        """Start `work`, which reports to the job it is given."""
        self.progress = Progress()
        self._work = work
        self._result: T | None = None
        self._error: BaseException | None = None
        self._ended = threading.Event()
        self._cancelled = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def tell(self, stage: str, what: str, done: int, total: int) -> None:
        """Take note of how far the work is; called by the work.

        Raises:
            Cancelled: It was taken back.
        """
        if self._cancelled.is_set():
            raise Cancelled
        self.progress = Progress(stage, what, done, total)

    def cancel(self) -> None:
        """Have the work stop when it next tells how far it is."""
        self._cancelled.set()

    @property
    def running(self) -> bool:
        """Whether the work goes on."""
        return not self._ended.is_set()

    @property
    def cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._cancelled.is_set()

    def look(self) -> Iterator[Progress]:
        """Yield how far the work is, now and whenever that has changed, until it ends."""
        seen = None
        while not self._ended.wait(_LOOK if seen else 0.05):
            if self.progress != seen:
                seen = self.progress
                yield seen

    def result(self) -> T:
        """Return what the work returned, after waiting for its end; raise what it raised."""
        self._ended.wait()
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # set by `_run` where nothing was raised

    def _run(self) -> None:
        try:
            self._result = self._work(self)
        except BaseException as error:  # noqa: BLE001 - handed over to whoever asks for the result
            self._error = error
        finally:
            self._ended.set()


class Jobs:
    """The jobs of a process by key: at most one runs under a key."""

    def __init__(self) -> None:
        """Start with none."""
        self._jobs: dict[Hashable, Job[object]] = {}
        self._starting = threading.Lock()

    def start(self, key: Hashable, work: Callable[[Job[T]], T]) -> Job[T] | None:
        """Start a job under `key`; return it, or None where one is running."""
        with self._starting:
            if self.running(key) is not None:
                return None
            job = Job(work)
            self._jobs[key] = job  # type: ignore[assignment]
            return job

    def running(self, key: Hashable) -> Job[object] | None:
        """Return the job that runs under `key`, or None."""
        job = self._jobs.get(key)
        return job if job is not None and job.running else None
