"""Where the labels and the checked figures stand in an answer, and figures in a quote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rag.schema import Answer, FigureCheck

_LABEL = re.compile(r"\[(\d{1,3})\]")
_NUMBER = re.compile(r"[\d.]")


class Piece(NamedTuple):
    """A stretch of an answer; at most one of `label` and `figure` is set."""

    text: str
    label: int | None = None
    figure: FigureCheck | None = None


def pieces(answer: Answer) -> Iterator[Piece]:
    """Yield the text of an answer in order, cut at its labels and checked figures.

    The figures of an answer come in the order of its text. A number between brackets is a label
    only where a citation has it.
    """
    known = {citation.label for citation in answer.citations}
    labels = [m for m in _LABEL.finditer(answer.text) if int(m[1]) in known]
    cursor, rest = 0, list(answer.figures)
    for match in (*labels, None):
        end = match.start() if match else len(answer.text)
        yield from _figures(answer.text[cursor:end], rest)
        if match:
            yield Piece(match[0], label=int(match[1]))
            cursor = match.end()


def sentences(answer: Answer) -> tuple[int, int]:
    """Return how many sentences of an answer are cited, and how many it has.

    The sentences of an answer are what stands between runs of labels.
    """
    *cited, tail = re.split(r"(?:\[\d{1,3}\]\s*)+", answer.text)
    whole = sum(bool(part.strip()) for part in cited)
    return whole, whole + bool(tail.strip(" 。."))


def _figures(text: str, rest: list[FigureCheck]) -> Iterator[Piece]:
    """Yield `text` cut at those of the figures of `rest` that it holds, which are taken off."""
    cursor = 0
    while rest:
        at = _find(text, rest[0].text, cursor)
        if at < 0:
            break
        if at > cursor:
            yield Piece(text[cursor:at])
        figure = rest.pop(0)
        cursor = at + len(figure.text)
        yield Piece(figure.text, figure=figure)
    if cursor < len(text):
        yield Piece(text[cursor:])


def _find(text: str, figure: str, start: int) -> int:
    """Return where `figure` stands in `text` as a whole number, or -1."""
    at = text.find(figure, start) if figure else -1
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(figure) : at + len(figure) + 1]
        inner = _NUMBER.match(before) and figure[0].isdigit()
        cut = figure[-1].isdigit() and after.isdigit()
        if not inner and not cut:
            return at
        at = text.find(figure, at + 1)
    return -1


class Span(NamedTuple):
    """A stretch ``text[start:end]``."""

    start: int
    end: int


def places(text: str, parts: Iterable[str]) -> list[Span]:
    """Return where any of `parts` stands in `text`: in order, those that touch made one."""
    found = sorted(
        Span(m.start(), m.end())
        for part in set(parts)
        if part.strip()
        for m in re.finditer(re.escape(part), text)
        if _find(text, part, m.start()) == m.start()
    )
    merged: list[Span] = []
    for span in found:
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def quotes_of(figures: Sequence[FigureCheck], label: int) -> list[str]:
    """Return where the figures that cite `label` were found: parts of its passage."""
    return [f.quote for f in figures if f.label == label and f.quote]
