"""Cells of tables know their row, their column and their unit."""

import pytest

from rag import cells

BARRED = """表1：云海科技分部收入（亿元，人民币）
分部 | 2023年 | 2024年 | 同比
星河云 | 70.1 | 86.5 | 23%
广告 | 30.0 | 31.5 | 5%"""
TWO_HEADS = """单位：百万元（每股收益为元）
公司 | 收入 | 收入 | 每股收益
公司 | 金额 | 同比 | 金额
甲股份 | 120.5 | 8.1% | 1.02"""
BLANK = """盈利预测（2024年12月2日收盘，港元）
代码 公司 收盘价 EPS PE
2024E 2025E 2024E 2025E
0001.HK 甲股份 39.8 2.4 2.6 15 14
0002.HK 乙股份-W 16.8 0.7 0.9 22 18"""


def read(text: str) -> dict[str, tuple[str, str, list[str]]]:
    """Return printed figure -> row, column and units as text."""
    return {
        text[c.start : c.end]: (c.row, c.column, [u.text for u in c.units])
        for c in cells.find(text)
    }


def test_cells_between_bars_take_the_unit_of_the_caption() -> None:
    found = read(BARRED)
    assert found["86.5"][:2] == ("星河云", "2024年")
    assert found["86.5"][2][0] == "1亿元"
    assert found["23%"] == ("星河云", "同比", [])


def test_stacked_heads_are_joined_and_a_named_exception_has_its_own_unit() -> None:
    found = read(TWO_HEADS)
    assert found["120.5"] == ("甲股份", "收入 金额", ["1百万元"])
    assert found["8.1%"][1] == "收入 同比"
    assert found["1.02"] == ("甲股份", "每股收益 金额", ["1元"])


def test_columns_of_a_page_without_rules_are_counted_from_the_right() -> None:
    found = read(BLANK)
    assert found["39.8"] == ("0001.HK 甲股份", "收盘价", ["1港元"])
    assert found["2.6"][1] == "EPS 2025E"
    assert found["22"] == ("0002.HK 乙股份-W", "PE 2024E", [])


@pytest.mark.parametrize(
    ("caption", "unit"),
    [
        ("Table 1. Last fiscal year, US$ billion", "US$1 billion"),
        ("单位：万台", "1万台"),
        ("各家净利润如下，单位为亿元。", "1亿元"),
    ],
)
def test_unit_lines(caption: str, unit: str) -> None:
    table = f"{caption}\n公司 | 收入 | 净利\n甲 | 391.0 | 93.7"
    assert read(table)["391.0"][2] == [unit]


def test_prose_is_no_table() -> None:
    assert cells.find("收入为86.5亿元，同比增长23%。\nRevenue was 86.5 billion, up 23%.") == ()


def test_a_unit_in_a_header_cell_is_of_its_column_only() -> None:
    table = "账龄 | 金额 | 比例(%)\n1年以内 | 692.1 | 77.1\n1至2年 | 24.5 | 2.7"
    found = read(table)
    assert found["692.1"][2] == []
    assert found["77.1"][2] == ["1%"] or found["77.1"][2] == ["1 %"]


def test_brackets_inside_a_name_are_no_unit() -> None:
    table = "项目 | 首台（套）产品资金 | 首台产品（套）\n本期 | 200.0 | 3"
    found = read(table)
    assert found["200.0"][2] == []
    assert found["3"][2] == ["1套"]
