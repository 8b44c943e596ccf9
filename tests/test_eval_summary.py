"""Means with intervals, and the rows they make, against examples worked by hand."""

import math

import pytest

from eval.estimates import Estimate, Spread, estimate, estimate_of_counts, spread
from eval.scorers import Refusals
from eval.summary import Axis, refusals, rows_by, summarise


def record(scores, kind="fact", lang="zh", source="a.txt", status="answered"):
    answerable = kind != "unanswerable"
    gold = [{"source": source, "quote": "?"}] if answerable else []
    common = {"kind": kind, "lang": lang, "answerable": answerable, "gold": gold, "scores": scores}
    return common | ({"status": status} if status else {"error": "out of memory"})


def test_wilson_interval_of_a_known_proportion():
    # Newcombe 1998, Statistics in Medicine 17:857, table I: 81 of 263.
    found = estimate([1.0] * 81 + [0.0] * 182)
    assert found.n == 263
    assert math.isclose(found.mean, 0.3080, abs_tol=5e-5)
    assert math.isclose(found.low, 0.2553, abs_tol=1e-4)
    assert math.isclose(found.high, 0.3662, abs_tol=1e-4)


def test_not_applicable_is_not_zero():
    assert estimate([None, None]) is None
    found = estimate([None, 1.0, None, 1.0])
    assert (found.mean, found.n, found.high) == (1.0, 2, 1.0)
    assert 0 < found.low < 1


def test_bootstrap_interval_holds_the_mean_and_repeats():
    values = [0.5, 1.0, 0.25, 0.0, 1.0, 0.5]
    found = estimate(values)
    assert found == estimate(values)
    assert found.low < found.mean < found.high


def test_bootstrap_of_a_share_is_near_its_known_interval():
    # The recall of 81 of 263, as counts of (right, false, missed, answered).
    found = estimate_of_counts((81, 0, 182, 0), lambda drawn: Refusals(*drawn).recall)
    assert (found.mean, found.n) == (81 / 263, 263)
    assert math.isclose(found.low, 0.2553, abs_tol=0.01)
    assert math.isclose(found.high, 0.3662, abs_tol=0.01)
    assert found == estimate_of_counts((81, 0, 182, 0), lambda drawn: Refusals(*drawn).recall)


def test_a_statistic_without_a_value_has_no_estimate():
    assert estimate_of_counts((0, 0, 0, 5), lambda drawn: Refusals(*drawn).f1) is None
    assert estimate_of_counts((0, 0, 0, 0), lambda drawn: Refusals(*drawn).recall) is None


def test_spread_is_the_middle_and_the_slow_end():
    assert spread([100.0, None, 300.0, 200.0, 400.0, 5000.0]) == Spread(300, pytest.approx(3160), 5)
    assert spread([None]) is None


RECORDS = [
    record({"correct": 1.0, "recall@5": 0.5, "total_ms": 100.0}),
    record({"correct": 0.0, "recall@5": 1.0, "total_ms": 300.0}, "table", "en", "b.txt", "refused"),
    record({"correct": 1.0, "recall@5": None, "total_ms": 200.0}, "unanswerable", status="refused"),
    record({"correct": 0.0, "recall@5": None, "total_ms": 900.0}, "unanswerable", "en"),
    record({"correct": 0.0, "recall@5": 0.0}, "partial", status="refused"),
    record({"correct": 0.0, "recall@5": 0.0}, status=None),
]


def means(rows):
    return {(row.metric, row.group): (row.estimate.mean, row.estimate.n) for row in rows}


def test_rows_over_all_records():
    rows = means(rows_by(Axis.ALL, RECORDS))
    assert rows["correct", "all"] == (pytest.approx(2 / 6), 6)
    assert rows["recall@5", "all"] == (1.5 / 4, 4)
    # Two refusals of four, one of them right; the partial case and the error stay out.
    assert rows["refusal_precision", "all"] == (0.5, 2)
    assert rows["refusal_recall", "all"] == (0.5, 2)
    assert rows["refusal_f1", "all"] == (0.5, 4)
    assert ("page_accuracy", "all") not in rows
    # A perfect share of few cases is uncertain all the same.
    perfect = [record({"correct": 1.0}), record({}, "unanswerable", status="refused")]
    recall, *_ = rows_by(Axis.ALL, perfect, ["refusal_recall"])
    assert recall.estimate.low < 0.5 < recall.estimate.high == 1
    assert refusals(RECORDS) == Refusals(right=1, false=1, missed=1, answered=1)


def test_rows_by_group():
    kinds = means(rows_by(Axis.KIND, RECORDS))
    assert kinds["correct", "fact"] == (0.5, 2)
    assert kinds["refusal_recall", "unanswerable"] == (0.5, 2)
    assert ("refusal_precision", "unanswerable") not in kinds
    assert ("recall@5", "unanswerable") not in kinds
    langs = rows_by(Axis.LANG, RECORDS)
    assert list(dict.fromkeys(row.group for row in langs)) == ["en", "zh"]
    assert means(langs)["total_ms", "en"] == (600, 2)
    documents = means(rows_by(Axis.DOCUMENT, RECORDS, ["correct"]))
    assert documents == {
        ("correct", "a.txt"): (pytest.approx(1 / 3), 3),
        ("correct", "b.txt"): (0, 1),
    }


def test_latencies_come_with_median_and_p90():
    (row,) = rows_by(Axis.ALL, RECORDS, ["total_ms"])
    assert row.spread == Spread(250, pytest.approx(720), 4)
    assert row.estimate.mean == 375
    (other,) = rows_by(Axis.ALL, RECORDS, ["correct"])
    assert other.spread is None


def test_summary_leads_with_what_was_measured():
    answered = means(summarise(RECORDS))
    assert answered["correct", "answerable"] == (0.25, 4)
    assert answered["correct", "partial"] == (0, 1)
    searched = [record({"recall@5": 1.0, "recall@1500c": 1.0}, status=None)]
    assert means(summarise(searched))["recall@5", "fact"] == (1, 1)
    judged = [record({"recall@5": 1.0, "recall@1500c": None, "ndcg@10": 0.5}, status=None)]
    assert means(summarise(judged))["ndcg@10", "fact"] == (0.5, 1)
    assert summarise([]) == []


def test_an_estimate_prints_its_n_and_interval():
    assert str(Estimate(0.85, 40, 0.709, 0.929)) == "0.850 [0.709, 0.929] n=40"
