"""Work in a thread of its own that somebody may look at: it outlives the page that started it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from rag.page.intake import Intake

T = TypeVar("T")
_LOOK = 0.25
"""Seconds between two looks at a job that is shown."""


class Cancelled(Exception):  # noqa: N818 - no error: somebody pressed Stop
    """The job was taken back."""


class Job(Generic[T]):
    """A piece of work; it goes on when nobody looks."""

    def __init__(self, work: Callable[[Job[T]], T], subject: Intake) -> None:
        """Start `work`, which is given the job; `subject` says how far it is."""
        self.subject = subject
        self._work = work
        self._result: T | None = None
        self._error: BaseException | None = None
        self._ended = threading.Event()
        self._cancelled = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def tell(self) -> None:
        """Be told by the work that it goes on.

        Raises:
            Cancelled: It was taken back.
        """
        if self._cancelled.is_set():
            raise Cancelled

    def cancel(self) -> None:
        """Have the work stop when it next tells that it goes on."""
        self._cancelled.set()

    @property
    def running(self) -> bool:
        """Whether the work goes on."""
        return not self._ended.is_set()

    def look(self) -> Iterator[None]:
        """Yield again and again until the work ends."""
        while not self._ended.wait(_LOOK):
            yield

    def result(self) -> T:
        """Return what the work returned, after waiting for its end; raise what it raised."""
        self._ended.wait()
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # set by `_run` where nothing was raised

    def _run(self) -> None:
        try:
            self._result = self._work(self)
        except BaseException as error:  # handed over to whoever asks for the result
            self._error = error
        finally:
            self._ended.set()


class Jobs:
    """The jobs of a process by key: at most one runs under a key."""

    def __init__(self) -> None:
        """Start with none."""
        self._jobs: dict[str, Job[str]] = {}
        self._starting = threading.Lock()

    def start(self, key: str, work: Callable[[Job[str]], str], subject: Intake) -> Job[str] | None:
        """Start a job under `key`; return it, or None where one is running."""
        with self._starting:
            if self.running(key) is not None:
                return None
            self._jobs[key] = Job(work, subject)
            return self._jobs[key]

    def running(self, key: str) -> Job[str] | None:
        """Return the job that runs under `key`, or None."""
        job = self._jobs.get(key)
        return job if job is not None and job.running else None
