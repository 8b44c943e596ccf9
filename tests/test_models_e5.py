"""The packed 4-bit format: a file packed by hand, byte by byte, comes out as it went in."""

import json
import struct

import numpy as np
import pytest
from safetensors.numpy import load_file

from rag.errors import ModelError
from rag.models import e5

HIDDEN, LAYERS, FEED_FORWARD, POSITIONS = 32, 1, 64, 8
PIECES = [
    ("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0),
    ("▁", -2.0), ("营", -5.0), ("收", -5.0), ("营收", -6.0), ("10", -3.0), ("～", -4.0), ("20", -3.0),
]  # fmt: skip


def block(scale, nibbles):
    """Pack 32 nibbles as ggml does: byte j holds weight j low and weight j + 16 high."""
    low, high = nibbles[:16], nibbles[16:]
    return struct.pack("<e", scale) + bytes(a | b << 4 for a, b in zip(low, high, strict=True))


def pack(extra_tensors=(), **changes):
    """Return a whole packed file with one layer of random blocks, and its tensors as floats."""
    rng = np.random.default_rng(0)
    named = dict(_tensors(rng)) | dict(extra_tensors)
    text = "".join(piece for piece, _ in PIECES).encode()
    ends = np.cumsum([0] + [len(piece.encode()) for piece, _ in PIECES])
    head = struct.pack("<4sI7ifi", changes.get("magic", b"E5S1"), 1, HIDDEN, LAYERS, 2,
                       FEED_FORWARD, len(PIECES), POSITIONS, 2, 1e-12, 32)  # fmt: skip
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(text))
    head += struct.pack(f"<{len(ends)}I", *ends)
    head += struct.pack(f"<{len(PIECES)}f", *(score for _, score in PIECES)) + text
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", ord("Ａ"), 1, ord("A"))
    directory_size = 4 + sum(2 + len(name) + 21 for name in named)
    offset = len(head) + directory_size
    directory, data = struct.pack("<i", len(named)), b""
    for name, (quantised, raw) in named.items():
        count = len(raw) // 18 * 32 if quantised else len(raw) // 4
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", quantised, count, offset + len(data), len(raw))
        data += raw
    return head + directory + data


def _tensors(rng):
    def floats(count):
        return 0, rng.standard_normal(count).astype("<f4").tobytes()

    def blocks(count):
        return 1, b"".join(
            block(float(rng.random()), rng.integers(0, 16, 32).tolist()) for _ in range(count // 32)
        )

    yield "emb.word", blocks(len(PIECES) * HIDDEN)
    yield "emb.pos", floats(POSITIONS * HIDDEN)
    yield "emb.type", floats(2 * HIDDEN)
    for name in ("emb.ln", "l0.aln", "l0.oln"):
        yield f"{name}.w", floats(HIDDEN)
        yield f"{name}.b", floats(HIDDEN)
    for name in ("q", "k", "v", "ao"):
        yield f"l0.{name}.w", blocks(HIDDEN * HIDDEN)
        yield f"l0.{name}.b", floats(HIDDEN)
    for name, outputs in (("fi", FEED_FORWARD), ("fo", HIDDEN)):
        yield f"l0.{name}.w", blocks(HIDDEN * FEED_FORWARD)
        yield f"l0.{name}.b", floats(outputs)


def test_dequantise_by_hand():
    packed = block(0.5, list(range(16)) + [0] * 15 + [15])
    weights = e5.dequantise(np.frombuffer(packed, e5._BLOCK))
    assert weights[:16].tolist() == [(q - 8) * 0.5 for q in range(16)]
    assert weights[16:31].tolist() == [-4.0] * 15
    assert weights[31] == 3.5


def test_folder_holds_every_weight_under_its_bert_name(tmp_path):
    raw = pack()
    packed = e5.read(raw)
    e5.write_sentence_transformer(packed, tmp_path)
    tensors = load_file(tmp_path / "model.safetensors")
    assert tensors["embeddings.word_embeddings.weight"].shape == (len(PIECES), HIDDEN)
    assert tensors["encoder.layer.0.intermediate.dense.weight"].shape == (FEED_FORWARD, HIDDEN)
    assert tensors["encoder.layer.0.output.dense.weight"].shape == (HIDDEN, FEED_FORWARD)
    bias = next(t for t in packed.tensors if t.name == "l0.fo.b")
    expected = np.frombuffer(raw, "<f4", bias.weights, bias.offset)
    np.testing.assert_array_equal(tensors["encoder.layer.0.output.dense.bias"], expected)
    query = next(t for t in packed.tensors if t.name == "l0.q.w")
    first = e5.dequantise(np.frombuffer(raw, e5._BLOCK, 1, query.offset))
    np.testing.assert_array_equal(
        tensors["encoder.layer.0.attention.self.query.weight"][0], first[:HIDDEN]
    )
    prompts = json.loads((tmp_path / "config_sentence_transformers.json").read_text())["prompts"]
    assert prompts == {"query": "query: ", "document": "passage: "}


def test_same_file_same_bytes(tmp_path):
    for name in ("a", "b"):
        e5.write_sentence_transformer(e5.read(pack()), tmp_path / name)
    one, other = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("a", "b"))
    assert one == other


def test_tokenizer_prefers_the_likelier_pieces_and_keeps_the_wide_tilde():
    tokenizer = e5.tokenizer(e5.read(pack()))
    assert tokenizer.encode("营收１０～20").tokens == [
        "<s>", "▁", "营收", "10", "～", "20", "</s>",
    ]  # fmt: skip
    assert tokenizer.encode("收營").tokens == ["<s>", "▁", "收", "營", "</s>"]
    assert tokenizer.encode("收營").ids[3] == 3  # unknown
    assert tokenizer.encode("10   20\n10").tokens.count("▁") == 3


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"PK\x03\x04", "does not begin with E5S1"),
        (pack()[:100], "cannot be read"),
        (pack()[:-1], "bytes, .* expected"),
        (pack(magic=b"E5S2"), "does not begin with E5S1"),
    ],
)
def test_other_bytes_are_refused(raw, reason):
    with pytest.raises(ModelError, match=reason):
        e5.read(raw)


def test_tensor_of_no_bert_is_refused(tmp_path):
    packed = e5.read(pack(extra_tensors=[("l0.gate.w", (0, bytes(8)))]))
    with pytest.raises(ModelError, match=r"unknown tensor l0\.gate\.w"):
        e5.write_sentence_transformer(packed, tmp_path)
