"""Damaged files of every format: a document or one line comes out, in time and within memory.

The files are read in a process of their own, so that a crash or a hang in a library fails the test
instead of ending it, and the last file is known by its number. ``python -m tests.test_load_fuzz``
reads five hundred of every format and prints what came of them.
"""

from __future__ import annotations

import base64
import faulthandler
import io
import json
import multiprocessing
import os
import random
import re
import resource
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from rag.errors import DocumentError
from rag.index import Index, Limits, State
from rag.index.cut import cut
from rag.load import discover, load
from rag.schema import Document
from tests import samples
from tests.conftest import HashEmbedder
from tests.test_load import assert_sound

LIMIT = 60
"""Seconds that one file may take; the usual one takes a hundredth, one read by OCR some twenty."""
MEMORY = 4 * 2**30
"""Bytes of address space for all of them."""
EACH = 500
"""Damaged files a format; the first `FEW` run by default."""
FEW = 6
PDFS = sorted((Path(__file__).parents[1] / "eval" / "reports").glob("*.pdf"))


def text() -> bytes:
    return f"一、业绩概览\n{samples.SENTENCE}\n单位：亿元\n收入  1  2\n成本  3  4\n".encode() * 5


def page() -> bytes:
    cells = "".join(f"<tr><td rowspan=2>{r}</td><td>{r}.5</td></tr>" for r in range(5))
    return f"<html><h1>题</h1><p>{samples.SENTENCE}</p><table>{cells}</table></html>".encode()


def markdown() -> bytes:
    rows = "".join("| " + " | ".join(row) + " |\n" for row in samples.ROWS)
    table = rows.replace("\n", "\n|---|---:|---:|\n", 1)
    front = "---\ntitle: 示例科技点评\ndate: 2024-11-14\nanalysts: [甲, 乙]\n---\n"
    body = f"# 业绩概览\n\n{samples.SENTENCE}\n\n表1：指标\n\n{table}\n- 一\n- 二\n\n> 引\n"
    return (front + body * 3 + "```\ncode\n```\n<p>内嵌</p>\n").encode()


def pictured(kind: str, **how: str) -> Callable[[], bytes]:
    """Return what makes a small picture in the format `kind`."""

    def make() -> bytes:
        buffer = io.BytesIO()
        image = Image.open(io.BytesIO(samples.picture())).convert("RGB").resize((200, 40))
        image.save(buffer, kind, **how)
        return buffer.getvalue()

    return make


EVERY: dict[str, Callable[[], bytes]] = {
    **samples.EVERY,
    "a.txt": text,
    "a.html": page,
    "a.md": markdown,
    "a.pdf": PDFS[0].read_bytes,
    "a.png": pictured("PNG"),
    "a.jpg": pictured("JPEG"),
    "a.tiff": pictured("TIFF", compression="tiff_lzw"),
    "a.webp": pictured("WEBP"),
}
PICTURES = ("a.png", "a.jpg", "a.tiff", "a.webp")
PACKED = ("a.docx", "a.xlsx", "a.pptx", "a.epub", "a.zip")


def damaged(name: str, data: bytes, chance: random.Random) -> bytes:
    """Return `data` cut off, with flipped bytes, or with pieces moved; every other time inside."""
    if name == "a.pdf" and chance.random() < 0.7:
        return _damage(inflated(data), chance)
    if name not in PACKED or chance.random() < 0.3:
        return _damage(data, chance)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {n: file.read(n) for n in file.namelist()}
    for part in chance.sample(sorted(parts), k=min(len(parts), chance.choice((1, 1, 2, 5)))):
        parts[part] = _damage(parts[part], chance)
    return samples.zipped(parts)


def inflated(data: bytes) -> bytes:
    """Return a PDF with its streams unpacked, so that damage reaches what they say.

    Its table of offsets is wrong then, which every reader mends.
    """

    def unpacked(found: re.Match[bytes]) -> bytes:
        content = found[2]
        try:
            if b"/ASCII85Decode" in found[1]:
                content = base64.a85decode(content.strip().removesuffix(b"~>"))
            content = zlib.decompress(content)
        except (ValueError, zlib.error):
            return found[0]
        head = re.sub(rb"/Filter\s*(?:\[[^\]]*\]|/\w+)", b"", found[1])
        head = re.sub(rb"/Length \d+(?! \d+ R)", b"/Length %d" % len(content), head)
        return head + b"stream\n" + content + b"\nendstream"

    return re.sub(
        rb"(<<(?:(?!<<|endobj).)*?>>\s*)stream\r?\n(.*?)endstream", unpacked, data, flags=re.S
    )


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
    """Read damaged files one by one; the number of the one at hand is in the file ``at``.

    What came of them and the longest time are left in the file ``came``.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ["OMP_NUM_THREADS"] = "1"
    path = Path(folder) / name
    whole = EVERY[name]()
    came: Counter[str] = Counter()
    slowest = 0.0
    for number in numbers:
        (Path(folder) / "at").write_text(f"{name} {number}", "utf-8")
        path.write_bytes(damaged(name, whole, random.Random(f"{name} {number}")))
        faulthandler.dump_traceback_later(LIMIT, exit=True, file=sys.__stderr__)
        began = time.monotonic()
        came += _read_found(path)
        slowest = max(slowest, time.monotonic() - began)
        faulthandler.cancel_dump_traceback_later()
    (Path(folder) / "came").write_text(json.dumps({**came, "slowest": slowest}), "utf-8")


def _read_found(path: Path) -> Counter[str]:
    """Read what a file stands for; count what was read, failed, and was left out."""
    came: Counter[str] = Counter()
    for found in discover([path]):
        came["left out" if found.reason else _read(found.path)] += 1
    assert came, "the file is lost: nothing says what became of it"
    return came


def _read(path: Path) -> str:
    try:
        document = load(path)
    except DocumentError as error:
        assert error.en and error.zh and "\n" not in error.en + error.zh
        return "failed"
    assert isinstance(document, Document)
    assert_sound(document)
    assert all("\n" not in warning for warning in document.warnings)
    pieces = cut(document)
    assert all(document.text[c.start : c.end] == c.text for c in pieces.chunks)
    return "read"


def run(folder: Path, name: str, numbers: range) -> dict[str, float]:
    """Read damaged files in a process of their own and return what came of them."""
    process = multiprocessing.get_context("spawn").Process(
        target=read_all, args=(str(folder), name, numbers)
    )
    process.start()
    process.join()
    at = (folder / "at").read_text("utf-8")
    assert process.exitcode == 0, f"damaged({at}) ended the process with {process.exitcode}"
    came: dict[str, float] = json.loads((folder / "came").read_text("utf-8"))
    return came


@pytest.mark.parametrize("name", [name for name in EVERY if name not in PICTURES])
def test_some_damaged_files(tmp_path, name):
    whole = EVERY[name]()
    for number in range(FEW):
        path = tmp_path / name
        path.write_bytes(damaged(name, whole, random.Random(f"{name} {number}")))
        _read_found(path)


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_damaged_files(tmp_path, name):
    """A tenth of what `python -m tests.test_load_fuzz` reads, which takes the better part of an hour."""
    run(tmp_path, name, range(EACH // (50 if name in PICTURES else 10)))


def sown(folder: Path, each: int) -> set[str]:
    """Write `each` damaged files of every format, a good one after each, and return all names."""
    for name, make in EVERY.items():
        if name in PICTURES:
            continue
        whole = make()
        for number in range(each):
            data = damaged(name, whole, random.Random(f"{name} {number}"))
            path = folder / f"{Path(name).suffix[1:]}{number:02}{Path(name).suffix}"
            path.write_bytes(data)
            path.with_suffix(".good.txt").write_text(f"{path.name}\n{samples.SENTENCE}", "utf-8")
    return {path.name for path in folder.iterdir()}


def check_none_lost(tmp_path: Path, each: int, jobs: int) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    names = sown(folder, each)
    index = Index.create(tmp_path / "index", HashEmbedder())
    report = index.add([folder], jobs=jobs, limits=Limits(LIMIT, 1024))
    told = {Path(row.path).relative_to(folder).parts[0] for row in report.rows}
    assert told == names
    assert all(row.reason for row in report.rows if row.state in (State.FAILED, State.SKIPPED))
    stored = {d.doc_id for d in index.documents()}
    assert {r.doc_id for r in report.rows if r.state is State.ADDED} <= stored
    good = [row for row in report.rows if row.path.endswith(".good.txt")]
    assert good and all(row.state is State.ADDED for row in good)
    assert index.check() == []


def test_no_damaged_file_is_lost_or_takes_another_along(tmp_path):
    check_none_lost(tmp_path, each=2, jobs=0)


@pytest.mark.slow
def test_none_of_many_damaged_files_is_lost_between_processes(tmp_path):
    check_none_lost(tmp_path, each=15, jobs=2)


def test_whole_files_are_read(tmp_path):
    for name, make in EVERY.items():
        path = tmp_path / name
        path.write_bytes(make())
        kept = [f.path for f in discover([path]) if f.reason is None]
        assert kept
        for member in kept if name not in PICTURES else ():
            assert_sound(load(member))


def test_an_unpacked_pdf_reads_as_before(tmp_path):
    texts = []
    for name, data in (("a.pdf", PDFS[0].read_bytes()), ("b.pdf", inflated(PDFS[0].read_bytes()))):
        (tmp_path / name).write_bytes(data)
        texts.append(load(tmp_path / name).text)
    assert texts[0] == texts[1]
    assert b"Tj" in inflated(PDFS[0].read_bytes())


def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:] or EVERY:
            began = time.monotonic()
            came = run(Path(folder), name, range(EACH))
            sys.stdout.write(f"{name} {came} {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    _main()
