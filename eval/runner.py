"""Runs a case set against a system into a run folder: ``header.json`` + ``results.jsonl``.

A run can be stopped at any moment and taken up again: every case is one line, written when it is
done, and cases already there are skipped. Knows nothing of how a system works or is opened.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from eval.cases import CaseSet
from eval.measure import Record, Stage, measure
from eval.system import System
from rag.errors import UsageError

RUNS = Path(__file__).parent / "runs"
_PACKAGES = (
    "rag-research-reports",
    "torch",
    "transformers",
    "sentence-transformers",
    "faiss-cpu",
    "xllamacpp",
)
_SAME = ("set", "corpus", "stage", "index", "profile", "commit")
"""Header fields that must agree before a run is taken up again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run."""

    cases: CaseSet
    stage: Stage
    index: str
    profile: str
    limit: int | None = None
    """The first so many cases of the set; None for all."""


def run(
    plan: Plan,
    system: System,
    folder: Path,
    documents: Mapping[str, str],
    on_record: Callable[[Record], None] = lambda record: None,
) -> list[Record]:
    """Measure the cases of `plan` that `folder` does not hold yet; return all records, in order.

    Args:
        plan: The cases and the settings that the header records.
        system: Who is asked.
        folder: Created if missing; an unfinished run there is taken up again.
        documents: File name -> text, to prove quotes against.
        on_record: Called once a case, for those already done too: progress.

    Raises:
        UsageError: `folder` holds a run of something else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_header(folder / "header.json", header_of(plan))
    path = folder / "results.jsonl"
    _mend(path)
    done = {record["id"]: record for record in read_records(path)}
    records = []
    with path.open("a", encoding="utf-8") as out:
        for case in plan.cases.cases[: plan.limit]:
            record = done.get(case.id)
            if record is None:
                record = measure(case, system, plan.stage, documents)
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
                out.flush()
            records.append(record)
            on_record(record)
    return records


def read_records(path: Path) -> list[Record]:
    """Return the records of a results file; a last line cut short by a crash is left out."""
    if not path.exists():
        return []
    whole = _whole_lines(path.read_bytes())
    return [json.loads(line) for line in whole.decode("utf-8").splitlines()]


def new_folder(cases: CaseSet) -> Path:
    """Return the folder of a fresh run, named by UTC time and set."""
    return RUNS / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{cases.name}"


def header_of(plan: Plan) -> dict[str, Any]:
    """Return what a reader needs to trust a run, or to repeat it."""
    cases = plan.cases
    return {
        "format": 1,
        "set": {"name": cases.name, "version": cases.version, "sha256": cases.sha256},
        "corpus": _corpus_hash(cases.corpus),
        "cases": len(cases.cases[: plan.limit]),
        "stage": plan.stage.value,
        "index": plan.index,
        "profile": plan.profile,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
        "commit": _git("rev-parse", "HEAD"),
        "dirty": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs",
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def _write_header(path: Path, header: Mapping[str, Any]) -> None:
    if not path.exists():
        path.write_text(json.dumps(header, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return
    stored = json.loads(path.read_text(encoding="utf-8"))
    for name in _SAME:
        if stored.get(name) != header[name]:
            raise UsageError(
                f"{path.parent} holds a run with another {name}: {stored.get(name)}, "
                f"now {header[name]}; give another --out",
                f"{path.parent} 中的运行 {name} 不同：{stored.get(name)}，"
                f"现在是 {header[name]}；请换一个 --out",
            )


def _mend(path: Path) -> None:
    """Cut a half-written last line off, so that the next one starts on a line of its own."""
    if path.exists():
        os.truncate(path, len(_whole_lines(path.read_bytes())))


def _whole_lines(data: bytes) -> bytes:
    return data[: data.rfind(b"\n") + 1]


def _corpus_hash(corpus: Path | None) -> str | None:
    """Return one hash over the names and bytes of the documents, or None without a corpus."""
    if corpus is None:
        return None
    digest = hashlib.sha256()
    for path in sorted(path for path in corpus.rglob("*") if path.is_file()):
        digest.update(path.relative_to(corpus).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _git(*arguments: str) -> str | None:
    """Return what git says of the checkout, or None where there is none."""
    command = ["git", "-C", str(Path(__file__).parent), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
