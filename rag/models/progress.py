"""What a fetch reports while it runs. Knows nothing of terminals."""

from __future__ import annotations

import logging
from typing import Protocol

_log = logging.getLogger(__name__)


class Progress(Protocol):
    """Told how far a fetch is; `rag.cli.models.PullBar` draws it."""

    def advance_to(self, name: str, done: int, total: int) -> None:
        """Take note that `done` of `total` bytes of `name` are there; `done` may also fall."""

    def note(self, line: str) -> None:
        """Take note of something worth a line: a licence, a source, a wait."""


class Silent:
    """Draws nothing; lines go to the log."""

    def advance_to(self, name: str, done: int, total: int) -> None:
        """Ignore the number."""

    def note(self, line: str) -> None:
        """Log the line."""
        _log.info("%s", line)
