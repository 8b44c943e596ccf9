"""Plan -> how each worker opens a system of its own; sets that bring their passages need no index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import NoReturn

from eval.cases import CaseSet
from eval.plan import Plan
from eval.runner import Opener
from eval.system import System, index_name, opened
from rag.errors import UsageError
from rag.models import PROFILES
from rag.reader import Reader
from rag.schema import Answer, Hit, Turn


def index_for(cases: CaseSet, profile: str) -> str | None:
    """Return the index to search, or None where every case brings its passages.

    Raises:
        UsageError: The set does not say where its documents are.
    """
    if cases.corpus is None and all(case.given for case in cases.cases):
        return None
    return index_name(cases, profile)


def opener_of(plan: Plan) -> Opener:
    """Return what opens a system for one worker over the index of `plan`, which must be built."""
    if plan.index is None:
        return partial(_reading, plan.profile)
    return partial(opened, plan.index, None, plan.profile)


@contextmanager
def _reading(profile: str) -> Iterator[System]:
    reader = Reader(PROFILES[profile].generator)
    try:
        yield _ReadingOnly(reader)
    finally:
        reader.close()


class _ReadingOnly:
    """A system without an index: it answers from the passages it is given."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def read(self, question: str, hits: Sequence[Hit], *, history: Sequence[Turn] = ()) -> Answer:
        """See `Reader.read`."""
        return self._reader.read(question, hits, history=history)

    def search(self, question: str, k: int = 10) -> NoReturn:
        """Raise: there is nothing to search."""
        del k
        raise _nothing_to_search(question)

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> NoReturn:
        """Raise: there is nothing to search."""
        del history
        raise _nothing_to_search(question)


def _nothing_to_search(question: str) -> UsageError:
    return UsageError(
        f"no passages are given with {question!r} and no index is open; add --index",
        f"问题 {question!r} 未附段落，也没有打开索引；请加 --index",
    )
