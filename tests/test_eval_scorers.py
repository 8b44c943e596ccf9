"""Answer and refusal scorers against examples worked by hand and an independent grader."""

import random
import runpy
import sys
from pathlib import Path

import pytest

from eval.cases import Case
from eval.scorers import (
    Refusals,
    answer_chars,
    char_f1,
    correct,
    count_refusals,
    excess_figures,
    flatten,
    holds,
    numerals,
    partial_correct,
    refused_answerable,
    refused_unanswerable,
    unit_slip,
)

SCORE = Path(__file__).resolve().parents[2] / "shared" / "tools" / "score.py"


def case(answers=(), forbidden=(), kind="fact", question="?"):
    answerable = bool(answers)
    return Case(
        id="t",
        question=question,
        lang="zh",
        kind=kind if answerable else "unanswerable",
        answerable=answerable,
        answers=tuple(tuple(forms) for forms in answers),
        forbidden=tuple(forbidden),
    )


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("同比增长17%。", "17%", True),
        ("同比增长117%。", "17%", False),
        ("同比增长3.17%。", "17%", False),
        ("下跌3.2%", "3.2", True),
        ("下跌13.2%", "3.2", False),
        ("下跌3.25%", "3.2", False),
        ("PE为17.5倍", "17", False),
        ("毛利1,671.93亿元", "1671.93亿", True),
        ("毛利1671.93亿元", "1,671.93亿", True),
        ("毛利11,671.93亿元", "1671.93亿", False),
        ("１，６７１．９３亿元", "1671.93亿", True),
        ("增长１７％", "17%", True),
        ("11 月 16 日发布", "11月16日", True),
        ("It rose to 17.", "17", True),
        ("EPS of 7.1. Revenue rose", "7.1", True),
        ("in 2024 17% of sales", "17%", True),
        ("24.1 26.3 15 14", "26.3", True),
        ("HK$ 140 per share", "hk$140", True),
        ("第10名[3]", "3", False),
        ("PE为10[10]倍", "10", True),
        ("2023年，2024年", "2023年,2024年", True),
        ("收入12,34亿", "1234亿", False),
    ],
)
def test_holds_at_number_boundaries(text, form, expected):
    assert holds(text, form) is expected


def test_flatten_keeps_figures_apart():
    assert flatten("  A B  2024   17 %") == "ab2024 17%"
    assert numerals("2024 17%，1,671.93亿[3]") == ["2024", "17", "1671.93"]


def test_every_fact_is_required_in_any_order():
    asked = case([["826.95亿"], ["9%", "百分之九"]])
    assert correct(asked, "同比增长9%，收入826.95亿元[1]。", refused=False) == 1
    assert correct(asked, "增长百分之九，收入 826.95 亿元", refused=False) == 1
    assert correct(asked, "收入826.95亿元。", refused=False) == 0


def test_forbidden_form_spoils_a_right_answer():
    asked = case([["53%"]], forbidden=["49%"])
    assert correct(asked, "毛利率53%", refused=False) == 1
    assert correct(asked, "毛利率53%，不是49%", refused=False) == 0
    assert correct(asked, "毛利率53%，149%", refused=False) == 1


def test_refusal_is_right_only_when_unanswerable():
    answerable, unanswerable = case([["1"]]), case(forbidden=["862亿"])
    assert correct(answerable, "资料中没有，但可能是1", refused=True) == 0
    assert correct(unanswerable, "资料中没有", refused=True) == 1
    assert correct(unanswerable, "约862亿", refused=False) == 0
    assert correct(unanswerable, "资料中没有；约862亿", refused=True) == 0
    assert refused_answerable(answerable, True) == 1
    assert refused_answerable(unanswerable, True) is None
    assert refused_unanswerable(unanswerable, False) == 0
    assert refused_unanswerable(answerable, True) is None


@pytest.mark.parametrize(
    ("form", "answer", "expected"),
    [
        ("530.9亿", "收入53.09亿元[1]。", 1),
        ("530.9亿", "收入530.9万元", 1),
        ("530.9亿", "收入530.9", 1),
        ("530.9亿元", "收入530.9亿美元", 1),
        ("530.9亿", "收入53090百万元", 0),  # the same amount, in words the case does not list
        ("530.9亿", "收入530.8亿元", 0),  # a wrong figure is no slip
        ("530.9亿", "收入530.9亿元，同比增长5.309%", 0),  # right, whatever else it says
        ("17%", "提高17个百分点", 1),
        ("17%", "提高1.7%", 1),
        ("下降17%", "增长17%", 0),  # a wrong sign is no slip of the unit
        ("17%", "共17家", 0),
        ("17%", "2024年17日", 0),
        ("17%", "下降17个百分点", 1),
        ("50个基点", "下调0.5个百分点", 0),
        ("9亿元", "9万元", 1),
        ("9亿元", "9款", 0),
        ("8.03 billion", "US$8.03 million", 1),
        ("8.03 billion", "803 million", 1),
    ],
)
def test_unit_slip_is_the_right_digits_at_a_wrong_size(form, answer, expected):
    assert unit_slip(case([[form]]), answer, refused=False) == expected


def test_unit_slip_needs_a_figure_that_could_slip():
    assert unit_slip(case([["530.9亿"]]), "", refused=True) is None
    assert unit_slip(case(), "530.9亿", refused=False) is None
    assert unit_slip(case([["微信"]]), "微信", refused=False) is None
    assert unit_slip(case([["2024年12月5日"]]), "2024年", refused=False) is None


def test_a_figure_of_another_fact_is_no_slip():
    asked = case([["123亿"], ["1.23%"]])
    assert unit_slip(asked, "收入123亿元", refused=False) == 0
    assert unit_slip(asked, "收入123亿元，利润率12.3%", refused=False) == 1


def test_char_f1_of_hand_counted_characters():
    asked = case([["6602.57亿"], ["8%"]])
    # 8 + 2 gold characters; the answer has 14 flattened, of which 10 are shared: 20 / 24.
    assert char_f1(asked, "6,602.57 亿元，增 8%。[1]", refused=False) == pytest.approx(20 / 24)
    # 2 of 4 characters against 10: "亿" and "8"
    assert char_f1(asked, "八8百亿", refused=False) == pytest.approx(4 / 14)
    assert char_f1(asked, "无", refused=False) == 0
    assert char_f1(asked, "6602.57亿，8%", refused=True) == 0
    assert char_f1(case(), "6602.57亿", refused=False) is None


def test_char_f1_takes_the_wording_that_the_answer_holds():
    asked = case([["6602.57亿", "6603亿", "6603亿元"]])
    assert char_f1(asked, "6603亿元", refused=False) == 1
    repeated = case([["aab"]])
    # As multisets: a, b shared once each and the second a is missing: 2 * 2 / (2 + 3).
    assert char_f1(repeated, "ab", refused=False) == pytest.approx(4 / 5)


def test_excess_counts_figures_nobody_asked_for():
    asked = case([["826.95亿", "827亿"]], question="2019年Q3收入？")
    assert excess_figures(asked, "2019年三季度收入826.95亿元[12]", refused=False) == 0
    assert excess_figures(asked, "收入826.95亿元，即827亿元，2024年数", refused=False) == 0
    assert excess_figures(asked, "收入826.95亿元，同比增长9%，上年为758.7亿元", refused=False) == 2
    assert excess_figures(asked, "收入9亿元", refused=False) is None
    assert excess_figures(asked, "826.95亿", refused=True) is None
    several = case([["826.95亿"]], kind="compare")
    assert excess_figures(several, "826.95亿，9%", refused=False) is None
    assert answer_chars(asked, "收入826.95亿元[1]。", refused=False) == 14
    assert answer_chars(several, "收入826.95亿元[1]。", refused=False) is None


def test_partly_answerable_questions_stay_apart():
    asked = case([["53%"]], forbidden=["49%"], kind="partial")
    assert partial_correct(asked, "2024年为53%；2025年未披露", refused=False) == 1
    assert partial_correct(asked, "2024年为53%，2025年为49%", refused=False) == 0
    assert partial_correct(asked, "资料中没有", refused=True) == 0
    assert partial_correct(case([["53%"]]), "53%", refused=False) is None
    assert refused_answerable(asked, True) is None


def test_refusing_as_a_classifier():
    # 4 unanswerable, 3 of them refused; 6 answerable, 1 of them refused.
    outcomes = [(False, True)] * 3 + [(False, False)] + [(True, True)] + [(True, False)] * 5
    counts = count_refusals(outcomes)
    assert counts == Refusals(right=3, false=1, missed=1, answered=5)
    assert counts.precision == 3 / 4
    assert counts.recall == 3 / 4
    assert counts.f1 == 6 / 8
    assert counts.false_rate == 1 / 6


def test_refusal_scores_that_do_not_apply():
    easy = Refusals(right=0, false=2, missed=0, answered=8)
    assert (easy.precision, easy.recall, easy.f1, easy.false_rate) == (None, None, None, 0.2)
    absent = Refusals(right=3, false=0, missed=1, answered=0)
    assert (absent.precision, absent.recall, absent.f1) == (None, 0.75, None)
    never = Refusals(right=0, false=0, missed=2, answered=8)
    assert (never.precision, never.recall, never.f1) == (None, 0, 0)


HAND_MADE = [
    ([["17%"]], [], "同比增长17%[1]。", False),
    ([["17%"]], [], "同比增长117%[1]。", False),
    ([["826.95亿"], ["9%"]], [], "增值服务收入826.95亿元，同比增长 9 %。", False),
    ([["826.95亿"], ["9%"]], [], "增值服务收入826.95亿元，同比增长19%。", False),
    ([["1671.93亿"]], [], "收入１,６７１.９３亿元", False),
    ([["53%"]], ["49%"], "由49%升至53%", False),
    ([["8.03 billion"]], [], "Revenue was US$8.03 billion.", False),
    ([["7.1"]], [], "EPS is 7.1.", False),
    ([["20%-30%"]], [], "提升20% - 30%", False),
    ([["26.3"]], [], "24.1 26.3 15 14", False),
    ([["2.72亿"]], [], "高出2.72 亿元", False),
    ([["53%"]], [], "资料中未提及。", True),
    ([], [], "资料中未提及。", True),
    ([], ["862亿"], "约862亿元", False),
    ([], ["862亿"], "资料中未提及，约862亿元", True),
]


@pytest.fixture
def grader(tmp_path, monkeypatch, capsys):
    """The functions of the independent grader, which is a script."""
    if not SCORE.exists():
        pytest.skip("the independent grader is not beside the project")
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    monkeypatch.setattr(sys, "argv", ["score.py", str(empty), str(empty)])
    return runpy.run_path(str(SCORE))


def agrees(grader, asked, text, refused):
    """Whether both say the same of an answer; the other one counts excess in any answer."""
    question = {"answerable": asked.answerable, "question": asked.question}
    question |= {"answers": asked.answers, "forbidden": asked.forbidden}
    theirs, _ = grader["grade"](question, {"answer": text, "abstained": refused})
    excess = excess_figures(asked, text, refused)
    same_excess = excess is None or excess == grader["excess"](question, text)
    return correct(asked, text, refused) == theirs and same_excess


def test_agrees_with_the_independent_grader(grader):
    for forms, forbidden, text, refused in HAND_MADE:
        assert agrees(grader, case(forms, forbidden), text, refused), text


def test_agrees_with_the_independent_grader_on_random_answers(grader):
    rng = random.Random(20260101)
    forms = ("17%", "1671.93亿", "1,671.93亿", "8.03 billion", "26.3", "3个百分点", "2024年", "5.3")
    words = (
        "收入 同比增长 17% 117% 3.17% 1,671.93亿元 １７％ [1] [12] 2024年 2019年 。 ， -17% Q3 A股"
        " 5.3倍 3个百分点 2026E 1671.93亿 billion, 12,34元"
    )
    pieces = [*words.split(), "US$8.03 billion ", "24.1 26.3 15 ", " ", "1671.93 亿", "\n"]
    counted = 0
    for _ in range(3000):
        text = "".join(rng.choices(pieces, k=rng.randint(1, 7)))
        wanted = [rng.choices(forms, k=rng.randint(1, 2)) for _ in range(rng.randint(0, 2))]
        asked = case(wanted, rng.sample(forms, rng.randint(0, 1)), question="2024年Q3增长5.3%？")
        refused = rng.random() < 0.2
        assert agrees(grader, asked, text, refused), (asked, text, refused)
        counted += excess_figures(asked, text, refused) is not None
    assert counted > 100
