"""One service for everybody on the page: indexes opened once, one model, one question at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from rag import models
from rag.assistant import Assistant
from rag.embed import SentenceTransformerEmbedder
from rag.errors import IndexError_
from rag.index import MANIFEST, Index, folder_of, root
from rag.models import PROFILES
from rag.page.jobs import Jobs
from rag.page.line import Line, Stopped
from rag.page.live import Live
from rag.page.runs import Runner
from rag.page.state import Settings
from rag.reader import OnEvent, Reader, silent
from rag.schema import Answer, Filters, Turn

_NEVER = threading.Event()


class _Fetching:
    """Tells how far a fetch of weights is; see `rag.models.Progress`."""

    def __init__(self, tell: OnEvent) -> None:
        """Tell it as the stage ``fetch``."""
        self._tell = tell

    def advance_to(self, name: str, done: int, total: int) -> None:
        """Tell the share that is there."""
        self._tell("fetch", f"{name} {done / max(total, 1):.0%}")

    def note(self, line: str) -> None:
        """Tell the line."""
        self._tell("fetch", line)


class Service:
    """Indexes and a model; nothing is opened, let alone loaded, before somebody needs it.

    All methods may be called from any thread.
    """

    def __init__(self, index: str | None = None, settings: Settings | None = None) -> None:
        """Start with nothing open.

        Args:
            index: The index that a visitor finds chosen; None takes the first that is there.
            settings: How a visitor finds answers made.
        """
        self.line = Line()
        self.jobs = Jobs()
        self.runner = Runner()
        self.live = Live(self.ask, self.line)
        self.settings = settings or Settings()
        self._first = index
        self._opening = threading.RLock()
        self._shown: dict[str, Index] = {}
        self._asked: dict[str, Index] = {}
        self._embedders: dict[str, SentenceTransformerEmbedder] = {}
        self._model: tuple[str, Reader] | None = None

    # Indexes

    def indexes(self) -> tuple[str, ...]:
        """Return the names of the indexes that are there, in order."""
        found = (manifest.parent.name for manifest in root().glob(f"*/{MANIFEST}"))
        return tuple(sorted(name for name in found if not name.startswith(".")))

    def first_index(self) -> str:
        """Return the index to begin with: the one asked for, `default`, or the first."""
        names = self.indexes()
        for wanted in (self._first, "default"):
            if wanted in names:
                return wanted
        return names[0] if names else self._first or "default"

    def folder(self, name: str) -> Path:
        """Return the folder of an index by its name, which came from a browser: never by a path.

        Raises:
            IndexError_: There is none of that name.
        """
        if name not in self.indexes():
            shown = repr(name)[:60]
            raise IndexError_(
                f"there is no index {shown}; expected one of {', '.join(self.indexes()) or 'none'};"
                " make one in the library",
                f"没有索引 {shown}；现有：{'、'.join(self.indexes()) or '无'}；请在资料库中新建",
            )
        return folder_of(name)

    def index(self, name: str) -> Index:
        """Return an index to look into. No model is loaded or fetched for it.

        Raises:
            IndexError_: There is none of that name, or it cannot be used.
        """
        with self._opening:
            folder = self.folder(name)
            if name not in self._shown:
                self._shown[name] = Index.open(folder)
            return self._shown[name]

    def embedder(self, name: str) -> SentenceTransformerEmbedder:
        """Return the embedder called `name`, the same one for all indexes; it loads at first use."""
        with self._opening:
            return self._embedders.setdefault(name, SentenceTransformerEmbedder(name))

    def close_index(self, name: str) -> None:
        """Forget an index that was rebuilt or deleted; the next question opens it again.

        Documents that are only added or removed are seen without this.
        """
        with self._opening:
            # Not closed: another thread may be reading. It closes with its last user.
            self._shown.pop(name, None)
            self._asked.pop(name, None)

    # Questions

    def assistant(self, index: str, settings: Settings | None = None) -> Assistant:
        """Return the assistant over an index; its models load at their first use.

        One language model is kept: asking for another frees it, so ask inside one's turn.

        Raises:
            IndexError_: There is none of that name, or it cannot be used.
            ModelError: The weights of its embedder are missing and cannot be fetched.
        """
        settings = settings or self.settings
        model = settings.model or PROFILES[settings.profile].generator
        with self._opening:
            folder = self.folder(index)
            if index not in self._asked:
                embedder = self.embedder(self.index(index).manifest.embedder)
                self._asked[index] = Index.open(folder, embedder)
            if self._model is None or self._model[0] != model:
                if self._model is not None:
                    self._model[1].close()
                self._model = (model, Reader(model))
            assistant = Assistant(self._asked[index], model)
            assistant.reader = self._model[1]
            return assistant

    def place(self, ticket: int) -> int:
        """Return how many questions are before the one with this ticket."""
        return self.line.place(ticket)

    def ask(
        self,
        index: str,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
        settings: Settings | None = None,
        on_event: OnEvent = silent,
        stop: threading.Event = _NEVER,
        ticket: int | None = None,
    ) -> Answer:
        """Wait for the turn of a question and return its answer.

        Args:
            index: Name of the index.
            question: As it was typed.
            history: Earlier exchanges, the oldest first.
            filters: Restrictions on the documents.
            settings: How the answer is made.
            on_event: Told of the stages, see `rag.reader.OnEvent`.
            stop: Set from another thread to take the question back.
            ticket: Drawn from `line` beforehand, by those who want to show their place in it.

        Raises:
            Stopped: `stop` was set.
            RagError: What the user can fix: a missing model, a damaged index.
        """
        settings = settings or self.settings

        def tell(stage: str, detail: str) -> None:
            if stop.is_set():
                raise Stopped
            on_event(stage, detail)

        with self.line.turn(self.line.draw() if ticket is None else ticket, stop):
            model = settings.model or PROFILES[settings.profile].generator
            for needed in (self.index(index).manifest.embedder, model):
                if models.find(needed):  # here, where waiting holds nobody up but the line
                    models.resolve(needed, progress=_Fetching(tell))
            return self.assistant(index, settings).ask(
                question,
                history=history,
                filters=filters,
                k=settings.k,
                strict=settings.strict,
                on_event=tell,
            )

    def close(self) -> None:
        """Stop all questions, free the model, forget the indexes, end a run of the evaluation."""
        self.live.close()
        self.runner.stop()
        with self._opening:
            if self._model is not None:
                self._model[1].close()
            self._model = None
            self._shown.clear()
            self._asked.clear()
