"""Why did it fall, when the reports say that it rose: the premise is corrected, not explained."""

from dataclasses import replace

import pytest

from rag.premise import contradicted, unreasoned
from rag.question import understand
from tests.test_extract import PASSAGES


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("云海科技2024年归母净利润下滑的主要原因是什么？", "20.1%"),
        ("云海科技2024年营业收入为什么减少？", "12.5%"),
        ("云海科技2024年硬件收入为什么增长？", "-6%"),
    ],
)
def test_the_opposite_is_found(question, figure):
    stated = contradicted(understand(question), PASSAGES)
    assert stated is not None
    assert figure in stated


@pytest.mark.parametrize(
    "question",
    [
        "云海科技2024年归母净利润增长的主要原因是什么？",
        "云海科技2024年硬件收入为什么下降？",
        "云海科技2024年员工人数为什么减少？",
        "白鹭软件2024年营业收入为什么下滑？",
        "云海科技2024年归母净利润是多少？",
    ],
)
def test_what_is_so_or_not_said_is_no_contradiction(question):
    assert contradicted(understand(question), PASSAGES) is None


def test_a_way_told_backwards_is_contradicted():
    told = "首个结果的等待时间，从4.9分钟缩短至68秒。"
    shown = (replace(PASSAGES[0], text=told, end=len(told)),)
    assert contradicted(understand("等待时间为什么从68秒拉长到4.9分钟？"), shown) == told
    assert contradicted(understand("等待时间为什么从4.9分钟缩短到68秒？"), shown) is None


def test_a_forced_end_is_a_reason():
    asked = understand("云海队退赛的原因是什么？")
    assert not unreasoned(asked, ["云海队的主力在第二轮扭伤脚踝，最终无奈退赛。"])
    assert unreasoned(asked, ["云海队的主力参加了第二轮比赛。"])
