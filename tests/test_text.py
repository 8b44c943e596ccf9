"""Clean-up, sentences and words of Chinese and English text."""

from __future__ import annotations

import pytest

from rag import text


def test_clean_up_keeps_the_width_of_punctuation_and_digits() -> None:
    assert (
        text.normalise("增长１２％，达３．５亿（未经审计）：")
        == "增长１２％，达３．５亿（未经审计）："
    )


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("一\r\n二\r三", "一\n二\n三"),
        ("\ufeff箱\u200b量\u00a0回升\t了", "箱量 回升 了"),
        ("终⽌服务、⻋企、⻰头", "终止服务、车企、龙头"),
        ("\uf06c 箱量\n  \uf03d 运价", "• 箱量\n  • 运价"),
        ("第一页\f第二页\x00\x07", "第一页\f第二页"),
    ],
)
def test_clean_up(raw: str, clean: str) -> None:
    assert text.normalise(raw) == clean
    assert text.normalise(clean) == clean


def test_a_symbol_inside_a_line_is_no_bullet() -> None:
    assert "•" not in text.normalise("利润 \uf03d 收入")


def test_sentences_end_after_their_closing_marks() -> None:
    raw = "他说：“箱量在回升。”运价呢？不详！\n收入 3.5 亿元；利润 1.2 亿元。"
    assert [raw[s.start : s.end] for s in text.sentences(raw)] == [
        "他说：“箱量在回升。”",
        "运价呢？",
        "不详！",
        "收入 3.5 亿元；利润 1.2 亿元。",
    ]


def test_sentences_of_a_stretch_keep_the_offsets_of_the_whole() -> None:
    raw = "甲一。乙二。丙三。"
    assert [raw[s.start : s.end] for s in text.sentences(raw, 3, 6)] == ["乙二。"]


def test_a_decimal_point_ends_no_sentence() -> None:
    raw = "Volumes rose 6.4% to 8.1 million. Rates doubled."
    assert len(text.sentences(raw)) == 2


def test_words_of_both_widths_and_scripts_are_the_same() -> None:
    assert text.words("騰訊２０２４年營收") == text.words("腾讯2024年营收")


def test_names_and_numbers_stay_whole() -> None:
    assert {"gpt-4o", "1,026.5".replace(",", ""), "17%"} <= set(
        text.words("GPT-4o 达 1,026.5，升 17%")
    )


def test_an_unknown_name_is_found_by_its_bigrams() -> None:
    assert "禺港" in text.search_terms("番禺港股份")


def test_width_counts_full_width_characters_twice() -> None:
    assert text.display_width("箱量 6.4%，") == 4 + 5 + 2


def test_squeezing_makes_quotes_comparable() -> None:
    assert text.squeeze("增长 １２％ ，\n达３亿") == text.squeeze("增长12%,达3亿")
