"""GGUF models through llama.cpp in this process (package ``xllamacpp``), the default on CPUs."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.engine.base import Completion, EngineSettings, Message, OnToken
from rag.errors import ModelError

_TOP = 20
_QUIET = -1
"""llama.cpp logs every request to stderr from verbosity 0 upwards."""


class LlamaCppEngine:
    """One GGUF model in memory; a prompt that shares its beginning with the last one is cheap."""

    grammars = True

    def __init__(self, path: Path, settings: EngineSettings, name: str) -> None:
        """Load the model (seconds; about its file size in memory).

        Raises:
            ModelError: If llama.cpp cannot load the file.
        """
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = settings.context
        params.n_parallel = 1
        params.verbosity = _QUIET
        threads = settings.threads or physical_cores()
        params.cpuparams.n_threads = threads
        params.cpuparams_batch.n_threads = threads
        try:
            self._server = xllamacpp.Server(params)
        except Exception as error:
            raise ModelError(
                f"cannot load {path.name}: {error}; expected a GGUF model, try `rag models pull`",
                f"无法加载 {path.name}：{error}；应为 GGUF 模型，可运行 `rag models pull`",
            ) from error
        self.name = name
        self.context = settings.context
        self._sampling: dict[str, Any] = {
            "temperature": settings.temperature,
            "seed": settings.seed,
            "cache_prompt": True,
        }

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        grammar: str | None = None,
        stop: Sequence[str] = (),
        on_token: OnToken | None = None,
    ) -> Completion:
        """See `Engine.complete`."""
        request = self._sampling | {"messages": list(messages), "max_tokens": max_tokens}
        if grammar is not None:
            request["grammar"] = grammar
        if stop:
            request["stop"] = list(stop)
        if on_token is not None:
            return self._stream(request, on_token)
        reply = self._ask(request)
        choice = reply["choices"][0]
        return Completion(
            text=choice["message"]["content"] or "",
            prompt_tokens=reply["usage"]["prompt_tokens"],
            completion_tokens=reply["usage"]["completion_tokens"],
            finished=choice["finish_reason"] == "stop",
        )

    def first_token(self, messages: Sequence[Message]) -> Mapping[str, float]:
        """See `Engine.first_token`."""
        request = self._sampling | {
            "messages": list(messages),
            "max_tokens": 1,
            "logprobs": True,
            "top_logprobs": _TOP,
        }
        content = self._ask(request)["choices"][0]["logprobs"]["content"]
        return {t["token"]: t["logprob"] for t in content[0]["top_logprobs"]} if content else {}

    def count_tokens(self, text: str) -> int:
        """Return an upper estimate: measured on Chinese reports, 0.72 tokens a character."""
        return len(text)

    def close(self) -> None:
        """See `Engine.close`."""
        self._server = None

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        reply = self._server.handle_chat_completions(request)
        reply = json.loads(reply) if isinstance(reply, str | bytes) else reply
        return _checked(reply)

    def _stream(self, request: dict[str, Any], on_token: OnToken) -> Completion:
        pieces: list[str] = []
        last: dict[str, Any] = {}

        def receive(event: Any) -> bool:  # noqa: ANN401 - whatever the binding passes
            events = json.loads(event) if isinstance(event, str | bytes) else event
            for item in events if isinstance(events, list) else [events]:
                last.update(_checked(item))
                for choice in item.get("choices", ()):
                    piece = choice.get("delta", {}).get("content")
                    if piece:
                        pieces.append(piece)
                        on_token(piece)
                    if choice.get("finish_reason"):
                        last["finish"] = choice["finish_reason"]
            return False

        request = request | {"stream": True, "stream_options": {"include_usage": True}}
        self._server.handle_chat_completions(request, receive)
        usage = last.get("usage") or {}
        return Completion(
            text="".join(pieces),
            prompt_tokens=usage.get("prompt_tokens", 0),
            completion_tokens=usage.get("completion_tokens", len(pieces)),
            finished=last.get("finish") == "stop",
        )


def physical_cores() -> int:
    """Return a thread count for CPU inference: hyper-threads do not help, so at most half of many.

    Containers and small machines report their share as logical cores; up to four are all used.
    """
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    logical = usable or 1
    return logical if logical <= 4 else max(4, logical // 2)


def _checked(reply: dict[str, Any]) -> dict[str, Any]:
    """Return `reply`, or raise what llama.cpp reported in it."""
    error = reply.get("error") or (reply if "code" in reply and "message" in reply else None)
    if error:
        message = error.get("message", error) if isinstance(error, dict) else error
        raise ModelError(f"the model failed: {message}", f"模型出错：{message}")
    return reply
