"""A folder under indexes/: documents in, chunks found.

``place`` says where an index is and what it was built with. Files come in by ``ingest``, in the
order that ``turns`` gives them, read by a ``reader`` in the processes of ``workers`` and ``cut``
there; ``alike`` finds what is there twice, ``rows`` say what became of each file, ``watch`` notices
changes of folders. ``select`` says what a name or a filter means, ``check`` what is damaged;
``index`` is the class that callers use. Knows nothing of questions.
"""

from __future__ import annotations

from rag.index.check import Problem
from rag.index.index import Index
from rag.index.place import MANIFEST, Manifest, folder_of, root
from rag.index.rows import IngestReport, IngestRow, State
from rag.index.watch import Changes, Watcher
from rag.index.workers import Limits

__all__ = [
    "MANIFEST",
    "Changes",
    "Index",
    "IngestReport",
    "IngestRow",
    "Limits",
    "Manifest",
    "Problem",
    "State",
    "Watcher",
    "folder_of",
    "root",
]
