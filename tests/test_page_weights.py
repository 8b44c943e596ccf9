"""What is there of the models is shown, and what is missing is fetched with its progress told."""

from pathlib import Path

import pytest

from rag import models
from rag.page import weights
from rag.page.words import Words


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_CACHE", str(tmp_path / "cache"))


def test_an_empty_cache_misses_all_that_a_profile_needs() -> None:
    used = weights.wanted("light", None)
    assert used == models.PROFILES["light"].names
    assert weights.missing(used) == list(used)
    assert weights.missing(["./own.gguf"]) == []
    table = weights.table(Words("zh"), used)
    assert table.count("未下载") == len(models.CATALOGUE)
    assert table.count("使用中") == 2


def test_a_visitor_may_choose_language_models_of_the_catalogue_only() -> None:
    assert set(weights.generators()) == {
        model.name for model in models.CATALOGUE if model.role == "generation"
    }
    assert weights.wanted("light", weights.generators()[0])[1] == weights.generators()[0]


def test_a_fetch_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(name: str, *, progress: models.Progress) -> Path:
        progress.note("a licence")
        progress.advance_to(name, 5, 10)
        return Path(name)

    monkeypatch.setattr(models, "resolve", resolve)
    told: list[tuple[str, str, int, int]] = []
    weights.fetch(["m"], lambda *heard: told.append(heard))
    assert told == [("fetch", "m", 5, 10)]
