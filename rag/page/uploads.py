"""Uploaded files -> files under safe names in the folder of sources of an index, within limits.

A name that an upload gives is only ever shown, never used as a path: what is stored is made from it
character by character. Knows nothing of the page, and nothing of what is in the files.
"""

from __future__ import annotations

import contextlib
import filecmp
import json
import os
import re
import shutil
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import DocumentError, UsageError
from rag.load import supported
from rag.load.files import printable, size_limit
from rag.load.sniff import SUFFIXES

SOURCES = "sources"
"""Folder inside that of an index that holds what was uploaded."""
FILES_VARIABLE, TOTAL_VARIABLE = "RAG_UPLOAD_FILES", "RAG_UPLOAD_TOTAL_MB"
_NAMES = ".names.json"
_MB = 1_000_000
_LONGEST = 180
"""UTF-8 bytes of a stored name; file systems take 255."""
_SHOWN = 300
"""Characters of an original name that are kept for showing."""
_UNUSABLE = re.compile(r'[<>:"|?*]')
_noting = threading.Lock()
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be uploaded."""

    file_bytes: int
    """A single file."""
    files: int
    """Files in one go."""
    total_bytes: int
    """All that was uploaded to one index."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived in a temporary place."""

    path: Path
    original: str
    """Its name as the browser gave it: any text at all."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An upload that was not taken, and why."""

    original: str
    reason: DocumentError


def limits() -> Limits:
    """Return what may be uploaded: ``RAG_MAX_FILE_MB``, ``RAG_UPLOAD_FILES``, ``RAG_UPLOAD_TOTAL_MB``.

    Raises:
        UsageError: One of them is no positive number.
    """
    return Limits(size_limit(), _number(FILES_VARIABLE, 200), _number(TOTAL_VARIABLE, 4000) * _MB)


def shown_name(original: str) -> str:
    """Return an original name as it may be shown after escaping: last part, one line, not endless."""
    last = re.split(r"[/\\]", original)[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return printable(" ".join(visible.split()))[-_SHOWN:] or "_"


def safe_name(original: str) -> str:
    """Return the name under which an upload is stored: no path, nothing hidden, any file system."""
    name = unicodedata.normalize("NFC", shown_name(original))
    name = _UNUSABLE.sub("_", name).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    stem = stem.strip(". ") or "_"
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    tail = f"{dot}{suffix}"
    return _cut(stem, _LONGEST - len(tail.encode())) + tail if len(tail) < 20 else _cut(name)


def sift(
    uploads: Sequence[Upload], allowed: Limits, stored_bytes: int = 0
) -> tuple[list[Upload], list[Refused]]:
    """Return the uploads that are within the limits, and the others with the reason, in order.

    Args:
        uploads: What has arrived.
        allowed: The limits.
        stored_bytes: What the index holds of uploads already.
    """
    taken: list[Upload] = []
    refused: list[Refused] = []
    room = allowed.total_bytes - stored_bytes
    for upload in uploads:
        size = upload.path.stat().st_size
        reason = _obstacle(upload, size, allowed)
        if reason is None and len(taken) >= allowed.files:
            reason = _too_many(upload, allowed)
        if reason is None and size > room:
            reason = _no_room(upload, allowed)
        if reason is None:
            room -= size
            taken.append(upload)
        else:
            refused.append(Refused(shown_name(upload.original), reason))
    return taken, refused


def keep(upload: Upload, folder: Path) -> Path:
    """Move an upload into the sources of the index in `folder`; return where it is now.

    The same file under the same name is there once; another one gets a number behind its name.
    """
    sources = folder / SOURCES
    sources.mkdir(parents=True, exist_ok=True)
    wanted = Path(safe_name(upload.original))
    number = 1
    while True:
        name = wanted.name if number == 1 else f"{wanted.stem} ({number}){wanted.suffix}"
        target = sources / name
        with contextlib.suppress(FileExistsError):
            target.touch(exist_ok=False)  # claims the name, also against another process
            shutil.move(upload.path, target)
            _note(sources, name, shown_name(upload.original))
            return target
        if target.is_file() and filecmp.cmp(upload.path, target, shallow=False):
            upload.path.unlink()
            return target
        number += 1


def discard(uploads: Iterable[Upload]) -> None:
    """Delete what is left of uploads in their temporary place."""
    for upload in uploads:
        with contextlib.suppress(OSError):
            upload.path.unlink()


def is_uploaded(path: Path, folder: Path) -> bool:
    """Return whether `path` is a file in the sources of the index in `folder`, and nowhere else."""
    return path.resolve().parent == (folder / SOURCES).resolve()


def forget(path: Path, folder: Path) -> None:
    """Delete an uploaded file; one that is not in the sources of the index stays where it is."""
    if is_uploaded(path, folder):
        path.unlink(missing_ok=True)
        _note(folder / SOURCES, path.name, None)


def stored_bytes(folder: Path) -> int:
    """Return what the uploads of the index in `folder` take on disk."""
    sources = folder / SOURCES
    if not sources.is_dir():
        return 0
    return sum(p.stat().st_size for p in sources.iterdir() if p.is_file() and p.name != _NAMES)


def originals(folder: Path) -> dict[str, str]:
    """Return stored name -> original name of the uploads of an index, where they differ."""
    try:
        names = json.loads((folder / SOURCES / _NAMES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in names.items()} if isinstance(names, dict) else {}


def _note(sources: Path, name: str, original: str | None) -> None:
    """Keep, or forget, what the file stored as `name` was called."""
    with _noting:
        names = originals(sources.parent)
        if original is None or original == name:
            if name not in names:
                return
            del names[name]
        else:
            names[name] = original
        draft = sources / f"{_NAMES}.{os.getpid()}.tmp"
        draft.write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
        os.replace(draft, sources / _NAMES)


def _cut(name: str, limit: int = _LONGEST) -> str:
    """Return the beginning of `name` that takes at most `limit` bytes, whole characters."""
    return name.encode()[:limit].decode(errors="ignore").rstrip(". ") or "_"


def _obstacle(upload: Upload, size: int, allowed: Limits) -> DocumentError | None:
    """Return why a file cannot be taken, whatever comes with it."""
    name = shown_name(upload.original)
    if not supported(Path(safe_name(upload.original))):
        known = " ".join(s.removeprefix(".") for s in SUFFIXES)
        return DocumentError(
            f"{name}: this type is not accepted, expected one of {known}; save it as PDF or text",
            f"{name}：不接受此类型，应为 {known} 之一；请另存为 PDF 或文本",
        )
    if size > allowed.file_bytes:
        megabytes, most = -(-size // _MB), allowed.file_bytes / _MB
        return DocumentError(
            f"{name}: {megabytes} MB, a file may have {most:g} MB; split it, or start the page with"
            f" RAG_MAX_FILE_MB={megabytes}",
            f"{name}：{megabytes} MB，单个文件上限 {most:g} MB；请拆分，或以"
            f" RAG_MAX_FILE_MB={megabytes} 启动页面",
        )
    return None


def _too_many(upload: Upload, allowed: Limits) -> DocumentError:
    name = shown_name(upload.original)
    return DocumentError(
        f"{name}: {allowed.files} files at once are the most; upload it in another go",
        f"{name}：一次最多 {allowed.files} 个文件；请分批上传",
    )


def _no_room(upload: Upload, allowed: Limits) -> DocumentError:
    name, most = shown_name(upload.original), allowed.total_bytes / _MB
    return DocumentError(
        f"{name}: the uploads of an index may take {most:g} MB; remove some, or use another index",
        f"{name}：一个索引的上传文件最多 {most:g} MB；请删除一些，或使用另一个索引",
    )


def _number(variable: str, default: int) -> int:
    """Return the positive whole number that an environment variable gives.

    Raises:
        UsageError: It is none.
    """
    value = os.environ.get(variable, "").strip() or str(default)
    if not value.isdecimal() or not int(value):
        raise UsageError(
            f"{variable} is {value!r}, expected a positive number; type: export {variable}={default}",
            f"{variable} 为 {value!r}，应为正整数；例如：export {variable}={default}",
        )
    return int(value)
