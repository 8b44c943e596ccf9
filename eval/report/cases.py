"""A record -> what a reader needs to see why it came out as it did. Knows nothing of HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eval.measure import Record
from eval.report.labels import word
from eval.report.marking import Piece, mark
from eval.stages import DEPTH, LostAt, lost_at
from rag.language import say


@dataclass(frozen=True, slots=True)
class Extract:
    """A stretch of a document: a hit, a passage shown, a citation."""

    number: int
    """Rank of a hit, label of a passage or citation."""
    place: str
    pieces: tuple[Piece, ...]
    score: float | None = None

    @property
    def holds_gold(self) -> bool:
        """Return whether a whole gold quote stands in it."""
        return any(piece.gold for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold quote and how far it came."""

    source: str
    quote: str
    parsed: bool | None
    hits: tuple[int, ...]
    """Ranks of the hits that hold it."""
    passages: tuple[int, ...]
    """Labels of the passages that hold it."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case of one run, ready to be shown."""

    record: Record
    lost: LostAt | None
    gold: tuple[Gold, ...]
    citations: tuple[Extract, ...]
    passages: tuple[Extract, ...]
    hits: tuple[Extract, ...]

    @property
    def stages(self) -> tuple[LostAt, ...]:
        """Return the stage that lost the case, if any did."""
        return (self.lost,) if self.lost else ()

    @property
    def outcome(self) -> str:
        """Return the key of the label: ``answered``, ``refused``, ``errors``, or ``searched``."""
        return "errors" if self.record["error"] else self.record.get("status") or "searched"

    @property
    def understood(self) -> str | None:
        """Return the question as the system rewrote it, where it did."""
        rewritten = self.record.get("standalone_question")
        return rewritten if rewritten != self.record["question"] else None

    @property
    def draft(self) -> str | None:
        """Return the draft where it tells more than the answer; empty when none was written."""
        draft = self.record.get("draft")
        return None if draft == self.record.get("answer") else draft


def view(record: Record) -> CaseView:
    """Return `record` with its gold quotes marked wherever they turn up."""
    quotes = [gold["quote"] for gold in record.get("gold", ())]
    hits, passages = record.get("hits", ())[:DEPTH], record.get("passages", ())
    return CaseView(
        record,
        lost_at(record),
        tuple(_gold(gold, hits, passages) for gold in record.get("gold", ())),
        tuple(
            Extract(item["label"], _place(item), mark(item["quote"], quotes))
            for item in record.get("citations", ())
        ),
        tuple(
            Extract(number, _place(item), mark(item["text"], quotes))
            for number, item in enumerate(passages, start=1)
        ),
        tuple(
            Extract(item["rank"], _place(item), mark(item["text"], quotes), item.get("score"))
            for item in hits
        ),
    )


def _gold(gold: Any, hits: Iterable[Any], passages: Sequence[Any]) -> Gold:  # noqa: ANN401 - JSON
    quote = [gold["quote"]]

    def holding(items: Iterable[Any]) -> tuple[int, ...]:
        found = enumerate(items, start=1)
        return tuple(n for n, item in found if any(p.gold for p in mark(item["text"], quote)))

    return Gold(gold["source"], gold["quote"], gold.get("parsed"), holding(hits), holding(passages))


def _place(item: Any) -> str:  # noqa: ANN401 - JSON
    """Return ``file › section › section · p. 3``."""
    where = " › ".join([item["source"], *(item.get("section") or ())])
    page = item.get("page")
    return where if page is None else f"{where} · " + say(f"{word('page')} {page}", f"第 {page} 页")
