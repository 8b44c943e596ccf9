"""A packed 4-bit E5 file -> a folder that sentence-transformers loads.

The packed format, magic ``E5S1``, all little-endian: sizes of the model; the Unigram pieces with
their scores; a map of normalised characters; a directory of tensors; the tensors. Large matrices
are Q4_0 blocks of 32 weights (ggml's layout: a half-precision scale, then 16 bytes whose low
nibbles are weights 0-15 and high nibbles 16-31; a weight is ``(nibble - 8) * scale``), all others
single precision. Knows nothing of wheels, hashes or the cache.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers import Regex as TokenizerRegex
from tokenizers.models import Unigram

from rag.errors import ModelError

_SIZES = struct.Struct("<4sI7ifi")
_PIECES = struct.Struct("<5iQ")
_CHARACTERS = struct.Struct("<iI")
_ENTRY = struct.Struct("<BIQQ")
_WEIGHTS_A_BLOCK = 32
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_BLOCKS_A_SLICE = 1 << 18
"""Blocks turned into floats at a time: 32 MB, where the largest matrix would take 384."""

_BERT_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_BERT_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_SUFFIX = {"w": "weight", "b": "bias"}
_FULLWIDTH_TILDE = "～"
_STAND_IN = "\ue000"


class _Sizes(NamedTuple):
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


class _Tensor(NamedTuple):
    name: str
    quantised: bool
    weights: int
    offset: int
    size: int


class PackedE5(NamedTuple):
    """A packed file, its parts located; tensors are read from `data` when asked for."""

    sizes: _Sizes
    pieces: tuple[tuple[str, float], ...]
    """The Unigram vocabulary: piece and log-probability, in order of id."""
    special: tuple[int, int, int, int]
    """Ids of begin, end, padding and unknown."""
    tensors: tuple[_Tensor, ...]
    data: memoryview


def read(data: bytes) -> PackedE5:
    """Return what a packed file holds.

    Raises:
        ModelError: if `data` is not such a file, or is cut short.
    """
    view = memoryview(data)
    if bytes(view[:4]) != b"E5S1":
        raise _malformed("it does not begin with E5S1")
    try:
        header = _SIZES.unpack_from(view)
        pieces, special, cursor = _read_pieces(view, _SIZES.size)
        _, map_bytes = _CHARACTERS.unpack_from(view, cursor)
        # The map holds, character by character, what Nmt and NFKC do: see `tokenizer`.
        tensors = _read_directory(view, cursor + _CHARACTERS.size + map_bytes)
    except (struct.error, ValueError) as error:
        raise _malformed(str(error)) from None
    end = max((t.offset + t.size for t in tensors), default=0)
    if end > len(view):
        raise _malformed(f"{len(view)} bytes, {end} expected")
    return PackedE5(_Sizes(*header[2:10]), pieces, special, tensors, view)


def write_sentence_transformer(packed: PackedE5, folder: Path) -> None:
    """Write `packed` into `folder` as a sentence-transformers model of module type BERT.

    The same packed file gives the same ``model.safetensors``, byte for byte, whatever is
    installed.
    """
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    with (folder / "model.safetensors").open("wb") as out:
        _write_safetensors(packed, out)
    tokenizer(packed).save(str(folder / "tokenizer.json"))
    for path, content in _configuration(packed).items():
        (folder / path).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def tokenizer(packed: PackedE5) -> Tokenizer:
    """Return the XLM-RoBERTa tokenizer whose pieces `packed` holds.

    The normaliser agrees with the packed map on every Unicode character except U+1F23B, which is
    in no report.
    """
    begin, end, padding, unknown = (packed.pieces[i][0] for i in packed.special)
    made = Tokenizer(Unigram(list(packed.pieces), unk_id=packed.special[3], byte_fallback=False))
    # NFKC folds the full-width tilde of "10～20"; the model was trained on text that keeps it.
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(_FULLWIDTH_TILDE, _STAND_IN),
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(_STAND_IN, _FULLWIDTH_TILDE),
            normalizers.Replace(TokenizerRegex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, packed.special[0]), (end, packed.special[1])],
    )
    made.add_special_tokens(
        [AddedToken(piece, special=True) for piece in (begin, padding, end, unknown)]
    )
    return made


def dequantise(blocks: npt.NDArray[np.void]) -> npt.NDArray[np.float32]:
    """Return the weights of Q4_0 `blocks`, 32 a block, in order."""
    nibbles = blocks["nibbles"]
    quantised = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32) - 8
    weights: npt.NDArray[np.float32] = quantised * blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


def _read_pieces(
    view: memoryview, start: int
) -> tuple[tuple[tuple[str, float], ...], tuple[int, int, int, int], int]:
    """Return pieces with scores, the special ids, and where the next part begins."""
    count, begin, end, padding, unknown, text_bytes = _PIECES.unpack_from(view, start)
    cursor = start + _PIECES.size
    offsets = np.frombuffer(view, "<u4", count + 1, cursor).tolist()
    cursor += 4 * (count + 1)
    scores = np.frombuffer(view, "<f4", count, cursor).tolist()
    cursor += 4 * count
    text = bytes(view[cursor : cursor + text_bytes])
    pieces = tuple(
        (text[offsets[i] : offsets[i + 1]].decode("utf-8"), score) for i, score in enumerate(scores)
    )
    return pieces, (begin, end, padding, unknown), cursor + text_bytes


def _read_directory(view: memoryview, start: int) -> tuple[_Tensor, ...]:
    (count,) = struct.unpack_from("<i", view, start)
    cursor = start + 4
    tensors = []
    for _ in range(count):
        (name_bytes,) = struct.unpack_from("<H", view, cursor)
        name = bytes(view[cursor + 2 : cursor + 2 + name_bytes]).decode("ascii")
        cursor += 2 + name_bytes
        kind, weights, offset, size = _ENTRY.unpack_from(view, cursor)
        cursor += _ENTRY.size
        if size != (weights // _WEIGHTS_A_BLOCK * _BLOCK.itemsize if kind else weights * 4):
            raise ValueError(f"tensor {name} has {size} bytes for {weights} weights")
        tensors.append(_Tensor(name, bool(kind), weights, offset, size))
    return tuple(tensors)


def _write_safetensors(packed: PackedE5, out: BinaryIO) -> None:
    """Write all tensors in the safetensors format: header length, JSON header, data.

    https://github.com/huggingface/safetensors#format
    """
    # The pooler is not in the packed file and mean pooling does not use it; zeros keep a loader
    # from inventing one.
    hidden = packed.sizes.hidden
    absent = {"pooler.dense.weight": (hidden, hidden), "pooler.dense.bias": (hidden,)}
    shapes = {_bert_name(t.name): _shape(t, packed.sizes) for t in packed.tensors} | absent
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    cursor = 0
    for name, shape in shapes.items():
        end = cursor + 4 * int(np.prod(shape))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [cursor, end]}
        cursor = end
    encoded = json.dumps(header, separators=(",", ":")).encode("ascii")
    encoded += b" " * (-len(encoded) % 8)
    out.write(struct.pack("<Q", len(encoded)) + encoded)
    for tensor in packed.tensors:
        for floats in _floats(packed.data, tensor):
            out.write(floats.astype("<f4").tobytes())
    for shape in absent.values():
        out.write(bytes(4 * int(np.prod(shape))))


def _floats(data: memoryview, tensor: _Tensor) -> Iterator[npt.NDArray[np.float32]]:
    if not tensor.quantised:
        yield np.frombuffer(data, "<f4", tensor.weights, tensor.offset)
        return
    blocks = np.frombuffer(data, _BLOCK, tensor.weights // _WEIGHTS_A_BLOCK, tensor.offset)
    for start in range(0, len(blocks), _BLOCKS_A_SLICE):
        yield dequantise(blocks[start : start + _BLOCKS_A_SLICE])


def _bert_name(name: str) -> str:
    """Return the name in transformers' BertModel: ``l3.q.w`` is its layer 3's query weight."""
    if name in _BERT_EMBEDDINGS:
        return _BERT_EMBEDDINGS[name]
    try:
        layer, module, suffix = name.split(".")
        return f"encoder.layer.{int(layer[1:])}.{_BERT_LAYER[module]}.{_SUFFIX[suffix]}"
    except (ValueError, KeyError):
        raise _malformed(f"unknown tensor {name}") from None


def _shape(tensor: _Tensor, sizes: _Sizes) -> tuple[int, ...]:
    """Return rows and columns; a matrix has as many columns as its layer has inputs."""
    if tensor.name in ("emb.word", "emb.pos", "emb.type"):
        return tensor.weights // sizes.hidden, sizes.hidden
    if not tensor.quantised:
        return (tensor.weights,)
    columns = sizes.feed_forward if tensor.name.endswith(".fo.w") else sizes.hidden
    return tensor.weights // columns, columns


def _configuration(packed: PackedE5) -> dict[str, dict[str, object] | list[dict[str, object]]]:
    """Return the JSON files of the folder by path."""
    sizes = packed.sizes
    begin, end, padding, unknown = (packed.pieces[i][0] for i in packed.special)
    modules = ("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")
    return {
        "modules.json": [
            {
                "idx": i,
                "name": str(i),
                "path": path,
                "type": f"sentence_transformers.models.{kind}",
            }
            for i, (path, kind) in enumerate(modules)
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes.hidden,
            "pooling_mode_mean_tokens": True,
            "include_prompt": True,
        },
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        # arXiv:2402.05672, section 2: E5 models are trained with these two prefixes.
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.feed_forward,
            "hidden_act": "gelu",
            "vocab_size": sizes.vocabulary,
            "max_position_embeddings": sizes.positions,
            "type_vocab_size": sizes.token_types,
            "layer_norm_eps": float(f"{sizes.epsilon:.6g}"),
            "pad_token_id": packed.special[2],
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            "bos_token": begin,
            "cls_token": begin,
            "eos_token": end,
            "sep_token": end,
            "pad_token": padding,
            "unk_token": unknown,
        },
    }


def _malformed(reason: str) -> ModelError:
    return ModelError(
        f"the packed E5 weights cannot be read: {reason}; fetch them again: rag models pull",
        f"无法读取打包的 E5 权重：{reason}；请重新下载：rag models pull",
    )
