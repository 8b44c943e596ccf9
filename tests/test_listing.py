"""Every row of the asked column is listed, or nothing is."""

import pytest

from rag import listing
from rag.question import understand
from rag.schema import BlockKind, Check, Chunk, DocumentFacts, Hit

FACTS = DocumentFacts("d1", "a.md", "云海科技2024年年度报告", "西山证券", "2025-03-25", "md", 0, 9)
COSTS = (
    "表2：营业成本构成（单位：万元）\n"
    "成本项目 | 本期金额 | 本期占比(%) | 上期金额\n"
    "人工成本 | 350.5 | 46.7 | 274.1\n"
    "折旧费 | 46.4 | 6.2 | 41.9\n"
    "办公费 | 353.1 | 47.1 | 23.4\n"
    "合计 | 750.0 | 100.0 | 339.4"
)
HOLDERS = (
    "序号 | 股东名称 | 期初持股数 | 期末持股数\n"
    "1 | 甲某 | 5,500,000 | 5,400,000\n"
    "2 | 乙某 | 2,900,000 | 3,000,000\n"
    "合计 | 合计 | 8,400,000 | 8,400,000"
)


def hit(text, start=0, head="", facts=FACTS):
    chunk = Chunk("d1", start, start + len(text), text, ("三、成本",), 2, BlockKind.TABLE, head)
    return Hit(1, 0.03, chunk, facts)


def told(question, *hits):
    found = listing.answer(understand(question), hits)
    return found.checked.sentences[0] if found else None


@pytest.mark.parametrize(
    ("question", "text", "items"),
    [
        ("云海科技各成本项目的本期金额是多少？", COSTS, "人工成本为350.5万元，折旧费为46.4万元，办公费为353.1万元，合计为750.0万元"),
        ("云海科技各个成本项目的上期金额？", COSTS, "人工成本为274.1万元，折旧费为41.9万元，办公费为23.4万元，合计为339.4万元"),
        ("云海科技各成本项目本期占比是多少？", COSTS, "人工成本为46.7%，折旧费为6.2%，办公费为47.1%"),
        ("各股东期初持股数是多少？", HOLDERS, "甲某为5,500,000，乙某为2,900,000，合计为8,400,000"),
    ],
)  # fmt: skip
def test_all_rows_of_the_asked_column_are_written(question, text, items):
    said = told(question, hit(text))
    assert said is not None
    assert items in said.text
    assert {f.check for f in said.figures} == {Check.VERIFIED}
    assert all(f.quote in text for f in said.figures)


@pytest.mark.parametrize(
    "question",
    [
        "云海科技人工成本和折旧费各是多少？",  # these two, not all
        "云海科技各成本项目的金额是多少？",  # of which period
        "云海科技各业务的本期金额是多少？",  # the rows are costs
        "白鹭软件各成本项目的本期金额是多少？",  # another company's table
        "云海科技本期人工成本是多少？",
    ],
)
def test_in_doubt_nothing_is_listed(question):
    assert told(question, hit(COSTS)) is None


def test_a_table_that_goes_on_elsewhere_is_not_whole():
    rest = hit(
        "差旅费 | 12.6 | 1.7 | 12.8", len(COSTS), "成本项目 | 本期金额 | 本期占比(%) | 上期金额"
    )
    assert told("云海科技各成本项目的本期金额是多少？", hit(COSTS)) is not None
    assert told("云海科技各成本项目的本期金额是多少？", hit(COSTS), rest) is None
