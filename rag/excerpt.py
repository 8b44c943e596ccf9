"""A hit and a place in its text -> the passage that stands there."""

from __future__ import annotations

import re

from rag.schema import Hit, Passage
from rag.text import Span

_RUN_IN = re.compile(r"[ \t\u3000◆●■▶·•*-]*【(?P<name>[^】\n]{2,24})】")


def of(hit: Hit, span: Span | None = None, *, label: int = 1, score: float | None = None, head: str = "") -> Passage:  # fmt: skip
    """Return a part of a hit as a passage.

    Args:
        hit: What was retrieved.
        span: Where in the text of its chunk; None for the whole, which keeps its own head.
        label: The number that the answer cites it by.
        score: How good evidence it is; that of the hit by default.
        head: Of rows of a table the lines it takes to read them.
    """
    chunk = hit.chunk
    start, end = span or (0, len(chunk.text))
    return Passage(
        label=label,
        doc_id=chunk.doc_id,
        start=chunk.start + start,
        end=chunk.start + end,
        text=chunk.text[start:end],
        heading_path=(*chunk.heading_path, *_run_in(chunk.text, start)),
        page=chunk.page,
        document=hit.document,
        score=hit.score if score is None else score,
        head=head if span else chunk.head,
    )


def _run_in(text: str, at: int) -> tuple[str, ...]:
    """Return the name in 【】 that the paragraph of offset `at` opens with, where `at` stands behind it."""
    line = text.rfind("\n", 0, at) + 1
    found = _RUN_IN.match(text, line)
    return (found["name"],) if found and at >= found.end() else ()
