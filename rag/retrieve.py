"""Question -> Hits: dense and lexical search fused by reciprocal rank, near-duplicates removed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from rag import byline
from rag.aliases import CODE
from rag.question import Query, spelt
from rag.schema import Chunk, DocumentFacts, Filters, Hit
from rag.text import search_terms, squeeze

RRF_K = 60
"""Cormack, Clarke and Büttcher, "Reciprocal rank fusion", SIGIR 2009: the constant of the paper."""
DEPTH = 50
"""How many chunks each ranking contributes."""
SYNONYMS = 4
"""How many equivalents of a term are searched for in each language; eval/LOG.md has the numbers."""


class Scored(Protocol):
    """One entry of a ranking."""

    @property
    def id(self) -> int:
        """Return the chunk's row id."""
        ...

    @property
    def score(self) -> float:
        """Return its score, higher is better."""
        ...


class Searchable(byline.Documents, Protocol):
    """What retrieval needs of an index (see `rag.index.Index`)."""

    def dense(
        self, vector: np.ndarray, k: int, doc_ids: set[str] | None = None
    ) -> Sequence[Scored]:
        """Return the `k` nearest chunks by cosine, best first."""
        ...

    def lexical(
        self, terms: Sequence[str], k: int, doc_ids: set[str] | None = None
    ) -> Sequence[Scored]:
        """Return the `k` best chunks by BM25, best first."""
        ...

    def chunks(self, ids: Sequence[int]) -> Mapping[int, Chunk]:
        """Return the chunks with these row ids."""
        ...

    def documents(self) -> list[DocumentFacts]:
        """Return the facts of every document."""
        ...

    def select(self, filters: Filters) -> set[str] | None:
        """Return the documents that pass `filters`; None when all do."""
        ...


class QueryEncoder(Protocol):
    """The part of an embedder that retrieval uses."""

    def encode_query(self, text: str) -> np.ndarray:
        """Return the normalised vector of a question."""
        ...


def retrieve(
    query: Query,
    index: Searchable,
    encoder: QueryEncoder,
    *,
    k: int = 10,
    filters: Filters | None = None,
) -> tuple[Hit, ...]:
    """Return the `k` best chunks, best first, at most one of any near-identical pair."""
    allowed = index.select(filters or Filters())
    if allowed is not None and not allowed:
        return ()
    dense = index.dense(encoder.encode_query(query.text), DEPTH, allowed)
    lexical = index.lexical(lexical_terms(query), DEPTH, allowed)
    fused = reciprocal_rank_fusion([[s.id for s in dense], [s.id for s in lexical]])
    chunks = index.chunks(list(fused))
    documents = {d.doc_id: d for d in index.documents()}
    similarity = {s.id: s.score for s in dense}
    kept: list[int] = []
    # A document may leave the index between the search and here.
    there = [r for r in fused if r in chunks and chunks[r].doc_id in documents]
    for row in there:
        if not any(same_text(chunks[row].text, chunks[other].text) for other in kept):
            kept.append(row)
        if len(kept) == k:
            break
    if byline.asks(query):
        chunks = dict(chunks)
        kept = _makers_first(query, index, kept, chunks, documents)
    return tuple(
        Hit(
            rank,
            fused.get(row, 0.0),
            chunks[row],
            documents[chunks[row].doc_id],
            similarity.get(row),
        )
        for rank, row in enumerate(kept, start=1)
    )


def _makers_first(
    query: Query,
    index: Searchable,
    kept: Sequence[int],
    chunks: dict[int, Chunk],
    documents: dict[str, DocumentFacts],
) -> list[int]:
    """Return `kept` behind the chunks that name who made the report meant; adds these to `chunks`."""
    document = byline.meant(query, [documents[chunks[row].doc_id] for row in kept])
    if document is None:
        return list(kept)
    documents[document.doc_id] = byline.signed(index, document)
    makers = byline.parts(index, document.doc_id)
    chunks.update(makers)
    return list(dict.fromkeys([*makers, *kept]))[: len(kept)]


def lexical_terms(query: Query) -> list[str]:
    """Return the terms of the full-text search: the question's, its names' and its synonyms'.

    Of a name every spelling but stock codes; of a general term the usual forms of each language.
    """
    forms = [re.sub(r"['’]s\b", "", query.text)]
    names = (*query.names, *spelt(query))
    forms += [f for name in names for f in name.forms if not CODE.fullmatch(f)]
    for term in query.synonyms:
        for latin in (False, True):
            forms += [f for f in term.forms if f.isascii() is latin][:SYNONYMS]
    return search_terms("\n".join(forms))


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[int]], constant: int = RRF_K
) -> dict[int, float]:
    """Return the fused scores of all ids, best first; ties keep the order of first appearance."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (constant + rank)
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def same_text(one: str, other: str) -> bool:
    """Return whether one text repeats the other, white space and punctuation aside.

    Alike is not the same: two reports may differ in one figure, year or name alone.
    """
    a, b = (re.sub(r"\W+", "", squeeze(text)) for text in (one, other))
    return min(len(a), len(b)) > 2 and (a in b or b in a)
