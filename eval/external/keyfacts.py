"""A gold answer in prose with its key points -> the facts an answer must state.

The rule, for every question alike. Required is, once each:

1. every figure that both the answer and a key point state and the question does not, dates only
   where the question asks for a time: elsewhere they decorate;
2. every name in quotation marks or title marks of which the same holds;
3. where that yields nothing: the whole answer, if it is a short phrase taken word for word from a
   gold quote (a name, a post, a plan); of a company the name without its legal form will do.

Where nothing is required the answer can only be compared with the gold wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from eval.external.forms import figure_forms
from rag import figures
from rag.figures import Agreement, Figure, Kind
from rag.text import squeeze

Facts = tuple[tuple[str, ...], ...]

PHRASE = 12
"""Characters of the longest phrase that is required word for word."""

_QUOTED = re.compile(r"“([^“”]{2,20})”|‘([^‘’]{2,20})’|《([^《》]{2,20})》|「([^「」]{2,20})」")
_ASKS_TIME = re.compile(
    r"何时|时间|日期|哪[一个]?[年月天日]|什么时候|几[年月号]|多久|更早|更晚|最早|最晚|when|what (?:date|year|month)"
)
_YEAR = re.compile(r"(?:19|20)\d{2}年")
_LEGAL_FORM = re.compile(r"(?:股份|控股|集团)?有限(?:责任)?公司$")
_ENUMERATOR = re.compile(r"^\s*\d+\s*[.．、]\s*")
_CLAUSE = re.compile(r"[，,、；;。]")


def required(question: str, answer: str, key_points: Sequence[str], quotes: Sequence[str]) -> Facts:
    """Return the required facts, each with its accepted forms, in the order of the key points."""
    points = "\n".join(_ENUMERATOR.sub("", point) for point in key_points)
    facts = dict.fromkeys([*_figures(question, answer, points), *_names(question, answer, points)])
    return tuple(facts) or tuple(_phrase(answer, quotes))


def _figures(question: str, answer: str, points: str) -> Iterator[tuple[str, ...]]:
    asked, given = figures.find(question), figures.find(answer)
    wants_time = _ASKS_TIME.search(question.lower()) is not None
    for figure in figures.find(points):
        if figure.kind is Kind.DATE and not wants_time:
            continue
        if _among(figure, given) and not _among(figure, asked):
            yield (
                _date_forms(figure, question) if figure.kind is Kind.DATE else figure_forms(figure)
            )


def _among(figure: Figure, others: Sequence[Figure]) -> bool:
    return any(figures.agree(figure, other) is Agreement.EXACT for other in others)


def _date_forms(figure: Figure, question: str) -> tuple[str, ...]:
    """Return a date, and without its year where the question names that year."""
    year = _YEAR.match(figure.text)
    if year and year.group() in question and year.end() < len(figure.text):
        return figure.text, figure.text[year.end() :]
    return (figure.text,)


def _names(question: str, answer: str, points: str) -> Iterator[tuple[str, ...]]:
    for match in _QUOTED.finditer(points):
        name = next(group for group in match.groups() if group)
        if name in answer and name not in question:
            yield (name,)


def _phrase(answer: str, quotes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    phrase = answer.strip().rstrip("。.！!")
    verbatim = any(squeeze(phrase) in squeeze(quote) for quote in quotes)
    if not phrase or len(phrase) > PHRASE or _CLAUSE.search(phrase) or not verbatim:
        return
    short = _LEGAL_FORM.sub("", phrase)
    yield (phrase, short) if len(short) >= 2 and short != phrase else (phrase,)
