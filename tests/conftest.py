"""Shared fixtures: an embedder without weights, a clean environment."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest


class HashEmbedder:
    """A real, tiny bag-of-characters embedding: equal texts get equal vectors, alike ones near."""

    name = "hash-64"
    dimension = 64
    fingerprint = "hash64"
    query_instruction = ""
    document_instruction = ""

    def __init__(self) -> None:
        self.encoded = 0

    def encode_documents(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> np.ndarray:
        self.encoded += len(texts)
        if on_progress:
            on_progress(len(texts))
        return np.stack([self.encode_query(t) for t in texts]) if texts else np.empty((0, 64), "f4")

    def encode_query(self, text: str) -> np.ndarray:
        vector = np.zeros(64, dtype=np.float32)
        for a, b in zip(text, text[1:], strict=False):
            vector[hashlib.md5((a + b).encode()).digest()[0] % 64] += 1
        return vector / (np.linalg.norm(vector) or 1)


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep indexes of tests out of the checkout, messages in English, reading in this process."""
    monkeypatch.setenv("RAG_INDEXES", str(tmp_path / "indexes"))
    monkeypatch.setenv("RAG_LANG", "en")
    # Starting a process takes a second; the tests that are about processes ask for them.
    monkeypatch.setenv("RAG_JOBS", "0")
