"""Checked sentences or a refusal -> Answer: labels renumbered, quotes placed in their documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.question import Query
from rag.refuse import Refusal
from rag.schema import (
    Answer,
    Citation,
    FigureCheck,
    Hit,
    Passage,
    Provenance,
    Status,
    Timings,
    Trace,
)
from rag.text import Span
from rag.verify import Checked, CheckedSentence

_REFUSED = {
    "zh": "报告中未找到这个问题的答案。",
    "en": "The reports do not state an answer to this question.",
}


def answer(
    question: str,
    query: Query,
    hits: Sequence[Hit],
    outcome: Refusal | Checked,
    timings: Timings,
    provenance: Provenance,
    trace: Trace,
) -> Answer:
    """Return the answer record for what the checks left."""
    citations: tuple[Citation, ...] = ()
    figures: tuple[FigureCheck, ...] = ()
    if isinstance(outcome, Refusal):
        text, reason = _REFUSED[query.language], outcome.reason
        status = Status.REFUSED
    else:
        labels = _renumbered(outcome.sentences)
        text, reason, status = (
            _text(outcome.sentences, labels, query.language),
            None,
            Status.ANSWERED,
        )
        citations = _citations(outcome.sentences, labels, {p.label: p for p in trace.passages})
        figures = _figures(outcome.sentences, labels)
    return Answer(
        question=question,
        standalone_question=query.original,
        status=status,
        text=text,
        reason=reason,
        citations=citations,
        figures=figures,
        hits=tuple(hits),
        timings=timings,
        provenance=provenance,
        trace=trace,
    )


def _renumbered(sentences: Sequence[CheckedSentence]) -> dict[int, int]:
    """Return passage label -> label in the answer, counted from 1 in order of first use."""
    order = dict.fromkeys(e.label for s in sentences for e in s.evidence)
    return {label: n for n, label in enumerate(order, start=1)}


def _text(sentences: Sequence[CheckedSentence], labels: dict[int, int], language: str) -> str:
    marked = (
        s.text.rstrip()
        + " "
        + "".join(f"[{n}]" for n in dict.fromkeys(labels[e.label] for e in s.evidence))
        for s in sentences
    )
    return " ".join(marked) if language == "en" else "".join(marked)


def _citations(
    sentences: Sequence[CheckedSentence], labels: dict[int, int], passages: dict[int, Passage]
) -> tuple[Citation, ...]:
    """Return one citation a label: its quote spans all that its sentences lean on."""
    spans: dict[int, Span] = {}
    for item in (e for s in sentences for e in s.evidence):
        old = spans.get(item.label, item.span)
        spans[item.label] = Span(min(old.start, item.span.start), max(old.end, item.span.end))
    return tuple(
        _citation(labels[label], passages[label], spans[label])
        for label in sorted(spans, key=labels.__getitem__)
    )


def _citation(label: int, passage: Passage, span: Span) -> Citation:
    document = passage.document
    return Citation(
        label=label,
        doc_id=passage.doc_id,
        source=document.source,
        title=document.title,
        publisher=document.publisher,
        published=document.published,
        section=passage.heading_path,
        page=passage.page,
        quote=passage.text[span.start : span.end],
        start=passage.start + span.start,
        end=passage.start + span.end,
        text=passage.text,
    )


def _figures(
    sentences: Sequence[CheckedSentence], labels: dict[int, int]
) -> tuple[FigureCheck, ...]:
    return tuple(
        replace(check, label=labels.get(check.label) if check.label is not None else None)
        for s in sentences
        for check in s.figures
    )
