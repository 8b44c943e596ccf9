"""What a loader makes of a file's text: the record every format returns. Knows no format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rag.schema import Block, Page


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's text in reading order with its blocks, pages and stated facts."""

    text: str
    """Normalised (`rag.text.normalise`); the coordinate system of everything that follows."""
    blocks: tuple[Block, ...]
    """In order, without overlap, inside `text`."""
    pages: tuple[Page, ...] = ()
    """Empty when the format has no pages."""
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    """ISO date, ``YYYY-MM-DD``, only where the file states it as its own date."""
    warnings: tuple[str, ...] = ()
    """What could not be read, one line each."""
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the file states for machines to read, as front matter does: lower-case key -> values."""
