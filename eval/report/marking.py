"""A text and gold quotes -> the text in pieces, those that are gold marked as such."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from eval.scorers import layout_free


class Piece(NamedTuple):
    """A stretch of a text."""

    text: str
    gold: bool


def mark(text: str, quotes: Iterable[str]) -> tuple[Piece, ...]:
    """Return `text` cut into pieces; joined they are `text` again.

    A quote is found as the scorers find it: blanks, table rules and width forms do not count.
    """
    folded, places = _folded(text)
    spans = [
        (places[start], places[start + len(needle) - 1] + 1)
        for needle in filter(None, map(layout_free, quotes))
        for start in _occurrences(folded, needle)
    ]
    pieces, cursor = [], 0
    for start, end in _merged(spans):
        pieces += [Piece(text[cursor:start], False), Piece(text[start:end], True)]
        cursor = end
    pieces.append(Piece(text[cursor:], False))
    return tuple(piece for piece in pieces if piece.text)


def _folded(text: str) -> tuple[str, list[int]]:
    """Return `text` as scorers see it, and for each of its characters where it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        kept = _fold(char)
        folded.append(kept)
        places.extend([place] * len(kept))
    return "".join(folded), places


@functools.cache
def _fold(char: str) -> str:
    return layout_free(char)


def _occurrences(text: str, needle: str) -> Iterator[int]:
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + len(needle))


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
