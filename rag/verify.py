"""Draft -> checked sentences: labels, quotes, figures, periods; what fails is repaired or dropped.

Every kept sentence carries the labels of passages whose text supports it, every figure in it was
found there (or computed from figures that were). Knows nothing of language models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag import figures, pairs, period, repair
from rag.figures import Agreement, Figure, Kind, agree
from rag.question import Query, content_terms
from rag.schema import Check, Draft, FigureCheck, Passage
from rag.text import Span, fold, sentences

_LABEL = re.compile(r"\s*[\[【](\d+)[\]】]\s*")
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*[A-Za-z0-9]")
_MIN_SUPPORT = 0.6
"""Share of a figureless sentence's content words that its passage must hold."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a passage supports a sentence."""

    label: int
    span: Span
    """Offsets into the passage's text: whole sentences or rows."""


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence that passed, and what carries it."""

    text: str
    evidence: tuple[Evidence, ...]
    figures: tuple[FigureCheck, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome for a draft: sentences kept, in order, and why others were dropped."""

    sentences: tuple[CheckedSentence, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    figure: Figure
    label: int
    agreement: Agreement
    at: Span | None
    """Place in the passage's text; None when the context (heading, title, date) holds it."""


def check(query: Query, draft: Draft) -> Checked:
    """Return the sentences of `draft` that its passages support, repaired where needed."""
    kept: list[CheckedSentence] = []
    dropped: list[str] = []
    for body, label in _labelled_sentences(draft.text):
        if any(fold(body) == fold(other.text) for other in kept):
            continue
        result = _check_sentence(query, draft.passages, body, label)
        if isinstance(result, str):
            dropped.append(f"{body} ({result})")
        else:
            kept.append(result)
    return Checked(tuple(kept), tuple(dropped))


def _labelled_sentences(text: str) -> list[tuple[str, int | None]]:
    """Return the draft's sentences without labels, each with the label before or after it."""
    found: list[tuple[str, int | None]] = []
    for line in text.splitlines():
        pieces = _LABEL.split(line)
        label = None
        for i, piece in enumerate(pieces):
            if i % 2:
                label = int(piece)
                continue
            following = int(pieces[i + 1]) if i + 1 < len(pieces) and label is None else None
            for span in sentences(piece):
                found.append((piece[span.start : span.end], label or following))
    return [(body, label) for body, label in found if re.search(r"\w", body)]


def _check_sentence(
    query: Query, passages: Sequence[Passage], body: str, label: int | None
) -> CheckedSentence | str:
    """Return the checked sentence, or the reason why nothing of it can stand."""
    claims = figures.find(body)
    if not [c for c in claims if c.kind is not Kind.DATE]:
        return _check_words(query, passages, body, label, claims)
    places = _attribute(query, passages, body, claims, label)
    missing = [c for c in claims if c not in {f.figure for f in places}]
    if missing:
        repaired = (
            repair.swapped(passages, body, missing)
            or repair.rescaled(passages, body, missing)
            or repair.without(query, body, missing)
        )
        if repaired is None:
            return "not in the passages: " + ", ".join(c.text for c in missing)
        return _check_sentence(query, passages, repaired, label)
    wrong = _wrong_period(query, passages, places)
    if wrong:
        return wrong
    shown = _without_loose_dates(query, passages, body, places)
    if shown != body:
        return _check_sentence(query, passages, shown, label)
    return _sentence(query, passages, body, places)


def _without_loose_dates(
    query: Query, passages: Sequence[Passage], body: str, places: Sequence[_Found]
) -> str:
    """Return `body` without dates that only echo the question and are not in the quotes."""
    texts = {p.label: p.text for p in passages}
    quoted = [
        (p.label, _sentence_at(texts[p.label], p.at.start))
        for p in places
        if p.at is not None and p.figure.kind is not Kind.DATE
    ]
    loose = [
        p.figure
        for p in places
        if p.figure.kind is Kind.DATE
        and not any(
            p.at is not None and p.label == label and span.start <= p.at.start < span.end
            for label, span in quoted
        )
    ]
    return repair.without_echoes(query, body, loose)


def _attribute(
    query: Query,
    passages: Sequence[Passage],
    body: str,
    claims: Sequence[Figure],
    label: int | None,
) -> list[_Found]:
    """Return where each claim is found, with as few passages as will do."""
    terms = set(content_terms(body)) | set(query.terms)
    said = body + query.text
    open_claims = list(claims)
    found: list[_Found] = []
    rest = list(passages)
    while open_claims and rest:
        best = max(rest, key=lambda p: _fit(p, open_claims, terms, label, said))
        held = [f for c in open_claims if (f := _locate(c, best, terms, said)) is not None]
        if not any(f.figure.kind is not Kind.DATE for f in held) and found:
            rest.remove(best)
            continue
        if not held:
            break
        found += held
        open_claims = [c for c in open_claims if c not in {f.figure for f in held}]
        rest.remove(best)
    return found


def _fit(
    passage: Passage, claims: Sequence[Figure], terms: set[str], label: int | None, body: str
) -> tuple[int, int, float]:
    held = [f for c in claims if (f := _locate(c, passage, terms, body))]
    amounts = sum(f.figure.kind is not Kind.DATE for f in held)
    overlap = len(terms & set(content_terms(_context(passage) + " " + passage.text)))
    return amounts, len(held), overlap + (2.0 if passage.label == label else 0.0)


def _locate(claim: Figure, passage: Passage, terms: set[str], body: str) -> _Found | None:
    """Return the best place of `claim` in `passage`: exact before rounded, then closest words.

    A figure that belongs by order to another name than `body` speaks of is no place for it.
    """
    best: tuple[int, int, _Found] | None = None
    for source in figures.find(passage.text):
        agreement = agree(claim, source)
        if agreement is Agreement.NONE or _of_another(passage.text, source, body):
            continue
        span = _sentence_at(passage.text, source.start)
        near = len(terms & set(content_terms(passage.text[span.start : span.end])))
        place = _Found(claim, passage.label, agreement, Span(source.start, source.end))
        rank = (agreement is Agreement.EXACT, near, place)
        if best is None or rank[:2] > best[:2]:
            best = rank
    if best is not None:
        return best[2]
    if claim.kind is Kind.DATE and _stated_in_context(claim, passage):
        return _Found(claim, passage.label, Agreement.EXACT, None)
    return None


def _of_another(text: str, source: Figure, body: str) -> bool:
    name, row = pairs.owner(text, source)
    spoken = [n for n in row if n in body]
    return name is not None and bool(spoken) and name not in spoken


def _context(passage: Passage) -> str:
    document = passage.document
    return " ".join((document.title, document.published or "", *passage.heading_path))


def _stated_in_context(claim: Figure, passage: Passage) -> bool:
    held = figures.find(_context(passage)) + figures.find(passage.text)
    parts = _date_parts(claim)
    return all(any(agree(part, source) is Agreement.EXACT for source in held) for part in parts)


def _date_parts(claim: Figure) -> list[Figure]:
    """Return the year alone and the month and day alone: they may be stated apart."""
    value = int(claim.value)
    year, rest = value // 10000 * 10000, value % 10000
    return [replace(claim, value=type(claim.value)(v)) for v in (year, rest) if v]


def _wrong_period(
    query: Query, passages: Sequence[Passage], places: Sequence[_Found]
) -> str | None:
    """Return a reason when the carrying sentences speak only of another time than asked."""
    if not query.periods:
        return None
    by_label = {p.label: p for p in passages}
    for place in places:
        if place.figure.kind is Kind.DATE or place.at is None:
            continue
        stated = _stated_periods(by_label[place.label], place.at)
        if stated and all(period.conflicts(a, s) for a in query.periods for s in stated):
            return f"{place.figure.text} is of {stated[0].text}"
    return None


def _stated_periods(passage: Passage, at: Span) -> list[period.Period]:
    """Return the periods of the sentence at `at`; without any, those around it.

    Headings and titles count by their years only: their months are often those of publication.
    """
    span = _sentence_at(passage.text, at.start)
    near = period.find(passage.text[span.start : span.end]) or period.find(passage.text)
    if near:
        return near
    around = period.find(" ".join((passage.document.title, *passage.heading_path)))
    return [period.Period(p.text, p.year) for p in around if p.year]


def _sentence(
    query: Query, passages: Sequence[Passage], body: str, places: Sequence[_Found]
) -> CheckedSentence:
    by_label = {p.label: p for p in passages}
    labels = list(dict.fromkeys(p.label for p in places))
    evidence = tuple(
        Evidence(
            label, _quote(query, by_label[label], body, [p for p in places if p.label == label])
        )
        for label in labels
    )
    checks = tuple(_figure_check(by_label[p.label], p) for p in _in_order(places))
    return CheckedSentence(body, evidence, checks)


def _in_order(places: Sequence[_Found]) -> list[_Found]:
    return sorted(places, key=lambda p: p.figure.start)


def _figure_check(passage: Passage, place: _Found) -> FigureCheck:
    outcome = Check.VERIFIED if place.agreement is Agreement.EXACT else Check.ROUNDED
    if place.at is None:
        return FigureCheck(place.figure.text, passage.label, Check.VERIFIED, None)
    quote = passage.text[place.at.start : place.at.end]
    return FigureCheck(place.figure.text, passage.label, outcome, quote)


def _quote(query: Query, passage: Passage, body: str, places: Sequence[_Found]) -> Span:
    """Return the stretch of whole sentences that carries `places`, or the closest sentence."""
    ats = [p.at for p in places if p.at is not None and p.figure.kind is not Kind.DATE]
    ats = ats or [p.at for p in places if p.at is not None]
    if ats:
        start = _sentence_at(passage.text, min(a.start for a in ats)).start
        end = _sentence_at(passage.text, max(a.end for a in ats) - 1).end
        return Span(start, end)
    terms = set(content_terms(body)) | set(query.terms)
    spans = sentences(passage.text) or [Span(0, len(passage.text))]
    return max(spans, key=lambda s: len(terms & set(content_terms(passage.text[s.start : s.end]))))


def _sentence_at(text: str, offset: int) -> Span:
    for span in sentences(text):
        if span.start <= offset < span.end:
            return span
    return Span(0, len(text))


def _check_words(
    query: Query,
    passages: Sequence[Passage],
    body: str,
    label: int | None,
    dates: Sequence[Figure],
) -> CheckedSentence | str:
    """Check a sentence without amounts: its words and names must be in one passage."""
    words = set(content_terms(body)) - set(query.terms)
    terms = set(content_terms(body)) | set(query.terms)

    def support(passage: Passage) -> tuple[float, float]:
        held = set(content_terms(_context(passage) + " " + passage.text))
        share = len(words & held) / len(words) if words else 1.0
        return share + (0.2 if passage.label == label else 0.0), len(terms & held)

    best = max(passages, key=support)
    if query.language == "zh" and support(best)[0] < _MIN_SUPPORT:
        return "its words are not in the passages"
    held = fold(" ".join((_context(best), best.text, query.text, query.original)))
    unknown = [n for n in _LATIN_NAME.findall(body) if fold(n) not in held]
    if unknown and query.language == "zh":
        return "names not in the passages: " + ", ".join(unknown)
    if query.language == "en":
        named = next((p for p in passages if p.label == label), best)
        best = named
    places = [f for c in dates if (f := _locate(c, best, terms, body)) is not None]
    missing = [c for c in dates if c not in {f.figure for f in places}]
    asked = figures.find(query.text)
    if any(not any(agree(c, a) is Agreement.EXACT for a in asked) for c in missing):
        return "dates not in the passages: " + ", ".join(c.text for c in missing)
    context_only = [f.figure for f in places if f.at is None]
    text = repair.without_echoes(query, body, [*missing, *context_only])
    places = [f for f in places if f.at is not None or f.figure.text in text]
    span = _quote(query, best, body, places)
    checks = tuple(_figure_check(best, p) for p in places)
    return CheckedSentence(text, (Evidence(best.label, span),), checks)
