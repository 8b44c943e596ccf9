"""Neighbours are the nearest, exact or approximate; the cache file is never believed when wrong."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from rag import vectors
from rag.store import VectorBlock
from rag.vectors import Ids, Stamp, VectorIndex

STAMP = Stamp("s", 3, 16)
RNG = np.random.default_rng(0)


def units(count: int, dimension: int = 16) -> np.ndarray:
    raw = RNG.normal(size=(count, dimension)).astype(np.float16).astype(np.float32)
    return (raw / np.linalg.norm(raw, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)


class Source:
    """Vectors by id, in small blocks, and a note of which were asked for."""

    def __init__(self, ids: Iterable[int], rows: np.ndarray) -> None:
        self.of = dict(zip(ids, rows, strict=True))
        self.asked: list[int] = []

    @property
    def ids(self) -> Ids:
        return np.array(sorted(self.of), dtype=np.int64)

    def fetch(self, ids: Ids) -> Iterator[VectorBlock]:
        self.asked += ids.tolist()
        for start in range(0, len(ids), 7):
            part = ids[start : start + 7]
            yield VectorBlock(part, np.stack([self.of[int(i)] for i in part]))

    def nearest(self, query: np.ndarray, k: int, among: Iterable[int] | None = None) -> list[int]:
        wanted = self.of if among is None else among
        return sorted(wanted, key=lambda i: (-float(self.of[i] @ query), i))[:k]


@pytest.fixture(params=["exact", "lists"])
def built(request: pytest.FixtureRequest) -> tuple[Source, VectorIndex]:
    source = Source(range(5, 3005, 3), units(1000))
    limit = 10_000 if request.param == "exact" else 500
    return source, VectorIndex.build(16, source.ids, source.fetch, exact_up_to=limit)


def test_a_vector_is_its_own_nearest_neighbour(built: tuple[Source, VectorIndex]) -> None:
    source, index = built
    for i in (5, 1505, 3002):
        best = index.search(source.of[i], 3)
        assert best[0].id == i
        assert best[0].score == pytest.approx(1, abs=2e-3)
        assert [s.score for s in best] == sorted((s.score for s in best), reverse=True)


def test_search_agrees_with_brute_force(built: tuple[Source, VectorIndex]) -> None:
    source, index = built
    found = [
        len({s.id for s in index.search(q, 10)} & set(source.nearest(q, 10))) for q in units(50)
    ]
    # Unclustered noise is the worst case for lists: an eighth of them holds most neighbours only.
    assert np.mean(found) >= (10 if not index._lists else 5)


def test_search_among_some_is_exact_and_finds_nothing_else(
    built: tuple[Source, VectorIndex],
) -> None:
    source, index = built
    among = source.ids[100:140:2]
    for query in units(10):
        found = index.search(query, 8, among)
        assert [s.id for s in found] == source.nearest(query, 8, among.tolist())
    assert index.search(units(1)[0], 8, among[:3])[-1].id in among[:3]
    assert len(index.search(units(1)[0], 8, among[:3])) == 3  # no padding
    assert index.search(units(1)[0], 8, among[:0]) == []
    assert index.search(units(1)[0], 8, np.array([1, 10**6], dtype=np.int64)) == []


def test_update_adds_and_removes_just_the_difference(built: tuple[Source, VectorIndex]) -> None:
    source, index = built
    source.asked.clear()
    removed = source.ids[:10].tolist()
    fresh = units(1)[0]
    for i in removed:
        del source.of[i]
    source.of[9999] = fresh
    index.update(source.ids, source.fetch)
    assert source.asked == [9999]
    assert np.array_equal(index.ids, source.ids)
    assert index.search(fresh, 1)[0].id == 9999
    assert not {s.id for s in index.search(fresh, 2000)} & set(removed)


def test_nothing_is_found_in_nothing() -> None:
    assert VectorIndex.empty(16).search(units(1)[0], 5) == []
    source = Source([4], units(1))
    index = VectorIndex.build(16, source.ids, source.fetch)
    assert [s.id for s in index.search(units(1)[0], 5)] == [4]
    assert index.search(units(1)[0], 0) == []


def test_ties_are_in_the_order_of_ids() -> None:
    same = units(1)[0]
    source = Source([30, 10, 20], np.stack([same, same, same]))
    index = VectorIndex.build(16, source.ids, source.fetch)
    assert [s.id for s in index.search(same, 3)] == [10, 20, 30]


def test_the_cache_gives_the_same_answers(
    built: tuple[Source, VectorIndex], tmp_path: Path
) -> None:
    _, index = built
    path = tmp_path / "vectors.faiss"
    index.save(path, STAMP)
    cached = vectors.load(path)
    assert cached is not None
    assert cached.stamp == STAMP
    assert np.array_equal(cached.index.ids, index.ids)
    for query in units(5):
        assert cached.index.search(query, 10) == index.search(query, 10)
    assert [p.name for p in tmp_path.iterdir()] == ["vectors.faiss"]


@pytest.mark.parametrize("at", [0, 5, 20, 60, 300, -900, -20, -1])
def test_any_changed_byte_makes_the_cache_void(
    built: tuple[Source, VectorIndex], tmp_path: Path, at: int
) -> None:
    path = tmp_path / "vectors.faiss"
    built[1].save(path, STAMP)
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)
    cached = vectors.load(path)
    # A changed letter of the stamp is allowed to load: the stamp then fits no store.
    assert cached is None or cached.stamp != STAMP


@pytest.mark.parametrize("size", [0, 5, 40, 200, 5000])
def test_a_torn_cache_is_void(built: tuple[Source, VectorIndex], tmp_path: Path, size: int) -> None:
    path = tmp_path / "vectors.faiss"
    built[1].save(path, STAMP)
    path.write_bytes(path.read_bytes()[:size])
    assert vectors.load(path) is None
    assert vectors.load(tmp_path / "none") is None


def test_the_kind_follows_the_number() -> None:
    source = Source(range(600), units(600))
    exact = VectorIndex.build(16, source.ids, source.fetch)
    assert exact.suits()
    assert not exact.suits(exact_up_to=599)
    lists = VectorIndex.build(16, source.ids, source.fetch, exact_up_to=599)
    assert lists.suits(exact_up_to=599)
    assert not lists.suits()
