"""Where an index is, the manifest that says what it was built with, and the lock of its writer."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import filelock
import jieba

from rag.chunk import SIZE
from rag.embed import Embedder
from rag.errors import IndexError_, UsageError
from rag.store import SCHEMA_VERSION, Store
from rag.text import TEXT_VERSION

ROOT_VARIABLE = "RAG_INDEXES"
MANIFEST = "manifest.json"
DATABASE = "store.sqlite"
_LOCK = "writer.lock"
_NAME = re.compile(r"[^\s/\\.:*?\"<>|][^/\\:*?\"<>|\x00-\x1f]{0,99}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was built with; all of it decides what its chunks and vectors are."""

    format: int
    embedder: str
    embedder_fingerprint: str
    dimension: int
    query_instruction: str
    document_instruction: str
    text_version: int
    chunk_size: int
    dictionary: str
    """Version of the word dictionary that cut the full text."""

    @property
    def fingerprint(self) -> str:
        """Return twelve hex digits over all fields."""
        encoded = json.dumps(dataclasses.asdict(self), sort_keys=True).encode()
        return hashlib.sha256(encoded).hexdigest()[:12]


def root() -> Path:
    """Return the folder of all indexes: ``RAG_INDEXES``, else indexes/ beside the package."""
    override = os.environ.get(ROOT_VARIABLE)
    return Path(override) if override else Path(__file__).resolve().parents[2] / "indexes"


def folder_of(name: str) -> Path:
    """Return the folder of the index called `name`; a path with a separator is itself the folder.

    Raises:
        UsageError: The name is empty or no file name.
    """
    if os.sep in name or "/" in name:
        return Path(name)
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name an index; use letters, digits, - and _, or a path with a slash",
            f"{name!r} 不能作为索引名；请用字母、数字、- 和 _，或带斜杠的路径",
        )
    return root() / name


def wanted(embedder: Embedder) -> Manifest:
    """Return the manifest of an index built now with `embedder`."""
    return Manifest(
        format=SCHEMA_VERSION,
        embedder=embedder.name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        query_instruction=embedder.query_instruction,
        document_instruction=embedder.document_instruction,
        text_version=TEXT_VERSION,
        chunk_size=SIZE,
        dictionary=f"jieba-{jieba.__version__}",
    )


class Built(NamedTuple):
    """What the manifest file of an index says."""

    manifest: Manifest
    database: str
    """Name of the store's file; a rebuild makes a new one, and this line decides which counts."""


def write(folder: Path, manifest: Manifest, database: str = DATABASE) -> None:
    """Write the manifest by rename: its presence means that the index is complete."""
    draft = folder / f"{MANIFEST}.{os.getpid()}.tmp"
    record = dataclasses.asdict(manifest) | {
        "fingerprint": manifest.fingerprint,
        "database": database,
    }
    draft.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(draft, folder / MANIFEST)


def read(folder: Path) -> Built:
    """Return what the index in `folder` was built with, and where its store is.

    Raises:
        IndexError_: There is no index, its manifest cannot be read, or another version of the
            program wrote it.
    """
    try:
        record = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**{f.name: record[f.name] for f in dataclasses.fields(Manifest)})
        database = Path(record.get("database", DATABASE)).name
    except (FileNotFoundError, NotADirectoryError):
        raise missing(folder) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexError_(
            f"{folder / MANIFEST} is damaged ({error}); build it again: "
            f"rag add PATH --index {folder.name} --rebuild",
            f"{folder / MANIFEST} 已损坏（{error}）；请重建：rag add 路径 --index {folder.name} --rebuild",
        ) from error
    if manifest.format != SCHEMA_VERSION:
        raise _differs("format", manifest.format, SCHEMA_VERSION, folder.name)
    return Built(manifest, database)


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the lock of the one writer; the system frees it when its process dies.

    Raises:
        IndexError_: Another process holds it.
    """
    lock = filelock.FileLock(folder / _LOCK, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise IndexError_(
            f"another process is writing to index {folder.name!r}; wait until it is done",
            f"另一个进程正在写入索引 {folder.name!r}；请等它完成",
        ) from None
    try:
        yield
    finally:
        lock.release()


def delete_other_stores(folder: Path, database: str) -> None:
    """Delete what a rebuild replaced, or left behind when it was killed."""
    for path in folder.glob("store*.sqlite"):
        if path.name != database:
            with contextlib.suppress(OSError):  # open readers hold it on some systems
                Store.delete(path)


def missing(folder: Path) -> IndexError_:
    """Return the error for an index that is not there, naming those that are."""
    names = sorted(p.parent.name for p in root().glob(f"*/{MANIFEST}"))
    there = ", ".join(names) or "none"
    return IndexError_(
        f"there is no index {folder.name!r} (there are: {there}); "
        f"make it: rag add PATH --index {folder.name}",
        f"没有索引 {folder.name!r}（现有：{', '.join(names) or '无'}）；"
        f"请先建立：rag add 路径 --index {folder.name}",
    )


def require_same(stored: Manifest, asked: Manifest, name: str) -> None:
    """Do nothing when both agree.

    Raises:
        IndexError_: They differ; says the stored value, the wanted one and the command.
    """
    for field in dataclasses.fields(Manifest):
        old, new = getattr(stored, field.name), getattr(asked, field.name)
        if old != new:
            raise _differs(field.name, old, new, name)


def _differs(field: str, old: object, new: object, name: str) -> IndexError_:
    return IndexError_(
        f"index {name!r} was built with {field} {old!r}, now {new!r} is asked for; "
        f"build it again: rag add PATH --index {name} --rebuild",
        f"索引 {name!r} 建立时 {field} 为 {old!r}，现在要求 {new!r}；"
        f"请重建：rag add 路径 --index {name} --rebuild",
    )
