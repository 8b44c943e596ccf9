"""Weights -> a short hash that tells them from all others.

Knows nothing of how they were fetched. Hashes of files outside the catalogue are remembered by
size and time of change, because hashing gigabytes takes seconds.
"""

from __future__ import annotations

import json
from pathlib import Path

from rag.errors import ModelError
from rag.models import cache
from rag.models.catalogue import CATALOGUE
from rag.models.fetch import resolve

_DIGITS = 12
"""Of 64: 48 bits, enough to tell apart the models of one person."""
_WEIGHTS = (".safetensors", ".gguf", ".bin", ".pt", ".pth", ".onnx")


def fingerprint(path_or_name: str | Path) -> str:
    """Return 12 hexadecimal digits of the SHA-256 of the largest weights file.

    A model of the catalogue need not have been fetched: its hash is known.

    Raises:
        ModelError: as `rag.models.resolve`, or if the folder holds no weights.
    """
    for model in CATALOGUE:
        if path_or_name in (model.name, cache.location(model)):
            return model.sha256[:_DIGITS]
    path = path_or_name if isinstance(path_or_name, Path) else resolve(path_or_name)
    return _remembered_sha256(_largest_weights(path))[:_DIGITS]


def _largest_weights(path: Path) -> Path:
    if path.is_file():
        return path
    files = [f for f in path.rglob("*") if f.suffix in _WEIGHTS and f.is_file()]
    if not files:
        raise ModelError(
            f"{path} holds no weights; expected a model folder or a .gguf file, see:"
            " rag models list",
            f"{path} 中没有模型权重；应为模型文件夹或 .gguf 文件，参见：rag models list",
        )
    return max(files, key=lambda f: (f.stat().st_size, f.as_posix()))


def _remembered_sha256(path: Path) -> str:
    store = cache.cache_dir() / "fingerprints.json"
    try:
        known = json.loads(store.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    facts = path.stat()
    state = [facts.st_size, facts.st_mtime_ns]
    key = str(path.resolve())
    if key not in known or known[key][:2] != state:
        known[key] = [*state, cache.sha256_of(path)]
        _try_to_write(store, known)
    return str(known[key][2])


def _try_to_write(store: Path, known: dict[str, list[object]]) -> None:
    """Write the store; a cache that cannot be written only costs time."""
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        cache.write_json(store, known)
    except OSError:
        return
