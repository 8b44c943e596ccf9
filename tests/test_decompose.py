"""Compound questions: seen as such, taken apart by a scripted model, never trusted blindly."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag import decompose
from rag.engine import Completion
from rag.question import understand


class Scripted:
    """An engine that writes what it is told to, and keeps what it was asked."""

    name, context, grammars = "scripted", 4096, True

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: list[str] = []

    def complete(self, messages: Sequence[dict], *, max_tokens: int, **_: object) -> Completion:
        self.asked.append(messages[-1]["content"])
        return Completion(self.text, 1, 1, finished=True)


def parts(question: str, reply: str) -> list[str]:
    return [p.text for p in decompose.decompose(Scripted(reply), understand(question))]


@pytest.mark.parametrize(
    "question",
    [
        "2022年甲银行和乙银行相比，谁在净息差上更高，高多少？",
        "丙公司三季度收入比二季度少了多少？",
        "丁公司销量涨了多少？它为什么涨价？",
        "甲、乙两家公司的毛利率相差几个百分点？",
        "How much higher was Foo's 2019 revenue than Bar's?",
        "2023年和2024年的零售额各是多少？",
    ],
)
def test_promises_more_than_one_question(question):
    assert decompose.is_compound(understand(question))


@pytest.mark.parametrize(
    "question",
    [
        "甲公司2023年收入是多少？",
        "甲公司三季度收入同比增长多少？",
        "比亚迪2024年海外销量是多少？",
        "海外收入占总收入的比例是多少？",
        "网上销售占收入的百分比是多少？",
        "参与商家的订单量平均提高了多少？",
        "三个聚焦各是什么？",
        "甲和乙为什么合并？",
        "What was Foo's revenue in 2019?",
    ],
)
def test_is_one_question(question):
    assert not decompose.is_compound(understand(question))


def test_a_simple_question_costs_no_model_call():
    engine = Scripted("whatever")
    assert decompose.decompose(engine, understand("甲公司2023年收入是多少？")) == ()
    assert engine.asked == []


def test_comparison_is_asked_one_side_at_a_time():
    reply = "2022年甲银行的净息差是多少？\n2022年乙银行的净息差是多少？"
    assert parts("2022年甲银行和乙银行相比，谁在净息差上更胜一筹？", reply) == reply.split("\n")


def test_numbering_goes_but_a_leading_year_stays():
    reply = "1. 2022年甲银行的净息差是多少？\n2、2022年乙银行的净息差是多少？"
    got = parts("2022年甲银行和乙银行相比，谁在净息差上更胜一筹？", reply)
    assert got == ["2022年甲银行的净息差是多少？", "2022年乙银行的净息差是多少？"]


def test_examples_the_model_goes_on_with_are_ignored():
    reply = "2022年甲银行的净息差是多少？\n2022年乙银行的净息差是多少？\n\n丙银行的利润是多少？"
    assert len(parts("2022年甲银行和乙银行相比，谁在净息差上更胜一筹？", reply)) == 2


@pytest.mark.parametrize(
    "reply",
    [
        "2022年甲银行的净息差是多少？\n2021年乙银行的净息差是多少？",  # a year of its own
        "2022年甲银行的净息差是多少？\n2022年丙信托的净息差是多少？",  # a name of its own
        "2022年甲银行和乙银行相比，谁在净息差上更胜一筹？",  # nothing taken apart
        "What was the margin of Bank A?\nWhat was the margin of Bank B?",  # another language
    ],
)
def test_what_the_model_adds_is_not_trusted(reply):
    assert parts("2022年甲银行和乙银行相比，谁在净息差上更胜一筹？", reply) == []


def test_questions_side_by_side_are_split_even_if_the_model_fails():
    question = "甲公司2023年收入是多少？乙公司同年销量是多少？"
    assert parts(question, "不知道") == ["甲公司2023年收入是多少？", "乙公司2023年销量是多少？"]
