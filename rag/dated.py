"""A question after a time + the checked answer -> the answer with its time, or none of it.

Small models tell what happened and leave out when. The sentence of the report that is cited says it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import figures, period, verify
from rag.figures import Agreement, agree
from rag.question import Query, content_terms
from rag.schema import Draft, Passage
from rag.text import fold, sentences
from rag.units import Kind
from rag.verify import Checked

_WHEN = re.compile(
    r"什么时候|何时|几时|啥时候?|什么时间|哪一?[年月天日]|哪个(?:月|季度|年)|几[月号日](?!均)|(?<![多长段间])(?:时间|日期|日子)(?:是|为)?[？?]*$|\bwhen (?:was|were|is|are|did|does|do|will|has|have|had|can|could|would|should)\b|\bwhich (?:year|month|quarter|date|day)\b"
    r"|\bwhat (?:year|month|date|day)\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"哪一?[天日]|几[号日](?!均)|\bwhich day\b|\bwhat (?:day|date)\b", re.IGNORECASE)
_OF_DAY = re.compile(
    r"[日号]|[0-9]-[0-9]{1,2}-[0-9]|[0-9]/[0-9]{1,2}|[A-Za-z]+\.? [0-9]{1,2}(?![0-9])|^[0-9]{1,2}(?:st|nd|rd|th)? "
)


def asks(query: Query) -> bool:
    """Return whether `query` asks when something was."""
    return bool(_WHEN.search(query.text))


def answered(query: Query, passages: Sequence[Passage], checked: Checked) -> Checked:
    """Return `checked` where it names a time or none is asked for.

    Else what is cited, where that names one; else nothing, with the reason among what was dropped.
    """
    if not asks(query) or not checked.sentences:
        return checked
    if any(_timed(query, s.text) for s in checked.sentences):
        return _came_about(query, passages, checked) or checked
    by_label = {p.label: p for p in passages}
    for evidence in (e for sentence in checked.sentences for e in sentence.evidence):
        passage = by_label[evidence.label]
        for span in sentences(passage.text):
            quote = passage.text[span.start : span.end]
            if (
                span.start < evidence.span.end
                and span.end > evidence.span.start
                and _timed(query, quote)
            ):
                draft = Draft(query.original, tuple(passages), quote, "", "")
                stated = verify.check(query, draft)
                if any(_timed(query, s.text) for s in stated.sentences):
                    return Checked(stated.sentences, checked.dropped)
    return Checked((), (*checked.dropped, "no time in what is cited"))


def _timed(query: Query, text: str) -> bool:
    """Return whether `text` names a time that the question does not, and a day where one is asked for."""
    own = figures.find(query.text)
    dates = [f for f in figures.find(text) if f.kind is Kind.DATE]
    found = [d for d in dates if not any(agree(d, f) is Agreement.EXACT for f in own)]
    if _DAY.search(query.text):
        return any(_OF_DAY.search(d.text) for d in found)
    asked = {(p.year, p.part, p.month, p.day) for p in query.periods}
    told = {(p.year, p.part, p.month, p.day) for p in period.find(text)}
    return bool(found) or bool(told - asked)


def _came_about(query: Query, passages: Sequence[Passage], checked: Checked) -> Checked | None:
    """Return the sentence that tells the day on which something was, where an answer tells a plan for it.

    "首套机组将于2024年年底投产。… 2024年12月9日，正式投产": of one report, in most of the question's words. None
    where no plan is told, or nothing says that it came about.
    """
    by_label = {p.label: p for p in passages}
    cited = [e for sentence in checked.sentences for e in sentence.evidence]
    plans = [by_label[e.label].text[e.span.start : e.span.end] for e in cited]
    if not all(map(_PLANNED.search, plans)) or _PLANNED.search(query.text):
        return None
    if any(_OF_DAY.search(f.text) for s in checked.sentences for f in figures.find(s.text)):
        return None
    words = {w for w in content_terms(query.text) if len(w) > 1 and not w.isdigit()} - _OF_TIME
    reports = {by_label[e.label].doc_id for e in cited}
    for passage in (p for p in passages if p.doc_id in reports):
        for span in sentences(passage.text):
            quote = passage.text[span.start : span.end]
            days = [f for f in figures.find(quote) if f.kind is Kind.DATE]
            if not any(_OF_DAY.search(d.text) for d in days) or _PLANNED.search(quote):
                continue
            held = fold(quote)
            if sum(word in held for word in words) < _MOSTLY * len(words):
                continue
            draft = Draft(query.original, tuple(passages), quote, "", "")
            told = verify.check(query, draft)
            if any(_timed(query, s.text) for s in told.sentences):
                dropped = tuple(f"{s.text} (a plan)" for s in checked.sentences)
                return Checked(told.sentences, (*checked.dropped, *dropped))
    return None


_PLANNED = re.compile(
    r"将[于在会要]|预计|预期|计划|拟|有望|料将?|争取|目标|\b(?:will|expected|plans?|planned|scheduled|due)\b",
    re.IGNORECASE,
)
_OF_TIME = frozenset("时间 日期 日子 时候 什么".split())
_MOSTLY = 0.6
"""Share of the question's words that the sentence on what came about has to hold."""
