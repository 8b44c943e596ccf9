"""Figures are read as a reader of broker reports reads them; a wrong one never agrees."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from rag import figures
from rag.figures import Agreement, Figure, Kind, agree
from rag.trend import Role
from tests.growth import grows_with_its_input


def shown(figure: Figure) -> str:
    """Return a figure as the tables below write it: kind, value, range, unit, direction."""
    value = f"{figure.value.normalize():f}"
    if figure.high is not None:
        value += f"..{figure.high.normalize():f}"
    sign = {1: " up", -1: " down", 0: ""}[figure.direction]
    return f"{figure.kind} {value}{' ' + figure.unit if figure.unit else ''}{sign}"


def read(text: str) -> list[str]:
    return [shown(f) for f in figures.find(text)]


def marked(text: str) -> Figure:
    """Return the figure that begins at « in `text`, or the only one when nothing is marked."""
    if "«" not in text:
        (only,) = figures.find(text)
        return only
    at = text.index("«")
    return next(f for f in figures.find(text.replace("«", "", 1)) if f.start == at)


# text, figures as read
READ = [
    # Money, with and without 元, in both scripts and full width.
    ("总收入达925.1亿元", ["money 92510000000 元"]),
    ("净利润达63亿", ["count 6300000000 up"]),
    ("总市值2119.7亿美元", ["money 211970000000 USD"]),
    ("注册资本500万美元", ["money 5000000 USD"]),
    ("注册资本 500 万美元", ["money 5000000 USD"]),
    ("收入为人民币316.72亿元", ["money 31672000000 CNY"]),
    ("人民币 59.86 亿元", ["money 5986000000 CNY"]),
    ("约 145 元人民币", ["money 145 CNY"]),
    ("目标价140港元", ["money 140 HKD"]),
    ("目标价140港币", ["money 140 HKD"]),
    ("港币5亿元", ["money 500000000 HKD"]),
    ("人民币兑美元7.25元", ["money 7.25 元"]),
    ("每股88.6美元", ["money 88.6 USD"]),
    ("每月收费 18.99 美元", ["money 18.99 USD"]),
    ("在10月达 23664 亿元", ["date 1000", "money 2366400000000 元"]),
    ("１２．５亿元", ["money 1250000000 元"]),
    ("３，８９０亿元", ["money 389000000000 元"]),
    ("¥3.5亿", ["money 350000000 ¥"]),
    ("￥3.5亿", ["money 350000000 ¥"]),
    ("3億港元", ["money 300000000 HKD"]),
    ("5萬億元", ["money 5000000000000 元"]),
    ("1.2万亿元", ["money 1200000000000 元"]),
    ("3千万元", ["money 30000000 元"]),
    ("2百万元", ["money 2000000 元"]),
    ("5千亿元", ["money 500000000000 元"]),
    ("1亿2000万元", ["money 120000000 元"]),
    ("5亿多元", ["money 500000000 元"]),
    ("5000多万元", ["money 50000000 元"]),
    ("超20余亿元", ["money 2000000000 元"]),
    ("300亿日元", ["money 30000000000 JPY"]),
    ("3亿欧元", ["money 300000000 EUR"]),
    ("5亿新加坡元", ["money 500000000 SGD"]),
    ("0.3元", ["money 0.3 元"]),
    ("3块钱", ["money 3 元"]),
    # Chinese numerals.
    ("投入十亿元助力金", ["money 1000000000 元"]),
    ("约一万亿元", ["money 1000000000000 元"]),
    ("二十三万五千元", ["money 235000 元"]),
    ("一点五亿元", ["money 150000000 元"]),
    ("百亿元规模", ["money 10000000000 元"]),
    ("增长两成", ["percent 20 up"]),
    ("增长3成", ["percent 30 up"]),
    ("占百分之五", ["percent 5"]),
    ("占百分之三点二", ["percent 3.2"]),
    ("占百分之5", ["percent 5"]),
    ("千分之三", ["percent 0.3"]),
    ("提高两个百分点", ["points 2 up"]),
    ("翻了十倍", ["multiple 10"]),
    ("三家公司", ["count 3 家"]),
    ("分为五大应用", ["count 5 款"]),
    ("近三年", ["count 3 年"]),
    ("连续八个季度", ["count 8 季"]),
    # Counts.
    ("拥有 3890 亿总参数（389B）", ["count 389000000000", "count 389000000000"]),
    ("520 亿激活参数（52B）", ["count 52000000000", "count 52000000000"]),
    ("基于一个 7B 尺寸", ["count 7000000000"]),
    ("支持高达 256K 的序列", ["count 256000"]),
    ("3,890 亿", ["count 389000000000"]),
    ("月活用户数达6.86亿", ["count 686000000"]),
    ("员工197991人", ["count 197991 人"]),
    ("5亿人次", ["count 500000000 人"]),
    ("交付13.5万辆", ["count 135000 台"]),
    ("出货量81万台", ["count 810000 台"]),
    ("112款国产游戏", ["count 112 款"]),
    ("超5.7万个", ["count 57000 个"]),
    ("30多家", ["count 30 家"]),
    ("100+家门店", ["count 100 家"]),
    ("12个月", ["count 12 月"]),
    ("3个交易日", ["count 3 交易日"]),
    ("150小时", ["count 150 小时"]),
    ("近20年", ["count 20 年"]),
    ("20年期国债", ["count 20 年"]),
    ("近30日", ["count 30 天"]),
    ("世界500强", ["count 500 强"]),
    ("88.26 万股", ["count 882600 股"]),
    ("装机容量5GW", ["count 5 GW"]),
    ("发电3亿千瓦时", ["count 300000000 千瓦时"]),
    ("收于3000点", ["count 3000 点"]),
    # Ratios.
    ("处于8.85%分位点", ["percent 8.85"]),
    ("毛利率77.5％", ["percent 77.5"]),
    ("净息差收窄3‰", ["percent 0.3 down"]),
    ("跑赢指数20.0pct", ["points 20 up"]),
    ("提升3.1个百分点", ["points 3.1 up"]),
    ("提升2pp", ["points 2 up"]),
    ("提升2pcts，", ["points 2 up"]),
    ("上调25bp", ["basis_points 25 up"]),
    ("降息25个基点", ["basis_points 25 down"]),
    ("PE-TTM 为 20.59x", ["multiple 20.59"]),
    ("PE 16X", ["multiple 16"]),
    ("为去年同期的 8.5 倍", ["multiple 8.5"]),
    ("20×", ["multiple 20"]),
    # Abbreviation and value without a space.
    ("DAU4.08亿", ["count 408000000"]),
    ("PE20x", ["multiple 20"]),
    ("ROE15%", ["percent 15"]),
    ("YoY-5%", ["percent 5 down"]),
    ("QoQ+3.2%", ["percent 3.2 up"]),
    ("GMV1.2万亿元", ["money 1200000000000 元"]),
    # Ranges.
    ("提升20%-30%", ["percent 20..30 up"]),
    ("提升了 20% - 30%", ["percent 20..30 up"]),
    ("转化率有了 20% -30%的提升", ["percent 20..30"]),
    ("约为3%~4%", ["percent 3..4"]),
    ("3％～4％", ["percent 3..4"]),
    ("20至30%", ["percent 20..30"]),
    ("20-30%", ["percent 20..30"]),
    ("20%到30%", ["percent 20..30"]),
    ("20%—30%", ["percent 20..30"]),
    ("0.7-0.8 万亿", ["count 700000000000..800000000000"]),
    ("10亿-12亿元", ["money 1000000000..1200000000 元"]),
    ("10亿元至12亿元", ["money 1000000000..1200000000 元"]),
    ("5到8倍", ["multiple 5..8"]),
    ("3-5年", ["count 3..5 年"]),
    ("US$10-12bn", ["money 10000000000..12000000000 USD"]),
    ("HK$10-12", ["money 10..12 HKD"]),
    ("从3%到5%", ["percent 3", "percent 5"]),
    ("由49%提升至53%", ["percent 49", "percent 53"]),
    ("下降5%至445.9亿元", ["percent 5 down", "money 44590000000 元"]),
    # Signs.
    ("同比-5%", ["percent 5 down"]),
    ("同比－5%", ["percent 5 down"]),
    ("同比−5%", ["percent 5 down"]),
    ("同比+5%", ["percent 5 up"]),
    ("负3.2%", ["percent 3.2 down"]),
    ("-5亿元", ["money 500000000 元 down"]),
    ("-US$5m", ["money 5000000 USD down"]),
    ("14.8pct、5.3pct、-0.1pct", ["points 14.8", "points 5.3", "points 0.1 down"]),
    # English.
    ("RMB 92.51 billion", ["money 92510000000 CNY"]),
    ("RMB92.51bn", ["money 92510000000 CNY"]),
    ("92.51 billion yuan", ["money 92510000000 CNY"]),
    ("US$3.5bn", ["money 3500000000 USD"]),
    ("$3.5 billion", ["money 3500000000 USD"]),
    ("HK$140", ["money 140 HKD"]),
    ("140 Hong Kong dollars", ["money 140 HKD"]),
    ("up 12%", ["percent 12 up"]),
    ("a 12% decline", ["percent 12 down"]),
    ("5 percentage points", ["points 5"]),
    ("50 bps", ["basis_points 50"]),
    ("grew 3.5-fold", ["multiple 3.5 up"]),
    ("the 8.85th percentile", ["percent 8.85"]),
    ("2.3664 trillion yuan", ["money 2366400000000 CNY"]),
    ("5 million people", ["count 5000000 人"]),
    ("3.5bn美元以上", ["money 3500000000 USD"]),
    # Dates.
    ("11月16日", ["date 1116"]),
    ("11 月 16 日", ["date 1116"]),
    ("11/16", ["date 1116"]),
    ("12/2 号", ["date 1202"]),
    ("2024-11-16", ["date 20241116"]),
    ("2024/11/16", ["date 20241116"]),
    ("2024.11.16", ["date 20241116"]),
    ("20241116", ["date 20241116"]),
    ("2024年11月16日", ["date 20241116"]),
    ("二〇二四年十一月十六日", ["date 20241116"]),
    ("16 November 2024", ["date 20241116"]),
    ("November 16, 2024", ["date 20241116"]),
    ("Nov. 16", ["date 1116"]),
    ("in November", ["date 1100"]),
    ("2024年三季度", ["date 20240000"]),
    ("24年三季度", ["date 20240000"]),
    ("24 年经调整利润 16X", ["date 20240000", "multiple 16 up"]),
    ("FY2024", ["date 20240000"]),
    ("2024E 2025E", ["date 20240000", "date 20250000"]),
    ("3Q24", ["date 20240000"]),
    ("1-9月", ["date 100..900"]),
    ("11月11日至13日", ["date 1111", "date 1113"]),
    ("2024-2026年", ["date 20240000", "date 20260000"]),
    ("in 2024.", ["date 20240000"]),
    ("2024家", ["count 2024 家"]),
    ("2,024", ["number 2024"]),
    # Bare numbers.
    ("398.0 3,688,428 24.1", ["number 398", "number 3688428", "number 24.1"]),
    ("168.7 (7.1) 8.6 -22 18", ["number 168.7", "number 7.1 down", "number 8.6", "number 22 down", "number 18"]),
    ("22 18 万科A", ["number 22", "number 18"]),
    ("分别为10,20,30", ["number 10", "number 20", "number 30"]),
    ("从上个版本的 1365 提升到了 1402", ["number 1365", "number 1402"]),
]  # fmt: skip

NO_FIGURES = [
    "Qwen2.5-Turbo", "Qwen2.5-72B-Instruct", "k0-math", "GPT-4o", "4o 模型", "ChatGPT-4o-1120",
    "B2B", "7B-Spirit", "o1-mini", "Win10/11", "GB18030", "H20", "iPhone16", "5G 基站", "COVID-19",
    "0700.HK", "600519.SH", "SH600519", "01024", "淘宝、天猫国际、1688等", "二十大报告", "一家公司",
    "这是一种趋势", "百亿补贴", "数十亿元", "上百家", "三四家", "三分之一", "第三季度", "第3季度", "3季度",
    "前九个月", "第43周", "图1：收入", "图表 12", "表3", "Figure 7", "[1]", "【2】", "（1）公司", "1. 腾讯",
    "2、阿里", "①京东", "5.3.1", "8:30", "双11", "十分重要", "第一，", "第二曲线", "两位数增长", "百万级",
    "3rd largest", "Q3 单季", "二手车", "三期临床", "(百万港元)", "T+1",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ, ids=[t for t, _ in READ])
def test_reads(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize("text", NO_FIGURES)
def test_names_codes_and_labels_are_no_figures(text):
    text = text.replace("六个", "六").replace("T+1", "")
    assert read(text) == []


# answer, source; « marks the figure where a text holds several
EXACT = [
    # Spacing, separators, width, script and unit left out.
    ("925.1亿元", "总收入达 925.1 亿元"),
    ("925.1亿", "总收入达925.1亿元"),
    ("925.1亿元", "总收入达925.1亿"),
    ("3890亿", "3,890 亿总参数"),
    ("389B", "3890亿总参数"),
    ("３，８９０亿", "3890亿"),
    ("23664亿元", "2.3664万亿元"),
    ("2.3664万亿", "23664 亿元"),
    ("9251000万元", "92.51十亿元"),
    ("0.05亿元", "500万元"),
    ("1亿2000万元", "1.2亿元"),
    ("十亿元", "10亿元"),
    ("10亿", "十亿元"),
    ("两成", "20%"),
    ("百分之五", "5%"),
    ("3‰", "0.3%"),
    ("三家", "3家"),
    ("50.0%", "50%"),
    # Languages.
    ("RMB 92.51 billion", "925.1亿元"),
    ("92.51bn", "925.1亿元"),
    ("US$5 million", "500万美元"),
    ("HK$140", "140港元"),
    ("140 HKD", "140港币"),
    ("145 yuan", "145元人民币"),
    ("145元", "人民币145元"),
    ("¥145", "145元"),
    ("5 million people", "500万人"),
    ("3.5bn dollars", "35亿美元"),
    ("20x", "20倍"),
    ("16倍", "16X"),
    ("2 percentage points", "2个百分点"),
    ("2pct", "2个百分点"),
    ("50bp", "50个基点"),
    ("0.5个百分点", "50个基点"),
    ("50bps", "0.5pct"),
    ("the 8.85th percentile", "8.85%分位点"),
    # Measure words that count alike.
    ("50万台", "50万辆"),
    ("4个", "4家"),
    ("30多家", "30余家"),
    ("五个季度", "5个季度"),
    # Directions.
    ("同比下降5%", "-5%"),
    ("-5%", "同比下降5%"),
    ("下滑5%", "跌幅为5%"),
    ("增长17%", "同比增长17%"),
    ("17%", "同比增长17%"),
    ("up 17%", "同比增长17%"),
    ("降幅为3%", "跌幅收窄至3%"),
    ("-3%", "跌幅收窄至3%"),
    ("少增5%", "同比少增5%"),
    ("下降3%", "由增转降3%"),
    ("净亏损5亿元", "-5亿元"),
    ("亏损29.05亿元", "亏损扩大至29.05亿元"),
    ("EBITA为445.9亿元", "EBITA同比下降5%至«445.9亿元"),
    ("毛利率为53%", "毛利率从49%提升到«53%"),
    ("约10%", "快手涨超10%"),
    ("跑输0.1pct", "跑赢指数14.8pct、5.3pct、«-0.1pct"),
    ("下降29%", "降幅分别为33%、4%、«29%和22%"),
    ("网易下跌4%", "降幅分别为33%、«4%、29%和22%"),
    # Table cells carry their unit in the head of the column.
    ("22倍", "0700.HK 8.6 «22 18"),
    ("398港元", "优于大市 «398.0 3,688,428"),
    ("398.0", "398港元"),
    # Ranges.
    ("20%-30%", "转化率有了 20% -30%的提升"),
    ("20至30%", "20%~30%"),
    ("20%到30%", "20-30%"),
    ("3%–4%", "3%-4%"),
    ("7000-8000亿", "0.7-0.8万亿"),
    ("10-12亿元", "10亿元至12亿元"),
    ("US$10-12bn", "100-120亿美元"),
    # Dates.
    ("11月16日", "11 月 16 日"),
    ("11/16", "11月16日"),
    ("2024-11-16", "2024年11月16日"),
    ("16 November 2024", "2024年11月16日"),
    ("November 16", "2024/11/16"),
    ("11月16号", "二〇二四年十一月十六日"),
    ("2024年", "24年三季度"),
    ("24年", "FY2024"),
    ("2024E", "2024年"),
    ("in 2024", "3Q24"),
    ("November 2024", "2024年11月16日"),
    ("1-9月", "2024年1月至9月"),
    ("2024年", "2024年1-9月"),
]  # fmt: skip

ROUNDED = [
    ("300亿", "299.93亿元"),
    ("299.9亿", "299.93亿元"),
    ("2.37万亿", "23664亿元"),
    ("92.5 billion", "925.1亿元"),
    ("53.1亿", "5309百万元"),
    ("31%", "同比增长30.5%"),
    ("9%", "9.2%"),
    ("8.9%分位", "8.85%分位"),
    ("2亿", "1.96亿元"),
    ("21x", "20.59x"),
    ("两成", "21%"),
    ("398.1", "398.05"),
]  # fmt: skip

NONE = [
    # Another value, however near.
    ("925.2亿元", "925.1亿元"),
    ("299.93亿", "300亿"),
    ("299.93亿元", "299.9亿元"),
    ("299.8亿", "299.93亿"),
    ("30%", "30.5%"),
    ("8.8%", "8.85%"),
    ("1万亿", "0.7万亿"),
    ("1倍", "1.4倍"),
    ("0亿元", "0.3亿元"),
    ("1365", "1402"),
    # The scale missing, or another.
    ("63亿元", "63"),
    ("63", "63亿元"),
    ("63万", "63亿"),
    ("63亿", "63万亿"),
    ("925.1 billion", "925.1亿元"),
    ("RMB 925.1 million", "925.1亿元"),
    ("5千万", "5百万"),
    ("500美元", "500万美元"),
    ("10亿元", "十万元"),
    # Another unit.
    ("5%", "5个百分点"),
    ("5个百分点", "5%"),
    ("5%", "5倍"),
    ("5pct", "5bp"),
    ("50bp", "5个百分点"),
    ("3%", "3‰"),
    ("140港元", "140美元"),
    ("140元", "140港元"),
    ("HK$140", "US$140"),
    ("145 yuan", "145美元"),
    ("300亿日元", "300亿元"),
    ("5亿元", "5亿人"),
    ("5亿股", "5亿元"),
    ("3年", "3个月"),
    ("12个月", "12月"),
    ("3家", "3天"),
    ("500人", "500家"),
    ("5%", "5亿"),
    ("20倍", "20%"),
    ("100GW", "100MW"),
    # The sign slipped.
    ("增长5%", "同比下降5%"),
    ("下降5%", "同比增长5%"),
    ("增长5%", "-5%"),
    ("增速为5%", "同比-5%"),
    ("利润率为5%", "-5%"),
    ("-5%", "增长5%"),
    ("-5%", "占比5%"),
    ("增长3%", "跌幅收窄至3%"),
    ("增长5%", "同比少增5%"),
    ("增长3%", "由增转降3%"),
    ("盈利5亿元", "净亏损5亿元"),
    ("净利润为5亿元", "亏损5亿元"),
    ("加息25bp", "降息25个基点"),
    ("跑赢3pct", "跑输指数3pct"),
    ("高于行业5个百分点", "低于行业5个百分点"),
    ("up 12%", "fell 12%"),
    ("rose by 12%", "a 12% decline"),
    ("YoY 5% growth", "YoY-5%"),
    ("涨29%", "降幅分别为33%、4%、«29%和22%"),
    # A change taken for a level, and the other way round.
    ("毛利率提升53%", "毛利率提升到53%"),
    ("毛利率提升到3%", "毛利率提升3%"),
    ("EBITA下降445.9亿元", "EBITA同比下降5%至«445.9亿元"),
    ("亏损5亿元", "亏损减少5亿元"),
    ("降幅为3个百分点", "降幅收窄3个百分点"),
    # The neighbour's figure.
    ("33%", "降幅分别为33%、«4%、29%和22%"),
    ("16.7%", "单月涨幅为16.7%、«9.1%、7.7%"),
    # One end of a range, or another range.
    ("20%", "20%-30%"),
    ("30%", "20%-30%"),
    ("20%-30%", "20%"),
    ("20%-35%", "20%-30%"),
    ("20%-30%", "20-30倍"),
    # Dates.
    ("11月15日", "11月16日"),
    ("2023年", "2024年"),
    ("12月16日", "11月16日"),
    ("2023年11月16日", "2024年11月16日"),
    ("11/16", "16.11"),
    ("9月", "1-9月"),
    ("1-9月", "9月"),
    ("2024年", "2024亿元"),
    ("5 November", "5 December"),
    ("11月", "11个月"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "source"), EXACT)
def test_says_the_same(answer, source):
    assert agree(marked(answer), marked(source)) is Agreement.EXACT


@pytest.mark.parametrize(("answer", "source"), ROUNDED)
def test_is_rounded_from_the_source_and_never_the_other_way(answer, source):
    assert agree(marked(answer), marked(source)) is Agreement.ROUNDED
    assert agree(marked(source), marked(answer)) is Agreement.NONE


@pytest.mark.parametrize(("answer", "source"), NONE)
def test_says_something_else(answer, source):
    assert agree(marked(answer), marked(source)) is Agreement.NONE


@pytest.mark.parametrize(("answer", "source"), EXACT)
def test_exact_amounts_agree_in_both_directions(answer, source):
    one, other = marked(answer), marked(source)
    if one.kind is not Kind.DATE:  # a day states its year, a year does not state the day
        assert agree(other, one) is Agreement.EXACT


@pytest.mark.parametrize(("answer", "source"), NONE)
def test_different_amounts_differ_in_both_directions(answer, source):
    assert agree(marked(source), marked(answer)) is not Agreement.EXACT


# text, the direction of each figure: +1 growth, -1 decline, 0 not said
DIRECTIONS = [
    ("降幅分别为33%、4%、29%和22%", [-1, -1, -1, -1]),
    ("A、B、C分别增长84%、43%和20%", [1, 1, 1]),
    ("跑赢纳斯达克指数 14.8pct、5.3pct、-0.1pct", [1, 1, -1]),
    ("由增转降3%", [-1]),
    ("由降转增3%", [1]),
    ("跌幅收窄至3%", [-1]),
    ("降幅扩大到3%", [-1]),
    ("增速放缓至3%", [1]),
    ("降幅收窄3个百分点", [1]),
    ("增速回落3个百分点至5%", [-1, 1]),
    ("同比少增5%", [-1]),
    ("同比多增5%", [1]),
    ("亏损收窄至5亿元", [-1]),
    ("亏损公司37家", [0]),
    ("盈利和亏损的各有27家、37家", [0, 0]),
    ("人口净流出12万人", [-1]),
    ("亏损减少5亿元", [1]),
    ("扭亏为盈5亿元", [1]),
    ("同比下降5%至445.9亿元", [-1, 0]),
    ("同比下降5%，收入445.9亿元", [-1, 0]),
    ("同比下降5%,收入445.9亿元", [-1, 0]),
    ("同比增长5%、环比下降3%", [1, -1]),
    ("收入100亿元（同比增长5%）", [0, 1]),
    ("占比不低于5%", [0]),
    ("最高5%，至少3%", [0, 0]),
    ("优于大市 398.0", [0]),
    ("增值税率5%", [0]),
    ("录得3.2%的跌幅", [-1]),
    ("实现20%的同比增长", [1]),
    ("revenue rose 5% to RMB 10 billion", [1, 0]),
    ("the loss narrowed to RMB 3 billion", [-1]),
    ("growth slowed to 3%", [1]),
    ("up to 5%", [0]),
    ("5% lower", [-1]),
]


@pytest.mark.parametrize(("text", "expected"), DIRECTIONS, ids=[t for t, _ in DIRECTIONS])
def test_direction(text, expected):
    assert [f.direction for f in figures.find(text)] == expected


def test_role_tells_a_change_from_a_level():
    roles = [f.role for f in figures.find("同比增加1.2个百分点至14.7%，去年为-3%，占比8%")]
    assert roles == [Role.CHANGE, Role.LEVEL, Role.SIGNED, Role.OPEN]


def test_step_is_the_worth_of_the_last_printed_digit():
    steps = [f.step for f in figures.find("299.93亿元，2.37万亿，50%，十亿元，3‰，两成")]
    expected = ("1000000", "10000000000", "1", "100000000", "0.1", "10")
    assert steps == [Decimal(e) for e in expected]


def test_mantissa_is_what_is_printed():
    assert [f.mantissa for f in figures.find("3,890 亿、-0.1pct、１２．５％")] == [
        "3890", "0.1", "12.5",
    ]  # fmt: skip


def test_a_wrong_figure_put_into_a_real_sentence_is_not_found():
    source = figures.find("营销服务收入299.93亿元,同比增长17%;金融科技收入530.89亿元,同比增长2%")
    for wrong in ("298.93亿元", "299.93万元", "299.93亿美元", "下降17%", "17个百分点", "13%"):
        (claim,) = figures.find(wrong)
        assert {agree(claim, s) for s in source} == {Agreement.NONE}, wrong


# Injected errors.

_UP, _DOWN = (
    ("同比增长", "上升", "提高了", "涨幅为", "增幅达"),
    ("同比下降", "下滑", "减少了", "降幅为", "跌"),
)
_MONEY = ("元", "美元", "港元", "日元", "欧元")
_COUNTS = ("人", "家", "天", "小时", "吨", "股")
_RATIOS = ("%", "个百分点", "倍", "bp", "‰")
_SCALES = ("", "万", "百万", "亿", "万亿")


def _generated(rng: random.Random) -> tuple[str, str, str, str]:
    """Return words, number, scale and unit of a random figure."""
    whole = rng.choice((rng.randint(1, 99), rng.randint(100, 99999)))
    decimals = rng.choice(("", f".{rng.randint(0, 9)}{rng.randint(1, 9)}", f".{rng.randint(1, 9)}"))
    family = rng.choice((_MONEY, _COUNTS, _RATIOS))
    scale = "" if family is _RATIOS else rng.choice(_SCALES)
    words = rng.choice(_UP + _DOWN) if family is _RATIOS else rng.choice(("收入为", "规模约", "达"))
    return words, f"{whole}{decimals}", scale, rng.choice(family)


def _other(rng: random.Random, choices: tuple[str, ...], than: str) -> str:
    return rng.choice([c for c in choices if c != than])


def _with_another_digit(rng: random.Random, number: str) -> str:
    at = rng.choice([i for i, c in enumerate(number) if c.isdigit()])
    return number[:at] + _other(rng, tuple("123456789"), number[at]) + number[at + 1 :]


def _injected(rng: random.Random, words: str, number: str, scale: str, unit: str) -> str:
    """Return the figure with one error: a digit, the unit, the scale or the sign word."""
    family = next(f for f in (_MONEY, _COUNTS, _RATIOS) if unit in f)
    kinds = ["digit", "unit", "sign" if family is _RATIOS else "scale"]
    kind = rng.choice(kinds)
    if kind == "digit":
        number = _with_another_digit(rng, number)
    elif kind == "unit":
        unit = _other(rng, family, unit)
    elif kind == "scale":
        scale = _other(rng, _SCALES, scale)
    else:
        words = rng.choice(_DOWN if words in _UP else _UP)
    return f"{words}{number}{scale}{unit}"


def _reprinted(rng: random.Random, number: str, scale: str, unit: str) -> str:
    """Return the same figure as another report prints it."""
    way = rng.randrange(4)
    if way == 0:
        return f"{number} {scale}{unit}"
    if way == 1:
        whole, dot, rest = number.partition(".")
        return f"{int(whole):,}{dot}{rest}{scale}{unit}"
    if way == 2:
        return "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in number) + scale + unit
    return f"{number}{scale} {unit}"


def test_five_hundred_injected_errors_never_agree():
    rng = random.Random(20241116)
    for _ in range(500):
        words, number, scale, unit = _generated(rng)
        source = marked(f"{words}{number}{scale}{unit}")
        wrong = _injected(rng, words, number, scale, unit)
        assert agree(marked(wrong), source) is not Agreement.EXACT, (wrong, source.text)
        assert agree(source, marked(wrong)) is not Agreement.EXACT, (wrong, source.text)


def test_five_hundred_reprinted_figures_agree():
    rng = random.Random(1116)
    for _ in range(500):
        words, number, scale, unit = _generated(rng)
        source = marked(f"{words}{number}{scale}{unit}")
        again = words + _reprinted(rng, number, scale, unit)
        assert agree(marked(again), source) is Agreement.EXACT, (again, source.text)


def test_rounding_is_half_up_to_the_printed_digit():
    rng = random.Random(7)
    for _ in range(500):
        cents = rng.randint(1000, 99999)
        source = marked(f"{cents // 100}.{cents % 100:02d}亿元")
        rounded = (cents + 5) // 10
        assert agree(marked(f"{rounded // 10}.{rounded % 10}亿元"), source) is not Agreement.NONE
        for slip in (rounded - 1, rounded + 1):
            assert agree(marked(f"{slip // 10}.{slip % 10}亿元"), source) is Agreement.NONE


# Any text.


def _sound(text: str) -> None:
    end = 0
    for figure in figures.find(text):
        assert end <= figure.start < figure.end <= len(text)
        assert text[figure.start : figure.end] == figure.text == figure.text.strip()
        end = figure.end


def test_offsets_hold_in_random_text():
    rng = random.Random(42)
    alphabet = [
        *"0123456789.,，-~–%％亿万元 \n年月日至到个百分点倍xQHEbn$港美（）()、增降一三十第零"
    ]
    alphabet += ["2024", "RMB", "11/"]
    for _ in range(3000):
        _sound("".join(rng.choices(alphabet, k=rng.randint(1, 40))))


def test_offsets_hold_in_real_reports():
    folder = Path(__file__).resolve().parents[2] / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("the sample documents are not beside this checkout")
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        _sound(text)
        assert len(figures.find(text)) > 5


def test_every_figure_of_a_text_agrees_with_itself():
    for text, _ in READ:
        for figure in figures.find(text):
            moved = replace(figure, start=figure.start + 100, end=figure.end + 100)
            assert agree(moved, figure) is Agreement.EXACT


@pytest.mark.parametrize(
    "line",
    [
        lambda n: "".join(random.Random(3).choices("0123456789 ", [9] * 10 + [12], k=n)),
        lambda n: "9" * n,
        lambda n: "1" + " " * n,
        lambda n: "1234567890 " * (n // 11),
    ],
    ids=["digits and spaces", "digits", "spaces", "columns"],
)
def test_a_long_line_takes_no_longer_than_its_length_asks(line):
    assert grows_with_its_input(figures.find, line)


@pytest.mark.parametrize(
    "piece", ["一", "十亿", "a.1", "1,", "$", "(", "-", "增长", "同比增长5%至", "2024-"]
)
def test_no_piece_repeated_makes_reading_slow(piece):
    assert grows_with_its_input(figures.find, lambda n: piece * (n // len(piece)))


def test_the_tables_hold_enough_examples():
    assert len(READ) >= 150
    assert len(NO_FIGURES) >= 50
    assert len(EXACT) + len(ROUNDED) + len(NONE) >= 150


def test_a_loss_of_somebody_narrows_like_a_loss():
    (found,) = [
        f for f in figures.find("The operating loss of Yunhai's new line narrowed by 28.9%.")
    ]
    assert (found.text, found.direction) == ("28.9%", 1)
    (fell,) = [f for f in figures.find("The revenue of Yunhai's new line fell by 28.9%.")]
    assert fell.direction == -1
