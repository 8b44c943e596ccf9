"""The regression gate: red for what is broken on purpose, green for what is not; then the real one.

The systems here are real but for the models: an index with an embedder of character pairs, the
reader with its checks, and a language model that writes from a table.
"""

import random
from contextlib import nullcontext

import pytest

from eval.cases import Case, CaseSet, Evidence, find_set
from eval.compare import Verdict
from eval.gate import CHECKS, PROFILE, SET, Check, findings, hold
from eval.measure import Stage
from eval.opening import opener_of
from eval.outcomes import read_baseline
from eval.plan import Plan
from eval.promote import promote
from eval.runner import run
from eval.system import build, texts_of
from rag import verify
from rag.engine import Completion
from rag.errors import UsageError
from rag.index import Index, folder_of
from rag.question import understand
from rag.reader import Reader
from rag.retrieve import retrieve
from rag.schema import Check as Outcome
from rag.schema import FigureCheck
from rag.text import Span

NAMES = "晨曦钢铁 远帆物流 青禾种业 云岭水泥 海棠制药 松涛软件 金穗食品 玉龙旅游 星港电力 丹枫传媒".split()
REPORT = "{0}2024年实现营业收入{1}.5亿元，同比增长{2}%。\n{0}2024年毛利率为{3}.1%。\n"
ABSENT = "北辰银行 南山证券 西岭矿业 东湖航空".split()


def revenue(number):
    return f"{20 + 7 * number}.5亿元"


class Engine:
    """A language model that always finds the passages sufficient and writes from a table."""

    name, context, grammars = "table", 4096, True

    def __init__(self, drafts):
        self.drafts = drafts

    def complete(self, messages, *, max_tokens, grammar=None, on_token=None):
        prompt = messages[-1]["content"]
        said = next(draft for asked, draft in self.drafts.items() if asked in prompt)
        return Completion(said, 100, 10, finished=True)

    def first_token(self, messages):
        return {"是": -0.01, "否": -5.0}

    def count_tokens(self, text):
        return len(text)

    def close(self):
        pass


class System:
    """Index and reader, put together as `rag.assistant` does."""

    def __init__(self, index, drafts, *, rerank=lambda hits: hits):
        self.index, self.rerank = index, rerank
        self.reader = Reader("table")
        self.reader._engine = Engine(drafts)

    def search(self, question, k=10):
        return self.rerank(retrieve(understand(question), self.index, self.index.embedder, k=k))

    def ask(self, question, *, history=()):
        return self.reader.read(question, self.search(question), history=history)

    def read(self, question, hits, *, history=()):
        return self.reader.read(question, hits, history=history)


@pytest.fixture
def cases(tmp_path):
    """Ten reports; a question about each, and four about companies whose figures no report has."""
    corpus = tmp_path / "reports"
    corpus.mkdir()
    peers = "、".join(ABSENT)
    (corpus / "peers.txt").write_text(f"{peers}尚未公布年报。\n", encoding="utf-8")
    found = []
    for n, name in enumerate(NAMES):
        text = REPORT.format(name, 20 + 7 * n, 3 + n, 30 + n)
        (corpus / f"{n}.txt").write_text(text, encoding="utf-8")
        quote = Evidence(f"{n}.txt", f"营业收入{revenue(n)}")
        asked, answers = f"{name}2024年营业收入怎么样？", ((revenue(n).removesuffix("元"),),)
        found.append(Case(f"c{n:02d}", asked, "zh", "fact", True, answers, evidence=(quote,)))
    for n, name in enumerate(ABSENT):
        asked = f"{name}2024年营业收入怎么样？"
        found.append(Case(f"u{n:02d}", asked, "zh", "unanswerable", False, ()))
    return CaseSet("toy", "1", "x", corpus, tuple(found), "hash", tmp_path / "cases.jsonl")


@pytest.fixture
def index(cases, embedder):
    opened = Index.create(folder_of("toy"), embedder)
    opened.add([cases.corpus])
    yield opened
    opened.close()


@pytest.fixture
def drafts(cases):
    """What the model writes: true but for every third report, and invented where none answers."""
    written = {}
    for n, case in enumerate(cases.cases):
        name = case.question.split("2024")[0]
        figure = revenue(n) if case.answerable and n % 3 else f"{901 + n}.7亿元"
        written[case.question] = f"{name}2024年营业收入为{figure}。"
    return written


def lying(query, draft):
    """Stand in for `rag.verify.check`: whatever was written is said to be verified."""
    del query
    shown = draft.passages[0]
    said = FigureCheck(draft.text, shown.label, Outcome.VERIFIED, shown.text)
    everything = verify.Evidence(shown.label, Span(0, len(shown.text)))
    return verify.Checked((verify.CheckedSentence(draft.text, (everything,), (said,)),), ())


def held(check, cases, system, folder):
    """Return the comparison that the gate makes of `system`."""
    plan = check.plan(cases, "toy", "default", folder)
    name = f"run-{len(list(folder.glob('run-*')))}"
    return hold(check, plan, lambda: nullcontext(system), folder / name, {}, folder)


def promoted(check, cases, system, folder):
    """Make the baseline of `check` from `system`."""
    plan = check.plan(cases, "toy", "default", folder)
    run(plan, lambda: nullcontext(system), folder / "first", {})
    promote(folder / "first", check.baseline, force=True, folder=folder)


RETRIEVAL = Check(Stage.RETRIEVAL, "toy-retrieval")
ANSWERS = Check(Stage.ANSWER, "toy-answer", "toy.ids")


def test_a_broken_retriever_turns_the_gate_red(cases, index, tmp_path):
    promoted(RETRIEVAL, cases, System(index, {}), tmp_path)
    assert read_baseline("toy-retrieval", tmp_path).scores["c03"]["recall@1"] == 1
    assert held(RETRIEVAL, cases, System(index, {}), tmp_path).failed == ()
    reversed_ = held(RETRIEVAL, cases, System(index, {}, rerank=lambda h: h[::-1]), tmp_path)
    assert {"recall@1", "recall@3", "mrr@10", "ndcg@10", "hit@1"} <= set(reversed_.failed)
    shuffled = random.Random(5)
    chance = System(index, {}, rerank=lambda hits: shuffled.sample(hits, len(hits)))
    assert {"recall@1", "mrr@10"} <= set(held(RETRIEVAL, cases, chance, tmp_path).failed)
    silent = held(RETRIEVAL, cases, System(index, {}, rerank=lambda hits: ()), tmp_path)
    assert "recall@10" in silent.failed


def test_a_lying_verifier_turns_the_gate_red(cases, index, drafts, tmp_path, monkeypatch):
    (tmp_path / "toy.ids").write_text("\n".join(c.id for c in cases.cases), encoding="utf-8")
    promoted(ANSWERS, cases, System(index, drafts), tmp_path)
    honest = read_baseline("toy-answer", tmp_path).scores
    assert [honest[id_]["correct"] for id_ in ("c01", "c02", "u00", "u03")] == [1, 1, 1, 1]
    assert held(ANSWERS, cases, System(index, drafts), tmp_path).failed == ()
    monkeypatch.setattr("rag.verify.check", lying)
    # what is cited has to name the asked one, too: that check stays honest, and is put out here
    monkeypatch.setattr("rag.aboutness.strays", lambda *_: "")
    found = held(ANSWERS, cases, System(index, drafts), tmp_path)
    assert {"correct", "wrong_shown", "refused_unanswerable", "refusal_recall"} <= set(found.failed)
    assert set(found.row("wrong_shown").lost) >= {"u00", "u01", "u02", "u03"}
    told = next(line for line in findings(found) if line.startswith("refused_unanswerable"))
    assert told == "refused_unanswerable: 1.000 -> 0.000 (n=4); worse: u00, u01, u02, u03"


def test_a_planted_wrong_figure_is_seen_where_the_honest_answer_was_a_refusal(
    cases, index, drafts, tmp_path, monkeypatch
):
    """Only answerable questions: a wrong figure shown must not pass for one withheld."""
    planted = [c.id for n, c in enumerate(cases.cases) if c.answerable and not n % 3]
    (tmp_path / "toy.ids").write_text("\n".join(planted), encoding="utf-8")
    promoted(ANSWERS, cases, System(index, drafts), tmp_path)
    monkeypatch.setattr("rag.verify.check", lying)
    found = held(ANSWERS, cases, System(index, drafts), tmp_path)
    assert found.row("wrong_shown").verdict is Verdict.FAIL
    assert set(found.row("wrong_shown").lost) == set(planted)


def test_a_missing_baseline_is_told_before_anything_runs(cases, tmp_path):
    def never():
        raise AssertionError("opened")

    plan = Plan(cases, Stage.RETRIEVAL, "toy", "default")
    with pytest.raises(UsageError, match="rag eval promote RUN --name toy-retrieval"):
        hold(RETRIEVAL, plan, never, tmp_path / "run", {}, tmp_path)
    assert not (tmp_path / "run").exists()


def test_the_gates_answers_are_few_and_of_every_kind():
    cases = find_set(SET)
    check = next(check for check in CHECKS if check.stage is Stage.ANSWER)
    chosen = check.plan(cases, None, PROFILE).chosen
    assert {case.kind for case in chosen} == {case.kind for case in cases.cases}
    assert len(chosen) <= 20


def told(check, act):
    """Return what `act` returns; what it refuses is a failure that says how to go on."""
    try:
        return act()
    except UsageError as error:
        pytest.fail(f"{error}\nto accept what is there now: {check.command}", pytrace=False)


@pytest.fixture(scope="module")
def core(tmp_path_factory):
    """The set, and its index as it is built from nothing: once, when all baselines are there."""
    for check in CHECKS:
        told(check, lambda name=check.baseline: read_baseline(name))
    place = tmp_path_factory.mktemp("gate")
    cases = find_set(SET)
    assert cases.corpus is not None
    build(f"{place}/core", cases.corpus, PROFILE)
    return cases, f"{place}/core", texts_of(cases.corpus)


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.baseline)
def test_nothing_got_worse(check, core, tmp_path):
    cases, index, texts = core
    plan = check.plan(cases, index, PROFILE)
    comparison = told(check, lambda: hold(check, plan, opener_of(plan), tmp_path / "run", texts))
    again = f"to accept what is there now: {check.command}"
    assert not comparison.failed, "\n".join([*findings(comparison), again])
