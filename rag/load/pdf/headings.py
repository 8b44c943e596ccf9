"""Lines -> which of them are headings, and how deep.

The outline or the printed contents say what to look for; the type that those headings are set in
tells the ones that are not listed. Without either, type and numbering decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from rag.load import marks
from rag.load.pdf.contents import Entry
from rag.load.pdf.lines import Column, Line
from rag.load.pdf.looks import Heading, Type, body_type, goes_on, type_of
from rag.load.pdf.tagged import tagged_of

LARGER = 1.12
"""Size as a multiple of the body's from which type may be a heading's."""
MAX_LINES = 3
"""Lines that one heading is broken over at most."""
SUMMARY_LEVEL = 2
"""Of the headings on the first page, which stand below the title."""
DEEP = (marks.Rank.HAN_BRACKET, marks.Rank.DECIMAL_2, marks.Rank.DECIMAL_3)
"""Numbers that only headings carry, never the items of a list."""


def headings_of(
    lines: Sequence[Line], entries: Sequence[Entry], skipped: frozenset[int], titled: bool
) -> dict[int, Heading]:
    """Return the headings among `lines`: index of the first line -> heading.

    Args:
        lines: All lines of the document, in reading order.
        entries: What the outline or the contents list; may be empty.
        skipped: Indices of lines that cannot be headings: contents, title, tables.
        titled: Whether the first page begins with a title, so that a summary stands below it.
    """
    body = body_type(lines)
    free = [
        i for i, line in enumerate(lines) if i not in skipped and line.column is not Column.SIDE
    ]
    found = _listed(lines, entries, free, body)
    found |= tagged_of(lines, [i for i in free if i not in _taken(found)], found)
    learnt = _learnt(lines, found, body)
    taken = _taken(found)
    looks = [i for i in free if i not in taken and _looks_like_heading(lines[i], body)]
    summary = _summary(lines, looks, bool(learnt)) if titled else {}
    others = [i for i in looks if i not in summary]
    levels = (
        _levels_learnt(lines, others, found, learnt) if learnt else _levels_by_look(lines, others)
    )
    return found | _merged(lines, summary | levels)


def _summary(lines: Sequence[Line], looks: Sequence[int], listed: bool) -> dict[int, int]:
    """Return the headings of the summary on the first page, which contents never list.

    Without contents, a number or a type that is used on later pages tells a chapter's heading.
    """
    later = {type_of(lines[i]) for i in looks if lines[i].page > 1}
    return {
        i: SUMMARY_LEVEL
        for i in looks
        if lines[i].page == 1
        if listed or (marks.numbering(lines[i].text) is None and type_of(lines[i]) not in later)
    }


def _listed(
    lines: Sequence[Line], entries: Sequence[Entry], free: Sequence[int], body: Type
) -> dict[int, Heading]:
    """Return the lines that the contents list, each entry where it fits best."""
    places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    allowed = set(free)
    for i in free:
        text = ""
        for count in range(1, MAX_LINES + 1):
            if i + count - 1 not in allowed or lines[i + count - 1].page != lines[i].page:
                break
            text += _letters(lines[i + count - 1].text)
            places[text].append((i, count))
    found: dict[int, Heading] = {}
    last = -1
    for entry in entries:
        wanted = _letters(entry.title)
        candidates = places.get(wanted) or places.get(_unnumbered(wanted), [])
        candidates = [(i, count) for i, count in candidates if i > last]
        if not wanted or not candidates:
            continue

        def cost(place: tuple[int, int], page: int | None = entry.page) -> tuple[int, bool, int]:
            line = lines[place[0]]
            return (abs(line.page - page) if page else 0, type_of(line) == body, place[0])

        i, count = min(candidates, key=cost)
        found[i] = Heading(entry.level, count, certain=True, listed=True)
        last = i
    return found


def _taken(found: dict[int, Heading]) -> set[int]:
    """Return the lines that the headings `found` take up."""
    return {i + k for i, heading in found.items() for k in range(heading.lines)}


def _learnt(lines: Sequence[Line], found: dict[int, Heading], body: Type) -> dict[Type, int]:
    """Return the looks of the headings found so far, with the level each mostly stands for."""
    seen: defaultdict[Type, Counter[int]] = defaultdict(Counter)
    for i, heading in found.items():
        if type_of(lines[i]) != body:
            seen[type_of(lines[i])][heading.level] += 1
    return {look: levels.most_common(1)[0][0] for look, levels in seen.items()}


def _looks_like_heading(line: Line, body: Type) -> bool:
    text = line.text
    look = type_of(line)
    marked = look.size >= LARGER * body.size or (
        look.size >= body.size and (look.bold, look.colour) != (body.bold, body.colour)
    )
    numbered = marks.numbering(text) is not None
    if text.startswith("—"):  # a subtitle
        return False
    if not marked or len(text) > marks.MAX_HEADING or len(line.pieces) > 1:
        return False
    if marks.is_bullet(text):
        # A bold line behind a bullet heads a paragraph of a summary; with text it is an item.
        return not re.search(r"[，。；]", text) and not marks.ends_sentence(text)
    if not numbered and marks.opening(text) is not None:
        return False
    if marks.ends_sentence(text) or re.search(r"[，；、,;]$|。", text):
        return False
    return len(re.findall(r"[^\W\d_]", text)) >= 2


def _levels_learnt(
    lines: Sequence[Line],
    looks: Sequence[int],
    found: dict[int, Heading],
    learnt: dict[Type, int],
) -> dict[int, int]:
    """Return the level of each heading that the contents leave out, by its type.

    Of lines in a type that no listed heading has, only numbered and bulleted ones are believed;
    they are a level below what they stand under.
    """
    levels: dict[int, int] = {}
    below: dict[Type, int] = {}
    level = 0
    for i in sorted({*found, *looks}):
        look = type_of(lines[i])
        if i in found:
            level = found[i].level
        elif look in learnt:
            level = levels[i] = learnt[look]
        elif marks.is_bullet(lines[i].text) or marks.numbering(lines[i].text) in DEEP:
            levels[i] = max(learnt.values()) + 1
            below[look] = min(below.get(look, levels[i]), level + 1)
    return {
        i: level if (look := type_of(lines[i])) in learnt else below[look]
        for i, level in levels.items()
    }


def _levels_by_look(lines: Sequence[Line], looks: Sequence[int]) -> dict[int, int]:
    """Return the level of each heading of a document without contents: by number, else by type."""
    ranks = {i: marks.numbering(lines[i].text) for i in looks}
    known = sorted({rank for rank in ranks.values() if rank is not None})
    levels = {i: known.index(rank) + 1 for i, rank in ranks.items() if rank is not None}
    by_type: defaultdict[Type, Counter[int]] = defaultdict(Counter)
    for i, level in levels.items():
        by_type[type_of(lines[i])][level] += 1
    sizes = sorted({type_of(lines[i]).size for i in looks}, reverse=True)
    for i in looks:
        if i not in levels:
            look = type_of(lines[i])
            shared = by_type.get(look)
            levels[i] = shared.most_common(1)[0][0] if shared else sizes.index(look.size) + 1
    return levels


def _merged(lines: Sequence[Line], levels: dict[int, int]) -> dict[int, Heading]:
    """Return the headings that lines of one look, one below the other, make up."""
    found: dict[int, Heading] = {}
    first = -1
    for i in sorted(levels):
        above = found.get(first)
        if above and i == first + above.lines and goes_on(lines[i - 1], lines[i]):
            found[first] = replace(above, lines=above.lines + 1)
        else:
            first = i
            found[i] = Heading(levels[i], 1, marks.numbering(lines[i].text) is not None)
    return found


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def _unnumbered(letters: str) -> str:
    return re.sub(r"^[\d一二三四五六七八九十]{1,4}", "", letters)
