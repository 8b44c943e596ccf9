"""What of a sentence can be saved reads as a sentence."""

import pytest

from rag import repair
from rag.figures import find
from rag.question import understand


def without(body: str, *figures: str, question: str = "收入是多少？") -> str | None:
    missing = [f for f in find(body) if f.text in figures]
    return repair.without(understand(question), body, missing)


@pytest.mark.parametrize(
    ("body", "missing", "expected"),
    [
        ("收入为299亿元，利润为77亿元，同比增长5%。", "77亿元", "收入为299亿元。"),
        ("收入9亿元，占比5%；利润2亿元，同比增长8%。", "9亿元", "利润2亿元，同比增长8%。"),
        (
            "Revenue was $9 billion, up 5%; profit was $2 billion.",
            "$9 billion",
            "profit was $2 billion.",
        ),
        ("其中，收入9亿元；利润2亿元。", "9亿元", "利润2亿元。"),
        ("收入9亿元，比上年的8亿元增长5%；利润2亿元。", "8亿元", "收入9亿元；利润2亿元。"),
    ],
)
def test_a_clause_takes_along_what_leans_on_it(body: str, missing: str, expected: str) -> None:
    assert without(body, missing) == expected


def test_the_second_of_two_equal_figures_is_the_one_cut() -> None:
    body = "甲增长5%；乙增长5%。"
    assert repair.without(understand("甲？"), body, find(body)[1:]) == "甲增长5%。"


def test_nothing_left_is_no_statement() -> None:
    assert without("收入为299亿元。", "299亿元") is None
