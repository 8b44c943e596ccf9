"""What all external formats share: JSON lines, relevance judgements, the frame of a set."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from eval.cases import Case, CaseError, CaseSet

Row = dict[str, Any]

EXTERNAL = "external"
"""Version of a set that its publisher does not number; the hash tells editions apart."""


def read_rows(path: Path) -> list[Row]:
    """Return the objects of a ``.jsonl`` file in order; blank lines are skipped.

    Raises:
        CaseError: It cannot be read, or a line is no JSON object.
    """
    rows: list[Row] = []
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if line.strip():
            rows.append(_object(line, f"{path.name} line {number}", f"{path.name} 第 {number} 行"))
    return rows


def first_row(path: Path) -> Row:
    """Return the first object of a ``.jsonl`` file, empty where there is none: never raises."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            row = json.loads(next((line for line in file if line.strip()), "{}"))
    except (OSError, ValueError):
        return {}
    return row if isinstance(row, dict) else {}


def read_object(path: Path) -> Row:
    """Return the object of a ``.json`` file.

    Raises:
        CaseError: It cannot be read or is no JSON object.
    """
    return _object(_text(path), path.name, path.name)


def read_judgements(path: Path) -> dict[str, tuple[str, ...]]:
    """Return query id -> ids of the documents judged relevant, in the order of a ``qrels.tsv``.

    The format is BEIR's (Thakur et al., NeurIPS 2021): a header line, then query id, document id
    and grade between tabs; grade 0 means judged and not relevant.

    Raises:
        CaseError: A line has another form.
    """
    found: dict[str, dict[str, None]] = {}
    for number, line in enumerate(_text(path).split("\n")[1:], start=2):
        if not line.strip():
            continue
        fields = line.split("\t")
        if len(fields) != 3 or not fields[2].strip().lstrip("-").isdigit():
            raise CaseError(
                f"{path.name} line {number}: expected query id, document id, grade between tabs",
                f"{path.name} 第 {number} 行：应为以制表符分隔的问题编号、文档编号、等级",
            )
        if int(fields[2]) > 0:
            found.setdefault(fields[0], {})[fields[1]] = None
    return {query: tuple(documents) for query, documents in found.items()}


def to_set(name: str, path: Path, cases: Iterable[Case], corpus: Path | None) -> CaseSet:
    """Return adapted cases as a set; its hash is over what the adapter made of the file.

    So a change of the adapter shows in the header of a run as a change of the data would.
    """
    kept = tuple(cases)
    encoded = json.dumps([dataclasses.asdict(case) for case in kept], ensure_ascii=False)
    digest = hashlib.sha256(encoded.encode("utf-8", "surrogatepass")).hexdigest()
    return CaseSet(name, EXTERNAL, "see its publisher", corpus, kept, digest, path)


def malformed(path: Path, row: Row, error: Exception) -> CaseError:
    """Return the error for a row that lacks what its format promises."""
    name = row.get("_id", "?")
    return CaseError(
        f"{path.name}, {name}: not as its format says ({error!r}); download the set again",
        f"{path.name} 的 {name}：与格式不符（{error!r}）；请重新下载该题集",
    )


def _object(text: str, en: str, zh: str) -> Row:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise CaseError(f"{en}: no JSON ({error})", f"{zh}：不是 JSON（{error}）") from error
    if not isinstance(value, dict):
        raise CaseError(f"{en}: expected a JSON object", f"{zh}：应为 JSON 对象")
    return value


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(
            f"cannot read {path}: {error}; expected a UTF-8 file",
            f"无法读取 {path}：{error}；应为 UTF-8 文件",
        ) from error
