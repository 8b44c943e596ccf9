"""What every engine takes and gives: the Protocol and its records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypedDict

OnToken = Callable[[str], None]


class Message(TypedDict):
    """One message of a chat, in the form every chat template understands."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How to run a model; the defaults suit a laptop."""

    context: int = 4096
    """Tokens of prompt and answer together."""
    threads: int | None = None
    """None: one a physical core."""
    temperature: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    finished: bool
    """False when the token limit cut the text."""


class Engine(Protocol):
    """A language model that is ready to write."""

    name: str
    """Shown in answers and run headers: file or model name with a short hash where known."""
    context: int
    grammars: bool
    """Whether `complete` honours a grammar."""

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        grammar: str | None = None,
        stop: Sequence[str] = (),
        on_token: OnToken | None = None,
    ) -> Completion:
        """Return the continuation of `messages`.

        Args:
            messages: The chat so far; a last message of the assistant is continued.
            max_tokens: Upper bound on the written tokens.
            grammar: GBNF grammar the text must match; ignored where `grammars` is False.
            stop: Strings that end the text; they are not part of it.
            on_token: Called with each new piece of text as it is written.

        Raises:
            ModelError: If the model fails or the prompt does not fit the context.
        """
        ...

    def first_token(self, messages: Sequence[Message]) -> Mapping[str, float]:
        """Return natural-log probabilities of the likeliest first tokens (about twenty)."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of `text`, or a safe upper estimate."""
        ...

    def close(self) -> None:
        """Free the model; calling it twice does no harm."""
        ...
