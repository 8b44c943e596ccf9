"""The whole story: a question in, a checked and cited answer or a refusal out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import TracebackType

from rag import __version__, compose, derive, evidence, generate, prompts, refuse, verify
from rag.embed import Embedder
from rag.engine import Engine, EngineSettings, open_engine
from rag.index import Index, folder_of
from rag.models import PROFILES
from rag.question import Query, understand
from rag.retrieve import retrieve
from rag.schema import Answer, Draft, Filters, Hit, Passage, Provenance, Timings, Turn

OnEvent = Callable[[str, str], None]
"""Called as (stage, detail): understand, retrieve, generate, token, verify."""


def _silent(stage: str, detail: str) -> None:
    del stage, detail


class Assistant:
    """An index with the models to ask it; models load on first use."""

    def __init__(self, index: Index, model: str, settings: EngineSettings | None = None) -> None:
        """Keep what is needed; see `open` for the usual way in."""
        self.index = index
        self._model = model
        self._settings = settings
        self._engine: Engine | None = None

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
        if self._engine is None:
            self._engine = open_engine(self._model, self._settings)
        return self._engine

    @property
    def embedder(self) -> Embedder:
        """Return the embedder that the index was built with."""
        return self.index.embedder

    def search(self, question: str, k: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
        """Return the `k` best chunks for `question`, best first."""
        return retrieve(understand(question), self.index, self.embedder, k=k, filters=filters)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        k: int = 10,
        on_event: OnEvent = _silent,
    ) -> Answer:
        """Return the answer to `question`: cited and checked, or refused with the reason.

        Raises:
            RagError: What the user can fix: a missing model, a damaged index.
        """
        clock = _Clock()
        on_event("understand", question)
        standalone = generate.rewrite(self.engine, question, history) if history else question
        query = understand(standalone)
        clock.mark("understand")
        on_event("retrieve", standalone)
        hits = retrieve(query, self.index, self.embedder, k=k, filters=filters)
        passages = evidence.choose(query, hits)
        clock.mark("retrieve")
        on_event("generate", f"{len(passages)}")
        outcome = self._outcome(query, hits, passages, on_event, clock)
        return compose.answer(
            question, query, passages, hits, outcome, clock.timings(), self._provenance()
        )

    def _outcome(
        self,
        query: Query,
        hits: Sequence[Hit],
        passages: Sequence[Passage],
        on_event: OnEvent,
        clock: _Clock,
    ) -> refuse.Refusal | verify.Checked:
        """Return what may be said: checked sentences, or the refusal that takes their place."""
        if early := refuse.before_writing(query, passages, None):
            return early
        odds = generate.answerability(self.engine, query, passages)
        if early := refuse.before_writing(query, passages, odds):
            return early
        draft = generate.write(self.engine, query, passages, clock.first(on_event))
        on_event("verify", draft.text)
        checked = _checked(query, draft)
        return refuse.after_checking(query, hits, passages, checked, odds) or checked

    def close(self) -> None:
        """Free the models and the index."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None
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

    def _provenance(self) -> Provenance:
        return Provenance(
            index=self.index.fingerprint,
            embedder=self.embedder.name,
            model=self.engine.name,
            prompt=prompts.load("answer").label,
            version=__version__,
        )


def _checked(query: Query, draft: Draft) -> verify.Checked:
    checked = verify.check(query, draft)
    extra = derive.difference(query, checked.sentences)
    if extra is None:
        return checked
    return verify.Checked((*checked.sentences, extra), checked.dropped)


class _Clock:
    """Milliseconds of the stages of one question."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._stages: dict[str, int] = {}
        self._first = 0

    def mark(self, stage: str) -> None:
        now = time.perf_counter()
        self._stages[stage] = round((now - self._last) * 1000)
        self._last = now

    def first(self, on_event: OnEvent) -> Callable[[str], None]:
        """Return a token callback that notes when the first token came."""

        def receive(token: str) -> None:
            if not self._first:
                self._first = round((time.perf_counter() - self._start) * 1000)
            on_event("token", token)

        return receive

    def timings(self) -> Timings:
        total = round((time.perf_counter() - self._start) * 1000)
        return Timings(
            self._stages.get("understand", 0), self._stages.get("retrieve", 0), self._first, total
        )
