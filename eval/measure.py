"""One case put to a system: `Case` + `System` -> one line of ``results.jsonl``.

A record holds what the system returned, so that it can be scored again, beside its scores.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from eval import scorers
from eval.cases import Case
from eval.system import System
from rag.errors import RagError
from rag.schema import Answer, Citation, Hit, Status

DEPTHS = (1, 3, 5, 10)
"""The k of recall@k."""

Record = dict[str, Any]


class Stage(StrEnum):
    """How far down the pipeline a run goes."""

    RETRIEVAL = "retrieval"
    """Searches only: no language model, deterministic."""
    ANSWER = "answer"


def measure(case: Case, system: System, stage: Stage, documents: Mapping[str, str]) -> Record:
    """Return the record of one case.

    Args:
        case: The question.
        system: Who is asked.
        stage: Whether to answer or only to search.
        documents: File name -> text, against which quotes are proved; a file that is missing
            here leaves its quotes unjudged.

    A `RagError` of the system is recorded under ``error`` and scored as a wrong outcome.
    """
    found = _answered if stage is Stage.ANSWER else _searched
    try:
        return _head(case) | found(case, system, documents)
    except RagError as error:
        scores = {"correct": 0.0} if stage is Stage.ANSWER else {}
        return _head(case) | {"error": error.en, "scores": scores | _retrieval(case, ())}


def _head(case: Case) -> Record:
    return {
        "id": case.id,
        "kind": case.kind,
        "lang": case.lang,
        "answerable": case.answerable,
        "question": case.question,
        "error": None,
    }


def _searched(case: Case, system: System, documents: Mapping[str, str]) -> Record:
    """Search with the question as it stands; a follow-up needs rewriting first: not applicable."""
    if case.history:
        return {"hits": [], "scores": {}}
    started = time.perf_counter()
    hits = system.search(case.question, k=max(DEPTHS))
    return {
        "hits": [_hit(hit) for hit in hits],
        "seconds": _since(started),
        "scores": _retrieval(case, hits),
    }


def _answered(case: Case, system: System, documents: Mapping[str, str]) -> Record:
    """Ask, then search with the question as the system rewrote it."""
    started = time.perf_counter()
    answer = system.ask(case.question, history=case.history)
    seconds = _since(started)
    hits = system.search(answer.standalone_question, k=max(DEPTHS))
    refused = answer.status is Status.REFUSED
    scores = {
        "correct": scorers.correct(case, answer.text, refused),
        "refused_answerable": scorers.refused_answerable(case, refused),
        "refused_unanswerable": scorers.refused_unanswerable(case, refused),
        "quote_validity": _quote_validity(answer.citations, documents),
        "citation_recall": _citation_recall(case, answer, refused),
    }
    return {
        "standalone_question": answer.standalone_question,
        "status": answer.status.value,
        "answer": answer.text,
        "reason": answer.reason,
        "citations": [_citation(citation) for citation in answer.citations],
        "figures": [asdict(figure) for figure in answer.figures],
        "hits": [_hit(hit) for hit in hits],
        "timings_ms": asdict(answer.timings),
        "provenance": asdict(answer.provenance),
        "seconds": seconds,
        "scores": scores | _retrieval(case, hits),
    }


def _retrieval(case: Case, hits: Sequence[Hit]) -> dict[str, float | None]:
    texts = [hit.chunk.text for hit in hits]
    recalls = {f"recall@{k}": scorers.evidence_recall(case, texts[:k]) for k in DEPTHS}
    return recalls | {"mrr@10": scorers.reciprocal_rank(case, texts)}


def _quote_validity(citations: tuple[Citation, ...], documents: Mapping[str, str]) -> float | None:
    return scorers.quote_validity(
        [(c.quote, documents[c.source]) for c in citations if c.source in documents]
    )


def _citation_recall(case: Case, answer: Answer, refused: bool) -> float | None:
    if refused:
        return None
    return scorers.evidence_recall(case, [citation.text for citation in answer.citations])


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


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)
