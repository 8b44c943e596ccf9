"""Candidates for a fact, each with a weight -> the fact: what several places state outweighs one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.schema import Fact, FactName

FRONT_MATTER = "front matter"
FILE_NAME = "file name"
METADATA = "metadata"
"""What a format states outside its text: the head of a web page, properties, a mail's header."""

STRONG = 8
"""The author wrote it down for machines: outweighs any two others."""
LABELLED = 4
"""Behind its label: 分析师：, 投资评级：."""
PLACED = 3
"""Where reports state it: under the title, at the start of the file name."""
BESIDE = 2
"""In the side bar, without a label; in the metadata, which programs fill in."""
HINT = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a place states."""

    value: str
    source: str
    weight: float
    start: int | None = None
    end: int | None = None
    also: tuple[str, ...] = ()


def chosen(name: FactName, candidates: Iterable[Candidate]) -> tuple[Fact, ...]:
    """Return the fact with the weightiest value; of equals, the first met; nothing for nothing."""
    return ranked(name, candidates)[:1]


def ranked(name: FactName, candidates: Iterable[Candidate]) -> tuple[Fact, ...]:
    """Return a fact for every value, the weightiest first, equals in the order met.

    A place that states a value twice counts once, by its weightiest statement.
    """
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.value, []).append(candidate)
    weights = {value: _weight(group) for value, group in groups.items()}
    order = sorted(groups, key=lambda value: -weights[value])
    return tuple(_fact(name, groups[value]) for value in order)


def _weight(group: list[Candidate]) -> float:
    places: dict[object, float] = {}
    for candidate in group:
        key = (candidate.source, candidate.start)
        places[key] = max(places.get(key, 0), candidate.weight)
    return sum(places.values())


def _fact(name: FactName, group: list[Candidate]) -> Fact:
    group = sorted(group, key=lambda candidate: -candidate.weight)
    spot = next((c for c in group if c.start is not None), group[0])
    return Fact(
        name,
        group[0].value,
        "; ".join(dict.fromkeys(place for c in group for place in c.source.split("; "))),
        spot.start,
        spot.end,
        tuple(dict.fromkeys(name for c in group for name in c.also)),
    )
