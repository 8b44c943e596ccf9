"""A document -> drafted cases: its most telling figures, each as a question with its gold quote.

A draft is a start for a person, never a case: its question opens with TODO until somebody has read
it against the document. Knows nothing of files or sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eval.lint import TODO
from rag import figures
from rag.figures import Figure, Kind
from rag.language import language_of, say
from rag.schema import BlockKind, Document
from rag.text import Span, sentences

PER_DOCUMENT = 3
_LONGEST_QUOTE = 160
"""Characters; a longer sentence may not lie in one chunk."""
_SUBJECT = range(4, 41)
"""Characters of a stretch before a figure that can name what it measures."""
_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
_WORTH: Mapping[Kind, int] = {Kind.MONEY: 3, Kind.COUNT: 2, Kind.PERCENT: 2}
"""Kinds of figure worth asking for, the best highest."""

_CLAUSE = re.compile(r"[，,；;：:、（(]")
_PERIOD = re.compile(r"(?:19|20)\d{2}年|[一二三四]季度|[上下]半年|\b(?:19|20)\d{2}\b|Q[1-4]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_VERB_WITHIN = re.compile(r"(?:共计?|已|可)?(?:实现|录得|取得|达到|达成)(?:了)?")
_BEFORE_FIGURE = re.compile(
    r"(?:[约約][为為]?|近|超[过過]?|达到?了?|为|為|是|至|到|仅|共计?|合计|高达|大约|接近|不足|超出|有|在|的"
    r"|首次|突破|站上|连续|领先)+$"
)
_CHANGE = re.compile(r"(?:增长|下降|减少|增加|上升|提升|下滑|回落|[增降升涨跌])$")
_ENGLISH_TAIL = re.compile(
    r"(?:\s+(?:was|were|is|are|of|at|to|by|reached|totall?ed|came|in|rose|fell|grew|increased"
    r"|decreased|declined|about|around|nearly|over|approximately|an?|the|up|down|some))+\s*$",
    re.IGNORECASE,
)
_ENGLISH_VERB = re.compile(
    r"\b(?:was|were|is|are|ha[sd]|have|\w{3,}ed|lost|assumes|budgets|expects|between|from)\b", re.I
)
_PAIRED = re.compile(r"分别|依次|respectively", re.IGNORECASE)
"""Several figures in one row: which is whose, a person must say."""
_LEADING = " •·●-–"
_YUAN = ("元", "CNY", "¥")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """A figure that could be asked for."""

    quote: str
    start: int
    """Offset of the figure in the document's text."""
    figure: Figure
    question: str
    worth: int


def drafts(document: Document) -> list[Row]:
    """Return up to `PER_DOCUMENT` drafted rows of a cases file, in the order of the text; no ids."""
    once = {found.quote: found for found in _found(document)}
    chosen = sorted(once.values(), key=lambda f: -f.worth)[:PER_DOCUMENT]
    return [_row(document, found) for found in sorted(chosen, key=lambda f: f.start)]


def near_miss(rows: Iterable[Row], texts: Iterable[str]) -> Row:
    """Return a draft of a question that the documents do not answer.

    It is the first of `rows` that names a year, asked of the nearest year that no text mentions;
    a bare template where that cannot be made.
    """
    known = {year for text in texts for year in _YEAR.findall(text)}
    for row in rows:
        if year := _YEAR.search(row["question"]):
            others = (str(int(year.group()) + step) for step in (-1, 1, -2, 2, -3, 3))
            absent = next((other for other in others if other not in known), None)
            if absent:
                asked = row["question"].replace(year.group(), absent)
                return _unanswerable(asked, row["lang"])
    text = say(
        "a question close to the reports that they do not answer", "与报告相近但报告没有答案的问题"
    )
    return _unanswerable(f"{TODO} {text}", language_of(text))


def _unanswerable(question: str, lang: str) -> Row:
    return {
        "question": question,
        "lang": lang,
        "kind": "unanswerable",
        "answerable": False,
        "answers": [],
        "forbidden": [],
        "evidence": [],
        "history": [],
    }


def _found(document: Document) -> Iterator[_Found]:
    for block in document.blocks:
        if block.kind in _PROSE:
            for span in sentences(document.text, block.start, block.end):
                if found := _of_sentence(document.text, span):
                    yield found


def _of_sentence(text: str, span: Span) -> _Found | None:
    """Return the first figure of a sentence that is worth asking for, if its quote is short."""
    quote = re.split(r"(?<=[；;])", text[span.start : span.end])[0]
    if len(quote) > _LONGEST_QUOTE or _PAIRED.search(quote):
        return None
    for figure in figures.find(quote):
        in_digits = any(char.isdigit() for char in figure.text)
        if figure.kind in _WORTH and figure.high is None and in_digits:
            question = _question(quote, figure)
            worth = _WORTH[figure.kind] + 4 * (question is not None)
            worth += 2 * bool(_PERIOD.search(question or ""))
            return _Found(quote, span.start + figure.start, figure, question or "", worth)
    return None


def _question(quote: str, figure: Figure) -> str | None:
    """Return a question after `figure`, made of the words before it, or None."""
    before = quote[: figure.start].strip(_LEADING)
    if len(before) not in _SUBJECT:
        before = _CLAUSE.split(before)[-1].strip()
    if language_of(quote) == "en":
        subject = _ENGLISH_TAIL.sub("", " " + before).strip(" :")
        noun = " " in subject and not _ENGLISH_VERB.search(subject)
        return f"What was {subject}?" if noun and len(subject) in _SUBJECT else None
    subject = _BEFORE_FIGURE.sub("", _VERB_WITHIN.sub("", before))
    if len(subject) not in _SUBJECT or not re.search(r"[\u4e00-\u9fff]{2}$", subject):
        return None
    return subject + ("了多少？" if _CHANGE.search(subject) else "是多少？")


def _row(document: Document, found: _Found) -> Row:
    figure = found.figure
    short = figure.text.removesuffix("元") if figure.unit in _YUAN else figure.text
    forms = dict.fromkeys([figure.text, short])
    page = document.page_at(found.start) if document.format == "pdf" else None
    return {
        "question": f"{TODO} {found.question}".strip(),
        "lang": language_of(found.question or found.quote),
        "kind": "fact",
        "answerable": True,
        "answers": [list(forms)],
        "forbidden": [],
        "evidence": [{"source": document.source, "quote": found.quote, "page": page}],
        "history": [],
    }
