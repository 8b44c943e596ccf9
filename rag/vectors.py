"""Unit vectors -> nearest neighbours, by FAISS; and the file that spares building that anew.

Everything here can be rebuilt from the store, whose row ids are the ids of the vectors. Knows
nothing of chunks, documents or SQLite.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import faiss as _faiss
import numpy as np
import numpy.typing as npt

from rag.store import Scored, VectorBlock

faiss: Any = _faiss  # its type stubs describe the C++ classes, not what Python makes of them
_Faiss: TypeAlias = Any
"""An object of FAISS."""

EXACT_UP_TO = 100_000
"""Vectors up to which every one is compared with the question: 60 ms at 768 dimensions
on two cores."""
_PROBED = 1 / 8
"""Share of the lists that an approximate search looks into. Of 120,000 synthetic clustered vectors
(384 dimensions, 1024 lists) 1/32 found .95 of the true ten nearest, 1/16 .98, 1/8 .99, all within
2 ms."""
_SAMPLE_PER_LIST = 64
"""Vectors a list for k-means; FAISS asks for 39 at least and takes 256 at most."""
_ROUNDING = 1e-3
_MAGIC = b"rag vectors 1\n"

Ids = npt.NDArray[np.int64]
Fetch = Callable[[Ids], Iterable[VectorBlock]]
"""Gives the vectors of ids, in blocks (`rag.store.Store.vectors`)."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which state of which store a structure was built from."""

    store_id: str
    generation: int
    dimension: int


class VectorIndex:
    """Inner-product search over vectors with ids: exact, or by inverted lists when they are many.

    Inverted lists rather than a graph (HNSW), because vectors come and go with their documents and
    searches are filtered: lists remove, and give exact answers under a filter. Half-precision
    codes lose nothing, since the store keeps half precision.
    """

    def __init__(self, index: _Faiss, ids: Ids) -> None:
        """Take a FAISS structure and the ascending ids of what it holds; see `build`."""
        self._index = index
        self.ids = ids

    @classmethod
    def empty(cls, dimension: int) -> VectorIndex:
        """Return an exact index of nothing."""
        exact = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        return cls(exact, np.empty(0, dtype=np.int64))

    @classmethod
    def build(
        cls, dimension: int, ids: Ids, fetch: Fetch, exact_up_to: int = EXACT_UP_TO
    ) -> VectorIndex:
        """Return an index of the vectors `ids`, of the kind that suits their number."""
        lists = _lists_for(len(ids), exact_up_to)
        built = (
            cls(_trained(dimension, lists, ids, fetch), ids[:0]) if lists else cls.empty(dimension)
        )
        built.update(ids, fetch)
        return built

    def suits(self, exact_up_to: int = EXACT_UP_TO) -> bool:
        """Return whether building anew would give the same kind; an outgrown one is only slower."""
        wanted = _lists_for(len(self.ids), exact_up_to)
        return wanted == self._lists or 0 < self._lists <= wanted <= 2 * self._lists

    def update(self, wanted: Ids, fetch: Fetch) -> None:
        """Add and remove what it takes to hold exactly `wanted`, ascending ids."""
        gone = np.setdiff1d(self.ids, wanted, assume_unique=True)
        if len(gone):
            self._index.remove_ids(gone)
        kept = np.setdiff1d(self.ids, gone, assume_unique=True)
        for block in fetch(np.setdiff1d(wanted, self.ids, assume_unique=True)):
            self._index.add_with_ids(np.ascontiguousarray(block.vectors), block.ids)
            kept = np.concatenate([kept, block.ids])
        self.ids = np.sort(kept)

    def search(
        self, query: npt.NDArray[np.float32], k: int, among: Ids | None = None
    ) -> list[Scored]:
        """Return the `k` nearest to a unit vector, best first, ties by id; only `among`, if given.

        The score is the cosine. A search among some is exact whatever the kind of index.
        """
        if k <= 0 or not len(self.ids) or (among is not None and not len(among)):
            return []
        bits = None if among is None else _bitmap(among)  # FAISS keeps a bare pointer to it
        selector = None if bits is None else faiss.IDSelectorBitmap(bits)
        scores, ids = self._index.search(
            np.ascontiguousarray(query[None, :], dtype=np.float32),
            min(k, len(self.ids)),
            params=self._parameters(selector),
        )
        # FAISS fills up with id -1 where it found fewer than k.
        found = [Scored(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda scored: (-scored.score, scored.id))

    def holds(self, id_: int, vector: npt.NDArray[np.float32]) -> bool:
        """Return whether the vector kept under an id is this one, but for rounding."""
        found = self.search(vector, 1, np.array([id_], dtype=np.int64))
        return bool(found) and abs(found[0].score - float(vector @ vector)) < _ROUNDING

    def save(self, path: Path, stamp: Stamp) -> None:
        """Write the cache file, by rename: readers see the old one or the whole new one."""
        draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            with draft.open("wb") as file:
                file.write(_MAGIC + json.dumps(asdict(stamp)).encode() + b"\n")
                summed = _Summed(file)
                faiss.write_index(self._index, faiss.PyCallbackIOWriter(summed.write))
                file.write(summed.crc.to_bytes(4, "little"))
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)

    @property
    def _lists(self) -> int:
        """The number of inverted lists; 0 for an exact index."""
        return int(getattr(self._index, "nlist", 0))

    def _parameters(self, selector: _Faiss | None) -> _Faiss:
        if not self._lists:
            return faiss.SearchParameters(sel=selector)
        probed = self._lists if selector is not None else max(1, round(self._lists * _PROBED))
        return faiss.SearchParametersIVF(sel=selector, nprobe=probed)


@dataclass(frozen=True, slots=True)
class Cached:
    """A cache file's content."""

    stamp: Stamp
    index: VectorIndex


def load(path: Path) -> Cached | None:
    """Return what a cache file holds, or None if it is missing, damaged or of another form."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RuntimeError):
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return None
            stamp = Stamp(**json.loads(file.readline()))
            summed = _Summed(file)
            index = faiss.read_index(faiss.PyCallbackIOReader(summed.read))
            if int.from_bytes(file.read(), "little") != summed.crc:
                return None
        if index.d == stamp.dimension:
            return Cached(stamp, VectorIndex(index, _ids_in(index)))
    return None


def _lists_for(count: int, exact_up_to: int) -> int:
    """Return the number of inverted lists for `count` vectors; 0 means exact.

    The power of two next to 4·sqrt(n), FAISS's own guideline, so that lists need no new training
    until the collection has grown fourfold.
    """
    return 0 if count <= exact_up_to else 1 << round(np.log2(4 * np.sqrt(count)))


def _trained(dimension: int, lists: int, ids: Ids, fetch: Fetch) -> _Faiss:
    chosen = np.random.default_rng(0).choice(
        ids, min(len(ids), lists * _SAMPLE_PER_LIST), replace=False
    )
    sample = np.concatenate([block.vectors for block in fetch(np.sort(chosen))])
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        lists,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        False,  # codes of the vectors themselves: residuals would be rounded once more
    )
    index.train(sample)
    return index


def _ids_in(index: _Faiss) -> Ids:
    """Return the ids that a structure read from a file holds, ascending."""
    if not isinstance(index, faiss.IndexIVF):
        return np.sort(faiss.vector_to_array(index.id_map))
    lists = index.invlists
    found = [
        faiss.rev_swig_ptr(lists.get_ids(i), lists.list_size(i)).copy()
        for i in range(index.nlist)
        if lists.list_size(i)
    ]
    return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)


def _bitmap(ids: Ids) -> npt.NDArray[np.uint8]:
    """Return one bit for every id up to the largest, lowest bit first, as FAISS reads them."""
    flags = np.zeros(int(ids.max()) + 1, dtype=bool)
    flags[ids] = True
    return np.packbits(flags, bitorder="little")


class _Summed:
    """A file read or written through a running checksum."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.crc = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.crc = zlib.crc32(data, self.crc)

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.crc = zlib.crc32(data, self.crc)
        return data
