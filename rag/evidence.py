"""Hits -> passages: the sentences and table rows that can answer, within a character budget.

The prompt is most of the waiting on a CPU and the model reads short evidence better than long
passages, so only the best sentences go in, each with the neighbours it leans on. Knows nothing of
language models.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag import figures, period
from rag.question import Query, content_terms
from rag.schema import BlockKind, Chunk, Hit, Passage
from rag.text import Span, sentences

_LEANS = re.compile(
    r"^(?:其中|该|此|这|上述|同期|报告期|其|同时|此外|另外|而|并|且|个股方面|他|它|[（(]?\d+[)）]|一是|二是|三是|"
    r"It |Its |This |These |The company|Of which)"
)
_CONTEXT_WEIGHT = 0.4
"""A term found in the heading path or title counts less than one in the sentence itself."""
_NEXT_WEIGHT = 0.25
_EARLIER_WEIGHT = 0.5
"""One found in the sentence before, which often names the subject; less with each step back."""
_DECAY = 0.7
_FAINT = 0.05
_NO_FIGURE = 0.15
"""Malus of a sentence without a figure where the question asks for one."""
_WANTS_FIGURE = re.compile(
    r"多少|幾多|几[倍个成家位]|增速|幅度|how (?:much|many|fast|large|high|low)"
    r"|what (?:was|were|is|are)\b.*\b(?:revenue|profit|income|margin|growth|share|rate|ratio|price|sales)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Budget:
    """How much evidence goes into the prompt; 600 characters are some 450 tokens."""

    characters: int = 600
    passages: int = 8


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    span: Span
    """Offsets within the chunk's text."""
    score: float


def choose(query: Query, hits: Sequence[Hit], budget: Budget | None = None) -> tuple[Passage, ...]:
    """Return the passages to show the model, best first, labelled from 1.

    Every passage is one contiguous stretch of one document, whole sentences or table rows.
    """
    budget = budget or Budget()
    chosen: list[_Candidate] = []
    used = 0
    for candidate in _ranked(query, hits):
        span = _with_context(candidate)
        size = span.end - span.start
        if chosen and used + size > budget.characters:
            continue
        chosen.append(_Candidate(candidate.hit, span, candidate.score))
        used += size
        if used >= budget.characters:
            break
    return _passages(_merged(chosen)[: budget.passages])


def _ranked(query: Query, hits: Sequence[Hit]) -> list[_Candidate]:
    units = [(hit, span) for hit in hits for span in units_of(hit.chunk)]
    words = [frozenset(content_terms(h.chunk.text[s.start : s.end])) for h, s in units]
    weights = _weights(_measured(query), words)
    total = sum(weights.values()) or 1.0
    best_rank = {id(hit): 1 / (1 + 0.15 * (hit.rank - 1)) for hit in hits}
    seen: set[str] = set()
    found = []
    for i, (hit, span) in enumerate(units):
        body = hit.chunk.text[span.start : span.end]
        key = re.sub(r"\W+", "", body)
        if key in seen:
            continue
        seen.add(key)
        around = _around(hit, words, units, i)
        overlap = sum(
            w * (1.0 if t in words[i] else around.get(t, 0.0)) for t, w in weights.items()
        )
        score = overlap / total + 0.5 * best_rank[id(hit)] + _period_score(query, body)
        score -= _missing_figure(query, body)
        found.append(_Candidate(hit, span, score))
    return sorted(found, key=lambda c: -c.score)


def _measured(query: Query) -> tuple[str, ...]:
    """Return the terms that sentences are compared by: periods have a score of their own."""
    asked = {t for p in query.periods for t in content_terms(p.text)}
    return tuple(t for t in query.terms if t not in asked) or query.terms


def _missing_figure(query: Query, body: str) -> float:
    if not _WANTS_FIGURE.search(query.text):
        return 0.0
    held = any(f.kind is not figures.Kind.DATE for f in figures.find(body))
    return 0.0 if held else _NO_FIGURE


def coverage(query: Query, hits: Sequence[Hit], support: str) -> float:
    """Return the share of the question's terms that `support` holds, rare terms counting more.

    Terms of the asked period are left out: periods have checks of their own. In [0, 1].
    """
    terms = _measured(query)
    pool = [frozenset(content_terms(_full(h))) for h in hits]
    weights = _weights(terms, pool)
    held = set(content_terms(support))
    total = sum(weights.values())
    return sum(w for t, w in weights.items() if t in held) / total if total else 1.0


def _full(hit: Hit) -> str:
    return " ".join((hit.document.title, *hit.chunk.heading_path, hit.chunk.text))


def units_of(chunk: Chunk) -> list[Span]:
    """Return the sentences of `chunk`, or its rows when it is a table; offsets into its text."""
    if chunk.kind is BlockKind.TABLE:
        return [Span(0, len(chunk.text))] if len(chunk.text) <= 600 else sentences(chunk.text)
    heading = chunk.heading_path[-1] if chunk.heading_path else None
    spans = sentences(chunk.text)
    return [s for s in spans if chunk.text[s.start : s.end] != heading] or spans


def _weights(terms: Sequence[str], units: Sequence[frozenset[str]]) -> dict[str, float]:
    """Return inverse document frequencies of `terms` among the candidate sentences."""
    frequency = Counter(t for unit in units for t in unit)
    return {t: math.log(1 + len(units) / (1 + frequency[t])) for t in terms}


def _around(
    hit: Hit, words: Sequence[frozenset[str]], units: Sequence[tuple[Hit, Span]], i: int
) -> dict[str, float]:
    """Return the weight of terms that stand near the sentence: headings, title, neighbours."""
    near: dict[str, float] = {}
    if i + 1 < len(units) and units[i + 1][0] is hit:
        near |= dict.fromkeys(words[i + 1], _NEXT_WEIGHT)
    weight, j = _EARLIER_WEIGHT, i - 1
    while j >= 0 and units[j][0] is hit and weight > _FAINT:
        for term in words[j]:
            near[term] = max(near.get(term, 0.0), weight)
        weight, j = weight * _DECAY, j - 1
    context = " ".join((hit.document.title, *hit.chunk.heading_path))
    for term in content_terms(context):
        near[term] = max(near.get(term, 0.0), _CONTEXT_WEIGHT)
    return near


def _period_score(query: Query, body: str) -> float:
    """Return a bonus for a sentence that names the asked period, a malus for only others."""
    if not query.periods:
        return 0.0
    stated = period.find(body)
    if any(period.covers(s, a) for s in stated for a in query.periods):
        return 0.2
    if stated and all(period.conflicts(a, s) for s in stated for a in query.periods):
        return -0.2
    return 0.0


def _with_context(candidate: _Candidate) -> Span:
    """Return the sentence's span, extended backwards when it leans on the one before."""
    text, span = candidate.hit.chunk.text, candidate.span
    spans = units_of(candidate.hit.chunk)
    at = next(i for i, s in enumerate(spans) if s == span)
    start = span.start
    if at and _LEANS.match(text[span.start : span.end]):
        start = spans[at - 1].start
    return Span(start, span.end)


def _merged(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """Join touching stretches of the same chunk, keep the order of the best of each."""
    merged: list[_Candidate] = []
    for candidate in chosen:
        for i, other in enumerate(merged):
            if other.hit.chunk == candidate.hit.chunk and _touch(other, candidate):
                start = min(other.span.start, candidate.span.start)
                end = max(other.span.end, candidate.span.end)
                merged[i] = _Candidate(other.hit, Span(start, end), other.score)
                break
        else:
            merged.append(candidate)
    return merged if len(merged) == len(chosen) else _merged(merged)


def _touch(one: _Candidate, other: _Candidate) -> bool:
    gap = max(one.span.start, other.span.start) - min(one.span.end, other.span.end)
    return gap <= 2


def _passages(chosen: Sequence[_Candidate]) -> tuple[Passage, ...]:
    return tuple(
        Passage(
            label=label,
            doc_id=c.hit.chunk.doc_id,
            start=c.hit.chunk.start + c.span.start,
            end=c.hit.chunk.start + c.span.end,
            text=c.hit.chunk.text[c.span.start : c.span.end],
            heading_path=c.hit.chunk.heading_path,
            page=c.hit.chunk.page,
            document=c.hit.document,
            score=c.score,
        )
        for label, c in enumerate(chosen, start=1)
    )
