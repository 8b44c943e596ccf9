"""A drafted figure is carried by its own place; a neighbour's is not, and what stands there is known."""

from dataclasses import replace

import pytest

from rag.locate import Found, Missed, locate
from rag.question import understand
from rag.schema import DocumentFacts, Passage

FACTS = DocumentFacts(
    "d1-0", "a.txt", "云海科技2024年年报点评", "东湖证券", "2025-03-20", "text", 0, 9
)
PROFIT = (
    "2024年云海科技收入600亿元，同比增长8%；毛利300亿元，同比增长19%，毛利率由上一年的48%提高到53%。"
    "IFRS口径净利润194亿元，同比增长68%；Non-IFRS口径净利润222亿元，同比增长41%。"
)
QUARTERS = "分季度看，一季度、二季度、三季度、四季度收入分别为130亿元、140亿元、150亿元、180亿元。"
TABLE = "分部收入（亿元）\n分部 | 2023年 | 2024年 | 同比\n星河云 | 70.1 | 86.5 | 23%\n广告 | 30.0 | 31.5 | 5%"


def passages(*texts: str, title: str = FACTS.title) -> tuple[Passage, ...]:
    facts = replace(FACTS, title=title)
    return tuple(
        Passage(n, f"d{n}-0", 0, len(t), t, (), None, facts, 1.0)
        for n, t in enumerate(texts, start=1)
    )


def outcome(draft: str, *texts: str, question: str = "") -> dict[str, Found | Missed]:
    query = understand(question or draft)
    return {o.figure.text: o for o in locate(query, passages(*texts), draft)}


@pytest.mark.parametrize(
    ("draft", "figure"),
    [
        ("2024年云海科技收入600亿元，同比增长8%。", "600亿元"),
        ("毛利率由上一年的48%提高到53%。", "53%"),
        ("云海科技Non-IFRS净利润为222亿元，增长41%。", "41%"),
        ("云海科技三季度收入是150亿元。", "150亿元"),
        ("星河云2024年收入为86.5亿元。", "86.5亿元"),
        ("星河云2023年收入约70亿元。", "70亿元"),
    ],
)
def test_true_figures_have_their_place(draft: str, figure: str) -> None:
    found = outcome(draft, PROFIT, QUARTERS, TABLE)[figure]
    assert isinstance(found, Found), found


@pytest.mark.parametrize(
    ("draft", "figure"),
    [
        ("2024年云海科技收入300亿元。", "300亿元"),  # the gross profit
        ("IFRS口径净利润222亿元，同比增长68%。", "222亿元"),  # the other definition
        ("2024年云海科技毛利300亿元，同比增长48%。", "48%"),  # a margin
        ("云海科技三季度收入是140亿元。", "140亿元"),  # another quarter
        ("星河云2024年收入为31.5亿元。", "31.5亿元"),  # another row
        ("星河云2023年收入为86.5亿元。", "86.5亿元"),  # another column
        ("毛利率由上一年的53%提高到53%。", "53%"),  # the same place twice
        ("2024年云海科技收入600亿元，同比下降8%。", "8%"),  # another sign
        ("毛利率由上一年的48%降低到53%。", "53%"),  # a level that rose
        ("星河云2024年收入为86.5万元。", "86.5万元"),  # another unit
        ("星河云2024年收入为86.5亿美元。", "86.5亿美元"),
        ("云海科技2024年上半年收入600亿元。", "600亿元"),  # a part of the year
    ],
)
def test_a_neighbours_figure_has_none(draft: str, figure: str) -> None:
    query = understand(draft)
    missed = [
        o for o in locate(query, passages(PROFIT, QUARTERS, TABLE), draft) if isinstance(o, Missed)
    ]
    assert figure in [m.figure.text for m in missed]


def test_the_right_figure_is_named_where_it_is_clear() -> None:
    text = "蓝鲸、白鹭、青松等3家企业市值下降，降幅分别为33%、4%和29%。"
    missed = outcome("青松市值下降33%。", text)["33%"]
    assert isinstance(missed, Missed)
    assert missed.instead is not None
    assert missed.instead.figure.text == "29%"


def test_a_slip_of_scale_names_the_figure_of_the_same_digits() -> None:
    missed = outcome("云海科技2024年收入为600.5万元。", "2024年云海科技收入600.5亿元。")[
        "600.5万元"
    ]
    assert isinstance(missed, Missed)
    assert missed.instead is not None
    assert missed.instead.figure.text == "600.5亿元"


def test_a_figure_of_another_company_is_no_place() -> None:
    texts = ("2024年，白鹭汽车的交付量达到13.5万辆。", "蓝鲸汽车发布了新车型，价格下调1万元。")
    missed = outcome("蓝鲸汽车2024年交付了13.5万辆。", *texts)["13.5万辆"]
    assert isinstance(missed, Missed)


def test_a_name_that_no_passage_holds_may_be_another_name_for_it() -> None:
    assert isinstance(
        outcome("鲸厂2024年交付了13.5万辆。", "2024年，蓝鲸汽车交付13.5万辆。")["13.5万辆"], Found
    )


def test_a_figure_may_be_given_twice_in_two_units() -> None:
    found = outcome("Revenue was RMB 92.51 billion (925.1亿元).", "2024年小帆总收入925.1亿元。")
    assert all(isinstance(o, Found) for o in found.values())


def test_a_neighbour_who_is_named_nearer_takes_no_figure() -> None:
    text = "剩下6家企业中，小米市值增幅最大，达到121%，其次是携程，市值增长90%。"
    asked = "2024年小米的市值涨了多少？"
    assert isinstance(outcome("2024年小米的市值涨了121%。", text, question=asked)["121%"], Found)
    wrong = outcome("2024年小米的市值涨了90%。", text, question=asked)["90%"]
    assert isinstance(wrong, Missed)


def test_a_figure_of_another_measure_does_not_replace_one_of_the_asked() -> None:
    text = "Yunhai Cloud revenue grew 31% to $43 billion, and its operating income rose to $6 billion from $2 billion in 2023."
    draft = "Yunhai Cloud's operating income in 2024 was $6 billion."
    asked = "What was Yunhai Cloud's operating income in 2024?"
    assert isinstance(outcome(draft, text, question=asked)["$6 billion"], Found)


def test_a_row_that_the_draft_does_not_name_is_anothers() -> None:
    draft = "星河云2024年的收入最低，为31.5亿元。"
    missed = outcome(draft, TABLE, question="哪个分部2024年的收入最低？")["31.5亿元"]
    assert isinstance(missed, Missed)
    found = outcome("广告2024年的收入最低，为31.5亿元。", TABLE, question="哪个分部收入最低？")
    assert isinstance(found["31.5亿元"], Found)


def test_a_cell_of_another_measure_is_not_what_is_said() -> None:
    table = "盈利预测\n公司 | 收盘价（元） | 每股收益（元）\n云海科技 | 39.8 | 2.4\n白鹭软件 | 16.8 | 0.7"
    draft = "云海科技的目标价为39.8元。"
    assert isinstance(outcome(draft, table, question="云海科技的目标价是多少？")["39.8元"], Missed)
    closed = "云海科技的收盘价为39.8元。"
    assert isinstance(outcome(closed, table, question="云海科技的收盘价是多少？")["39.8元"], Found)


def test_a_share_does_not_take_the_place_of_a_growth() -> None:
    text = "2024年三季度云海收入2365亿元，同比增长5%。其电商在云海集团整体营收中占比达到42%。"
    draft = "云海集团2024年三季度整体营收同比增长5%。"
    assert isinstance(outcome(draft, text)["5%"], Found)
