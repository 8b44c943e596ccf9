"""A growth that stands without its measure is of what a clause before names."""

import pytest

from rag import extract
from rag.question import understand
from rag.schema import DocumentFacts, Passage

LIST = "剩下4家企业中，青禾零售市值增幅最大，达到121%，其次是白鹭软件，市值增长90%，云海科技、东湖银行分别增长43%和9%。"
SINCE = "2024年以来，东湖银行收入上涨约18%。"
AMONG = "9月云海科技全球月活用户数达6.86亿，同比增长10.1%，其中中国大陆月活用户数1.68亿，同比增长10.6%。"


def found(question: str, *texts: str) -> str:
    facts = DocumentFacts("d1", "r.txt", "年度回顾", None, None, "text", 0, 1)
    passages = [
        Passage(n, "d1", 100 * n, 100 * n + len(t), t, (), None, facts, 1.0)
        for n, t in enumerate(texts, 1)
    ]
    outcome = extract.answer(understand(question), passages)
    return "".join(s.text for s in outcome.checked.sentences) if outcome else ""


@pytest.mark.parametrize(("name", "growth"), [("云海科技", "43%"), ("东湖银行", "9%")])
def test_a_list_of_growths_is_of_the_measure_said_before(name, growth):
    assert f"为{growth}。" in found(f"{name}的市值涨幅是多少？", LIST, SINCE)


@pytest.mark.parametrize(("where", "growth"), [("全球", "10.1%"), ("中国大陆", "10.6%")])
def test_the_growth_after_a_part_is_of_that_part(where, growth):
    assert f"为{growth}。" in found(f"云海科技{where}月活的同比增速是多少？", AMONG)


def test_a_growth_whose_words_leave_the_direction_open_is_called_by_it():
    text = "白鹭软件、云海科技等2家企业市值出现下降，降幅分别为33%和4%。"
    assert "下降了4%" in found("云海科技的市值变动了多少？", text)


def test_order_gives_a_figure_to_its_name_whoever_stands_behind_it():
    text = "美股方面，腾讯、亚马逊、微博为本月表现前三的股票，单月涨幅为21.0%、11.5%、6.1%。"
    assert "为11.5%。" in found("美股里亚马逊的涨幅是多少？", text)
