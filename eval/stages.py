"""Where a case was lost: a record of a run -> the first stage that let its answer slip.

Every required fact is followed back from the answer: the stage that lost it is the one after the
furthest it came. Knows nothing of models, indexes or pages; reads the record alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eval.measure import Record
from eval.scorers import held, holds, numerals
from rag import figures
from rag.figures import Kind
from rag.text import sentences

DEPTH = 10
"""A quote that none of the so many best hits holds counts as not retrieved."""


class LostAt(StrEnum):
    """A stage of the pipeline, in the order a fact passes through them."""

    ERROR = "error"
    """The system stopped before it came to an outcome."""
    NOT_PARSED = "not_parsed"
    """The gold quote is not in the text that was read from the document."""
    NOT_RETRIEVED = "not_retrieved"
    """None of the best hits holds it."""
    NOT_CHOSEN = "not_chosen"
    """A hit holds it, no passage shown to the model does."""
    NOT_WRITTEN = "not_written"
    """A passage holds it, the draft does not; also when the model was not asked to write."""
    WITHHELD = "withheld"
    """The draft holds it: the answer was refused, or the sentence dropped or changed."""
    WRONG_FIGURE = "wrong_figure"
    """The evidence was there and the answer shown states something else: another figure, the right
    one in a wrong unit, or what the case forbids."""
    SHOULD_REFUSE = "should_refuse"
    """The reports do not hold the answer, and one was given."""


_ORDER = list(LostAt)


@dataclass(frozen=True, slots=True)
class _Fact:
    """A required fact and the gold that states it."""

    forms: Sequence[str]
    gold: Sequence[Any]
    """The quotes, or the parts of them, that carry the fact."""
    derived: bool
    """No quote states the fact alone: all of `gold` is needed."""


def lost_at(record: Record) -> LostAt | None:
    """Return the stage that lost the case, or None where nothing was lost.

    A case with several facts is lost at the earliest stage that lost one of them. Of a run that
    only searched, a case is lost when the hits do not hold all its quotes, or, where files are
    judged, none of the files.
    """
    if record.get("error"):
        return LostAt.ERROR
    if "correct" in record["scores"]:
        return _wrong(record) if record["scores"]["correct"] == 0.0 else None
    return _unfound(record)


def answered(record: Record) -> bool:
    """Return whether the system gave an answer, right or wrong."""
    return record.get("status") == "answered"


def _unfound(record: Record) -> LostAt | None:
    if record.get("relevant"):
        return LostAt.NOT_RETRIEVED if record["scores"].get(f"mrr@{DEPTH}") == 0.0 else None
    if record["scores"].get(f"recall@{DEPTH}") in (None, 1.0):
        return None
    found = held(_quotes(record["gold"]), _texts(record["hits"][:DEPTH]))
    missing = [gold for gold, there in zip(record["gold"], found, strict=True) if not there]
    unread = any(gold["parsed"] is False for gold in missing)
    return LostAt.NOT_PARSED if unread else LostAt.NOT_RETRIEVED


def _wrong(record: Record) -> LostAt:
    given = record["answer"] if answered(record) else ""
    if not record["answerable"]:
        # Refused and still wrong: the words of the refusal hold what is forbidden.
        return LostAt.SHOULD_REFUSE if given else LostAt.WRONG_FIGURE
    missing = [forms for forms in record["answers"] if not _states(given, forms)]
    if not missing:
        # All that is wanted is there, so the score objects to something that should not be.
        return LostAt.WRONG_FIGURE
    facts = (_fact(forms, record["gold"]) for forms in missing)
    stage = min((_fact_lost_at(fact, record) for fact in facts), key=_ORDER.index)
    if stage is LostAt.NOT_WRITTEN and _misstates(record, given, missing):
        return LostAt.WRONG_FIGURE
    return stage


def _misstates(record: Record, given: str, missing: Sequence[Sequence[str]]) -> bool:
    """Return whether `given` states something wrong in place of the facts `missing`."""
    if record["scores"].get("unit_slip") or _states(given, record["forbidden"]):
        return True
    if not any(numerals(form) for forms in missing for form in forms):
        return False
    expected = (form for forms in record["answers"] for form in forms)
    known = set().union(*map(numerals, (record["question"], *expected)))
    stated = (figure.text for figure in figures.find(given) if figure.kind is not Kind.DATE)
    return any(not known.issuperset(numerals(text)) for text in stated)


def _fact(forms: Sequence[str], gold: Sequence[Any]) -> _Fact:
    stating = [item | {"quote": part} for item in gold for part in _carrying(item["quote"], forms)]
    return _Fact(forms, stating or gold, derived=not stating)


def _carrying(quote: str, forms: Sequence[str]) -> list[str]:
    """Return the sentences of `quote` that state the fact: a passage may be cut down to one."""
    parts = [quote[span.start : span.end] for span in sentences(quote)]
    return [part for part in parts if _states(part, forms)]


def _fact_lost_at(fact: _Fact, record: Record) -> LostAt:
    """Return the stage after the furthest that `fact` came."""
    if _states(record["draft"], fact.forms):
        return LostAt.WITHHELD
    if _carried(fact, _texts(record["passages"])):
        return LostAt.NOT_WRITTEN
    if _carried(fact, _texts(record["hits"][:DEPTH])):
        return LostAt.NOT_CHOSEN
    if fact.gold and not _need(fact)(item["parsed"] is not False for item in fact.gold):
        return LostAt.NOT_PARSED
    return LostAt.NOT_RETRIEVED


def _carried(fact: _Fact, texts: Sequence[str]) -> bool:
    """Return whether `texts` hold the gold of the fact, or, where there is none, the fact."""
    if not fact.gold:
        return any(_states(text, fact.forms) for text in texts)
    return _need(fact)(held(_quotes(fact.gold), texts))


def _need(fact: _Fact) -> Callable[[Iterable[object]], bool]:
    return all if fact.derived else any


def _states(text: str, forms: Iterable[str]) -> bool:
    return any(holds(text, form) for form in forms)


def _texts(items: Iterable[Any]) -> list[str]:
    return [item["text"] for item in items]


def _quotes(gold: Iterable[Any]) -> list[str]:
    return [item["quote"] for item in gold]
