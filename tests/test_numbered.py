"""Numbers that are part of a name, and ordinals."""

import pytest

from rag import figures, numbered
from rag.question import understand
from rag.schema import DocumentFacts, Passage
from rag.text import fold

REPORT = DocumentFacts("d1-1", "a.md", "择时策略回顾", "东湖证券", "2025-03-20", "md", 0, 9)


def shown(text):
    return [Passage(1, REPORT.doc_id, 0, len(text), text, (REPORT.title,), None, REPORT, 1.0, "")]


def is_make(question, body, text="中证500对冲后收益较高。"):
    figure = next(f for f in figures.find(body) if f.kind is not figures.Kind.DATE)
    return numbered.is_make(understand(question), shown(text), body, figure)


def test_the_number_of_an_index_that_the_question_names_is_no_amount():
    assert is_make("用中证500对冲后最大回撤在哪年？", "用中证500对冲后，最大回撤出现在2009年。")
    assert not is_make("用沪深300对冲后最大回撤在哪年？", "用中证500对冲后，最大回撤出现在2009年。")
    assert not is_make("云海科技有多少家门店？", "云海科技有500家门店。")


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("采用FFScore模型，排第2名。", []),
        ("采用GFScore模型，排第二名。", ["GFScore"]),
        ("采用FFScore模型，排第三名。", ["第三名"]),
    ],
)
def test_names_and_ordinals_must_be_held(body, missing):
    held = fold("FFScore模型排在第二名。")
    assert numbered.unknown(understand("采用什么模型？"), body, held) == missing
