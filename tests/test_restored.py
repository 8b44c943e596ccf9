"""What a draft has wrong and the report's own words put right: a name of a list, a neighbour's figure, the extreme."""

import pytest

from rag import coordinate, extract, listed, refuse, superlative
from rag.question import understand
from rag.schema import Draft
from rag.verify import check
from tests.reading import passage

GROWN = "望舒收入下降。其中，启明、点星、青柠、途远和乐元收入均有一定程度增长。"


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        ("望舒、点星、青柠、途远和乐元。", "启明、点星、青柠、途远和乐元。"),
        ("启明、点星、青柠、途远和乐元。", "启明、点星、青柠、途远和乐元。"),
        ("点星、青柠和途远。", "点星、青柠和途远。"),  # some of them may be what is asked for
        ("望舒、海岳、江陵、途远和乐元。", "望舒、海岳、江陵、途远和乐元。"),  # another list
    ],
)
def test_a_name_that_stands_before_a_list_is_not_of_it(draft: str, told: str) -> None:
    assert listed.restored(draft, [passage(GROWN)]) == told


def test_a_neighbours_figure_gives_way_where_the_question_is_said_of_the_other() -> None:
    text = (
        "云海电商战报显示，单场成交超去年峰值的商家数超5.7万个，成交破百万的直播间数超2500个，"
        "单日成交超去年峰值的商家数超8.4万个。"
    )
    query, shown = understand("云海电商卖破百万的直播间有多少"), (passage(text),)
    draft = "云海电商卖破百万的直播间有8.4万个。"
    assert not check(query, Draft(query.text, shown, draft, "", "")).sentences
    seconded = extract.seconded(query, shown, draft)
    assert seconded is not None
    assert "2500个" in seconded.sentences[0].text
    assert extract.seconded(query, shown, "云海电商直播间很多。") is None


def test_an_answer_that_only_repeats_the_question_is_none() -> None:
    text = "云海文娱业务三季度实现盈利，拉动了云海集团。"
    query, shown = understand("云海集团三季度盈利主要靠什么业务拉动？"), (passage(text),)
    empty = check(query, Draft(query.text, shown, "云海集团三季度盈利主要靠业务拉动。", "", ""))
    told = check(query, Draft(query.text, shown, "主要靠文娱业务拉动。", "", ""))
    assert empty.sentences
    assert told.sentences
    assert refuse.after_checking(query, (), shown, empty, 9.0)
    assert refuse.after_checking(query, (), shown, told, 9.0) is None
    grew = understand("云海集团三季度收入增长情况怎么样？")
    said = (passage("云海集团三季度收入增长16.2%。"),)
    figure = check(grew, Draft(grew.text, said, "云海集团三季度收入增长16.2%。", "", ""))
    assert refuse.after_checking(grew, (), said, figure, 9.0) is None


def test_the_greatest_of_what_a_sentence_tells_alike_is_told() -> None:
    text = (
        "云海在11月1日以每股132元的价格出售了65.5万股，在11月4日以每股129元的价格出售了88.2万股，"
        "在11月11日以每股121元的价格出售了150万股。"
    )
    query, shown = understand("云海哪一拨出售的股数最多，大概多少股？"), (passage(text),)
    drafted = check(query, Draft(query.text, shown, "11月1日出售了65.5万股。", "", ""))
    told = superlative.answered(query, shown, drafted).sentences
    assert "150万股" in told[0].text
    assert "11月11日" in told[0].text
    least = understand("云海哪一拨出售的股数最少，大概多少股？")
    assert superlative.answered(least, shown, drafted) == drafted


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (
            "KL 7在2024年的装机，比KL 5在2023年的多了多少台？",
            ("KL 7在2024年的装机是多少？", "KL 5在2023年的装机是多少？"),
        ),
        (
            "平台回收比着陆场回收，近地轨道运力能多多少？",
            ("平台回收，近地轨道运力是多少？", "着陆场回收，近地轨道运力是多少？"),
        ),
        (
            "5月19日那周，澳洲铁矿发运比巴西多多少万吨？",
            ("5月19日那周，澳洲铁矿发运是多少？", "5月19日那周，巴西铁矿发运是多少？"),
        ),
    ],
)
def test_sides_of_a_comparison_keep_their_own_time_and_measure(
    asked: str, parts: tuple[str, ...]
) -> None:
    assert coordinate.split(asked) == parts


def test_the_figure_that_the_question_is_said_of_takes_the_place_of_its_neighbour() -> None:
    text = (
        "“云海二号”一次性使用的近地轨道运力为18.5吨，返回着陆场回收时只剩10.2吨，平台回收为13.6吨。"
    )
    query, shown = understand("返回着陆场回收，近地轨道运力是多少？"), (passage(text),)
    drafted = check(query, Draft(query.text, shown, "近地轨道运力为18.5吨。", "", ""))
    told = extract.outdone(query, shown, drafted)
    assert told is not None
    assert "10.2吨" in told.sentences[0].text
    right = check(query, Draft(query.text, shown, "返回着陆场回收时近地轨道运力为10.2吨。", "", ""))
    assert extract.outdone(query, shown, right) is None
    other = understand("返回着陆场回收之前的那种，近地轨道运力是多少？")
    assert extract.outdone(other, shown, drafted) is None


def test_a_change_from_an_earlier_time_keeps_the_later_one() -> None:
    assert coordinate.split("11月合约价是多少，比10月涨了多少？") == (
        "11月合约价是多少？",
        "11月合约价比10月涨了多少？",
    )
