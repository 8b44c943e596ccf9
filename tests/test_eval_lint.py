"""What the lint says of the kinds whose questions are not simply answerable, and of drafts."""

import dataclasses

import pytest

from eval.cases import Case, CaseSet, Evidence
from eval.lint import lint
from rag.schema import Document

TEXT = "东湖银行2023年收入12亿元，同比增长3%。"
PARTIAL = Case(
    id="c1",
    question="东湖银行2023年的收入和利润各是多少？",
    lang="zh",
    kind="partial",
    answerable=True,
    answers=(("12亿",),),
    forbidden=("利润12亿",),
    evidence=(Evidence("a.txt", "东湖银行2023年收入12亿元"),),
)
PREMISE = Case("c2", "东湖银行2023年为何亏损？", "zh", "premise", False, ())


def faults(tmp_path, case):
    def read(path):
        return Document("d", path.name, "text", TEXT, "t", ())

    found = CaseSet("s", "1", "x", tmp_path, (case,), "", tmp_path / "cases.jsonl")
    return [finding.en for finding in lint(found, read)]


@pytest.mark.parametrize("case", [PARTIAL, PREMISE])
def test_sound_cases_pass(tmp_path, case):
    assert faults(tmp_path, case) == []


@pytest.mark.parametrize(
    ("case", "fields", "expected"),
    [
        (PARTIAL, {"forbidden": ()}, "must forbid"),
        (
            PARTIAL,
            {"answerable": False, "answers": (), "evidence": ()},
            "kind contradicts answerable",
        ),
        (PREMISE, {"answerable": True}, "kind contradicts answerable"),
        (PREMISE, {"answers": (("12亿",),)}, "must have neither"),
        (PARTIAL, {"question": "TODO 利润？"}, "draft: check it"),
        (PARTIAL, {"answers": (("TODO",),)}, "complete answers"),
    ],
)
def test_planted_faults_are_caught(tmp_path, case, fields, expected):
    found = faults(tmp_path, dataclasses.replace(case, **fields))
    assert any(expected in fault for fault in found)


def test_of_a_draft_nothing_else_is_said(tmp_path):
    draft = dataclasses.replace(PARTIAL, question="TODO", lang="fr", kind="odd")
    assert len(faults(tmp_path, draft)) == 1
