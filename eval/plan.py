"""What a run is to do: a case set, how far down the pipeline, which of its cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from eval.cases import Case, CaseSet
from eval.measure import Stage
from rag.errors import UsageError


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run."""

    cases: CaseSet
    stage: Stage
    index: str | None
    """None: every case brings its passages, nothing is searched."""
    profile: str
    limit: int | None = None
    """The first so many of the chosen cases; None for all."""
    ids: tuple[str, ...] = ()
    """Only these cases; empty for all of the set."""

    @property
    def chosen(self) -> tuple[Case, ...]:
        """Return the cases to measure, in the order of the set.

        Raises:
            UsageError: An id is not in the set.
        """
        cases, wanted = self.cases.cases, set(self.ids)
        if unknown := sorted(wanted - {case.id for case in cases}):
            raise UsageError(
                f"{self.cases.name} has no case {', '.join(unknown)}",
                f"题集 {self.cases.name} 中没有题目 {'、'.join(unknown)}",
            )
        return tuple(case for case in cases if not wanted or case.id in wanted)[: self.limit]

    @property
    def subset(self) -> str | None:
        """Return which part of the set is measured, for people; None for all of it."""
        if len(self.chosen) == len(self.cases.cases):
            return None
        listed = f"{len(self.ids)} listed" if self.ids else None
        first = f"first {self.limit}" if self.limit else None
        return ", ".join(part for part in (listed, first) if part)


def read_ids(path: Path) -> tuple[str, ...]:
    """Return the case ids of a file, one a line; blank lines and ``#`` comments are skipped.

    Raises:
        UsageError: It cannot be read or names no case.
    """
    try:
        lines: Iterable[str] = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot read {path}: {error}; expected one case id a line",
            f"无法读取 {path}：{error}；应为每行一个题目编号",
        ) from error
    ids = tuple(id_ for line in lines if (id_ := line.partition("#")[0].strip()))
    if not ids:
        raise UsageError(
            f"{path} names no case; expected one case id a line",
            f"{path} 中没有题目编号；应为每行一个",
        )
    return ids
