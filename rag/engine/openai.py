"""Any OpenAI-compatible server by URL: vLLM, llama-server, Ollama, a hosted one."""

from __future__ import annotations

import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rag.engine.base import Completion, EngineSettings, Message, OnToken
from rag.errors import ModelError

_TOP = 20
_TIMEOUT_S = 300
KEY_VARIABLE = "RAG_API_KEY"


class OpenAIEngine:
    """A model behind ``<url>/chat/completions``; the key comes from ``RAG_API_KEY``.

    Grammars are sent as llama-server's ``grammar`` field, which other servers ignore, so `grammars`
    is False and labels are checked after.
    """

    grammars = False

    def __init__(self, url: str, model: str | None, settings: EngineSettings) -> None:
        """Connect and choose the model: the one named, else the first the server lists.

        Raises:
            ModelError: If the server does not answer.
        """
        self._url = url.rstrip("/")
        self._settings = settings
        self.context = settings.context
        self._model = model or self._first_model()
        self.name = f"{self._model}@{self._url}"

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
        body = self._body(messages, max_tokens)
        if grammar is not None:
            body["grammar"] = grammar
        if stop:
            body["stop"] = list(stop)
        if on_token is not None:
            return self._stream(body, on_token)
        reply = self._post(body)
        choice, usage = reply["choices"][0], reply.get("usage") or {}
        return Completion(
            choice["message"]["content"] or "",
            usage.get("prompt_tokens", 0),
            usage.get("completion_tokens", 0),
            finished=choice.get("finish_reason") == "stop",
        )

    def first_token(self, messages: Sequence[Message]) -> Mapping[str, float]:
        """See `Engine.first_token`; empty when the server gives no log-probabilities."""
        body = self._body(messages, 1) | {"logprobs": True, "top_logprobs": _TOP}
        content = (self._post(body)["choices"][0].get("logprobs") or {}).get("content")
        return {t["token"]: t["logprob"] for t in content[0]["top_logprobs"]} if content else {}

    def count_tokens(self, text: str) -> int:
        """Return an upper estimate, one token a character."""
        return len(text)

    def close(self) -> None:
        """Nothing is held open between requests."""

    def _body(self, messages: Sequence[Message], max_tokens: int) -> dict[str, Any]:
        return {
            "model": self._model,
            "messages": list(messages),
            "max_tokens": max_tokens,
            "temperature": self._settings.temperature,
            "seed": self._settings.seed,
        }

    def _first_model(self) -> str:
        with self._open("/models", None) as reply:
            answer = self._json(reply)
        listed = (answer.get("data") if isinstance(answer, dict) else None) or []
        if not listed:
            raise ModelError(
                f"{self._url} lists no model; name one: --model {self._url}#NAME",
                f"{self._url} 未列出任何模型；请指定：--model {self._url}#NAME",
            )
        return str(listed[0]["id"])

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        with self._open("/chat/completions", body) as reply:
            answer = self._json(reply)
        if not isinstance(answer, dict) or not answer.get("choices"):
            raise self._no_protocol(str(answer)[:200])
        return answer

    def _json(self, reply: http.client.HTTPResponse) -> Any:  # noqa: ANN401 - whatever it sends
        try:
            return json.load(reply)
        except ValueError as error:
            raise self._no_protocol(str(error)) from error

    def _no_protocol(self, what: str) -> ModelError:
        return ModelError(
            f"{self._url} does not speak the OpenAI protocol ({what}); expected a URL ending in /v1",
            f"{self._url} 不符合 OpenAI 协议（{what}）；地址应以 /v1 结尾",
        )

    def _open(self, path: str, body: dict[str, Any] | None) -> http.client.HTTPResponse:
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(KEY_VARIABLE):
            headers["Authorization"] = f"Bearer {key}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, headers)
        try:
            reply: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT_S)
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise ModelError(
                f"{self._url} does not answer: {error}; expected an OpenAI-compatible server "
                f"(…/v1), and {KEY_VARIABLE} if it wants a key",
                f"{self._url} 无响应：{error}；应为 OpenAI 兼容服务（…/v1），需要密钥时设置 {KEY_VARIABLE}",
            ) from error
        return reply

    def _stream(self, body: dict[str, Any], on_token: OnToken) -> Completion:
        pieces: list[str] = []
        finish = None
        with self._open("/chat/completions", body | {"stream": True}) as reply:
            for event in _events(reply):
                for choice in event.get("choices", ()):
                    piece = choice.get("delta", {}).get("content")
                    if piece:
                        pieces.append(piece)
                        on_token(piece)
                    finish = choice.get("finish_reason") or finish
        return Completion("".join(pieces), 0, len(pieces), finished=finish == "stop")


def _events(reply: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    """Yield the JSON events of a server-sent-events stream (WHATWG HTML, section 9.2)."""
    for line in reply:
        if line.startswith(b"data:") and line[5:].strip() != b"[DONE]":
            yield json.loads(line[5:])
