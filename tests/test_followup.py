"""Follow-ups that put one thing in the place of another stand alone by their own words."""

import pytest

from rag.followup import pointed, standalone
from rag.question import understand

REVENUE = "云海科技2024年三季度收入是多少？"


@pytest.mark.parametrize(
    ("earlier", "question", "whole"),
    [
        ([REVENUE], "四季度呢？", "云海科技2024年四季度收入是多少？"),
        ([REVENUE], "去年同期是多少？", "云海科技2023年第三季度收入是多少？"),
        ([REVENUE], "上一季度呢？", "云海科技2024年第二季度收入是多少？"),
        ([REVENUE], "那净利润呢？", "云海科技2024年三季度净利润是多少？"),
        ([REVENUE], "它的毛利率呢？", "云海科技2024年三季度毛利率是多少？"),
        ([REVENUE], "同比增长多少？", "云海科技2024年三季度收入同比增长多少？"),
        ([REVENUE], "占集团收入的比例呢？", "云海科技2024年三季度收入占集团收入的比例是多少？"),
        (["小米2024年三季度收入是多少？"], "京东呢？", "京东2024年三季度收入是多少？"),
        (["小米2024年三季度收入是多少？"], "那京东的净利润呢？", "京东2024年三季度净利润是多少？"),
        (["云海2024年清洗设备的毛利率是多少？"], "那刻蚀设备呢？", "云海2024年刻蚀设备的毛利率是多少？"),
        (["小米2024年EPS的预测是多少？", "2025年呢？"], "那同一年京东的呢？", "京东2025年EPS的预测是多少？"),
        (["云海2025年三季度收入同比增长多少？"], "跟上一季度比呢？", "云海2025年三季度收入环比增长多少？"),
        (["云海2025年6月底有多少家门店？"], "去年年底呢？", "云海2024年底有多少家门店？"),
        (["What was Yunhai's revenue in Q3 2024?"], "And the quarter before?", "What was Yunhai's revenue in Q2 2024?"),
        (["What was Yunhai's revenue in 2023?"], "And in 2024?", "What was Yunhai's revenue in 2024?"),
        (["What was Yunhai's revenue in 2023?"], "And its net income?", "What was Yunhai's net income in 2023?"),
        (["云海2024年三季度毛利率是多少？"], "那是升还是降，多少？", "云海2024年三季度毛利率同比变化多少？"),
        (["云海2024年三季度毛利率是多少？"], "环比是升还是降？", "云海2024年三季度毛利率环比变化多少？"),
        (["What was Yunhai's revenue in 2023?"], "Was that up or down year on year, and by how much?", "How much did Yunhai's revenue change year on year in 2023?"),
        (["What was Yunhai's revenue in 2023?"], "How about Egret?", "What was Egret's revenue in 2023?"),
    ],
)  # fmt: skip
def test_it_stands_for_the_question_before_with_one_thing_changed(earlier, question, whole):
    assert standalone(question, earlier) == whole


@pytest.mark.parametrize(
    ("earlier", "question"),
    [
        ([REVENUE], "谁在用低价跟它竞争？"),
        ([REVENUE], "为什么？"),
        ([REVENUE], "白鹭软件2023年研发费用是多少？"),
        ([REVENUE], "白鹭软件的净利润是多少？"),
        (["云海的收入是多少？", "同比增长多少？"], "那2024年全年呢？"),
        ([REVENUE], "What about profit?"),
        ([], "净利润呢？"),
    ],
)
def test_what_is_of_no_such_form_is_left_to_the_model(earlier, question):
    assert standalone(question, earlier) is None


def test_that_company_is_the_one_the_part_before_was_answered_with():
    before = understand("与快手互通的是哪家公司？")
    part = understand("这家公司2024年的新服务叫什么？")
    assert pointed(part, before, "是美团。").text == "美团2024年的新服务叫什么？"
    assert pointed(part, before, "不详。") == part
    assert pointed(before, part, "是美团。") == before
