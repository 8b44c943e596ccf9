"""Values of single cases -> what is said of them together: means with intervals, quantiles."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

_Z = 1.959964
"""Two-sided 95 % quantile of the normal distribution."""
_RESAMPLES = 2000
_SEED = 20260101


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean that does not travel without its n and its 95 % interval."""

    mean: float
    n: int
    low: float
    high: float

    def __str__(self) -> str:
        """Return e.g. ``0.850 [0.709, 0.929] n=40``."""
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}] n={self.n}"


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle and the slow end of a skewed quantity such as a latency."""

    median: float
    p90: float
    n: int


def estimate(values: Iterable[float | None]) -> Estimate | None:
    """Return the mean of the values that apply, or None when none does.

    The interval is Wilson's (1927) for proportions, else the percentile bootstrap with a fixed
    seed, so that the same run prints the same interval.
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    if set(known) <= {0.0, 1.0}:
        return _wilson(int(sum(known)), len(known))
    return _bootstrap(np.array(known))


def estimate_of_counts(
    counts: Sequence[int], statistic: Callable[[Sequence[int]], float | None]
) -> Estimate | None:
    """Return a statistic of how many cases fell into each class, or None where it has no value.

    For what is no mean of cases, such as an F1. The interval is the percentile bootstrap over
    cases (resampling them draws the counts from a multinomial distribution) with a fixed seed;
    samples in which the statistic has no value are left out.
    """
    value, n = statistic(counts), sum(counts)
    if value is None:
        return None
    shares = np.array(counts) / n
    draws = np.random.default_rng(_SEED).multinomial(n, shares, _RESAMPLES).tolist()
    drawn = [found for draw in draws if (found := statistic(draw)) is not None]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(value, n, float(low), float(high))


def spread(values: Iterable[float | None]) -> Spread | None:
    """Return median and 90th percentile of the values that apply, or None when none does."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    median, p90 = np.quantile(known, [0.5, 0.9])
    return Spread(float(median), float(p90), len(known))


def _wilson(successes: int, n: int) -> Estimate:
    share = successes / n
    centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return Estimate(share, n, max(0.0, centre - half), min(1.0, centre + half))


def _bootstrap(values: np.ndarray) -> Estimate:
    draws = np.random.default_rng(_SEED).choice(values, (_RESAMPLES, len(values)))
    low, high = np.quantile(draws.mean(axis=1), [0.025, 0.975])
    return Estimate(float(values.mean()), len(values), float(low), float(high))
