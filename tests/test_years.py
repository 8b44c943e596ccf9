"""Runs of years and the figures they are shared out to; English lists with respectively; bracketed lists."""

import pytest

from rag import (
    aboutness,
    clauses,
    figures,
    pairs,
    period,
    statement,
    timing,
    years,
)
from rag.figures import Kind
from rag.question import understand
from rag.schema import Chunk, DocumentFacts, Hit
from tests.reading import found, kept

FORECAST = (
    "预计2025-2027年归母净利润分别为1.2、1.5、1.9亿元，EPS分别为0.62、0.81、1.02元，"
    "当前股价对应PE分别为20/17/14倍。"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("预计2025-2027年营收", (2025, 2026, 2027)),
        ("2025/2026/2027年EPS", (2025, 2026, 2027)),
        ("25/26/27E的PE", (2025, 2026, 2027)),
        ("2025E-2027E", (2025, 2026, 2027)),
        ("2024年、2025年和2026年", (2024, 2025, 2026)),
        ("FY25-27E EPS", (2025, 2026, 2027)),
        ("in 2025, 2026 and 2027", (2025, 2026, 2027)),
    ],
)
def test_runs_of_years(text, expected):
    (run,) = years.runs(text)
    assert run.years == expected


@pytest.mark.parametrize(
    "text",
    [
        "20-30亿元",
        "PE为20/17/14倍",
        "12、13、14家",
        "2025-11-03",
        "2016-2025年收益",
        "15%-20%",
        "2025年11月",
    ],
)
def test_what_is_no_run_of_years(text):
    assert years.runs(text) == ()


def test_each_year_has_its_own_figure_with_the_unit_of_the_last():
    said = [(p.name, p.measure, p.figure.text + p.unit) for p in pairs.find(FORECAST)]
    assert said[:6] == [
        ("2025年", "归母净利润", "1.2亿元"),
        ("2026年", "归母净利润", "1.5亿元"),
        ("2027年", "归母净利润", "1.9亿元"),
        ("2025年", "EPS", "0.62元"),
        ("2026年", "EPS", "0.81元"),
        ("2027年", "EPS", "1.02元"),
    ]
    times = {s.figure.text: timing.of(FORECAST, s).period.year for s in clauses.settings(FORECAST)}
    assert (times["1.5"], times["0.62"], times["14倍"]) == (2026, 2025, 2027)


def test_a_forecast_of_the_middle_year_is_found_and_checked():
    assert "1.5亿元" in found("云海股份2026年归母净利润预计是多少？", FORECAST)
    question = "云海股份2026年归母净利润预计是多少？"
    right = "云海股份2026年归母净利润预计为1.5亿元。"
    assert kept(question, right, FORECAST) == (right,)
    assert kept(question, "云海股份2026年归母净利润预计为1.9亿元。", FORECAST) == ()
    question, right = "云海股份2025年PE多少倍？", "云海股份2025年PE为20倍。"
    assert kept(question, right, FORECAST) == (right,)
    assert kept(question, "云海股份2025年PE为17倍。", FORECAST) == ()


def test_a_run_of_years_dates_nothing_behind_its_row():
    text = "We raise our 2025E/2026E/2027E net profit to 69.8/86.4/102.7 billion yuan, and the target price to 465 yuan."
    target = next(s for s in clauses.settings(text) if "465" in s.figure.text)
    assert timing.of(text, target).period is None


def test_english_lists_go_by_order():
    text = "LG Energy, Calb and Gotion held 9.7%, 4.8% and 3.9% respectively."
    said = [(p.name, p.figure.text) for p in pairs.find(text)]
    assert said == [("LG Energy", "9.7%"), ("Calb", "4.8%"), ("Gotion", "3.9%")]
    question = "What share did Calb hold?"
    assert kept(question, "Calb held 4.8%.", text) == ("Calb held 4.8%.",)
    assert kept(question, "Calb held 9.7%.", text) == ()


def test_names_told_one_by_one_own_the_next_figures_by_order():
    text = "2024年收入：甲川78.94亿元，乙山25.83亿元，丙海13.15亿元；归母净利润依次为12.36亿元、-3.97亿元和-6.87亿元。"
    said = [(p.name, p.figure.text) for p in pairs.find(text)]
    assert said == [("甲川", "12.36亿元"), ("乙山", "-3.97亿元"), ("丙海", "-6.87亿元")]
    question = "丙海2024年归母净利润是多少？"
    wrong, right = (f"丙海2024年归母净利润为{x}亿元。" for x in ("-3.97", "-6.87"))
    assert kept(question, wrong, text) == (right,), "the neighbour's is mended"
    assert pairs.find("收入100亿元，同比增长8%，毛利分别为3亿元和4亿元。") == []


def test_numbered_groups_own_their_figures_by_order():
    text = "因子第1组(占比最低)至第5组年化收益依次为17.6%、16.2%、15.1%、13.8%、12.9%，单调性良好。"
    said = {p.name: p.figure.text for p in pairs.find(text)}
    assert (said["第1组"], said["第3组"], said["第5组"]) == ("17.6%", "15.1%", "12.9%")
    question = "因子第3组年化收益多少？"
    assert "15.1%" in found(question, text)
    wrong = "因子第3组年化收益为13.8%。"
    assert kept(question, wrong, text) in ((), ("因子第3组年化收益为15.1%。",))


def test_names_that_end_in_a_number_own_what_stands_in_their_brackets():
    text = "跌幅居前的是北证50(-9.77%)、微盘股指数(-8.22%)与中证2000(-7.37%)。"
    said = [(p.name, p.figure.text) for p in pairs.find(text)]
    assert said == [("北证50", "-9.77%"), ("微盘股指数", "-8.22%"), ("中证2000", "-7.37%")]
    question = "北证50的跌幅是多少？"
    assert kept(question, "北证50的跌幅为-7.37%。", text) == ()


def test_the_number_of_an_index_is_no_year_and_a_week_has_its_days():
    assert period.find("中证2000谁跌得更多") == []
    (first, last) = period.find("11.17-11.21这周")
    assert (first.month, first.day, last.month, last.day) == (11, 17, 11, 21)
    assert period.find("价格区间11.17-11.21元") == []


def test_others_of_another_list_are_not_the_one_asked_for():
    text = (
        "线上零售额份额前五为甲川、石头、云鲸，占比分别为27.4%、25.9%、13.2%；"
        "线下零售额份额前三则为甲川(46.3%)、石头(21.5%)、追觅(17.8%)。"
    )
    assert "46.3%" not in found("线上零售额云鲸的份额是多少？", text)


def test_what_another_part_of_the_sentence_names_is_not_of_this_figure():
    text = (
        "线上服务收入201.0亿元，同比增长14.0%；直播95.7亿元；其他服务(含可灵)58.8亿元。"
        "可灵是被问得最多的。三季度收入超过3亿元，二季度为2.5亿元。"
    )
    assert "201.0" not in found("可灵二季度收入是多少？", text)


@pytest.mark.parametrize(
    "question",
    [
        "Xiaomi Q3 2024 revenue?",
        "LG battery share Jan-Aug 2025 (SNE)?",
        "CATL gross margin in Q3 2025",
    ],
)
def test_an_english_question_may_only_name_its_measure(question):
    assert statement.of(understand(question)) is not None


@pytest.mark.parametrize(
    "question",
    [
        "Which brand leads sales?",
        "Compare revenue of A and B",
        "Why is margin falling?",
        "List the risks",
    ],
)
def test_other_english_questions_ask_after_no_single_figure(question):
    assert statement.of(understand(question)) is None


def test_dividends_are_no_count_of_shares():
    text = "在2020年6月，公司决定向股东分发500万美元股利，回报了股东们的投资。"
    question = "云海股份在2020年6月向股东分发了多少股利？"
    assert "500万美元" in found(question, text)


def test_power_is_no_count_of_stations():
    text = "换电网络规划34 GWh，年底建成1000座换电站。"
    assert "34" not in found("云海股份年底要建多少座换电站？", text)


def test_a_sum_may_be_asked_for_in_hundreds_of_millions():
    text = "云海股份2025年上半年归母净利润3.5亿元，员工1200人。"
    assert "3.5亿元" in found("云海股份2025年上半年归母净利润有多少个亿？", text)


def test_the_date_of_an_english_note_is_no_time_of_its_figures_and_its_quarter_is():
    dated = understand("In the 22 Oct 2025 Acme note, what is the target price?")
    quarter = understand("In the Q3 2025 review, what was revenue?")
    assert dated.periods == ()
    assert [p.text for p in quarter.periods] == ["Q3 2025"]


def hit(doc: str, title: str, text: str, rank: int) -> Hit:
    facts = DocumentFacts(doc, f"{doc}.txt", title, None, None, "text", 0, 1)
    return Hit(rank, 1 / rank, Chunk(doc, 0, len(text), text, ()), facts)


def test_reports_on_others_are_left_out_where_the_asked_one_has_its_own():
    own = hit("a", "云海科技有限公司2024年报告", "公司改进信息披露流程和标准。", 2)
    other = hit("b", "星河科技有限公司2024年报告", "公司加强信息披露的监督。", 1)
    naming = hit("c", "行业周报", "云海科技有限公司信息披露居前。", 3)
    query = understand("云海科技有限公司如何提升信息披露质量？")
    assert aboutness.own(query, (other, own, naming)) == (own, naming)
    assert aboutness.own(query, (other, naming)) == (other, naming), "no report of its own"


def test_since_when_is_not_the_time_of_what_was_added():
    text = "6月末门店38600家，比年初净增2450家。"
    question = "How many stores were there at the end of June, and how many added since January?"
    draft = (
        "There were 38600 stores at the end of June, a net increase of 2450 stores since January."
    )
    assert kept(question, draft, text) == (draft,)


@pytest.mark.parametrize(
    "question", ["云海股份2026年PE几倍", "云海股份2026年EPS多少", "云海股份GMV多少亿"]
)
def test_a_measure_in_latin_letters_does_not_take_the_figure_into_its_name(question):
    query = understand(question)
    asked = statement.of(query)
    assert asked and figures.find(asked.filled("17.5"))[-1].text.startswith("17.5")


def test_a_multiple_of_the_middle_year_is_found_by_its_words():
    assert "17" in found("云海股份2026年PE多少倍", FORECAST)
    assert "0.81" in found("云海股份2026年EPS多少", FORECAST)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("云海股份2025年PE", Kind.MULTIPLE),
        ("云海股份三季度DAU有多少亿", Kind.COUNT),
        ("北向资金净流入多少亿", Kind.MONEY),
        ("指数估值分位数是多少", Kind.PERCENT),
        ("云海股份收入增速几何", Kind.PERCENT),
    ],
)
def test_short_questions_say_what_kind_of_figure_they_want(question, kind):
    asked = statement.of(understand(question))
    assert asked and kind in asked.kinds
