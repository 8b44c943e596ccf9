"""What a text calls things besides their names is read off it, and remarks in brackets are not."""

from __future__ import annotations

import pytest

from rag.naming import alias_pairs


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("泊江银行（Bojiang Bank）", [("泊江银行", "Bojiang Bank")]),
        ("岚峰微装（Lanfeng，以下简称“岚峰”）", [("岚峰微装", "Lanfeng"), ("岚峰微装", "岚峰")]),
        ("市場慣稱「浚景」的浚景置業，上半年收入", [("浚景置業", "浚景")]),
        ("砚舟互娱（玩家口中的“砚厂”）收入41.6亿元", [("砚舟互娱", "砚厂")]),
        ("有“电王”之称的青禾电池上半年", [("青禾电池", "电王")]),
        ("泊江银行（Bojiang Bank）业务集中在沿江七市，俗称“小泊”。", [("泊江银行", "Bojiang Bank"), ("泊江银行", "小泊")]),
        ("启衡人寿（Qiheng Life）以寿险为主，常被简称为启衡；", [("启衡人寿", "Qiheng Life"), ("启衡人寿", "启衡")]),
        ("千悦百货（下称千悦）", [("千悦百货", "千悦")]),
        ("骐风出行（股票代码：1234.HK）", [("骐风出行", "1234.HK")]),
        ("Tsunking Properties (浚景置業)", [("Tsunking Properties", "浚景置業")]),
        ("Foo Holdings Ltd. (hereinafter \"Foo\") said", [("Foo Holdings Ltd.", "Foo")]),
        ("Foo Bank, widely known as \"Foob\", grew", [("Foo Bank", "Foob")]),
        ("9999.HK 青禾-S 134.4 11.2", [("青禾", "9999.HK")]),
        ("| 青禾控股 | 0700.HK | 400 |", [("青禾控股", "0700.HK")]),
        ("2025年上半年泊江银行（Bojiang Bank）", [("泊江银行", "Bojiang Bank")]),
    ],
)  # fmt: skip
def test_pairs(text, pairs):
    assert [tuple(pair) for pair in alias_pairs(text)] == pairs


@pytest.mark.parametrize(
    "text",
    [
        "收入（百万元）",
        "销量（万辆）同比",
        "增长5%（去年同期为3%）",
        "本公司（以下简称“公司”或“本公司”）",
        "评级为“买入”",
        "净利润（未经审计）",
        "公司（含子公司）",
        "云岫银行与泊江银行净息差分别为1.5%和1.8%",
        "",
        "（（（“”",
    ],
)
def test_no_pairs(text):
    assert alias_pairs(text) == ()


def test_several_names_in_a_row_keep_their_own():
    assert [tuple(p) for p in alias_pairs("浚景置業（Tsunking）、嶺澄地產（Lingching Land）")] == [
        ("浚景置業", "Tsunking"),
        ("嶺澄地產", "Lingching Land"),
    ]


def test_time_is_bounded_on_long_lines():
    assert alias_pairs("（" * 3000 + "名" * 20000 + "称“" * 2000) is not None
