"""Passages that come with a question -> the `Hit`s a search would have returned. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rag.schema import BlockKind, Chunk, DocumentFacts, Hit
from rag.text import normalise


def hits_of(given: Sequence[str]) -> tuple[Hit, ...]:
    """Return one hit a passage, in the order given: each a document of its own, named by its rank.

    The text is normalised as a loader would. A passage whose lines all start with ``|`` is a table,
    written as loaders write one: a row a line, its cells between bars.
    """
    return tuple(_hit(rank, text) for rank, text in enumerate(given, start=1))


def name_of(rank: int) -> str:
    """Return the source name of the passage at `rank`, counted from 1; evidence may cite it."""
    return f"passage-{rank}"


def _hit(rank: int, raw: str) -> Hit:
    text = normalise(raw).strip()
    lines = [line for line in text.splitlines() if line.strip()]
    table = bool(lines) and all(line.lstrip().startswith("|") for line in lines)
    text = "\n".join(map(_row, lines)) if table else text
    kind = BlockKind.TABLE if table else BlockKind.PARAGRAPH
    chunk = Chunk(f"given:{rank}", 0, len(text), text, (), kind=kind)
    facts = DocumentFacts(chunk.doc_id, name_of(rank), "", None, None, "text", 0, 1)
    return Hit(rank, 1 / rank, chunk, facts)


def _row(line: str) -> str:
    return " | ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
