"""Citation scorers against examples worked by hand."""

import pytest

from eval.cases import Case, Evidence
from eval.scorers import (
    citation_precision,
    citation_recall,
    page_accuracy,
    quote_validity,
    unverified_figures,
)
from rag.schema import Check, Citation, FigureCheck

REVENUE, PROFIT = "收入6602.57亿元，同比增长8%", "净利润2227.03亿元"


def case(*evidence):
    return Case("t", "?", "zh", "fact", True, (("1",),), (), evidence)


def cited(text, page=None, source="a.txt"):
    return Citation(1, "d", source, "t", None, None, (), page, text, 0, len(text), text)


TWO = case(Evidence("a.txt", REVENUE, 3), Evidence("a.txt", PROFIT))


def test_quote_validity_is_exact():
    assert quote_validity([("收入1亿", "其收入1亿元"), ("收入2亿", "其收入1亿元")]) == 0.5
    assert quote_validity([("收入 1亿", "其收入1亿元")]) == 0
    assert quote_validity([("", "其收入1亿元")]) == 0
    assert quote_validity([]) is None


def test_recall_is_the_gold_that_is_cited():
    assert citation_recall(TWO, [cited(f"2024年{REVENUE}。")]) == 0.5
    assert citation_recall(TWO, [cited(REVENUE), cited(f"其{PROFIT}")]) == 1
    assert citation_recall(TWO, [cited("收入6602.57亿元")]) == 0
    assert citation_recall(TWO, []) == 0
    assert citation_recall(case(), [cited(REVENUE)]) is None


def test_precision_is_what_is_cited_for_a_reason():
    part = cited("收入6602.57亿元")
    assert citation_precision(TWO, [part]) == 1, "a part of a gold quote is no stray citation"
    assert citation_precision(TWO, [part, cited("存货下降"), cited(f"其{PROFIT}。")]) == (
        pytest.approx(2 / 3)
    )
    assert citation_precision(TWO, [cited("")]) == 0
    assert citation_precision(TWO, []) is None
    assert citation_precision(case(), [part]) is None


def test_pages_are_judged_where_the_gold_page_is_known():
    right, wrong = cited(REVENUE, page=3), cited(f"一、{REVENUE}", page=2)
    assert page_accuracy(TWO, [right]) == 1
    assert page_accuracy(TWO, [right, wrong, cited(PROFIT, page=9)]) == 0.5
    assert page_accuracy(TWO, [cited(REVENUE)]) == 0, "no page is not the gold page"
    assert page_accuracy(TWO, [cited(PROFIT, page=9)]) is None
    assert page_accuracy(TWO, [cited(REVENUE, page=3, source="b.txt")]) is None
    assert page_accuracy(TWO, []) is None


def test_figures_shown_without_proof():
    checks = [Check.VERIFIED, Check.ROUNDED, Check.DERIVED, Check.NOT_FOUND, Check.NOT_CHECKED]
    figures = [FigureCheck("1", 1, check, None) for check in checks]
    assert unverified_figures(figures) == 2
    assert unverified_figures(figures[:3]) == 0
