"""Which engine runs a model: by URL, by file type."""

from __future__ import annotations

from pathlib import Path

from rag import models
from rag.engine.base import Engine, EngineSettings
from rag.errors import ModelError


def open_engine(
    model: str, settings: EngineSettings | None = None, *, engine: str | None = None
) -> Engine:
    """Return a ready engine for `model`.

    Args:
        model: A catalogue name, a path, a hub id, or ``http(s)://server/v1[#model]``.
        settings: How to run it.
        engine: ``llama.cpp``, ``transformers`` or None: GGUF files run in llama.cpp, folders in
            transformers.

    Raises:
        ModelError: If the model cannot be found, fetched or loaded.
    """
    settings = settings or EngineSettings()
    if model.startswith(("http://", "https://")) and not model.endswith(".gguf"):
        from rag.engine.openai import OpenAIEngine

        url, _, name = model.partition("#")
        return OpenAIEngine(url, name or None, settings)
    path = models.resolve(model)
    return _open_file(path, settings, engine or _engine_for(path), _name_of(model, path))


def _open_file(path: Path, settings: EngineSettings, engine: str, name: str) -> Engine:
    if engine == "llama.cpp":
        from rag.engine.llama_cpp import LlamaCppEngine

        return LlamaCppEngine(path, settings, name)
    if engine == "transformers":
        from rag.engine.hf import TransformersEngine

        return TransformersEngine(path, settings, name)
    raise ModelError(
        f"there is no engine {engine!r}; expected llama.cpp or transformers",
        f"没有名为 {engine!r} 的引擎；可用 llama.cpp 或 transformers",
    )


def _engine_for(path: Path) -> str:
    return "llama.cpp" if path.suffix == ".gguf" else "transformers"


def _name_of(model: str, path: Path) -> str:
    """Return a name that pins the weights: the catalogue name or file, and their hash."""
    stem = path.stem if Path(model).expanduser().exists() else model
    return f"{stem}-{models.fingerprint(path)[:8]}"
