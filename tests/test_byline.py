"""Who made a report is answered from what the report says of itself, though no search returns it."""

import pytest

from rag import byline
from rag.question import understand
from rag.schema import Chunk, DocumentFacts, Fact, FactName, Hit

MARGIN = (
    "2025年6月19日\n证券分析师 高一川\n执业证号：S0000000000001\n证券分析师 罗小溪\n研究助理 沈三桥"
)
BODY = "本篇报告研究上下影线因子，证券分析师普遍关注该指标。"
PLEDGE = "分析师声明\n本报告署名分析师具有执业资格。"
FACTS = DocumentFacts("d1", "r.pdf", "上下影线因子研究", "云海证券", "2025-06-19", "pdf", 3, 3)
OTHER = DocumentFacts("d2", "o.pdf", "行业轮动策略", "青禾证券", "2024-01-02", "pdf", 3, 3)


class Shelf:
    """Two reports, of which one says who made it."""

    def chunks_of(self, doc_id: str) -> dict[int, Chunk]:
        texts = (PLEDGE, MARGIN) if doc_id == "d1" else (BODY,)
        pages = (3, 1)
        return {
            row: Chunk(doc_id, 0, len(text), text, (), pages[row]) for row, text in enumerate(texts)
        }

    def facts(self) -> dict[str, tuple[Fact, ...]]:
        names = ("高一川", "罗小溪")
        return {"d1": tuple(Fact(FactName.ANALYST, name, "page 1") for name in names)}


def hit(document: DocumentFacts, text: str, rank: int = 1) -> Hit:
    chunk = Chunk(document.doc_id, 0, len(text), text, (), 1)
    return Hit(rank, 1 / rank, chunk, document)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("云海那篇影线报告 分析师谁啊", True),
        ("这篇报告是谁写的？", True),
        ("报告的分析师邮箱是多少？", True),
        ("Who wrote the report on shadows?", True),
        ("分析师认为影线有效吗？", False),
        ("谁写了公司的年度预算？", True),
        ("云海科技的董事长是谁？", False),
    ],
)
def test_questions_after_the_makers_are_told(question, asked):
    assert byline.asks(understand(question)) is asked


def test_the_report_is_known_by_its_publisher_or_title_or_by_all_best_hits():
    both = [OTHER, FACTS, OTHER, OTHER]
    assert byline.meant(understand("云海那篇报告是谁写的？"), both) is FACTS
    assert byline.meant(understand("行业轮动策略是谁写的？"), both) is OTHER
    assert byline.meant(understand("这篇报告是谁写的？"), both) is None
    assert byline.meant(understand("这篇报告是谁写的？"), [FACTS] * 4) is FACTS


def test_the_margin_is_shown_and_the_pledge_is_not():
    assert [c.text for c in byline.parts(Shelf(), "d1").values()] == [MARGIN]


def test_all_who_signed_are_named_with_the_lines_that_name_them():
    signed = byline.signed(Shelf(), FACTS)
    found = byline.answer(understand("云海这篇报告的分析师是谁？"), [hit(signed, MARGIN)])
    assert found is not None
    (sentence,) = found.checked.sentences
    assert sentence.text == "《上下影线因子研究》的署名分析师是高一川、罗小溪。"
    (evidence,) = sentence.evidence
    quote = MARGIN[evidence.span.start : evidence.span.end]
    assert "高一川" in quote
    assert "罗小溪" in quote


def test_a_name_that_is_not_in_the_quote_is_not_told():
    signed = byline.signed(Shelf(), FACTS)
    assert byline.answer(understand("这篇报告是谁写的？"), [hit(signed, BODY)]) is None
    assert byline.answer(understand("这篇报告是谁写的？"), [hit(FACTS, MARGIN)]) is None
    assert byline.answer(understand("分析师的邮箱是多少？"), [hit(signed, MARGIN)]) is None
