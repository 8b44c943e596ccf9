"""English questions after two figures are taken apart by their own words."""

import pytest

from rag.coordinate_en import split


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("How many percentage points higher was Yunhai's 2024 gross margin than Egret's?", ("What was Yunhai's 2024 gross margin?", "What was Egret's 2024 gross margin?")),
        ("In Q3 2024, by how much did the sales of Yunhai's games exceed those of Egret?", ("In Q3 2024, what was the sales of Yunhai's games?", "In Q3 2024, what was the sales of Egret?")),
        ("How much higher was Yunhai's revenue in 2024 than in 2023?", ("What was Yunhai's revenue in 2024?", "What was Yunhai's revenue in 2023?")),
        ("Which company had the higher revenue in 2024, Yunhai or Egret, and by how much?", ("What was Yunhai's revenue in 2024?", "What was Egret's revenue in 2024?")),
        ("What was Yunhai's margin in 2024, and by how many points did it fall?", ("What was Yunhai's margin in 2024?", "By how many points did Yunhai's margin fall in 2024?")),
        ("What was Yunhai's revenue in 2024, and what was its net profit?", ("What was Yunhai's revenue in 2024?", "What was Yunhai's net profit in 2024?")),
    ],
)  # fmt: skip
def test_each_part_stands_alone(question, parts):
    assert split(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "What was Yunhai's revenue in 2024?",
        "How much did Yunhai grow?",
        "Who competes with Yunhai on price?",
        "What was the target for Yunhai, and what was the target before the change?",
    ],
)
def test_what_is_no_such_form_is_left_alone(question):
    assert split(question) == ()


def test_two_measures_of_one_owner_are_asked_apart():
    assert split("What were Yunhai Tech's revenue and net profit in 2024?") == (
        "What was Yunhai Tech's revenue in 2024?",
        "What was Yunhai Tech's net profit in 2024?",
    )
    assert split("What were Yunhai Tech's selling and marketing expenses in 2024?") == ()
    assert split("What were Yunhai Tech's revenue and its net profit?") == ()
