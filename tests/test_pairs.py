"""Lists paired by order are unfolded as a reader would."""

import pytest

from rag import pairs
from rag.figures import find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "甲公司、乙公司和丙公司的收入同比增长8%、5%和22%。",
            [("甲公司", "8%"), ("乙公司", "5%"), ("丙公司", "22%")],
        ),
        (
            "东方电缆、中天科技、亨通光电等3家企业下滑，降幅分别为3%、14%和9%。",
            [("东方电缆", "3%"), ("中天科技", "14%"), ("亨通光电", "9%")],
        ),
        ("全年收入和毛利率分别为85亿元和77.5%。", [("全年收入", "85亿元"), ("毛利率", "77.5%")]),
        ("甲、乙两家公司收入合计10亿元。", []),
        ("甲、乙、丙三家增长5%、6%。", []),
    ],
)
def test_unfolds_rows_of_equal_length_only(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(p.name, p.figure.text) for p in pairs.find(text)] == expected


def test_a_second_row_of_figures_goes_to_the_same_names() -> None:
    text = "甲股份、乙股份、丙股份涨幅居前，涨幅为16.7%、9.1%、7.7%，跑赢指数20.0pct、12.3pct、11.0pct。"
    assert [(p.name, p.figure.text) for p in pairs.find(text)][3:] == [
        ("甲股份", "20.0pct"),
        ("乙股份", "12.3pct"),
        ("丙股份", "11.0pct"),
    ]


def test_pairs_do_not_cross_sentences() -> None:
    assert pairs.find("关注甲、乙、丙。涨幅为1%、2%、3%。") == []


def test_owner_names_whom_a_figure_belongs_to() -> None:
    text = "甲、乙和丙分别增长8%、5%和22%。"
    figure = find(text)[1]
    assert pairs.owner(text, figure) == ("乙", ("甲", "乙", "丙"))
    assert pairs.owner("乙增长5%。", find("乙增长5%。")[0]) == (None, ())
