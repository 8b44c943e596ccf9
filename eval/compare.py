"""Two runs of the same cases -> a verdict a metric: OK, better or FAIL. Reads no files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from eval.header import Header
from eval.outcomes import Outcomes, Scores
from eval.rules import POOLED, RULES, Rule, wrong_shown
from eval.scorers import Refusals
from eval.significance import Difference, mcnemar, paired_bootstrap
from rag.errors import UsageError

ALPHA = 0.01
"""A binary metric that got worse with a smaller p fails even within its tolerance; a fifth of the
usual level, because some twenty metrics are looked at."""
_MUST_AGREE = ("set", "corpus", "stage")
_TOLD = ("profile", "index_fingerprint", "models", "prompts", "settings", "packages", "code",
         "commit", "python", "machine", "workers")  # fmt: skip
"""Header fields whose differences are listed: what was changed between the runs."""
_SLACK = 1e-9


class Verdict(StrEnum):
    """What became of one metric."""

    OK = "OK"
    BETTER = "better"
    FAIL = "FAIL"
    INFO = "info"
    """Shown, never judged: latency, tokens, metrics without a rule."""


@dataclass(frozen=True, slots=True)
class Row:
    """One metric in both runs, over the cases to which it applies in both."""

    metric: str
    verdict: Verdict
    n: int
    before: float | None
    after: float | None
    """Means; None where nothing is left to average."""
    difference: Difference | None
    """With the p of `test`."""
    test: str
    """``mcnemar`` (every score is 0 or 1) or ``bootstrap``."""
    lost: tuple[str, ...] = ()
    """Cases that got worse: for a metric of 0 and 1, right before and wrong after."""
    won: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A header field that differs."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to another."""

    before: str
    after: str
    cases: int
    rows: tuple[Row, ...]
    """In the order of `eval.rules.RULES`, metrics without a rule last."""
    changes: tuple[Change, ...]

    @property
    def failed(self) -> tuple[str, ...]:
        """Return the metrics that failed."""
        return tuple(row.metric for row in self.rows if row.verdict is Verdict.FAIL)

    def row(self, metric: str) -> Row:
        """Return the row of `metric`; KeyError when neither run has it."""
        found = next((row for row in self.rows if row.metric == metric), None)
        if found is None:
            raise KeyError(metric)
        return found


def compare(before: Outcomes, after: Outcomes) -> Comparison:
    """Return what changed from `before` to `after`, metric by metric.

    Raises:
        UsageError: They did not measure the same cases of the same set at the same stage.
    """
    _require_comparable(before, after)
    rows = (*_single_rows(before, after), *_pooled_rows(before, after))
    order = {rule.metric: place for place, rule in enumerate(RULES)}
    return Comparison(
        before.name,
        after.name,
        len(before.scores),
        tuple(sorted(rows, key=lambda row: (order.get(row.metric, len(order)), row.metric))),
        tuple(_changes(before.header, after.header)),
    )


def _require_comparable(before: Outcomes, after: Outcomes) -> None:
    for field in _MUST_AGREE:
        old, new = before.header.get(field), after.header.get(field)
        if old != new:
            old, new = _told(old), _told(new)
            raise UsageError(
                f"{before.name} and {after.name} cannot be compared: {field} {old} and {new}; "
                "run the same set at the same stage again",
                f"{before.name} 与 {after.name} 不可比：{field} 为 {old} 与 {new}；"
                "请以相同题集、相同阶段重新运行",
            )
    if before.scores.keys() != after.scores.keys():
        only = sorted(before.scores.keys() ^ after.scores.keys())
        listed = ", ".join(only[:3]) + (" …" if len(only) > 3 else "")
        counts = f"{len(before.scores)}, {len(after.scores)}"
        raise UsageError(
            f"{before.name} and {after.name} cannot be compared: they hold other cases "
            f"({counts}; only in one: {listed}); finish both, over the same part of the set",
            f"{before.name} 与 {after.name} 不可比：题目不同（{counts}；只在其一：{listed}）；"
            "请把两者都运行完，且取题集的同一部分",
        )


def _told(value: object) -> str:
    """Return a header value in a few characters: a set by name, version and start of its hash."""
    if isinstance(value, dict):
        return " ".join(str(part)[:12] for part in value.values())
    return str(value)[:12]


def _single_rows(before: Outcomes, after: Outcomes) -> Iterator[Row]:
    """Yield the metrics that are means of single cases."""
    rules = {rule.metric: rule for rule in RULES}
    old, new = _columns(before.scores), _columns(after.scores)
    for metric in old.keys() | new.keys():
        rule = rules.get(metric, Rule(metric, None))
        yield _row(rule, old.get(metric, {}), new.get(metric, {}))


def _columns(scores: Mapping[str, Scores]) -> dict[str, dict[str, float]]:
    """Return metric -> case id -> score, where it applies."""
    columns: dict[str, dict[str, float]] = {}
    for id_, row in scores.items():
        for metric, score in {**row, **wrong_shown(row)}.items():
            if score is not None:
                columns.setdefault(metric, {})[id_] = score
    return columns


def _row(rule: Rule, old: Mapping[str, float], new: Mapping[str, float]) -> Row:
    ids = sorted(old.keys() & new.keys())
    if not ids:
        return _gone(rule, old, new)
    pairs = np.array([[old[id_], new[id_]] for id_ in ids], dtype=float)
    difference = paired_bootstrap(pairs[:, :1], pairs[:, 1:])
    signed = (pairs[:, 1] - pairs[:, 0]) * rule.sign
    lost = tuple(id_ for id_, gain in zip(ids, signed, strict=True) if gain < 0)
    won = tuple(id_ for id_, gain in zip(ids, signed, strict=True) if gain > 0)
    binary = bool(np.isin(pairs, (0.0, 1.0)).all())
    if binary:
        difference = difference._replace(p=mcnemar(len(lost), len(won)))
    verdict = _verdict(rule, difference, len(ids), sure=binary and difference.p < ALPHA)
    before, after = pairs.mean(axis=0)
    test = "mcnemar" if binary else "bootstrap"
    return Row(
        rule.metric, verdict, len(ids), float(before), float(after), difference, test, lost, won
    )


def _gone(rule: Rule, old: Mapping[str, float], new: Mapping[str, float]) -> Row:
    """Return the row of a metric that no case has in both runs.

    A metric that was measured and no longer is fails: a gate must not turn green by going blind.
    """
    blind = rule.tolerance is not None and old
    verdict = Verdict.FAIL if blind else Verdict.INFO
    before = sum(old.values()) / len(old) if old else None
    after = sum(new.values()) / len(new) if new else None
    return Row(
        rule.metric, verdict, 0, before, after, None, "", tuple(sorted(old)) if blind else ()
    )


def _verdict(rule: Rule, difference: Difference, n: int, *, sure: bool) -> Verdict:
    if rule.tolerance is None or math.isnan(difference.delta):
        return Verdict.INFO
    gain = difference.delta * rule.sign
    allowed = max(rule.tolerance, rule.spare / n) + _SLACK
    if gain < -allowed or (sure and gain < 0):
        return Verdict.FAIL
    return Verdict.BETTER if gain > allowed or (sure and gain > 0) else Verdict.OK


def _pooled_rows(before: Outcomes, after: Outcomes) -> Iterator[Row]:
    """Yield the metrics of a whole run that are no means of cases: precision, F1 of refusing."""
    rules = {rule.metric: rule for rule in RULES}
    old, new = _refusals(before.scores), _refusals(after.scores)
    ids = sorted(old.keys() & new.keys())
    if not ids:
        return
    left, right = (np.array([side[id_] for id_ in ids], dtype=float) for side in (old, new))
    for metric, statistic in POOLED.items():
        difference = paired_bootstrap(left, right, statistic)
        old_value, new_value = (
            float(statistic(side.mean(axis=0, keepdims=True))[0]) for side in (left, right)
        )
        if math.isnan(old_value) and math.isnan(new_value):
            continue
        yield Row(
            metric,
            _verdict(rules[metric], difference, len(ids), sure=False),
            len(ids),
            None if math.isnan(old_value) else old_value,
            None if math.isnan(new_value) else new_value,
            None if math.isnan(difference.delta) else difference,
            "bootstrap",
        )


def _refusals(scores: Mapping[str, Scores]) -> dict[str, Refusals]:
    """Return what became of each case: one field of its `Refusals` is 1, errors left out."""
    found = {}
    for id_, row in scores.items():
        wrongly, rightly = row.get("refused_answerable"), row.get("refused_unanswerable")
        if wrongly is not None:
            found[id_] = Refusals(false=int(wrongly), answered=int(not wrongly))
        elif rightly is not None:
            found[id_] = Refusals(right=int(rightly), missed=int(not rightly))
    return found


def _changes(before: Header, after: Header) -> Iterator[Change]:
    for field in _TOLD:
        yield from _innermost(field, before.get(field), after.get(field))


def _innermost(field: str, old: object, new: object) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _innermost(f"{field} {key}", old.get(key), new.get(key))
    elif old != new:
        yield Change(field, old, new)
