"""Rows of a table by their sign, and who took over a post."""

from rag import modifier, signed, succession
from rag.question import understand
from rag.schema import BlockKind, Chunk, DocumentFacts, Draft, Hit
from rag.verify import check
from tests.reading import passage

TABLE = (
    "表1 2025年一季度经营数据（亿元，%）\n"
    "银行 | 营业收入 | 同比 | 归母净利润 | 同比 | 利息净收入同比\n"
    "江川银行 | 132.6 | 6.1 | 58.4 | 8.7 | -7.9\n"
    "东屿银行 | 98.3 | -2.4 | 36.9 | 0.6 | 1.5\n"
    "海岳银行 | 71.8 | -0.9 | 24.7 | -3.8 | 0.2\n"
    "合计 | 302.7 | -1.1 | 120.0 | 2.2 | 0.1"
)


def hits() -> tuple[Hit, ...]:
    facts = DocumentFacts("d1", "r.md", "三家银行一季报比较", None, "2025-05-06", "text", 0, 1)
    chunk = Chunk("d1", 0, len(TABLE), TABLE, ("一、盈利",), None, BlockKind.TABLE)
    return (Hit(1, 1.0, chunk, facts),)


def told(asked: str) -> str:
    found = signed.answer(understand(asked), hits())
    return found.checked.sentences[0].text if found else ""


def test_every_row_of_the_asked_sign_is_told_and_no_other() -> None:
    fell = told("这些银行里，哪几家2025年一季度营收是负增长的？")
    assert "东屿银行-2.4%" in fell
    assert "海岳银行-0.9%" in fell
    assert "江川" not in fell
    assert "合计" not in fell
    rose = told("哪几家2025年一季度归母净利润正增长？")
    assert "江川银行8.7%" in rose
    assert "东屿银行0.6%" in rose
    assert "海岳" not in rose


def test_no_column_or_no_sign_asked_for_is_left_to_the_reports() -> None:
    assert told("哪几家2025年一季度不良率下降？") == ""
    assert told("哪几家银行2025年一季度营收最高？") == ""


def test_a_column_of_a_part_of_revenue_is_not_that_of_revenue() -> None:
    assert dict(modifier.modified("利息净收入同比", ())) == {"#revenue": "利息"}
    assert dict(modifier.modified("营业收入 同比", ())) == {"#revenue": ""}


def test_who_took_over_is_not_who_left() -> None:
    text = "云海股份公告，总裁邵启明因个人原因辞任，由原首席运营官梁若溪接任。"
    shown = (passage(text),)
    query = understand("云海股份的新总裁是谁？")
    wrong = check(query, Draft(query.text, shown, "邵启明，原首席运营官。", "", ""))
    assert wrong.sentences
    assert "梁若溪接任" in succession.answered(query, shown, wrong).sentences[0].text
    right = check(query, Draft(query.text, shown, "梁若溪，原首席运营官。", "", ""))
    assert succession.answered(query, shown, right) == right
    other = understand("云海股份总裁因什么辞任？")
    assert succession.answered(other, shown, wrong) == wrong
