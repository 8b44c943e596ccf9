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
        (
            "增速前三为云海（5.3%）、星河（4.9%）以及远山（4.8%），分别高出平均2.8、2.4、2.3个百分点。",
            [
                ("云海", "5.3%"), ("星河", "4.9%"), ("远山", "4.8%"),
                ("云海", "2.8"), ("星河", "2.4"), ("远山", "2.3个百分点"),
            ],
        ),
        ("收入10亿元（+20%）、利润（同比持平）、云海（00700.HK）。", []),
        ("2023年云海产销分别为958.7万辆和949.5万辆。", [("2023年云海产量", "958.7万辆"), ("销量", "949.5万辆")]),
        ("甲、乙两家公司收入合计10亿元。", []),
        ("甲、乙、丙三家增长5%、6%。", []),
    ],
)  # fmt: skip
def test_unfolds_rows_of_equal_length_only(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(p.name, p.figure.text) for p in pairs.find(text)] == expected


def test_a_second_row_of_figures_goes_to_the_same_names() -> None:
    text = "甲股份、乙股份、丙股份涨幅居前，涨幅为16.7%、9.1%、7.7%，跑赢指数20.0pct、12.3pct、11.0pct。"
    assert [(p.name, p.figure.text) for p in pairs.find(text)][3:] == [
        ("甲股份", "20.0pct"),
        ("乙股份", "12.3pct"),
        ("丙股份", "11.0pct"),
    ]


def test_and_may_stand_inside_a_name_and_a_verb_may_be_said_again() -> None:
    text = "增值服务、营销服务、金融科技及企业服务收入分别增长9%、下降17%、增长2%。"
    assert [(p.name, p.figure.text) for p in pairs.find(text)] == [
        ("增值服务", "9%"),
        ("营销服务", "17%"),
        ("金融科技及企业服务", "2%"),
    ]


def test_a_row_takes_up_the_names_of_the_row_before() -> None:
    text = "整车、电池、零部件收入分别为9亿元、5亿元、3亿元。三项业务的毛利率分别为18%、26%、20%。"
    assert [(p.name, p.figure.text) for p in pairs.find(text)][3:] == [
        ("整车", "18%"),
        ("电池", "26%"),
        ("零部件", "20%"),
    ]


def test_pairs_do_not_cross_sentences() -> None:
    assert pairs.find("关注甲、乙、丙。涨幅为1%、2%、3%。") == []


def test_owner_names_whom_a_figure_belongs_to() -> None:
    text = "甲、乙和丙分别增长8%、5%和22%。"
    figure = find(text)[1]
    assert pairs.owner(text, figure) == ("乙", ("甲", "乙", "丙"))
    assert pairs.owner("乙增长5%。", find("乙增长5%。")[0]) == (None, ())
