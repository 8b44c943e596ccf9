"""Figures of a month beside those of its year, of another year, or the mean of several months."""

import pytest

from rag import extract, period, statement, tableunits
from rag.binding import of_passage
from rag.period import Part
from rag.question import understand
from rag.schema import DocumentFacts, Draft, Passage
from rag.verify import check
from tests.reading import found, passage

EXPORTS = (
    "2022年，车企出口竞争力增强，全年累计出口超300万辆。继去年8月单月出口30.8万辆后，"
    "连续5个月月均出口量超过30万辆。"
)


@pytest.mark.parametrize(
    "question", ["2022年8月我国汽车出口量", "云海股份在产产能", "2024年猪价", "江苏人口"]
)
def test_a_question_may_be_nothing_but_what_is_counted(question: str) -> None:
    asked = statement.of(understand(question))
    assert asked is not None
    assert asked.filled("5") == f"{question}为5。"


def test_what_only_sounds_like_a_quantity_is_none() -> None:
    assert statement.of(understand("云海智能的服务质量")) is None
    assert statement.of(understand("云海股份2024年收入和出口量")) is None


def years(told: str, words: str, published: str) -> set[int | None]:
    """Return the years that a passage's figures of a time called `words` are of."""
    slots = of_passage(passage(told, "点评", published))
    periods = (s.timing.period for s in slots)
    return {p.year for p in periods if p and p.text == words}


def test_last_august_is_of_the_year_before_the_report() -> None:
    assert years(EXPORTS, "去年8月", "2023-02-10") == {2022}
    assert years(EXPORTS, "去年8月", "") == {None}
    told = "2024年9月销量为5万台，高于去年8月的4万台。"
    assert years(told, "去年8月", "2025-01-10") == {2023}, "its own sentence names the year"


def drafted(question: str, draft: str, told: str) -> list[str]:
    """Return what may be said of a draft over a report of February 2023."""
    shown = (passage(told, "汽车出口", "2023-02-10"),)
    checked = check(understand(question), Draft(question, shown, draft, "", ""))
    return [s.text for s in checked.sentences]


def test_a_month_is_told_from_its_year_and_from_a_mean() -> None:
    asked = "2022年8月我国汽车出口量"
    right = "2022年8月我国汽车出口量为30.8万辆。"
    assert found(asked, EXPORTS, "汽车出口", "2023-02-10") == right
    assert drafted(asked, right, EXPORTS) == [right]
    assert drafted(asked, "2022年8月我国汽车出口量为30万辆。", EXPORTS) == []
    whole = "据协会数据，2022年我国汽车出口突破300万辆。"
    assert drafted(asked, "2022年8月我国汽车出口量为300万辆。", whole) == []
    year = "2022年我国汽车出口量为300万辆。"
    assert drafted("2022年我国汽车出口量", year, whole) == [year]


def test_a_mean_is_found_where_a_mean_is_asked_for() -> None:
    assert "30万辆" in found("2022年我国汽车月均出口量", EXPORTS, "汽车出口", "2023-02-10")


def seconded(question: str, told: str, draft: str) -> tuple[str, ...]:
    query, shown = understand(question), (passage(told, "云海股份点评", "2024-11-02"),)
    checked = extract.seconded(query, shown, draft)
    return tuple(s.text for s in checked.sentences) if checked else ()


QUARTER = "2024年第三季度，扣非归母净利润1.79亿元，去年同期为1.21亿元。"
EARLIER = "云海股份2023年第三季度扣除非经常损益后的净利润是多少？"


def test_the_figure_of_the_asked_time_leans_on_the_words_of_the_drafted_one() -> None:
    draft = "云海股份2023年第三季度扣除非经常损益后的净利润为1.79亿元。"
    said = seconded(EARLIER, QUARTER, draft)
    assert said
    assert "1.21亿元" in said[0]


def test_it_does_not_lean_on_another_measure() -> None:
    told = "2024年第三季度，扣非归母净利润1.79亿元，去年同期收入为11.21亿元。"
    assert seconded(EARLIER, told, "云海股份2023年第三季度扣非净利润为1.79亿元。") == ()


def test_a_draft_of_another_figure_proves_nothing() -> None:
    told = f"{QUARTER}另有理财收益0.55亿元。"
    assert seconded(EARLIER, told, "云海股份2023年第三季度扣非净利润为0.55亿元。") == ()


HEAD = "股份 | 评级 | 目标价（港元） | 原目标价"
ROW = "云海物业 | 中性 | 5.1 | 3.9"


def in_row(question: str) -> str:
    facts = DocumentFacts("d1", "r.md", "评级一览", None, "2024-11-05", "md", 0, 1)
    shown = Passage(1, "d1", 0, len(ROW), ROW, ("评级一览",), None, facts, 1.0, HEAD)
    outcome = extract.answer(understand(question), [shown])
    return "".join(s.text for s in outcome.checked.sentences) if outcome else ""


def test_a_column_of_what_was_is_read_where_what_was_is_asked_for() -> None:
    assert "3.9港元" in in_row("上调评级之前，云海物业的目标价是多少？")
    assert "5.1港元" in in_row("云海物业的目标价是多少？")


def test_what_was_is_in_the_unit_of_what_is() -> None:
    heads = ("股份", "目标价（港元）", "原目标价", "原因")
    assert tableunits.of_figure("原目标价", "云海物业", "", heads) == "港元"
    assert tableunits.of_figure("原目标价", "云海物业", "", ("股份", "原目标价")) == ""
    assert tableunits.of_figure("原因", "云海物业", "", heads) == ""


def test_the_last_quarter_is_the_fourth() -> None:
    told = (
        "2024年四季度归母净利润-0.42亿元，末季系上市以来首度单季亏损，而2023年末季尚盈利3.36亿元。"
    )
    assert "3.36亿元" in found("云海股份2023年第四季度归母净利是多少？", told)
    stated = period.find("as of the middle of 2025")
    assert [(p.year, p.part) for p in stated] == [(2025, Part.H1)]
