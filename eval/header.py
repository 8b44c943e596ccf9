"""Plan -> the header of a run: what a reader needs to trust its numbers, or to repeat them.

Reads the checkout, the index, the models and the machine; measures nothing.
"""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import importlib
import inspect
import json
import os
import pkgutil
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import rag
from eval.measure import Stage
from eval.plan import Plan
from rag import models, prompts
from rag.index import Index, folder_of
from rag.index.place import MANIFEST

Header = dict[str, Any]

SAME = (
    "set",
    "corpus",
    "stage",
    "cases",
    "subset",
    "profile",
    "index",
    "index_fingerprint",
    "models",
    "prompts",
    "settings",
    "packages",
    "code",
)
"""Fields that must agree before a run is taken up again: what its numbers depend on."""
_PACKAGES = (
    "rag-research-reports",
    "torch",
    "transformers",
    "sentence-transformers",
    "faiss-cpu",
    "jieba",
    "xllamacpp",
)
_ROOT = Path(rag.__file__).resolve().parents[1]
_SOURCES = ("rag/**/*.py", "eval/scorers/**/*.py", "eval/measure.py")
"""The files whose change may change a number: all but the commands."""
_WATCHED = (":(top)rag", ":(top)prompts", ":(top,glob)eval/**/*.py", ":(top)eval/sets",
            ":(top)eval/reports", ":(top)pyproject.toml")  # fmt: skip
"""What makes a checkout dirty: not a new baseline, nor a line in the log."""
_NO_SETTINGS = ("cli", "load", "models", "page", "schema", "serve")
"""Rooms whose constants are about reading files, fetching weights or showing text."""
_DIGITS = 12


def header_of(plan: Plan, workers: int = 1) -> Header:
    """Return the header of a run of `plan` that starts now.

    Raises:
        UsageError: The plan names a case that its set does not have.
        RagError: The index is damaged, or a prompt file is.
    """
    cases = plan.cases
    return {
        "format": 2,
        "set": {"name": cases.name, "version": cases.version, "sha256": cases.sha256},
        "corpus": _corpus_hash(cases.corpus),
        "stage": plan.stage.value,
        "cases": len(plan.chosen),
        "subset": plan.subset,
        "profile": plan.profile,
        "index": plan.index,
        "index_fingerprint": index_fingerprint(plan.index),
        "models": _models(plan),
        "prompts": {name: prompts.load(name).label for name in prompts.names()},
        "settings": settings(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "code": _hash_of_files(_sources()),
        "commit": _git("rev-parse", "HEAD"),
        "dirty": bool(_git("status", "--porcelain", "--", *_WATCHED)),
        "python": platform.python_version(),
        "machine": _machine(),
        "workers": workers,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
    }


def index_fingerprint(name: str | None) -> str | None:
    """Return 12 hex digits over what an index was built with and every chunk it holds.

    Two indexes built apart from the same documents by the same program agree. None when there is
    no index of that name.

    Raises:
        IndexError_: It cannot be read.
    """
    folder = _folder(name)
    if folder is None:
        return None
    digest = hashlib.sha256()
    with closing(Index.open(folder)) as index:
        digest.update(index.manifest.fingerprint.encode())
        for document in sorted(index.documents(), key=lambda facts: facts.doc_id):
            digest.update(_encoded(document))
            for chunk in index.chunks_of(document.doc_id).values():
                digest.update(_encoded(chunk))
    return digest.hexdigest()[:_DIGITS]


def settings(package: ModuleType = rag) -> dict[str, float | None]:
    """Return every numeric constant of `package` that may shape an answer, by dotted name.

    Those are the numbers that a module assigns to an upper-case name, and the defaults of the
    dataclasses that have nothing but defaults (budgets, engine settings).
    """
    found: dict[str, float | None] = {}
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if info.name.split(".")[1] not in _NO_SETTINGS:
            module = importlib.import_module(info.name)
            found |= {f"{info.name}.{name}": value for name, value in _numbers(module)}
    return found


def _numbers(module: ModuleType) -> Iterator[tuple[str, float | None]]:
    tree = ast.parse(inspect.getsource(module))
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from _defaults(getattr(module, node.name))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for name in (target.id for target in targets if isinstance(target, ast.Name)):
                value = getattr(module, name, None)
                if name.isupper() and isinstance(value, int | float):
                    yield name, value


def _defaults(class_: type) -> Iterator[tuple[str, float | None]]:
    fields = dataclasses.fields(class_) if dataclasses.is_dataclass(class_) else ()
    if all(field.default is not dataclasses.MISSING for field in fields):
        for field in fields:
            if field.default is None or isinstance(field.default, int | float):
                yield f"{class_.__name__}.{field.name}", field.default


def _models(plan: Plan) -> dict[str, dict[str, str]]:
    """Return role -> name and hash; the embedder is the one that the index was built with."""
    used, folder = {}, _folder(plan.index)
    if folder is not None:
        with closing(Index.open(folder)) as index:
            stored = index.manifest
            used["embedder"] = {"name": stored.embedder, "sha256": stored.embedder_fingerprint}
    if plan.stage is Stage.ANSWER:
        name = models.PROFILES[plan.profile].generator
        used["generator"] = {"name": name, "sha256": models.fingerprint(name)}
    return used


def _folder(index: str | None) -> Path | None:
    """Return the folder of an index, or None where there is no such index."""
    folder = folder_of(index) if index else None
    return folder if folder and (folder / MANIFEST).is_file() else None


def _sources() -> Iterator[Path]:
    for glob in _SOURCES:
        for path in sorted(_ROOT.glob(glob)):
            if not any(path.is_relative_to(_ROOT / "rag" / room) for room in ("cli", "page")):
                yield path


def _corpus_hash(corpus: Path | None) -> str | None:
    """Return one hash over the names and bytes of the documents, or None without a corpus."""
    if corpus is None:
        return None
    return _hash_of_files(sorted(p for p in corpus.rglob("*") if p.is_file()), corpus)


def _hash_of_files(paths: Iterable[Path], root: Path = _ROOT) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _encoded(noun: Any) -> bytes:  # noqa: ANN401 - any dataclass of rag.schema
    return json.dumps(dataclasses.asdict(noun), ensure_ascii=False, sort_keys=True).encode()


def _machine() -> str:
    memory = ""
    if hasattr(os, "sysconf"):
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        memory = f", {size / 1e9:.0f} GB"
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs{memory}"


def _git(*arguments: str) -> str | None:
    """Return what git says of the checkout, or None where there is none."""
    command = ["git", "-C", str(_ROOT), *arguments]
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
