"""The line before the model: one question at a time, in the order of arrival."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Iterator

_LOOK = 0.2
"""Seconds between two looks at whether somebody who waits has given up."""


class Stopped(Exception):  # noqa: N818 - no error: somebody pressed Stop
    """The question was taken back."""


class Line:
    """Tickets in the order in which they were drawn."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._numbers = itertools.count(1)
        self._waiting: list[int] = []
        self._changed = threading.Condition()

    def draw(self) -> int:
        """Return a new ticket, the last of the line."""
        with self._changed:
            ticket = next(self._numbers)
            self._waiting.append(ticket)
            return ticket

    def place(self, ticket: int) -> int:
        """Return how many are before `ticket`: 0 when it has its turn, or is no longer in the line."""
        with self._changed:
            return self._waiting.index(ticket) if ticket in self._waiting else 0

    def leave(self, ticket: int) -> None:
        """Give a ticket back."""
        with self._changed:
            self._waiting.remove(ticket)
            self._changed.notify_all()

    @contextlib.contextmanager
    def turn(self, ticket: int, stop: threading.Event) -> Iterator[None]:
        """Wait for the turn of `ticket`, run the block, let the next one in.

        Raises:
            Stopped: `stop` was set before the turn came.
        """
        try:
            with self._changed:
                while not stop.is_set() and self._waiting[0] != ticket:
                    self._changed.wait(_LOOK)
            if stop.is_set():
                raise Stopped
            yield
        finally:
            self.leave(ticket)
