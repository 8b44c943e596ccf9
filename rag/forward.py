"""Two figures in a row -> whether each stands before what it is of: 9000万元的营业收入和1200万元的净利润."""

from __future__ import annotations

import re

from rag import measures
from rag.figures import Figure, Kind

_NOUN = re.compile(r"[\u4e00-\u9fff]{1,12}(?:、|和|与|以及)[ \u3000]*")
"""What one count is of, before the next: 112款国产游戏、7款进口游戏."""
_OF = re.compile(
    r"的?(?P<noun>[\u4e00-\u9fff]{2,10}?)(?:、|，?以及|，?和|与|及)(?:约|近|超|逾)?[ \u3000]*"
)
_LAST = re.compile(r"的?(?P<noun>[\u4e00-\u9fff]{2,10}?)(?=[，。；、,;]|以及|和|与|$)")
_CLAUSE = re.compile(r"[，。；：:！？\n]")


def pair(text: str, one: Figure, other: Figure) -> bool:
    """Return whether two figures stand in a list, each before its noun.

    Of amounts the nouns are measures, and none stands before the first in its clause.
    """
    if one.kind is other.kind is Kind.COUNT:
        return _NOUN.fullmatch(text, one.end, other.start) is not None
    between = _OF.fullmatch(text, one.end, other.start)
    last = _LAST.match(text, other.end)
    if not between or not last or not _levels(between["noun"]) or not _levels(last["noun"]):
        return False
    before = _CLAUSE.split(text[: one.start])[-1]
    return not _levels(before) or _is_second(text, one)


def _is_second(text: str, figure: Figure) -> bool:
    """Return whether what stands before a figure is the noun of another: 5亿元的毛利和2亿元的净利."""
    clause = _CLAUSE.split(text[: figure.start])[-1]
    nearer = re.search(r"[0-9.]+(?:[%万亿]|[\u4e00-\u9fff]{1,3}元|元)+(?P<rest>\D+)$", clause)
    return nearer is not None and _OF.fullmatch(nearer["rest"]) is not None


def _levels(words: str) -> frozenset[str]:
    return measures.named(words) - measures.SIDE
