"""What makes a figure the asked one beside its neighbours: where it came from, its list, its week, its unit."""

import pytest

from rag import askedunit, binding, clash, clauses, extract, marks, measures, timing
from rag.period import Part, Period
from rag.question import understand
from tests.reading import found, kept, passage

PREMIUMS = (
    "2024年全年为986.5亿元，同比增长6.3%。首年期交保费148.3亿元，同比增长12.4%。"
    "个险、银保、其他渠道分别为71.6亿元、68.9亿元、7.8亿元，同比分别下降3.5%、增长37.0%、增长5.4%。"
)


def test_a_return_on_equity_is_no_return():
    assert measures.named("平均净资产收益率为") == {"#return on equity"}
    assert measures.named("return on equity") == {"#return on equity"}
    assert measures.named("十年期国债收益率") == {"#yield"}
    assert measures.named("组合2025年9月的收益率") == {"#return"}
    text = "10月组合收益1.26%，9月为-0.94%。平均净资产收益率为13.2%，高于指数的9.8%。"
    said = "甲类组合9月的收益率为{0}。"
    question = "甲类组合9月的收益率是多少？"
    assert kept(question, said.format("-0.94%"), text, "甲类组合") == (said.format("-0.94%"),)
    assert kept(question, said.format("13.2%"), text, "甲类组合") == ()


@pytest.mark.parametrize("words", ["亏了29.05亿元", "亏多少", "全年亏3亿元", "亏掉一半"])
def test_everyday_words_of_loss_are_loss(words):
    assert "#loss" in measures.named(words)


def test_what_something_came_from_is_its_level_before_the_change():
    text = "Price target US$31, raised from US$27 on higher margins."
    query = "What was the target price of Alder before the change?"
    right = "The target price before the change was US$27."
    assert kept(query, right, text, "Alder Inc.") == (right,)
    assert kept(query, "The target price before the change was US$31.", text, "Alder Inc.") == (), (
        "the new one is not the old"
    )
    (was, *_) = clauses.settings("目标价原为27美元。")
    assert "~from" in marks.of(was, passage=False)
    assert "~from" not in marks.of(was, passage=True)


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("自营收入同比下降18.4%。", False),
        ("由于需求下滑，净利率降8%。", False),
        ("毛利率自18.4%降至9%。", True),
        ("毛利率由18.4%降至9%。", True),
    ],
)
def test_only_words_of_origin_mark_where_a_figure_came_from(text, came):
    (first, *_) = clauses.settings(text)
    assert ("~from" in marks.of(first, passage=True)) is came


def test_an_aside_sets_no_time_for_what_follows():
    assert timing.main("2024年全年为986.5亿元，同比增长6.3%。") is None
    assert timing.main("2024年全年保费986.5亿元。").year == 2024


def test_the_one_of_a_list_that_is_named_and_not_the_sum_of_all():
    heading = "启明人寿2025年中报：上半年保费"
    shown = [passage(PREMIUMS, heading)]
    asked = ("是多少？", "同比变化多少？")
    queries = [understand(f"上半年启明人寿银保渠道的首年期交保费{words}") for words in asked]
    best = [extract.candidates(query, shown)[0].words for query in queries]
    assert best == ["68.9亿元", "37.0%"]


def test_money_that_something_was_sold_for_is_revenue():
    text = "减重药2025年上半年销售6.84亿元。研发投入14.03亿元，员工14326人。"
    said = found("泓禾制药的减重药2025年上半年卖了多少钱？", text, "泓禾制药")
    assert "6.84亿元" in said and "14.03" not in said
    (sum_of_money, *_) = clauses.settings("卖了6.84亿元。")
    (pieces, *_) = clauses.settings("卖了684万台。")
    assert marks.sold(sum_of_money, "#volume") == "#revenue"
    assert marks.sold(pieces, "#volume") == "#volume"


def test_another_day_of_the_week_asked_for_is_no_other_time():
    tenth, end, later = (Period("", 2025, Part.FULL, 11, day) for day in (10, 14, 21))
    assert clash.another_time(tenth, end) and not clash.another_time(tenth, end, weekly=True)
    assert clash.another_time(tenth, later, weekly=True)


def test_the_quarter_before_the_word_for_shares_asks_for_no_share():
    asked = askedunit.AskedUnit(understand("云海24Q3股权激励费是多少"))
    share = askedunit.AskedUnit(understand("云海24年每10股派多少元"))
    text = passage("股权激励费68.3亿元。", "云海")
    (cost,) = binding.of_passage(text)
    assert asked.allows(cost, text)
    assert not share.allows(cost, text)
