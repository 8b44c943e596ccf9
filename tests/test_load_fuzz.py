"""Damaged files of every format: a document or one line comes out, in time and within memory.

The files are read in a process of their own, so that a crash or a hang in a library fails the test
instead of ending it, and the last file is known by its number.
"""

from __future__ import annotations

import faulthandler
import io
import multiprocessing
import os
import random
import resource
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import DocumentError
from rag.load import discover, load
from rag.schema import Document
from tests import samples
from tests.test_load import assert_sound

LIMIT = 20
"""Seconds that one file may take; the usual one takes a hundredth of a second."""
MEMORY = 4 * 2**30
"""Bytes of address space for all of them."""
EACH = 50
"""Damaged files a format, 550 over all; the first `FEW` run by default."""
FEW = 6


def text() -> bytes:
    return f"一、业绩概览\n{samples.SENTENCE}\n单位：亿元\n收入  1  2\n成本  3  4\n".encode() * 5


def page() -> bytes:
    cells = "".join(f"<tr><td rowspan=2>{r}</td><td>{r}.5</td></tr>" for r in range(5))
    return f"<html><h1>题</h1><p>{samples.SENTENCE}</p><table>{cells}</table></html>".encode()


EVERY: dict[str, Callable[[], bytes]] = {**samples.EVERY, "a.txt": text, "a.html": page}
PACKED = ("a.docx", "a.xlsx", "a.pptx", "a.epub", "a.zip")


def damaged(name: str, data: bytes, chance: random.Random) -> bytes:
    """Return `data` cut off, with flipped bytes, or with pieces moved; every other time inside."""
    if name not in PACKED or chance.random() < 0.3:
        return _damage(data, chance)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {n: file.read(n) for n in file.namelist()}
    for part in chance.sample(sorted(parts), k=min(len(parts), chance.choice((1, 1, 2, 5)))):
        parts[part] = _damage(parts[part], chance)
    return samples.zipped(parts)


def _damage(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    kind = chance.choice(("cut", "flip", "splice", "number", "repeat"))
    if kind == "cut":
        del changed[chance.randrange(len(data) + 1) :]
    elif kind == "flip":
        for _ in range(chance.choice((1, 3, 30))):
            if changed:
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    elif kind == "splice" and data:
        at, source = chance.randrange(len(data)), chance.randrange(len(data))
        changed[at : at + chance.randrange(200)] = data[source : source + chance.randrange(200)]
    elif kind == "number":
        # What is most often believed: counts, sizes, numbers of rows.
        digits = [i for i, byte in enumerate(changed) if 0x30 <= byte <= 0x39]
        for i in chance.sample(digits, k=min(len(digits), chance.choice((1, 5)))):
            changed[i : i + 1] = chance.choice((b"9", b"0", b"-1", b"999999999", b"x"))
    elif kind == "repeat" and data:
        start = chance.randrange(len(data))
        piece = bytes(changed[start : start + chance.randrange(1, 60)])
        changed[start:start] = piece * chance.choice((2, 50, 2000))
    return bytes(changed)


def read_all(folder: str, name: str, numbers: range) -> None:
    """Read damaged files one by one; the number of the one at hand is in the file ``at``."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ["OMP_NUM_THREADS"] = "1"
    path = Path(folder) / name
    whole = EVERY[name]()
    for number in numbers:
        (Path(folder) / "at").write_text(f"{name} {number}", "utf-8")
        path.write_bytes(damaged(name, whole, random.Random(f"{name} {number}")))
        faulthandler.dump_traceback_later(LIMIT, exit=True, file=sys.__stderr__)
        for found in discover([path]):
            if found.reason is None:
                _read(found.path)
        faulthandler.cancel_dump_traceback_later()


def _read(path: Path) -> None:
    try:
        document = load(path)
    except DocumentError as error:
        assert error.en and error.zh and "\n" not in error.en + error.zh
    else:
        assert isinstance(document, Document)
        assert_sound(document)
        assert all("\n" not in warning for warning in document.warnings)


def run(folder: Path, name: str, numbers: range) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=read_all, args=(str(folder), name, numbers)
    )
    process.start()
    process.join()
    at = (folder / "at").read_text("utf-8")
    assert process.exitcode == 0, f"damaged({at}) ended the process with {process.exitcode}"


@pytest.mark.parametrize("name", [name for name in EVERY if name != "a.png"])
def test_some_damaged_files(tmp_path, name):
    whole = EVERY[name]()
    for number in range(FEW):
        path = tmp_path / name
        path.write_bytes(damaged(name, whole, random.Random(f"{name} {number}")))
        for found in discover([path]):
            if found.reason is None:
                _read(found.path)


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_damaged_files(tmp_path, name):
    run(tmp_path, name, range(EACH))


def test_whole_files_are_read(tmp_path):
    for name, make in EVERY.items():
        path = tmp_path / name
        path.write_bytes(make())
        kept = [f.path for f in discover([path]) if f.reason is None]
        assert kept
        for member in kept if name != "a.png" else ():
            assert_sound(load(member))
