"""Indexes and what they hold, as the library tab shows and changes them. Knows nothing of Gradio.

An index is known by its bare name: what a browser sends is never taken for a path.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.embed import Embedder
from rag.errors import UsageError
from rag.index import MANIFEST, Index, IngestReport, IngestRow, State, folder_of, place
from rag.index.origins import origins
from rag.load.report.companies import normal_code
from rag.page import uploads
from rag.page.uploads import Refused, Upload
from rag.schema import DocumentFacts, Fact, FactName
from rag.text import fold

OnProgress = Callable[[str, str, int, int], None]
"""Called as (stage, name, done, total): ``file`` counts files, ``embed`` a file's chunks; the name
is that which the file was uploaded under."""
_JOBS = 2
"""Processes that read files, at most: answers are given meanwhile."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as the list shows it; all of it is text of a report or of a file name: data."""

    doc_id: str
    name: str
    """File name as it was uploaded."""
    title: str
    publisher: str | None
    published: str | None
    """ISO date."""
    kind: str | None
    rating: str | None
    companies: tuple[str, ...]
    codes: tuple[str, ...]
    pages: int
    chunks: int
    uploaded: bool
    """Whether its file lies with the index, and goes when the document is removed."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an upload: what was not taken, and the report on what was."""

    refused: tuple[Refused, ...]
    report: IngestReport


def folder(name: str) -> Path:
    """Return the folder of the index called `name`, whether it is there or not.

    Raises:
        UsageError: It is no bare name.
    """
    if os.sep in name or "/" in name or "\\" in name:
        raise UsageError(
            f"{name!r} cannot name an index; use letters, digits, - and _",
            f"{name!r} 不能作为索引名；请用字母、数字、- 和 _",
        )
    return folder_of(name)


def create(name: str, embedder: Embedder) -> None:
    """Make an empty index.

    Raises:
        UsageError: The name cannot name one, or is taken.
        RagError: The embedding model is missing and cannot be fetched.
    """
    place_ = folder(name.strip())
    if (place_ / MANIFEST).exists():
        raise UsageError(
            f"there is an index {name.strip()!r} already; choose another name",
            f"索引 {name.strip()!r} 已存在；请换一个名称",
        )
    Index.create(place_, embedder).close()


def delete(name: str) -> None:
    """Delete an index with what was uploaded to it; other files stay where they are.

    Raises:
        IndexError_: There is none, or another process is writing to it.
    """
    place_ = folder(name)
    if not (place_ / MANIFEST).exists():
        raise place.missing(place_)
    with place.writing(place_):
        (place_ / MANIFEST).unlink(missing_ok=True)  # from here on there is no such index
    shutil.rmtree(place_, ignore_errors=True)


def entries(name: str) -> list[Entry]:
    """Return the documents of an index, newest first.

    Raises:
        IndexError_: There is none, or another version of the program built it.
    """
    place_ = folder(name)
    with contextlib.closing(Index.open(place_)) as opened:
        documents, facts = opened.documents(), opened.facts()
    shown, files = uploads.originals(place_), origins(place_)
    return [
        _entry(d, facts.get(d.doc_id, ()), files.get(d.doc_id, ()), shown, place_)
        for d in documents
    ]


def matching(listed: Iterable[Entry], words: str) -> list[Entry]:
    """Return the entries that hold every word of `words` somewhere, in their order."""
    wanted = fold(words).split()
    return [entry for entry in listed if all(word in _text(entry) for word in wanted)]


def add(name: str, embedder: Embedder, arrived: Sequence[Upload], on_progress: OnProgress) -> Added:
    """Take uploads into an index, which is made where it is missing; what failed is not kept.

    Raises:
        UsageError: The name cannot name an index, or a limit is set to no number.
        RagError: The embedding model cannot be fetched, the disk is full, another process writes.
    """
    place_ = folder(name)
    taken, refused = uploads.sift(arrived, uploads.limits(), uploads.stored_bytes(place_))
    try:
        with contextlib.closing(Index.create(place_, embedder)) as opened:
            kept = [uploads.keep(upload, place_) for upload in taken]
            try:
                report = opened.add(kept, on_progress=_named_by(place_, on_progress), jobs=_jobs())
            finally:
                held = {path for paths in origins(place_).values() for path in paths}
                for path in kept:
                    if path.resolve() not in held:
                        uploads.forget(path, place_)
    finally:
        uploads.discard(arrived)
    return Added(tuple(refused), IngestReport(tuple(_named(r, place_) for r in report.rows)))


def remove(name: str, doc_ids: Iterable[str]) -> int:
    """Remove documents, and of their files those that were uploaded; return how many there were.

    An uploaded archive goes with the last document that lies in it.

    Raises:
        IndexError_: There is no such index, or another process is writing to it.
    """
    place_ = folder(name)
    before = origins(place_)
    gone = 0
    with contextlib.closing(Index.open(place_)) as opened:
        held = {d.doc_id for d in opened.documents()}
        for doc_id in dict.fromkeys(doc_ids):
            if doc_id in held:
                opened.remove(doc_id)
                gone += 1
    left = {path for paths in origins(place_).values() for path in paths}
    for path in {path for paths in before.values() for path in paths} - left:
        uploads.forget(path, place_)
    return gone


def rebuild(name: str, embedder: Embedder, on_progress: OnProgress) -> IngestReport:
    """Build an index anew from its files; return what became of each.

    Raises:
        RagError: There is no such index, another process writes, the disk is full.
    """
    place_ = folder(name)
    if not (place_ / MANIFEST).exists():
        raise place.missing(place_)
    tell = _named_by(place_, on_progress)
    report = Index.rebuild(place_, embedder, on_progress=tell, jobs=_jobs())
    return IngestReport(tuple(_named(row, place_) for row in report.rows))


def embedder_name(name: str, otherwise: str) -> str:
    """Return the embedding model an index was built with; `otherwise` where there is none yet."""
    place_ = folder(name)
    return place.read(place_).manifest.embedder if (place_ / MANIFEST).exists() else otherwise


def counts(report: IngestReport) -> dict[State, int]:
    """Return how many files ended in each state, those that occur."""
    return {state: report.count(state) for state in State if report.count(state)}


def _jobs() -> int:
    """Return the number of processes that read uploads; with 0 this one does, without limits."""
    value = os.environ.get("RAG_JOBS", "")
    return min(_JOBS, int(value) if value.isdecimal() else os.cpu_count() or 1)


def _original(path: Path, place_: Path) -> str:
    """Return what a file is called: an upload as it was before it was uploaded."""
    sources = (place_ / uploads.SOURCES).resolve()
    path = path.resolve()
    if not path.is_relative_to(sources):
        return path.name
    stored, *inner = path.relative_to(sources).parts
    return "/".join((uploads.originals(place_).get(stored, stored), *inner))


def _named_by(place_: Path, on_progress: OnProgress) -> Callable[[str, Path, int, int], None]:
    def tell(stage: str, path: Path, done: int, total: int) -> None:
        on_progress(stage, _original(path, place_), done, total)

    return tell


def _named(row: IngestRow, place_: Path) -> IngestRow:
    """Return a row that names files as they were called, and no place of this machine."""
    name = _original(Path(row.path), place_)
    if row.state in (State.DUPLICATE, State.MOVED) and row.reason:  # it is the path of the other
        return replace(row, path=name, reason=_original(Path(row.reason), place_))
    reason = row.reason and row.reason.replace(row.path, name)
    if reason:
        reason = reason.replace(f"{place_ / uploads.SOURCES}{os.sep}", "")
    return replace(row, path=name, reason=reason)


def _entry(
    document: DocumentFacts,
    stated: Sequence[Fact],
    files: Sequence[Path],
    shown: dict[str, str],
    place_: Path,
) -> Entry:
    companies = [fact for fact in stated if fact.name is FactName.COMPANY]
    also = [name for fact in companies for name in (fact.value, *fact.also)]
    head, _, inner = document.source.partition("/")
    uploaded = [path for path in files if uploads.is_uploaded(path, place_)]
    name = shown.get(head, head) if uploaded else head
    return Entry(
        document.doc_id,
        f"{name}/{inner}" if inner else name,
        document.title,
        document.publisher,
        document.published,
        _first(stated, FactName.KIND),
        _first(stated, FactName.RATING),
        tuple(dict.fromkeys(fact.value for fact in companies)),
        tuple(dict.fromkeys(code for name in also if (code := normal_code(name.upper())))),
        document.pages,
        document.chunks,
        bool(uploaded),
    )


def _first(stated: Iterable[Fact], name: FactName) -> str | None:
    return next((fact.value for fact in stated if fact.name is name), None)


def _text(entry: Entry) -> str:
    """Return all that an entry is searched by."""
    parts = (entry.name, entry.title, entry.publisher, entry.published, entry.kind, entry.rating)
    return fold(" ".join((*(p for p in parts if p), *entry.companies, *entry.codes, entry.doc_id)))
