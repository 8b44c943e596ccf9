"""What became of files: the nouns of an ingest report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What became of a file."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    MOVED = "moved"
    DUPLICATE = "duplicate"
    """The same content is indexed from another path: stored once."""
    REMOVED = "removed"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class IngestRow:
    """One file of an ingest report."""

    path: str
    state: State
    doc_id: str | None = None
    reason: str | None = None
    pages: int = 0
    sections: int = 0
    chunks: int = 0
    warnings: tuple[str, ...] = ()
    tables: int = 0
    pages_by_ocr: int = 0
    pages_without_text: int = 0
    near: str | None = None
    """File name of an indexed document that holds the same text up to small edits."""
    likeness: float | None = None
    """How much of the text both have in common, 0 to 1; None without `near`."""


COUNTED = ("pages", "sections", "tables", "chunks", "pages_by_ocr", "pages_without_text")
"""What of the rows is added up, in the order shown."""


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What `rag add` did, file by file in the order met."""

    rows: tuple[IngestRow, ...]

    def count(self, state: State) -> int:
        """Return how many files ended in `state`."""
        return sum(row.state is state for row in self.rows)

    def totals(self) -> dict[str, int]:
        """Return what was read into the index: documents, and the sums of `COUNTED`."""
        read = [row for row in self.rows if row.state in (State.ADDED, State.REPLACED)]
        return {"documents": len(read)} | {
            name: sum(getattr(row, name) for row in read) for name in COUNTED
        }

    def reasons(self) -> dict[str, int]:
        """Return why files were skipped -> how many, the most frequent reason first."""
        skipped = (row.reason or "" for row in self.rows if row.state is State.SKIPPED)
        return dict(Counter(skipped).most_common())
