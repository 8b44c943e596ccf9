"""Causal language models through transformers: a folder, a hub id, or a GGUF file; CPU or GPU."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.engine.base import Completion, EngineSettings, Message, OnToken
from rag.errors import ModelError

_TOP = 20


class TransformersEngine:
    """One transformers model in memory. Grammars are not supported: labels are checked after."""

    grammars = False

    def __init__(self, path: Path, settings: EngineSettings, name: str) -> None:
        """Load the model onto the GPU when there is one, else the CPU in bf16.

        Raises:
            ModelError: If transformers cannot load it.
        """
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        if settings.threads:
            torch.set_num_threads(settings.threads)
        folder, extra = (path.parent, {"gguf_file": path.name}) if path.is_file() else (path, {})
        self._tokenizer: Any
        self._model: Any
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder, **extra)
            self._model = AutoModelForCausalLM.from_pretrained(
                folder, dtype=torch.bfloat16, **extra
            )
        except Exception as error:
            raise ModelError(
                f"transformers cannot load {path}: {error}; expected a causal language model",
                f"transformers 无法加载 {path}：{error}；应为因果语言模型",
            ) from error
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model.to(self._device).eval()
        self._settings = settings
        self.name = name
        self.context = settings.context

    def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        grammar: str | None = None,
        stop: Sequence[str] = (),
        on_token: OnToken | None = None,
    ) -> Completion:
        """See `Engine.complete`; `grammar` is ignored."""
        del grammar
        inputs = self._encode(messages, room=max_tokens)
        prompt_tokens = inputs["input_ids"].shape[1]
        if on_token is None:
            ids = self._generate(inputs, max_tokens, **self._stopping(stop))[0][prompt_tokens:]
            text = _cut(self._tokenizer.decode(ids, skip_special_tokens=True), stop)
            written = len(ids)
        else:
            text = _cut(self._stream(inputs, max_tokens, on_token, stop), stop)
            written = self.count_tokens(text)
        return Completion(text.strip(), prompt_tokens, written, finished=written < max_tokens)

    def first_token(self, messages: Sequence[Message]) -> Mapping[str, float]:
        """See `Engine.first_token`."""
        import torch

        with torch.inference_mode():
            logits = self._model(**self._encode(messages, room=1)).logits[0, -1].float()
        best = torch.log_softmax(logits, -1).topk(_TOP)
        pairs = zip(best.indices.tolist(), best.values.tolist(), strict=True)
        return {self._tokenizer.decode([i]): value for i, value in pairs}

    def count_tokens(self, text: str) -> int:
        """Return the exact number of tokens of `text`."""
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def close(self) -> None:
        """See `Engine.close`."""
        self._model = None

    def _encode(self, messages: Sequence[Message], *, room: int) -> Any:  # noqa: ANN401
        continued = messages[-1]["role"] == "assistant"
        inputs = self._tokenizer.apply_chat_template(
            list(messages),
            add_generation_prompt=not continued,
            continue_final_message=continued,
            return_tensors="pt",
            return_dict=True,
        ).to(self._device)
        if inputs["input_ids"].shape[1] + room > self.context:
            raise ModelError(
                f"the prompt does not fit the context of {self.context} tokens; use fewer passages",
                f"提示超出 {self.context} 个词元的上下文；请减少段落数",
            )
        return inputs

    def _generate(self, inputs: Any, max_tokens: int, **extra: Any) -> Any:  # noqa: ANN401
        import torch

        sampled = self._settings.temperature > 0
        if sampled:
            extra |= {"temperature": self._settings.temperature}
        torch.manual_seed(self._settings.seed)
        with torch.inference_mode():
            return self._model.generate(
                **inputs, max_new_tokens=max_tokens, do_sample=sampled, **extra
            )

    def _stopping(self, stop: Sequence[str]) -> dict[str, Any]:
        return {"stop_strings": list(stop), "tokenizer": self._tokenizer} if stop else {}

    def _stream(
        self,
        inputs: Any,  # noqa: ANN401
        max_tokens: int,
        on_token: OnToken,
        stop: Sequence[str],
    ) -> str:
        from transformers import TextIteratorStreamer

        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        worker = threading.Thread(
            target=self._generate,
            args=(inputs, max_tokens),
            kwargs={"streamer": streamer} | self._stopping(stop),
        )
        worker.start()
        pieces = []
        for piece in streamer:
            pieces.append(piece)
            on_token(piece)
        worker.join()
        return "".join(pieces)


def _cut(text: str, stop: Sequence[str]) -> str:
    """Return `text` up to the first of `stop`, which generation leaves at its end."""
    return text[: min((at for s in stop if (at := text.find(s)) >= 0), default=len(text))]
