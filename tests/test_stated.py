"""A date is stated whole, or its year and its day apart; the day of another year is another date."""

import pytest

from rag import figures, stated
from rag.schema import Passage
from tests.scripted import FACTS


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("2024年2月22日云海发布新品。", True),
        ("2024年云海业绩平稳。2月22日发布新品。", True),
        ("2024年2月云海业绩平稳。2023年2月22日发布新品。", False),
        ("2024年云海业绩平稳。2月21日发布新品。", False),
    ],
)
def test_a_day_is_not_taken_from_another_year(text, held):
    (date,) = figures.find("2024年2月22日")
    passage = Passage(1, "d1-0", 0, len(text), text, (), None, FACTS, 1.0)
    assert stated.in_context(date, passage) is held
