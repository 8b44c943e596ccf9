"""How well a ranking finds the gold: a `Case` and `Hit`s, best first -> numbers in [0, 1].

Gold is the file names in `case.relevant` where a set has such judgements, else the quotes in
`case.evidence`. A file takes one place of the ranking however many of its chunks are hits: the
place of the first. Where a case has neither, everything here is None.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from eval.cases import Case
from eval.scorers.matching import held, layout_free
from rag.schema import Hit

CHARACTERS = 1500
"""Depth of `recall_in_characters`: the evidence that a laptop reads in a few seconds."""


class Ranking(NamedTuple):
    """A ranking as its scores see it."""

    gains: tuple[int, ...]
    """For each place, how much gold it holds that no earlier place does."""
    gold: int
    """How much there is to find."""


def ranking(case: Case, hits: Sequence[Hit]) -> Ranking | None:
    """Return what each place of the ranking adds, or None when the case has no gold."""
    if case.relevant:
        wanted = set(case.relevant)
        files = dict.fromkeys(hit.document.source for hit in hits)
        return Ranking(tuple(int(source in wanted) for source in files), len(wanted))
    quotes = [item.quote for item in case.evidence]
    return Ranking(tuple(_new(quotes, hits)), len(quotes)) if quotes else None


def recall(case: Case, hits: Sequence[Hit], k: int) -> float | None:
    """Return the share of the gold that the first `k` places hold."""
    found = ranking(case, hits)
    return None if found is None else sum(found.gains[:k]) / found.gold


def recall_in_characters(
    case: Case, hits: Sequence[Hit], characters: int = CHARACTERS
) -> float | None:
    """Return the share of the gold quotes in the first `characters` retrieved characters.

    Hits are taken in rank order and the last is cut, so that larger chunks win nothing by their
    size. Over quotes even where files are judged; None without quotes.
    """
    texts, left = [], characters
    for hit in hits:
        texts.append(hit.chunk.text[:left])
        left -= len(texts[-1])
        if not left:
            break
    return evidence_recall(case, texts)


def reciprocal_rank(case: Case, hits: Sequence[Hit], k: int = 10) -> float | None:
    """Return 1/place of the first of `k` places with any gold, 0.0 if none has."""
    found = ranking(case, hits)
    if found is None:
        return None
    places = (place for place, gain in enumerate(found.gains[:k], start=1) if gain)
    return 1 / next(places, math.inf)


def hit_at_1(case: Case, hits: Sequence[Hit]) -> float | None:
    """Return 1.0 when the first place holds any gold, else 0.0."""
    found = ranking(case, hits)
    return None if found is None else float(any(found.gains[:1]))


def ndcg(case: Case, hits: Sequence[Hit], k: int = 10) -> float | None:
    """Return the normalised discounted cumulative gain of the first `k` places.

    Järvelin and Kekäläinen, TOIS 2002, with binary gains and the discount 1/log2(1 + place), as
    trec_eval's ``ndcg_cut``. A hit that holds several quotes gains all of them, but the j-th piece
    of gold found counts no higher than at place j. So the ideal is known from the case alone, one
    piece of gold a place, whatever the chunking; larger chunks cannot exceed it; and where no hit
    holds two quotes this is the usual measure.
    """
    found = ranking(case, hits)
    if found is None:
        return None
    ideal = sum(_discount(place) for place in range(1, min(found.gold, k) + 1))
    return sum(_discount(place) for place in _places(found.gains) if place <= k) / ideal


def evidence_recall(case: Case, texts: Sequence[str]) -> float | None:
    """Return the share of the case's quotes that lie whole inside one of `texts`."""
    if not case.evidence:
        return None
    return sum(held([item.quote for item in case.evidence], texts)) / len(case.evidence)


def _new(quotes: Sequence[str], hits: Sequence[Hit]) -> Iterator[int]:
    unseen = [layout_free(quote) for quote in quotes]
    for hit in hits:
        body = layout_free(hit.chunk.text)
        left = [quote for quote in unseen if quote not in body]
        yield len(unseen) - len(left)
        unseen = left


def _places(gains: Sequence[int]) -> Iterator[int]:
    """Yield the place of each piece of gold, in the order found."""
    found = 0
    for place, gain in enumerate(gains, start=1):
        for _ in range(gain):
            found += 1
            yield max(place, found)


def _discount(place: int) -> float:
    return 1 / math.log2(1 + place)
