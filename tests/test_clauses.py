"""The words around a figure, by how close they stand."""

from rag import clauses
from rag.clauses import Setting


def read(text: str) -> dict[str, Setting]:
    return {s.figure.text: s for s in clauses.settings(text)}


def test_growth_leans_on_the_amount_of_its_own_clause() -> None:
    found = read(
        "2024年收入100亿元，同比增长8%；毛利40亿元，同比增长19%，毛利率由上一年的48%提高到53%。"
    )
    assert found["8%"].near == "同比增长"
    assert "收入" in found["8%"].head
    assert "毛利" in found["19%"].head
    assert "收入" not in found["19%"].head
    assert "毛利率" in found["53%"].near  # what is said of the one is said of the other


def test_names_by_order_reach_the_growth_row_behind() -> None:
    found = read(
        "会员、广告、其他收入分别为38亿元、17亿元、8亿元，同比分别增长9%、下降2%、增长5%。"
    )
    assert [found[f].name for f in ("38亿元", "17亿元", "8亿元")] == ["会员", "广告", "其他"]
    assert found["2%"].name == "广告"
    assert "会员" not in found["2%"].head


def test_a_row_over_two_clauses_goes_to_their_figures_in_order() -> None:
    found = read("本土市场收入332亿元、国际市场收入160亿元，同比分别增长23%和15%。")
    assert "本土" in found["23%"].head
    assert "国际" in found["15%"].head


def test_what_follows_counts_where_no_other_figure_does() -> None:
    found = read("董事会建议派发每股4.50港元的末期股息，比上一年的3.40港元提高32%。")
    assert "末期股息" in found["4.50港元"].after
    assert "比上一年" in found["3.40港元"].near
    assert "3 nm" in read("18% of wafer revenue came from 3 nm.")["18%"].after


def test_an_english_and_parts_two_figures() -> None:
    found = read(
        "Gross margin improved from 54.4% to 56.1% and operating margin from 42.6% to 45.7%."
    )
    assert "operating" in found["42.6%"].near
    assert "Gross" not in found["42.6%"].near


def test_a_cell_has_its_row_and_column_for_words() -> None:
    found = read("单位：亿元\n分部 | 2023年 | 2024年\n星河云 | 70.1 | 86.5")
    assert (found["86.5"].name, found["86.5"].near) == ("星河云", "2024年")
    assert found["86.5"].cell
    assert [u.text for u in found["86.5"].units] == ["1亿元"]


def test_small_counts_in_names_are_words() -> None:
    text = "前三大行业和3 nm制程收入为5亿元。"
    words = {s.figure.text for s in clauses.settings(text) if clauses.is_word(text, s.figure)}
    assert "3" in words
    assert "5亿元" not in words
