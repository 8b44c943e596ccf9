"""A list file becomes groups; a form counts where it stands on its own, the longest first."""

from __future__ import annotations

import pytest

from rag.errors import LexiconError
from rag.lexicon import Lexicon, pattern, read


def found(lexicon, text):
    return [a.asked for a in lexicon.find(text)]


def test_every_form_leads_to_the_others():
    lexicon = Lexicon([("青禾集团", "Qinghe", "禾厂")])
    assert {a.asked: a.forms for a in lexicon.find("禾厂和Qinghe")} == {
        "禾厂": ("青禾集团", "Qinghe"),
        "Qinghe": ("青禾集团", "禾厂"),
    }


def test_the_longest_form_counts():
    lexicon = Lexicon([("京东", "JD.com"), ("京东物流", "JD Logistics")])
    assert found(lexicon, "京东物流和京东") == ["京东物流", "京东"]


def test_a_short_form_does_not_fire_inside_or_across_other_words():
    lexicon = Lexicon(
        [("工商银行", "工行"), ("中国银行", "中行"), ("交通银行", "交行"), ("京东", "狗东")]
    )
    assert found(lexicon, "手工行业集中行动，外交行为；京东方；狗东西") == []
    assert found(lexicon, "工行、中行和交行三季度") == ["工行", "中行", "交行"]


def test_latin_forms_are_whole_words_in_any_case_but_capitals_are_exact():
    lexicon = Lexicon([("理想汽车", "Li Auto", "LI"), ("苹果", "Apple")])
    assert found(lexicon, "LI AUTO and pineapple, li and apple's LI") == ["LI AUTO", "apple", "LI"]


def test_inside_words_lets_terms_of_two_characters_through_but_not_of_one():
    terms = [("巴巴", "Baba"), ("件", "parcel")]
    assert found(Lexicon(terms, inside_words=True), "阿里巴巴的零部件") == ["巴巴"]
    assert found(Lexicon(terms), "阿里巴巴的零部件") == []


def test_a_form_with_a_tilde_is_an_answer_only():
    lexicon = Lexicon([("理想汽车", "~理想")])
    assert found(lexicon, "理想的状态") == []
    assert lexicon.find("理想汽车")[0].forms == ("理想",)


def test_two_lists_give_both_their_forms():
    both = Lexicon([("禾厂", "青禾")]) | Lexicon([("禾厂", "Qinghe")])
    assert [a.forms for a in both.find("禾厂")] == [("青禾", "Qinghe")]


def test_forms_in_traditional_script_are_found_in_simplified_text():
    assert found(Lexicon([("浚景置業", "Tsunking")]), "浚景置业收入") == ["浚景置业"]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("net  income rose", True),
        ("the net income", True),
        ("net incomes", False),
        ("planet income", False),
        ("归母净利润", True),
        ("利润", False),
    ],
)
def test_a_pattern_finds_whole_latin_words_and_chinese_anywhere(text, held):
    assert bool(pattern(["net income", "净利润"]).search(text)) is held


def test_no_forms_match_nothing():
    assert not pattern([]).search("")


def test_a_file_is_read_with_remarks_and_blank_lines(tmp_path):
    path = tmp_path / "aliases.txt"
    path.write_text("\ufeff# remark\n\n青禾 | Qinghe  Group |青禾\n", encoding="utf-8")
    assert read(path) == [("青禾", "Qinghe Group")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("青禾", "only one form"),
        ("青禾 | ", "empty form"),
        ("青禾 | ~", "empty form"),
        ("青禾 | Q", "Q is too short"),
        ("青禾 | " + "x" * 81, "over 80 characters"),
    ],
)
def test_a_bad_line_is_told_in_one_line_with_its_place_and_the_form(tmp_path, line, said):
    path = tmp_path / "aliases.txt"
    path.write_text(f"# remark\n{line}\n", encoding="utf-8")
    with pytest.raises(LexiconError) as error:
        read(path)
    assert f"{path}:2: " in error.value.en
    assert said in error.value.en
    assert "腾讯 | Tencent" in error.value.zh
    assert "\n" not in error.value.en + error.value.zh


def test_a_file_that_is_not_utf8_is_told(tmp_path):
    path = tmp_path / "aliases.txt"
    path.write_bytes("青禾 | Qinghe".encode("gbk"))
    with pytest.raises(LexiconError, match="UTF-8"):
        read(path)
