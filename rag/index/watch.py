"""Folders, looked at again and again -> what is new, changed or gone, once it has come to rest.

A file counts when two looks in a row find it the same, so that one being written is left alone.
Knows nothing of indexes. Polling works on every file system, network drives included, where
notifications do not; a look costs one `stat` a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rag import load

_NOWHERE = Path()
"""Stands for files that are gone."""
Stamps = dict[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Changes:
    """What has come to rest since the last time."""

    changed: tuple[Path, ...] = ()
    """New or changed files, in order."""
    gone: bool = False
    """Whether files are gone; those moved are among `changed` as well."""

    def __bool__(self) -> bool:
        """Return whether anything has changed."""
        return bool(self.changed) or self.gone


@dataclass
class Watcher:
    """What was seen of some files and folders."""

    paths: tuple[Path, ...]
    _known: Stamps = field(default_factory=dict)
    """Files as they were when they were last reported."""
    _seen: Stamps = field(default_factory=dict)
    """Files as the last look found them."""

    def begin(self) -> None:
        """Take what is there for known."""
        self._seen = self._look()
        self._known = dict(self._seen)

    def changes(self) -> Changes:
        """Look again and return what has changed and come to rest.

        Nothing is gone as long as anything is still being written: a file that is moved disappears
        in one place before it is whole in the other.
        """
        now = self._look()
        at_rest = {path: s for path, s in now.items() if self._seen.get(path) == s}
        restless = len(at_rest) < len(now)
        changed = tuple(path for path, s in at_rest.items() if self._known.get(path) != s)
        missing = self._known.keys() - now.keys()
        gone = bool(missing) and not restless and not missing & self._seen.keys()
        self._known |= {path: at_rest[path] for path in changed}
        if gone:
            self._known = {path: s for path, s in self._known.items() if path in now}
        self._seen = now
        return Changes(changed, gone)

    def forget(self, changes: Changes) -> None:
        """Report these changes again, because they could not be dealt with."""
        for path in changes.changed:
            self._known.pop(path, None)
        if changes.gone:
            self._known[_NOWHERE] = (0, 0)

    def _look(self) -> Stamps:
        found = (f.path for f in load.discover(self.paths) if f.reason is None)
        stamps = {path: load.stamp(path) for path in found}
        return {path: s for path, s in stamps.items() if s != (0, 0)}
