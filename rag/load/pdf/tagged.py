"""Lines with the roles that a tagged PDF gives them -> the headings among them, and how deep."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from rag.load import marks
from rag.load.pdf.lines import Line
from rag.load.pdf.looks import Heading, goes_on


def tagged_of(
    lines: Sequence[Line], free: Sequence[int], listed: dict[int, Heading]
) -> dict[int, Heading]:
    """Return the headings that the file's structure names and its contents do not.

    Producers get the levels wrong more often than not, so numbers and the contents decide first;
    and whole statements are tagged as headings.
    """
    found: dict[int, Heading] = {}
    first = -1
    for i in free:
        level = _tag(lines[i])
        if not level:
            continue
        above = found.get(first)
        if above and i == first + above.lines and goes_on(lines[i - 1], lines[i]):
            found[first] = replace(above, lines=above.lines + 1)
        else:
            first = i
            found[i] = Heading(level, 1, certain=True, listed=True)
    texts = {i: "".join(x.text for x in lines[i : i + h.lines]) for i, h in found.items()}
    found = {i: h for i, h in found.items() if may_be_heading(texts[i])}
    levels = _levels_tagged(lines, found, listed)
    return {i: replace(heading, level=levels[i]) for i, heading in found.items()}


def _tag(line: Line) -> int:
    """Return the level of the heading that all of `line` is tagged as; 0 when it is none."""
    tags = {f.role.heading for f in line.fragments}
    return min(tags)


def may_be_heading(text: str) -> bool:
    """Return whether `text` is no statement, caption or the title of the contents."""
    return (
        2 <= len(re.findall(r"[^\W_]", text)) <= marks.MAX_HEADING
        and not marks.ends_sentence(text)
        and not marks.is_caption(text)
        and not marks.is_contents_title(text)
    )


def _levels_tagged(
    lines: Sequence[Line], found: dict[int, Heading], listed: dict[int, Heading]
) -> dict[int, int]:
    """Return the level of each tagged heading: of its tag in the contents, by number, by tag."""
    known: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for i, heading in listed.items():
        known[_tag(lines[i])][heading.level] += 1
    ranks = {i: marks.numbering(lines[i].text) for i in (*listed, *found)}
    used = sorted({rank for rank in ranks.values() if rank is not None})
    numbered = 2 * sum(rank is not None for rank in ranks.values()) >= len(ranks)
    if numbered:
        for i, heading in found.items():
            if (rank := ranks[i]) is not None:
                known[heading.level][used.index(rank) + 1] += 1
    tags = sorted({heading.level for heading in found.values()})
    levels = {}
    for i, heading in found.items():
        rank = ranks[i]
        if numbered and rank is not None:
            levels[i] = used.index(rank) + 1
        elif seen := known.get(heading.level):
            levels[i] = seen.most_common(1)[0][0]
        else:
            levels[i] = tags.index(heading.level) + 1
    return levels
