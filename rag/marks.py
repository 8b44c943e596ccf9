"""A figure in its setting -> marks for what the words beside it make it: come from, went to, than.

Marks begin with ~ and stand among the words of a figure (see `rag.binding`). Knows nothing of passages.
"""

from __future__ import annotations

import re

from rag.clauses import Setting
from rag.figures import Kind

_MARKS = (
    ("~from", re.compile(r"(?:由(?!于|此)|从(?![事业而])|自(?![营有主身研动由然己产贸助行愿用住制建费])|\bfrom\b)(?:(?!\bto\b)[^至到，,]){0,16}$|(?:前值|前次|原预测|调整前|[（(]原)[^，,）)]{0,6}$", re.IGNORECASE)),
    ("~to", re.compile(r"(?:至|到|\bto\b)[^，,]{0,6}$", re.IGNORECASE)),
    ("~than", re.compile(r"(?:比|较|于|\b(?:than|against|versus|compared (?:with|to))\b)[^，,]{0,16}$", re.IGNORECASE)),
    ("~prior", re.compile(r"上年|去年|上一?年|前一年|同期|此前|year[- ](?:ago|earlier)|last year|prior|previous", re.IGNORECASE)),
    ("~yoy", re.compile(r"同比|按年|[比较](?:上年|去年)(?:同期)?(?!的)|year[- ]on[- ]year|\byoy\b|y/y", re.IGNORECASE)),
    ("~qoq", re.compile(r"环比|按季|quarter[- ]on[- ]quarter|\bqoq\b|q/q|sequential", re.IGNORECASE)),
    ("~share", re.compile(r"占|\bshare\b|\baccount", re.IGNORECASE)),
)  # fmt: skip
_BEFORE = ("~from", "~to", "~than")
"""Marks of what stands before the figure; the rest may stand on either side."""
_ONCE = re.compile(
    r"\bbefore (?:the|this|that) \w+|\b(?:old|former|original) |[调上下]+[整调]前|原来|原先|原(?=目标|为|预)",
    re.IGNORECASE,
)
"""A draft's words for the level that something came from: raised from US$27."""


def of(setting: Setting, *, passage: bool) -> frozenset[str]:
    """Return the marks of a figure; of one in a list also its place, as ~2.

    Args:
        setting: The words around it.
        passage: Whether it stands in a passage, not in a draft.
    """
    around = f"{setting.near} {setting.after}"
    found = {
        mark
        for mark, pattern in _MARKS
        if pattern.search(setting.near if mark in _BEFORE else around)
    }
    if not passage and _ONCE.search(f"{setting.clause} {around}"):
        found.add("~from")
    if setting.place and (passage or not setting.name):
        found.add(f"~{setting.place}")
    return frozenset(found)


def sold(setting: Setting, word: str) -> str:
    """Return a word of a figure; the volume of a sum of money, 卖了6.84亿元, is revenue."""
    money = setting.figure.kind is Kind.MONEY
    return "#revenue" if money and word == "#volume" else word
