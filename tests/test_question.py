"""A question is read for its words, its periods, its language and what kind of answer it wants."""

from __future__ import annotations

import pytest

from rag.period import Part
from rag.question import (
    SOURCE,
    asked_figures,
    comparable_terms,
    content_terms,
    understand,
    words_of,
)
from rag.retrieve import lexical_terms


def test_the_text_is_folded_and_the_original_kept():
    query = understand("  騰訊第三季\n海外遊戲收入係幾多？ ")
    assert query.original == "  騰訊第三季\n海外遊戲收入係幾多？ "
    assert query.text == "腾讯第三季 海外游戏收入是多少？"
    assert query.language == "zh"
    assert query.periods[0].part is Part.Q3


def test_full_width_letters_and_digits_are_folded():
    query = understand("２０２４年Ｑ３收入？")
    assert query.text.startswith("2024年Q3收入")
    assert [(p.year, p.part) for p in query.periods] == [(2024, Part.Q3)]


def test_terms_are_content_words_in_order_without_question_words():
    terms = understand("请问阿里云2024年三季度的收入是多少？").terms
    assert "收入" in terms
    assert not {"请问", "的", "是", "多少", "？"} & set(terms)
    assert list(terms) == list(dict.fromkeys(terms))
    assert terms.index("2024") < terms.index("收入")


def test_latin_names_are_whole_terms():
    assert "k0-math" in understand("k0-math 是哪一天发布的").terms
    assert "qwen2.5" in content_terms("Qwen2.5 的上下文") or "qwen" in content_terms("Qwen2.5")


def test_english_stop_words_are_left_out():
    terms = understand("What was Xiaomi's total revenue in the third quarter of 2024?").terms
    assert {"total", "revenue"} <= set(terms)
    assert not {"what", "was", "in", "the", "of"} & set(terms)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("快手2022年1月10日涨了多少", [(2022, 1, 10)]),
        ("11月恒生科技指数", [(None, 11, None)]),
        ("小米2024年市值", [(2024, None, None)]),
        ("What was revenue in November 2024?", [(2024, 11, None)]),
        ("腾讯的毛利率", []),
    ],
)
def test_periods(question, expected):
    assert [(p.year, p.month, p.day) for p in understand(question).periods] == expected


@pytest.mark.parametrize(
    "question",
    [
        "小米和携程谁涨得多，相差多少个百分点？",
        "阿里国际和阿里云，谁的收入高，高多少？",
        "淘天集团2024年三季度收入比二季度少了多少？",
        "腾讯每股收益2025年比2024年增加多少？",
        "两者差距有多大？",
        "差了多少？",
        "What is the difference between the two margins?",
        "How much higher was A's revenue than B's?",
        "How many percentage points more did A gain than B?",
    ],
)
def test_a_difference_is_wanted(question):
    assert understand(question).wants_difference


@pytest.mark.parametrize(
    "question",
    [
        "小米2024年三季度收入是多少？",
        "快手11月股价跌了多少？",
        "2024年百度市值缩水了百分之多少？",
        "腾讯的收入同比增长了多少？",
        "What was Xiaomi's revenue in Q3 2024?",
        "哪家公司市值最高？",
    ],
)
def test_no_difference_of_two_figures_is_wanted(question):
    assert not understand(question).wants_difference


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("淘天集团旗下有哪些平台？", True),
        ("列出这份报告提示的风险", True),
        ("市值排前十的是哪些？", True),
        ("Which languages does Accio support?", True),
        ("List the risks.", True),
        ("小米2024年三季度收入是多少？", False),
        ("What was revenue?", False),
    ],
)
def test_a_list_is_wanted(question, expected):
    assert understand(question).wants_list is expected


def test_figures_of_the_question_itself():
    figures = asked_figures(understand("恒生科技指数2024年11月上涨3.2%的原因？"))
    assert [(f.text, f.direction) for f in figures if f.kind != "date"] == [("3.2%", 1)]


@pytest.mark.parametrize(
    "question", ["", "？", "   ", "a" * 5000, "[1]" * 500, "\x00", "１" * 2000]
)
def test_any_text_can_be_understood(question):
    query = understand(question)
    assert query.original == question


def test_a_possessive_is_the_name():
    assert "xiaomi" in understand("What was Xiaomi's revenue?").terms


def test_words_of_a_text_include_the_terms_that_it_says_otherwise():
    query = understand("鹅厂的毛利率和门店数")
    held = words_of(query, "Tencent's gross margin rose to 53%.")
    assert {"鹅厂", "毛利率", "gross", "margin"} <= held
    assert "门店" not in held
    assert "鹅厂" not in words_of(query, "小米的毛利率")


def test_words_of_a_text_are_its_content_words_when_nothing_is_equivalent():
    assert words_of(understand("天气如何"), "白鹭飞过") == set(content_terms("白鹭飞过"))


def test_only_what_can_be_compared_across_languages_is():
    query = understand(
        "According to 澜石研究, how wide was Bojiang Bank's net interest margin overall?"
    )
    terms = comparable_terms(query, "上半年净息差1.85%")
    assert {"澜石", "bojiang", "bank", "net", "interest", "margin"} <= set(terms)
    assert not {"according", "overall", "wide"} & set(terms)
    assert comparable_terms(query, "The margin was 1.85%") == query.terms


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("东湖12月互联网报告的公司评级表里，云海总市值是多少？", "云海总市值是多少？"),
        ("东湖择时报告中最大回撤是多少？", "最大回撤是多少？"),
        ("云海2024年年度报告里收入是多少？", "云海2024年年度报告里收入是多少？"),
    ],
)
def test_the_month_of_the_report_named_first_is_not_that_of_the_figure(question, rest):
    assert SOURCE.sub("", question) == rest


def test_a_latin_name_of_several_words_is_found_written_as_one():
    query = understand("How fast did Star Brawl grow?")
    assert {"star", "brawl"} <= words_of(query, "《StarBrawl》流水增长7倍")
    assert "starbrawl" in lexical_terms(query)
