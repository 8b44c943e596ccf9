"""The system under test as the runner sees it: a small Protocol, and how to open the real one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from eval import corpora
from eval.cases import CaseSet
from eval.corpora import OnDocument
from rag.errors import UsageError
from rag.schema import Answer, Hit, Turn


class System(Protocol):
    """What is measured; `rag.assistant.Assistant` fits, and so does a scripted one in a test."""

    def search(self, question: str, k: int = 10) -> Sequence[Hit]:
        """Return the `k` best hits, best first."""
        ...

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """Return the checked answer or the refusal."""
        ...

    def read(self, question: str, hits: Sequence[Hit], *, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer that `hits` support, without a search."""
        ...


def index_name(cases: CaseSet, profile: str) -> str:
    """Return the index that holds a set's documents, one a profile.

    Raises:
        UsageError: The set does not say where its documents are.
    """
    if cases.corpus is None:
        raise UsageError(
            f"{cases.name} does not say where its documents are; add --corpus FOLDER or --index",
            f"{cases.name} 没有说明文档所在位置；请加 --corpus 文件夹 或 --index",
        )
    return f"eval-{cases.name}" if profile == "default" else f"eval-{cases.name}-{profile}"


@contextmanager
def opened(
    index: str, corpus: Path | None, profile: str, *, on_document: OnDocument = corpora.silent
) -> Iterator[System]:
    """Yield the assistant over `index`, brought up to date with `corpus` where one is given.

    Raises:
        RagError: The index or a model is missing or cannot be used.
        DocumentError: A document of the corpus cannot be indexed: its cases would fail unfairly.
    """
    from rag.assistant import Assistant

    if corpus is not None:
        build(index, corpus, profile, on_document)
    with Assistant.open(index, profile) as assistant:
        yield assistant


def build(index: str, corpus: Path, profile: str, on_document: OnDocument = corpora.silent) -> None:
    """Make the index called `index` hold the documents of `corpus` and nothing else.

    Args:
        index: Its name.
        corpus: A folder of documents, or one with a ``corpus.jsonl`` of passages.
        profile: Which models.
        on_document: Told how far it is, as (done, total) documents; ten thousand take an hour.

    Raises:
        RagError: The index or the embedding model cannot be used.
        DocumentError: A document cannot be indexed.
    """
    from rag.embed import SentenceTransformerEmbedder
    from rag.index import folder_of
    from rag.models import PROFILES

    embedder = SentenceTransformerEmbedder(PROFILES[profile].embedder)
    corpora.synchronise(folder_of(index), corpus, embedder, on_document)


def texts_of(corpus: Path | None) -> dict[str, str]:
    """Return source name -> text of the documents in `corpus` that can be read."""
    return corpora.texts_of(corpus) if corpus else {}
