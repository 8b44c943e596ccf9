"""The period of a figure: beside it, before it, around it."""

import pytest

from rag import clauses, timing
from rag.period import Part, Period
from rag.timing import Source


def read(text: str, figure: str, *around: Period) -> timing.Timing:
    setting = next(s for s in clauses.settings(text) if s.figure.text == figure)
    return timing.of(text, setting, around)


@pytest.mark.parametrize(
    ("text", "figure", "year", "part", "source"),
    [
        ("2024年回购1120亿元；2025年计划为800亿元。", "800亿元", 2025, Part.FULL, Source.BESIDE),
        ("全年收入1213亿元，第四季度收入350亿元，增长17%。", "17%", None, Part.Q4, Source.BEFORE),
        ("2024年市占率37.9%，比2023年的36.8%提高1.1个百分点。", "36.8%", 2023, Part.FULL, Source.BESIDE),
        ("2024年市占率37.9%，比2023年的36.8%提高1.1个百分点。", "1.1个百分点", 2024, Part.FULL, Source.BEFORE),
        ("Revenue was $130 billion in fiscal 2025 after $60 billion in fiscal 2024.", "$130 billion", 2025,
         Part.FULL, Source.BESIDE),
        ("Revenue was $130 billion in fiscal 2025 after $60 billion in fiscal 2024.", "$60 billion", 2024,
         Part.FULL, Source.BESIDE),
    ],
)  # fmt: skip
def test_period_beside_or_before(
    text: str, figure: str, year: int | None, part: Part, source: Source
) -> None:
    found = read(text, figure)
    assert found.period is not None
    assert (found.period.year, found.period.part, found.source) == (year, part, source)


def test_relative_words_lean_on_what_stands_around() -> None:
    found = read("毛利率由上年同期的52%升至53%。", "52%", Period("2024年三季度", 2024, Part.Q3))
    assert found.relative
    assert found.period is not None
    assert (found.period.year, found.period.part) == (2023, Part.Q3)


def test_a_comparison_is_not_the_period_of_what_changed() -> None:
    found = read("2024年利润比上年增长5%。", "5%")
    assert found.period is not None
    assert found.period.year == 2024


def test_around_is_weaker_and_may_give_the_year_alone() -> None:
    around = read("收入为5亿元。", "5亿元", Period("2024年", 2024))
    assert (around.source, around.stated) == (Source.AROUND, False)
    assert read("三季度收入为5亿元。", "5亿元", Period("2024年", 2024)).year_around


def test_a_part_is_narrower_than_a_year() -> None:
    year, half = Period("2024年", 2024), Period("上半年", 2024, Part.H1)
    assert timing.narrower(half, year)
    assert not timing.narrower(year, half)
