"""By how much a rate moved, from the two levels that a report tells."""

import pytest

from rag import moved
from rag.question import understand
from rag.schema import Check, DocumentFacts, Passage

REVIEW = DocumentFacts(
    "d1-1", "a.md", "云海科技2024年年报点评", "东湖证券", "2025-03-20", "md", 0, 9
)
YEAR = "2024年云海科技毛利83亿元，同比增长16%；毛利率从去年同期的41.3%提升到43.8%。"
QUARTER = "2024年云海科技净利率由上季度的12.1%下降至11.6%。"


def told(question, *texts):
    path = (REVIEW.title, "一、业绩")
    shown = [
        Passage(n, REVIEW.doc_id, 0, len(text), text, path, None, REVIEW, 1.0, "")
        for n, text in enumerate(texts, 1)
    ]
    return moved.answer(understand(question), shown)


@pytest.mark.parametrize(
    "question",
    [
        "云海科技2024年毛利率同比变化多少？",
        "云海科技2024年毛利率比去年同期提升了几个百分点？",
        "云海科技2024年的毛利率提高了多少？",
    ],
)
def test_both_ends_are_shown_and_their_difference_computed(question):
    found = told(question, YEAR)
    assert found is not None
    (sentence,) = found.sentences
    assert sentence.text.endswith("由41.3%升至43.8%，上升2.5个百分点。")
    assert [(f.text, f.check) for f in sentence.figures] == [
        ("41.3%", Check.VERIFIED),
        ("43.8%", Check.VERIFIED),
        ("2.5个百分点", Check.DERIVED),
    ]


def test_in_english_and_downwards():
    text = "In 2024 Yunhai's net margin fell from 12.1% in the previous quarter to 11.6%."
    found = told("By how much did Yunhai's net margin fall quarter on quarter in 2024?", text)
    assert found is not None
    assert "fell from 12.1% to 11.6%, by 0.5 percentage points." in found.sentences[0].text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("云海科技2024年毛利率环比提升了多少？", YEAR),  # what it rose from is the year before
        ("云海科技2024年净利率同比下降了多少？", QUARTER),  # and here the quarter before
        ("云海科技2024年毛利率下降了多少？", YEAR),  # it rose
        ("云海科技2024年净利率同比变化多少？", YEAR),  # another measure
        ("云海科技2024年毛利率是多少？", YEAR),  # a level
        ("云海科技2024年净利率同比变化多少？", "2024年云海科技净利率从去年同期的-2.0%提升到3.0%。"),
        ("白鹭软件2024年毛利率同比变化多少？", YEAR),  # another company
    ],
)
def test_levels_of_another_time_direction_or_measure_are_no_answer(question, text):
    assert told(question, text) is None
