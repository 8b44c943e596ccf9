"""An English question after two figures of one form -> a question after each, by its own words.

"How much higher was A's margin than B's?", "By how much did the sales of A exceed those of B?", "What was A's
revenue, and how fast did it grow?". What is of no such form is left to `rag.decompose`.
"""

from __future__ import annotations

import re

from rag import measures, period

_MORE = r"(?:higher|lower|more|less|larger|smaller|bigger|greater|faster|slower|fewer)"
_THAN = re.compile(
    rf"^(?:by )?how (?:much|many [\w ]{{3,30}}?)(?: {_MORE})? (?:was|were|is|are) (?P<left>.+?)(?: {_MORE})? than (?P<right>.+)$",
    re.IGNORECASE,
)
_EXCEED = re.compile(
    r"^(?P<when>.*?, )?by how much did (?P<left>.+?) (?:exceed|outstrip|surpass|top) (?P<right>.+)$",
    re.IGNORECASE,
)
_WHICH = re.compile(
    rf"^(?P<when>[^,?]+, )?(?:which|who)(?: \w+)? (?:had|has|reported|posted|recorded|earned) (?:the |a )?{_MORE} (?P<measure>[^,]+?)(?P<tail> (?:in|for|at) [^,]+)?, "
    r"(?P<one>[^,]+?) or (?P<two>[^,]+?)(?:,? and (?:by how (?:much|many)|what (?:was|is) the (?:gap|difference)).*)?$",
    re.IGNORECASE,
)
_AND = re.compile(
    r"^(?P<first>(?:what|how (?:much|large|high|big|many))\b.+?),? and (?P<second>(?:by )?(?:what|how)\b.+)$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"^(?:what (?:was|were|is|are)|how (?:large|high|big|much) (?:was|were|is|are)) (?P<what>.+?)(?P<tail>(?: (?:in|for|at|as of|during|by) [^,]+)?)$",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"^what (?:were|are) (?P<owner>[^,?]+?(?:'s|s')) (?P<one>[^,']+?),? and (?P<two>[^,']+?)"
    r"(?P<tail> (?:in|for|at|as of|as at|during|by|on|over) [^?]+?)?(?:,? respectively)?$",
    re.IGNORECASE,
)
_ONE_NAME = re.compile(
    r"\b(?:sales|selling|general|research|property|mergers) and "
    r"(?:marketing|distribution|administrative|development|equipment|acquisitions?)\b",
    re.IGNORECASE,
)
"""One measure whose name holds an and."""
_IT = re.compile(r"\b(?:it|they)\b", re.IGNORECASE)
_ITS = re.compile(r"\b(?:its|their)\b", re.IGNORECASE)
_THAT = re.compile(r"^(?:that|those) of ", re.IGNORECASE)


def split(text: str) -> tuple[str, ...]:
    """Return the questions that `text` coordinates, in order; empty where it has no such form."""
    plain = re.sub(r"[?.\s]+$", "", text)
    for form in (_than, _which, _and, _shared):
        if parts := form(plain):
            return parts
    return ()


def _than(text: str) -> tuple[str, ...]:
    found = _THAN.match(text) or _EXCEED.match(text)
    if not found:
        return ()
    groups = found.groupdict()
    left, right, when = groups["left"], groups["right"], groups.get("when") or ""
    other = _other(left, right)
    if not other:
        return ()
    lead = f"{when[0].upper()}{when[1:]}what was" if when else "What was"
    return f"{lead} {left}?", f"{lead} {other}?"


def _other(left: str, right: str) -> str:
    """Return the second side in full: "B's" after "A's margin in 2024" is "B's margin in 2024"."""
    owner = re.match(r"(?P<owner>.+?'s?) (?P<what>.+)", left)
    if owner and re.fullmatch(r".+'s?", right):
        return f"{right} {owner['what']}"
    if owner and right in ("in", "for"):
        return ""
    if _THAT.match(right):
        name = _THAT.sub("", right)
        of = re.match(r"(?P<what>[^']+?) of (?P<name>.+)", left)
        if of:
            return f"{of['what']} of {name}"
        return f"{name}'s {owner['what']}" if owner else ""
    times, others = period.places(left), period.places(right)
    if len(times) == len(others) == 1 and others[0].end - others[0].start > len(right) - 9:
        return f"{left[: times[0].start]}{right[others[0].start : others[0].end]}{left[times[0].end :]}"
    return ""


def _which(text: str) -> tuple[str, ...]:
    found = _WHICH.match(text)
    if not found:
        return ()
    when = (found["when"] or "").strip(", ")
    rest = f"{found['measure']}{found['tail'] or ''}"
    rest += f" {when[0].lower()}{when[1:]}" if when else ""
    return tuple(f"What was {found[name].strip()}'s {rest}?" for name in ("one", "two"))


def _and(text: str) -> tuple[str, ...]:
    """Split "What was A's revenue in 2024, and how fast did it grow?": the second leans on the first."""
    found = _AND.match(text)
    if not found:
        return ()
    first, second = found["first"], found["second"]
    of = _OF.match(first)
    if not of:
        return ()
    owner = re.match(r"(?P<name>.+?)'s? ", of["what"])
    if _ITS.search(second):
        if not owner:
            return ()
        second = _ITS.sub(f"{owner['name']}'s", second, count=1)
    elif _IT.search(second):
        second = _IT.sub(of["what"].replace("\\", ""), second, count=1)
    else:
        return ()
    tail = "" if period.find(second) else of["tail"]
    return f"{first}?", f"{second[0].upper()}{second[1:]}{tail}?"


def _shared(text: str) -> tuple[str, ...]:
    """Split "What were A's revenue and net profit in 2024?": two measures of one owner and time."""
    found = _SHARED.match(text)
    if not found or _ONE_NAME.search(text) or _ITS.search(text):
        return ()
    sides = (found["one"], found["two"])
    if not all(measures.named(side) - measures.SIDE for side in sides):
        return ()
    return tuple(f"What was {found['owner']} {side}{found['tail'] or ''}?" for side in sides)
