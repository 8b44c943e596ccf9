"""Runs over a scripted system: resuming, workers, the header; the command line."""

import json
import signal
import threading
from contextlib import contextmanager, nullcontext

import pytest
from click.testing import CliRunner

from eval.cases import find_set
from eval.header import SAME, header_of, index_fingerprint, settings
from eval.measure import Stage
from eval.plan import Plan, read_ids
from eval.runner import find_run, read_header, read_records, run
from rag.errors import ModelError, UsageError
from rag.index import Index, folder_of
from tests.scripted import Scripted, case, case_set, opening

TENCENT = case("c1", "腾讯收入？", "6602.57亿")
XIAOMI = case("c2", "小米收入？", "3659.06亿")
ABSENT = case("c3", "京东收入？", None)
ANSWERS = {"腾讯收入？": "6602.57亿元", "小米收入？": "3659.06亿元"}


@pytest.fixture
def plan(tmp_path):
    return Plan(case_set((TENCENT, XIAOMI, ABSENT), tmp_path), Stage.ANSWER, "i", "default")


def unhurried(records):
    """Return the records without the seconds they took."""
    return [{k: v for k, v in record.items() if k != "seconds"} for record in records]


def test_a_run_is_taken_up_where_it_stopped(plan, tmp_path):
    folder = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        run(plan, opening(Scripted(ANSWERS | {"小米收入？": KeyboardInterrupt()})), folder, {})
    with (folder / "results.jsonl").open("ab") as out:
        out.write('{"id": "c2", "kind": "半'.encode()[:-1])
    again, seen = Scripted(ANSWERS), []
    records = run(plan, opening(again), folder, {}, lambda record: seen.append(record["id"]))
    assert again.asked == ["小米收入？", "京东收入？"]
    assert seen == ["c1", "c2", "c3"]
    assert [record["scores"]["correct"] for record in records] == [1, 1, 1]
    assert read_records(folder / "results.jsonl") == records


def test_a_case_that_ended_in_an_error_is_asked_again(plan, tmp_path):
    failing = Scripted(ANSWERS | {"腾讯收入？": ModelError("out of memory", "内存不足")})
    first = run(plan, opening(failing), tmp_path, {})
    assert [record["error"] for record in first] == ["out of memory", None, None]
    again = Scripted(ANSWERS)
    records = run(plan, opening(again), tmp_path, {})
    assert again.asked == ["腾讯收入？"]
    assert [record["error"] for record in records] == [None, None, None]
    stored = read_records(tmp_path / "results.jsonl")
    assert [record["id"] for record in stored] == ["c2", "c3", "c1"]


def test_a_finished_run_opens_no_system(plan, tmp_path):
    records = run(plan, opening(Scripted(ANSWERS)), tmp_path, {})

    def never():
        raise AssertionError("opened")

    assert run(plan, never, tmp_path, {}) == records


def test_workers_give_the_records_of_one(tmp_path):
    """Four at once, each with a system of its own; they finish in any order."""
    cases = [case(f"c{n:02d}", f"{n}？", f"{n}亿") for n in range(24)]
    plan = Plan(case_set(cases, tmp_path), Stage.ANSWER, None, "default")
    answers = {c.question: c.answers[0][0] for c in cases if int(c.id[1:]) % 3}
    alone = run(plan, opening(Scripted(answers)), tmp_path / "one", {})
    together, opened, closed = threading.Barrier(4, timeout=60), [], []

    class Slow(Scripted):
        def ask(self, question, *, history=()):
            if not self.asked:
                together.wait()
            return super().ask(question, history=history)

    @contextmanager
    def open_system():
        opened.append(Slow(answers))
        yield opened[-1]
        closed.append(threading.current_thread())

    records = run(plan, open_system, tmp_path / "four", {}, workers=4)
    assert unhurried(records) == unhurried(alone)
    assert sorted(q for system in opened for q in system.asked) == sorted(c.question for c in cases)
    assert len(opened) == len(set(closed)) == 4
    stored = read_records(tmp_path / "four" / "results.jsonl")
    assert sorted(record["id"] for record in stored) == [c.id for c in cases]


def test_a_failing_worker_stops_the_others_and_what_is_done_stays(tmp_path):
    cases = [case(f"c{n:02d}", f"{n}？", f"{n}亿") for n in range(20)]
    plan = Plan(case_set(cases, tmp_path), Stage.ANSWER, None, "default")
    broken = Scripted({"3？": ZeroDivisionError("a bug, not a RagError")})
    with pytest.raises(ZeroDivisionError):
        run(plan, opening(broken), tmp_path / "run", {}, workers=2)
    done = {record["id"] for record in read_records(tmp_path / "run" / "results.jsonl")}
    assert {"c00", "c01"} <= done
    assert "c03" not in done
    whole = Scripted({})
    assert len(run(plan, opening(whole), tmp_path / "run", {}, workers=2)) == 20
    assert len(whole.asked) == 20 - len(done)


def test_ctrl_c_finishes_the_cases_in_flight(tmp_path):
    plan = Plan(
        case_set([case(f"c{n}", f"{n}？", "1亿") for n in range(9)], tmp_path),
        Stage.ANSWER, None, "default",
    )  # fmt: skip
    both, stopped = threading.Barrier(2, timeout=60), threading.Event()

    class Stopping(Scripted):
        def ask(self, question, *, history=()):
            both.wait()
            if question == "0？":
                stopped.wait(0.3)  # a thread whose start is interrupted is not waited for
                signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
            stopped.wait(1.5)
            return super().ask(question, history=history)

    # where the tests run in the background, interrupts are ignored from the start
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run(plan, lambda: nullcontext(Stopping({})), tmp_path / "run", {}, workers=2)
    finally:
        signal.signal(signal.SIGINT, before)
    done = {record["id"] for record in read_records(tmp_path / "run" / "results.jsonl")}
    assert done == {"c0", "c1"}


def test_another_run_is_not_continued(plan, tmp_path, monkeypatch):
    run(plan, opening(Scripted({})), tmp_path, {})
    other = Plan(plan.cases, Stage.RETRIEVAL, plan.index, plan.profile)
    with pytest.raises(
        UsageError, match="another stage: answer, now retrieval; give another --out"
    ):
        run(other, opening(Scripted({})), tmp_path, {})
    fewer = Plan(plan.cases, plan.stage, plan.index, plan.profile, limit=2)
    with pytest.raises(UsageError, match="another cases: 3, now 2"):
        run(fewer, opening(Scripted({})), tmp_path, {})
    monkeypatch.setattr("rag.refuse.THRESHOLD", 9.5)
    with pytest.raises(UsageError, match=r"settings rag.refuse.THRESHOLD: [\d.]+, now 9.5"):
        run(plan, opening(Scripted({})), tmp_path, {})


def test_a_run_is_not_continued_over_a_changed_index(plan, tmp_path, embedder):
    (tmp_path / "a.txt").write_text("腾讯2024年收入6602.57亿元。\n", encoding="utf-8")
    index = Index.create(folder_of("i"), embedder)
    index.add([tmp_path / "a.txt"])
    before = index_fingerprint("i")
    run(plan, opening(Scripted({})), tmp_path / "run", {})
    index.add([tmp_path / "a.txt"])
    assert index_fingerprint("i") == before
    (tmp_path / "a.txt").write_text("腾讯2024年收入6602.75亿元。\n", encoding="utf-8")
    index.add([tmp_path / "a.txt"])
    with pytest.raises(UsageError, match=f"another index_fingerprint: {before}, now"):
        run(plan, opening(Scripted({})), tmp_path / "run", {})
    index.close()


def test_indexes_built_apart_from_the_same_files_have_one_fingerprint(tmp_path, embedder):
    for name, text in (("b.txt", "小米收入3659.06亿元。\n"), ("a.txt", "腾讯收入6602.57亿元。\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    for index, order in (("one", ("a.txt", "b.txt")), ("two", ("b.txt", "a.txt"))):
        opened = Index.create(folder_of(index), embedder)
        for name in order:
            opened.add([tmp_path / name])
        opened.close()
    assert index_fingerprint("one") == index_fingerprint("two")
    assert index_fingerprint("none") is index_fingerprint(None) is None


def test_the_header_says_what_was_run(plan, tmp_path):
    run(plan, opening(Scripted({})), tmp_path / "run", {}, workers=2)
    header = read_header(tmp_path / "run")
    assert header["set"] == {"name": "s", "version": "1", "sha256": "hash 1"}
    assert (header["cases"], header["subset"], header["stage"]) == (3, None, "answer")
    assert header["prompts"]["answer"].startswith("answer@")
    assert header["models"]["generator"]["name"].startswith("qwen")
    assert len(header["models"]["generator"]["sha256"]) == 12
    assert header["workers"] == 2
    assert set(SAME) < header.keys()
    assert str(tmp_path) not in json.dumps({**header, "command": None})


def test_settings_are_found_by_rule_not_by_list():
    found = settings()
    assert {"rag.refuse.THRESHOLD", "rag.evidence.Budget.characters", "rag.chunk.SIZE"} < set(found)
    assert not [name for name in found if name.split(".")[1] in ("cli", "schema")]
    assert "rag.index.place.SIZE" not in found, "imported, not assigned there"


def test_only_some_cases(plan, tmp_path):
    (tmp_path / "some.ids").write_text("# two\nc3\n\nc1  # the first\n", encoding="utf-8")
    chosen = read_ids(tmp_path / "some.ids")
    assert chosen == ("c3", "c1")
    some = Plan(plan.cases, plan.stage, plan.index, plan.profile, ids=chosen)
    assert [c.id for c in some.chosen] == ["c1", "c3"]
    assert (some.subset, header_of(some)["cases"]) == ("2 listed", 2)
    first = Plan(plan.cases, plan.stage, plan.index, plan.profile, limit=2)
    assert ([c.id for c in first.chosen], first.subset) == (["c1", "c2"], "first 2")
    unknown = Plan(plan.cases, plan.stage, plan.index, plan.profile, ids=("c1", "c9"))
    with pytest.raises(UsageError, match="s has no case c9"):
        run(unknown, opening(Scripted({})), tmp_path / "run", {})
    (tmp_path / "none.ids").write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(UsageError, match="names no case"):
        read_ids(tmp_path / "none.ids")


def test_separators_of_unicode_do_not_split_a_record(plan, tmp_path):
    said = "6602.57亿元\u2028\x85\u2029"
    records = run(plan, opening(Scripted({"腾讯收入？": said})), tmp_path, {})
    assert records[0]["answer"] == said
    assert read_records(tmp_path / "results.jsonl") == records


def test_a_folder_that_is_no_run_is_told(tmp_path):
    with pytest.raises(UsageError, match="there is no run"):
        find_run(str(tmp_path))
    (tmp_path / "header.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match=r"is no run folder: header.json is missing or damaged"):
        read_header(find_run(str(tmp_path)))


def test_ctrl_c_prints_the_line_that_goes_on(tmp_path, monkeypatch):
    from rag.cli.evaluation import eval_

    cases = [{"id": c.id, "question": c.question, "lang": "zh", "kind": "fact", "answers": [["1"]],
              "answerable": True, "given": ["一"]} for c in (TENCENT, XIAOMI)]  # fmt: skip
    path = tmp_path / "my set.jsonl"
    path.write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")
    stopping = Scripted(ANSWERS | {"小米收入？": KeyboardInterrupt()})
    monkeypatch.setattr("eval.opening._reading", lambda profile: opening(stopping)())
    command = ["run", str(path), "--out", str(tmp_path / "out"), "--limit", "2"]
    stopped = CliRunner().invoke(eval_, command)
    assert stopped.exit_code != 0
    assert "To go on: rag eval run" in stopped.stderr
    line = stopped.stderr.split("To go on: ")[1].splitlines()[0]
    assert f"'{path}' --stage answer --limit 2" in line
    assert line.endswith(f"--out {tmp_path / 'out'}")
    stopping.answers = ANSWERS
    assert CliRunner().invoke(eval_, command).exit_code == 0
    assert stopping.asked == ["腾讯收入？", "小米收入？", "小米收入？"]


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
