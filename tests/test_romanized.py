"""Names of people that an English answer spells are those of the passages, with the original."""

import pytest

from rag import verify
from rag.question import understand
from rag.romanized import opens, restored
from rag.schema import DocumentFacts, Draft, Passage

TEXT = "工业和信息化部科技司副司长刘伯超表示，双方将合作；云海科技总裁王炽平到会。"


@pytest.mark.parametrize(
    ("drafted", "told"),
    [
        ("It was Liu Baochao who spoke.", "It was Liu Bochao (刘伯超) who spoke."),
        ("Bochao Liu spoke.", "Liu Bochao (刘伯超) spoke."),
        ("Liu Bo-chao spoke.", "Liu Bochao (刘伯超) spoke."),
        ("Wang Chi Ping came.", "Wang Chiping (王炽平) came."),
        # somebody else, places and companies stay as they are
        ("Zhou Xingchi spoke in Hong Kong.", "Zhou Xingchi spoke in Hong Kong."),
        ("Li Auto and Hang Seng rose.", "Li Auto and Hang Seng rose."),
    ],
)
def test_a_name_is_the_one_of_the_passage(drafted, told):
    assert restored(drafted, [TEXT]) == told


def test_two_who_are_spelt_alike_are_not_guessed_at():
    assert restored("Li Wei spoke.", ["李伟和黎伟都发了言。"]) == "Li Wei spoke."


def test_a_checked_answer_holds_the_original():
    facts = DocumentFacts("d1", "r.txt", "快讯", None, None, "text", 0, 1)
    passage = Passage(1, "d1", 0, len(TEXT), TEXT, (), None, facts, 1.0)
    query = understand("Who spoke for the ministry?")
    draft = Draft(query.original, (passage,), "Liu Baochao spoke for the ministry.", "", "")
    assert "刘伯超" in verify.check(query, draft).sentences[0].text


def test_the_spelling_of_a_city_opens_the_name_of_a_company():
    assert opens("Chongqing", "重庆啤酒")
    assert not opens("Chengdu", "重庆啤酒")
