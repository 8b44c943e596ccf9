"""One case put to a system: `Case` + `System` -> one line of ``results.jsonl``.

A record holds what was asked and what the system returned, so that it can be judged again without
either, beside its scores.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from eval import scorers
from eval.cases import Case, Evidence
from eval.given import hits_of
from eval.system import System
from rag.errors import RagError
from rag.schema import Answer, Citation, Hit, Passage, Status

DEPTHS = (1, 3, 5, 10)
"""The k of recall@k."""
FILES_DEPTH = 30
"""Hits asked for where files are judged: the ten best files may take up thirty chunks."""

Record = dict[str, Any]
Scores = dict[str, float | None]


class Stage(StrEnum):
    """How far down the pipeline a run goes."""

    RETRIEVAL = "retrieval"
    """Searches only: no language model, deterministic."""
    ANSWER = "answer"


def measure(case: Case, system: System, stage: Stage, documents: Mapping[str, str]) -> Record:
    """Return the record of one case.

    Args:
        case: The question.
        system: Who is asked; only to read where the case brings its passages.
        stage: Whether to answer or only to search.
        documents: File name -> text, against which quotes are proved; a file that is missing
            here leaves its quotes unjudged.

    A `RagError` of the system is recorded under ``error`` and scored as a wrong outcome.
    """
    hits = hits_of(case.given)
    documents = {**documents, **{hit.document.source: hit.chunk.text for hit in hits}}
    head = _head(case, documents)
    try:
        if stage is Stage.RETRIEVAL:
            return head | _searched(case, system)
        return head | _answered(case, system, hits, documents)
    except RagError as error:
        scores = {"correct": 0.0} if stage is Stage.ANSWER else {}
        return head | {"error": error.en, "scores": scores | _retrieval(case, ())}


def _head(case: Case, documents: Mapping[str, str]) -> Record:
    return {
        "id": case.id,
        "kind": case.kind,
        "lang": case.lang,
        "answerable": case.answerable,
        "question": case.question,
        "history": [asdict(turn) for turn in case.history],
        "answers": [list(forms) for forms in case.answers],
        "forbidden": list(case.forbidden),
        "gold": [_gold(item, documents) for item in case.evidence],
        "relevant": list(case.relevant),
        "error": None,
    }


def _searched(case: Case, system: System) -> Record:
    """Search with the question as it stands.

    Not applicable to a follow-up, which needs rewriting first, nor where passages are given.
    """
    if case.history or case.given:
        return {"hits": [], "scores": {}}
    started = time.perf_counter()
    hits = system.search(case.question, k=FILES_DEPTH if case.relevant else max(DEPTHS))
    seconds = time.perf_counter() - started
    return {
        "hits": [_hit(hit) for hit in hits],
        "seconds": round(seconds, 3),
        "scores": _retrieval(case, hits) | {"total_ms": round(seconds * 1000, 1)},
    }


def _answered(
    case: Case, system: System, given: Sequence[Hit], documents: Mapping[str, str]
) -> Record:
    started = time.perf_counter()
    if given:
        answer = system.read(case.question, given, history=case.history)
    else:
        answer = system.ask(case.question, history=case.history)
    seconds = time.perf_counter() - started
    return {
        "standalone_question": answer.standalone_question,
        "status": answer.status.value,
        "answer": answer.text,
        "reason": answer.reason,
        "citations": [_citation(citation) for citation in answer.citations],
        "figures": [asdict(figure) for figure in answer.figures],
        "passages": [_passage(passage) for passage in answer.trace.passages],
        "odds": answer.trace.odds,
        "margin": answer.trace.margin,
        "draft": answer.trace.draft,
        "dropped": list(answer.trace.dropped),
        "hits": [_hit(hit) for hit in answer.hits],
        "timings_ms": asdict(answer.timings),
        "tokens": {
            "prompt": answer.trace.prompt_tokens,
            "completion": answer.trace.completion_tokens,
        },
        "provenance": asdict(answer.provenance),
        "seconds": round(seconds, 3),
        "scores": _answer(case, answer)
        | _retrieval(case, answer.hits)
        | _citations(case, answer, documents)
        | _cost(answer),
    }


def _answer(case: Case, answer: Answer) -> Scores:
    said, refused = answer.text, answer.status is Status.REFUSED
    return {
        "correct": scorers.correct(case, said, refused),
        "unit_slip": scorers.unit_slip(case, said, refused),
        "char_f1": scorers.char_f1(case, said, refused),
        "excess_figures": scorers.excess_figures(case, said, refused),
        "answer_chars": scorers.answer_chars(case, said, refused),
        "refused_answerable": scorers.refused_answerable(case, refused),
        "refused_unanswerable": scorers.refused_unanswerable(case, refused),
        "partial_correct": scorers.partial_correct(case, said, refused),
    }


def _retrieval(case: Case, hits: Sequence[Hit]) -> Scores:
    """Return how well was retrieved: nothing was where the passages are given."""
    recalls = {f"recall@{k}": scorers.recall(case, hits, k) for k in DEPTHS}
    found = recalls | {
        "recall@1500c": scorers.recall_in_characters(case, hits, 1500),
        "mrr@10": scorers.reciprocal_rank(case, hits, 10),
        "ndcg@10": scorers.ndcg(case, hits, 10),
        "hit@1": scorers.hit_at_1(case, hits),
    }
    return dict.fromkeys(found) if case.given else found


def _citations(case: Case, answer: Answer, documents: Mapping[str, str]) -> Scores:
    """Return how well an answer is supported; a refusal cites nothing that could be judged."""
    cited = answer.citations
    known = [(c.quote, documents[c.source]) for c in cited if c.source in documents]
    found = {
        "quote_validity": scorers.quote_validity(known),
        "citation_recall": scorers.citation_recall(case, cited),
        "citation_precision": scorers.citation_precision(case, cited),
        "page_accuracy": scorers.page_accuracy(case, cited),
        "unverified_figures": scorers.unverified_figures(answer.figures),
    }
    return dict.fromkeys(found) if answer.status is Status.REFUSED else found


def _cost(answer: Answer) -> Scores:
    """Return milliseconds and tokens; where nothing was written there is no first token."""
    return {
        "first_token_ms": answer.timings.first_token or None,
        "total_ms": answer.timings.total,
        "prompt_tokens": answer.trace.prompt_tokens or None,
        "completion_tokens": answer.trace.completion_tokens or None,
    }


def _gold(item: Evidence, documents: Mapping[str, str]) -> Record:
    text = documents.get(item.source)
    parsed = None if text is None else scorers.held([item.quote], [text])[0]
    return {"source": item.source, "quote": item.quote, "page": item.page, "parsed": parsed}


def _passage(passage: Passage) -> Record:
    return {
        "source": passage.document.source,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
    }


def _citation(citation: Citation) -> Record:
    return asdict(citation) | {"section": list(citation.section)}


def _hit(hit: Hit) -> Record:
    return {
        "rank": hit.rank,
        "source": hit.document.source,
        "section": list(hit.chunk.heading_path),
        "page": hit.chunk.page,
        "score": hit.score,
        "text": hit.chunk.text,
    }
