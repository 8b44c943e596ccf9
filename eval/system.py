"""The system under test as the runner sees it: a small Protocol, and how to open the real one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.schema import Answer, Hit, Turn


class System(Protocol):
    """What is measured; `rag.assistant.Assistant` fits, and so does a scripted one in a test."""

    def search(self, question: str, k: int = 10) -> Sequence[Hit]:
        """Return the `k` best hits, best first."""
        ...

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """Return the checked answer or the refusal."""
        ...
