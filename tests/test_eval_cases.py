"""Case sets: reading, the older form of line, and the lint that proves them."""

import dataclasses
import json
from pathlib import Path

import pytest

from eval.cases import KINDS, Case, CaseError, CaseSet, Evidence, find_set, read_cases
from eval.lint import lint
from rag.errors import DocumentError, UsageError
from rag.schema import Document, Page, Turn

SHARED = Path(__file__).resolve().parents[2] / "shared"
TEXT = (
    "2024年收入6602.57亿元，同比增长8%。\n毛利率由48%提高\n到53%。\f第二页：末期股息每股4.50港元。"
)


def read(path):
    """A document of two pages, split at the form feed."""
    if not path.exists():
        raise DocumentError(f"no {path.name}", f"没有 {path.name}")
    text = path.read_text(encoding="utf-8")
    cut = text.index("\f")
    pages = (Page(1, 0, cut), Page(2, cut, len(text)))
    return Document("id", path.name, "text", text, "t", (), pages)


@pytest.fixture
def corpus(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


GOOD = Case(
    id="c001",
    question="腾讯2024年收入是多少？",
    lang="zh",
    kind="fact",
    answerable=True,
    answers=(("6602.57亿", "6602.6亿", "6603亿", "660.257 billion", "660.3 billion"),),
    evidence=(Evidence("a.txt", "收入6602.57亿元，同比增长8%", 1),),
)


def faults(corpus, *cases):
    whole = CaseSet("s", "1", "x", corpus, cases, "", corpus / "cases.jsonl")
    return [finding.en for finding in lint(whole, read)]


def changed(**fields):
    return dataclasses.replace(GOOD, **fields)


def test_a_sound_case_passes(corpus):
    assert faults(corpus, GOOD) == []


def test_quote_across_a_line_break_is_found(corpus):
    quote = Evidence("a.txt", "毛利率由48%提高到53%", 1)
    assert faults(corpus, changed(answers=(("53%",),), evidence=(quote,))) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"evidence": (Evidence("a.txt", "收入6602.75亿元，同比增长8%", 1),)}, "quote not in"),
        ({"evidence": (Evidence("a.txt", "收入6602.57亿元，同比增长8%", 2),)}, "not on page 2"),
        ({"evidence": (Evidence("b.txt", "收入6602.57亿元，同比增长8%", 1),)}, "cannot read b.txt"),
        ({"evidence": (Evidence("a.txt", "收入", 1),)}, "too short"),
        ({"answers": (("6602.57亿", "6620.6亿"),)}, "does not hold 6620.6"),
        ({"answers": (("8%", "9%"),)}, "does not hold 9"),
        ({"answers": (("6602亿",),)}, "does not hold 6602"),
        ({"answers": (("净利润",),)}, "no form of it"),
        ({"answers": (("6602.57亿", ""),)}, "empty form"),
        ({"answers": ()}, "need answers and evidence"),
        ({"forbidden": ("8%",), "answers": (("6602.57亿",), ("8%",))}, "graded wrong"),
        ({"kind": "factoid"}, "unknown kind"),
        ({"kind": "followup"}, "needs history"),
        ({"kind": "unanswerable"}, "contradicts"),
        ({"lang": "fr"}, "zh or en"),
    ],
)
def test_planted_faults_are_caught(corpus, fields, expected):
    assert any(expected in fault for fault in faults(corpus, changed(**fields)))


def test_duplicate_ids_are_caught(corpus):
    assert faults(corpus, GOOD, GOOD) == ["id used 2 times"]


def test_arithmetic_of_derived_facts_is_checked(corpus):
    quote = Evidence("a.txt", "毛利率由48%提高到53%", 1)
    asked = changed(answers=(("5个百分点",),), evidence=(quote,), derived={0: "53-48"})
    assert faults(corpus, asked) == []
    wrong = dataclasses.replace(asked, answers=(("6个百分点",),))
    assert faults(corpus, wrong) == ["53-48 = 5, not 6个百分点"]
    stray = dataclasses.replace(asked, derived={0: "53-49"}, answers=(("4个百分点",),))
    assert faults(corpus, stray) == ["53-49: the evidence does not hold 49"]
    word = dataclasses.replace(asked, derived={0: "conclusion"}, answers=(("提高",),))
    assert faults(corpus, word) == []


def test_a_set_is_a_folder_or_a_name(tmp_path):
    core = find_set("core")
    assert core == find_set(str(core.path.parent))
    assert core.corpus.is_dir()
    assert (core.name, core.licence) == ("core", "CC-BY-4.0")
    with pytest.raises(UsageError, match=r"no case set nowhere; .*core"):
        find_set("nowhere")


def test_a_malformed_line_is_named(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(CaseError, match="line 1"):
        read_cases(path)
    path.write_text("\n{not json\n", encoding="utf-8")
    with pytest.raises(CaseError, match="line 2"):
        read_cases(path)


def test_older_lines_are_read_in_place(tmp_path):
    (tmp_path / "002_report.txt").write_text("x", encoding="utf-8")
    first = {"question": "收入？", "answers": [["1亿", "100M"], ["2%"]], "answerable": True}
    first |= {"lang": "zh", "evidence": [{"doc": "002", "quote": "收入1亿元，增2%"}]}
    second = {"question": "利润呢？", "answers": [], "answerable": False, "lang": "zh"}
    line = {"id": "t01", "turns": [first, second]}
    path = tmp_path / "old.jsonl"
    path.write_text(
        json.dumps(line, ensure_ascii=False)
        + "\n"
        + json.dumps(first | {"id": "d1", "type": "fact", "derived": {"1": "1+1"}}),
        encoding="utf-8",
    )
    one, two, three = read_cases(path, tmp_path)
    assert one.evidence == (Evidence("002_report.txt", "收入1亿元，增2%"),)
    assert (one.id, one.history, one.kind) == ("t01.1", (), "fact")
    assert (two.id, two.kind) == ("t01.2", "followup")
    assert two.history == (Turn("收入？", "1亿，2%"),)
    assert (three.kind, three.derived) == ("fact", {1: "1+1"})


@pytest.mark.skipif(not SHARED.exists(), reason="the external sets are not beside the project")
def test_external_sets_are_read_by_path():
    cases = find_set(str(SHARED / "questions" / "seeds_dev.jsonl"), SHARED / "seeds").cases
    assert len(cases) == 60
    assert sum(not case.answerable for case in cases) == 10
    names = {path.name for path in (SHARED / "seeds").iterdir()}
    assert {item.source for case in cases for item in case.evidence} <= names
    turns = find_set(str(SHARED / "questions" / "turns_dev.jsonl"), SHARED / "seeds").cases
    assert len({case.id for case in turns}) == len(turns) == 12


def test_core_covers_every_kind_and_refuses_enough():
    cases = find_set("core").cases
    assert len(cases) >= 40
    assert sum(not case.answerable for case in cases) >= 8
    assert {case.lang for case in cases} == {"zh", "en"}
    assert any(case.history for case in cases)
    assert {case.kind for case in cases[:16]} == set(KINDS), "README: --limit 16 holds every kind"


def test_core_passes_its_lint():
    from rag.load import load

    assert lint(find_set("core"), load) == []
