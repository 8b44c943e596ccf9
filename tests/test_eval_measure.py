"""Records of single cases put to a scripted system; passages that come with a question."""

import json

import pytest

from eval.cases import Case, Evidence
from eval.given import hits_of, name_of
from eval.measure import DEPTHS, FILES_DEPTH, Stage, measure
from rag.errors import ModelError
from rag.schema import (
    Answer,
    BlockKind,
    Check,
    Chunk,
    Citation,
    DocumentFacts,
    FigureCheck,
    Hit,
    Passage,
    Provenance,
    Status,
    Timings,
    Trace,
    Turn,
)

TEXT = "腾讯2024年收入6602.57亿元。小米2024年收入3659.06亿元。"
FACTS = DocumentFacts("d", "a.txt", "t", None, None, "text", 0, 1)
FOUND = Hit(1, 0.5, Chunk("d", 0, len(TEXT), TEXT, ("一",), page=2), FACTS)


class Scripted:
    """Says the same to every question; None is a refusal, an error is raised."""

    def __init__(self, text):
        self.text = text
        self.calls = []

    def search(self, question, k=10):
        self.calls.append(("search", question, k))
        return (FOUND,)

    def ask(self, question, *, history=()):
        self.calls.append(("ask", question, tuple(history)))
        return self._answer(question, (FOUND,))

    def read(self, question, hits, *, history=()):
        self.calls.append(("read", question, tuple(history)))
        return self._answer(question, tuple(hits))

    def _answer(self, question, hits):
        if isinstance(self.text, Exception):
            raise self.text
        first = hits[0]
        source, text = first.document.source, first.chunk.text
        shown = Passage(1, "d", 0, len(text), text, (), first.chunk.page, first.document, 1.0)
        quote = "收入6602.57亿元"
        cited = Citation(1, "d", source, "t", None, None, (), first.chunk.page, quote, 0, 9, text)
        return Answer(
            question=question,
            standalone_question=question,
            status=Status.ANSWERED if self.text else Status.REFUSED,
            text=self.text or "报告中未找到",
            reason=None if self.text else "没有",
            citations=(cited,) if self.text else (),
            figures=(FigureCheck("6602.57亿元", 1, Check.VERIFIED, quote),) if self.text else (),
            hits=hits,
            timings=Timings(1, 2, 300 if self.text else 0, 400),
            provenance=Provenance("i", "e", "m", "p", "v"),
            trace=Trace((shown,), 1.5, "草稿", ("一句：无据",), 90, 12) if self.text else Trace(),
        )


def case(form="6602.57亿", **more):
    fields = {
        "id": "c1",
        "question": "腾讯收入？",
        "lang": "zh",
        "kind": "fact" if form else "unanswerable",
        "answerable": bool(form),
        "answers": ((form,),) if form else (),
        "evidence": (Evidence("a.txt", f"收入{form}元", 2),) if form else (),
    }
    return Case(**(fields | more))


def test_every_metric_of_a_right_answer():
    record = measure(case(), Scripted("6602.57亿元[1]。"), Stage.ANSWER, {"a.txt": TEXT})
    assert record["scores"] == {
        "correct": 1.0,
        "unit_slip": 0.0,
        # 8 characters of the gold form, 10 of the answer without its label, 8 shared
        "char_f1": pytest.approx(16 / 18),
        "excess_figures": 0.0,
        "answer_chars": 13.0,
        "refused_answerable": 0.0,
        "refused_unanswerable": None,
        "partial_correct": None,
        "recall@1": 1.0,
        "recall@3": 1.0,
        "recall@5": 1.0,
        "recall@10": 1.0,
        "recall@1500c": 1.0,
        "mrr@10": 1.0,
        "ndcg@10": 1.0,
        "hit@1": 1.0,
        "quote_validity": 1.0,
        "citation_recall": 1.0,
        "citation_precision": 1.0,
        "page_accuracy": 1.0,
        "unverified_figures": 0.0,
        "first_token_ms": 300,
        "total_ms": 400,
        "prompt_tokens": 90,
        "completion_tokens": 12,
    }


def test_a_record_holds_what_its_scores_rest_on():
    history = (Turn("小米收入？", "3659.06亿"),)
    asked = case(history=history, forbidden=("6602亿",))
    record = measure(asked, Scripted("6602.57亿元[1]。"), Stage.ANSWER, {"a.txt": TEXT})
    assert json.loads(json.dumps(record)) == record
    assert (record["status"], record["answer"]) == ("answered", "6602.57亿元[1]。")
    assert (record["answers"], record["forbidden"]) == ([["6602.57亿"]], ["6602亿"])
    assert record["history"] == [{"question": "小米收入？", "answer": "3659.06亿"}]
    gold = {"source": "a.txt", "quote": "收入6602.57亿元", "page": 2, "parsed": True}
    assert record["gold"] == [gold]
    shown = {"source": "a.txt", "start": 0, "end": len(TEXT), "text": TEXT}
    assert record["passages"] == [shown]
    assert (record["odds"], record["draft"], record["dropped"]) == (1.5, "草稿", ["一句：无据"])
    assert record["tokens"] == {"prompt": 90, "completion": 12}
    assert [hit["text"] for hit in record["hits"]] == [TEXT]


@pytest.mark.parametrize(
    ("documents", "parsed"),
    [({"a.txt": TEXT}, True), ({"a.txt": TEXT.replace("57", "75")}, False), ({}, None)],
)
def test_gold_is_looked_up_in_what_was_parsed(documents, parsed):
    record = measure(case(), Scripted("6602.57亿元"), Stage.RETRIEVAL, documents)
    assert record["gold"][0]["parsed"] is parsed


def test_a_planted_wrong_quote_lowers_validity():
    system = Scripted("6602.57亿元")
    planted = measure(case(), system, Stage.ANSWER, {"a.txt": TEXT.replace("57", "75")})
    assert planted["scores"]["quote_validity"] == 0
    assert measure(case(), system, Stage.ANSWER, {})["scores"]["quote_validity"] is None


def test_refusals_are_scored_by_answerability():
    missed = measure(case(), Scripted(None), Stage.ANSWER, {})["scores"]
    right = measure(case(form=None), Scripted(None), Stage.ANSWER, {})["scores"]
    assert (missed["correct"], missed["refused_answerable"], missed["char_f1"]) == (0, 1, 0)
    assert (right["correct"], right["refused_unanswerable"]) == (1, 1)
    assert {name for name, value in right.items() if value is not None} == {
        "correct",
        "refused_unanswerable",
        "total_ms",
    }
    for name in ("citation_recall", "unverified_figures", "first_token_ms", "prompt_tokens"):
        assert missed[name] is None


def test_retrieval_stage_asks_no_model_and_skips_follow_ups():
    system = Scripted(None)
    record = measure(case(), system, Stage.RETRIEVAL, {})
    assert record["scores"]["recall@5"] == 1
    assert record["scores"]["total_ms"] >= 0
    assert "correct" not in record["scores"]
    follow_up = case(history=(Turn("小米收入？", "3659.06亿"),))
    assert measure(follow_up, system, Stage.RETRIEVAL, {})["scores"] == {}
    assert system.calls == [("search", "腾讯收入？", max(DEPTHS))]


def test_judged_files_are_searched_deeper():
    system = Scripted(None)
    asked = case(form=None, relevant=("b.txt", "a.txt"))
    scores = measure(asked, system, Stage.RETRIEVAL, {})["scores"]
    assert system.calls == [("search", "腾讯收入？", FILES_DEPTH)]
    assert (scores["recall@10"], scores["hit@1"], scores["recall@1500c"]) == (0.5, 1, None)
    assert scores["ndcg@10"] == pytest.approx(1 / 1.6309298)


def test_history_reaches_the_system():
    history = (Turn("小米收入？", "3659.06亿"),)
    system = Scripted(None)
    measure(case(history=history), system, Stage.ANSWER, {})
    measure(case(history=history, given=("一",)), system, Stage.ANSWER, {})
    assert system.calls == [("ask", "腾讯收入？", history), ("read", "腾讯收入？", history)]


def test_an_error_counts_as_wrong_and_is_told():
    system = Scripted(ModelError("out of memory", "内存不足"))
    record = measure(case(), system, Stage.ANSWER, {})
    assert record["error"] == "out of memory"
    assert (record["scores"]["correct"], record["scores"]["recall@5"]) == (0, 0)
    assert "status" not in record


def test_given_passages_are_read_not_retrieved():
    passages = ("小米收入3659.06亿元。", "腾讯收入6602.57亿元。")
    asked = case(given=passages[::-1], evidence=(Evidence(name_of(1), "收入6602.57亿元"),))
    system = Scripted("6602.57亿元[1]。")
    record = measure(asked, system, Stage.ANSWER, {})
    assert system.calls == [("read", "腾讯收入？", ())]
    assert [hit["text"] for hit in record["hits"]] == list(passages[::-1])
    scores = record["scores"]
    assert (scores["correct"], scores["citation_recall"], scores["quote_validity"]) == (1, 1, 1)
    assert record["gold"][0]["parsed"] is True
    assert scores["recall@5"] is None
    assert scores["ndcg@10"] is None
    assert measure(asked, system, Stage.RETRIEVAL, {})["scores"] == {}


def test_a_given_table_is_known_by_its_rules():
    text, table = hits_of(["收入\u00a0|\r\n利润 ", "| 项目 | 收入 |\n\n| 腾讯 | 6602.57 |\n"])
    assert (text.chunk.kind, text.chunk.text) == (BlockKind.PARAGRAPH, "收入 |\n利润")
    assert (table.chunk.kind, table.rank) == (BlockKind.TABLE, 2)
    assert table.score < text.score
    assert table.chunk.doc_id == table.document.doc_id != text.document.doc_id
    for hit in (text, table):
        assert (hit.chunk.start, hit.chunk.end) == (0, len(hit.chunk.text))
    assert hits_of(()) == ()
    assert hits_of(("",))[0].chunk.kind is BlockKind.PARAGRAPH
