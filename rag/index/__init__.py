"""A folder under indexes/: documents in, chunks found.

``place`` says where an index is and what it was built with, ``ingest`` what happened to each file,
``select`` what a name or a filter means, ``check`` what is damaged; ``index`` is the class that
callers use. Knows nothing of questions.
"""

from __future__ import annotations

from rag.index.check import Problem
from rag.index.index import Index
from rag.index.ingest import IngestReport, IngestRow, State
from rag.index.place import MANIFEST, Manifest, folder_of, root

__all__ = [
    "MANIFEST",
    "Index",
    "IngestReport",
    "IngestRow",
    "Manifest",
    "Problem",
    "State",
    "folder_of",
    "root",
]
