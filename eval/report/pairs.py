"""Two runs of the same cases -> their cases side by side, those that changed first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eval.measure import Record
from eval.report.cases import CaseView, view
from eval.stages import LostAt


class Change(StrEnum):
    """What became of a case, in the order of interest."""

    LOST = "lost"
    """Right before, wrong after."""
    WON = "won"
    """Wrong before, right after."""
    WRONG = "wrong"
    """Both times."""
    RIGHT = "right"
    """Both times."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One case in two runs."""

    before: CaseView
    after: CaseView

    @property
    def record(self) -> Record:
        """Return a record of the case, for what both share: question, answers, history."""
        return self.after.record

    @property
    def change(self) -> Change:
        """Return what became of it."""
        if self.before.lost and self.after.lost:
            return Change.WRONG
        if self.before.lost:
            return Change.WON
        return Change.LOST if self.after.lost else Change.RIGHT

    @property
    def stages(self) -> tuple[LostAt, ...]:
        """Return the stages that lost it, each once."""
        return tuple(dict.fromkeys(self.before.stages + self.after.stages))


def pairs(before: Iterable[Record], after: Sequence[Record]) -> dict[Change, list[Pair]]:
    """Return every case of `after` beside the same case of `before`, by what became of it.

    Every kind of change is there, if with no case; KeyError when `before` lacks a case.
    """
    known = {record["id"]: record for record in before}
    found: dict[Change, list[Pair]] = {change: [] for change in Change}
    for record in after:
        pair = Pair(view(known[record["id"]]), view(record))
        found[pair.change].append(pair)
    return found
