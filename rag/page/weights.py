"""Weights that answers need: which are on this machine, and fetching those that are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.filesize import decimal

from rag import models
from rag.models import PROFILES, Model, State
from rag.page.escape import text as escape
from rag.page.markup import table as grid
from rag.page.words import Words

Tell = Callable[[str, str, int, int], None]
"""Called as (stage, name, done, total); the stage is ``fetch`` and the numbers are bytes."""


class _Told:
    """Passes on what a fetch reports; see `rag.models.Progress`."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def advance_to(self, name: str, done: int, total: int) -> None:
        """Pass the numbers on."""
        self._tell("fetch", name, done, total)

    def note(self, line: str) -> None:
        """Say that something goes on."""
        del line


def fetch(names: Iterable[str], tell: Tell) -> None:
    """Fetch what is missing of some models; one that is there costs nothing.

    Raises:
        ModelError: One cannot be fetched.
    """
    for name in names:
        models.resolve(name, progress=_Told(tell))


def generators() -> list[str]:
    """Return the names of the catalogue's language models, the only ones a visitor may choose."""
    return [model.name for model in models.CATALOGUE if model.role == "generation"]


def wanted(profile: str, model: str | None) -> tuple[str, ...]:
    """Return the models that questions need with these settings."""
    chosen = PROFILES[profile]
    return (chosen.embedder, model or chosen.generator)


def missing(names: Iterable[str]) -> list[str]:
    """Return those of `names` that are in the catalogue and not whole on this machine."""
    found = (models.find(name) for name in names)
    return [m.name for m in found if m and models.status(m).state is not State.PRESENT]


def table(words: Words, used: Iterable[str]) -> str:
    """Return the catalogue as HTML, the models in `used` marked."""
    heads = (
        words("Model", "模型"), words("Use", "用途"), words("Size", "大小"),
        words("Licence", "许可"), words("State", "状态"),
    )  # fmt: skip
    marked = set(used)
    return grid(heads, (_row(model, model.name in marked, words) for model in models.CATALOGUE))


def _row(model: Model, used: bool, words: Words) -> tuple[str, ...]:
    found = models.status(model)
    state = {
        State.PRESENT: words("on this machine", "已下载"),
        State.MISSING: words("missing", "未下载"),
        State.PARTIAL: words(f"{decimal(found.bytes)} fetched", f"已下载 {decimal(found.bytes)}"),
    }[found.state]
    roles = {"embedding": words("search", "检索"), "generation": words("answers", "回答")}
    name = f"<strong>{escape(model.name)}</strong>"
    return (
        f"{name} · {words('in use', '使用中')}" if used else name, roles[model.role],
        decimal(model.size), escape(model.licence), state,
    )  # fmt: skip
