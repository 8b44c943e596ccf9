"""Draft -> checked sentences: labels, quotes, figures, periods; what fails is repaired or dropped.

Every kept sentence carries the labels of passages whose text supports it, every figure in it was
found there (or computed from figures that were). Knows nothing of language models.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import clash, clauses, figures, numbered, repair, romanized, stated
from rag.figures import Agreement, Figure, Kind, agree
from rag.locate import Found, Missed, locate
from rag.question import Query, content_terms, words_of
from rag.schema import Check, Draft, FigureCheck, Passage
from rag.text import Span, fold, sentences

_ITEM = re.compile(r"^\s*(?:[0-9]{1,2}[.、)）]|[（(][0-9]{1,2}[)）])\s*(?![0-9])")
_LABEL = re.compile(r"\s*[\[【](\d+)[\]】]\s*")
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
    checked: bool = True
    """False for a date of the question that nothing states and nothing contradicts."""


def check(query: Query, draft: Draft) -> Checked:
    """Return the sentences of `draft` that its passages support, repaired where needed."""
    kept: list[CheckedSentence] = []
    dropped: list[str] = []
    english = query.language == "en"
    for drafted, label in _labelled_sentences(draft.text):
        body = romanized.restored(drafted, (p.text for p in draft.passages)) if english else drafted
        if any(fold(body) == fold(other.text) for other in kept):
            continue
        result = _check_sentence(query, draft.passages, body, label)
        if isinstance(result, str):
            dropped.append(f"{body} ({result})")
        else:
            kept.append(result)
    return Checked(tuple(kept), tuple(dropped))


def exactly(checked: Checked) -> Checked:
    """Return only the sentences whose every figure stands as it is in what they cite.

    Withheld are those with a figure that agrees by rounding, or that nothing states.
    """
    sure = (Check.VERIFIED, Check.DERIVED)
    kept: list[CheckedSentence] = []
    dropped = list(checked.dropped)
    for sentence in checked.sentences:
        loose = [figure.text for figure in sentence.figures if figure.check not in sure]
        if loose:
            dropped.append(f"{sentence.text} (not word for word: {', '.join(loose)})")
        else:
            kept.append(sentence)
    return Checked(tuple(kept), tuple(dropped))


def alone(query: Query, passage: Passage, text: str) -> CheckedSentence | None:
    """Return a sentence as one passage carries it word for word, None where it does not."""
    found = _check_sentence(query, (passage,), text, passage.label, 0)
    return found if isinstance(found, CheckedSentence) and found.text == text else None


def _labelled_sentences(text: str) -> list[tuple[str, int | None]]:
    """Return the draft's sentences without labels, each with the label before or after it."""
    found: list[tuple[str, int | None]] = []
    for line in text.splitlines():
        pieces = _LABEL.split(_ITEM.sub("", line))
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
    query: Query, passages: Sequence[Passage], body: str, label: int | None, rounds: int = 4
) -> CheckedSentence | str:
    """Return the checked sentence, or the reason why nothing of it can stand."""
    claims = figures.find(body)
    amounts = [c for c in claims if c.kind is not Kind.DATE]
    if all(numbered.is_make(query, passages, body, c) for c in amounts):
        return _check_words(query, passages, body, label, [c for c in claims if c not in amounts])
    outcome = locate(query, passages, body, label)
    missed = [
        o
        for o in outcome
        if isinstance(o, Missed)
        and not repair.is_echo(query, body, o.figure)
        and not numbered.is_make(query, passages, body, o.figure)
    ]
    found = [o for o in outcome if isinstance(o, Found)]
    if missed:
        return _mended(query, passages, body, label, missed, found, rounds)
    places = [
        _Found(o.figure, o.slot.label, o.agreement, Span(o.slot.figure.start, o.slot.figure.end))
        for o in found
    ]
    if not places:
        return _check_words(query, passages, body, label, claims)
    dated, loose, lost = _dates(query, passages, body, claims, found)
    if lost or loose:
        text = repair.without_echoes(query, body, loose)
        text = repair.without(query, text, lost) or "" if lost else text
        if not text or text == body or not rounds:
            return "dates not in the passages: " + ", ".join(c.text for c in (*lost, *loose))
        return _check_sentence(query, passages, text, label, rounds - 1)
    return _sentence(query, passages, body, [*places, *dated])


def _mended(
    query: Query,
    passages: Sequence[Passage],
    body: str,
    label: int | None,
    missed: Sequence[Missed],
    found: Sequence[Found],
    rounds: int,
) -> CheckedSentence | str:
    """Return the sentence with what is wrong put right or left out, checked again."""
    figures_missed = [m.figure for m in missed]
    reasons = "; ".join(dict.fromkeys(m.reason for m in missed))
    repaired = repair.swapped(query, body, missed, found) or repair.without(
        query, body, figures_missed
    )
    if repaired is None or repaired == body or not rounds:
        return reasons
    return _check_sentence(query, passages, repaired, label, rounds - 1)


def _dates(
    query: Query,
    passages: Sequence[Passage],
    body: str,
    claims: Sequence[Figure],
    found: Sequence[Found],
) -> tuple[list[_Found], list[Figure], list[Figure]]:
    """Return the dates of `body` with a place, those of the question to cut, and the unfounded."""
    by_label = {p.label: p for p in passages}
    used = [by_label[label] for label in dict.fromkeys(f.slot.label for f in found)]
    asked = figures.find(query.text)
    placed: list[_Found] = []
    loose: list[Figure] = []
    lost: list[Figure] = []
    for date in (c for c in claims if c.kind is Kind.DATE):
        place = _dated(date, found) or next(
            (p for passage in used if (p := _date_in(date, passage))), None
        )
        if place:
            placed.append(place)
        elif any(agree(date, a) is Agreement.EXACT for a in asked):
            if stated.plausible(date, used):
                placed.append(_Found(date, used[0].label, Agreement.EXACT, None, checked=False))
            else:
                loose.append(date)
        else:
            lost.append(date)
    return placed, loose, lost


def _dated(date: Figure, found: Sequence[Found]) -> _Found | None:
    """Return the place of a date in the sentences that carry the figures, or None."""
    for item in found:
        for source in item.slot.dates:
            if agree(date, source) is Agreement.EXACT:
                return _Found(
                    date, item.slot.label, Agreement.EXACT, Span(source.start, source.end)
                )
    return None


def _date_in(date: Figure, passage: Passage) -> _Found | None:
    """Return the place of a date elsewhere in a passage, its headings or title, or None."""
    for source in figures.find(passage.text):
        if source.kind is Kind.DATE and agree(date, source) is Agreement.EXACT:
            return _Found(date, passage.label, Agreement.EXACT, Span(source.start, source.end))
    if stated.in_context(date, passage):
        return _Found(date, passage.label, Agreement.EXACT, None)
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
        check = Check.VERIFIED if place.checked else Check.NOT_CHECKED
        return FigureCheck(place.figure.text, passage.label, check, None)
    quote = passage.text[place.at.start : place.at.end]
    return FigureCheck(place.figure.text, passage.label, outcome, quote)


def _quote(query: Query, passage: Passage, body: str, places: Sequence[_Found]) -> Span:
    """Return the stretch of whole sentences that carries `places`, or the closest sentence."""
    ats = [p.at for p in places if p.at is not None and p.figure.kind is not Kind.DATE]
    asked = figures.find(query.text)
    new = (p for p in places if not any(agree(p.figure, a) is Agreement.EXACT for a in asked))
    told = [p.at for p in new if p.at is not None and p.figure.kind is Kind.DATE]
    ats += told if ats else []  # a date that the question does not name is quoted too
    if not ats:  # a date alone may stand a sentence before what is said
        ats = [p.at for p in places if p.at is not None] + [_closest(query, passage, body)]
    start = _sentence_at(passage.text, min(a.start for a in ats)).start
    end = _sentence_at(passage.text, max(a.end for a in ats) - 1).end
    return Span(start, end)


def _closest(query: Query, passage: Passage, body: str) -> Span:
    """Return the sentence that shares most words with a draft."""
    terms = set(content_terms(body)) | set(query.terms)
    told = set(content_terms(body)) - set(query.terms)
    spans = sentences(passage.text) or [Span(0, len(passage.text))]

    def holds(span: Span) -> tuple[int, int]:
        held = set(content_terms(passage.text[span.start : span.end]))
        return len(told & held), len(terms & held)

    return max(spans, key=holds)


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
    makes = [m for f in figures.find(body) if (m := clauses.make_of(body, f))]
    plain = functools.reduce(lambda text, make: text.replace(make, " "), makes, body)
    said = fold(query.text)
    words = {w for w in content_terms(numbered.ORDINAL.sub(" ", plain)) if w not in said}
    terms = set(content_terms(body)) | set(query.terms)

    def core(word: str) -> str:
        return word.strip(stated.LINKS) or word

    def support(passage: Passage) -> tuple[float, float]:
        text = fold(stated.context(passage) + " " + passage.text)
        held = set(content_terms(text)) | {w for w in words if len(w) > 1 and core(w) in text}
        share = len(words & held) / len(words) if words else 1.0
        return share + (0.2 if passage.label == label else 0.0), len(terms & held)

    def dated(passage: Passage) -> int:
        """A draft in another language shares dates with its passage sooner than words."""
        found = [c for c in dates if query.language == "en" and _date_in(c, passage)]
        return len(found) and 1 + len(words_of(query, passage.text) & set(query.terms))

    def rank(passage: Passage) -> tuple[float, ...]:
        share, shared = support(passage)
        stating = sum((f := _date_in(c, passage)) is not None and f.at is not None for c in dates)
        return dated(passage), share, stating, shared

    best = max(passages, key=rank)
    lacks = query.language == "zh" and support(best)[0] < _MIN_SUPPORT
    if lacks and not stated.copied(body, said, fold(best.text)):
        return "its words are not in the passages"
    held = fold(" ".join((stated.context(best), best.text, query.text, query.original)))
    if query.language == "en":  # what is not written as a code may be translated
        held = fold(" ".join((held, *(f"{stated.context(p)} {p.text}" for p in passages))))
    if unknown := numbered.unknown(query, body, held):
        return "names not in the passages: " + ", ".join(unknown)
    if query.language == "en":
        named = next((p for p in passages if p.label == label), best)
        best = named
    places = [f for c in dates if (f := _date_in(c, best)) is not None]
    missing = [c for c in dates if c not in {f.figure for f in places}]
    asked = figures.find(query.text)
    if any(
        stated.only_asked(c, asked, best) or not stated.with_question(c, asked, best)
        for c in missing
    ):
        return "dates not in the passages: " + ", ".join(c.text for c in missing)
    context_only = [f.figure for f in places if f.at is None]
    text = repair.without_echoes(query, body, [*missing, *context_only])
    places = [f for f in places if f.at is not None or f.figure.text in text]
    span = _quote(query, best, body, places)
    if text != body and clash.of_other_years(query, best.text[span.start : span.end]):
        return "the quote is of another time"
    checks = tuple(_figure_check(best, p) for p in places)
    return CheckedSentence(text, (Evidence(best.label, span),), checks)
