"""Which files the documents of an index came from, and which document each file gave."""

from __future__ import annotations

import contextlib
from pathlib import Path

from rag.index import place
from rag.index.ingest import path_of
from rag.load.inside import outer_file
from rag.store import Store


def origins(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Return doc_id -> the files on disk it was read from, in the index in `folder`.

    Of a document that lies in an archive or a mail it is the archive or mail. Files may be gone.

    Raises:
        IndexError_: There is no index, or another version of the program built it.
    """
    found: dict[str, dict[Path, None]] = {}
    with contextlib.closing(Store(folder / place.read(folder).database)) as store:
        for record in store.files():
            path = path_of(record.path)
            outer = path if path.exists() else outer_file(path) or path
            found.setdefault(record.doc_id, {})[outer] = None
    return {doc_id: tuple(paths) for doc_id, paths in found.items()}
