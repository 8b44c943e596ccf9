"""Periods: what is asked for and what a sentence speaks of, in digits, words and codes."""

from __future__ import annotations

import pytest

from rag import period
from rag.period import Part, Period, conflicts, covers
from tests.growth import grows_with_its_input


def shown(found: Period) -> str:
    """Return a period as the tables below write it: year, part, month, day; ? for an open year."""
    parts = [str(found.year or "?")]
    if found.part is not Part.FULL:
        parts.append(found.part.value)
    return "-".join(parts + [str(v) for v in (found.month, found.day) if v])


def one(text: str) -> Period:
    (only,) = period.find(text)
    return only


# text, periods in order
READ = [
    # Quarters.
    ("2024年三季度", ["2024-q3"]),
    ("2024年第三季度", ["2024-q3"]),
    ("2024 年第 3 季度", ["2024-q3"]),
    ("24 年 3 季度", ["2024-q3"]),
    ("２０２４年Ｑ３", ["2024-q3"]),
    ("2024三季度", ["2024-q3"]),
    ("24年3季度", ["2024-q3"]),
    ("2024Q3", ["2024-q3"]),
    ("2024年Q3", ["2024-q3"]),
    ("Q3 2024", ["2024-q3"]),
    ("3Q24", ["2024-q3"]),
    ("3Q2024", ["2024-q3"]),
    ("24Q3", ["2024-q3"]),
    ("Q3'24", ["2024-q3"]),
    ("Q3 FY2024", ["2024-q3"]),
    ("FY2024 Q3", ["2024-q3"]),
    ("FY24Q3", ["2024-q3"]),
    ("2QFY25", ["2025-q2"]),
    ("2024財年第三季度", ["2024-q3"]),
    ("third quarter of 2024", ["2024-q3"]),
    ("third-quarter 2024", ["2024-q3"]),
    ("the 3rd quarter of fiscal 2024", ["2024-q3"]),
    ("三季度", ["?-q3"]),
    ("第三季", ["?-q3"]),
    ("Q3收入", ["?-q3"]),
    ("三季报", ["?-q3"]),
    ("首季", ["?-q1"]),
    ("一季度、二季度和四季度", ["?-q1", "?-q2", "?-q4"]),
    # Halves and cumulated parts.
    ("上半年", ["?-h1"]),
    ("2024年上半年", ["2024-h1"]),
    ("2024H1", ["2024-h1"]),
    ("H1 2024", ["2024-h1"]),
    ("1H24", ["2024-h1"]),
    ("1H", ["?-h1"]),
    ("1HFY2025", ["2025-h1"]),
    ("2025财年下半年", ["2025-h2"]),
    ("下半财年", ["?-h2"]),
    ("first half of 2024", ["2024-h1"]),
    ("1-6月", ["?-h1"]),
    ("中期业绩", ["?-h1"]),
    ("2024年前三季度", ["2024-9m"]),
    ("前三季度", ["?-9m"]),
    ("前三个季度", ["?-9m"]),
    ("前9个月", ["?-9m"]),
    ("前九个月", ["?-9m"]),
    ("一至三季度", ["?-9m"]),
    ("2024年1-9月", ["2024-9m"]),
    ("1月至9月", ["?-9m"]),
    ("9M24", ["2024-9m"]),
    ("first nine months of 2024", ["2024-9m"]),
    ("1-3月", ["?-q1"]),
    ("2024年1-11月", ["2024-months-11"]),
    ("2024年全年", ["2024-year"]),
    ("full-year 2024", ["2024-year"]),
    ("2024年年报", ["2024-year"]),
    # Years, months, days.
    ("2024年", ["2024"]),
    ("24年", ["2024"]),
    ("2024E", ["2024"]),
    ("25E", ["2025"]),
    ("FY2024", ["2024"]),
    ("2024財年", ["2024"]),
    ("2024-2026年", ["2024", "2026"]),
    ("2024年至2026年", ["2024", "2026"]),
    ("2023年末", ["2023"]),
    ("11月", ["?-11"]),
    ("11月份", ["?-11"]),
    ("十一月", ["?-11"]),
    ("2024年11月", ["2024-11"]),
    ("November 2024", ["2024-11"]),
    ("in November", ["?-11"]),
    ("截至2024年12月2日", ["2024-12-2"]),
    ("as of 2 December 2024", ["2024-12-2"]),
    ("22年1月10号", ["2022-1-10"]),
    ("11/16", ["?-11-16"]),
    ("2024年10月-2025年3月", ["2024-10", "2025-3"]),
    # Relative words lean on the period named in the same text.
    ("2024年三季度毛利率从去年同期的49%提升到53%", ["2024-q3", "2023-q3"]),
    ("较上年同期增长，2024年上半年收入", ["2023-h1", "2024-h1"]),
    ("2024年11月较上月增长", ["2024-11", "2024-10"]),
    ("2025年1月较上月下降", ["2025-1", "2024-12"]),
    ("2024年三季度高于上一季度", ["2024-q3", "2024-q2"]),
    ("2024年一季度较上季度", ["2024-q1", "2023-q4"]),
    ("2024年收入，去年为", ["2024", "2023"]),
    ("Q3 2024 profit rose from a year earlier", ["2024-q3", "2023-q3"]),
    ("in Q3 2024, against the same period last year", ["2024-q3", "2023-q3"]),
    # Without one they stay open.
    ("去年同期", ["?"]),
    ("去年三季度", ["?-q3"]),
    ("今年11月", ["?-11"]),
    ("上一季度也下滑了", ["?"]),
]

NO_PERIODS = [
    "在这一季度", "连续五个季度", "H20芯片", "H200", "中期来看", "GPT-4", "3个月", "近20年", "1-2倍",
    "第一", "一季", "5G", "FAQ3", "收入增长20%", "2024家", "半年",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ, ids=[t for t, _ in READ])
def test_reads(text, expected):
    assert [shown(p) for p in period.find(text)] == expected


@pytest.mark.parametrize("text", NO_PERIODS)
def test_is_no_period(text):
    assert period.find(text) == []


def test_a_quarter_code_alone_is_a_period():
    assert shown(one("3Q")) == "?-q3"


def test_the_text_is_as_printed_and_the_order_too():
    found = period.find("2025年指引好于2024年三季度，11月起更好")
    assert [p.text for p in found] == ["2025年", "2024年三季度", "11月"]


def test_the_caller_may_give_what_relative_words_lean_on():
    base = Period("2024Q3", 2024, Part.Q3)
    assert [shown(p) for p in period.find("去年同期为49%", base)] == ["2023-q3"]
    assert [shown(p) for p in period.find("今年11月", base)] == ["2024-11"]
    assert [shown(p) for p in period.find("去年全年", base)] == ["2023-year"]
    assert [shown(p) for p in period.find("2022年，去年为", base)] == ["2022", "2021"]


# asked, stated: two times
CONFLICTS = [
    ("2024年", "2023年"),
    ("2024年三季度", "2023年三季度"),
    ("2024年三季度", "2024年二季度"),
    ("三季度", "前三季度"),
    ("前三季度", "三季度"),
    ("上半年", "下半年"),
    ("一季度", "上半年"),
    ("三季度", "全年"),
    ("2024年全年", "2024年前三季度"),
    ("11月", "10月"),
    ("2024年11月", "2023年11月"),
    ("11月", "三季度"),
    ("11月", "1-11月"),
    ("1-11月", "11月"),
    ("9月", "前三季度"),
    ("11月16日", "11月15日"),
    ("三季度", "12月31日"),
    ("1-10月", "1-11月"),
]
# asked, stated: may be one time
OPEN = [
    ("2024年三季度", "三季度"),
    ("三季度", "2024年三季度"),
    ("2024年三季度", "2024年"),
    ("2024年", "2024年三季度"),
    ("11月", "2024年"),
    ("2024年三季度", "9月30日"),
    ("2024年全年", "2024年12月31日"),
    ("三季度", "9月"),
    ("11月", "11月16日"),
    ("去年同期", "2023年"),
    ("2024年11月", "四季度"),
]


@pytest.mark.parametrize(("asked", "stated"), CONFLICTS)
def test_conflicts(asked, stated):
    assert conflicts(one(asked), one(stated))
    assert not covers(one(stated), one(asked))


@pytest.mark.parametrize(("asked", "stated"), OPEN)
def test_openness_is_no_conflict(asked, stated):
    assert not conflicts(one(asked), one(stated))


# stated, asked, whether the first names all that the second names
COVERS = [
    ("2024年三季度", "2024年三季度", True),
    ("3Q24", "2024年第三季度", True),
    ("2024年三季度", "三季度", True),
    ("2024年三季度", "2024年", True),
    ("2024年11月16日", "2024年11月", True),
    ("2024年", "2024年全年", True),
    ("三季度", "2024年三季度", False),
    ("2024年", "2024年三季度", False),
    ("11月", "11月16日", False),
    ("2024年11月", "2024年全年", False),
    ("2024年前三季度", "2024年三季度", False),
]


@pytest.mark.parametrize(("stated", "asked", "expected"), COVERS)
def test_covers(stated, asked, expected):
    assert covers(one(stated), one(asked)) is expected


@pytest.mark.parametrize("text", [t for t, e in READ if len(e) == 1])
def test_a_period_covers_itself(text):
    found = one(text)
    assert not conflicts(found, found)
    assert covers(found, found)


@pytest.mark.parametrize("piece", ["三季度", "2024年去年同期", "Q3 ", "1-", " ", "first ", "2024"])
def test_no_piece_repeated_makes_reading_slow(piece):
    assert grows_with_its_input(period.find, lambda n: piece * (n // len(piece)))
