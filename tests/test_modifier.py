"""The same measure of another thing is no answer; of the same thing under another name it is."""

import pytest

from rag import clauses, refuse, subject
from rag.extract import vouched
from rag.question import understand
from rag.schema import Draft
from rag.verify import check
from tests.reading import found, passage


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (
            "2025年4月我国热卷出口了多少万吨？",
            "热卷震荡偏弱。4月我国钢材出口1,046万吨，同比增长13.4%。",
        ),
        (
            "云海股份2024年清洗设备的在手订单是多少？",
            "截至2024年末在手订单67.2亿元。新签订单中清洗设备占一成。",
        ),
    ],
)
def test_what_is_measured_of_another_thing_or_of_the_whole_is_not_told(
    asked: str, text: str
) -> None:
    assert found(asked, text) == ""


@pytest.mark.parametrize(
    ("asked", "text", "figure"),
    [
        ("2025年4月我国热卷出口了多少万吨？", "4月我国热卷出口106万吨，同比下降13.4%。", "106万吨"),
        ("云海股份2024年的广告收入是多少？", "2024年云海股份营销服务收入35.8亿元。", "35.8亿元"),
        (
            "2024年云海股份的研发投入占营业收入多少？",
            "2024年云海股份研发投入6.2亿元，占营业收入的16.2%。",
            "16.2%",
        ),
    ],
)
def test_the_same_thing_in_the_reports_words_is(asked: str, text: str, figure: str) -> None:
    assert figure in found(asked, text)


def test_a_growth_does_not_vouch_for_a_level_of_another_thing() -> None:
    shown = (passage("热卷震荡偏弱。4月我国钢材出口1,046万吨，同比增长13.4%。"),)
    query = understand("2025年4月我国热卷出口了多少万吨？")
    draft = "4月我国钢材出口1,046万吨，同比增长13.4%。"
    assert not vouched(query, shown, check(query, Draft(query.text, shown, draft, "", "")))


def test_the_noun_behind_a_count_that_opens_its_clause_is_what_it_counts() -> None:
    text = "总计112款国产网络游戏、7款进口网络游戏版号过审，3款游戏版号变更。"
    near = {s.figure.text: s.near for s in clauses.settings(text)}
    assert "国产网络游戏" in near["112款"]
    assert "游戏版号变更" in near["3款"]


def test_a_verb_before_a_name_that_the_reports_hold_makes_it_no_stranger() -> None:
    shown = (passage("云海股份2024年收入48.2亿元。银行可借助社交平台建设金融社区。"),)
    for asked in ("出来讲云海股份战略的是谁？", "想做金融社区的银行借什么优势？"):
        about = subject.of(understand(asked), shown)
        assert about is None or about.known
    stranger = subject.of(understand("要做霁川微装的是谁？"), shown)
    assert stranger is not None
    assert not stranger.known
    assert refuse.premise(understand("x"), "y").reason
