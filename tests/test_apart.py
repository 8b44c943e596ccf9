"""What looks like the asked figure and is another's: namesakes, sizes, adjusted sums, years, directions, scripts."""

import pytest

from rag import (
    contrary,
    enumeration,
    evidence,
    followup,
    lexicon,
    pairs,
    repair,
    tableunits,
)
from rag.coordinate import split
from rag.measures import named
from rag.period import Period
from rag.question import understand
from rag.text import Span, plain
from rag.verify import Checked, CheckedSentence, Evidence
from tests.reading import found, kept, passage

PORTFOLIOS = (
    "2016年以来，双轮组合年化收益13.27%，最大回撤-22.05%，收益只比单独持有云杉组合低0.58个百分点。"
)
OPTICS = "三季度800G出了约21万只，1.6T约2.1万只。另外小批试产今年出货不到1万只。"


def test_a_figure_of_a_namesake_is_not_the_asked_ones():
    assert found("2016年以来云杉组合的最大回撤是多少？", PORTFOLIOS) == ""
    assert kept("云杉组合的最大回撤是多少？", "云杉组合的最大回撤为-22.05%。", PORTFOLIOS) == ()
    assert "-22.05%" in found("2016年以来双轮组合的最大回撤是多少？", PORTFOLIOS)


def test_a_product_named_by_its_size_takes_no_figure_of_another_size():
    assert kept("三季度800G出货多少只？", "三季度800G出货约21万只。", OPTICS)
    wrong = kept("三季度800G出货多少只？", "三季度800G出货2.1万只。", OPTICS)
    assert not any("2.1万只" in s for s in wrong)
    assert "2.1万只" in found("云海股份三季度1.6T出货多少只？", OPTICS)
    assert kept("云海股份三季度1.6T出货多少只？", "三季度1.6T出货1万只。", OPTICS) == ()


def test_an_adjusted_profit_is_asked_for_and_only_the_plain_one_stated():
    text = "三季度归母净利润2.14亿元，同比增长71.5%。"
    assert found("云海股份三季度扣非净利润是多少？", text) == ""
    assert kept("三季度扣非净利润是多少？", "三季度扣非净利润为2.14亿元。", text) == ()
    both = "三季度归母净利润2.14亿元，扣非净利润1.98亿元。"
    assert "1.98亿元" in found("云海股份三季度扣非净利润是多少？", both)


def test_what_is_asked_without_a_part_is_not_the_figure_with_it():
    text = "10月核心CPI同比上涨1.2%。"
    assert (
        kept("剔除金饰后10月核心CPI同比是多少？", "剔除金饰后10月核心CPI同比为1.2%。", text) == ()
    )


def test_last_years_quarter_is_not_the_one_that_the_report_is_about():
    text = "第三季归母净利润2.04亿元，去年同期2.25亿元，跌9.3%。"
    assert "2.25亿元" in found("云海股份去年第三季归母净利润是多少？", text)
    assert "2.04亿元" in found("云海股份第三季归母净利润是多少？", text)


def test_a_vague_bound_is_not_put_in_a_drafts_place():
    assert not any("1万只" in s for s in kept("出货多少只？", "三季度1.6T出货2.2万只。", OPTICS))


def test_names_listed_under_a_rise_are_no_answer_to_what_fell():
    text = "价格上涨地区为湖南、湖北；下跌地区为辽宁、吉林。"
    query = understand("哪些地区水泥价格下跌？")

    def told(names: str) -> Checked:
        sentence = CheckedSentence(names, (Evidence(1, Span(0, len(text))),), ())
        return contrary.answered(query, (passage(text),), Checked((sentence,), ()))

    assert told("湖南、湖北。").sentences == ()
    assert told("辽宁、吉林。").sentences


def test_a_row_in_traditional_script_goes_on_with_the_names_before_it():
    text = plain(
        "物業銷售、租金、酒店及其他三項收入分別為4,870、3,156、400百萬港元，變動分別為增加13.6%、減少3.4%、增加4.7%。"
    )
    owners = {p.figure.text: p.name for p in pairs.find(text)}
    assert owners["4.7%"] == "酒店及其他"
    assert owners["3.4%"] == "租金"


def test_the_last_name_of_a_row_ends_before_its_period():
    text = "甲城、乙城、丙城前三季度净息差依次为1.76%、1.58%、1.54%。"
    assert [p.name for p in pairs.find(text)] == ["甲城", "乙城", "丙城"]


def test_an_english_row_follows_its_names_after_with():
    text = "They are Arland, Borland and Corland, with shares of 41%, 33% and 26% respectively."
    assert [(p.name, p.figure.text) for p in pairs.find(text)] == [
        ("Arland", "41%"),
        ("Borland", "33%"),
        ("Corland", "26%"),
    ]


@pytest.mark.parametrize(
    ("question", "many"),
    [
        ("毛利率改善来自哪三个方面？", 3),
        ("Which five countries make up its GMV?", 5),
        ("三大风险分别是什么？", 3),
        ("公司有哪些风险？", 0),
        ("三家公司的收入分别是多少？", 0),
    ],
)
def test_how_many_things_a_question_is_after(question, many):
    assert enumeration.asked(question) == many


def test_how_many_things_a_sentence_lists():
    assert 3 in enumeration.sizes("归结为三点：车型升级、采购降价、换电爬坡。")
    assert 3 in enumeration.sizes("来自甲城、乙城和丙城。")
    assert 5 in enumeration.sizes("A, B, C, D and E accounted for most of it.")
    assert enumeration.sizes("分别为18.1%、26.5%、18.8%。") == frozenset()


def test_what_a_period_is_compared_with_is_not_the_time_of_a_sentence():
    query = understand("2024年毛利率是多少？")
    of_2024 = evidence._period_score(
        query, "毛利率由2023年的43.2%提高到44.4%。", ("（一）2024年全年",)
    )
    assert of_2024 > 0
    assert evidence._period_score(query, "毛利率由2023年的43.2%提高到44.4%。", ()) == 0
    assert evidence._period_score(query, "2023年毛利率为43.2%。", ("2024年全年",)) < 0


def test_a_last_clause_on_the_year_before_goes_where_nobody_asked_for_it():
    draft = "海外收入12.9亿元，占总收入的31.0%，去年同期占25.3%。"
    asked = understand("三季度海外收入是多少，占总收入几成？")
    assert repair.without_aside(asked, draft) == "海外收入12.9亿元，占总收入的31.0%。"
    back = understand("三季度海外收入占比是多少，去年同期呢？")
    assert repair.without_aside(back, draft) == draft


def test_a_follow_up_with_a_second_question_after_the_direction():
    before = ["云海股份2024年刻蚀设备的毛利率是多少？"]
    assert followup.standalone("那清洗设备呢？跟前一年比是升了还是降了？", before) == (
        "云海股份2024年清洗设备的毛利率是多少，同比变化多少？"
    )
    assert followup.standalone("那清洗设备呢？跟上个季度比是升了还是降了？", before) == (
        "云海股份2024年清洗设备的毛利率是多少，环比变化多少？"
    )


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("比较云海和白鹭2024年的收入", ("2024年云海的收入是多少？", "2024年白鹭的收入是多少？")),
        (
            "云海能源有限公司和白鹭数据公司分别进行的股东大会决议时间，哪家公司更早？",
            ("云海能源有限公司进行的股东大会决议是什么时候？", "白鹭数据公司进行的股东大会决议是什么时候？"),
        ),
        (
            "比较云海科技公司和白鹭商业公司董事会变更的时间，哪家更晚？",
            ("云海科技公司的董事会变更是什么时候？", "白鹭商业公司的董事会变更是什么时候？"),
        ),
    ],
)  # fmt: skip
def test_comparisons_that_say_so_and_which_came_first(question, parts):
    assert split(understand(question).text) == parts


def test_a_table_in_two_units_has_rates_in_percent():
    assert tableunits.of_figure("资本充足率", "云海银行", "亿元、%") == "%"
    assert tableunits.of_figure("归母净利润", "云海银行", "亿元、%") == "亿元"
    assert tableunits.of_figure("市盈率", "云海银行", "亿元、%") == ""


def test_rent_is_no_revenue():
    assert named("租金收入") == {"#rent"}
    assert "#rent" in named("租金")
    assert Period("2024年", 2024) in understand("2024年收租多少？").periods
    text = "上半年收入5,012百万元，其中租金2,241百万元。"
    assert "2,241百万元" in found("云海股份上半年收租多少？", text)


def test_a_hyphen_of_a_name_may_be_a_dash():
    assert lexicon.pattern(("A.P. Moller-Maersk",)).search("a.p. moller – maersk (maerskb dc)")
    assert not lexicon.pattern(("A.P. Moller-Maersk",)).search("a.p. moller and maersk")


def test_a_draft_in_traditional_script_is_checked_as_it_is_printed():
    text = (
        "租金、酒店及其他兩項收入分別為3,156百萬港元、400百萬港元，變動分別為減少3.4%、增加4.7%。"
    )
    assert kept("上半年租金和酒店收入是多少，按年變動多少？", text, text) == (text,)
