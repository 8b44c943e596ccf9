"""Truth files -> records, and the hashes by which texts are compared without being stored."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from rag.text import normalise, squeeze

TRUTHS = Path(__file__).resolve().parents[1] / "data" / "pdf_truth"
REPORTS = Path(__file__).resolve().parents[3] / "shared" / "pdf"

_BEFORE_HEADING = re.compile(r"^[^\w(“\"‘'\[《]+")
_DIGITS = re.compile(r"\d+")
DASHES = str.maketrans("−–—", "---")


class Heading(NamedTuple):
    """A heading as printed."""

    role: str
    """``section`` counts for recall; ``lead``, ``title``, ``sidebar``, ``contents`` and
    ``boilerplate`` are headings too, but a loader may know better than to make them one."""
    level: int
    """1 = outermost; 0 where the role says all."""
    page: int
    key: str


class Caption(NamedTuple):
    """What stands above a figure or a table."""

    label: str
    page: int
    key: str


class Running(NamedTuple):
    """A string of a page's margin that no chunk may hold."""

    key: str
    length: int
    """In characters, to be found anywhere; 0 = a whole line, its digits left out of account."""
    printed_on: tuple[int, ...] = ()
    """Pages whose text holds it with good reason."""


class Merged(NamedTuple):
    """A cell that covers several."""

    text: str
    across: int
    down: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table as printed, header rows included."""

    label: str
    page: int
    rows: tuple[tuple[str | Merged | None, ...], ...]
    """A text hash begins with #; None = covered by a merged cell."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a careful reader sees in one report."""

    slug: str
    sha256: str
    facts: Mapping[str, Any]
    headings: tuple[Heading, ...]
    captions: tuple[Caption, ...]
    running: tuple[Running, ...]
    bare_numbers: bool
    """Whether the page number is printed alone."""
    tables: tuple[Table, ...]
    """The first is the typical one; the others are harder."""


def key_of(text: str) -> str:
    """Return the hash of `text` without white space, bullets before it and colons behind it."""
    squeezed = _BEFORE_HEADING.sub("", squeeze(normalise(text))).rstrip(":")
    return hash_of(squeezed)


def title_key(text: str) -> str:
    """Return the hash of the letters and digits of `text`, as titles are joined in many ways."""
    return hash_of("".join(c for c in squeeze(normalise(text)) if c.isalnum()))


def line_key(text: str) -> str:
    """Return the hash of `text` without white space, every number alike."""
    return hash_of(_DIGITS.sub("#", squeeze(normalise(text))))


def cell_key(text: str) -> str:
    """Return a cell as truth files hold it: figures and dates as they are, else # and a hash."""
    squeezed = squeeze(normalise(text)).translate(DASHES)
    if re.fullmatch(r"\(?[-+]?[\d.,/]*\d%?\)?|[-']*", squeezed):
        return squeezed
    return "#" + hash_of(squeezed)


@functools.cache
def truths() -> tuple[Truth, ...]:
    """Return the truth files, in order of their names."""
    return tuple(_read(path) for path in sorted(TRUTHS.glob("*.json")))


@functools.cache
def reports() -> Mapping[str, Path]:
    """Return the PDFs at hand by their SHA-256; empty where there are none."""
    found = sorted(REPORTS.glob("*.pdf")) if REPORTS.is_dir() else []
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in found}


def hash_of(text: str) -> str:
    """Return the hash of exactly `text`."""
    return hashlib.sha1(text.encode()).hexdigest()[:16]


def _read(path: Path) -> Truth:
    data = json.loads(path.read_text("utf-8"))
    return Truth(
        slug=path.stem,
        sha256=data["sha256"],
        facts=data["facts"],
        headings=tuple(Heading(*row) for row in data["headings"]),
        captions=tuple(Caption(*row) for row in data["captions"]),
        running=tuple(Running(k, n, tuple(pages)) for k, n, *pages in data["running"]),
        bare_numbers=data["bare_numbers"],
        tables=tuple(
            Table(t["label"], t["page"], tuple(tuple(map(_cell, row)) for row in t["rows"]))
            for t in data["tables"]
        ),
    )


def _cell(value: str | list[Any] | None) -> str | Merged | None:
    return Merged(*value) if isinstance(value, list) else value
