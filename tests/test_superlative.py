"""The lowest is not answered with what a report itself calls the highest."""

import pytest

from rag import superlative, verify
from rag.question import understand
from rag.schema import DocumentFacts, Draft, Passage

TEXT = '9月末不良率"五降三升"。青禾银行0.94%最低，较上年末下降0.01个百分点；东湖银行1.29%，改善最明显；云岫银行1.58%，九家里最高。'
LOWEST = "三家银行里，哪家的不良率最低？"


def said(question: str, draft: str, text: str = TEXT) -> list[str]:
    facts = DocumentFacts("d1", "r.txt", "银行三季报", None, None, "text", 0, 1)
    shown = (Passage(1, "d1", 0, len(text), text, (), None, facts, 1.0),)
    query = understand(question)
    checked = verify.check(query, Draft(question, shown, draft, "", ""))
    assert checked.sentences, checked.dropped
    return [s.text for s in superlative.answered(query, shown, checked).sentences]


def test_what_the_report_calls_lowest_takes_the_place_of_the_highest():
    assert said(LOWEST, "云岫银行的不良率为1.58%。") == ["青禾银行0.94%最低"]


def test_without_a_lowest_in_the_report_nothing_answers():
    text = TEXT.replace("最低", "")
    assert said(LOWEST, "云岫银行的不良率为1.58%。", text) == []


@pytest.mark.parametrize(
    ("question", "draft"),
    [
        (LOWEST, "青禾银行的不良率为0.94%。"),
        (LOWEST, "东湖银行的不良率为1.29%。"),  # not called anything: left to the other checks
        ("哪家银行的不良率最高？", "云岫银行的不良率为1.58%。"),
        ("云岫银行的不良率是多少？", "云岫银行的不良率为1.58%。"),
    ],
)
def test_what_is_not_called_the_opposite_stays(question, draft):
    assert said(question, draft) == [draft]
