"""Questions after a time are answered with one, or not at all."""

from rag import dated, verify
from rag.question import understand
from rag.schema import DocumentFacts, Draft, Passage
from tests.reading import passage

FACTS = DocumentFacts("d1-0", "a.txt", "云海科技点评", None, None, "text", 0, 9)
STATED = "同样在12月，云海科技宣布与白鹭软件达成合作，双方将共建平台。"
SILENT = "云海科技宣布与白鹭软件达成合作，双方将共建平台。"


def said(question: str, draft: str, text: str) -> list[str]:
    shown = (Passage(1, "d1-0", 0, len(text), text, (), None, FACTS, 1.0),)
    query = understand(question)
    checked = verify.check(query, Draft(question, shown, draft, "", ""))
    assert checked.sentences
    return [s.text for s in dated.answered(query, shown, checked).sentences]


def test_the_time_that_the_draft_left_out_comes_from_the_quote() -> None:
    assert said("云海科技什么时候与白鹭软件合作？", SILENT, STATED) == [STATED]


def test_without_a_time_nothing_answers() -> None:
    assert said("云海科技何时与白鹭软件合作？", SILENT, SILENT) == []


def test_a_draft_with_a_time_and_other_questions_stay() -> None:
    assert said("云海科技几时与白鹭软件合作？", STATED, STATED) == [STATED]
    assert said("云海科技与谁合作？", SILENT, STATED) == [SILENT]


def test_when_that_only_sets_the_scene_asks_for_no_time() -> None:
    scene = "When 云海科技 works with a partner, what do they build?"
    assert not dated.asks(understand(scene))
    assert dated.asks(understand("When did 云海科技 start to work with a partner?"))


def told_when(question: str, draft: str, told: str) -> str:
    query, shown = understand(question), (passage(told, "云海股份点评"),)
    checked = verify.check(query, Draft(question, shown, draft, "", ""))
    return "".join(s.text for s in dated.answered(query, shown, checked).sentences)


PLAN = "公司董事会秘书2024年3月1日表示，云海首套机组将于2024年年底投产。"


def test_what_came_about_is_told_before_the_plan_for_it() -> None:
    told = f"{PLAN}2024年12月9日，云海首套机组正式投产。"
    asked = "云海首套机组的投产时间？"
    assert told_when(asked, "2024年年底", told) == "2024年12月9日，云海首套机组正式投产。"


def test_a_plan_is_told_where_a_plan_is_asked_for_or_nothing_came_of_it() -> None:
    told = f"{PLAN}2024年12月9日，云海首套机组正式投产。"
    assert told_when("云海首套机组计划什么时候投产？", "2024年年底", told) == "2024年年底"
    assert told_when("云海首套机组的投产时间？", "2024年年底", PLAN) == "2024年年底"
    other = f"{PLAN}2024年12月9日，公司公布三季报。"
    assert told_when("云海首套机组的投产时间？", "2024年年底", other) == "2024年年底"
