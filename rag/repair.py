"""A draft sentence with figures that stand nowhere -> what of it can be saved.

Slipped scales are put right from the passage, echoes of the question's date are cut out, any other
unfound figure takes its clause with it. The result is checked again by `rag.verify`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from rag import figures, pairs
from rag.figures import Agreement, Figure, Kind, agree
from rag.question import Query
from rag.schema import Passage

_PREPOSITION = re.compile(r"\s*\b(?:as of|in|on|at|by|during|of|for|since)\s*$", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[，,；;](?!\d{3}(?!\d))")


def rescaled(passages: Sequence[Passage], body: str, missing: Sequence[Figure]) -> str | None:
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


def swapped(passages: Sequence[Passage], body: str, missing: Sequence[Figure]) -> str | None:
    """Return `body` with neighbours' figures of ordered lists put right, or None.

    "乙增长8%" where a passage says "甲、乙分别增长8%、5%" becomes "乙增长5%". Only where the sentence
    speaks of one name of the list.
    """
    rows = [pairs.find(p.text) for p in passages]
    text = body
    for claim in sorted(missing, key=lambda c: -c.start):
        for row in rows:
            own = [p for p in row if p.name in body]
            others = [p for p in row if p.name not in body]
            taken = any(agree(claim, p.figure) is Agreement.EXACT for p in others)
            same = [p.figure for p in own if p.figure.kind is claim.kind]
            if taken and len({p.name for p in own}) == 1 and len(same) == 1:
                text = text[: claim.start] + same[0].text + text[claim.end :]
                break
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


def without(query: Query, body: str, missing: Sequence[Figure]) -> str | None:
    """Return `body` without what cannot be found, or None when that leaves no statement.

    What only echoes the question is cut out; another figure takes its clause with it.
    """
    text = without_echoes(query, body, missing)
    echoes = {c.text for c in missing if _is_echo(query, c)}
    for claim in sorted(missing, key=lambda c: -c.start):
        at = text.find(claim.text)
        if claim.text not in echoes and at >= 0:
            text = _drop_clause(text, at)
    amounts = [f for f in figures.find(text) if f.kind is not Kind.DATE]
    stands = amounts or len(echoes) == len({c.text for c in missing})
    return text if text != body and stands else None


def without_echoes(query: Query, body: str, dates: Sequence[Figure]) -> str:
    """Return `body` without those of `dates` (or counts) that the question itself states."""
    text = body
    for claim in sorted(dates, key=lambda c: -c.start):
        if _is_echo(query, claim):
            head = _PREPOSITION.sub("", text[: claim.start])
            tail = re.sub(r"^[，,、的]+", "", text[claim.end :])
            text = head + (tail if head.isascii() and head else tail.lstrip())
    return text


def _is_echo(query: Query, claim: Figure) -> bool:
    """Return whether the question states this date or count (24年, 五家) itself.

    Amounts and ratios of the question are no echoes: they may be its false premise.
    """
    if claim.kind is Kind.COUNT:
        return claim.text in query.text
    asked = figures.find(query.text)
    return claim.kind is Kind.DATE and any(agree(claim, a) is Agreement.EXACT for a in asked)


def _drop_clause(text: str, at: int) -> str:
    """Return `text` without the clause that holds offset `at`."""
    cuts = [0, *(m.end() for m in _CLAUSE_END.finditer(text)), len(text)]
    for start, end in itertools.pairwise(cuts):
        if start <= at < end:
            head = text[:start].rstrip("，,；; ")
            tail = text[end:]
            if not tail and head:
                return head + ("。" if text.endswith("。") else "." if text.endswith(".") else "")
            return head + ("，" if head and tail else "") + tail
    return text
