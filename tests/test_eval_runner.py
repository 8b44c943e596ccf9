"""Runs over a scripted system: records, resuming, the summary, the command line."""

import json

import pytest
from click.testing import CliRunner

from eval.cases import Case, CaseSet, Evidence, find_set
from eval.measure import Stage, measure
from eval.runner import Plan, read_records, run
from eval.summary import summarise
from rag.errors import ModelError, UsageError
from rag.schema import (
    Answer,
    Chunk,
    Citation,
    DocumentFacts,
    Hit,
    Provenance,
    Status,
    Timings,
    Turn,
)

TEXT = "腾讯2024年收入6602.57亿元。小米2024年收入3659.06亿元。"
FACTS = DocumentFacts("d", "a.txt", "t", None, None, "text", 0, 1)


class Scripted:
    """Answers from a table; what is not in it is refused."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    def search(self, question, k=10):
        chunk = Chunk("d", 0, len(TEXT), TEXT, ("一",))
        return (Hit(1, 0.5, chunk, FACTS),)

    def ask(self, question, *, history=()):
        self.asked.append((question, tuple(history)))
        text = self.answers.get(question)
        if isinstance(text, Exception):
            raise text
        cited = Citation(1, "d", "a.txt", "t", None, None, (), None, "收入6602.57亿元", 8, 20, TEXT)
        return Answer(
            question=question,
            standalone_question=question,
            status=Status.ANSWERED if text else Status.REFUSED,
            text=text or "",
            reason=None if text else "没有",
            citations=(cited,) if text else (),
            figures=(),
            hits=self.search(question),
            timings=Timings(),
            provenance=Provenance("i", "e", "m", "p", "v"),
        )


def case(name, question, form, **more):
    evidence = (Evidence("a.txt", f"收入{form}元"),) if form else ()
    kind = "fact" if form else "unanswerable"
    answers = ((form,),) if form else ()
    return Case(name, question, "zh", kind, bool(form), answers, (), evidence, **more)


TENCENT = case("c1", "腾讯收入？", "6602.57亿")
XIAOMI = case("c2", "小米收入？", "3659.06亿")
ABSENT = case("c3", "京东收入？", None)


@pytest.fixture
def plan(tmp_path):
    cases = (TENCENT, XIAOMI, ABSENT)
    whole = CaseSet("s", "1", "x", None, cases, "hash", tmp_path / "cases.jsonl")
    return Plan(whole, Stage.ANSWER, "i", "default")


def test_a_record_holds_scores_and_what_they_rest_on():
    system = Scripted({"腾讯收入？": "6602.57亿元[1]。"})
    record = measure(TENCENT, system, Stage.ANSWER, {"a.txt": TEXT})
    assert record["answer"] == "6602.57亿元[1]。"
    assert record["scores"] == {
        "correct": 1.0,
        "refused_answerable": 0.0,
        "refused_unanswerable": None,
        "quote_validity": 1.0,
        "citation_recall": 1.0,
        "recall@1": 1.0,
        "recall@3": 1.0,
        "recall@5": 1.0,
        "recall@10": 1.0,
        "mrr@10": 1.0,
    }
    assert json.loads(json.dumps(record)) == record


def test_a_planted_wrong_quote_lowers_validity():
    system = Scripted({"腾讯收入？": "6602.57亿元"})
    record = measure(TENCENT, system, Stage.ANSWER, {"a.txt": TEXT.replace("57", "75")})
    assert record["scores"]["quote_validity"] == 0
    unjudged = measure(TENCENT, system, Stage.ANSWER, {})
    assert unjudged["scores"]["quote_validity"] is None


def test_refusals_are_scored_by_answerability():
    missed = measure(TENCENT, Scripted({}), Stage.ANSWER, {})["scores"]
    right = measure(ABSENT, Scripted({}), Stage.ANSWER, {})["scores"]
    assert (missed["correct"], missed["refused_answerable"]) == (0, 1)
    assert (right["correct"], right["refused_unanswerable"]) == (1, 1)
    assert missed["citation_recall"] is None
    assert right["recall@5"] is None


def test_retrieval_stage_asks_no_model_and_skips_follow_ups():
    system = Scripted({})
    record = measure(TENCENT, system, Stage.RETRIEVAL, {})
    assert record["scores"]["recall@5"] == 1
    assert "correct" not in record["scores"]
    follow_up = case("c4", "那它呢？", "6602.57亿", history=(Turn("小米收入？", "3659.06亿"),))
    assert measure(follow_up, system, Stage.RETRIEVAL, {})["scores"] == {}
    assert system.asked == []


def test_history_reaches_the_system():
    history = (Turn("小米收入？", "3659.06亿"),)
    system = Scripted({})
    measure(case("c4", "腾讯呢？", "6602.57亿", history=history), system, Stage.ANSWER, {})
    assert system.asked == [("腾讯呢？", history)]


def test_an_error_counts_as_wrong_and_is_told():
    system = Scripted({"腾讯收入？": ModelError("out of memory", "内存不足")})
    record = measure(TENCENT, system, Stage.ANSWER, {})
    assert record["error"] == "out of memory"
    assert (record["scores"]["correct"], record["scores"]["recall@5"]) == (0, 0)


def test_a_run_is_taken_up_where_it_stopped(plan, tmp_path):
    folder = tmp_path / "run"

    class Interrupted(Scripted):
        def ask(self, question, *, history=()):
            if question == "小米收入？":
                raise KeyboardInterrupt
            return super().ask(question, history=history)

    answers = {"腾讯收入？": "6602.57亿元", "小米收入？": "3659.06亿元"}
    with pytest.raises(KeyboardInterrupt):
        run(plan, Interrupted(answers), folder, {})
    with (folder / "results.jsonl").open("ab") as out:
        out.write('{"id": "c2", "kind": "半'.encode()[:-1])
    again = Scripted(answers)
    seen = []
    records = run(plan, again, folder, {}, on_record=lambda record: seen.append(record["id"]))
    assert [question for question, _ in again.asked] == ["小米收入？", "京东收入？"]
    assert seen == ["c1", "c2", "c3"]
    assert [record["scores"]["correct"] for record in records] == [1, 1, 1]
    assert read_records(folder / "results.jsonl") == records


def test_another_run_is_not_continued(plan, tmp_path):
    run(plan, Scripted({}), tmp_path / "run", {})
    other = Plan(plan.cases, Stage.RETRIEVAL, plan.index, plan.profile)
    with pytest.raises(UsageError, match="another stage: answer, now retrieval"):
        run(other, Scripted({}), tmp_path / "run", {})


def test_the_header_says_what_was_run(plan, tmp_path):
    run(plan, Scripted({}), tmp_path / "run", {})
    header = json.loads((tmp_path / "run" / "header.json").read_text(encoding="utf-8"))
    assert header["set"] == {"name": "s", "version": "1", "sha256": "hash"}
    assert (header["cases"], header["stage"], header["index"]) == (3, "answer", "i")
    assert str(tmp_path) not in json.dumps({**header, "command": None})


def test_limit_takes_the_first_cases(plan, tmp_path):
    limited = Plan(plan.cases, plan.stage, plan.index, plan.profile, limit=2)
    assert [r["id"] for r in run(limited, Scripted({}), tmp_path / "run", {})] == ["c1", "c2"]


def test_summary_keeps_not_applicable_out_of_the_means(plan, tmp_path):
    system = Scripted({"腾讯收入？": "6602.57亿元"})
    records = run(plan, system, tmp_path / "run", {"a.txt": TEXT})
    rows = {(row.metric, row.group): row.estimate for row in summarise(records)}
    assert (rows["correct", "all"].mean, rows["correct", "all"].n) == (pytest.approx(2 / 3), 3)
    assert rows["refused_answerable", "all"].mean == 0.5
    assert (rows["refused_unanswerable", "all"].mean, rows["refused_unanswerable", "all"].n) == (
        1.0,
        1,
    )
    assert rows["quote_validity", "all"].n == 1
    assert rows["correct", "fact"].mean == 0.5


def test_lint_command_exits_by_its_findings(tmp_path):
    from rag.cli.evaluation import eval_

    good = CliRunner().invoke(eval_, ["lint", "core"], env={"RAG_LANG": "en"})
    count = len(find_set("core").cases)
    assert (good.exit_code, good.output) == (0, f"core: {count} cases, 0 faults\n")
    bad = {"id": "x", "question": "?", "lang": "zh", "type": "fact", "answerable": True}
    bad |= {"answers": [["2%"]], "evidence": [{"source": "a.txt", "quote": "增长百分之三"}]}
    (tmp_path / "bad.jsonl").write_text(json.dumps(bad), encoding="utf-8")
    (tmp_path / "a.txt").write_text("收入增长百分之二。\n", encoding="utf-8")
    command = ["lint", str(tmp_path / "bad.jsonl"), "--corpus", str(tmp_path)]
    found = CliRunner().invoke(eval_, command, env={"RAG_LANG": "en"})
    assert found.exit_code == 1
    assert "bad x: quote not in a.txt: 增长百分之三" in found.output


@pytest.mark.model
def test_run_command_builds_an_index_and_prints_scores(tmp_path):
    from rag.cli.evaluation import eval_

    out = tmp_path / "run"
    command = ["run", "core", "--stage", "retrieval", "--profile", "light", "--limit", "5"]
    env = {"RAG_LANG": "en", "RAG_INDEXES": str(tmp_path)}
    done = CliRunner().invoke(eval_, [*command, "--out", str(out)], env=env)
    assert done.exit_code == 0
    assert "recall@5" in done.output
    records = read_records(out / "results.jsonl")
    assert [record["id"] for record in records] == ["c001", "c002", "c003", "c004", "c005"]
    assert all(record["scores"]["recall@5"] == 1 for record in records)
