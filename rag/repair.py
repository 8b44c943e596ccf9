"""A draft sentence with figures that stand nowhere -> what of it can be saved.

Slipped scales are put right from the passage, echoes of the question's date are cut out, any other
unfound figure takes its clause with it. The result is checked again by `rag.verify`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal

from rag import clauses, figures, period, scales
from rag.binding import Slot
from rag.figures import Agreement, Figure, Kind, agree
from rag.locate import Found, Missed
from rag.question import Query

_PREPOSITION = re.compile(r"\s*\b(?:as of|in|on|at|by|during|of|for|since)\s*$", re.IGNORECASE)
_DEPENDS = re.compile(
    rf"{clauses.LEANS.pattern}|\s*(?:其中|其余|后者|前者|分别|高?达|录得|实现|完成|扣除|即|[降升增减跌涨]?[为至到](?=[约近超逾]?[0-9])|or\b|of which\b)",
    re.IGNORECASE,
)
"""How a clause opens that means nothing without the clause before it."""
_OPENER = re.compile(r"其中|此外|另外|同时|具体来看|of which", re.IGNORECASE)
_OF_KINDS = re.compile(r"(?<!第)([一二两三四五六七八九十]|\d{1,2})(?:个?方面|[个大类项点条块步种])")
"""A count of what a text goes on to list."""
_RANKED = re.compile(r"\b[Tt](?:op|OP) [0-9]+$")
"""How long a list is that the question names: top 100."""
_CLAUSE_END = re.compile(r"[，,；;](?!\d{3}(?!\d))")
_EARLIER = re.compile(r"[，；](?:而|较)?(?:[去上]年同期|上一年|上年|去年|前值)[^，。；]*。?$")
_GOES_BACK = re.compile(
    r"去年|上一?年|前一?年|同比|环比|变|增|升|降|涨|跌|减|较|比(?![例重])|前值|20[0-9]{2}年?[和与及、~-]"
)
"""Words of a question that is after more than one time, or after a change."""


def swapped(
    query: Query, body: str, missed: Sequence[Missed], found: Sequence[Found]
) -> str | None:
    """Return `body` with neighbours' figures replaced by those its words are said of, or None.

    "乙增长8%" where a passage says "甲、乙分别增长8%、5%" becomes "乙增长5%". Only where one figure
    fits clearly best.
    """
    text = body
    for item in sorted(missed, key=lambda m: -m.figure.start):
        fits = item.instead is not None and _as_asked(query, item)
        words = _as_in(body, item.figure, item.instead) if item.instead and fits else None
        taken = item.instead is not None and any(item.instead is f.slot for f in found)
        if words and not taken:
            text = text[: item.figure.start] + words + text[item.figure.end :]
    return text if text != body else None


def _as_asked(query: Query, item: Missed) -> bool:
    """Return whether the sentence speaks of the time that is asked for, so that its figure is wanted."""
    stated = item.period
    return (
        stated is None
        or not query.periods
        or not all(period.conflicts(asked, stated) for asked in query.periods)
    )


def _as_in(body: str, claim: Figure, slot: Slot) -> str | None:
    """Return the figure of `slot` as the draft would print it, or None where the two differ in form."""
    source = slot.figure
    if source.kind is Kind.NUMBER and slot.setting.cell and claim.value == source.value:
        return source.text
    if slot.setting.units or source.kind is Kind.NUMBER:
        scale = claim.value / Decimal(claim.mantissa) if Decimal(claim.mantissa or 0) else None
        fits = claim.kind is Kind.NUMBER or any(
            scale and r.value == Decimal(source.mantissa) * scale for r in slot.readings
        )
        return claim.text.replace(claim.mantissa, source.mantissa, 1) if fits else None
    if (source.high is None) != (claim.high is None):
        return None
    if source.direction * claim.direction < 0:
        return None
    return converted(source) if body.isascii() and not source.text.isascii() else source.text


def converted(source: Figure) -> str:
    """Return an amount for a sentence in the other language, with the original behind.

    Chinese ones in billions or millions, English ones in 亿 or 万; others as they are.
    """
    if source.text.isascii():
        words = scales.in_chinese(source.text)
        return f"{words}（{source.text}）" if words != source.text else source.text
    words = scales.words_of(source)
    return f"{words} ({source.text})" if words else source.text


def without(query: Query, body: str, missing: Sequence[Figure]) -> str | None:
    """Return `body` without what cannot be found, or None when that leaves no statement.

    What only echoes the question is cut out; another figure takes its clause with it.
    """
    text = body
    echoes = [c for c in missing if _is_echo(query, c)]
    for claim in sorted(missing, key=lambda c: -c.start):
        if claim in echoes:
            text = _cut(text, claim)
        elif claim.start < len(text):
            text = _drop_clause(text, claim.start)
    amounts = [f for f in figures.find(text) if f.kind is not Kind.DATE]
    stands = amounts or len(echoes) == len(missing)
    return text if text != body and stands else None


def without_echoes(query: Query, body: str, dates: Sequence[Figure]) -> str:
    """Return `body` without those of `dates` (or counts) that the question itself states."""
    text = body
    for claim in sorted(dates, key=lambda c: -c.start):
        if _is_echo(query, claim):
            text = _cut(text, claim)
    return text


def without_aside(query: Query, body: str) -> str:
    """Return `body` without a last clause on the time before, where the question does not go back to it."""
    aside = _EARLIER.search(body)
    if aside is None or _GOES_BACK.search(query.text) or query.wants_difference:
        return body
    head = body[: aside.start()]
    told = [f for f in figures.find(head) if f.kind is not Kind.DATE]
    return f"{head}。" if told else body


def _cut(text: str, piece: Figure) -> str:
    """Return `text` without `piece`, its preposition and the marks that joined it."""
    head = _PREPOSITION.sub("", text[: piece.start])
    if text[piece.end : piece.end + 1] not in ("的", "时", "间"):
        head = re.sub("[在于]$", "", head)
    tail = re.sub(r"^[，,、的]+", "", text[piece.end :])
    return head + (tail if head.isascii() and head else tail.lstrip())


def _is_echo(query: Query, claim: Figure) -> bool:
    """Return whether the question states this date or count (24年, 五家) itself.

    Amounts and ratios of the question are no echoes: they may be its false premise.
    """
    if claim.kind is Kind.COUNT:
        return claim.text in query.text
    asked = figures.find(query.text)
    return claim.kind is Kind.DATE and any(agree(claim, a) is Agreement.EXACT for a in asked)


def _drop_clause(text: str, at: int) -> str:
    """Return `text` without the clause that holds offset `at` and those that speak of it.

    With "收入77亿元" goes "，同比增长8%": left alone it would be said of the clause before.
    """
    cuts = [0, *(m.end() for m in _CLAUSE_END.finditer(text)), len(text)]
    spans = list(itertools.pairwise(cuts))
    first = next((i for i, (start, end) in enumerate(spans) if start <= at < end), None)
    if first is None:
        return text
    last = first + 1
    while last < len(spans) and _DEPENDS.match(text, *spans[last]):
        last += 1
    head = text[: spans[first][0]].rstrip("，,；; ")
    if _OPENER.fullmatch(head):
        head = ""
    tail = (text[spans[last][0] :] if last < len(spans) else "").lstrip()
    joined = _JOINS.match(tail) if not head else None
    if joined:
        tail = tail[joined.end() :]
        tail = tail[:1].upper() + tail[1:]
    if not tail and head:
        return head + ("。" if text.endswith("。") else "." if text.endswith(".") else "")
    mark = _stronger(text[spans[first][0] - 1], text[spans[last][0] - 1]) if head and tail else ""
    return head + mark + (" " if mark and tail[:1].isascii() and mark in ",;" else "") + tail


_JOINS = re.compile(r"(?:(?:while|whereas|and|but)\b|而|但)[，, ]*", re.IGNORECASE)
"""What joins a clause to one that is gone."""


def _stronger(one: str, other: str) -> str:
    """Return the mark that parts more: what is left stands as far apart as it did."""
    return other if other in "；;" else one


_CODE = re.compile(r"[0-9]{5,6}")


def is_echo(query: Query, body: str, figure: Figure) -> bool:
    """Return whether a figure of `body` only repeats the question: 三家, the 2.0 of 元宝2.0."""
    if figure.kind is Kind.NUMBER:  # with the end of the name that it belongs to
        named = body[max(0, figure.start - 2) : figure.end]
        letter = body[figure.start - 1 : figure.start]
        ranked = _RANKED.search(body[: figure.end])
        code = _CODE.fullmatch(figure.text) and figure.text in query.text
        if code or any(name.asked == figure.text for name in query.names):  # of a share: 300059
            return True
        return (letter.isalpha() and named in query.text) or (
            ranked is not None and ranked.group().lower() in query.text.lower()
        )
    return figure.kind is Kind.COUNT and (
        figure.text in query.text or _counted_otherwise(query, figure.text)
    )


def _counted_otherwise(query: Query, count: str) -> bool:
    """Return whether a question counts as many kinds in another word: 四方面 for 四个."""
    number = _OF_KINDS.fullmatch(count)
    return number is not None and any(m[1] == number[1] for m in _OF_KINDS.finditer(query.text))
