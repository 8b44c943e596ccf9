"""Cantonese and everyday question words become standard; other words stay."""

from __future__ import annotations

import pytest

from rag.colloquial import to_standard
from rag.text import simplify


@pytest.mark.parametrize(
    ("asked", "standard"),
    [
        ("騰訊收入係幾多", "腾讯收入是多少"),
        ("賣咗幾多架車", "卖了多少辆车"),
        ("邊間最高", "哪家最高"),
        ("邊個負責", "哪个负责"),
        ("乜嘢原因", "什么原因"),
        ("點解會跌", "为什么会跌"),
        ("賺多咗定少咗", "赚多了还是少了"),
        ("佢嘅毛利率喺邊度", "它的毛利率在哪里"),
        ("今年头六个月", "今年前六个月"),
        ("请问云海科技的收入是多少？", "云海科技的收入是多少？"),
        ("你好，我想知道云海科技的收入", "云海科技的收入"),
        ("能不能告诉我一下云海的收入？", "云海的收入？"),
        ("查一下云海2024年的收入，谢谢", "云海2024年的收入"),
        ("说明书的收入是多少", "说明书的收入是多少"),
        ("看好云海的理由是什么？", "看好云海的理由是什么？"),
        ("问界M9销量是多少？", "问界M9销量是多少？"),
        ("派系斗争", "派系斗争"),
        ("该系列产品", "该系列产品"),
        ("系统收入", "系统收入"),
        ("定价", "定价"),
        ("What was revenue?", "What was revenue?"),
        ("", ""),
    ],
)
def test_wording(asked, standard):
    assert to_standard(simplify(asked)) == standard


@pytest.mark.parametrize(
    ("asked", "standard"),
    [
        ("云海收入同比是增是减，幅度多大？", "云海收入同比变化多少？"),
        ("云海存款比上个月少了多少？", "云海存款环比变化多少？"),
        ("云海市值变动了多少？", "云海市值变化了多少？"),
    ],
)
def test_growth_is_asked_for_in_the_words_of_reports(asked, standard):
    assert to_standard(asked) == standard
