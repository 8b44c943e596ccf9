"""Sums in 万 and 亿 in English, sums in millions in Chinese, and the original behind what was converted."""

from decimal import Decimal

import pytest

from rag import figures, generate, originals, scales, verify
from rag.question import understand
from rag.schema import Draft
from tests.reading import passage


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("24.6亿美元", "US$2.46 billion"),
        ("29.05亿元", "RMB 2.905 billion"),
        ("9340万人", "93.4 million people"),
        ("3.05亿至3.13亿美元", "US$305 million to US$313 million"),
        ("37万", "370,000"),
        ("1.2万亿港元", "HK$1.2 trillion"),
    ],
)
def test_a_sum_reads_the_same_in_both_languages(chinese: str, english: str) -> None:
    (figure,) = figures.find(chinese)
    assert scales.words_of(figure) == english
    (told,) = figures.find(english)
    assert (told.value, told.high) == (figure.value, figure.high)


@pytest.mark.parametrize("printed", ["-2.3亿元", "−2.3亿元"])
def test_a_minus_is_kept(printed: str) -> None:
    (figure,) = figures.find(f"净利润 {printed}")
    assert scales.words_of(figure) == "-RMB 230 million"
    assert "-2.3亿元" in scales.in_chinese("profit -RMB230m in May")


def test_what_has_no_chinese_scale_is_left() -> None:
    text = "毛利率53%，2024年12月31日，收入123.4元"
    assert scales.in_english(text) == text
    assert scales.in_chinese("margin 53%, US$70/bbl, up 3.1 points") == (
        "margin 53%, US$70/bbl, up 3.1 points"
    )


@pytest.mark.parametrize(
    ("english", "value"),
    [("RMB1,350m", "13.5亿元"), ("US$2.46 billion", "24.6亿美元"), ("$150 million", "1.5亿美元")],
)
def test_millions_are_shown_as_a_chinese_reader_counts(english: str, value: str) -> None:
    assert scales.in_chinese(f"profit rose to {english} in May") == f"profit rose to {value} in May"
    one, other = figures.find(english)[0], figures.find(value)[0]
    assert one.value == other.value > Decimal(0)


def test_the_model_sees_the_sums_of_the_questions_language() -> None:
    shown = passage("首付款合计24.6亿美元。")
    asked = understand("What were upfront payments in total?")
    messages, _ = generate._messages(asked, (shown,), "")
    assert "US$2.46 billion" in messages[1]["content"]
    assert "24.6亿" not in messages[1]["content"]
    messages, _ = generate._messages(understand("首付款合计多少？"), (shown,), "")
    assert "24.6亿美元" in messages[1]["content"]


@pytest.mark.parametrize(
    ("question", "draft", "text", "told"),
    [
        (
            "What were upfront payments in total?",
            "Upfront payments were US$2.46 billion.",
            "首付款合计24.6亿美元。",
            "Upfront payments were US$2.46 billion (24.6亿美元).",
        ),
        (
            "云海三季度净利润是多少？",
            "云海三季度净利润为13.5亿元。",
            "Yunhai net profit for the third quarter was RMB1,350m.",
            "云海三季度净利润为13.5亿元（RMB1,350m）。",
        ),
    ],
)
def test_what_is_printed_stands_behind(question: str, draft: str, text: str, told: str) -> None:
    query, shown = understand(question), (passage(text),)
    checked = originals.told(verify.check(query, Draft(question, shown, draft, "", "")))
    assert [s.text for s in checked.sentences] == [told]


def test_a_wrong_scale_is_not_told_with_the_original_behind() -> None:
    query = understand("What were upfront payments in total?")
    shown = (passage("首付款合计24.6亿美元。"),)
    draft = Draft(query.text, shown, "Upfront payments were US$3.46 billion.", "", "")
    assert not originals.told(verify.check(query, draft)).sentences
