"""Paired scores of two runs -> how sure a difference is. Pure functions, fixed seed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Statistic = Callable[[Matrix], Matrix]
"""Means of every column, one row a sample -> one number a row; NaN where it is not defined."""

_RESAMPLES = 5000
_SEED = 20260101
_CELLS = 2_000_000
"""Numbers drawn at a time, so that a run of thousands of cases stays within memory."""
_EQUAL = 1e-12


class Difference(NamedTuple):
    """A difference of two paired runs."""

    delta: float
    """After minus before."""
    low: float
    high: float
    """95 % percentile interval of `delta`."""
    p: float
    """Two-sided: the chance of a difference as large if there were none."""


def mcnemar(lost: int, won: int) -> float:
    """Return the exact two-sided p of McNemar's (1947) test.

    Args:
        lost: Cases right before and wrong after.
        won: Cases wrong before and right after.
    """
    flips = lost + won
    tail = sum(math.comb(flips, k) for k in range(min(lost, won) + 1))
    return min(1.0, 2 * tail / 2**flips)


def mean(columns: Matrix) -> Matrix:
    """Return the mean of the one column there is: the usual statistic."""
    return columns[:, 0]


def paired_bootstrap(before: Matrix, after: Matrix, statistic: Statistic = mean) -> Difference:
    """Return the difference of `statistic` between two runs, cases drawn in pairs.

    The interval is the percentile bootstrap's; p is the share of samples whose difference lies as
    far from the observed one as that lies from zero (Efron and Tibshirani 1993, chapter 16), the
    observed sample counted among them.

    Args:
        before: One row a case, one column a quantity; at least one row.
        after: The same cases in the same order.
        statistic: What is compared.
    """
    columns = before.shape[1]
    both = np.hstack([before, after])
    observed = both.mean(axis=0, keepdims=True)
    delta = float((statistic(observed[:, columns:]) - statistic(observed[:, :columns]))[0])
    drawn = np.concatenate(
        [statistic(means[:, columns:]) - statistic(means[:, :columns]) for means in _means(both)]
    )
    drawn = drawn[~np.isnan(drawn)]
    if math.isnan(delta) or not len(drawn):
        return Difference(math.nan, math.nan, math.nan, math.nan)
    far = int((np.abs(drawn - delta) >= abs(delta) - _EQUAL).sum())
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Difference(delta, float(low), float(high), (far + 1) / (len(drawn) + 1))


def _means(rows: Matrix) -> Iterator[Matrix]:
    """Yield the column means of bootstrap samples of `rows`, some samples at a time."""
    random = np.random.default_rng(_SEED)
    step = max(1, _CELLS // rows.size)
    for start in range(0, _RESAMPLES, step):
        shape = (min(step, _RESAMPLES - start), len(rows))
        yield rows[random.integers(0, len(rows), shape)].mean(axis=1)
