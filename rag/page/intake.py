"""How far files are on their way, one by one: waiting, fetched or embedded in part, done."""

from __future__ import annotations

from collections.abc import Iterable

from rich.filesize import decimal

from rag.page.progress import Step
from rag.page.words import Words

_SHOWN = 30
"""Files that get a line of their own; of more, those under way and the last ones done."""


class Intake:
    """What was heard of the files; written by the work, read by the page."""

    def __init__(self, words: Words, title: str, names: Iterable[str] = ()) -> None:
        """Begin with files that wait, where they are known."""
        self.title = title
        self._words = words
        self._steps = {name: Step(name, note=words("waiting", "等待")) for name in names}
        self._at: str | None = None
        self.done, self.total = 0, len(self._steps)

    def heard(self, stage: str, name: str, done: int, total: int) -> None:
        """Take note of progress; see `rag.page.shelf.OnProgress`."""
        if stage == "file":
            self._finish()
            self._at = name
            self.done, self.total = done - 1, total
            self._put(name, 0, 0, self._words("reading", "读取"))
        elif stage == "fetch":
            self._put(name, done, total, f"{decimal(done)} / {decimal(total)}")
        else:
            self._put(
                name, done, total, self._words(f"{done}/{total} chunks", f"{done}/{total} 块")
            )

    def steps(self) -> list[Step]:
        """Return the files in order, or the part of them that tells most."""
        steps = list(self._steps.values())
        if len(steps) <= _SHOWN:
            return steps
        first = max(0, min(self.done - _SHOWN // 2, len(steps) - _SHOWN))
        return steps[first : first + _SHOWN]

    def _finish(self) -> None:
        if self._at is not None:
            self._put(self._at, 1, 1, self._words("done", "完成"))

    def _put(self, name: str, done: int, total: int, note: str) -> None:
        self._steps[name] = Step(name, done, total, note)
