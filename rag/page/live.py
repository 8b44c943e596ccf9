"""Questions that are being answered: each in a thread of its own, watched by any number of pages."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from rag.errors import RagError
from rag.page.conversation import Conversation, Exchange, State
from rag.page.folder import Folder
from rag.page.line import Line, Stopped
from rag.page.state import Settings
from rag.page.words import Words
from rag.schema import Answer, Filters

LONGEST_LINE = 20
"""Questions that may wait; more people are asked to come back later."""
_PATIENCE = 5.0
"""Seconds to wait at the end for a question to notice that it was stopped."""
STAGES = ("wait", "understand", "retrieve", "generate", "verify")
Ask = Callable[..., Answer]
"""`rag.page.service.Service.ask`."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Running:
    """How far one question is; only its own thread writes, anybody may read."""

    exchange: str
    ticket: int
    stop: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    stage: str = "wait"
    """One of `STAGES`, or ``fetch`` while weights are fetched."""
    detail: str = ""
    draft: str = ""
    """What the model wrote so far, before any check."""

    def event(self, stage: str, detail: str) -> None:
        """Take an event of the assistant."""
        if stage == "token":
            self.draft += detail
        else:
            self.stage, self.detail = stage, detail
            self.draft = "" if stage == "generate" else self.draft


@dataclass(frozen=True, slots=True)
class Wish:
    """A question with all that its answer depends on."""

    question: str
    index: str
    filters: Filters
    settings: Settings
    words: Words


class Busy(RagError):  # noqa: N818 - like its siblings, named for what happened
    """Too many questions are waiting."""


class Live:
    """All questions under way, by conversation."""

    def __init__(self, ask: Ask, line: Line) -> None:
        """Start with none."""
        self._ask = ask
        self.line = line
        self._running: dict[str, Running] = {}
        self._changing = threading.Lock()

    def start(self, folder: Folder, conversation: Conversation, wish: Wish) -> Conversation:
        """Put a question and return the conversation with it; the answer is kept in `folder`.

        Raises:
            Busy: The line is full, or the conversation has a question under way.
            OSError: The conversation cannot be kept.
        """
        with self._changing:
            if conversation.id in self._running:
                raise Busy(
                    "the question before is still being answered; wait for it, or stop it",
                    "上一个问题还在回答；请等它答完，或先停止",
                )
            if len(self._running) >= LONGEST_LINE:
                raise Busy(
                    "too many questions are waiting; ask again in a minute",
                    "排队的问题太多；请稍后再问",
                )
            asked = conversation.asked(wish.question, wish.index)
            running = Running(asked.exchanges[-1].id, self.line.draw())
            self._running[conversation.id] = running
        try:
            folder.save(asked)
        except OSError:
            self._running.pop(conversation.id)
            self.line.leave(running.ticket)
            raise
        task = (folder, conversation, asked, running, wish)
        threading.Thread(target=self._answer, args=task, daemon=True).start()
        return asked

    def of(self, conversation: str) -> Running | None:
        """Return the question under way in a conversation."""
        return self._running.get(conversation)

    def place(self, running: Running) -> int:
        """Return how many questions are before this one."""
        return self.line.place(running.ticket)

    def stop(self, conversation: str) -> None:
        """Take the question of a conversation back, if there is one."""
        if running := self.of(conversation):
            running.stop.set()

    def close(self) -> None:
        """Stop all questions, and wait a little until they have."""
        under_way = list(self._running.values())
        for running in under_way:
            running.stop.set()
        for running in under_way:
            running.done.wait(_PATIENCE)

    def _answer(
        self,
        folder: Folder,
        before: Conversation,
        asked: Conversation,
        running: Running,
        wish: Wish,
    ) -> None:
        """Answer the last question of `asked` and keep what became of it."""
        try:
            settled = self._outcome(before, asked.exchanges[-1], running, wish)
            if folder.load(asked.id):  # it may have been deleted meanwhile
                folder.save(asked.settled(settled))
        except OSError:
            _log.exception("a conversation could not be kept")
        finally:
            self._running.pop(asked.id, None)
            running.done.set()

    def _outcome(
        self, before: Conversation, exchange: Exchange, running: Running, wish: Wish
    ) -> Exchange:
        try:
            answer = self._ask(
                exchange.index,
                exchange.question,
                history=before.turns(),
                filters=wish.filters,
                settings=wish.settings,
                on_event=running.event,
                stop=running.stop,
                ticket=running.ticket,
            )
        except Stopped:
            return replace(exchange, state=State.STOPPED)
        except Exception as error:  # the page must say so, whatever it is
            if not isinstance(error, RagError):
                _log.exception("a question failed")
            return replace(exchange, state=State.FAILED, error=wish.words.error(error))
        return replace(exchange, state=State.DONE, answer=answer)
