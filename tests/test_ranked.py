"""Who is second: counted from a row that ranks, never the first of it."""

import pytest

from rag import ranked
from rag.question import understand
from tests.reading import passage

ROW = "11月港股个股中，云海软件、白鹭网络、青松国际涨幅居前，分别为16.7%、9.1%、7.7%。"


def told(question: str, text: str) -> str:
    checked = ranked.answer(understand(question), [passage(text, "港股11月回顾")])
    return "".join(s.text for s in checked.sentences) if checked else ""


@pytest.mark.parametrize(
    ("nth", "name", "figure"), [("二", "白鹭网络", "9.1%"), ("三", "青松国际", "7.7%")]
)
def test_the_rank_is_counted(nth: str, name: str, figure: str) -> None:
    answer = told(f"11月港股个股涨幅第{nth}的是哪家，涨了多少？", ROW)
    assert name in answer
    assert figure in answer


def test_what_does_not_rank_gives_no_rank() -> None:
    unordered = ROW.replace("16.7%、9.1%", "9.1%、16.7%")
    assert told("11月港股个股涨幅第二的是哪家？", unordered) == ""
    assert told("11月港股个股涨幅第四的是哪家？", ROW) == ""
    assert told("11月美股个股涨幅第二的是哪家？", ROW) == ""
    assert told("11月港股个股跌幅第二的是哪家？", ROW) == ""
    assert told("第二季度港股个股涨幅是多少？", ROW) == ""
