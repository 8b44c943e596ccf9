"""Whether the right questions were refused: single outcomes, and all of a run together.

Partly answerable questions stay apart: neither refusing nor answering is wholly right there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from eval.cases import Case
from eval.scorers.answers import correct

PARTIAL = "partial"
"""The kind of question of which the reports state one half."""


def refused_answerable(case: Case, refused: bool) -> float | None:
    """Return 1.0 when an answerable question was refused: lower is better."""
    return float(refused) if case.answerable and case.kind != PARTIAL else None


def refused_unanswerable(case: Case, refused: bool) -> float | None:
    """Return 1.0 when an unanswerable question was refused: higher is better."""
    return None if case.answerable else float(refused)


def partial_correct(case: Case, answer: str, refused: bool) -> float | None:
    """Return `correct` for a partly answerable question: the stated half given, no more."""
    return correct(case, answer, refused) if case.kind == PARTIAL else None


class Refusals(NamedTuple):
    """How many questions were refused and answered, rightly and wrongly.

    Precision and F1 are None unless both kinds of question were asked: of answerable questions
    alone every refusal is wrong, of unanswerable ones alone every refusal is right.
    """

    right: int = 0
    """Unanswerable, refused."""
    false: int = 0
    """Answerable, refused."""
    missed: int = 0
    """Unanswerable, answered."""
    answered: int = 0
    """Answerable, answered."""

    @property
    def precision(self) -> float | None:
        """Return the share of the refused questions that are unanswerable; None without any."""
        return _share(self.right, self.right + self.false) if self._mixed else None

    @property
    def recall(self) -> float | None:
        """Return the share of the unanswerable questions that were refused."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """Return the harmonic mean of precision and recall; 0.0 when no refusal was right."""
        either = 2 * self.right + self.false + self.missed
        return _share(2 * self.right, either) if self._mixed else None

    @property
    def false_rate(self) -> float | None:
        """Return the share of the answerable questions that were refused."""
        return _share(self.false, self.false + self.answered)

    @property
    def _mixed(self) -> bool:
        return self.right + self.missed > 0 and self.false + self.answered > 0


def count_refusals(outcomes: Iterable[tuple[bool, bool]]) -> Refusals:
    """Return the counts over (answerable, refused) pairs, partly answerable ones left out."""
    counts = {(a, r): 0 for a in (True, False) for r in (True, False)}
    for outcome in outcomes:
        counts[outcome] += 1
    return Refusals(
        right=counts[False, True],
        false=counts[True, True],
        missed=counts[False, False],
        answered=counts[True, False],
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
