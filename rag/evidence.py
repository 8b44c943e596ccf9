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
from dataclasses import dataclass, replace

from rag import enumeration, excerpt, figures, measures, period, table, timing, years
from rag.language import language_of
from rag.period import Period
from rag.question import Query, comparable_terms, content_terms, words_of
from rag.schema import BlockKind, Chunk, Hit, Passage
from rag.text import Span, plain, sentences

_LEANS = re.compile(
    r"^(?:当时|彼时|届时|其中|该|此|这|上述|同期|报告期|其|同时|此外|另外|而|并|且|个股方面|他|它|[（(]?\d+[)）]|一是|二是|三是|"
    r"It |Its |This |These |The company|Of which)"
)
_WHOLE = 400
"""Characters of a chunk that may be shown whole."""
_SHORT = 6
"""Characters of an opening that names a measure alone."""
_SOURCE = re.compile(r"(?:资料|数据|信息)?来源\s*[：:]|Sources?\s*[：:]", re.IGNORECASE)
_CONTEXT_WEIGHT = 0.4
"""A term found in the heading path or title counts less than one in the sentence itself."""
_NEXT_WEIGHT = 0.25
_EARLIER_WEIGHT = 0.5
"""One found in the sentence before, which often names the subject; less with each step back."""
_DECAY = 0.7
_FAINT = 0.05
_NO_FIGURE = 0.15
"""Malus of a sentence without a figure where the question asks for one."""
_TIMELY = 0.2
_WORD = re.compile(r"[^\W\d_]")
_LISTED = 0.3
"""Bonus of a sentence that names as many things as the question says that it is after."""
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
class _Unit:
    """What is chosen or left as a whole: a sentence, or a row of a table."""

    span: Span
    """Offsets into the chunk's text."""
    text: str
    """As the model reads it: a row with its label and the header and unit of each value."""
    title: str = ""
    """Of the table that it is a row of."""
    head: str = ""
    """Of a row the lines it takes to read it, see `rag.table.parse`."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    unit: _Unit
    score: float

    @property
    def span(self) -> Span:
        return self.unit.span


def choose(query: Query, hits: Sequence[Hit], budget: Budget | None = None) -> tuple[Passage, ...]:
    """Return the passages to show the model, best first, labelled from 1.

    Every passage is one contiguous stretch of one document, whole sentences or table rows.
    """
    budget = budget or Budget()
    chosen: list[_Candidate] = []
    used = 0
    for candidate in (*_foremost(query, hits), *_ranked(query, hits)):
        if any(_inside(candidate, whole) for whole in chosen):
            continue
        candidate = _with_context(candidate)
        size = len(candidate.unit.text)
        if chosen and used + size > budget.characters:
            continue
        chosen.append(candidate)
        used += size
        if used >= budget.characters:
            break
    return _passages(_merged(chosen)[: budget.passages])


def _inside(one: _Candidate, other: _Candidate) -> bool:
    within = other.span.start <= one.span.start and one.span.end <= other.span.end
    return one.hit is other.hit and within


def _foremost(query: Query, hits: Sequence[Hit]) -> list[_Candidate]:
    """Return the best hit whole where the question is in the other language: words tell little there."""
    if not hits or hits[0].chunk.kind is BlockKind.TABLE:
        return []
    text = hits[0].chunk.text
    foreign = language_of(text) != query.language and len(text) <= _WHOLE
    return [_Candidate(hits[0], _Unit(Span(0, len(text)), text), 1.0)] if foreign else []


def _ranked(query: Query, hits: Sequence[Hit]) -> list[_Candidate]:
    units = [(hit, unit) for hit in hits for unit in _units(hit.chunk)]
    words = [words_of(query, f"{unit.title} {unit.text}") for _, unit in units]
    weights = _weights(_measured(query), words)
    total = sum(weights.values()) or 1.0
    many = enumeration.asked(query.text)
    best_rank = {id(hit): 1 / (1 + 0.15 * (hit.rank - 1)) for hit in hits}
    seen: set[str] = set()
    found = []
    for i, (hit, unit) in enumerate(units):
        key = re.sub(r"\W+", "", unit.text)
        if key in seen:
            continue
        seen.add(key)
        around = _around(query, units, words, i)
        overlap = sum(
            w * (1.0 if t in words[i] else around.get(t, 0.0)) for t, w in weights.items()
        )
        score = overlap / total + 0.5 * best_rank[id(hit)]
        score += _period_score(query, _with_its_time(units, i), hit.chunk.heading_path[1:])
        score -= _missing_figure(query, unit.text)
        score += _LISTED if many in enumeration.sizes(plain(unit.text)) else 0.0
        found.append(_Candidate(hit, unit, score))
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
    comparable = set(comparable_terms(query, support))
    terms = [t for t in _measured(query) if t in comparable]
    pool = [words_of(query, _full(h)) for h in hits]
    weights = _weights(terms, pool)
    held = words_of(query, support)
    total = sum(weights.values())
    return sum(w for t, w in weights.items() if t in held) / total if total else 1.0


def _full(hit: Hit) -> str:
    return " ".join((hit.document.title, *hit.chunk.heading_path, hit.chunk.text))


def units_of(chunk: Chunk) -> list[Span]:
    """Return the sentences of `chunk`, or the rows of its table; offsets into its text."""
    return [unit.span for unit in _units(chunk)]


def _units(chunk: Chunk) -> list[_Unit]:
    """Return what of `chunk` can be shown by itself, in order: sentences, rows of its table.

    Header rows and captions are no units: every row brings what it needs of them.
    """
    spans = sentences(chunk.text)
    heading = chunk.heading_path[-1] if chunk.heading_path else None
    if chunk.kind is BlockKind.TABLE:
        found = table.parse(chunk.text, chunk.head)
        if found is not None and found.rows:
            units = [*_rows(found), *_beside(chunk.text, found, spans, heading)]
            return sorted(units, key=lambda unit: unit.span)
    units = [_Unit(span, chunk.text[span.start : span.end]) for span in spans]
    said = [u for u in units if u.text != heading and _WORD.search(u.text)]  # "1." says nothing
    return said or units


def _rows(found: table.Table) -> list[_Unit]:
    return [
        _Unit(
            Span(row.start, row.end),
            table.row_text(found, row, titled=False),
            found.title,
            found.head_at(row.start),
        )
        for row in found.rows
    ]


def _beside(
    text: str, found: table.Table, spans: Sequence[Span], heading: str | None
) -> list[_Unit]:
    """Return the sentences before and after a table; its source line is none."""
    outside = [s for s in spans if s.end <= found.start or s.start >= found.rows[-1].end]
    units = [_Unit(span, text[span.start : span.end]) for span in outside]
    return [unit for unit in units if not _SOURCE.match(unit.text) and unit.text != heading]


def _weights(terms: Sequence[str], units: Sequence[frozenset[str]]) -> dict[str, float]:
    """Return inverse document frequencies of `terms` among the candidate sentences."""
    frequency = Counter(t for unit in units for t in unit)
    return {t: math.log(1 + len(units) / (1 + frequency[t])) for t in terms}


def _around(
    query: Query, units: Sequence[tuple[Hit, _Unit]], words: Sequence[frozenset[str]], i: int
) -> dict[str, float]:
    """Return the weight of terms that stand near a unit: headings, titles, neighbours."""
    hit, unit = units[i]
    context = " ".join((hit.document.title, *hit.chunk.heading_path, unit.title))
    near = dict.fromkeys(words_of(query, context), _CONTEXT_WEIGHT)
    if unit.head:  # the rows of a table are read each by itself
        return near
    beside = [(i + 1, _NEXT_WEIGHT)]
    weight, j = _EARLIER_WEIGHT, i - 1
    while j >= 0 and units[j][0] is hit and weight > _FAINT:
        beside.append((j, weight))
        weight, j = weight * _DECAY, j - 1
    for j, weight in beside:
        for term in words[j] if j < len(units) and units[j][0] is hit else ():
            near[term] = max(near.get(term, 0.0), weight)
    return near


_THEN = re.compile(r"^(?:当时|彼时|届时|At (?:the|that) time)")


def _with_its_time(units: Sequence[tuple[Hit, _Unit]], i: int) -> str:
    """Return a sentence, with the one before it where 当时 points back to its time."""
    hit, unit = units[i]
    before = units[i - 1] if i else None
    leans = before is not None and before[0] is hit and _THEN.match(unit.text)
    return f"{before[1].text} {unit.text}" if before and leans else unit.text


def _period_score(query: Query, body: str, headings: Sequence[str]) -> float:
    """Return a bonus for a sentence of the asked period, a malus for one only of others.

    Half of it where the sentence names none and the nearest heading that names one speaks.
    """
    if not query.periods:
        return 0.0
    if stated := _periods(body):
        return _agreement(query, stated)
    over = next((p for heading in reversed(headings) if (p := _periods(heading))), None)
    return _agreement(query, over) / 2 if over else 0.0


def _periods(text: str) -> list[Period]:
    """Return the periods that a text speaks of, without those it only compares with."""
    runs = [Period(str(y), y) for run in years.runs(text) for y in run.years]
    found = (p for p in period.places(text) if not timing.is_base(text[: p.start]))
    return [*(p.period for p in found), *runs]


def _agreement(query: Query, stated: Sequence[Period]) -> float:
    if any(period.covers(s, a) for s in stated for a in query.periods):
        return _TIMELY
    if all(period.conflicts(a, s) for s in stated for a in query.periods):
        return -_TIMELY
    return 0.0


def _with_context(candidate: _Candidate) -> _Candidate:
    """Return a sentence together with the one before it when it leans on that."""
    text, unit = candidate.hit.chunk.text, candidate.unit
    if unit.head or not (_LEANS.match(unit.text) or _is_bare(unit.text)):
        return candidate
    before = [u for u in _units(candidate.hit.chunk) if u.span.end <= unit.span.start]
    if not before or before[-1].head:
        return candidate
    span = Span(before[-1].span.start, unit.span.end)
    return replace(candidate, unit=_Unit(span, text[span.start : span.end]))


def _is_bare(text: str) -> bool:
    """Return whether a sentence opens with a measure and its figure: 毛利率77.5%, whose it does not say."""
    first = next((f for f in figures.find(text) if f.kind is not figures.Kind.DATE), None)
    opening = text[: first.start] if first else ""
    return 0 < len(opening) <= _SHORT and bool(measures.named(opening))


def _merged(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """Join touching stretches of the same chunk, keep the order of the best of each."""
    merged: list[_Candidate] = []
    for candidate in chosen:
        for i, other in enumerate(merged):
            if _touch(other, candidate):
                merged[i] = replace(other, unit=_joined(other.unit, candidate.unit))
                break
        else:
            merged.append(candidate)
    return merged if len(merged) == len(chosen) else _merged(merged)


def _joined(one: _Unit, other: _Unit) -> _Unit:
    first = min(one, other, key=lambda unit: unit.span)
    span = Span(first.span.start, max(one.span.end, other.span.end))
    return replace(first, span=span)


def _touch(one: _Candidate, other: _Candidate) -> bool:
    """Return whether both are neighbours of one chunk: two sentences, or two rows of a table."""
    if one.hit.chunk != other.hit.chunk or bool(one.unit.head) != bool(other.unit.head):
        return False
    gap = max(one.span.start, other.span.start) - min(one.span.end, other.span.end)
    return gap <= 2


def _passages(chosen: Sequence[_Candidate]) -> tuple[Passage, ...]:
    return tuple(
        excerpt.of(c.hit, c.span, label=label, score=c.score, head=_head(c))
        for label, c in enumerate(chosen, start=1)
    )


def _head(candidate: _Candidate) -> str:
    chunk, span = candidate.hit.chunk, candidate.span
    return table.head_of(chunk.text, chunk.head, *span) if candidate.unit.head else ""
