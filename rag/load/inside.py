"""Files inside files: a zip archive or a mail seen as a folder of the documents it holds.

``reports.zip/2024/q3.pdf`` names the member ``2024/q3.pdf`` of the archive ``reports.zip``. Such a
path only ever leads to bytes in memory: nothing is unpacked to disk, and no part of a name that an
archive gives leads out of it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rag.language import say
from rag.load import mail
from rag.load.archive import Archive, DamagedError, names
from rag.load.sniff import SUFFIXES, Format, zip_format

MAX_FILES = 2000
"""Members of one archive, inner archives included, that are looked at."""
MAX_DEPTH = 3
"""Archives inside one another; a bomb needs more, a report none."""
MAX_TOTAL = 2_000_000_000
"""Bytes that all members of one archive may have together."""

LOCK_FILE = "~$"
"""Opens the name of what Office puts beside a file while it is open."""

_HIDDEN = ("__MACOSX", ".", LOCK_FILE)


class Entry(NamedTuple):
    """A file inside an archive or a mail."""

    path: Path
    reason: str | None = None
    """Why it is left out, in the user's language; None when it is to be loaded."""


class _Held(NamedTuple):
    """A file in one archive or mail, whichever it is."""

    name: str
    size: int
    obstacle: str | None


@dataclass(slots=True)
class _Allowance:
    """What is left of the limits while an archive is walked."""

    each: int
    files: int
    total: int = MAX_TOTAL
    first: Path | None = None
    """The first file that was one too many."""
    more: int = 0

    def take(self, path: Path, size: int) -> bool:
        """Return whether there is room for a file of `size` bytes, and note it either way."""
        if self.files and size <= self.total:
            self.files -= 1
            self.total -= size
            return True
        if self.first is None:
            self.first = path
        else:
            self.more += 1
        return False


def holds_files(path: Path) -> bool:
    """Return whether the suffix of `path` is that of an archive or a mail."""
    return SUFFIXES.get(path.suffix.lower()) in (Format.ZIP, Format.EML)


def is_archive(path: Path) -> bool:
    """Return whether the file at `path` is an archive and no document itself.

    A Word file that was renamed to ``.zip`` is a document, and a damaged archive is left to whoever
    loads it, to say so.
    """
    return SUFFIXES.get(path.suffix.lower()) is Format.ZIP and zip_format(names(path)) is Format.ZIP


def entries(path: Path, limit: int, most: int = MAX_FILES) -> Iterator[Entry]:
    """Yield the files in the archive or mail at `path`, in its order, and what is left out.

    Args:
        path: A file on disk.
        limit: Bytes that one member may have.
        most: Members that are looked at.
    """
    allowance = _Allowance(limit, most)
    try:
        yield from _walk(path, path, allowance, 1)
    except (DamagedError, OSError):
        return
    if allowance.first:
        room = f"{MAX_TOTAL // 10**6} MB"
        yield Entry(
            allowance.first,
            say(
                f"left out with {allowance.more} more: an archive may hold {most} files and {room}",
                f"连同另外 {allowance.more} 个文件未读取：压缩包最多 {most} 个文件、{room}",
            ),
        )


def read(path: Path, limit: int) -> bytes | None:
    """Return the bytes of a file inside an archive or a mail; None when there is no such file.

    Args:
        path: As `entries` gives it.
        limit: Bytes that it may have.

    Raises:
        DamagedError: It cannot be unpacked, or is larger.
        OSError: The file that holds it cannot be read.
    """
    located = _located(path, limit)
    return _bytes(*located, limit) if located else None


def holds(path: Path, limit: int) -> bool:
    """Return whether there is such a file inside an archive or a mail.

    Args:
        path: As `entries` gives it.
        limit: Bytes that an archive inside another may have.
    """
    try:
        return _located(path, limit) is not None
    except (DamagedError, OSError):
        return False


def outer_file(path: Path) -> Path | None:
    """Return the file on disk that holds `path`; None when `path` does not lead into a file."""
    try:
        return next((parent for parent in path.parents if parent.is_file()), None)
    except OSError:
        # A name too long for the system is no name of a file.
        return None


def _located(path: Path, limit: int) -> tuple[Path | bytes, str] | None:
    """Return the archive or mail that holds `path` itself, and the name it has there."""
    outer = outer_file(path)
    if outer is None:
        return None
    stamp = outer.stat().st_mtime_ns
    parts = path.relative_to(outer).parts
    content: Path | bytes = outer
    chain: tuple[str, ...] = ()
    while True:
        known = {held.name for held in _held(content, limit)}
        ends = (i for i in range(len(parts), 0, -1) if "/".join(parts[:i]) in known)
        end = next(ends, 0)
        if not end:
            return None
        name, parts = "/".join(parts[:end]), parts[end:]
        if not parts:
            return content, name
        chain = (*chain, name)
        content = _contained(outer, stamp, chain, limit)


def _walk(place: Path, content: Path | bytes, allowance: _Allowance, depth: int) -> Iterator[Entry]:
    for held in _held(content, allowance.each):
        path = place / held.name
        reason = _left_out(held, path, allowance, depth)
        if reason is not None:
            yield Entry(path, reason)
        elif not allowance.take(path, held.size):
            continue
        elif holds_files(path):
            yield from _inner(path, content, held.name, allowance, depth)
        else:
            yield Entry(path)


def _inner(
    path: Path, content: Path | bytes, name: str, allowance: _Allowance, depth: int
) -> Iterator[Entry]:
    """Yield what an archive or a mail that lies in `content` stands for."""
    try:
        data = _bytes(content, name, allowance.each)
        archived = _is_zip(data) and zip_format(names(data)) is Format.ZIP
        if not archived:
            yield Entry(path)
        if archived or (not _is_zip(data) and SUFFIXES[path.suffix.lower()] is Format.EML):
            yield from _walk(path, data, allowance, depth + 1)
    except DamagedError as error:
        yield Entry(path, say(f"is damaged: {error}", f"已损坏：{error}"))


def _left_out(held: _Held, path: Path, allowance: _Allowance, depth: int) -> str | None:
    if any(part.startswith(_HIDDEN) for part in held.name.split("/")):
        return say("hidden", "隐藏文件")
    if path.suffix.lower() not in SUFFIXES:
        return say("unsupported kind of file", "不支持的文件类型")
    if held.size > allowance.each:
        # Rounded up, so that a file just above the limit does not seem to be just at it.
        size, most = -(-held.size // 10**6), allowance.each // 10**6
        return say(f"{size} MB, the limit is {most} MB", f"{size} MB，超过上限 {most} MB")
    if holds_files(path) and depth >= MAX_DEPTH:
        return say(f"more than {MAX_DEPTH} archives inside one another", f"嵌套超过 {MAX_DEPTH} 层")
    return held.obstacle


@functools.lru_cache(maxsize=2)
def _contained(outer: Path, stamp: int, chain: tuple[str, ...], limit: int) -> bytes:
    """Return an archive or mail that lies inside others, named from the outermost in.

    Kept, because the members of an inner archive are asked for one after the other; `stamp` is the
    time of the file on disk, so that a changed one is read again.
    """
    content = _contained(outer, stamp, chain[:-1], limit) if len(chain) > 1 else outer
    return _bytes(content, chain[-1], limit)


def _held(content: Path | bytes, limit: int) -> list[_Held]:
    """Return the files that an archive or a mail holds.

    Raises:
        DamagedError: It is damaged, or a mail larger than `limit` bytes.
    """
    if _is_zip(content):
        with Archive(content) as archive:
            return [_Held(m.name, m.size, m.obstacle) for m in archive.members]
    attached = mail.attachments(_mail(content, limit))
    return [_Held(name, len(data), None) for name, data in attached.items()]


def _bytes(content: Path | bytes, name: str, limit: int) -> bytes:
    """Return a file that an archive or a mail holds.

    Raises:
        DamagedError: It cannot be unpacked, or is larger than `limit` bytes.
    """
    if _is_zip(content):
        with Archive(content) as archive:
            member = next((m for m in archive.members if m.name == name), None)
            if member is None or member.obstacle:
                raise DamagedError(member.obstacle or "" if member else "no such member")
            return archive.unpacked(member, limit)
    data = mail.attachments(_mail(content, limit)).get(name)
    if data is None or len(data) > limit:
        raise DamagedError("no such attachment" if data is None else f"{len(data)} bytes")
    return data


def _is_zip(content: Path | bytes) -> bool:
    if isinstance(content, bytes):
        return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    with content.open("rb") as file:
        return file.read(4).startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _mail(content: Path | bytes, limit: int) -> bytes:
    if isinstance(content, bytes):
        return content
    with content.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise DamagedError(f"larger than {limit} bytes")
    return data
