"""Whoever stands near is not who is asked for: the asked role or event stands with the answer."""

import pytest

from rag import predicate, verify
from rag.question import understand
from rag.schema import Draft, Passage
from tests.scripted import FACTS

CREDITS = "《远山》由陆明执导，近日开播。观众熟悉的何清也参加了发布会。编剧许言凭《远山》获得好评。"
LAUNCH = "这部电影2020年开机。2022年3月4日上映。"


def unsaid(question: str, draft: str, text: str, odds: float = 2.0) -> str:
    shown = (Passage(1, "d1-0", 0, len(text), text, (), None, FACTS, 1.0),)
    query = understand(question)
    checked = verify.check(query, Draft(question, shown, draft, "", ""))
    assert checked.sentences, checked.dropped
    return predicate.unsaid(query, shown, checked, odds)


@pytest.mark.parametrize(
    ("question", "draft", "text"),
    [
        ("《远山》的编剧是谁？", "《远山》的编剧是何清。", CREDITS),
        ("《远山》上映时间？", "《远山》上映时间是2020年。", LAUNCH),
        ("《远山》的编剧是谁？", "《远山》近日开播。", "《远山》近日开播。"),
    ],
)
def test_another_role_or_event_answers_nothing(question, draft, text):
    assert unsaid(question, draft, text)


@pytest.mark.parametrize(
    ("question", "draft", "text"),
    [
        ("《远山》的编剧是谁？", "《远山》的编剧是许言。", CREDITS),
        ("《远山》上映时间？", "《远山》上映时间是2022年3月4日。", LAUNCH),
        ("《远山》的收入是多少？", "《远山》近日开播。", CREDITS),
        (
            "该指标是谁在哪一年的研究？",
            "该指标是许言2016年的研究。",
            "基于该模型，许言（2016）构建了该指标。",
        ),
    ],
)
def test_what_is_said_with_its_word_stands(question, draft, text):
    assert not unsaid(question, draft, text)


def test_a_sure_model_may_say_it_in_other_words():
    asked = "《远山》的导演是谁？", "《远山》的导演是陆明。", CREDITS
    assert unsaid(*asked, odds=predicate.DOUBTFUL - 0.1)
    assert not unsaid(*asked, odds=predicate.DOUBTFUL)


def test_a_bare_phrase_asks_for_its_last_word():
    text = "甲某获得10米跳台亚军。乙某夺得3米跳板冠军。"
    assert unsaid("2023年远山杯10米跳台冠军", "2023年远山杯10米跳台冠军是甲某。", text)
    assert not unsaid("3米跳板冠军", "3米跳板冠军是乙某。", text)


def test_a_doubtful_answer_names_whom_it_is_about():
    text = "陆明在《远山》中出演重要角色。许多观众喜欢这部剧。何清饰演赵大海。"
    asked = "陆明在《远山》中饰演谁？", "陆明在《远山》中饰演赵大海。", text
    assert unsaid(*asked)
    assert not unsaid(*asked, odds=predicate.DOUBTFUL)


def test_a_date_of_something_else_is_no_answer() -> None:
    founded = "云海科技是一家成立于2015年的软件公司，目前尚未上市。"
    asked, draft = "云海科技的环境管理团队成立于哪一年？", "云海科技的环境管理团队成立于2015年。"
    assert unsaid(asked, draft, founded, odds=9.0)
    own = founded.replace("软件公司", "软件公司，环境管理团队成立于2018年")
    told = "云海科技的环境管理团队成立于2018年。"
    assert not unsaid(asked, told, own, odds=9.0)


def test_a_body_is_named_with_its_kind() -> None:
    asked = "云海科技在信息披露提升计划中成立了什么小组？"
    draft = "云海科技在信息披露提升计划中成立了内部审计。"
    assert unsaid(asked, draft, "云海科技在信息披露提升计划中成立了内部审计。", odds=9.0)
    named = "云海科技在信息披露提升计划中成立了内部审计小组。"
    assert not unsaid(asked, named, named, odds=9.0)
