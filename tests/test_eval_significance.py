"""How sure a paired difference is, against hand-worked values and scipy."""

import math

import numpy as np
import pytest
from scipy import stats

from eval import significance
from eval.significance import mcnemar, paired_bootstrap


@pytest.mark.parametrize(
    ("lost", "won", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),  # 2 * 1/2
        (3, 3, 1.0),
        (0, 5, 2 / 32),
        (6, 1, 2 * (1 + 7) / 128),
        (10, 2, 2 * (1 + 12 + 66) / 4096),
    ],
)
def test_mcnemar_by_hand(lost, won, p):
    assert mcnemar(lost, won) == p == mcnemar(won, lost)


def test_mcnemar_is_the_binomial_test_of_the_flips():
    for lost in range(12):
        for won in range(1, 40, 3):
            exact = stats.binomtest(lost, lost + won, 0.5).pvalue
            assert mcnemar(lost, won) == pytest.approx(exact, abs=1e-12)


def column(*values):
    return np.array(values, dtype=float).reshape(-1, 1)


def test_identical_runs_differ_by_nothing():
    same = column(0.2, 1, 0, 0.5)
    assert paired_bootstrap(same, same) == (0, 0, 0, 1)


def test_bootstrap_by_hand():
    """Differences 0 and 1: samples have mean 0, 1/2, 1 with chances 1/4, 1/2, 1/4."""
    found = paired_bootstrap(column(0, 0), column(0, 1))
    assert (found.delta, found.low, found.high) == (0.5, 0, 1)
    assert found.p == pytest.approx(0.5, abs=0.03)


def test_bootstrap_agrees_with_the_t_test_on_many_cases():
    random = np.random.default_rng(7)
    before = random.normal(0.5, 0.2, (400, 1))
    for shift in (0.0, 0.015, 0.04):
        after = before + random.normal(shift, 0.2, before.shape)
        exact = stats.ttest_rel(after, before)
        found = paired_bootstrap(before, after)
        low, high = (float(end[0]) for end in exact.confidence_interval(0.95))
        assert found.delta == pytest.approx(float((after - before).mean()))
        assert (found.low, found.high) == pytest.approx((low, high), abs=0.002)
        assert found.p == pytest.approx(float(exact.pvalue[0]), abs=0.02)


def test_pairing_sees_what_unpaired_runs_hide():
    """Scores that spread widely, each a little better: only the pairs tell."""
    before = column(*np.linspace(0, 0.9, 40))
    after = before + column(*([0.02, 0.06] * 20))
    assert paired_bootstrap(before, after).p < 0.01
    assert stats.ttest_ind(after, before).pvalue[0] > 0.5


def test_the_same_question_gets_the_same_answer(monkeypatch):
    before, after = column(0, 0.5, 1, 0.3, 0.2), column(1, 0.4, 1, 0.9, 0)
    first = paired_bootstrap(before, after)
    assert paired_bootstrap(before, after) == first
    monkeypatch.setattr(significance, "_CELLS", 1000)  # drawn a hundred samples at a time
    assert paired_bootstrap(before, after).delta == first.delta
    assert paired_bootstrap(before, after).p == pytest.approx(first.p, abs=0.03)


def test_a_statistic_that_is_no_mean():
    """Precision: 2 of 3 against 3 of 3; samples without any refusal have none."""

    def ratio(means):
        whole = means.sum(axis=1)
        return np.where(whole > 0, means[:, 0] / np.where(whole > 0, whole, 1), np.nan)

    before = np.array([[1, 0], [1, 0], [0, 1], [0, 0]], dtype=float)
    after = np.array([[1, 0], [1, 0], [1, 0], [0, 0]], dtype=float)
    assert paired_bootstrap(before, after, ratio).delta == pytest.approx(1 / 3)
    nothing = np.zeros((4, 2))
    assert math.isnan(paired_bootstrap(nothing, after, ratio).p)
