"""A question after one figure becomes the statement that answers it, with a gap of the right kind."""

import pytest

from rag import statement
from rag.question import understand
from rag.units import Kind


@pytest.mark.parametrize(
    ("question", "words", "filled"),
    [
        ("云海科技2024年收入是多少？", "88亿元", "云海科技2024年收入为88亿元。"),
        ("云海科技2024年卖了多少台机器？", "30台", "云海科技2024年卖了30台机器。"),
        ("2024年三季度收入同比增长多少", "8%", "2024年三季度收入同比增长8%。"),
        ("海外收入占总收入的多少？", "12%", "海外收入占总收入的12%。"),
        ("2024年市值缩水了百分之多少？", "29%", "2024年市值缩水了29%。"),
        ("手里还有多少在手订单？", "88亿元", "手里还有88亿元在手订单。"),
        ("派息多少钱？", "2元", "派息2元。"),
        ("这张票卖几块钱？", "9元", "这张票卖9元。"),
        ("What was Yunhai's revenue in 2024?", "$8 billion", "Yunhai's revenue in 2024 was $8 billion."),
        ("In 2024, how large was the loss of Yunhai?", "$8", "The loss of Yunhai was $8."),
    ],
)  # fmt: skip
def test_the_figure_goes_where_the_question_asks(question, words, filled):
    found = statement.of(understand(question))
    assert found is not None
    assert found.filled(words) == filled


@pytest.mark.parametrize(
    "question",
    [
        "云海科技2024年收入为什么下滑？",
        "哪家公司2024年收入最高，是多少？",
        "收入和毛利率各是多少？",
        "收入是多少，毛利率又是多少？",
        "云海科技哪一天发布年报？",
        "Which company earned more, and how much?",
        "云海科技的业务有什么？",
    ],
)
def test_other_questions_have_no_single_figure(question):
    assert statement.of(understand(question)) is None


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("毛利率是多少？", Kind.PERCENT),
        ("收入同比增长多少？", Kind.PERCENT),
        ("毛利率提高了几个百分点？", Kind.POINTS),
        ("收入是多少？", Kind.MONEY),
        ("每股收益是多少？", Kind.MONEY),
        ("卖了多少台车？", Kind.COUNT),
        ("市盈率是多少倍？", Kind.MULTIPLE),
        ("How many stores did it have?", Kind.COUNT),
        ("What was the gross margin?", Kind.PERCENT),
    ],
)
def test_the_kind_of_figure_is_that_of_the_measure(question, kind):
    found = statement.of(understand(question))
    assert found is not None
    assert kind in found.kinds
    others = {Kind.PERCENT, Kind.POINTS, Kind.MONEY, Kind.COUNT, Kind.MULTIPLE} - {kind}
    assert not others & found.kinds


def test_a_change_is_called_what_it_is():
    found = statement.of(understand("研发投入同比变化多少？"))
    assert found is not None
    assert found.filled("11.8%", -1) == "研发投入同比下降11.8%。"
    assert found.filled("11.8%") == "研发投入同比变化11.8%。"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("云海赛区产生了几块金牌？", Kind.COUNT),
        ("一斤卖几块钱？", Kind.MONEY),
        ("一斤多少块？", Kind.MONEY),
    ],
)
def test_what_is_counted_in_pieces_is_no_money(question, kind):
    found = statement.of(understand(question))
    assert found is not None
    assert kind in found.kinds
    assert len(found.kinds & {Kind.COUNT, Kind.MONEY}) == 1


@pytest.mark.parametrize(
    ("question", "turn", "filled"),
    [
        (
            "How much did Yunhai's revenue change in 2024?",
            -1,
            "Yunhai's revenue fell by 3% in 2024.",
        ),
        (
            "How much did Yunhai's revenue change in 2024?",
            0,
            "Yunhai's revenue changed by 3% in 2024.",
        ),
        (
            "By how much did revenue decline year on year?",
            -1,
            "Revenue declined by 3% year on year.",
        ),
        ("How fast did Yunhai's exports grow in 2024?", 1, "Yunhai's exports grew by 3% in 2024."),
    ],
)
def test_an_english_change_is_a_sentence_with_its_direction(question, turn, filled):
    found = statement.of(understand(question))
    assert found is not None
    assert found.filled("3%", turn) == filled
    assert Kind.PERCENT in found.kinds


def test_a_change_in_revenue_is_no_revenue():
    found = statement.of(understand("What was the change in Yunhai's revenue from 2023 to 2024?"))
    assert found is None or Kind.PERCENT in found.kinds


def test_some_rounds_are_not_how_many():
    assert statement.of(understand("那几轮卖出之后，云海还持有多少股份？")) is not None


def test_a_cheap_stock_is_no_multiple():
    found = statement.of(understand("低PB选股策略的平均换手率是多少？"))
    assert found is not None and Kind.PERCENT in found.kinds
    multiple = statement.of(understand("云海科技2024年市盈率是多少？"))
    assert multiple is not None and Kind.MULTIPLE in multiple.kinds
