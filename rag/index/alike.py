"""A text -> its signature, by which texts that are the same up to small edits are found cheaply.

MinHash over shingles of characters: A. Broder, "On the resemblance and containment of documents",
1997; one permutation cut into bins: P. Li, A. Owen, C. Zhang, "One permutation hashing", NIPS 2012.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import numpy.typing as npt

from rag.text import squeeze

SAME = 0.8
"""Share of common shingles from which two texts are near-duplicates."""
_SHINGLE = 8
"""Characters a shingle: one changed character changes eight of them."""
_BITS = 7
_BINS = 1 << _BITS
"""The estimate is off by 0.035 (one standard deviation) at a likeness of 0.8."""
_ROUGH = SAME - 0.15
"""Estimate from which the exact likeness is worth its cost."""
_EMPTY = np.iinfo(np.uint32).max

Hashes = npt.NDArray[np.uint64]


def signature(text: str) -> bytes | None:
    """Return the signature of a text; None for one too short to be compared."""
    hashes = _hashes(text)
    return None if hashes is None else _minima(hashes).tobytes()


def likeness(one: str, other: str) -> float:
    """Return the share of common shingles (Jaccard), from 0 to 1; spaces and punctuation aside."""
    a, b = _hashes(one), _hashes(other)
    if a is None or b is None:
        return 0.0
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)


class Likes:
    """The signatures of an index's documents."""

    def __init__(self, signatures: Mapping[str, bytes]) -> None:
        """Take the signatures by the id of their document."""
        self._ids = list(signatures)
        size = max(64, 2 * len(signatures))
        self._rows = np.full((size, _BINS), _EMPTY, dtype=np.uint32)
        for row, stored in enumerate(signatures.values()):
            self._rows[row] = np.frombuffer(stored, dtype=np.uint32)

    def add(self, doc_id: str, stored: bytes) -> None:
        """Take one more."""
        if len(self._ids) == len(self._rows):
            more = np.full_like(self._rows, _EMPTY)
            self._rows = np.concatenate([self._rows, more])
        self._rows[len(self._ids)] = np.frombuffer(stored, dtype=np.uint32)
        self._ids.append(doc_id)

    def nearest(
        self, text: str, stored: bytes, text_of: Callable[[str], str | None], but: Iterable[str]
    ) -> tuple[str, float] | None:
        """Return the near-duplicate of a text that is most like it, with its likeness, or None.

        Args:
            text: The text.
            stored: Its signature.
            text_of: Gives the text of a document, None for one that is gone.
            but: Documents to leave out.
        """
        wanted = np.frombuffer(stored, dtype=np.uint32)
        rows = self._rows[: len(self._ids)]
        used = np.count_nonzero((rows != _EMPTY) | (wanted != _EMPTY), axis=1)
        same = np.count_nonzero((rows == wanted) & (wanted != _EMPTY), axis=1)
        rough = same / np.maximum(used, 1)
        left_out, found = set(but), []
        for row in np.argsort(-rough, kind="stable")[:8]:
            other = text_of(self._ids[row]) if rough[row] >= _ROUGH else None
            if other is not None and self._ids[row] not in left_out:
                found.append((self._ids[row], likeness(text, other)))
        best = max(found, key=lambda pair: pair[1], default=None)
        return best if best and best[1] >= SAME else None


def _hashes(text: str) -> Hashes | None:
    """Return the distinct hashes of all shingles of a text, sorted."""
    bare = re.sub(r"\W+", "", squeeze(text)).lower()
    codes = np.frombuffer(bare.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if len(codes) < 4 * _SHINGLE:
        return None
    count = len(codes) - _SHINGLE + 1
    mixed = np.zeros(count, dtype=np.uint64)
    for i in range(_SHINGLE):
        mixed = mixed * np.uint64(1_000_003) + codes[i : i + count]
    # The finaliser of splitmix64: every bit of the input moves every bit of the hash.
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.unique(mixed ^ (mixed >> np.uint64(31)))


def _minima(hashes: Hashes) -> npt.NDArray[np.uint32]:
    """Return the smallest hash in each bin; the upper bits choose the bin, the lower are kept."""
    edges = np.arange(_BINS, dtype=np.uint64) << np.uint64(64 - _BITS)
    first = np.searchsorted(hashes, edges)
    filled = np.diff(np.append(first, len(hashes))) > 0
    minima = np.full(_BINS, _EMPTY, dtype=np.uint32)
    minima[filled] = (hashes[first[filled]] & np.uint64(0xFFFFFFFE)).astype(np.uint32)
    return minima
