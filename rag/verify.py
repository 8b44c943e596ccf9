"""Draft -> checked sentences: labels, quotes, figures, periods; what fails is repaired or dropped.

Every kept sentence carries the labels of passages whose text supports it, every figure in it was
found there (or computed from figures that were). Knows nothing of language models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag import figures, period
from rag.figures import Agreement, Figure, Kind, agree
from rag.question import Query, content_terms
from rag.schema import Check, Draft, FigureCheck, Passage
from rag.text import Span, fold, sentences

_LABEL = re.compile(r"\s*[\[【](\d+)[\]】]\s*")
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*[A-Za-z0-9]")
_CLAUSE_END = re.compile(r"[，,；;](?!\d{3}(?!\d))")
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
        repaired = _rescaled(passages, body, missing) or _without(query, body, missing)
        if repaired is None:
            return "not in the passages: " + ", ".join(c.text for c in missing)
        return _check_sentence(query, passages, repaired, label)
    wrong = _wrong_period(query, passages, places)
    if wrong:
        return wrong
    return _sentence(query, passages, body, places)


def _attribute(
    query: Query,
    passages: Sequence[Passage],
    body: str,
    claims: Sequence[Figure],
    label: int | None,
) -> list[_Found]:
    """Return where each claim is found, with as few passages as will do."""
    terms = set(content_terms(body)) | set(query.terms)
    open_claims = list(claims)
    found: list[_Found] = []
    rest = list(passages)
    while open_claims and rest:
        best = max(rest, key=lambda p: _fit(p, open_claims, terms, label))
        held = [f for c in open_claims if (f := _locate(c, best, terms)) is not None]
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
    passage: Passage, claims: Sequence[Figure], terms: set[str], label: int | None
) -> tuple[int, int, float]:
    held = [f for c in claims if (f := _locate(c, passage, terms))]
    amounts = sum(f.figure.kind is not Kind.DATE for f in held)
    overlap = len(terms & set(content_terms(_context(passage) + " " + passage.text)))
    return amounts, len(held), overlap + (2.0 if passage.label == label else 0.0)


def _locate(claim: Figure, passage: Passage, terms: set[str]) -> _Found | None:
    """Return the best place of `claim` in `passage`: exact before rounded, then closest words."""
    best: tuple[int, int, _Found] | None = None
    for source in figures.find(passage.text):
        agreement = agree(claim, source)
        if agreement is Agreement.NONE:
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


def _rescaled(passages: Sequence[Passage], body: str, missing: Sequence[Figure]) -> str | None:
    """Return `body` with slipped scales put right, or None when no figure is such a slip.

    Small models copy the digits of 925.1亿 into English and call them billion. Where the same digits
    stand in a passage with another scale, the passage's own words replace the slip.
    """
    sources = [f for p in passages for f in figures.find(p.text) if f.kind is not Kind.DATE]
    text = body
    for claim in sorted(missing, key=lambda c: -c.start):
        if claim.kind not in (Kind.MONEY, Kind.COUNT):
            continue
        same = [s for s in sources if s.mantissa == claim.mantissa and s.value != claim.value]
        if len({s.value for s in same}) == 1 and len(claim.mantissa) > 1:
            shown = converted(same[0]) if text.isascii() else same[0].text
            text = text[: claim.start] + shown + text[claim.end :]
    return text if text != body else None


def converted(source: Figure) -> str:
    """Return a Chinese amount for an English sentence: in billions or millions, original behind."""
    for word, size in (("trillion", 10**12), ("billion", 10**9), ("million", 10**6)):
        if source.value >= size:
            currency = {"元": "RMB ", "CNY": "RMB ", "USD": "US$", "HKD": "HK$"}.get(
                source.unit, ""
            )
            return f"{currency}{(source.value / size).normalize():f} {word} ({source.text})"
    return source.text


def _without(query: Query, body: str, missing: Sequence[Figure]) -> str | None:
    """Return `body` without what cannot be found, or None when that leaves no statement.

    A date that only echoes the question is cut out; another figure takes its clause with it.
    """
    asked = figures.find(query.text)
    text = body
    for claim in sorted(missing, key=lambda c: -c.start):
        if claim.kind is Kind.DATE and any(agree(claim, a) is Agreement.EXACT for a in asked):
            tail = re.sub(r"^[\s，,、的]+", "", text[claim.end :])
            text = text[: claim.start] + tail
        else:
            text = _drop_clause(text, claim)
    amounts = [f for f in figures.find(text) if f.kind is not Kind.DATE]
    return text if text != body and amounts else None


def _drop_clause(text: str, claim: Figure) -> str:
    cuts = [0, *(m.end() for m in _CLAUSE_END.finditer(text)), len(text)]
    for start, end in zip(cuts, cuts[1:], strict=False):
        if start <= claim.start < end:
            head = text[:start].rstrip("，,；; ")
            tail = text[end:]
            if not tail and head:
                return head + ("。" if text.endswith("。") else "." if text.endswith(".") else "")
            return head + ("，" if head and tail else "") + tail
    return text


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
        text = by_label[place.label].text
        span = _sentence_at(text, place.at.start)
        stated = period.find(text[span.start : span.end])
        if stated and all(period.conflicts(a, s) for a in query.periods for s in stated):
            return f"{place.figure.text} is of {stated[0].text}"
    return None


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
    ats = [p.at for p in places if p.at is not None]
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
    places = [f for c in dates if (f := _locate(c, best, terms)) is not None]
    missing = [c for c in dates if c not in {f.figure for f in places}]
    asked = figures.find(query.text)
    if any(not any(agree(c, a) is Agreement.EXACT for a in asked) for c in missing):
        return "dates not in the passages: " + ", ".join(c.text for c in missing)
    text = body
    for claim in sorted(missing, key=lambda c: -c.start):
        text = text[: claim.start] + re.sub(r"^[\s，,、的]+", "", text[claim.end :])
    span = _quote(query, best, body, places)
    checks = tuple(_figure_check(best, p) for p in places)
    return CheckedSentence(text, (Evidence(best.label, span),), checks)
