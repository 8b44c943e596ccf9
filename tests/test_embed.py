"""Vectors are unit length and in order; the real models keep their promises without the network."""

import json
import socket
from pathlib import Path

import numpy as np
import pytest

from rag import embed, models
from rag.embed import SentenceTransformerEmbedder, normalised, physical_cores
from rag.errors import ModelError

PASSAGES = [
    "2024年三季度，星河云实现收入86.5亿元，同比下降3.2%。",
    "短",
    "蓝鲸游戏海外流水创新高，" * 20,
    "Gross margin rose to 38.6% from 35.1% a year earlier.",
]


def folder(place: Path, **files: object) -> Path:
    """Write JSON files; ``a__b`` is ``a/b.json``."""
    for name, content in files.items():
        path = place / f"{name.replace('__', '/')}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    return place


def test_the_length_of_vectors_is_read_without_loading(tmp_path: Path) -> None:
    plain = folder(tmp_path / "a", config={"hidden_size": 384})
    assert SentenceTransformerEmbedder(str(plain)).dimension == 384
    dense = folder(
        tmp_path / "b",
        config={"hidden_size": 768},
        modules=[
            {"path": "", "type": "sentence_transformers.models.Transformer"},
            {"path": "2_Dense", "type": "sentence_transformers.models.Dense"},
            {"path": "3_Dense", "type": "sentence_transformers.models.Dense"},
        ],
        **{"2_Dense__config": {"out_features": 3072}, "3_Dense__config": {"out_features": 256}},
    )
    assert SentenceTransformerEmbedder(str(dense)).dimension == 256


def test_a_folder_that_is_no_model_is_an_error_with_a_command(tmp_path: Path) -> None:
    for config in ({}, None):
        place = folder(tmp_path / str(config), **({} if config is None else {"config": config}))
        place.mkdir(exist_ok=True)
        with pytest.raises(ModelError, match="rag models pull"):
            _ = SentenceTransformerEmbedder(str(place)).dimension


@pytest.mark.parametrize(
    ("name", "prompts", "expected"),
    [
        ("m", {"query": "q: ", "document": "d: "}, ("q: ", "d: ")),
        ("m", {"query": "q: ", "passage": "p: "}, ("q: ", "p: ")),
        ("m", {}, ("", "")),
        ("multilingual-E5-small", {}, ("query: ", "passage: ")),
        ("e5-like", {"query": "Q: "}, ("Q: ", "")),
    ],
)
def test_instructions_are_those_of_the_model_or_its_family(
    tmp_path: Path, name: str, prompts: dict[str, str], expected: tuple[str, str]
) -> None:
    place = folder(
        tmp_path / name,
        config={"hidden_size": 8},
        config_sentence_transformers={"prompts": prompts},
    )
    embedder = SentenceTransformerEmbedder(str(place))
    assert (embedder.query_instruction, embedder.document_instruction) == expected


def test_batches_hold_every_text_once_longest_first() -> None:
    texts = ["aa", "a", "aaaa", "", "aaa", "bb", "b"]
    batches = list(embed._batches(texts, 3))
    assert [[texts[i] for i in batch] for batch in batches] == [
        ["aaaa", "aaa", "aa"], ["bb", "a", "b"], [""],
    ]  # fmt: skip


def test_normalised_rows_have_length_one_and_nothing_divides_by_zero() -> None:
    rows = normalised(np.array([[3.0, 4.0], [0.0, 0.0]], dtype=np.float32))
    assert rows.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0.0, 0.0]]
    assert rows.dtype == np.float32


def test_at_least_one_core() -> None:
    assert physical_cores() >= 1


@pytest.fixture(scope="module", params=["multilingual-e5-small", "embeddinggemma-300m"])
def real(request: pytest.FixtureRequest) -> SentenceTransformerEmbedder:
    if models.status(models.find(request.param)).state is not models.State.PRESENT:
        pytest.skip(f"{request.param} is not in the cache: rag models pull {request.param}")
    return SentenceTransformerEmbedder(request.param)


@pytest.mark.model
def test_real_vectors_keep_the_protocol(
    real: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a local model called out")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    done: list[int] = []
    rows = real.encode_documents(PASSAGES, done.append)
    assert rows.shape == (4, real.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert done[-1] == 4
    assert real.encode_documents([]).shape == (0, real.dimension)
    # Each row is its own passage's: order survives the sorting by length.
    alone = np.stack([real.encode_documents([text])[0] for text in PASSAGES])
    assert ((rows * alone).sum(axis=1) > 0.995).all()
    question = real.encode_query("星河云三季度收入是多少？")
    assert int(np.argmax(rows @ question)) == 0
    assert capfd.readouterr().err == ""


@pytest.mark.model
def test_low_precision_keeps_the_vectors(real: SentenceTransformerEmbedder) -> None:
    exact = SentenceTransformerEmbedder(real.name, precision="float32").encode_documents(PASSAGES)
    low = SentenceTransformerEmbedder(real.name, precision="bfloat16").encode_documents(PASSAGES)
    assert ((exact * low).sum(axis=1) > 0.999).all()
