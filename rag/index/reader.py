"""Files -> documents cut, in this process or in others that a bad file cannot take along."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from rag.errors import DocumentError
from rag.index.cut import cut_file, prepare
from rag.index.workers import Limits, Result, Workers

AHEAD = 4
"""Files a process that may be read before they are stored: what is in memory at once."""


class Reader(Protocol):
    """What reads files; results come in any order."""

    ahead: int
    """Files that may be read and not yet stored."""

    def submit(self, key: int, argument: Path) -> None:
        """Have a file read."""
        ...

    def results(self, timeout: float) -> Iterator[Result]:
        """Yield what was read, after waiting for the first at most `timeout` seconds."""
        ...

    def close(self) -> None:
        """Stop, whatever is under way."""
        ...


def reader(jobs: int, limits: Limits) -> Reader:
    """Return a reader with `jobs` processes; with 0 it is this one and there are no limits."""
    return Processes(jobs, limits) if jobs > 0 else Here()


class Processes(Workers):
    """Reads in other processes, under limits of time and memory."""

    def __init__(self, jobs: int, limits: Limits) -> None:
        """Start nothing yet."""
        super().__init__(cut_file, jobs, limits, prepare)
        self.ahead = AHEAD * jobs


class Here:
    """Reads in this process, one file when one is asked for."""

    ahead = 1

    def __init__(self) -> None:
        """Begin with nothing to read."""
        self._queue: deque[tuple[int, Path]] = deque()

    def submit(self, key: int, argument: Path) -> None:
        """Have a file read."""
        self._queue.append((key, argument))

    def results(self, timeout: float) -> Iterator[Result]:
        """Yield the file that was submitted first, read."""
        del timeout
        if self._queue:
            key, path = self._queue.popleft()
            try:
                yield Result(key, cut_file(path))
            except DocumentError as error:
                yield Result(key, error=error)

    def close(self) -> None:
        """Forget what was submitted."""
        self._queue.clear()
