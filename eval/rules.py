"""What counts as a change: a tolerance a metric, as data, and the metrics that pool all cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from eval.scorers import Refusals
from eval.significance import Matrix, Statistic
from eval.summary import CORPUS_METRICS

WRONG_SHOWN = "wrong_shown"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a metric is judged between two runs."""

    metric: str
    tolerance: float | None
    """How much worse the mean may get, in the metric's own unit; None: never judged."""
    lower_is_better: bool = False
    spare: int = 1
    """Whole cases that may get worse whatever the tolerance: on few cases one flip exceeds it."""

    @property
    def sign(self) -> int:
        """Return 1 where higher is better, else -1."""
        return -1 if self.lower_is_better else 1


RULES = (
    # Answers. One case in thirty-three; what no user may see at all is held tighter.
    Rule("correct", 0.03),
    Rule(WRONG_SHOWN, 0.02, lower_is_better=True),
    Rule("unit_slip", 0.01, lower_is_better=True),
    Rule("partial_correct", 0.10),
    Rule("char_f1", 0.03),
    Rule("excess_figures", 0.10, lower_is_better=True),
    Rule("answer_chars", 15, lower_is_better=True),
    # Refusals: a fifth of the cases, so that one of forty is 0.025.
    Rule("refused_answerable", 0.03, lower_is_better=True),
    Rule("refused_unanswerable", 0.05),
    Rule("refusal_precision", 0.05),
    Rule("refusal_recall", 0.05),
    Rule("refusal_f1", 0.05),
    # Retrieval does not sample; between machines only ties of rounded vectors may change places.
    Rule("recall@1", 0.03),
    Rule("recall@3", 0.02),
    Rule("recall@5", 0.02),
    Rule("recall@10", 0.02),
    Rule("recall@1500c", 0.02),
    Rule("hit@1", 0.03),
    Rule("mrr@10", 0.02),
    Rule("ndcg@10", 0.02),
    # Citations. A quote that is not in its document is a bug, whichever the case.
    Rule("quote_validity", 0.0, spare=0),
    Rule("citation_recall", 0.03),
    Rule("citation_precision", 0.03),
    Rule("page_accuracy", 0.03),
    Rule("unverified_figures", 0.02, lower_is_better=True),
    # Information: it depends on the machine and on what else runs there.
    Rule("first_token_ms", None, lower_is_better=True),
    Rule("total_ms", None, lower_is_better=True),
    Rule("prompt_tokens", None, lower_is_better=True),
    Rule("completion_tokens", None, lower_is_better=True),
)
"""In the order in which they are shown."""


def wrong_shown(scores: Mapping[str, float | None]) -> dict[str, float | None]:
    """Return the score ``wrong_shown``: 1.0 where a wrong answer was given instead of a refusal.

    `correct` alone does not tell a wrong figure from a refusal, and the first is the worse by far.
    Not applicable where there are no answers or the case ended in an error.
    """
    refused = [scores.get("refused_answerable"), scores.get("refused_unanswerable")]
    known = [value for value in refused if value is not None]
    right = scores.get("correct")
    if right is None or not known:
        return {}
    return {WRONG_SHOWN: float(not right and not any(known))}


def _of_refusals(name: str) -> Statistic:
    """Return a property of `Refusals` as a statistic over its four columns."""

    def statistic(means: Matrix) -> Matrix:
        found = (getattr(Refusals(*row), name) for row in means.tolist())
        return np.array([np.nan if value is None else value for value in found])

    return statistic


POOLED: Mapping[str, Statistic] = {
    metric: _of_refusals(metric.removeprefix("refusal_")) for metric in CORPUS_METRICS
}
"""The metrics of all cases together, over one column a field of `Refusals`."""
