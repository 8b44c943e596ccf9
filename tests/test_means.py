"""How something was done by several means: the report's own sentences on each, and what came of it."""

import pytest

from rag import means
from rag.question import understand
from rag.schema import Chunk, Hit
from tests.reading import passage

REPORT = (
    "公司采取了分发股利、债务重组和成本控制等措施，财务状况明显改善。"
    "首先，公司于2019年1月决定向股东分发3亿元股利。这一举措提升了股东的收益。"
    "随后，公司在2019年6月进行了债务重组，减少了5亿元负债。这一举措降低了财务成本。"
    "此外，公司新开了12家门店。"
    "公司还推行成本控制策略，提高经营效率。"
)
ASKED = "云海股份是如何通过债务重组、分发股利和成本控制策略来改善财务状况的？"


def hit(text: str, title: str = "云海股份年报点评", rank: int = 1) -> Hit:
    one = passage(text, title)
    return Hit(rank, 1.0, Chunk("d1", 0, len(text), text, one.heading_path), one.document)


def told(question: str, *hits: Hit) -> list[str]:
    found = means.answer(understand(question), hits)
    return [s.text for s in found.checked.sentences] if found else []


def test_each_of_the_means_is_told_in_the_reports_words_and_the_questions_order() -> None:
    assert told(ASKED, hit(REPORT)) == [
        "公司在2019年6月进行了债务重组，减少了5亿元负债。",
        "这一举措降低了财务成本。",
        "公司于2019年1月决定向股东分发3亿元股利。",
        "这一举措提升了股东的收益。",
        "公司还推行成本控制策略，提高经营效率。",
    ]


def test_every_sentence_is_cited_where_it_stands_with_its_figures() -> None:
    found = means.answer(understand(ASKED), (hit(REPORT),))
    assert found is not None
    for sentence in found.checked.sentences:
        (evidence,) = sentence.evidence
        quote = found.passages[0].text[evidence.span.start : evidence.span.end]
        assert quote.endswith(sentence.text)
    figures = [f.text for s in found.checked.sentences for f in s.figures]
    assert {"5亿元", "3亿元"} <= set(figures)


@pytest.mark.parametrize(
    "question",
    [
        "云海股份是如何通过债务重组、分发股利和海外并购来改善财务状况的？",  # one is not told
        "云海股份是如何通过债务重组来改善财务状况的？",  # the model reads one
        "云海股份的债务重组和分发股利各是多少？",
        "白鹭股份是如何通过债务重组、分发股利和成本控制策略来改善财务状况的？",
    ],
)
def test_what_the_report_does_not_tell_of_all_is_left_to_others(question) -> None:
    assert told(question, hit(REPORT)) == []


def test_without_a_word_before_the_aim_and_with_parts_joined_within() -> None:
    text = "公司实施了员工健康与安全计划，定期体检。公司开展人才发展培训，推出在线课程。"
    asked = "云海股份怎么通过员工健康与安全计划和人才发展培训提升员工满意度？"
    assert told(asked, hit(text)) == [
        "公司实施了员工健康与安全计划，定期体检。",
        "公司开展人才发展培训，推出在线课程。",
    ]


def test_in_a_report_on_many_the_paragraph_names_whom_it_is_of() -> None:
    text = "白鹭股份：公司进行了债务重组，并分发股利3亿元。\n云海股份：公司进行债务重组。公司向股东分发股利2亿元。"
    asked = "云海股份是如何通过债务重组和分发股利来改善财务状况的？"
    assert told(asked, hit(text, "行业周报")) == [
        "云海股份：公司进行债务重组。",
        "公司向股东分发股利2亿元。",
    ]
