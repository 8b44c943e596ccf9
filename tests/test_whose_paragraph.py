"""Whose paragraph a quotation stands in, what is of all, and tables whose header has a dated name."""

from rag import refuse, tableunits
from rag.question import understand
from rag.schema import Chunk, Draft, Hit
from rag.table import parse
from rag.verify import check
from tests.reading import found, passage

PARAGRAPHS = (
    "海岱轮胎：三季度收入增长。摩洛哥工厂二期预计2026年9月投产。\n"
    "玄通橡胶：三季度收入下降。泰国工厂预计2027年3月投产。"
)


def refused(asked: str, draft: str) -> bool:
    query, shown = understand(asked), (passage(PARAGRAPHS, "轮胎行业月报", "2025-12-04"),)
    checked = check(query, Draft(asked, shown, draft, "", ""))
    assert checked.sentences
    chunk = Chunk("d1", 0, len(PARAGRAPHS), PARAGRAPHS, shown[0].heading_path)
    hits = (Hit(1, 1.0, chunk, shown[0].document),)
    return refuse.after_checking(query, hits, shown, checked, 9.0) is not None


def test_a_paragraph_that_opens_with_another_is_not_about_the_asked_one() -> None:
    assert refused("玄通橡胶的摩洛哥工厂二期什么时候投产？", "摩洛哥工厂二期预计2026年9月投产。")
    assert not refused(
        "海岱轮胎的摩洛哥工厂二期什么时候投产？", "摩洛哥工厂二期预计2026年9月投产。"
    )
    assert not refused("玄通橡胶的泰国工厂什么时候投产？", "泰国工厂预计2027年3月投产。")


def test_a_figure_of_all_is_not_that_of_one() -> None:
    text = "双11全网美妆GMV为966亿元，同比增长5.3%。天猫护肤彩妆GMV约412亿元，抖音约298亿元。"
    assert "966" not in found("双11天猫的美妆GMV是多少亿元？", text, "美妆月报", "2025-11-19")
    assert "966亿元" in found("双11全网美妆GMV是多少亿元？", text, "美妆月报", "2025-11-19")


def test_a_year_apart_from_its_name_in_one_line_of_header_is_one_column() -> None:
    table = parse(
        "公司 评级 收盘价(元) 总市值(亿元) 2026E净利润(亿元) 2026E PE\n"
        "海岱轮胎 买入 16.85 554 45.2 12.3\n玄通橡胶 增持 15.90 163 16.3 10.0"
    )
    assert table is not None
    assert table.columns[-1] == "2026E PE"
    assert [cell.unit for cell in table.rows[0].cells[1:]] == ["元", "亿元", "亿元", ""]


def test_a_line_of_several_units_states_none_for_the_table() -> None:
    assert tableunits.in_line("收盘价(元) 总市值(亿元) 净利润(亿元)") == ""
    assert tableunits.in_line("表1 主要财务数据（亿元）") == "亿元"
