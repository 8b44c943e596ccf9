"""Records of a run -> rows of means with n and interval. Knows nothing of how records came about.

A metric that applies to no record of a group has no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eval.estimates import Estimate, Spread, estimate, estimate_of_counts, spread
from eval.measure import Record
from eval.scorers import Refusals, count_refusals
from eval.scorers.refusal import PARTIAL

METRICS = (
    "correct",
    "unit_slip",
    "char_f1",
    "excess_figures",
    "answer_chars",
    "refused_answerable",
    "refused_unanswerable",
    "partial_correct",
    "recall@1",
    "recall@3",
    "recall@5",
    "recall@10",
    "recall@1500c",
    "mrr@10",
    "ndcg@10",
    "hit@1",
    "quote_validity",
    "citation_recall",
    "citation_precision",
    "page_accuracy",
    "unverified_figures",
    "first_token_ms",
    "total_ms",
    "prompt_tokens",
    "completion_tokens",
)
"""The scores of a record that are averaged over cases, in the order they are shown."""
SKEWED = ("first_token_ms", "total_ms", "prompt_tokens", "completion_tokens")
"""Metrics of which a mean alone misleads: rows carry median and 90th percentile too."""
CORPUS_METRICS = ("refusal_precision", "refusal_recall", "refusal_f1")
"""Of all cases together: no mean of cases, so a single case has no such score."""


class Axis(StrEnum):
    """What records are grouped by."""

    ALL = "all"
    KIND = "kind"
    LANG = "lang"
    DOCUMENT = "document"
    """The document of the first gold quote; cases without gold have no group."""


@dataclass(frozen=True, slots=True)
class Row:
    """One metric over one group of cases."""

    metric: str
    group: str
    """``all``, or a kind of question, a language, a file name."""
    estimate: Estimate
    axis: Axis = Axis.ALL
    spread: Spread | None = None
    """Of latencies and tokens (`SKEWED`) alone."""


def summarise(records: Sequence[Record]) -> list[Row]:
    """Return what fits a screen: every metric over all records, the leading one kind by kind."""
    rows = rows_by(Axis.ALL, records)
    answerable = [record for record in records if record["answerable"]]
    rows += _rows("answerable", Axis.ALL, answerable, ("correct",))
    rows += rows_by(Axis.KIND, records, (leading(records),))
    return rows


def rows_by(
    axis: Axis, records: Sequence[Record], metrics: Sequence[str] = (*METRICS, *CORPUS_METRICS)
) -> list[Row]:
    """Return the rows of `metrics` for each group of `axis`, groups in alphabetical order."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        name = group_of(record, axis)
        if name is not None:
            groups.setdefault(name, []).append(record)
    return [row for name in sorted(groups) for row in _rows(name, axis, groups[name], metrics)]


def group_of(record: Record, axis: Axis) -> str | None:
    """Return the name of the group that a record belongs to, or None for none."""
    if axis is Axis.ALL:
        return "all"
    if axis is Axis.DOCUMENT:
        gold = record.get("gold") or ()
        return gold[0]["source"] if gold else None
    return record[axis.value]


def leading(records: Iterable[Record]) -> str:
    """Return the one metric that tells most: `correct` where questions were answered."""
    scores = [record["scores"] for record in records]
    if any("correct" in found for found in scores):
        return "correct"
    quotes = any(found.get("recall@1500c") is not None for found in scores)
    return "recall@5" if quotes or not scores else "ndcg@10"


def refusals(records: Iterable[Record]) -> Refusals:
    """Return how many questions were refused and answered, partly answerable and errors aside."""
    return count_refusals(
        (record["answerable"], record["status"] == "refused")
        for record in records
        if record.get("status") and record["kind"] != PARTIAL
    )


def seconds(records: Iterable[Record]) -> Estimate | None:
    """Return the mean seconds a question took."""
    return estimate(record.get("seconds") for record in records)


def _rows(group: str, axis: Axis, records: Sequence[Record], metrics: Iterable[str]) -> list[Row]:
    rows = []
    for metric in metrics:
        found = _estimate(metric, records)
        if found:
            values = (record["scores"].get(metric) for record in records)
            skewed = spread(values) if metric in SKEWED else None
            rows.append(Row(metric, group, found, axis, skewed))
    return rows


def _estimate(metric: str, records: Sequence[Record]) -> Estimate | None:
    if metric in CORPUS_METRICS:
        return _of_refusals(metric, refusals(records))
    return estimate(record["scores"].get(metric) for record in records)


def _of_refusals(metric: str, counts: Refusals) -> Estimate | None:
    """Return a corpus metric; precision and recall are shares, of which n is the whole."""
    if metric == "refusal_f1":
        return estimate_of_counts(counts, lambda drawn: Refusals(*drawn).f1)
    if metric == "refusal_precision":
        value, wrong = counts.precision, counts.false
    else:
        value, wrong = counts.recall, counts.missed
    return None if value is None else estimate([1.0] * counts.right + [0.0] * wrong)
