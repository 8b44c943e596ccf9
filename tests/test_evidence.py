"""The sentences that can answer are shown, whole, with what they lean on, within the budget."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.evidence import Budget, choose, coverage, units_of
from rag.generate import render
from rag.question import understand
from rag.schema import BlockKind, Chunk, DocumentFacts, Hit

REPORT = DocumentFacts(
    "d1", "report.md", "云海科技三季报点评", "东湖证券", "2024-11-20", "md", 0, 9
)
OTHER = DocumentFacts("d2", "other.md", "白鹭银行点评", "西山证券", "2024-11-21", "md", 0, 9)
REVENUE = "2024年三季度，云海科技实现收入299.93亿元，同比增长17%。"
MARGIN = "毛利率为53%，较去年同期提升1个百分点。"
LEANING = "其中海外收入12.4亿元。"
STAFF = "公司员工总数为4310人。"
BANK = "白鹭银行净息差为1.58%，收窄7个基点。"


def hit(
    rank, *sentences, document=REPORT, heading=("一、业绩",), start=100, kind=BlockKind.PARAGRAPH
):
    text = "".join(sentences)
    chunk = Chunk(document.doc_id, start, start + len(text), text, heading, 3, kind)
    return Hit(rank, 1 / (60 + rank), chunk, document)


def texts(question, *hits, **budget):
    return [
        p.text for p in choose(understand(question), hits, Budget(**budget) if budget else None)
    ]


def test_the_sentence_that_answers_comes_first():
    hits = (hit(1, STAFF, REVENUE, MARGIN), hit(2, BANK, document=OTHER))
    assert REVENUE in texts("云海科技2024年三季度收入是多少？", *hits)[0]
    assert BANK in texts("白鹭银行的净息差是多少？", *hits)[0]
    assert MARGIN in texts("毛利率是多少？", *hits)[0]


def test_passages_are_labelled_slices_of_their_documents():
    hits = (hit(1, STAFF, REVENUE, MARGIN, start=500), hit(2, BANK, document=OTHER, start=40))
    passages = choose(understand("云海科技收入和白鹭银行净息差？"), hits)
    assert [p.label for p in passages] == list(range(1, len(passages) + 1))
    sources = {h.chunk.doc_id: h.chunk for h in hits}
    for passage in passages:
        chunk = sources[passage.doc_id]
        inside = chunk.text[passage.start - chunk.start : passage.end - chunk.start]
        assert inside == passage.text
        assert passage.text[-1] in "。"
        assert passage.page == 3
        assert passage.document.doc_id == passage.doc_id
        assert passage.heading_path == chunk.heading_path


def test_a_sentence_brings_the_one_it_leans_on():
    hits = (hit(1, STAFF, REVENUE, LEANING, MARGIN),)
    (best, *_) = texts("海外收入是多少？", *hits, characters=45)
    assert best.startswith(REVENUE)
    assert LEANING in best


def test_touching_sentences_become_one_passage():
    (only,) = texts("云海科技三季度收入和毛利率", hit(1, REVENUE, MARGIN))
    assert only == REVENUE + MARGIN


def test_the_budget_bounds_what_is_shown():
    many = [
        hit(n, f"云海科技第{n}项业务收入为{n}5亿元，增长较快。", start=1000 * n)
        for n in range(1, 30)
    ]
    for characters in (60, 200, 600):
        shown = texts("云海科技业务收入是多少？", *many, characters=characters, passages=50)
        assert 0 < sum(map(len, shown)) <= characters
    assert len(texts("云海科技业务收入是多少？", *many, characters=5000, passages=4)) == 4


def test_one_long_sentence_is_shown_even_beyond_the_budget():
    long = "云海科技收入" + "持续增长" * 300 + "。"
    assert texts("云海科技收入？", hit(1, long)) == [long]


def test_the_sentence_of_the_asked_period_beats_the_same_words_of_another():
    old, new = "2023年三季度，云海科技收入为256.1亿元。", "2024年三季度，云海科技收入为299.93亿元。"
    for question, best in [("云海科技2024年三季度收入？", new), ("云海科技3Q23收入？", old)]:
        hits = (hit(1, old, STAFF, start=0), hit(2, new, STAFF, start=900))
        assert texts(question, *hits, characters=len(best))[0] == best


def test_a_row_of_a_table_brings_its_title_and_header():
    lines = [
        "表1：盈利预测（亿元）",
        "项目 | 2024E | 2025E",
        "收入 | 299.9 | 340.1",
        "净利润 | 63.0 | 71.5",
    ]
    table = hit(1, "\n".join([*lines, "资料来源：Wind"]), kind=BlockKind.TABLE)
    passages = choose(understand("2025E净利润？"), (table,), Budget(characters=20))
    assert [(p.text, p.head) for p in passages] == [(lines[3], "\n".join(lines[:2]))]
    assert render(passages) == "[1]（盈利预测（亿元））净利润：2024E 63.0亿元；2025E 71.5亿元"


def test_rows_next_to_each_other_are_one_passage():
    table = hit(1, "项目 2024E 2025E\n收入 299.9 340.1\n净利润 63.0 71.5\n", kind=BlockKind.TABLE)
    (only,) = choose(understand("2025E净利润？"), (table,))
    assert only.text == "收入 299.9 340.1\n净利润 63.0 71.5"
    assert only.head == "项目 2024E 2025E"
    assert "净利润：2024E 63.0；2025E 71.5" in render([only])


def test_the_question_finds_a_row_by_words_of_its_header():
    wide = "公司 | 营业收入 | 研发费用率\n云海科技 | 12.1 | 8.3%\n白鹭软件 | 7.7 | 9.9%"
    other = "公司 | 市盈率\n云海科技 | 33.0"
    hits = (
        hit(1, other, kind=BlockKind.TABLE, start=0),
        hit(2, wide, kind=BlockKind.TABLE, start=900),
    )
    assert (
        texts("云海科技的研发费用率是多少？", *hits, characters=30)[0] == "云海科技 | 12.1 | 8.3%"
    )


def test_a_piece_of_a_table_is_read_with_its_head():
    chunk = hit(1, "白鹭软件 | 7.7 | 9.9%", kind=BlockKind.TABLE).chunk
    piece = replace(chunk, head="表2：费用\n公司 | 营业收入（亿元） | 研发费用率")
    (passage,) = choose(understand("白鹭软件营业收入？"), (replace(hit(1, ""), chunk=piece),))
    assert passage.text == chunk.text
    assert render([passage]) == "[1]（费用）白鹭软件：营业收入 7.7亿元；研发费用率 9.9%"


def test_a_long_table_is_shown_by_rows():
    rows = "".join(f"业务{n} {n}5.3 {n}6.1 {n}7.2\n" for n in range(200))
    chunk = hit(1, rows, kind=BlockKind.TABLE).chunk
    spans = units_of(chunk)
    assert len(spans) == 200
    assert all("\n" not in chunk.text[s.start : s.end] for s in spans)


def test_the_heading_alone_is_no_evidence():
    heading = "二、毛利率"
    chunk = hit(1, heading + "\n" + STAFF, heading=(heading,)).chunk
    assert [chunk.text[s.start : s.end] for s in units_of(chunk)] == [STAFF]
    lone = hit(1, heading, heading=(heading,)).chunk
    assert len(units_of(lone)) == 1


def test_the_same_sentence_in_two_reports_is_shown_once():
    shown = texts("云海科技收入？", hit(1, REVENUE), hit(2, REVENUE, document=OTHER))
    assert shown == [REVENUE]


def test_no_hits_give_no_passages():
    assert choose(understand("云海科技收入？"), ()) == ()


def test_a_question_without_content_words_still_gets_evidence():
    assert texts("是什么？", hit(1, REVENUE)) == [REVENUE]


@pytest.mark.parametrize(
    ("support", "low", "high"),
    [
        ("云海科技三季度收入299.93亿元", 0.99, 1.0),
        ("云海科技员工4310人", 0.2, 0.8),
        ("白鹭银行净息差", 0.0, 0.1),
        ("", 0.0, 0.0),
    ],
)
def test_coverage_is_the_share_of_the_questions_words_that_support_holds(support, low, high):
    hits = (hit(1, STAFF, REVENUE), hit(2, BANK, document=OTHER))
    assert low <= coverage(understand("云海科技2024年三季度收入？"), hits, support) <= high


def test_coverage_of_nothing_asked_is_whole():
    assert coverage(understand("是什么？"), (hit(1, REVENUE),), "") == 1.0


def test_the_best_hit_is_shown_whole_to_a_question_in_another_language():
    shown = choose(
        understand("How can the app be opened quickly?"),
        (hit(1, STAFF, REVENUE, MARGIN), hit(2, BANK)),
    )
    assert shown[0].text == STAFF + REVENUE + MARGIN


def test_a_measure_without_its_owner_brings_the_sentence_before():
    topic = "互联网业务方面，三季度收入为85亿元，同比增长9.1%。"
    shown = texts(
        "毛利率77.5%是谁的？", hit(1, STAFF, topic, "毛利率77.5%，同比增长3.1%。"), characters=60
    )
    assert any(topic in text and "77.5%" in text for text in shown)
