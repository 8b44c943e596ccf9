"""Answers as they are kept on disk: to JSON and back, whole but for their trace."""

from __future__ import annotations

import dataclasses
from typing import Any

from rag.schema import (
    Answer,
    BlockKind,
    Check,
    Chunk,
    Citation,
    DocumentFacts,
    FigureCheck,
    Hit,
    Provenance,
    Status,
    Timings,
    Trace,
)

Record = dict[str, Any]


def to_record(answer: Answer) -> Record:
    """Return `answer` as JSON can hold it, without its trace."""
    return dataclasses.asdict(dataclasses.replace(answer, trace=Trace()))


def from_record(record: Record) -> Answer:
    """Return the answer that `to_record` was given.

    Raises:
        KeyError: A field is missing.
        TypeError: A field is of another kind, or unknown.
        ValueError: As `TypeError`.
    """
    return Answer(
        question=str(record["question"]),
        standalone_question=str(record["standalone_question"]),
        status=Status(record["status"]),
        text=str(record["text"]),
        reason=record["reason"],
        citations=tuple(_citation(c) for c in record["citations"]),
        figures=tuple(_figure(f) for f in record["figures"]),
        hits=tuple(_hit(h) for h in record["hits"]),
        timings=Timings(**record["timings"]),
        provenance=Provenance(**record["provenance"]),
    )


def _citation(record: Record) -> Citation:
    return Citation(**(record | {"section": tuple(record["section"])}))


def _figure(record: Record) -> FigureCheck:
    return FigureCheck(**(record | {"check": Check(record["check"])}))


def _hit(record: Record) -> Hit:
    chunk = record["chunk"]
    restored = {"heading_path": tuple(chunk["heading_path"]), "kind": BlockKind(chunk["kind"])}
    facts = record["document"]
    document = DocumentFacts(**(facts | {"analysts": tuple(facts.get("analysts", ()))}))
    return Hit(**(record | {"chunk": Chunk(**(chunk | restored)), "document": document}))
