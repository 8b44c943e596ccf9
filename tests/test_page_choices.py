"""Filters offer what is in the index, and dates are read as people type them."""

import pytest

from rag.page.choices import Choices, choices, filters_of, iso_date
from rag.page.shelf import Entry
from rag.schema import Filters


def entry(name: str, publisher: str | None, date: str | None, *companies: str) -> Entry:
    return Entry(name, name, name, publisher, date, "公司点评", None, companies, (), 1, 1, True)


def test_values_are_offered_with_their_number_the_most_frequent_first() -> None:
    found = choices(
        [
            entry("a", "东湖证券", "2024-11-20", "云海科技"),
            entry("b", "西岭证券", None, "白鹭公司", "云海科技"),
            entry("c", "西岭证券", "2023-01-02"),
        ]
    )
    assert found.publishers == (("西岭证券 (2)", "西岭证券"), ("东湖证券 (1)", "东湖证券"))
    assert found.companies[0] == ("云海科技 (2)", "云海科技")
    assert (found.first, found.last) == ("2023-01-02", "2024-11-20")
    assert found.ratings == ()
    assert choices([]) == Choices()


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2024年3月", "2024-03-01", "2024-03-31"),
        ("2024年3月5日", "2024-03-05", "2024-03-05"),
        (" 2024/3/5 ", "2024-03-05", "2024-03-05"),
        ("2024-13", None, None),
        ("2023-02-29", None, None),
        ("last year", None, None),
        ("²024", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_date_may_be_a_day_a_month_or_a_year(
    typed: str | None, first: str | None, last: str | None
) -> None:
    assert iso_date(typed, last=False) == first
    assert iso_date(typed, last=True) == last


def test_empty_fields_filter_nothing_and_a_wrong_date_is_named() -> None:
    assert filters_of("", None, "", "", "", None) == (Filters(), None)
    wanted = Filters(company="鹅厂", since="2024-01-01", rating="买入")
    assert filters_of("鹅厂", "", "", "买入", "2024", "soon") == (wanted, "soon")
