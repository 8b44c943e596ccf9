"""Terse broker notes: growths in brackets, times behind figures, bare heads, short names, codes."""

from functools import partial

import pytest

from rag import (
    aliases,
    cells,
    clauses,
    dated,
    figures,
    measures,
    period,
    repair,
    timing,
    verify,
)
from rag.coordinate import split
from rag.decompose import decompose
from rag.index import Index
from rag.period import Part
from rag.question import understand
from rag.resolve import resolve
from rag.schema import Draft
from rag.units import Kind
from tests import reading

QUARTER = "3Q25营业总收入47.33亿元(yoy+100.7%,qoq+40.4%)，归母净利润35.30亿元(yoy+77.7%,qoq+23.8%)，扣非34.34亿元(yoy+88.95%)。"


HEADING = "云海证券三季报点评"
found = partial(reading.found, heading=HEADING)
kept = partial(reading.kept, heading=HEADING)


def test_a_growth_in_brackets_is_of_the_sum_before_them():
    assert "23.8%" in found("云海证券3Q25归母净利润环比增长多少？", QUARTER)
    assert "40.4%" in found("云海证券3Q25营业总收入环比增长多少？", QUARTER)


def test_a_growth_on_the_year_is_none_on_the_quarter():
    assert (
        kept(
            "云海证券3Q25扣非净利润环比增长多少？",
            "云海证券3Q25扣非净利润环比增长88.95%。",
            QUARTER,
        )
        == ()
    )
    right = "云海证券3Q25扣非净利润同比增长88.95%。"
    assert kept("云海证券3Q25扣非净利润同比增长多少？", right, QUARTER) == (right,)


def test_a_time_in_brackets_is_that_of_the_figure_before_it():
    text = "三年目标依次为130亿元(2024年)、295亿元(至2025年累计)、503亿元(至2026年累计)。"
    years = {s.figure.text: timing.of(text, s).period for s in clauses.settings(text)}
    assert {n: p and p.year for n, p in years.items() if "元" in n} == {
        "130亿元": 2024,
        "295亿元": 2025,
        "503亿元": 2026,
    }


def test_brackets_that_hold_a_figure_of_their_own_time_keep_it():
    text = "2025年上半年收益138.76亿元(去年同期45.58亿元)。"
    setting = next(s for s in clauses.settings(text) if s.figure.text == "138.76亿元")
    assert timing.of(text, setting).period.year == 2025


def test_a_bare_head_is_of_the_column_before_it():
    table = "公司 | 前三季度营收(亿元) | 同比 | 归母净利润(亿元) | 同比\n甲机械 | 781.57 | +11.61% | 59.77 | +11.67%"
    heads = {table[c.start : c.end]: c.column for c in cells.find(table)}
    assert heads["+11.61%"] == "前三季度营收 同比" and heads["+11.67%"] == "归母净利润 同比"


def test_a_sum_is_of_what_it_is_said_to_be_a_part_of():
    text = "境外：前三季度213.13亿元（+20.80%），占总收入57.36%。"
    assert "213.13亿元" in found("云海证券前三季度境外收入是多少？", f"云海证券分区域看，{text}")


def test_a_time_in_a_row_shares_what_follows_the_last():
    text = "一季度、二季度、三季度GDP同比分别增长5.3%、4.7%、4.6%。"
    assert "4.7%" in found("二季度GDP同比增长多少？", text)


def test_a_time_alone_leans_on_the_clause_before():
    text = "精选组合方面，10月组合收益1.26%，9月为-0.94%。"
    heads = {s.figure.text: s.head.strip(" ，") for s in clauses.settings(text)}
    assert heads["-0.94%"] == "组合收益"


@pytest.mark.parametrize("text", ["2026年预测PE", "三季度EPS为", "9月CPI同比", "上半年GDP"])
def test_an_abbreviation_beside_chinese_characters_names_its_measure(text):
    assert measures.named(text) - measures.SIDE


def test_a_measure_in_traditional_script_is_named():
    assert "#loss" in measures.named("投資物業公平值虧損")


@pytest.mark.parametrize(
    ("text", "part", "month"),
    [
        ("in January-July 2018", Part.MONTHS, 7),
        ("Jan to Mar 2018", Part.Q1, None),
        ("the first ten months of 2018", Part.MONTHS, 10),
    ],
)
def test_a_run_of_months_in_english(text, part, month):
    (only,) = period.find(text)
    assert (only.year, only.part, only.month) == (2018, part, month)


def test_interest_in_hong_kong_is_counted_in_per_cent():
    (only,) = figures.find("平均融资成本3.9厘")
    assert only.kind is Kind.PERCENT and only.value.as_tuple().digits == (3, 9)
    assert figures.find("电价上调2厘/千瓦时")[0].kind is not Kind.PERCENT


def test_an_english_sum_is_told_in_chinese_with_the_original():
    (only,) = figures.find("US$6,842 million")
    assert repair.converted(only) == "68.42亿美元（US$6,842 million）"


def test_a_sum_written_out_with_a_slip_is_put_right():
    draft = "Yunhai sold 93,000 cars in 2024."
    told = kept(
        "How many cars did Yunhai sell in 2024?", draft, "2024年云海（Yunhai）销量增至93万辆。"
    )
    assert told and "93万辆" in told[0] and "93,000" not in told[0]


def test_what_asks_again_for_the_figure_is_no_question_of_its_own():
    assert split("甲、乙、丙三家，2025年营收增速最快的是谁？增速多少？") == ()
    assert decompose(None, understand("今年营收哪家更多？把两个数都给我")) == ()


def test_a_rate_that_two_share_is_asked_of_both():
    assert split("吉祥航空24Q3国内线、国际线客座率分别多少？") == (
        "吉祥航空24Q3国内线客座率多少？",
        "吉祥航空24Q3国际线客座率多少？",
    )
    assert "还有" not in "".join(split("云海银行的不良率、拨备覆盖率，还有净息差，分别是多少？"))


@pytest.fixture
def index(tmp_path, embedder):
    (tmp_path / "a.md").write_text(
        "# 重庆啤酒(600132)2024年报点评\n\n重庆啤酒2024年收入146.45亿元。\n\n"
        "# 工程机械三季报\n\n## 中联:外销回暖\n\n前三季度境外收入213.13亿元。中联重科(000157)发债。\n",
        encoding="utf-8",
    )
    opened = Index.create(tmp_path / "indexes" / "t", embedder)
    opened.add([tmp_path / "a.md"])
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "asked", "other"),
    [
        ("重啤2024年收入是多少？", "重啤", "重庆啤酒"),
        ("中联重科前三季度境外收入是多少？", "中联重科", "中联"),
        ("What was the revenue of Chongqing Brewery in 2024?", "Chongqing Brewery", "重庆啤酒"),
        ("600132的2024年收入是多少？", "600132", "重庆啤酒"),
    ],
)
def test_a_name_is_known_however_it_is_shortened(index, question, asked, other):
    names = {n.asked: n.forms for n in resolve(understand(question), index).names}
    assert other in names[asked]


def test_a_common_word_in_a_heading_is_no_short_name(tmp_path, embedder):
    (tmp_path / "b.md").write_text("# 点评\n\n## 收入:增长放缓\n\n收入10亿元。\n", encoding="utf-8")
    opened = Index.create(tmp_path / "indexes" / "u", embedder)
    opened.add([tmp_path / "b.md"])
    names = resolve(understand("云海的收入增长多少？"), opened).names
    opened.close()
    assert not any("收入" in n.forms for n in names)


def test_a_listed_company_whose_name_ends_like_a_house_is_the_subject():
    text = "中芯国际2024年收入80.3亿美元，毛利率18.0%。"
    assert "18.0%" in found("中芯国际2024年的毛利率是多少？", text)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("2025年三季度营收：甲公司 vs 乙公司，哪家大？把两个数都给我", ("甲公司", "乙公司")),
        (
            "2022年上半年，养老基金跟混合基金比谁跌得少？平均收益率分别多少",
            ("养老基金", "混合基金"),
        ),
        ("2018年乘用车和商用车的销量增速哪个快，同比各是多少？", ("乘用车", "商用车")),
    ],
)
def test_a_comparison_in_any_order_of_words_is_asked_of_both_sides(question, parts):
    found = split(understand(question).text)
    assert len(found) == 2 and all(side in one for side, one in zip(parts, found, strict=True))
    assert not any("比的" in one or "哪" in one or "谁" in one for one in found)


def test_what_a_change_is_reckoned_from_is_not_the_time_asked_for():
    assert understand("失业率环比8月降了几个百分点？").periods == ()
    assert [p.month for p in understand("9月失业率环比8月降了几个百分点？").periods] == [9]


def test_an_index_with_its_number_is_no_echo_of_the_question():
    text = "SCC factor: the IC_IR was 1.25 in all A-shares."
    draft = "The IC_IR of the SCC factor within the SSE 50 was 1.25."
    assert kept("What was the IC_IR of the SCC factor within the SSE 50?", draft, text) == ()


def test_the_day_asked_for_is_not_the_month_that_the_question_names():
    text = "相关报告：《2024年10月策略：长阶段》。《2024年9月策略》发布于2024-10-03。"
    query, shown = (
        understand("《2024年10月策略》是哪一天发布的？"),
        (reading.passage(text, HEADING),),
    )
    drafted = Draft(query.original, shown, "《2024年10月策略》是2024年10月发布的。", "", "")
    checked = verify.check(query, drafted)
    told = dated.answered(query, shown, checked).sentences
    assert all("10月发布的" not in s.text for s in told)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("美的跟海尔智家2025年谁的利润增得快？", True),
        ("海尔和美的上半年收入各多少？", True),
        ("完美的2024年是什么意思？", False),
        ("有没有理想的2024年报告？", False),
    ],
)
def test_a_name_that_is_a_common_word_is_known_where_it_opens_what_is_asked(question, named):
    found = {n.asked for n in aliases.expand(question)}
    assert bool(found & {"美的", "理想"}) is named


def test_a_time_that_another_is_compared_with_dates_nothing():
    text = "资产负债表（24Q3末 vs 24Q2末）：\n合同负债58.14亿元，增加28.62亿元。"
    assert timing.main(text.split("\n")[0]).part is Part.Q3


def test_a_day_is_not_of_the_year_in_which_something_began():
    text = "自2019年开启三年高速发展，截至6月30日，规模达到1.45万亿。"
    setting = next(s for s in clauses.settings(text) if s.figure.text == "1.45万亿")
    assert timing.of(text, setting).period.year is None


def test_a_number_of_the_question_is_no_echo_unless_it_is_the_code_of_a_share():
    text = "云海汽车2024年全年销量为93万辆，产量为95万辆。"
    told = kept("云海汽车2024年是不是卖了930001？", "云海汽车2024年全年销量为930001。", text)
    assert not any("930001" in sentence for sentence in told)
    told = kept(
        "600519三季度末存货是多少？", "600519三季度末存货为53亿元。", "贵州茅台三季度末存货53亿元。"
    )
    assert told == ("600519三季度末存货为53亿元。",)
