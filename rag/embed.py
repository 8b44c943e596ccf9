"""Texts -> unit vectors, by an embedding model on this machine.

Knows how a model is loaded and fed; knows nothing of documents, indexes or downloads.
"""

from __future__ import annotations

import functools
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from rag import models
from rag.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

_BATCH = 16
"""Texts a forward pass on CPU; larger ones were no faster there and delay the progress bar."""


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their similarity.

    Questions and passages are different methods because models are told which one they read.
    """

    @property
    def name(self) -> str:
        """The name by which the model is asked for, e.g. ``embeddinggemma-300m``."""

    @property
    def dimension(self) -> int:
        """The length of every vector."""

    @property
    def fingerprint(self) -> str:
        """A hash of the weights: two embedders with one fingerprint share a vector space."""

    @property
    def query_instruction(self) -> str:
        """What is put before every question."""

    @property
    def document_instruction(self) -> str:
        """What is put before every passage."""

    def encode_documents(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit row for each of `texts`, in order; calls back with the number done."""

    def encode_query(self, text: str) -> Vectors:
        """Return the unit vector of a question."""


class Instructions(NamedTuple):
    """What a model wants before a question and before a passage."""

    query: str
    document: str


_INSTRUCTIONS_BY_FAMILY = {"e5-": Instructions("query: ", "passage: ")}
"""Prefixes of models that state them in their README only (arXiv:2212.03533, section 4)."""


class SentenceTransformerEmbedder:
    """An embedding model in the sentence-transformers folder format, loaded at first use.

    The weights are looked up only when a property or a method needs them, so making one is free.
    """

    def __init__(
        self,
        name: str,
        *,
        progress: models.Progress | None = None,
        batch_size: int = _BATCH,
        precision: str | None = None,
    ) -> None:
        """Remember `name`: of the catalogue, a folder, or a hub id (`rag.models.resolve`).

        Args:
            name: The model.
            progress: Told how far a fetch of missing weights is.
            batch_size: Texts a forward pass.
            precision: ``float32`` or ``bfloat16``; None takes what is fastest on this machine.
        """
        self.name = name
        self._progress = progress
        self._batch_size = batch_size
        self._precision = precision
        self._loading = threading.Lock()

    @functools.cached_property
    def path(self) -> Path:
        """The folder of the model, fetched if it is missing.

        Raises:
            ModelError: The weights are missing and cannot be fetched.
        """
        return models.resolve(self.name, progress=self._progress)

    @functools.cached_property
    def fingerprint(self) -> str:
        """The hash of the weights (`rag.models.fingerprint`); fetches nothing of the catalogue."""
        return models.fingerprint(self.name if models.find(self.name) else self.path)

    @functools.cached_property
    def dimension(self) -> int:
        """The length of the vectors, read from the model's configuration without loading it."""
        return _dimension(self.path)

    @functools.cached_property
    def _instructions(self) -> Instructions:
        return _instructions(self.path, self.name)

    @property
    def query_instruction(self) -> str:
        """What is put before every question."""
        return self._instructions.query

    @property
    def document_instruction(self) -> str:
        """What is put before every passage."""
        return self._instructions.document

    def encode_documents(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit row for each of `texts`, in order.

        Batches hold texts of like length, longest first: little padding, and a text too large for
        the memory fails at once. Loads the model.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        done = 0
        for batch in _batches(texts, self._batch_size):
            vectors[batch] = self._encode([texts[i] for i in batch], self.document_instruction)
            done += len(batch)
            if on_progress is not None:
                on_progress(done)
        return vectors

    def encode_query(self, text: str) -> Vectors:
        """Return the unit vector of a question. Loads the model."""
        return self._encode([text], self.query_instruction)[0]

    def _encode(self, texts: list[str], instruction: str) -> Vectors:
        raw = self._model.encode(
            texts,
            prompt=instruction or None,
            batch_size=self._batch_size,
            convert_to_tensor=True,
            show_progress_bar=False,
        )
        # Low-precision output is normalised again: unit length is a promise of the protocol.
        vectors: Vectors = raw.float().cpu().numpy()
        if vectors.shape[1] != self.dimension or not np.isfinite(vectors).all():
            raise ModelError(
                f"{self.name} gave vectors that cannot be used (length {vectors.shape[1]}, expected"
                f" {self.dimension}, all finite). Check the weights: rag models list",
                f"{self.name} 输出的向量不可用（长度 {vectors.shape[1]}，应为 {self.dimension} 且均为"
                "有限值）。请检查权重：rag models list",
            )
        return normalised(vectors)

    @property
    def _model(self) -> SentenceTransformer:
        with self._loading:  # two threads of a service must not load it twice
            return self._loaded

    @functools.cached_property
    def _loaded(self) -> SentenceTransformer:
        return _load(self.path, self.name, self._precision)


def normalised(vectors: Vectors) -> Vectors:
    """Return the rows of `vectors` scaled to unit length; a zero row stays zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(norms, 1e-12)).astype(np.float32)


def physical_cores() -> int:
    """Return the number of cores open to this process, hyper-threads counted once.

    Matrix products gain nothing from a second thread on a core.
    """
    try:
        cpus = os.sched_getaffinity(0)
        siblings = {
            Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text()
            for cpu in cpus
        }
    except (AttributeError, OSError):  # not Linux
        return os.cpu_count() or 1
    return len(siblings)


def _load(path: Path, name: str, precision: str | None) -> SentenceTransformer:
    """Return the model of a folder, ready to encode; nothing is fetched, nothing printed."""
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    device = _device()
    if device == "cpu" and "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(physical_cores())
    try:
        model = SentenceTransformer(str(path), device=device, local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"{name} cannot be loaded as an embedding model ({error}). Expected a"
            " sentence-transformers folder. Fetch one: rag models pull",
            f"无法把 {name} 作为向量模型加载（{error}）。应为 sentence-transformers 格式的文件夹。"
            "下载模型：rag models pull",
        ) from error
    return model.to(getattr(torch, precision or _precision(device))).eval()


def _device() -> str:
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _precision(device: str) -> str:
    """Return the fastest precision that keeps the vectors.

    On CPUs that multiply bfloat16 natively it was 1.6 times as fast as float32, at a cosine above
    0.999; on others it is emulated and slower.
    """
    import torch

    if device == "cuda":
        return "bfloat16" if torch.cuda.is_bf16_supported() else "float32"
    # Private, but the only question torch answers about the instruction rather than its emulation.
    native = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return "bfloat16" if device == "cpu" and native() else "float32"


def _batches(texts: Sequence[str], size: int) -> Iterator[list[int]]:
    """Yield the positions of `texts` in batches of like length, longest first."""
    order = sorted(range(len(texts)), key=lambda i: (-len(texts[i]), i))
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _dimension(path: Path) -> int:
    """Return the output length that a sentence-transformers folder states."""
    dimension = _json(path / "config.json").get("hidden_size")
    for module in _json(path / "modules.json", missing=[]):
        if module["type"].rpartition(".")[2] == "Dense":
            dimension = _json(path / module["path"] / "config.json")["out_features"]
    if not isinstance(dimension, int):
        raise ModelError(
            f"{path} does not say how long its vectors are (config.json has no hidden_size)."
            " Expected a sentence-transformers folder. Fetch one: rag models pull",
            f"{path} 没有说明向量长度（config.json 缺少 hidden_size）。应为 sentence-transformers"
            " 格式的文件夹。下载模型：rag models pull",
        )
    return dimension


def _instructions(path: Path, name: str) -> Instructions:
    """Return the instructions that a model folder states, else those its family is known by."""
    prompts = _json(path / "config_sentence_transformers.json", missing={}).get("prompts") or {}
    query = prompts.get("query")
    document = next((prompts[k] for k in ("document", "passage", "corpus") if k in prompts), None)
    if query or document:
        return Instructions(query or "", document or "")
    last = Path(name).name.lower()
    families = (known for family, known in _INSTRUCTIONS_BY_FAMILY.items() if family in last)
    return next(families, Instructions("", ""))


def _json(path: Path, missing: Any = None) -> Any:  # noqa: ANN401 - any JSON value
    if missing is not None and not path.is_file():
        return missing
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{path} cannot be read ({error}). Expected a file of an embedding model."
            " Fetch it again: rag models pull",
            f"无法读取 {path}（{error}）。应为向量模型的文件。重新下载：rag models pull",
        ) from error
