"""How fast this machine indexes, searches and answers: counts and ratios, never a pass or fail."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.assistant import Assistant
from rag.chunk import contextualise, split
from rag.load import discover, load
from rag.schema import Document
from rag.sections import build


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the report."""

    what: str
    value: float
    unit: str
    n: int


def parsing(paths: Sequence[Path]) -> tuple[list[Measured], list[Document]]:
    """Return characters a second of loading and chunking, and the documents.

    Of documents with pages also the pages a second of one core: time that this thread took of it, so
    that other work on the machine counts less.
    """
    files = [found.path for found in discover(paths) if found.reason is None]
    for path in files[:1]:
        load(path)  # what is loaded once in a process is not the documents' cost
    start = time.perf_counter()
    documents, pages, spent = [], 0, 0.0
    for path in files:
        begun = time.thread_time()
        documents.append(load(path))
        if documents[-1].pages:
            pages += len(documents[-1].pages)
            spent += time.thread_time() - begun
    loaded = time.perf_counter() - start
    paged = [Measured("load pages", pages / spent, "pages/core s", pages)] if spent else []
    start = time.perf_counter()
    chunks = sum(len(split(d, build(d))) for d in documents)
    cut = time.perf_counter() - start
    size = sum(len(d.text) for d in documents)
    return [
        Measured("load", size / max(loaded, 1e-9), "characters/s", len(documents)),
        *paged,
        Measured("chunk", chunks / max(cut, 1e-9), "chunks/s", chunks),
    ], documents


def embedding(assistant: Assistant, documents: Sequence[Document], most: int = 32) -> Measured:
    """Return chunks embedded a second, over at most `most` chunks."""
    texts = [contextualise(d, c) for d in documents for c in split(d, build(d))][:most]
    assistant.embedder.encode_documents(texts[:1])
    start = time.perf_counter()
    assistant.embedder.encode_documents(texts)
    return Measured("embed", len(texts) / (time.perf_counter() - start), "chunks/s", len(texts))


def searching(assistant: Assistant, questions: Sequence[str]) -> Measured:
    """Return the median milliseconds of a search, the question's embedding included."""
    assistant.search(questions[0])
    return _median("search", questions, assistant.search)


def answering(assistant: Assistant, questions: Sequence[str]) -> list[Measured]:
    """Return the median milliseconds to the first token and to the checked answer."""
    _ = assistant.engine
    answers = [assistant.ask(q) for q in questions]
    written = [a.timings.first_token for a in answers if a.timings.first_token]
    first = statistics.median(written) if written else 0.0
    total = statistics.median(a.timings.total for a in answers)
    return [
        Measured("first token", first, "ms (median)", len(written)),
        Measured("answer", total, "ms (median)", len(answers)),
    ]


def _median(what: str, questions: Sequence[str], run: Callable[[str], object]) -> Measured:
    spent = []
    for question in questions:
        start = time.perf_counter()
        run(question)
        spent.append((time.perf_counter() - start) * 1000)
    return Measured(what, statistics.median(spent), "ms (median)", len(spent))
