"""The highest and the lowest of a table are computed over a whole column, or not told."""

import pytest

from rag import extreme
from rag.question import understand
from rag.schema import BlockKind, Chunk, DocumentFacts, Hit

FACTS = DocumentFacts("d1", "a.md", "软件行业2024年回顾", "西山证券", "2025-03-25", "md", 0, 9)
TABLE = (
    "表1：四家公司盈利预测（单位：亿元）\n"
    "公司 | 总市值 | 2024A营业收入 | 2025E营业收入 | 2025E市盈率\n"
    "云海科技 | 812.0 | 88.4 | 99.0 | 22.5\n"
    "白鹭软件 | 205.3 | 20.6 | 24.1 | 31.0\n"
    "青川电力 | 990.1 | 310.2 | 305.8 | 9.0\n"
    "赤霄传媒 | 61.7 | 12.3 | 12.3 | 18.4\n"
    "合计 | 2069.1 | 431.5 | 441.2 | 17.0"
)


def told(question, text=TABLE):
    chunk = Chunk("d1", 0, len(text), text, ("三、盈利预测",), 2, BlockKind.TABLE)
    found = extreme.answer(understand(question), (Hit(1, 0.03, chunk, FACTS),))
    return found.checked.sentences[0].text if found else None


@pytest.mark.parametrize(
    ("question", "name", "figure"),
    [
        ("四家公司中，哪家2025年市盈率最低，是多少倍？", "青川电力", "9.0倍"),
        ("哪家公司的总市值最大？", "青川电力", "990.1亿元"),
        ("2025年营业收入最高的是谁？", "青川电力", "305.8亿元"),
        ("表里哪家2024年营业收入最少？", "赤霄传媒", "12.3亿元"),
    ],
)
def test_the_whole_column_is_compared(question, name, figure):
    text = told(question)
    assert text is not None
    assert name in text
    assert figure in text


@pytest.mark.parametrize(
    "question",
    [
        "哪家公司的营业收入最高？",  # of which year
        "三家公司中，哪家总市值最大？",  # the table has four
        "哪家公司的研发投入最高？",
        "云海科技2025年的市盈率是多少？",
        "哪家公司2025年营业收入增速最快？",
    ],
)
def test_in_doubt_nothing_is_told(question):
    assert told(question) is None


def test_a_tie_has_no_first():
    assert told("哪家总市值最大？", TABLE.replace("812.0", "990.1")) is None


def test_the_row_is_cited():
    text = TABLE
    chunk = Chunk("d1", 0, len(text), text, (), 2, BlockKind.TABLE)
    hit = Hit(1, 0.03, chunk, FACTS)
    found = extreme.answer(understand("哪家总市值最小？"), (hit,))
    assert found is not None
    (sentence,) = found.checked.sentences
    span = sentence.evidence[0].span
    assert found.passages[0].text[span.start : span.end].startswith("赤霄传媒 | 61.7")
