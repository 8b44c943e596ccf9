"""Words that govern a figure: weights, likeness, opposition."""

from rag import binding, measures, saying
from rag.binding import Scale, Slot
from rag.figures import Agreement
from rag.schema import DocumentFacts, Passage


def slots(text: str) -> dict[str, Slot]:
    facts = DocumentFacts("d1-0", "a.txt", "云海科技点评", None, None, "text", 0, 9)
    passage = Passage(1, "d1-0", 0, len(text), text, ("一、业绩",), None, facts, 1.0)
    return {s.figure.text: s for s in binding.of_passage(passage)}


def claim(text: str) -> Slot:
    return binding.of_draft(text, ())[0]


def test_near_words_weigh_more_than_far_ones() -> None:
    slot = slots("云海科技收入100亿元，毛利40亿元。")["40亿元"]
    assert slot.words["毛利"] > slot.words["收入"] > 0
    assert slot.words["业绩"] > 0


def test_the_likest_place_is_the_one_the_words_are_said_of() -> None:
    found = slots("星河云收入86亿元，广告收入31亿元。")
    scale = Scale(found.values())
    said = claim("广告收入50亿元。")
    likeness = {t: binding.likeness(said, frozenset(), s, scale) for t, s in found.items()}
    assert max(likeness, key=likeness.__getitem__) == "31亿元"
    gain, loss = binding.contrast(said, frozenset(), found["86亿元"], found["31亿元"], scale)
    assert gain > loss


def test_revenue_is_shouru() -> None:
    assert measures.named("Revenue") & measures.named("营业收入") == {"#revenue"}
    assert not measures.named("毛利率") & measures.named("毛利")


def test_the_part_of_a_question_that_a_figure_answers() -> None:
    words = binding.asked_words("甲公司收入多少？乙公司交付了多少辆？", claim("乙公司交付5万辆。"))
    assert "交付" in words
    assert "收入" not in words


def test_opposite_words_and_bounds_disagree() -> None:
    rose = slots("毛利率由52%升至53%。")["53%"]
    assert saying.says(claim("毛利率升至53%。"), rose, "") is Agreement.EXACT
    assert saying.says(claim("毛利率降至53%。"), rose, "") is Agreement.NONE
    least = slots("订单不低于75亿元。")["75亿元"]
    assert saying.says(claim("订单不高于75亿元。"), least, "") is Agreement.NONE
    assert (
        saying.says(
            claim("经营现金净流入3.9亿元。"), slots("经营现金净流出3.9亿元。")["3.9亿元"], ""
        )
        is Agreement.NONE
    )


def test_a_bare_cell_agrees_only_with_a_unit_that_fits_its_head() -> None:
    pe = slots("公司 | 市盈率 | 收盘价\n甲 | 22 | 39.8")
    assert saying.says(claim("市盈率为22倍。"), pe["22"], "") is Agreement.EXACT
    assert saying.says(claim("市盈率为22%。"), pe["22"], "") is Agreement.NONE
    assert saying.says(claim("收盘价39.8港元。"), pe["39.8"], "") is Agreement.NONE
    assert saying.says(claim("收盘价39.8港元。"), pe["39.8"], "（港元）") is Agreement.EXACT


def test_a_table_row_is_read_below_the_header_it_comes_with() -> None:
    facts = DocumentFacts("d1-0", "a.txt", "白酒年报", None, None, "text", 0, 9)
    head = "表1：2023年业绩（单位：亿元）\n公司 | 营业收入 | 净利润"
    row = "云泉酒业 | 302.33 | 132.46"
    passage = Passage(1, "d1-0", 90, 90 + len(row), row, (), None, facts, 1.0, head)
    found = binding.of_passage(passage)
    assert [s.figure.text for s in found] == ["302.33", "132.46"]
    for slot in found:
        assert row[slot.figure.start : slot.figure.end] == slot.figure.text
    assert found[1].readings[0].value == 13_246_000_000
    assert found[1].timing.period is not None and found[1].timing.period.year == 2023
