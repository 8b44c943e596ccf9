"""Files in order -> their turns to be stored: in order too, but none waits long for a slow one.

Reading runs ahead of storing by a bounded number of files. Files with the same content are read
once. Knows nothing of what a turn does.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.index.reader import Reader
from rag.index.rows import IngestRow
from rag.index.workers import Result
from rag.load import Found
from rag.store import FileRecord

PATIENCE = 4.0
"""Seconds that files which are read wait for one before them that is not."""
_LONG = 60.0


@dataclass(slots=True)
class Turn:
    """A file whose turn it is, or will be."""

    number: int
    """Its place among the files."""
    found: Found
    row: IngestRow | None = None
    """What became of it, where a look was enough."""
    record: FileRecord | None = None
    result: Result | None = None
    """What was read; None when its content is stored already."""


class Turns:
    """The turns of one run."""

    def __init__(
        self,
        reader: Reader,
        look: Callable[[Found], IngestRow | FileRecord],
        holds: Callable[[str], bool],
    ) -> None:
        """Take what it asks.

        Args:
            reader: Reads the files.
            look: Says what becomes of a file, or gives its record where it has to be read.
            holds: Whether a document is stored.
        """
        self._reader = reader
        self._look = look
        self._holds = holds
        self._waiting: deque[Turn] = deque()
        self._results: dict[int, Result] = {}
        self._reading: dict[str, int] = {}
        """Document -> the number of the file that is read for it."""

    def of(self, found: Sequence[Found]) -> Iterator[Turn]:
        """Yield the turn of every file; what a turn does must be done before the next is asked for."""
        coming = iter(enumerate(found))
        more = True
        while more or self._waiting:
            while more and len(self._waiting) < max(1, self._reader.ahead):
                item = next(coming, None)
                more = item is not None
                if item is not None:
                    self._begin(*item)
            if self._waiting:
                turn = self._next()
                yield turn
                if turn.result is not None and turn.record is not None:
                    del self._reading[turn.record.doc_id]

    def _begin(self, number: int, found: Found) -> None:
        looked = self._look(found)
        if isinstance(looked, IngestRow):
            self._waiting.append(Turn(number, found, row=looked))
        else:
            self._waiting.append(Turn(number, found, record=looked))
            self._has_come(self._waiting[-1])  # which has it read

    def _next(self) -> Turn:
        """Return the first turn that has come; of a later file when the first takes long."""
        until: float | None = None
        while True:
            impatient = until is not None and time.monotonic() >= until
            for turn in list(self._waiting) if impatient else [self._waiting[0]]:
                if self._has_come(turn):
                    self._waiting.remove(turn)
                    return turn
            if until is None and self._results:  # from now on others wait for the first
                until = time.monotonic() + PATIENCE
            wait = _LONG if until is None or impatient else max(0.0, until - time.monotonic())
            for result in self._reader.results(wait):
                self._results[result.key] = result

    def _has_come(self, turn: Turn) -> bool:
        """Return whether all is there that a turn needs; have its file read where it is not."""
        if turn.record is None:
            return True
        if turn.number in self._results:
            turn.result = self._results.pop(turn.number)
            return True
        doc_id = turn.record.doc_id
        if doc_id in self._reading:
            return False
        if self._holds(doc_id):
            return True
        self._reading[doc_id] = turn.number
        self._reader.submit(turn.number, turn.found.path)
        return False
