"""Planted errors must be caught, right figures must stand, quotes must be exact."""

from dataclasses import replace

import pytest

from rag import verify
from rag.question import understand
from rag.schema import Check, DocumentFacts, Draft, Passage

FACTS = DocumentFacts(
    "d1-0", "report.txt", "云海科技三季报点评", "东湖证券", "2024-11-20", "text", 0, 9
)
REVENUE = "2024年三季度，云海科技实现收入299.93亿元，同比增长17%；毛利率由去年同期的52%提升至53%。"
CLOUD = "同期星河云收入为86.5亿元，同比下降3.2%，其中海外收入12.4亿元。"
PAIRED = "蓝鲸、白鹭、青松等3家企业市值下降，降幅分别为33%、4%和29%。"


def passages(*texts: str) -> tuple[Passage, ...]:
    return tuple(
        Passage(n, "d1-0", 100 * n, 100 * n + len(t), t, ("一、业绩",), 3, FACTS, 1.0)
        for n, t in enumerate(texts, start=1)
    )


def run(question: str, draft: str, *texts: str) -> verify.Checked:
    shown = passages(*texts)
    return verify.check(understand(question), Draft(question, shown, draft, "p", "m"))


def test_right_figure_is_verified_and_its_sentence_quoted() -> None:
    checked = run(
        "云海科技2024年三季度收入是多少？", "云海科技2024年三季度收入为299.93亿元。", CLOUD, REVENUE
    )
    (sentence,) = checked.sentences
    assert [(f.text, f.check) for f in sentence.figures if "亿" in f.text] == [
        ("299.93亿元", Check.VERIFIED)
    ]
    (evidence,) = sentence.evidence
    assert evidence.label == 2
    assert REVENUE[evidence.span.start : evidence.span.end] == REVENUE


@pytest.mark.parametrize(
    "draft",
    [
        "云海科技收入为298.93亿元。",
        "云海科技收入为299.93亿美元。",
        "云海科技收入为29993亿元。",
        "云海科技收入同比下降17%。",
        "云海科技收入同比增长17个百分点。",
        "云海科技收入同比增长71%。",
    ],
)
def test_planted_errors_are_withheld(draft: str) -> None:
    assert run("云海科技2024年三季度收入和增速？", draft, REVENUE, CLOUD).sentences == ()


def test_rounded_figure_is_marked_so() -> None:
    (sentence,) = run("云海科技三季度收入？", "收入约300亿元。", REVENUE).sentences
    assert sentence.figures[0].check is Check.ROUNDED


def test_a_bad_clause_is_cut_and_the_rest_kept() -> None:
    checked = run("云海科技三季度收入？", "收入为299.93亿元，利润为77亿元。", REVENUE)
    assert [s.text for s in checked.sentences] == ["收入为299.93亿元。"]


def test_neighbours_figure_of_an_ordered_list_is_put_right() -> None:
    (sentence,) = run("青松市值下降多少？", "青松市值下降33%。", PAIRED).sentences
    assert sentence.text == "青松市值下降29%。"
    assert sentence.figures[0].check is Check.VERIFIED
    unknown = run("红杉市值下降多少？", "蓝鲸和白鹭下降29%。", PAIRED)
    assert unknown.sentences == ()


def test_figure_of_another_period_is_withheld() -> None:
    checked = run("云海科技2023年四季度收入是多少？", "收入为299.93亿元。", REVENUE)
    assert checked.sentences == ()
    assert "2024年三季度" in checked.dropped[0]


def test_period_of_the_report_counts_where_the_sentence_names_none() -> None:
    facts = replace(FACTS, title="云海科技2023年年报点评")
    text = "公司收入为299.93亿元。"
    passage = Passage(1, "d1-0", 0, len(text), text, (), 3, facts, 1.0)

    def kept(question: str) -> bool:
        draft = Draft(question, (passage,), "收入为299.93亿元。", "p", "m")
        return bool(verify.check(understand(question), draft).sentences)

    assert kept("云海科技2023年收入是多少？")
    assert not kept("云海科技2024年收入是多少？")


def test_a_figure_is_not_said_of_a_year_long_before_its_report() -> None:
    text = "星河云收入为86.5亿元。"
    assert run("星河云2021年收入？", "星河云2021年收入为86.5亿元。", text).sentences == ()


def test_counts_and_short_years_of_the_question_are_no_claims() -> None:
    text = "报告比较了蓝鲸、白鹭、青松三个平台的回购，蓝鲸回购12.4亿元。"
    (listed,) = run("报告比较了哪三家平台？", "比较了蓝鲸、白鹭、青松三家平台。", text).sentences
    assert "青松" in listed.text
    (year,) = run("蓝鲸24年回购花了多少钱", "蓝鲸24年回购花了12.4亿元。", text).sentences
    # the report is of 2024 and names no other year: the year stays, but is not said to be checked
    assert [(f.text, f.check) for f in year.figures] == [
        ("24年", Check.NOT_CHECKED),
        ("12.4亿元", Check.VERIFIED),
    ]


def test_an_english_date_goes_with_its_preposition() -> None:
    text = "公司维持蓝鲸140港元的目标价。"
    draft = "The target price was kept in 2022."
    (sentence,) = run("Which price was kept in 2022?", draft, text).sentences
    assert sentence.text == "The target price was kept."


def test_names_that_no_passage_holds_are_withheld() -> None:
    source = "云海科技发布模型Nimbus-2，面向企业客户。"
    assert run("云海科技发布了什么模型？", "云海科技发布了模型Cirrus-9。", source).sentences == ()
    assert run("云海科技发布了什么模型？", "云海科技发布了模型Nimbus-2。", source).sentences


def test_english_scale_slip_is_put_right_from_the_passage() -> None:
    checked = run("What was Yunhai's revenue?", "Revenue was 299.93 billion yuan.", REVENUE)
    (sentence,) = checked.sentences
    assert "29.993 billion" in sentence.text
    assert "299.93亿元" in sentence.text


def test_a_slipped_scale_is_put_right_from_the_passage() -> None:
    (sentence,) = run("云海科技三季度收入？", "收入为299.93万元。", REVENUE).sentences
    assert sentence.text == "收入为299.93亿元。"


def test_a_sentence_said_twice_is_kept_once() -> None:
    checked = run("云海科技三季度收入？", "收入为299.93亿元。收入为299.93亿元。", REVENUE)
    assert len(checked.sentences) == 1


def test_labels_of_the_model_are_stripped() -> None:
    (sentence,) = run("云海科技三季度收入？", "[7] 收入为299.93亿元。[1]", REVENUE).sentences
    assert "[" not in sentence.text


def test_strictness_withholds_what_agrees_only_by_rounding() -> None:
    rounded = run("云海科技三季度收入是多少？", "云海科技收入约为300亿元。", REVENUE)
    exact = run("云海科技三季度收入是多少？", "云海科技收入为299.93亿元。", REVENUE)
    assert rounded.sentences[0].figures[0].check is Check.ROUNDED
    strict = verify.exactly(rounded)
    assert not strict.sentences
    assert "300亿元" in strict.dropped[0]
    assert verify.exactly(exact) == exact


def test_a_quote_of_another_year_answers_nothing() -> None:
    text = "2015年，在斯波坎举办的第73届世界科幻大会上，宇航员宣布了获奖名单。"
    asked = "2023年世界科幻大会在哪里举办？"
    assert not run(asked, "2023年世界科幻大会在斯波坎举办。", text).sentences
    same = run(asked, "2023年世界科幻大会在斯波坎举办。", text.replace("2015", "2023"))
    assert same.sentences


def test_the_quote_holds_what_the_answer_adds_to_the_question() -> None:
    text = "全国跳水冠军赛女子双人10米跳台冠军赛周一举行。冠军是张三和李四。"
    (sentence,) = run(
        "跳水冠军赛女子双人跳台冠军是谁？", "跳水冠军赛女子双人跳台冠军是张三和李四。", text
    ).sentences
    span = sentence.evidence[0].span
    assert "张三" in text[span.start : span.end]


def test_the_number_of_a_make_is_part_of_its_name() -> None:
    text = "发布会的新品包括手机Yunhai SE3和平板。"
    asked = "云海发布会的新手机是什么？"
    assert run(asked, "新手机包括Yunhai SE 3。", text).sentences
    assert not run(asked, "新手机包括Yunhai SE 4。", text).sentences


def test_an_ordinal_stands_in_digits_or_in_chinese() -> None:
    text = "这是云海队队史第三次夺冠，此前两次都在客场。"
    asked = "云海队这是第几次夺冠？"
    assert run(asked, "云海队这是第3次夺冠。", text).sentences
    assert not run(asked, "云海队这是第2次夺冠。", text).sentences
