"""The whole story: a question in, a checked and cited answer or a refusal out."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from rag.embed import Embedder
from rag.engine import Engine, EngineSettings
from rag.index import Index, folder_of
from rag.models import PROFILES
from rag.question import understand
from rag.reader import Clock, OnEvent, Reader, silent
from rag.resolve import resolve
from rag.retrieve import retrieve
from rag.schema import Answer, Filters, Hit, Turn


class Assistant:
    """An index with the models to ask it; models load on first use."""

    def __init__(self, index: Index, model: str, settings: EngineSettings | None = None) -> None:
        """Keep what is needed; see `open` for the usual way in."""
        self.index = index
        self.reader = Reader(model, settings)

    @classmethod
    def open(
        cls,
        index: str,
        profile: str = "default",
        *,
        model: str | None = None,
        settings: EngineSettings | None = None,
    ) -> Assistant:
        """Return an assistant over the index called `index`.

        Raises:
            IndexError_: If there is no such index or it cannot be used.
        """
        opened = Index.open(folder_of(index))
        return cls(opened, model or PROFILES[profile].generator, settings)

    @property
    def engine(self) -> Engine:
        """Return the language model, loading it now if need be."""
        return self.reader.engine

    @property
    def embedder(self) -> Embedder:
        """Return the embedder that the index was built with."""
        return self.index.embedder

    def search(self, question: str, k: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
        """Return the `k` best chunks for `question`, best first."""
        query = resolve(understand(question), self.index)
        return retrieve(query, self.index, self.embedder, k=k, filters=filters)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        k: int = 10,
        strict: bool = False,
        on_event: OnEvent = silent,
    ) -> Answer:
        """Return the answer to `question`: cited and checked, or refused with the reason.

        With `strict` a sentence whose figures do not stand word for word in its quote is withheld,
        and doubtful answers are refused sooner.

        Raises:
            RagError: What the user can fix: a missing model, a damaged index.
        """
        clock = Clock()
        query = resolve(self.reader.understand(question, history, on_event), self.index)
        return self.reader.answer(
            question,
            query,
            lambda part: retrieve(part, self.index, self.embedder, k=k, filters=filters),
            clock=clock,
            on_event=on_event,
            index=self.index.fingerprint,
            embedder=self.embedder.name,
            strict=strict,
        )

    def read(self, question: str, hits: Sequence[Hit], *, history: Sequence[Turn] = ()) -> Answer:
        """Return the answer that `hits` support, without a search; see `Reader.read`."""
        return self.reader.read(question, hits, history=history)

    def close(self) -> None:
        """Free the models and the index."""
        self.reader.close()
        self.index.close()

    def __enter__(self) -> Assistant:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()
