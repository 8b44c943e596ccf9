"""Questions that name the time they compare with: as reports print it, 同比 or 环比; and how far two are apart."""

import pytest

from rag import coordinate, turned
from rag.question import understand
from tests.reading import found


@pytest.mark.parametrize(
    ("question", "restated"),
    [
        ("2024年10月云海备付金，跟9月比降了多少？", "2024年10月云海备付金，环比降了多少？"),
        ("云海8月出栏量比去年8月多了百分之几？", "云海8月出栏量同比多了百分之几？"),
        ("云海2025年1月销量较2024年12月下降了多少？", "云海2025年1月销量环比下降了多少？"),
        ("云海2024年三季度收入比2023年三季度增长多少？", "云海2024年三季度收入同比增长多少？"),
        ("云海2024年三季度收入与二季度相比增长了多少？", "云海2024年三季度收入环比增长了多少？"),
    ],
)
def test_the_time_compared_with_is_said_as_reports_say_it(question: str, restated: str) -> None:
    assert turned.restated(question) == restated


@pytest.mark.parametrize(
    "question",
    [
        "云海2024年收入比白鹭2024年多多少？",
        "云海2024年收入占比是多少？",
        "云海2024年10月销量是多少？",
        "云海10月销量跟6月比降了多少？",  # four months apart: no report prints that
        "云海2024年收入同比增长多少？",
    ],
)
def test_what_no_report_prints_as_a_change_is_left(question: str) -> None:
    assert turned.restated(question) is None


def test_the_change_from_the_month_before_is_found() -> None:
    text = "客户备付金在10月达23664亿元，同比增长3.4%，环比下降2.1%。"
    asked = turned.restated("2025年10月客户备付金，跟9月比降了多少？")
    assert asked is not None
    assert "2.1%" in found(asked, text)
    assert "3.4%" not in found(asked, text)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "2025年云海科技比白鹭软件多卖了多少万台手机？",
            ("2025年云海科技卖了多少万台手机？", "2025年白鹭软件卖了多少万台手机？"),
        ),
        (
            "2024年三季度腾讯国内游戏比海外游戏多收入多少？",
            ("2024年三季度腾讯国内游戏收入是多少？", "2024年三季度腾讯海外游戏收入是多少？"),
        ),
        (
            "2025年8月每公斤成本，云海牧业比白鹭牧业便宜多少钱？",
            ("2025年8月每公斤成本，云海牧业是多少？", "2025年8月每公斤成本，白鹭牧业是多少？"),
        ),
    ],
)
def test_what_one_did_more_of_is_asked_of_both(question: str, parts: tuple[str, ...]) -> None:
    assert coordinate.split(question) == parts
    assert understand(question).wants_difference


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("搜索增速比商品卡增速快几个百分点？", True),
        ("毛利率提高了几个百分点？", False),
        ("增速最快的几个业务是什么？", False),
    ],
)
def test_how_many_points_faster_asks_for_a_difference(question: str, *, wants: bool) -> None:
    assert understand(question).wants_difference is wants


def test_a_level_that_something_fell_to_is_not_by_how_much_it_fell() -> None:
    text = "2025年三季度股权激励费从去年同期的68.3亿元下降至41.46亿元。"
    assert found("云海股份2025年三季度股权激励费同比少了多少亿元？", text) == ""
    stated = "2025年三季度股权激励费41.46亿元，同比减少26.84亿元。"
    assert "26.84亿元" in found("云海股份2025年三季度股权激励费同比减少了多少亿元？", stated)


def test_than_within_a_name_parts_nothing() -> None:
    asked = "云海策略和比乔斯基5指标版本相比，回测年化收益高出几个百分点？"
    assert not any("乔斯基5指标版本相比" in part for part in coordinate.split(asked))
