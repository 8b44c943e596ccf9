"""A zip file -> its members: their names as they may be shown, their sizes, their bytes.

Nothing is ever written to disk, and a name in an archive is never a path on it. Knows nothing of
what the members are.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from rag.language import say

MAX_MEMBERS = 100_000
"""Entries of a directory that are looked at; python-docx and its like write a few dozen."""
MAX_NAME = 300
"""Characters of a name; the last ones hold the suffix."""
MAX_RATIO = 200
"""Times that a member may grow when it is unpacked. Text and spreadsheets grow 5 to 30 times."""
SMALL = 1_000_000
"""Bytes up to which it does not matter how much a member grows."""

BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    NotImplementedError, RuntimeError, KeyError, IndexError, OverflowError,
)  # fmt: skip
"""What `zipfile` raises on a damaged, encrypted or unusual archive."""

_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_UTF8 = 0x800
_DRIVE = re.compile(r"^[A-Za-z]:")


class DamagedError(ValueError):
    """An archive or a member that cannot be unpacked."""


class TooLargeError(DamagedError):
    """A member that unpacks to more than is allowed."""


class Member(NamedTuple):
    """A file in an archive."""

    name: str
    """Parts between ``/``, none of which leads upwards; unique in its archive."""
    size: int
    """Bytes when unpacked, as the archive states; `unpacked` never gives more."""
    info: zipfile.ZipInfo

    @property
    def obstacle(self) -> str | None:
        """Return why it cannot be unpacked, in the user's language; None when it can."""
        if self.info.flag_bits & _ENCRYPTED:
            return say("needs a password", "需要密码")
        if self.size > max(SMALL, MAX_RATIO * self.info.compress_size):
            times = self.size // max(1, self.info.compress_size)
            return say(
                f"unpacks to {times} times its size, which no report does",
                f"解压后为原大小的 {times} 倍，不像正常文件",
            )
        return None


class Archive:
    """An opened zip file. Use as a context manager."""

    def __init__(self, content: Path | bytes) -> None:
        """Open a zip file, or the bytes of one.

        Raises:
            DamagedError: It is no zip file or a damaged one.
        """
        try:
            self._zip = zipfile.ZipFile(
                content if isinstance(content, Path) else io.BytesIO(content)
            )
        except BROKEN as error:
            raise DamagedError(str(error)) from error
        infos = self._zip.infolist()[:MAX_MEMBERS]
        self.members: Sequence[Member] = _members([info for info in infos if not info.is_dir()])

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def unpacked(self, member: Member, limit: int) -> bytes:
        """Return the bytes of `member`.

        Raises:
            TooLargeError: It is larger than `limit` bytes.
            DamagedError: It is damaged or encrypted.
        """
        if member.size > limit:
            raise TooLargeError(f"{member.name} unpacks to {member.size // 10**6} MB")
        parts: list[bytes] = []
        try:
            with self._zip.open(member.info) as file:
                # In pieces, because one read() would unpack all there is before it counts.
                while part := file.read(_CHUNK):
                    parts.append(part)
        except BROKEN as error:
            raise DamagedError(f"{member.name}: {error}") from error
        return b"".join(parts)


def names(content: Path | bytes) -> frozenset[str]:
    """Return the names of all members as they are written; empty for what is no zip file."""
    try:
        with zipfile.ZipFile(content if isinstance(content, Path) else io.BytesIO(content)) as file:
            return frozenset(file.namelist())
    except BROKEN:
        return frozenset()


def _members(infos: Sequence[zipfile.ZipInfo]) -> list[Member]:
    taken: Counter[str] = Counter()
    found: list[Member] = []
    for info in infos:
        name = clean_name(_decoded(info))
        taken[name] += 1
        if taken[name] > 1:
            path = PurePosixPath(name)
            name = str(path.with_name(f"{path.stem} ({taken[name]}){path.suffix}"))
        found.append(Member(name, info.file_size, info))
    return found


def _decoded(info: zipfile.ZipInfo) -> str:
    """Return the name of a member; Windows writes Chinese ones in GBK and does not say so."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.orig_filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def clean_name(name: str) -> str:
    """Return a name that a file gives with ``/`` between its parts, none of which leads upwards."""
    shown = "".join(c if c.isprintable() else "\ufffd" for c in name[-MAX_NAME:])
    parts = [part for part in re.split(r"[/\\]+", _DRIVE.sub("", shown)) if part not in ("", ".")]
    return "/".join("__" if part == ".." else part for part in parts) or "_"
