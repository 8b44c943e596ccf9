"""Baselines: a round trip, what is refused, what is kept; the commands that use them."""

import json
import sys

import pytest

from eval.compare import compare
from eval.measure import Stage
from eval.outcomes import default_name, of_run, read_baseline
from eval.plan import Plan
from eval.promote import promote
from eval.runner import read_header, run
from rag.cli.evaluation import eval_
from rag.cli.frame import run as run_command
from rag.errors import ModelError, UsageError
from tests.scripted import Scripted, case, case_set, opening

CASES = [case(f"c{n:02d}", f"{n}？", f"{n}.5亿" if n % 4 else None) for n in range(12)]
ANSWERS = {c.question: c.answers[0][0] for c in CASES[:9] if c.answerable}


@pytest.fixture
def finished(tmp_path):
    return measured(tmp_path, ANSWERS)


def measured(tmp_path, answers, name="run", *, version="1", limit=None, clean=True):
    """Return the folder of a run, as if its code had been committed."""
    cases = case_set(CASES, tmp_path, version)
    folder = tmp_path / name
    plan = Plan(cases, Stage.ANSWER, None, "default", limit)
    run(plan, opening(Scripted(answers)), folder, {})
    edit(folder, commit="0123abc", dirty=not clean)
    return folder


def edit(folder, **fields):
    header = read_header(folder) | fields
    (folder / "header.json").write_text(json.dumps(header), encoding="utf-8")


def test_a_promoted_run_compares_with_itself_as_equal(finished, tmp_path):
    path = promote(finished, folder=tmp_path)
    assert path == tmp_path / "s-answer.json"
    baseline, itself = read_baseline("s-answer", tmp_path), of_run(finished)
    found = compare(baseline, itself)
    judged = [row for row in found.rows if row.metric != "total_ms" and row.difference]
    assert {row.difference.p for row in judged} == {1}
    assert found.failed == found.changes == ()
    for id_, scores in itself.scores.items():
        kept = {m: s for m, s in scores.items() if not m.endswith("_ms")}
        assert baseline.scores[id_] == kept
    assert baseline.header["settings"] == itself.header["settings"]


def test_scores_are_rounded_alike_on_both_sides(finished, tmp_path):
    lines = (finished / "results.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads(lines[1])
    record["scores"]["char_f1"] = 2 / 3
    lines[1] = json.dumps(record)
    (finished / "results.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    promote(finished, folder=tmp_path)
    assert read_baseline("s-answer", tmp_path).scores["c01"]["char_f1"] == 0.6667
    row = compare(read_baseline("s-answer", tmp_path), of_run(finished)).row("char_f1")
    assert (row.difference.delta, row.lost, row.won) == (0, (), ())


def test_the_order_in_which_cases_finished_leaves_no_trace(finished, tmp_path):
    first = promote(finished, folder=tmp_path).read_bytes()
    lines = (finished / "results.jsonl").read_bytes().splitlines(keepends=True)
    (finished / "results.jsonl").write_bytes(b"".join(reversed(lines)))
    assert promote(finished, folder=tmp_path).read_bytes() == first
    assert first.count(b'\n  "c0') == 10, "one line a case"
    assert b"_ms" not in first.split(b'"metrics"')[1], "nothing that differs from run to run"


def test_a_baseline_names_no_place_on_the_machine(finished, tmp_path):
    command = ["rag", "eval", "run", "core", "--out", str(finished), f"--corpus={tmp_path}"]
    edit(finished, command=command, index=str(tmp_path / "somewhere" / "i"))
    path = promote(finished, folder=tmp_path)
    assert str(tmp_path) not in path.read_text(encoding="utf-8")
    header = read_baseline("s-answer", tmp_path).header
    assert header["command"][-2:] == ["run", f"--corpus={tmp_path.name}"]
    assert header["index"] == "i"


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"dirty": True}, "its code was not committed"),
        ({"commit": None}, "its code is under no version control"),
        ({"cases": 20}, "12 of 20 cases are done"),
    ],
)
def test_what_cannot_be_repeated_is_refused_unless_forced(finished, tmp_path, fields, match):
    edit(finished, **fields)
    with pytest.raises(UsageError, match=f"no baseline: {match}; run it again, or add --force"):
        promote(finished, folder=tmp_path)
    assert not list(tmp_path.glob("*.json"))
    promote(finished, force=True, folder=tmp_path)
    assert read_baseline("s-answer", tmp_path).header["forced"] == [match]


def test_a_run_with_errors_is_refused(tmp_path):
    failing = measured(tmp_path, ANSWERS | {"1？": ModelError("out of memory", "内存不足")})
    with pytest.raises(UsageError, match=r"cases ended in errors \(c01\)"):
        promote(failing, folder=tmp_path)


def test_a_part_of_a_set_needs_a_name_of_its_own(tmp_path):
    part = measured(tmp_path, ANSWERS, limit=5)
    with pytest.raises(UsageError, match=r"a part of its set \(first 5\); name its baseline"):
        promote(part, folder=tmp_path)
    with pytest.raises(UsageError, match=r"'../x' cannot name a baseline"):
        promote(part, "../x", folder=tmp_path)
    assert promote(part, "s-few", folder=tmp_path).name == "s-few.json"
    assert len(read_baseline("s-few", tmp_path).scores) == 5


def test_baselines_are_named_by_set_stage_and_profile():
    header = {"set": {"name": "core"}, "stage": "retrieval", "profile": "default"}
    assert default_name(header) == "core-retrieval"
    assert default_name(header | {"profile": "light"}) == "core-retrieval-light"


def test_a_missing_or_damaged_baseline_names_the_command(tmp_path):
    with pytest.raises(UsageError, match=r"there are: none.*rag eval promote RUN --name core-x"):
        read_baseline("core-x", tmp_path)
    for text in ("{", "[]", '{"metrics": ["a"], "cases": {"c1": []}, "header": {}}'):
        (tmp_path / "bad.json").write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=r"is no baseline.*rag eval promote RUN --name bad"):
            read_baseline("bad", tmp_path)


def typed(monkeypatch, capsys, *words):
    """Return exit code, stdout and stderr of ``rag eval WORDS``."""
    monkeypatch.setattr(sys, "argv", ["rag eval", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        run_command(eval_)
    told = capsys.readouterr()
    return stop.value.code, told.out, told.err


def test_compare_exits_0_1_2(finished, tmp_path, monkeypatch, capsys):
    worse = measured(tmp_path, dict(list(ANSWERS.items())[:2]), "worse")
    code, out, _ = typed(monkeypatch, capsys, "compare", finished, finished)
    assert (code, out.rstrip().endswith("OK")) == (0, True)
    code, out, _ = typed(monkeypatch, capsys, "compare", finished, worse)
    assert code == 1
    assert "correct worse (4): c03, c05, c06, c07" in out
    assert "FAIL: correct, " in out
    assert typed(monkeypatch, capsys, "compare", worse, finished)[0] == 0
    other = measured(tmp_path, ANSWERS, "other", version="2")
    code, out, err = typed(monkeypatch, capsys, "compare", finished, other)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert typed(monkeypatch, capsys, "compare", finished)[0] == 2
    assert typed(monkeypatch, capsys, "compare", finished, "nowhere")[0] == 2


def test_compare_prints_json(finished, tmp_path, monkeypatch, capsys):
    worse = measured(tmp_path, {}, "worse")
    code, out, _ = typed(monkeypatch, capsys, "compare", finished, worse, "--json")
    told = json.loads(out)
    assert code == 1
    assert (told["before"], told["after"], told["cases"]) == ("run", "worse", 12)
    row = next(row for row in told["metrics"] if row["metric"] == "correct")
    assert (row["verdict"], row["test"], len(row["lost"])) == ("FAIL", "mcnemar", 6)
    assert {"delta", "low", "high", "p", "n"} < row.keys()
    assert "correct" in told["failed"]


def test_promote_then_compare_with_the_baseline(finished, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("eval.outcomes.BASELINES", tmp_path / "eval" / "baselines")
    code, out, _ = typed(monkeypatch, capsys, "compare", finished, "--baseline")
    assert code == 2
    code, out, _ = typed(monkeypatch, capsys, "promote", finished)
    assert (code, out) == (0, "baseline written: eval/baselines/s-answer.json; commit it\n")
    assert typed(monkeypatch, capsys, "promote", finished, "--name", "mine")[0] == 0
    assert typed(monkeypatch, capsys, "compare", finished, "--baseline")[0] == 0
    assert typed(monkeypatch, capsys, "compare", finished, "--baseline", "mine")[0] == 0
    worse = measured(tmp_path, {}, "worse", clean=False)
    assert typed(monkeypatch, capsys, "compare", worse, "--baseline")[0] == 1
    code, _, err = typed(monkeypatch, capsys, "promote", worse)
    assert (code, "not committed" in err) == (2, True)
