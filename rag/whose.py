"""Whom a question is about + a sentence of a passage -> how close the two are, or whether it is another's.

Knows nothing of figures' measures or times.
"""

from __future__ import annotations

import functools
import re

from rag import aliases, figures, subject
from rag.schema import Passage
from rag.subject import Subject
from rag.text import Span, fold

_THAN = re.compile(
    r"(?:[高低多少强弱快慢大小优]于|超过|不及|不如|领先|落后|跑赢|跑输|相比|\bthan\b|\babove\b|\bbelow\b).*",
    re.IGNORECASE,
)
"""Whom a figure is compared with, after it."""
_EXCEPT = re.compile(
    r"除了?[^，。,；;]{1,24}?(?:[，,]|之?外|以外)|\b(?:except(?: for)?|apart from|excluding)\b[^,.;]{1,40}",
    re.IGNORECASE,
)
"""Whom a sentence leaves out: 除了甲集团，…"""
_ROW = re.compile(r"分别|依次|各")
_NUMBERING = re.compile(r"^[（(]?[0-9一二三四五六七八九十]+(?:\.[0-9]+)*[）)、.．]?\s*")
_NEXT = re.compile(r"其次|紧随|第[二三]的?[是为]|随后[是为]|\bfollowed by\b", re.IGNORECASE)
"""What leads over to the next of a ranking, listed or not."""
_PART = re.compile(r"[；;]")
_SENTENCE, _HEADING, _BEFORE, TITLE = 1.0, 0.8, 0.7, 0.6
"""How close what names the subject is to a figure."""


_WHOLE = re.compile(
    r"[对占](?=[^，,。；;]{2,16}?(?:收入|营收|利润)的?(?:贡献|占比|比[重例]))[^，,。；;]{2,16}?(?=整体|总|收入|营收|利润)"
)
"""Of whom something is a share: 对阿里巴巴集团整体营收的贡献."""


def closeness(whom: Subject, passage: Passage, sentence: Span, at: int) -> float:
    """Return how close a sentence of `passage` is to what the question is about, in [0, 1].

    1 where it names it; less where only the sentences before, the headings or the title do. What
    follows `at`, the offset of a figure, in another part of the sentence does not count.
    """
    text = passage.text
    part = _PART.search(text, at, sentence.end)
    after = _THAN.sub("", text[at : part.start() if part else sentence.end])
    before = _WHOLE.sub(" ", _EXCEPT.sub(" ", text[sentence.start : at]))
    if subject.names(whom, before + after):
        return 0.0 if _another_since(whom, before) else _SENTENCE
    if subject.heads(whom, passage) or subject.names(whom, passage.head):
        return _HEADING
    if subject.names(whom, text[: sentence.start]):
        return _BEFORE
    title = " ".join((passage.document.title, *passage.heading_path))
    return TITLE if subject.names(whom, title) else 0.0


def has_section(whom: Subject, passage: Passage) -> bool:
    """Return whether its section is headed by the subject's name: 二、乙公司：收入下降."""
    return any(
        whom.forms.fullmatch(_NUMBERING.sub("", fold(heading)).split(":")[0].strip())
        for heading in subject.headings_below_title(passage)
    )


def is_anothers(whom: Subject, passage: Passage, sentence: Span, at: int, listed: str = "") -> bool:
    """Return whether the listed name nearest before offset `at` of a sentence is another's.

    Where the sentence does not name the subject, what stands over it may not name the subject alone.
    `listed` is the name that the order of a list gives the figure, whoever is named after it.
    """
    if subject.names(whom, listed):
        return False
    before = _EXCEPT.sub(" ", passage.text[sentence.start : at])
    over = " ".join((*subject.headings_below_title(passage), passage.head))
    clause = re.split(r"[，,；;]", passage.text[at : sentence.end])[0]
    if not subject.names(whom, before):
        alone = subject.names(whom, over) and not _another_since(whom, over)
        if alone or subject.names(whom, clause):
            return False
        return _another_since(whom, f"{over} {before}")
    return _another_since(whom, before)


def _another_since(whom: Subject, before: str) -> bool:
    """Return whether another listed name is nearer before a figure than the subject, lists aside.

    "甲增长121%，其次是乙，增长90%": 90% is not 甲's. In "甲、乙分别增长8%、5%" order decides.
    """
    own = [match.end() for match in whom.forms.finditer(fold(before))]
    since = before[own[-1] :] if own else before
    if own and (not figures.find(since) or _NEXT.search(since)):
        return bool(figures.find(since))
    others = (*(other.asked for other in aliases.expand(since)), *_firms(since))
    return any(not whom.forms.search(fold(o)) for o in others) and not _ROW.search(before)


_CLAUSES = re.compile(r"[，,；;、。的和与及而是]")


@functools.lru_cache(maxsize=4096)
def _firms(text: str) -> tuple[str, ...]:
    """Return the companies that no list knows and that a clause of `text` opens with: …的德远海运同期….

    What stands before the first comma may be about anybody: only a name told by its line of business counts.
    """
    found = (subject.unknown_firm(clause) for clause in _CLAUSES.split(text))
    return tuple(dict.fromkeys(name for name in found if _CHINESE.fullmatch(name)))


_CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def names_another(whom: Subject, text: str) -> bool:
    """Return whether `text` holds a listed name of another, and none of the subject's."""
    text = _EXCEPT.sub(" ", text)
    return not subject.names(whom, text) and _another_since(whom, text)
