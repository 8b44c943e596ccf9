"""Paths -> the files to load, and a file -> its bytes, with every obstacle said in one line.

Knows nothing of what is inside a file beyond its size.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import DocumentError, UsageError
from rag.language import say
from rag.load import inside
from rag.load.archive import DamagedError
from rag.load.sniff import SUFFIXES

DEFAULT_MAX_MB = 100
LIMIT_VARIABLE = "RAG_MAX_FILE_MB"
_MB = 1_000_000
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Found:
    """A path that was given, or met in a folder or in an archive."""

    path: Path
    """Of a file inside an archive, ``archive.zip/member``: not on disk, but `read` takes it."""
    reason: str | None = None
    """Why it is left out, in the user's language; None when it is to be loaded."""


def supported(path: Path) -> bool:
    """Return whether the suffix of `path` is one that is read, archives included."""
    return path.suffix.lower() in SUFFIXES


def discover(paths: Iterable[Path]) -> Iterator[Found]:
    """Yield the files that `paths` stand for, each once, and what was left out, with the reason.

    A file, or a path that does not exist, is yielded as given: loading it says what is wrong.
    A folder is walked with everything below it in sorted order; hidden files, other suffixes and
    folders that are indexes are left out. Links to folders are not followed. A zip archive stands
    for its members, a mail for itself and what is attached to it.
    """
    seen: set[Path] = set()
    for path in paths:
        for found in _walk(path) if path.is_dir() else _file(path):
            real = _resolved(found.path)
            if real not in seen:
                seen.add(real)
                yield found


def read(path: Path) -> bytes:
    """Return the bytes of `path`.

    Raises:
        DocumentError: No such file, no regular file, no permission, empty, or larger than the
            limit (100 MB, or ``RAG_MAX_FILE_MB``).
        UsageError: ``RAG_MAX_FILE_MB`` is no number.
    """
    name = printable(str(path))
    limit = size_limit()
    try:
        data = _from_disk(path, name, limit)
    except (FileNotFoundError, NotADirectoryError):
        data = _from_inside(path, name, limit)
    except PermissionError:
        raise DocumentError(
            f"{name}: no permission to read it; grant it with: chmod u+r FILE",
            f"{name}：没有读取权限；可用 chmod u+r 文件 授权",
        ) from None
    except OSError as error:
        raise _unreadable(name, error) from error
    _check_size(name, len(data), limit)
    if not data.strip():
        raise DocumentError(
            f"{name}: the file is empty; expected a report with text",
            f"{name}：文件为空；应为含有文字的报告",
        )
    return data


def stamp(path: Path) -> tuple[int, int]:
    """Return size and time of change (ns) of `path`; of a file in an archive, the archive's.

    (0, 0) when there is nothing.
    """
    for place in (path, inside.outer_file(path)):
        try:
            status = place.stat() if place else None
        except OSError:
            continue
        if status:
            return status.st_size, status.st_mtime_ns
    return 0, 0


def exists(path: Path) -> bool:
    """Return whether `path` is there, on disk or in an archive."""
    return path.exists() or inside.holds(path, size_limit())


def printable(name: str) -> str:
    """Return a file name as it may be shown: control characters and broken bytes replaced."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name)


def _file(path: Path) -> Iterator[Found]:
    """Yield a file, or what it stands for."""
    if not path.is_file() or not inside.holds_files(path):
        yield Found(path)
        return
    archived = inside.is_archive(path)
    within = [Found(*entry) for entry in inside.entries(path, size_limit())]
    if not archived or not within:
        yield Found(path)
    yield from within


def _from_disk(path: Path, name: str, limit: int) -> bytes:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise _not_a_file(name, stat.S_ISDIR(status.st_mode))
    _check_size(name, status.st_size, limit)
    with path.open("rb") as file:
        return file.read(limit + 1)


def _from_inside(path: Path, name: str, limit: int) -> bytes:
    """Return the bytes of a file that is not on disk, but may be in an archive."""
    try:
        data = inside.read(path, limit)
    except DamagedError as error:
        raise DocumentError(
            f"{name}: cannot be unpacked ({error}); unpack the archive and add the folder",
            f"{name}：无法解压（{error}）；请先解压，再添加文件夹",
        ) from error
    except OSError as error:
        raise _unreadable(name, error) from error
    if data is None:
        raise DocumentError(
            f"{name}: no such file; check the path, or run rag add again if it was moved",
            f"{name}：文件不存在；请检查路径，若文件已移动请重新 rag add",
        )
    return data


def _unreadable(name: str, error: OSError) -> DocumentError:
    return DocumentError(
        f"{name}: cannot be read ({error.strerror}); copy it to a local disk and try again",
        f"{name}：无法读取（{error.strerror}）；请复制到本地磁盘后重试",
    )


def _walk(folder: Path) -> Iterator[Found]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: (entry.is_dir(), entry.name))
    except OSError as error:
        yield Found(
            folder, say(f"cannot be listed: {error.strerror}", f"无法列出：{error.strerror}")
        )
        return
    if _is_index(entries):
        yield Found(folder, say("an index, not documents", "这是索引，不是文档"))
        return
    for entry in entries:
        if entry.name.startswith("."):
            yield Found(entry, say("hidden", "隐藏文件"))
        elif entry.name.startswith(inside.LOCK_FILE):
            yield Found(entry, say("the lock file of an open document", "打开中的文档的锁文件"))
        elif entry.is_dir() and entry.is_symlink():
            yield Found(entry, say("a link to a folder", "指向文件夹的链接"))
        elif entry.is_dir():
            yield from _walk(entry)
        elif supported(entry):
            yield from _file(entry)
        else:
            yield Found(entry, say("unsupported kind of file", "不支持的文件类型"))


def _is_index(entries: Iterable[Path]) -> bool:
    """Return whether a folder's entries are those of an index: a manifest beside a database."""
    names = {entry.name for entry in entries}
    return "manifest.json" in names and any(_is_database(e) for e in entries if e.is_file())


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path


def size_limit() -> int:
    """Return the limit of a file's size in bytes."""
    value = os.environ.get(LIMIT_VARIABLE, "").strip() or str(DEFAULT_MAX_MB)
    try:
        limit = int(float(value) * _MB)
    except (ValueError, OverflowError):
        limit = 0
    if limit <= 0:
        raise UsageError(
            f"{LIMIT_VARIABLE} is {value!r}, expected megabytes; type: export {LIMIT_VARIABLE}=300",
            f"{LIMIT_VARIABLE} 为 {value!r}，应为兆字节数；例如：export {LIMIT_VARIABLE}=300",
        )
    return limit


def _check_size(name: str, size: int, limit: int) -> None:
    if size > limit:
        # Rounded up, so that a file just above the limit does not seem to be just at it.
        megabytes = -(-size // _MB)
        raise DocumentError(
            f"{name}: {megabytes} MB, the limit is {limit / _MB:g} MB; "
            f"raise it with: export {LIMIT_VARIABLE}={megabytes}",
            f"{name}：{megabytes} MB，超过上限 {limit / _MB:g} MB；"
            f"可调高：export {LIMIT_VARIABLE}={megabytes}",
        )


def _not_a_file(name: str, is_folder: bool) -> DocumentError:
    if is_folder:
        return DocumentError(
            f"{name}: is a folder, expected a file; type: rag add FOLDER",
            f"{name}：是文件夹，应为文件；请输入：rag add 文件夹",
        )
    return DocumentError(
        f"{name}: is a device or pipe, expected a regular file; save it to a file first",
        f"{name}：是设备或管道，应为普通文件；请先保存为文件",
    )
