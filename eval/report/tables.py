"""Records -> the numbers and charts of a report. Means come from `eval.summary`, never from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from eval.estimates import Estimate
from eval.measure import Record
from eval.report import plots
from eval.report.labels import metric as meaning
from eval.report.labels import word
from eval.rules import RULES
from eval.stages import LostAt, answered, lost_at
from eval.summary import Axis, Row, leading, rows_by
from rag.schema import Check

LOWER_IS_BETTER = frozenset(rule.metric for rule in RULES if rule.lower_is_better)
COUNTS = frozenset(
    "excess_figures answer_chars first_token_ms total_ms prompt_tokens completion_tokens".split()
)
"""Not on the scale from 0 to 1."""
_BESIDE = {
    "correct": ("refused_answerable", "recall@5"),
    "recall@5": ("recall@10", "mrr@10"),
    "ndcg@10": ("recall@10", "mrr@10"),
}
"""Leading metric -> the ones shown beside it in the tables by group."""
_CONFIRMED = (Check.VERIFIED, Check.ROUNDED, Check.DERIVED)


@dataclass(frozen=True, slots=True)
class Line:
    """One metric over a group of records, with its bar where it is a share."""

    metric: str
    meaning: str
    lower_is_better: bool
    estimate: Estimate
    bar: Markup | None


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the records: those of a kind, of a language, about a document."""

    name: str
    lead: Line
    beside: tuple[Estimate | None, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """One way of dividing the records; the group with the lowest mean first."""

    lead: str
    beside: tuple[str, ...]
    rows: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """How many cases one stage lost."""

    stage: LostAt
    refused: int
    answered: int
    stopped: int
    """Neither: the system stopped, or the run only searched."""
    bar: Markup

    @property
    def total(self) -> int:
        """Return the number of cases."""
        return self.refused + self.answered + self.stopped


@dataclass(frozen=True, slots=True)
class Checked:
    """How many figures of answers a check ended this way for."""

    check: str
    in_right: int
    in_wrong: int
    bar: Markup


@dataclass(frozen=True, slots=True)
class Times:
    """The histogram of waiting, with (label key, n, median, 95th percentile in seconds)."""

    rows: tuple[tuple[str, int, float, float], ...]
    chart: Markup


@dataclass(frozen=True, slots=True)
class Odds:
    """How the model's own judgement tells answerable from unanswerable questions."""

    answerable: int
    unanswerable: int
    chart: Markup


@dataclass(frozen=True, slots=True)
class Selective:
    """How often the answers are right when fewer questions are answered, the surest first."""

    answered: float
    right: float
    """Shares of all questions, and of those answered, at the threshold of the run."""
    chart: Markup


def lines(records: Sequence[Record]) -> list[Line]:
    """Return every metric over all records, in the order of the summary."""
    return [_line(row) for row in rows_by(Axis.ALL, records)]


def groups(axis: Axis, records: Sequence[Record]) -> Groups:
    """Return the leading metric and two beside it for each group of `axis`, the worst first."""
    lead = leading(records)
    beside = _BESIDE[lead]
    rows = rows_by(axis, records, (lead, *beside))
    found = {(row.group, row.metric): row.estimate for row in rows}
    leads = [row for row in rows if row.metric == lead]
    leads.sort(key=lambda row: (row.estimate.mean, row.group))
    return Groups(
        lead,
        beside,
        tuple(
            Group(row.group, _line(row), tuple(found.get((row.group, name)) for name in beside))
            for row in leads
        ),
    )


def outcomes(records: Iterable[Record]) -> dict[tuple[bool, str], int]:
    """Return (answerable, ``answered`` or ``refused`` or ``errors``) -> number of cases."""
    return Counter(
        (bool(record["answerable"]), "errors" if record["error"] else record["status"])
        for record in records
        if record["error"] or record.get("status")
    )


def losses(records: Iterable[Record]) -> list[Lost]:
    """Return the stages that lost cases, in the order of the pipeline."""
    counts: dict[LostAt, Counter[str]] = {}
    for record in records:
        stage = lost_at(record)
        if stage:
            counts.setdefault(stage, Counter())[record.get("status") or "stopped"] += 1
    most = max((count.total() for count in counts.values()), default=1)
    return [_lost(stage, counts[stage], most) for stage in LostAt if stage in counts]


def figures(records: Iterable[Record]) -> list[Checked]:
    """Return the figures of all answers, counted by the outcome of their check."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for record in records:
        if answered(record):
            side = wrong if lost_at(record) else right
            side.update(str(figure["check"]) for figure in record.get("figures", ()))
    most = max((right + wrong).values(), default=1)
    names = [check.value for check in Check if right[check.value] + wrong[check.value]]
    return [_checked(name, right[name], wrong[name], most) for name in names]


def times(records: Iterable[Record]) -> Times | None:
    """Return how long people would have waited, or None when nothing was timed."""
    spans: dict[str, list[float]] = {"total": [], "first_token": []}
    for record in records:
        for name, found in _waited(record).items():
            if found > 0:
                spans[name].append(found)
    known = {name: found for name, found in spans.items() if found}
    if not known:
        return None
    colours = {"total": "blue", "first_token": "orange"}
    chart = plots.latencies([(colours[name], known[name]) for name in known], word("latency"))
    return Times(tuple(_waiting(name, found) for name, found in known.items()), chart)


def odds(records: Iterable[Record]) -> Odds | None:
    """Return how odds are spread over answerable and unanswerable questions, None without any."""
    sides: Mapping[bool, list[float]] = {True: [], False: []}
    for record in records:
        if record.get("odds") is not None:
            sides[bool(record["answerable"])].append(record["odds"])
    if not (sides[True] or sides[False]):
        return None
    chart = plots.separation(sides[True], sides[False], word("odds"))
    return Odds(len(sides[True]), len(sides[False]), chart)


def selective(records: Iterable[Record]) -> Selective | None:
    """Return the accuracy of answers over the share of questions answered, None without any.

    What the question's words found alone asked nothing of the model and is answered at every
    threshold (risk-coverage curve: El-Yaniv and Wiener 2010, JMLR 11).
    """
    known = [record for record in records if record.get("status")]
    given = [record for record in known if answered(record)]
    if not given:
        return None
    sure = np.array([_sureness(record) for record in given])
    right = np.array([bool(record["scores"].get("correct")) for record in given])
    points = []
    for threshold in np.unique(sure)[::-1]:
        over = sure >= threshold
        points.append((float(over.sum() / len(known)), float(right[over].mean())))
    chart = plots.curve(points, word("selective"))
    return Selective(*points[-1], chart)


def _sureness(record: Record) -> float:
    margin = record.get("margin")
    return float("inf") if margin is None else float(margin)


def _line(row: Row) -> Line:
    lower, found = row.metric in LOWER_IS_BETTER, row.estimate
    colour = "orange" if lower else "blue"
    bar = None if row.metric in COUNTS else plots.interval(found, colour)
    return Line(row.metric, meaning(row.metric), lower, found, bar)


def _lost(stage: LostAt, count: Counter[str], most: int) -> Lost:
    refused, given, stopped = count["refused"], count["answered"], count["stopped"]
    parts = [("grey", refused), ("red", given), ("ink", stopped)]
    bar = plots.stacked(parts, most, f"{word('lost.' + stage)}: {count.total()}")
    return Lost(stage, refused, given, stopped, bar)


def _checked(name: str, right: int, wrong: int, most: int) -> Checked:
    colour = "green" if name in _CONFIRMED else "red"
    bar = plots.stacked([(colour, right), ("grey", wrong)], most, f"{word(name)}: {right + wrong}")
    return Checked(name, right, wrong, bar)


def _waiting(name: str, milliseconds: Sequence[float]) -> tuple[str, int, float, float]:
    median, late = np.quantile(milliseconds, [0.5, 0.95]) / 1000
    return name, len(milliseconds), float(median), float(late)


def _waited(record: Record) -> dict[str, float]:
    """Return milliseconds; a run that only searched has its seconds alone."""
    timings = record.get("timings_ms")
    if timings:
        return {name: timings[name] for name in ("total", "first_token")}
    return {"total": 1000 * (record.get("seconds") or 0.0)}
