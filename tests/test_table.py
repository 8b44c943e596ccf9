"""Text of tables -> values that know label, header and unit, on tables worked out by hand."""

from __future__ import annotations

import random

import pytest

from rag import table
from rag.flattened import columns_of
from rag.tablegrid import is_period, is_value
from rag.tableunits import in_cell, in_line, is_unit

TWO_HEADERS = """表 3：主要公司财务指标
单位：亿元
公司 | 2022 | 2022 | 2023 | 2023
公司 | 营业收入 | 同比增速(%) | 营业收入 | 同比增速(%)
泸水酒业 | 251.24 | 21.71 | 302.33 | 20.34
白鹭酒业 | 739.69 | (11.72) | -832.72 | 12.58
资料来源：公司公告"""
STATEMENTS = """资产负债表（百万元） | 2022A | 2023E | 主要财务比率 | 2022A | 2023E
流动资产 | 100 | 200 | 毛利率 | 30.1% | 31.2%
存货 | 10 | (20) | 存货周转 | 4.1 | 4.4"""
BANDS = """图表 4 绝对收益
收益 | 均值 | 中位数
1 个月持有期
甲组 | 0.0276 | 0.0112
乙组 | 0.0124 | -0.0023
2 个月持有期
甲组 | 0.0534 | 0.0231"""
FLATTENED = """重点公司盈利预测
公司 公司 投资 昨收盘 EPS PE
代码 名称 评级
（港元/
美元）
2024E 2025E 2024E 2025E
0001.HK 云海科技 买入 398.0 24.1 26.3 15 14
0002.HK 白鹭-W 增持 168.7 7.1 8.6 22 18"""


def read(text, head=""):
    found = table.parse(text, head)
    assert found is not None
    for row in found.rows:
        for cell in row.cells:
            assert text[cell.start : cell.end] == cell.text
            assert found.cell_at(cell.start) == found.cell_at(cell.end - 1) == cell
    return found


def cells(found, label):
    row = next(row for row in found.rows if row.label == label)
    return [(cell.header, cell.text, cell.unit) for cell in row.cells]


def said(text, **options):
    found = read(text)
    return [table.row_text(found, row, **options) for row in found.rows]


def test_header_rows_are_joined_and_units_found_by_column_and_table():
    found = read(TWO_HEADERS)
    assert (found.title, found.unit) == ("主要公司财务指标", "亿元")
    assert found.header[1][2] == "同比增速(%)"
    assert cells(found, "白鹭酒业") == [
        ("2022 · 营业收入", "739.69", "亿元"),
        ("2022 · 同比增速(%)", "(11.72)", "%"),
        ("2023 · 营业收入", "-832.72", "亿元"),
        ("2023 · 同比增速(%)", "12.58", "%"),
    ]
    assert said(TWO_HEADERS)[0] == (
        "主要公司财务指标 · 泸水酒业：2022 营业收入 251.24亿元；2022 同比增速 21.71%；"
        "2023 营业收入 302.33亿元；2023 同比增速 20.34%"
    )


def test_a_place_is_a_value_or_none():
    found = read(TWO_HEADERS)
    at = TWO_HEADERS.index("302.33")
    cell = found.cell_at(at + 2)
    assert cell is not None and (cell.label, cell.header) == ("泸水酒业", "2023 · 营业收入")
    for other in ("泸水酒业", "营业收入", "单位", "| 302", "资料"):
        assert found.cell_at(TWO_HEADERS.index(other)) is None


def test_tables_side_by_side_have_labels_and_units_of_their_own():
    found = read(STATEMENTS)
    assert cells(found, "存货") == [
        ("2022A", "10", "百万元"),
        ("2023E", "(20)", "百万元"),
        ("2022A", "4.1", ""),
        ("2023E", "4.4", ""),
    ]
    assert [cell.label for cell in found.rows[1].cells] == ["存货", "存货", "存货周转", "存货周转"]
    assert said(STATEMENTS)[0].endswith("2023E 200百万元；毛利率：2022A 30.1%；2023E 31.2%")


def test_labels_and_values_in_turn_need_no_header():
    text = "总市值（亿元） | 100.1 | 流通市值（亿元） | 80.2\n市盈率 | 12.1x | 市净率 | 1.2"
    assert said(text) == [
        "总市值（亿元）：100.1亿元；流通市值：80.2亿元",
        "市盈率：12.1x；市净率：1.2",
    ]


def test_headings_of_groups_are_part_of_the_labels():
    assert [row.label for row in read(BANDS).rows] == [
        "1 个月持有期 · 甲组",
        "1 个月持有期 · 乙组",
        "2 个月持有期 · 甲组",
    ]


def test_a_header_that_comes_again_is_no_row():
    text = (
        "表 1 回测\n样本甲\n| 收益率 | 胜率\n引入前 | 12.7% | 77.8%\n"
        "样本乙\n| 收益率 | 胜率\n引入前 | 17.8% | 80.0%"
    )
    assert said(text, titled=False) == [
        "样本甲 · 引入前：收益率 12.7%；胜率 77.8%",
        "样本乙 · 引入前：收益率 17.8%；胜率 80.0%",
    ]


def test_names_of_groups_and_codes_take_the_next_column_into_the_label():
    groups = "| | 年化收益 | 波动\n样本甲 | 高 | 1.1 | 2.2\n样本甲 | 低 | 1.3 | 2.4\n样本乙 | 高 | 1.5 | 2.6"
    assert [row.label for row in read(groups).rows] == [
        "样本甲 · 高",
        "样本甲 · 低",
        "样本乙 · 高",
    ]
    codes = "代码 | 名称 | 收入\n600001.SH | 云海科技 | 1.1\n600002.SH | 白鹭软件 | 2.2"
    assert read(codes).rows[0].label == "600001.SH · 云海科技"


def test_t_values_below_their_coefficients_carry_no_unit():
    text = "表 2：收益（%）\n窗口 | 多头 | 空头\n1 | 0.88 | -0.59\n| (3.95) | (-2.79)\n2 | 0.90 | -0.55"
    assert said(text, titled=False) == [
        "窗口 1：多头 0.88%；空头 -0.59%",
        "窗口 1：多头 (3.95)；空头 (-2.79)",
        "窗口 2：多头 0.90%；空头 -0.55%",
    ]


def test_what_the_table_is_in_says_nothing_about_ratios_and_years():
    text = "表 1：指标（百万元）\n项目 | 2023 | 成立年份\n收入 | 1,200 | 2001\n每股收益 | 0.5 | 2003\n员工人数 | 80 | 2004\n毛利率 | 12.5 | 1999"
    units = {row.label: [cell.unit for cell in row.cells] for row in read(text).rows}
    assert units == {
        "收入": ["百万元", ""], "每股收益": ["", ""], "员工人数": ["", ""], "毛利率": ["", ""],
    }  # fmt: skip


def test_numbers_and_periods_may_be_headers():
    assert read("变量 | 1 | 2 | 3\n甲 | 0.54 | 0.55 | 0.56").columns == ("变量", "1", "2", "3")
    assert read("（亿元） | 2023A | 3Q24\n甲 | 5 | 6").rows[0].cells[1].unit == "亿元"
    assert read("因子 | （1） | （2）\n甲 | 0.5 | 0.6").columns == ("因子", "（1）", "（2）")


def test_a_row_of_units_below_the_header_is_part_of_it():
    found = read("公司 | 收入 | 增速\n | （亿元） | （%）\n云海科技 | 12.1 | 8.3")
    assert cells(found, "云海科技") == [("收入（亿元）", "12.1", "亿元"), ("增速（%）", "8.3", "%")]


def test_a_table_of_words_has_one_header_row():
    found = read("市场 | 支撑强 | 阻力强\n上涨 | 加速上涨 | 可能结束\n下跌 | 见底 | 加速下跌")
    assert [row.label for row in found.rows] == ["上涨", "下跌"]


def test_markdown_as_people_write_it():
    found = read("| a | b |\n|---|---:|\n| x | 1 |\n|  | 2 |")
    assert found.columns == ("a", "b")
    assert [(row.label, row.cells[0].text) for row in found.rows] == [("x", "1"), ("x", "2")]


@pytest.mark.parametrize("text", [TWO_HEADERS, STATEMENTS, BANDS, FLATTENED])
def test_every_row_reads_alike_by_itself(text):
    found = read(text)
    for row in found.rows:
        alone = text[row.start : row.end]
        again = table.parse(alone, table.head_of(text, "", row.start, row.end))
        assert again is not None and len(again.rows) == 1
        assert table.row_text(again, again.rows[0]) == table.row_text(found, row)
        assert all(alone[c.start : c.end] == c.text for c in again.rows[0].cells)


def test_prose_is_no_table():
    assert table.parse("公司收入 12 亿元，同比增长 8%。\n毛利率为 53%。") is None


def test_any_text_is_read_without_error():
    chance = random.Random(3)
    alphabet = [
        "|",
        " | ",
        "\n",
        "2024E",
        "1.5",
        "(3)",
        "（亿元）",
        "甲",
        "---",
        "表 1：",
        " ",
        "%",
    ]
    for _ in range(2000):
        text = "".join(chance.choices(alphabet, k=chance.randint(1, 40)))
        found = table.parse(text)
        for row in found.rows if found else ():
            assert row.start < row.end <= len(text)
            assert all(text[c.start : c.end] == c.text for c in row.cells)


# Rows without borders


def test_a_header_in_pieces_is_put_together():
    found = read(FLATTENED)
    assert found.columns[2:5] == ("投资评级", "昨收盘（港元/美元）", "EPS · 2024E")
    assert cells(found, "0001.HK · 云海科技")[1:] == [
        ("昨收盘（港元/美元）", "398.0", ""),  # which of the two currencies it is cannot be told
        ("EPS · 2024E", "24.1", ""),
        ("EPS · 2025E", "26.3", ""),
        ("PE · 2024E", "15", ""),
        ("PE · 2025E", "14", ""),
    ]


def test_one_header_may_stand_above_code_and_name():
    text = "公司 评级 EPS PE\n2024E 2025E 2024E 2025E\n0001.HK 云海 买入 0.5 0.6 9 8\n0002.HK 白鹭 增持 0.7 0.8 7 6"
    found = read(text)
    assert found.rows[0].label == "0001.HK 云海"
    assert cells(found, "0002.HK 白鹭")[1] == ("EPS · 2024E", "0.7", "")


def test_units_before_the_periods_belong_to_the_names_before_theirs():
    header = [
        ["公司", "评级", "收盘价", "总市值", "净利润", "市盈率"],
        ["（元）", "（亿元）", "2025E", "2026E", "2025E", "2026E"],
    ]
    assert columns_of(header, 8) == (
        "公司",
        "评级",
        "收盘价（元）",
        "总市值（亿元）",
        "净利润 · 2025E",
        "净利润 · 2026E",
        "市盈率 · 2025E",
        "市盈率 · 2026E",
    )
    assert columns_of(header, 7) == ()


@pytest.mark.parametrize(
    ("header", "width"),
    [
        ([["公司", "收入", "EPS"], ["2024E", "2025E", "2024E"]], 5),  # not as many to each
        ([["公司", "EPS"], ["2024E", "2025E", "2024E", "2025E"]], 5),  # two groups, one name
        ([["公司", "收入", "利润"], ["（亿元）", "（%）"]], 3),  # two pieces for three columns
        ([["公司", "收入"]], 4),
    ],
)
def test_counts_that_leave_a_doubt_give_no_header(header, width):
    assert columns_of(header, width) == ()


def test_rows_whose_header_cannot_be_told_stay_without():
    found = read("公司 收入 利润 其他\n甲 1.5 2.5\n乙 3.5 4.5")
    assert found.columns == ()
    assert [table.row_text(found, row) for row in found.rows][-1].endswith("3.5；4.5")


# Units and kinds of cells


def test_units_as_tables_state_them():
    assert in_line("单位：百万元") == in_line("表 2 利润表（单位：百万元）") == "百万元"
    assert in_line("Revenue (in RMB million)") == "RMB million"
    assert in_line("重仓超配因子（2013.01-2020.06）") == ""
    assert in_cell("营业收入(亿元)") == "亿元" and in_cell("EPS（元/股）") == "元/股"
    assert in_cell("营业收入（追溯后）") == ""
    assert all(map(is_unit, ("百万元", "%", "倍", "万吨", "亿港元", "HK$", "元/股")))
    assert not any(map(is_unit, ("", "全 A", "回测指标", "2023", "同比")))


def test_kinds_of_cells():
    assert all(map(is_value, ("1,234.5", "(5.98)", "-3%", "12.1x", "15 亿元", "-0.0049***", "￥5")))
    assert not any(map(is_value, ("2024E", "10 分位数", "0~4 分", "甲", "", "-", "600001.SH")))
    periods = ("2024", "2024E", "3Q24", "2023H1", "2024年三季度", "2022.7", "2017/7/17", "1-9月")
    assert [p for p in periods if not is_period(p)] == []


def test_a_row_merged_over_all_columns_is_no_row_of_values() -> None:
    note = "说明：甲与乙是一家。"
    text = f"序号 | 名称 | 股数\n1 | 甲 | 5,500\n2 | 乙 | 2,900\n合计 | 合计 | 8,400\n{note} | {note} | {note}"
    found = table.parse(text)
    assert found is not None
    assert [row.label for row in found.rows] == ["1 · 甲", "2 · 乙", "合计"]
    assert [cell.text for row in found.rows for cell in row.cells] == ["5,500", "2,900", "8,400"]
