"""The regression gate: a fresh run -> its comparison with the committed baseline of its kind.

Retrieval is held over the whole of `SET`; answers, at ten seconds each, over a few cases of every
kind. The ids of those are in eval/baselines, beside what they are held against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.cases import CaseSet
from eval.compare import Comparison, Verdict, compare
from eval.measure import Stage
from eval.outcomes import BASELINES, of_run, read_baseline
from eval.plan import Plan, read_ids
from eval.runner import Opener, run

SET = "core"
PROFILE = "default"


@dataclass(frozen=True, slots=True)
class Check:
    """One run of the gate."""

    stage: Stage
    baseline: str
    ids: str | None = None
    """Name of the file of case ids beside the baselines; None for the whole set."""

    @property
    def command(self) -> str:
        """Return the lines that make its baseline anew."""
        ids = f" --ids eval/baselines/{self.ids}" if self.ids else ""
        return (
            f"rag eval run {SET} --stage {self.stage}{ids} --out RUN"
            f" && rag eval promote RUN --name {self.baseline}"
        )

    def plan(
        self, cases: CaseSet, index: str | None, profile: str, folder: Path = BASELINES
    ) -> Plan:
        """Return what this check runs.

        Raises:
            UsageError: The file of ids is missing or empty.
        """
        ids = read_ids(folder / self.ids) if self.ids else ()
        return Plan(cases, self.stage, index, profile, ids=ids)


CHECKS = (
    Check(Stage.RETRIEVAL, "core-retrieval"),
    Check(Stage.ANSWER, "core-gate-answer", "core-gate.ids"),
)


def hold(
    check: Check,
    plan: Plan,
    open_system: Opener,
    folder: Path,
    documents: Mapping[str, str],
    baselines: Path = BASELINES,
) -> Comparison:
    """Run `plan` into `folder` and return how it compares with the baseline of `check`.

    Raises:
        UsageError: The baseline is missing, or is of other cases; says how to make it.
    """
    baseline = read_baseline(check.baseline, baselines)  # first: a run takes minutes
    run(plan, open_system, folder, documents)
    return compare(baseline, of_run(folder))


def findings(comparison: Comparison) -> list[str]:
    """Return one line for every metric that failed: what is worse, by how much, where."""
    lines = []
    for row in comparison.rows:
        if row.verdict is Verdict.FAIL:
            after = "none" if row.after is None else f"{row.after:.3f}"
            worse = ", ".join(row.lost)
            lines.append(f"{row.metric}: {row.before:.3f} -> {after} (n={row.n}); worse: {worse}")
    return lines
