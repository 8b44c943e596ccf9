"""Case sets: a folder or a ``.jsonl`` file -> `CaseSet`. Knows nothing of systems or scores.

A set is a folder with ``set.json`` and ``cases.jsonl``. A lone ``.jsonl`` file of the older form
(``type`` for ``kind``, ``doc`` for ``source``, several ``turns`` on a line) is read in place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import RagError, UsageError
from rag.schema import Turn

SETS = Path(__file__).parent / "sets"

KINDS = (
    "fact",
    "multi",
    "compare",
    "list",
    "table",
    "time",
    "paired",
    "colloquial",
    "crossdoc",
    "crosslingual",
    "followup",
    "partial",
    "unanswerable",
    "premise",
)
"""What a question of ours asks for, or what is hard about it; external sets have their own.

``partial`` asks two things of which the reports state one. ``premise`` takes something false for
granted: like ``unanswerable``, it is right to refuse it."""

UNANSWERABLE = ("unanswerable", "premise")


class CaseError(RagError):
    """A case set is malformed."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Gold: a quote in a document, never a chunk, so that re-chunking does not invalidate it."""

    source: str
    """File name of the document."""
    quote: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its known answer."""

    id: str
    """Permanent: a case that changes its meaning gets a new one."""
    question: str
    lang: str
    kind: str
    answerable: bool
    answers: tuple[tuple[str, ...], ...]
    """Required facts, each a tuple of accepted surface forms; empty when unanswerable."""
    forbidden: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    history: tuple[Turn, ...] = ()
    given: tuple[str, ...] = ()
    """Passages that come with the question, best first: nothing is retrieved."""
    relevant: tuple[str, ...] = ()
    """File names judged relevant, where a set has judgements instead of quotes."""
    reference: str = ""
    """The gold answer in prose, where a set has one: all there is to compare with when the case
    is answerable and `answers` requires nothing."""
    derived: Mapping[int, str] = field(default_factory=dict)
    """For the facts that no quote states: index in `answers` -> the arithmetic that gives it, or
    a word on why there is none (``conclusion``, ``name``). Read by the lint alone."""


@dataclass(frozen=True, slots=True)
class CaseSet:
    """A versioned collection of cases over one corpus."""

    name: str
    version: str
    licence: str
    corpus: Path | None
    """Folder of the documents the cases ask about; None when only an index is known."""
    cases: tuple[Case, ...]
    sha256: str
    """Of the cases file, as bytes; of an external set, of its cases as adapted."""
    path: Path
    """The cases file."""


def find_set(name: str, corpus: Path | None = None) -> CaseSet:
    """Return the set called `name`: a folder, a name under eval/sets, or a ``.jsonl`` file.

    Args:
        name: What the user typed; of an external set its path, perhaps with ``:variant``.
        corpus: The documents of a ``.jsonl`` file; overrides a folder's own corpus.

    Raises:
        UsageError: Nothing of that name exists.
        CaseError: It exists but is malformed.
    """
    from eval.external import adapted  # late: the adapters are built on this module

    if found := adapted(name, corpus):
        return found
    for path in (Path(name), SETS / name):
        if path.is_dir():
            return _load_folder(path, corpus)
        if path.is_file():
            return _load_file(path, corpus)
    known = ", ".join(sorted(p.parent.name for p in SETS.glob("*/set.json"))) or "-"
    raise UsageError(
        f"no case set {name}; expected a folder, a .jsonl file or one of: {known}",
        f"没有名为 {name} 的题集；应为文件夹、.jsonl 文件，或其中之一：{known}",
    )


def read_cases(path: Path, corpus: Path | None = None) -> tuple[Case, ...]:
    """Return the cases of a ``.jsonl`` file in order; blank lines are skipped.

    Raises:
        CaseError: A line is not a JSON object of the contract's form.
    """
    cases: list[Case] = []
    for number, line in enumerate(_read(path).split("\n"), start=1):
        if line.strip():
            try:
                cases.extend(_cases_of(json.loads(line), corpus))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise CaseError(
                    f"{path.name} line {number}: not a case ({error!r}); see eval/README.md",
                    f"{path.name} 第 {number} 行不是合格的题目（{error!r}）；格式见 eval/README.md",
                ) from error
    return tuple(cases)


def _load_folder(folder: Path, corpus: Path | None) -> CaseSet:
    try:
        header: dict[str, Any] = json.loads(_read(folder / "set.json"))
        own = (folder / header["corpus"]).resolve()
        name, version, licence = (str(header[key]) for key in ("name", "version", "licence"))
    except (ValueError, KeyError, TypeError) as error:
        raise CaseError(
            f"{folder}/set.json: expected name, version, licence, corpus ({error!r})",
            f"{folder}/set.json：应有 name、version、licence、corpus（{error!r}）",
        ) from error
    path, corpus = folder / "cases.jsonl", corpus or own
    return CaseSet(name, version, licence, corpus, read_cases(path, corpus), _sha256(path), path)


def _load_file(path: Path, corpus: Path | None) -> CaseSet:
    cases = read_cases(path, corpus)
    return CaseSet(path.stem, "unversioned", "unknown", corpus, cases, _sha256(path), path)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(
            f"cannot read {path}: {error}; expected a UTF-8 file",
            f"无法读取 {path}：{error}；应为 UTF-8 文件",
        ) from error


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _cases_of(row: dict[str, Any], corpus: Path | None) -> Iterator[Case]:
    if "turns" in row:
        yield from _turns_of(row, corpus)
    else:
        yield _case_of(row, corpus)


def _case_of(row: dict[str, Any], corpus: Path | None) -> Case:
    return Case(
        id=str(row["id"]),
        question=str(row["question"]),
        lang=str(row["lang"]),
        kind=str(row["kind"] if "kind" in row else row["type"]),
        answerable=bool(row["answerable"]),
        answers=tuple(tuple(map(str, forms)) for forms in row["answers"]),
        forbidden=tuple(row.get("forbidden", ())),
        evidence=tuple(_evidence_of(item, corpus) for item in row.get("evidence", ())),
        history=tuple(Turn(turn["question"], turn["answer"]) for turn in row.get("history", ())),
        given=tuple(map(str, row.get("given", ()))),
        relevant=tuple(map(str, row.get("relevant", ()))),
        derived={int(key): str(how) for key, how in row.get("derived", {}).items()},
    )


def _turns_of(row: dict[str, Any], corpus: Path | None) -> Iterator[Case]:
    """Yield one case a turn; its history holds the gold answers, so one slip costs one case."""
    history: list[dict[str, str]] = []
    for number, turn in enumerate(row["turns"], start=1):
        kind = "followup" if history else "fact"
        known = {"id": f"{row['id']}.{number}", "kind": kind, "history": list(history)}
        yield _case_of(turn | known, corpus)
        gold = "，".join(forms[0] for forms in turn["answers"])
        history.append({"question": turn["question"], "answer": gold})


def _evidence_of(item: dict[str, Any], corpus: Path | None) -> Evidence:
    source = item["source"] if "source" in item else _numbered(str(item["doc"]), corpus)
    return Evidence(str(source), str(item["quote"]), item.get("page"))


def _numbered(number: str, corpus: Path | None) -> str:
    """Return the file of `corpus` whose name starts with `number`, or `number` if none does."""
    names = sorted(path.name for path in corpus.glob(f"{number}*")) if corpus else []
    return names[0] if names else number
