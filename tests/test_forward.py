"""Figures that stand before what they are of: 实现了9000万元的营业收入和1200万元的净利润."""

import pytest

from tests.reading import kept

TEXT = "2024年公司实现了9000万元的营业收入和1200万元的净利润。"
THREE = "2024年公司取得5亿元收入、3亿元毛利和2亿元净利润，同比均有增长。"
AFTER = "2024年公司实现营业收入9000万元和净利润1200万元。"


@pytest.mark.parametrize("text", [TEXT, AFTER])
@pytest.mark.parametrize(
    ("measure", "figure", "true"),
    [
        ("净利润", "1200万元", True),
        ("净利润", "9000万元", False),
        ("营业收入", "9000万元", True),
        ("营业收入", "1200万元", False),
    ],
)
def test_a_figure_is_of_the_measure_that_follows_it(text, measure, figure, true) -> None:
    asked = f"云海股份2024年的{measure}是多少？"
    draft = f"云海股份2024年的{measure}是{figure}。"
    assert bool(kept(asked, draft, text, "云海股份年报点评")) is true


def test_each_of_three_is_told_and_no_neighbour() -> None:
    told = {"收入": "5亿元", "毛利": "3亿元", "净利润": "2亿元"}
    for measure in told:
        for of, figure in told.items():
            asked = f"云海股份2024年的{measure}是多少？"
            draft = f"云海股份2024年的{measure}是{figure}。"
            assert bool(kept(asked, draft, THREE, "云海股份年报点评")) is (of == measure)
