"""Terms of finance lead to the other language and to formal style; word by word they do not."""

from __future__ import annotations

import pytest

from rag import glossary, lexicon


def forms(question):
    return {a.asked: a.forms for a in glossary.expand(question)}


@pytest.mark.parametrize(
    ("question", "asked", "form"),
    [
        ("What was the net interest margin?", "net interest margin", "净息差"),
        ("净息差是多少", "净息差", "net interest margin"),
        ("combined ratio in 2024", "combined ratio", "综合成本率"),
        ("How many paying members?", "paying members", "付费会员"),
        ("three new stores", "stores", "门店"),
        ("毛利率", "毛利率", "gross margin"),
        ("营业额", "营业额", "revenue"),
        ("2025年收入指引", "指引", "guidance"),
        ("新增订单", "新增订单", "new orders"),
        ("同比增长", "同比", "year on year"),
        ("减肥药卖得如何", "减肥药", "减重药"),
    ],
)
def test_a_term_leads_to_its_counterpart(question, asked, form):
    assert form in forms(question)[asked]


def test_a_term_of_several_words_is_one_unit():
    found = forms("net profit margin and net profit")
    assert set(found) == {"net profit margin", "net profit"}
    assert "净利率" in found["net profit margin"]
    assert "净利润" in found["net profit"]
    assert "净利率" not in found["net profit"]


def test_measures_that_differ_are_not_equivalent():
    for one, other in [
        ("毛利率", "净利率"),
        ("毛利", "毛利率"),
        ("净利润", "经营利润"),
        ("同比", "环比"),
        ("营业成本", "收入"),
        ("末期股息", "中期股息"),
        ("上调", "下调"),
    ]:
        assert other not in forms(one)[one]


def test_a_plain_word_leads_to_formal_ones_but_not_back():
    assert "出货量" in forms("卖了多少台")["卖了"]
    assert "卖了" not in forms("出货量")["出货量"]


def test_plurals():
    assert list(glossary.spellings("subsidy")) == ["subsidy", "subsidies"]
    assert list(glossary.spellings("price target")) == ["price target", "price targets"]
    assert list(glossary.spellings("delivered")) == ["delivered"]
    assert list(glossary.spellings("净利润")) == ["净利润"]


def test_the_list_leads_across_languages():
    groups = lexicon.read(glossary._FILE)
    both = [g for g in groups if any(f.isascii() for f in g) and any(not f.isascii() for f in g)]
    assert len(both) >= 250
    assert len({g[0] for g in groups}) == len(groups)
