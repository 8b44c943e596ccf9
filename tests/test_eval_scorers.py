"""Scorers and estimates against examples worked by hand, and against an independent scorer."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from eval.cases import Case, Evidence
from eval.estimates import estimate
from eval.scorers import (
    correct,
    evidence_recall,
    flatten,
    holds,
    quote_validity,
    reciprocal_rank,
    refused_answerable,
    refused_unanswerable,
)

SCORE = Path(__file__).resolve().parents[2] / "shared" / "tools" / "score.py"


def case(answers=(), forbidden=(), evidence=(), answerable=True, **more):
    return Case(
        id="t",
        question="?",
        lang="zh",
        kind="fact" if answerable else "unanswerable",
        answerable=answerable,
        answers=tuple(tuple(forms) for forms in answers),
        forbidden=tuple(forbidden),
        evidence=tuple(Evidence("a.txt", quote) for quote in evidence),
        **more,
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
    answerable, unanswerable = case([["1"]]), case(answerable=False, forbidden=["862亿"])
    assert correct(answerable, "资料中没有，但可能是1", refused=True) == 0
    assert correct(unanswerable, "资料中没有", refused=True) == 1
    assert correct(unanswerable, "约862亿", refused=False) == 0
    assert correct(unanswerable, "资料中没有；约862亿", refused=True) == 0
    assert refused_answerable(answerable, True) == 1
    assert refused_answerable(unanswerable, True) is None
    assert refused_unanswerable(unanswerable, False) == 0
    assert refused_unanswerable(answerable, True) is None


def test_evidence_recall_ignores_layout_but_not_text():
    asked = case([["1"]], evidence=["营销服务 1014.82 1213.74", "收入6602.57亿元"])
    table = "| 营销服务 | 1014.82 | 1213.74 | 20% |"
    assert evidence_recall(asked, [table]) == 0.5
    assert evidence_recall(asked, [table, "收入6602.57\n亿 元"]) == 1
    assert evidence_recall(asked, ["收入6602.5", "7亿元"]) == 0
    assert evidence_recall(asked, []) == 0
    assert evidence_recall(case([["1"]]), [table]) is None


def test_reciprocal_rank_of_the_first_text_with_any_quote():
    asked = case([["1"]], evidence=["甲乙丙", "丁戊己"])
    assert reciprocal_rank(asked, ["无", "丁戊己", "甲乙丙"]) == 0.5
    assert reciprocal_rank(asked, ["无"] * 10 + ["甲乙丙"]) == 0
    assert reciprocal_rank(case(), ["甲乙丙"]) is None


def test_quote_validity_is_exact():
    assert quote_validity([("收入1亿", "其收入1亿元"), ("收入2亿", "其收入1亿元")]) == 0.5
    assert quote_validity([("收入 1亿", "其收入1亿元")]) == 0
    assert quote_validity([("", "其收入1亿元")]) == 0
    assert quote_validity([]) is None


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


@pytest.mark.skipif(not SCORE.exists(), reason="the independent scorer is not beside the project")
def test_agrees_with_the_independent_scorer(tmp_path):
    questions, answers, ours = [], [], []
    for number, (forms, forbidden, text, refused) in enumerate(HAND_MADE):
        asked = case(forms, forbidden, answerable=bool(forms))
        if not correct(asked, text, refused):
            ours.append(str(number))
        question = {"id": str(number), "question": "?", "lang": "zh", "type": asked.kind}
        question |= {"answerable": asked.answerable, "answers": forms, "forbidden": forbidden}
        questions.append(question | {"evidence": []})
        answers.append({"id": str(number), "answer": text, "abstained": refused})
    paths = [_write(tmp_path / "q.jsonl", questions), _write(tmp_path / "a.jsonl", answers)]
    command = [sys.executable, str(SCORE), *map(str, paths), "-v"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    theirs = [line.split(" | ")[1] for line in printed.splitlines() if line.startswith("WRONG")]
    assert ours == theirs


def _write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
