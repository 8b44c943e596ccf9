"""A fault of a case set, as the checks report it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a case, in both languages."""

    case: str
    """Id, or ``-`` for the set as a whole."""
    en: str
    zh: str
