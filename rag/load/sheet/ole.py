"""An OLE compound file -> the bytes of one of its streams ([MS-CFB]). Knows nothing of their content."""

from __future__ import annotations

import struct

_END = 0xFFFFFFFA
"""Sector numbers from here on are marks: end of chain, free, part of a table."""
_ENTRY = 128


class OleError(ValueError):
    """The file is no compound file, a damaged one, or has no such stream."""


def stream(data: bytes, *names: str) -> bytes:
    """Return the first stream that has one of `names`.

    Raises:
        OleError: There is none, or it cannot be put together.
    """
    if len(data) < 512:
        raise OleError("too short")
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    directory_at, small_limit, small_at = struct.unpack_from("<I4xII", data, 48)
    more_at = struct.unpack_from("<I", data, 68)[0]
    if shift not in (9, 12) or small_shift != 6:
        raise OleError("sizes of sectors")
    table = _table(data, shift, more_at)
    entries = _chain(data, table, directory_at, shift)
    sought = [name.encode("utf-16-le") for name in names]
    root_at = 0
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", entries, at + 64)
        start, size = struct.unpack_from("<II", entries, at + 116)
        if kind == 5:
            root_at = start
        if kind == 2 and entries[at : at + max(0, min(length, 64) - 2)] in sought:
            if size >= small_limit:
                return _chain(data, table, start, shift)[:size]
            small = _chain(data, table, small_at, shift)
            numbers = list(struct.unpack(f"<{len(small) // 4}I", small[: len(small) // 4 * 4]))
            return _chain(_chain(data, table, root_at, shift), numbers, start, 6, 0)[:size]
    raise OleError("no such stream")


def _table(data: bytes, shift: int, more_at: int) -> list[int]:
    """Return the table that says which sector follows each sector."""
    sectors = [n for n in struct.unpack_from("<109I", data, 76) if n < _END]
    seen: set[int] = set()
    while more_at < _END and more_at not in seen:
        seen.add(more_at)
        numbers = _numbers(_sector(data, more_at, shift))
        sectors += [n for n in numbers[:-1] if n < _END]
        more_at = numbers[-1]
    if len(sectors) > len(data) >> shift:
        raise OleError("more tables than sectors")
    return [number for sector in sectors for number in _numbers(_sector(data, sector, shift))]


def _chain(data: bytes, table: list[int], first: int, shift: int, header: int = 1) -> bytes:
    """Return the sectors from `first` on, joined."""
    parts: list[bytes] = []
    number = first
    while number < _END:
        parts.append(_sector(data, number, shift, header))
        if number >= len(table) or len(parts) > len(data) >> shift:
            raise OleError("a chain of sectors has no end")
        number = table[number]
    return b"".join(parts)


def _sector(data: bytes, number: int, shift: int, header: int = 1) -> bytes:
    start = (number + header) << shift
    sector = data[start : start + (1 << shift)]
    if not sector:
        raise OleError("a sector is missing")
    return sector.ljust(1 << shift, b"\0")


def _numbers(sector: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sector) // 4}I", sector)
