"""A conversation: questions with what became of them, in the order of asking."""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass, replace
from enum import StrEnum

from rag.schema import Answer, Turn

REMEMBERED = 5
"""Exchanges that a follow-up is read in the light of."""
_TITLE = 40


class State(StrEnum):
    """What became of a question so far."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its answer."""

    id: str
    index: str
    """Name of the index that was asked."""
    question: str
    state: State = State.RUNNING
    answer: Answer | None = None
    error: str = ""
    """For `State.FAILED` what to tell the person."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Exchanges, the oldest first."""

    id: str
    changed: str
    """When, ISO in UTC with seconds."""
    exchanges: tuple[Exchange, ...] = ()

    @property
    def title(self) -> str:
        """The first question, shortened; empty for a new conversation."""
        first = " ".join(self.exchanges[0].question.split()) if self.exchanges else ""
        return first if len(first) <= _TITLE else first[:_TITLE] + "…"

    @property
    def running(self) -> Exchange | None:
        """The exchange that is not answered yet."""
        last = self.exchanges[-1] if self.exchanges else None
        return last if last and last.state is State.RUNNING else None

    def exchange(self, name: str) -> Exchange | None:
        """Return the exchange of that id."""
        return next((e for e in self.exchanges if e.id == name), None)

    def turns(self) -> tuple[Turn, ...]:
        """Return what a follow-up can refer to, the oldest first."""
        answers = [e.answer for e in self.exchanges if e.answer]
        return tuple(Turn(a.standalone_question, a.text) for a in answers[-REMEMBERED:])

    def asked(self, question: str, index: str) -> Conversation:
        """Return the conversation with one more question, which is running."""
        new = Exchange(secrets.token_hex(4), index, question)
        return replace(self, changed=now(), exchanges=(*self.exchanges, new))

    def settled(self, exchange: Exchange) -> Conversation:
        """Return the conversation with `exchange` in the place of the one of its id."""
        exchanges = tuple(exchange if e.id == exchange.id else e for e in self.exchanges)
        return replace(self, changed=now(), exchanges=exchanges)

    def before(self, name: str) -> Conversation:
        """Return the conversation as it was before the exchange `name` was begun."""
        at = next((i for i, e in enumerate(self.exchanges) if e.id == name), len(self.exchanges))
        return replace(self, exchanges=self.exchanges[:at])


def begin() -> Conversation:
    """Return a new, empty conversation; its id cannot be guessed."""
    return Conversation(secrets.token_hex(12), now())


def now() -> str:
    """Return the time in UTC, ISO, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
