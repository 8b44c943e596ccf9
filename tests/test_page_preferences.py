"""What a browser sends as settings is taken only where it is sound."""

import json

import pytest

from rag.page.preferences import as_kept, checked
from rag.page.state import Settings

USUAL = Settings("default", "own.gguf", 10, strict=False)
MODELS = ("small", "own.gguf")


def test_what_is_sound_is_taken() -> None:
    given = {"profile": "light", "model": "small", "k": 5.0, "strict": True}
    assert checked(given, USUAL, MODELS) == Settings("light", "small", 5, strict=True)
    assert checked({"model": ""}, USUAL, MODELS).model is None


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        "x",
        {},
        {"profile": "../x"},
        {"profile": ["light"]},
        {"model": "/etc/passwd"},
        {"model": "http://127.0.0.1:1/v1"},
        {"k": 0},
        {"k": 1e9},
        {"k": float("nan")},
        {"k": "5"},
        {"k": True},
        {"strict": "yes"},
    ],
)
def test_anything_else_leaves_the_usual(given: object) -> None:
    assert checked(given, USUAL, MODELS) == USUAL


def test_kept_settings_are_read_again() -> None:
    for settings in (USUAL, Settings("light", None, 7, strict=True)):
        assert checked(json.loads(json.dumps(as_kept(settings))), USUAL, MODELS) == settings
