"""The title of a report: as its loader read it, else the file name."""

from __future__ import annotations

from collections.abc import Iterator

from rag.load.filename import facts_of_name
from rag.load.report.choice import FILE_NAME, FRONT_MATTER, HINT, METADATA, STRONG, Candidate
from rag.load.report.front import Front
from rag.text import squeeze

_KEYS = ("title", "标题")


def candidates(front: Front, stem: str) -> Iterator[Candidate]:
    """Yield the title that the loader found, with its place, and that of the file name."""
    title = front.parsed.title
    if title:
        yield _placed(front, title)
    named = facts_of_name(stem).title
    if named:
        yield Candidate(named, FILE_NAME, HINT)


def _placed(front: Front, title: str) -> Candidate:
    if squeeze(title) in (squeeze(v) for key in _KEYS for v in front.stated.get(key, ())):
        return Candidate(title, FRONT_MATTER, STRONG)
    wanted = squeeze(title)
    for block in front.parsed.blocks[:30]:
        if squeeze(front.parsed.text[block.start : block.end]) == wanted:
            return Candidate(title, front.source, STRONG, block.start, block.end)
    return Candidate(title, METADATA, STRONG)
