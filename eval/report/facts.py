"""The header of a run -> labelled lines for people. Knows nothing of HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eval.compare import Change
from eval.header import Header
from eval.report.labels import word, word_or

_HASH = re.compile(r"(?<![0-9a-f])([0-9a-f]{12})[0-9a-f]{20,}(?![0-9a-f])")
_FIRST = (
    "set",
    "cases",
    "subset",
    "stage",
    "started",
    "command",
    "commit",
    "machine",
    "models",
    "profile",
    "prompts",
    "settings",
    "index",
    "index_fingerprint",
    "corpus",
    "code",
    "python",
    "packages",
)
_ELSEWHERE = ("format", "dirty")
"""The layout of the file itself, and what is said beside the commit."""

_UNCOMPARED = ("started", "command")
"""What differs between any two runs, so that no comparison lists it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was true of a run."""

    key: str
    label: str
    value: str


def facts(header: Header) -> list[Fact]:
    """Return what a header states: known fields first, then any other under its own name."""
    others = [key for key in header if key not in _FIRST + _ELSEWHERE]
    return [
        Fact(key, word_or(f"fact.{key}", key), _value(key, header))
        for key in (*_FIRST, *others)
        if header.get(key) not in (None, "", {}, [])
    ]


def shared(ours: Header, theirs: Header) -> list[Fact]:
    """Return the facts that are the same in two headers."""
    other = facts(theirs)
    return [fact for fact in facts(ours) if fact in other]


def differences(
    ours: Header, theirs: Header, changes: Iterable[Change]
) -> list[tuple[str, str, str]]:
    """Return (label, ours, theirs) for what differs: `changes`, and when and how each was run."""
    told = ((word(f"fact.{key}"), _value(key, ours), _value(key, theirs)) for key in _UNCOMPARED)
    rows = [(label, left, right) for label, left, right in told if left != right]
    for change in changes:
        field, _, rest = change.field.partition(" ")
        label = f"{word_or(f'fact.{field}', field)} {rest}".rstrip()
        rows.append((label, _short(change.before), _short(change.after)))
    return rows


def _value(key: str, header: Header) -> str:
    value = header.get(key)
    if key == "command":
        text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    elif key == "settings" and isinstance(value, Mapping):
        text = "\n".join(f"{name} {_plain(setting)}" for name, setting in value.items())
    elif key == "commit" and header.get("dirty"):
        text = f"{value} · {word('fact.dirty')}"
    else:
        text = _plain(value)
    return _short(text)


def _short(value: object) -> str:
    """Return a value on one line, long hashes cut to twelve digits."""
    return _HASH.sub(r"\1…", _plain(value))


def _plain(value: object) -> str:
    """Return a JSON value on one line: ``core · version 2``; a name needs no word before it."""
    if isinstance(value, Mapping):
        named = ("" if key == "name" else f"{key} " for key in value)
        return " · ".join(
            key + _plain(item) for key, item in zip(named, value.values(), strict=True)
        )
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return "–" if value is None else str(value)
