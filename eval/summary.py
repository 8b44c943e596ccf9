"""Records of a run -> its table of means. Knows nothing of how the records came about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.estimates import Estimate, estimate
from eval.measure import Record

METRICS = (
    "correct",
    "refused_answerable",
    "refused_unanswerable",
    "recall@1",
    "recall@3",
    "recall@5",
    "recall@10",
    "mrr@10",
    "quote_validity",
    "citation_recall",
)
"""In the order they are shown; `refused_answerable` is the one where lower is better."""


@dataclass(frozen=True, slots=True)
class Row:
    """One metric over one group of cases."""

    metric: str
    group: str
    """``all``, or a kind of question."""
    estimate: Estimate


def summarise(records: Sequence[Record]) -> list[Row]:
    """Return every metric over all records, then the leading one kind by kind.

    A metric that applies to no record has no row.
    """
    rows = [*_rows(METRICS, "all", records)]
    answerable = [record for record in records if record["answerable"]]
    rows += _rows(("correct",), "answerable", answerable)
    leading = "correct" if any("correct" in r["scores"] for r in records) else "recall@5"
    for kind in sorted({record["kind"] for record in records}):
        rows += _rows((leading,), kind, [r for r in records if r["kind"] == kind])
    return rows


def seconds(records: Iterable[Record]) -> Estimate | None:
    """Return the mean seconds a question took."""
    return estimate(record.get("seconds") for record in records)


def _rows(metrics: Iterable[str], group: str, records: Sequence[Record]) -> list[Row]:
    rows = []
    for metric in metrics:
        found = estimate(record["scores"].get(metric) for record in records)
        if found:
            rows.append(Row(metric, group, found))
    return rows
