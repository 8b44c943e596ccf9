"""Verdicts on planted differences; what cannot be compared."""

import pytest

from eval.compare import ALPHA, Change, Verdict, compare
from eval.outcomes import Outcomes
from eval.rules import RULES, WRONG_SHOWN, wrong_shown
from eval.significance import mcnemar
from eval.summary import CORPUS_METRICS, METRICS, SKEWED
from rag.errors import UsageError

HEADER = {
    "set": {"name": "s", "version": "1", "sha256": "abc"},
    "corpus": "def",
    "stage": "answer",
    "settings": {"rag.refuse.THRESHOLD": 2.3},
}


def outcomes(name="a", header=HEADER, **columns):
    """Return a run from one list of scores a metric; metric names have _at_ for @."""
    count = max(map(len, columns.values()))
    scores = {
        f"c{n:04d}": {m.replace("_at_", "@"): values[n] for m, values in columns.items()}
        for n in range(count)
    }
    return Outcomes(name, header, scores)


def verdict(metric, before, after):
    key = metric.replace("@", "_at_")
    return compare(outcomes(**{key: before}), outcomes("b", **{key: after})).row(metric).verdict


def shares(right, n):
    return [1] * right + [0] * (n - right)


def test_two_identical_runs_are_ok_and_nothing_flipped():
    run = outcomes(
        correct=shares(7, 10), char_f1=[0.1 * n for n in range(10)], recall_at_5=shares(9, 10),
        refused_answerable=[0] * 6 + [1] * 2 + [None] * 2,
        refused_unanswerable=[None] * 8 + [1, 0],
    )  # fmt: skip
    found = compare(run, run)
    assert {row.verdict for row in found.rows} == {Verdict.OK}
    assert {row.difference.p for row in found.rows} == {1}
    assert {row.difference[:3] for row in found.rows} == {(0, 0, 0)}
    assert not any(row.lost or row.won for row in found.rows)
    assert (found.failed, found.changes, found.cases) == ((), (), 10)


def test_a_planted_loss_fails_and_names_its_cases():
    before, after = shares(80, 100), [0] * 9 + shares(71, 91)
    after[95] = 1
    row = compare(outcomes(correct=before), outcomes(correct=after)).row("correct")
    assert (row.verdict, row.before, row.after) == (Verdict.FAIL, 0.8, 0.72)
    assert row.lost == tuple(f"c{n:04d}" for n in range(9))
    assert row.won == ("c0095",)
    assert (row.test, row.difference.p) == ("mcnemar", mcnemar(9, 1))
    assert row.difference.delta == pytest.approx(-0.08)
    assert row.difference.low < -0.08 < row.difference.high < 0


def test_the_other_way_round_it_is_better():
    assert verdict("correct", shares(71, 100), shares(80, 100)) is Verdict.BETTER


def test_on_few_cases_one_flip_is_let_pass_and_two_are_not():
    assert verdict("correct", shares(12, 16), shares(11, 16)) is Verdict.OK
    assert verdict("correct", shares(12, 16), shares(10, 16)) is Verdict.FAIL


def test_on_many_cases_a_sure_loss_fails_within_its_tolerance():
    """2 % lost of 1000 and nothing won: within 3 %, and surely worse."""
    assert mcnemar(20, 0) < ALPHA
    assert verdict("correct", shares(800, 1000), shares(780, 1000)) is Verdict.FAIL
    churn = [0] * 20 + shares(760, 960) + [1] * 20  # 20 lost, 20 won
    assert verdict("correct", shares(800, 1000), churn) is Verdict.OK


def test_lower_is_better_for_refusing_what_could_be_answered():
    assert verdict("refused_answerable", shares(5, 100), shares(20, 100)) is Verdict.FAIL
    assert verdict("refused_answerable", shares(20, 100), shares(5, 100)) is Verdict.BETTER


def test_a_tiny_change_everywhere_is_no_failure_however_sure():
    before = [20 + n % 3 for n in range(200)]
    row = compare(
        outcomes(answer_chars=before), outcomes(answer_chars=[n + 0.5 for n in before])
    ).row("answer_chars")
    assert (row.verdict, row.test) == (Verdict.OK, "bootstrap")
    assert row.difference.p < 0.001
    assert verdict("answer_chars", before, [n + 40 for n in before]) is Verdict.FAIL


def test_one_quote_that_is_not_in_its_document_fails():
    assert verdict("quote_validity", [1] * 200, [1] * 199 + [0.5]) is Verdict.FAIL


@pytest.mark.parametrize("metric", ["total_ms", "first_token_ms", "prompt_tokens", "unheard_of"])
def test_what_depends_on_the_machine_is_never_judged(metric):
    assert verdict(metric, [10] * 50, [9000] * 50) is Verdict.INFO


def test_a_gate_does_not_turn_green_by_going_blind():
    """Everything is refused now, so that no citation is left to judge."""
    before = outcomes(correct=[1, 1], citation_recall=[1, 0.5])
    after = outcomes(correct=[1, 1], citation_recall=[None, None])
    row = compare(before, after).row("citation_recall")
    assert (row.verdict, row.n, row.before, row.after) == (Verdict.FAIL, 0, 0.75, None)
    new = compare(after, before).row("citation_recall")
    assert (new.verdict, new.before, new.after) == (Verdict.INFO, None, 0.75)


def test_only_cases_to_which_a_metric_applies_in_both_runs_are_paired():
    before = outcomes(correct=[1, 1, 1], citation_recall=[1, 0, None])
    after = outcomes(correct=[1, 1, 1], citation_recall=[1, None, 0])
    row = compare(before, after).row("citation_recall")
    assert (row.n, row.before, row.after) == (1, 1, 1)


def test_a_wrong_answer_shown_is_worse_than_a_refusal():
    """A refused question is answered wrongly now: `correct` cannot see it."""
    refused = {"correct": 0, "refused_answerable": 1, "refused_unanswerable": None}
    wrong = refused | {"refused_answerable": 0}
    assert wrong_shown(refused) == {WRONG_SHOWN: 0}
    assert wrong_shown(wrong) == {WRONG_SHOWN: 1}
    invented = {"correct": 0, "refused_answerable": None, "refused_unanswerable": 0}
    assert wrong_shown(invented) == {WRONG_SHOWN: 1}
    assert wrong_shown({"correct": 0}) == wrong_shown({"recall@5": 1}) == {}
    before = outcomes(correct=shares(6, 10), refused_answerable=[0] * 6 + [1] * 4)
    after = outcomes(correct=shares(6, 10), refused_answerable=[0] * 10)
    found = compare(before, after)
    assert found.row("correct").verdict is Verdict.OK
    assert found.row("refused_answerable").verdict is Verdict.BETTER
    assert found.failed == (WRONG_SHOWN,)
    assert found.row(WRONG_SHOWN).lost == ("c0006", "c0007", "c0008", "c0009")


def test_refusals_are_pooled_by_hand():
    """Before: 3 refused, 2 of them rightly, of 4 unanswerable. After: 6 refused, 2 rightly."""
    unanswerable = [None] * 6 + [1, 1, 0, 0]
    before = outcomes(
        refused_answerable=shares(1, 6) + [None] * 4, refused_unanswerable=unanswerable
    )
    after = outcomes(
        refused_answerable=shares(4, 6) + [None] * 4, refused_unanswerable=unanswerable
    )
    found = compare(before, after)
    precision, recall, f1 = (found.row(f"refusal_{m}") for m in ("precision", "recall", "f1"))
    assert (precision.before, precision.after) == (pytest.approx(2 / 3), pytest.approx(2 / 6))
    assert (recall.before, recall.after, recall.verdict) == (0.5, 0.5, Verdict.OK)
    assert (f1.before, f1.after) == (pytest.approx(4 / 7), pytest.approx(4 / 10))
    assert (precision.verdict, precision.n) == (Verdict.FAIL, 10)


def test_what_has_no_value_is_not_judged():
    """Of answerable questions alone, precision of refusing says nothing; without refusals too."""
    run = outcomes(refused_answerable=[0, 1])
    assert "refusal_precision" not in {row.metric for row in compare(run, run).rows}
    before = outcomes(refused_answerable=[0, None], refused_unanswerable=[None, 1])
    after = outcomes(refused_answerable=[0, None], refused_unanswerable=[None, 0])
    row = compare(before, after).row("refusal_precision")
    assert (row.verdict, row.before, row.after, row.difference) == (Verdict.INFO, 1, None, None)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (
            {"set": {"name": "other", "version": "1", "sha256": "abc"}},
            "set s 1 abc and other 1 abc",
        ),
        ({"set": {"name": "s", "version": "2", "sha256": "abc"}}, "set s 1 abc and s 2 abc"),
        ({"set": {"name": "s", "version": "1", "sha256": "xyz"}}, "set s 1 abc and s 1 xyz"),
        ({"corpus": "other"}, "corpus def and other"),
        ({"stage": "retrieval"}, "stage answer and retrieval"),
    ],
)
def test_what_is_not_comparable_is_refused(change, match):
    with pytest.raises(UsageError, match=f"a and b cannot be compared: {match}") as refused:
        compare(outcomes(correct=[1]), outcomes("b", HEADER | change, correct=[1]))
    assert refused.value.exit_code == 2
    assert len(str(refused.value).splitlines()) == 1


def test_other_cases_are_refused():
    with pytest.raises(UsageError, match=r"other cases \(2, 3; only in one: c0002\)"):
        compare(outcomes(correct=[1, 1]), outcomes("b", correct=[1, 1, 1]))


def test_what_was_changed_between_the_runs_is_told():
    other = HEADER | {"settings": {"rag.refuse.THRESHOLD": 2.5}, "commit": "1234"}
    found = compare(outcomes(correct=[1]), outcomes("b", other, correct=[1]))
    assert found.changes == (
        Change("settings rag.refuse.THRESHOLD", 2.3, 2.5),
        Change("commit", None, "1234"),
    )


def test_every_metric_has_a_rule():
    named = [rule.metric for rule in RULES]
    assert set(named) == {*METRICS, *CORPUS_METRICS, WRONG_SHOWN}
    assert len(named) == len(set(named))
    assert {rule.metric for rule in RULES if rule.tolerance is None} == set(SKEWED)
    assert {rule.metric for rule in RULES if rule.lower_is_better} == {
        WRONG_SHOWN, "unit_slip", "excess_figures", "answer_chars", "refused_answerable",
        "unverified_figures", *SKEWED,
    }  # fmt: skip
