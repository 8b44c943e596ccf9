"""Parts of a question joined: labels, comparisons computed, what is missing said or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rag import contrast, figures
from rag.join import Part, join
from rag.question import understand
from rag.refuse import Refusal
from rag.schema import Check, DocumentFacts, FigureCheck, Passage, Trace
from rag.text import Span
from rag.verify import Checked, CheckedSentence, Evidence

DOCUMENT = DocumentFacts("d1", "r.txt", "报告", None, None, "text", 0, 1)


def passage(text: str, start: int, label: int = 1) -> Passage:
    return Passage(label, "d1", start, start + len(text), text, (), None, DOCUMENT, 1.0)


def answered(question: str, sentence: str, start: int = 0) -> Part:
    checks = tuple(
        FigureCheck(f.text, 1, Check.VERIFIED, f.text)
        for f in figures.find(sentence)
        if f.kind is not figures.Kind.DATE
    )
    kept = CheckedSentence(sentence, (Evidence(1, Span(0, len(sentence))),), checks)
    trace = Trace((passage(sentence, start),), 3.0, sentence)
    return Part(understand(question), (), Checked((kept,), ()), trace)


def refused(question: str) -> Part:
    return Part(understand(question), (), Refusal("没有"), Trace())


def text(question: str, *parts: Part) -> str:
    outcome = join(understand(question), parts).outcome
    assert isinstance(outcome, Checked)
    return "".join(s.text for s in outcome.sentences)


def test_higher_side_and_difference_are_computed():
    got = text(
        "2022年甲银行和乙银行谁的利润更高，高多少？",
        answered("2022年甲银行的利润是多少？", "甲银行利润为12.5亿元。"),
        answered("2022年乙银行的利润是多少？", "乙银行利润为9.75亿元。", 50),
    )
    assert "甲" in got and "更高" in got and "2.75亿元（12.5亿元 − 9.75亿元）" in got


def test_numbers_in_names_are_not_compared():
    got = text(
        "红利30组合的收益比精选50组合高几个百分点？",
        answered("红利30组合的收益是多少？", "红利30组合的收益为17.05%。"),
        answered("精选50组合的收益是多少？", "精选50组合的收益为15.37%。", 60),
    )
    assert "1.68个百分点" in got and "50 − 30" not in got


def test_a_fall_and_a_rise_are_apart_by_their_sum():
    got = text(
        "甲指数与乙指数的月度表现相差多少个百分点？",
        answered("甲指数的月度表现是多少？", "甲指数下跌3.2%。"),
        answered("乙指数的月度表现是多少？", "乙指数上涨9.2%。", 50),
    )
    assert "12.4个百分点" in got and "乙更高" in got


def test_two_falls_compare_by_size():
    got = text(
        "甲公司和乙公司收入谁跌得更多，相差多少？",
        answered("甲公司收入跌了多少？", "甲公司收入下降8%。"),
        answered("乙公司收入跌了多少？", "乙公司收入下降3%。", 50),
    )
    assert "甲降幅更大" in got and "5个百分点" in got


def test_directions_are_told_by_the_figures():
    got = text(
        "甲基金3月和4月的涨跌方向一致吗？",
        answered("甲基金3月涨跌幅是多少？", "3月上涨2.2%。"),
        answered("甲基金4月涨跌幅是多少？", "4月下跌3.2%。", 50),
    )
    assert "方向相反" in got


def test_sides_are_named_whole_where_their_names_share_a_part():
    got = text(
        "2024年三季度甲乙国际集团和甲乙云谁的收入高？",
        answered("2024年三季度甲乙国际集团的收入是多少？", "甲乙国际集团收入30亿元。"),
        answered("2024年三季度甲乙云的收入是多少？", "甲乙云收入20亿元。", 50),
    )
    assert "甲乙国际集团更高" in got


def test_a_comparison_with_one_side_missing_is_refused():
    parts = (
        answered("2022年甲银行的利润是多少？", "甲银行利润为12.5亿元。"),
        refused("2022年乙银行的利润是多少？"),
    )
    joined = join(understand("2022年甲银行和乙银行谁的利润更高？"), parts)
    assert isinstance(joined.outcome, Refusal)


def test_figures_of_two_kinds_do_not_compare():
    parts = (
        answered("甲银行的利润是多少？", "甲银行利润为12.5亿元。"),
        answered("乙银行的利润是多少？", "乙银行利润增长3%。", 50),
    )
    joined = join(understand("甲银行的利润比乙银行高多少？"), parts)
    assert isinstance(joined.outcome, Refusal)


def test_of_two_questions_the_missing_one_is_named():
    got = text(
        "甲公司2023年收入是多少？乙公司有多少员工？",
        answered("甲公司2023年收入是多少？", "甲公司收入为5亿元。"),
        refused("乙公司有多少员工？"),
    )
    assert "5亿元" in got and "报告未说明：乙公司有多少员工" in got


def test_one_passage_has_one_label_and_two_have_two():
    one = answered("甲公司收入是多少？", "甲公司收入为5亿元。")
    same = answered("甲公司的收入是多少？", "甲公司收入为5亿元。")
    other = answered("乙公司利润是多少？", "乙公司利润为7亿元。", 50)
    joined = join(understand("甲公司收入是多少？乙公司利润是多少？"), (one, same, other))
    assert [p.label for p in joined.trace.passages] == [1, 2]
    assert isinstance(joined.outcome, Checked)
    assert [s.evidence[0].label for s in joined.outcome.sentences] == [1, 1, 2]
    assert [s.figures[0].label for s in joined.outcome.sentences] == [1, 1, 2]


@pytest.mark.parametrize(
    ("gap", "like", "written"),
    [
        ("2.5", "12%", "2.5个百分点"),
        ("30000", "1,230万辆", "3万辆"),
        ("150000000", "2.5亿元", "1.5亿元"),
    ],
)
def test_a_difference_is_written_in_the_unit_of_its_parents(gap, like, written):
    assert contrast.written(Decimal(gap), figures.find(like)[0]) == written


def test_the_yuan_of_a_report_is_the_renminbi_of_another():
    got = text(
        "甲公司和乙公司的收入谁更高，高多少？",
        answered("甲公司的收入是多少？", "甲公司的收入为人民币316.72亿元。"),
        answered("乙公司的收入是多少？", "乙公司的收入为296.1亿元。"),
    )
    assert "20.62亿元" in got


def test_what_leans_on_the_first_part_is_not_compared_with_it():
    got = text(
        "甲公司的毛利率是多少，比上年提高多少个百分点？",
        answered("甲公司的毛利率是多少？", "甲公司的毛利率为79.8%。"),
        answered("甲公司的毛利率比上年提高多少个百分点？", "甲公司的毛利率比上年提高2.5个百分点。"),
    )
    assert "79.8%" in got and "2.5个百分点" in got and "相差" not in got


def test_of_three_sides_the_first_is_named():
    got = text(
        "云海、白鹭和青禾谁的毛利率最高？",
        answered("云海的毛利率是多少？", "云海的毛利率为31.5%。"),
        answered("白鹭的毛利率是多少？", "白鹭的毛利率为42%。", 50),
        answered("青禾的毛利率是多少？", "青禾的毛利率为40.5%。", 90),
    )
    assert "白鹭最高，与其次的青禾相差1.5个百分点（42% − 40.5%）" in got


def test_the_lowest_of_three_is_named_where_it_is_asked_for():
    got = text(
        "云海、白鹭和青禾哪家的费用更少？",
        answered("云海的费用是多少？", "云海的费用为3亿元。"),
        answered("白鹭的费用是多少？", "白鹭的费用为4.2亿元。", 50),
        answered("青禾的费用是多少？", "青禾的费用为2.5亿元。", 90),
    )
    assert "青禾最低" in got and "0.5亿元" in got


def test_three_sides_with_one_missing_are_refused():
    parts = (
        answered("云海的毛利率是多少？", "云海的毛利率为31.5%。"),
        answered("白鹭的毛利率是多少？", "白鹭的毛利率为42%。", 50),
        refused("青禾的毛利率是多少？"),
    )
    joined = join(understand("云海、白鹭和青禾谁的毛利率最高？"), parts)
    assert isinstance(joined.outcome, Refusal)


def test_what_else_is_asked_is_no_side_of_the_comparison():
    got = text(
        "云海和白鹭谁的毛利率更高，高多少？青禾有多少门店？",
        answered("云海的毛利率是多少？", "云海的毛利率为31.5%。"),
        answered("白鹭的毛利率是多少？", "白鹭的毛利率为42%。", 50),
        refused("青禾有多少门店？"),
    )
    assert "10.5个百分点" in got and "报告未说明：青禾有多少门店" in got


@pytest.mark.parametrize(
    "question",
    ["云海和白鹭的毛利率差了多少个百分点？", "云海的零售、批发这两块，哪块收入增得更快，快多少？"],
)
def test_how_far_the_sides_are_apart_is_computed(question):
    got = text(
        question,
        answered("云海的收入增速是多少？", "云海的收入增速为31.5%。"),
        answered("白鹭的收入增速是多少？", "白鹭的收入增速为42%。", 50),
    )
    assert "两者相差10.5个百分点" in got


def test_who_it_is_asks_for_no_comparison():
    got = text(
        "云海的董事长是谁？白鹭的收入是多少？",
        refused("云海的董事长是谁？"),
        answered("白鹭的收入是多少？", "白鹭的收入为42亿元。"),
    )
    assert "42亿元" in got and "报告未说明：云海的董事长是谁" in got


def test_one_place_is_not_both_sides_of_a_comparison():
    one = answered("云海策略的年化收益是多少？", "云海策略的年化收益为43.82%。", 0)
    other = answered("青禾策略的年化收益是多少？", "云海策略的年化收益为43.82%。", 0)
    assert "相同" not in text("云海策略和青禾策略的年化收益谁更高？", one, other)
