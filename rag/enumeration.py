"""A sentence -> how many things each of its lists names; a question -> how many it asks for."""

from __future__ import annotations

import re

from rag import numerals

_CJK = r"[^，。；：、！？,;:()（）\s]"
LISTED = re.compile(
    rf"{_CJK}{{1,24}}(?:、{_CJK}{{1,24}}?)+(?:(?:以及|[和与及]){_CJK}{{1,24}})?(?=[，。；：！？,;:()（）\s]|$)"
)
_FIGURE = re.compile(r"、[-+−]?[0-9]")
_JOINED = re.compile(r"以及|[和与及](?!其)")
_ENGLISH = re.compile(
    r"[\w'’&-]+(?: [\w'’&-]+){0,5}(?:, [\w'’&-]+(?: [\w'’&-]+){0,5})+,? and [\w'’&-]+"
)
_THINGS = r"[家个项类种款只支座条位名大点块步国]|方面|因素|原因|公司|品牌|行业|市场"
_HOW_MANY = re.compile(
    rf"哪(?P<zh>[两三四五六七八九十])(?:{_THINGS})"
    rf"|(?P<these>[两三四五六七八九十])(?:{_THINGS})[^，。？]{{0,10}}?(?:(?:分别)?是(?:什么|哪)|有哪|包括(?:什么|哪))"
    r"|\b(?:which|what (?:are|were) the|name the|list the) (?P<en>two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
_SPELT = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def asked(question: str) -> int:
    """Return how many things a question says that it is after; 0 where it does not say.

    Args:
        question: In simplified script.
    """
    match = _HOW_MANY.search(question)
    if match is None:
        return 0
    if match["en"]:
        return _SPELT.index(match["en"].lower()) + 2
    return int(numerals.value(match["zh"] or match["these"]))


def sizes(text: str) -> frozenset[int]:
    """Return how many things the lists of a text may name: 甲、乙和丙 is read as three and as two.

    Args:
        text: In simplified script.
    """
    found: set[int] = set()
    for listed in (m.group() for m in LISTED.finditer(text)):
        if _FIGURE.search(listed):
            continue
        steps = listed.count("、") + 1
        found |= {steps, steps + 1} if _JOINED.search(listed.split("、")[-1]) else {steps}
    found |= {
        m.group().count(", ") + 2 - m.group().count(", and ") for m in _ENGLISH.finditer(text)
    }
    return frozenset(found)
