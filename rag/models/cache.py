"""The folder that holds the weights: where each model lies, whether it is complete, who may write.

A finished model is ``NAME/`` or ``NAME.gguf`` with ``NAME.json`` beside it, which is written last,
so that its existence means completeness. Work in progress is in ``.partial/NAME/``. Knows nothing
of where weights come from.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import filelock
import platformdirs
from rich.filesize import decimal

from rag.errors import ModelError
from rag.language import say
from rag.models.catalogue import File, Model
from rag.models.progress import Progress


class State(StrEnum):
    """How much of a model is in the cache."""

    PRESENT = "present"
    PARTIAL = "partial"
    MISSING = "missing"


class Status(NamedTuple):
    """A model's state and the bytes it takes on disk."""

    state: State
    bytes: int


def cache_dir() -> Path:
    """Return the folder of all weights, which need not exist yet.

    It is ``models`` in the folder that ``RAG_CACHE`` names, else in the user's cache folder of the
    platform (XDG on Linux).
    """
    root = os.environ.get("RAG_CACHE")
    base = Path(root).expanduser() if root else platformdirs.user_cache_path("rag-research-reports")
    return base / "models"


def location(model: Model) -> Path:
    """Return where `model` lies once complete: a folder, or a ``.gguf`` file."""
    return cache_dir() / (model.name if model.is_folder else f"{model.name}.gguf")


def work_folder(model: Model) -> Path:
    """Return the folder in which `model` is put together."""
    return cache_dir() / ".partial" / model.name


def is_complete(model: Model) -> bool:
    """Return whether all of `model` is in the cache, judged by its record and sizes."""
    if not _record(model).is_file():
        return False
    return all(
        path.is_file() and file.size in (None, path.stat().st_size)
        for file, path in _files(model, location(model))
    )


def status(model: Model) -> Status:
    """Return whether `model` is in the cache, in part or whole, and the bytes it takes there."""
    if is_complete(model):
        return Status(State.PRESENT, size_on_disk(location(model)))
    size = size_on_disk(work_folder(model))
    return Status(State.PARTIAL if size else State.MISSING, size)


def install(model: Model, folder: Path) -> None:
    """Check the files of `model` in `folder`, move them to its location, and record that.

    Raises:
        ModelError: if a file is missing or is not the official one; it has then been deleted.
    """
    _check(model, folder if model.is_folder else folder / model.files[0].path)
    target = location(model)
    _remove(target)
    os.replace(folder if model.is_folder else folder / model.files[0].path, target)
    _write_record(model)
    shutil.rmtree(work_folder(model), ignore_errors=True)


def adopt(model: Model) -> bool:
    """Return whether files at the location of `model` were right and only the record was missing.

    Wrong ones are deleted.
    """
    target = location(model)
    _record(model).unlink(missing_ok=True)
    if not target.exists():
        return False
    try:
        _check(model, target)
    except ModelError:
        _remove(target)
        return False
    _write_record(model)
    return True


@contextmanager
def only_one(name: str, progress: Progress) -> Iterator[None]:
    """Hold the right to write `name`, waiting, after saying so, while another process has it."""
    folder = cache_dir() / ".locks"
    folder.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(folder / f"{name}.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        progress.note(
            say(
                f"another process is fetching {name}; waiting for it",
                f"另一个进程正在下载 {name}，等待其完成",
            )
        )
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def require_space(needed: int) -> None:
    """Check that the cache's disk has `needed` bytes free.

    Raises:
        ModelError: if it has not.
    """
    folder = cache_dir()
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ModelError(
            f"{folder} has {decimal(free)} free, {decimal(needed)} are needed; free some, or name"
            " another disk: export RAG_CACHE=/path/to/folder",
            f"{folder} 剩余 {decimal(free)}，需要 {decimal(needed)}；请清理空间，或指定其他磁盘："
            "export RAG_CACHE=/path/to/folder",
        )


def require_sha256(path: Path, expected: str, name: str) -> None:
    """Check that the file at `path`, which belongs to model `name`, has the hash `expected`.

    Raises:
        ModelError: if not; the file has then been deleted.
    """
    found = sha256_of(path)
    if found != expected:
        path.unlink()
        raise ModelError(
            f"{name}: {path.name} has SHA-256 {found[:12]}…, expected {expected[:12]}…; the file"
            f" was deleted, fetch it again: rag models pull {name}",
            f"{name}：{path.name} 的 SHA-256 为 {found[:12]}…，应为 {expected[:12]}…；文件已删除，"
            f"请重新下载：rag models pull {name}",
        )


def sha256_of(path: Path) -> str:
    """Return the hash of the file's content, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def size_on_disk(path: Path) -> int:
    """Return the bytes of the file, or of all files below the folder; 0 if there is nothing."""
    if path.is_file():
        return path.stat().st_size
    return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())


def write_json(path: Path, content: object) -> None:
    """Write `content` so that readers see the old file or the whole new one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    os.replace(draft, path)


def _record(model: Model) -> Path:
    return cache_dir() / f"{model.name}.json"


def _write_record(model: Model) -> None:
    content = {
        "name": model.name,
        "sha256": model.sha256,
        "licence": model.licence,
        "source": model.page_url,
    }
    write_json(_record(model), content)


def _files(model: Model, place: Path) -> Iterator[tuple[File, Path]]:
    """Yield every file of `model` with its path, where `place` is its folder or the one file."""
    for file in model.files:
        yield file, place / file.path if model.is_folder else place


def _check(model: Model, place: Path) -> None:
    for file, path in _files(model, place):
        if not path.is_file():
            raise ModelError(
                f"{model.name}: {file.path} is missing; fetch it again: rag models pull"
                f" {model.name}",
                f"{model.name}：缺少 {file.path}；请重新下载：rag models pull {model.name}",
            )
        if file.sha256:
            require_sha256(path, file.sha256, model.name)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
