"""A case set -> proof that a version stays what it was: the hashes in its ``seal.json``.

A sealed version may not change: not its cases, not its documents. An id once sealed keeps its
question for ever, also when its case is gone, so that results of years stay comparable.
``set.json`` is for people, ``seal.json`` is written by `seal` alone and goes under version control.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eval.cases import Case, CaseError, CaseSet
from eval.findings import Finding
from rag.errors import UsageError

SEAL, HEADER = "seal.json", "set.json"
_DIGITS = 12
"""Hexadecimal digits of a question's hash: one set has a few thousand at most."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a version consists of."""

    cases: str
    """SHA-256 of the cases file."""
    documents: Mapping[str, str]
    """Path below the corpus -> SHA-256 of the file."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What was sealed up to now."""

    versions: Mapping[str, Content] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    """Every id ever sealed, retired ones too -> hash of its question."""


def check(cases: CaseSet, *, sealing: bool = False) -> Iterator[Finding]:
    """Yield where a set departs from its seal; nothing for a set that was never sealed.

    Args:
        cases: The set.
        sealing: Whether its version is about to be sealed, so that this need not be asked for.

    Raises:
        CaseError: The seal is damaged.
    """
    folder = cases.path.parent
    if not sealing and not (folder / SEAL).is_file():
        return
    held = _held(folder)
    yield from _unexplained(cases)
    yield from _reused(cases, held)
    known = held.versions.get(cases.version)
    if known is not None:
        yield from _changed(cases, known, content_of(cases))
    elif not sealing:
        yield Finding(
            "-",
            f"version {cases.version} is not sealed; type: rag eval lint {cases.name} --seal",
            f"版本 {cases.version} 尚未封存；请输入：rag eval lint {cases.name} --seal",
        )


def seal(cases: CaseSet) -> Path:
    """Write the hashes of the set's version into its ``seal.json`` and return that file.

    Raises:
        UsageError: The set has no ``set.json``; or this version was sealed with other content, or
            an id with another question.
        CaseError: The seal is damaged.
    """
    folder = cases.path.parent
    if not (folder / HEADER).is_file():
        raise UsageError(
            f"{cases.path.name} has no {HEADER} beside it, so there is no version to seal; "
            "make a set: rag eval new FOLDER --name NAME",
            f"{cases.path.name} 旁边没有 {HEADER}，没有可封存的版本；"
            "可新建题集：rag eval new 文件夹 --name 名称",
        )
    held = _held(folder)
    faults = list(check(cases, sealing=True))
    if faults:
        raise UsageError(faults[0].en, faults[0].zh)
    written = Seal(
        {**held.versions, cases.version: content_of(cases)},
        {**held.ids, **{case.id: question_hash(case) for case in cases.cases}},
    )
    path, text = (
        folder / SEAL,
        json.dumps(dataclasses.asdict(written), ensure_ascii=False, indent=1),
    )
    path.write_text(text + "\n", encoding="utf-8")
    return path


def read(path: Path) -> Seal:
    """Return what a ``seal.json`` holds.

    Raises:
        CaseError: It is damaged.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        versions = {
            str(version): Content(str(row["cases"]), dict(row["documents"]))
            for version, row in record["versions"].items()
        }
        return Seal(versions, dict(record["ids"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CaseError(
            f"{path} is damaged ({error!r}); restore it from version control",
            f"{path} 已损坏（{error!r}）；请从版本库恢复",
        ) from error


def content_of(cases: CaseSet) -> Content:
    """Return the hashes of a set as it is now: of every file of its corpus but hidden ones."""
    documents = {}
    for path in sorted(cases.corpus.rglob("*")) if cases.corpus else ():
        name = path.relative_to(cases.corpus or path)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            documents[name.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return Content(hashlib.sha256(cases.path.read_bytes()).hexdigest(), documents)


def question_hash(case: Case) -> str:
    """Return the hash of what an id stands for: the question with what was said before it.

    Answers are not part of it: to accept one more form, or to correct one, keeps the id.
    """
    turns = [[turn.question, turn.answer] for turn in case.history]
    encoded = json.dumps([case.question, turns], ensure_ascii=False).encode()
    return hashlib.sha256(encoded).hexdigest()[:_DIGITS]


def _held(folder: Path) -> Seal:
    path = folder / SEAL
    return read(path) if path.is_file() else Seal()


def _unexplained(cases: CaseSet) -> Iterator[Finding]:
    """Yield a finding where ``changes`` of ``set.json`` does not say what this version is."""
    path = cases.path.parent / HEADER
    changes = json.loads(path.read_text(encoding="utf-8")).get("changes") if path.is_file() else []
    if not any(str(change.get("version")) == cases.version for change in changes or ()):
        yield Finding(
            "-",
            f"{HEADER}: changes has no entry for version {cases.version}; say what changed",
            f"{HEADER} 的 changes 中没有版本 {cases.version}；请说明改动",
        )


def _reused(cases: CaseSet, held: Seal) -> Iterator[Finding]:
    for case in cases.cases:
        if held.ids.get(case.id, question_hash(case)) != question_hash(case):
            yield Finding(
                case.id,
                "this id was sealed with another question; ids are permanent: give it a new one",
                "该编号已用于另一个问题；编号不可改作他用，请换新编号",
            )


def _changed(cases: CaseSet, sealed: Content, now: Content) -> Iterator[Finding]:
    names = sorted(
        name
        for name in sealed.documents.keys() | now.documents.keys()
        if sealed.documents.get(name) != now.documents.get(name)
    )
    if sealed.cases != now.cases:
        names.insert(0, cases.path.name)
    for name in names:
        yield Finding(
            "-",
            f"{name} differs from version {cases.version} as sealed; raise version in {HEADER}, "
            f"say in changes why, then: rag eval lint {cases.name} --seal",
            f"{name} 与已封存的版本 {cases.version} 不同；请提高 {HEADER} 中的 version，"
            f"在 changes 中说明原因，然后：rag eval lint {cases.name} --seal",
        )
