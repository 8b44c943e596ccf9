"""What reports state of themselves, counted against what a reader writes down; and the counting."""

from __future__ import annotations

import functools

import pytest

from rag.schema import Document, Fact, FactName
from tests.pdf_truth import facts
from tests.pdf_truth.facts import Tally

BARS = {name: (0.95, 0.95) for name in facts.FACTS} | {
    "kind": (0.95, 0.9),
    "companies": (0.95, 0.6),
}
"""Precision and recall asked. Companies: titles that list several without a code are not read."""


@functools.cache
def counted() -> tuple[dict[str, Tally], list[str]]:
    return facts.table()


@pytest.mark.slow
@pytest.mark.parametrize("name", facts.FACTS)
def test_facts_are_stated_right_and_none_is_invented(name: str) -> None:
    sums, faults = counted()
    precision, recall = BARS[name]
    assert sums[name].precision >= precision, faults
    assert sums[name].recall >= recall, faults


def document(*stated: Fact) -> Document:
    return Document("d1-0", "a.txt", "text", "文", "题", (), facts=stated)


@pytest.mark.parametrize(
    ("values", "truth", "counts"),
    [
        (["买入"], "买入", (1, 0, 0)),
        (["买入"], ["增持", "买入"], (1, 0, 0)),
        (["买入"], "增持", (0, 1, 1)),
        (["买入"], None, (0, 1, 0)),
        ([], "买入", (0, 0, 1)),
        ([], None, (0, 0, 0)),
        ([], [None, "买入"], (0, 0, 0)),
        (["增持"], [None, "买入"], (0, 1, 0)),
    ],
)
def test_a_fact_is_right_wrong_or_missed(
    values: list[str], truth: str | list[str | None] | None, counts: tuple[int, int, int]
) -> None:
    made = document(*(Fact(FactName.RATING, value, "text") for value in values))
    assert facts.tally(made, {"rating": truth}) == {"rating": Tally(*counts)}


def test_each_analyst_and_ticker_counts() -> None:
    made = document(
        Fact(FactName.ANALYST, "甲", "text"),
        Fact(FactName.ANALYST, "乙", "text"),
        Fact(FactName.COMPANY, "腾讯控股", "text", also=("0700.HK", "腾讯")),
    )
    truth = {"analysts": ["甲", "丙"], "tickers": ["0700.HK"], "companies": ["腾讯控股"]}
    assert facts.tally(made, truth) == {
        "analysts": Tally(1, 1, 1),
        "tickers": Tally(1),
        "companies": Tally(1),
    }


def test_titles_are_the_same_however_they_are_joined() -> None:
    made = document(Fact(FactName.TITLE, "甲公司 点评", "text"))
    assert facts.tally(made, {"title": ["甲公司：点评"]}) == {"title": Tally(1)}
