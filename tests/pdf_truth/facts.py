"""The facts that reports state of themselves against what a reader of their first page writes down.

Truth: tests/data/truth/facts.json for our own reports (by file name) and three real documents (by
SHA-256), tests/data/pdf_truth for eight PDFs. Titles of documents that are not ours are hashes.
``python -m tests.pdf_truth.facts`` prints precision and recall of every fact.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rag.load import load
from rag.load.report.companies import normal_code
from rag.schema import Document, FactName
from tests.pdf_truth.truth import reports, title_key, truths

TESTS = Path(__file__).resolve().parents[1]
OWN = TESTS.parent / "eval" / "reports"
SEEDS = TESTS.parents[1] / "shared" / "seeds"
ONE = ("title", "publisher", "published", "kind", "rating", "rating_change", "target_price")
"""A report states one of each, or none; a truth of several values accepts any."""
MANY = {"analysts": FactName.ANALYST, "tickers": FactName.COMPANY, "companies": FactName.COMPANY}
FACTS = (*ONE, *MANY)


class Tally(NamedTuple):
    """How often a fact was stated right, stated wrong, and not stated though it should be."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: tuple[Any, ...]) -> Tally:
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def precision(self) -> float:
        """Return the share of what was stated that is right; 1 when nothing was."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Return the share of what a reader states that was stated; 1 when there is nothing."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def stated(document: Document, name: str) -> list[str]:
    """Return the values that `document` states of a fact, tickers in their one form."""
    fact = MANY.get(name) or FactName(name)
    found = [f for f in document.facts if f.name is fact]
    if name != "tickers":
        return [f.value for f in found]
    names = [n for f in found for n in (f.value, *f.also)]
    return [n for n in names if normal_code(n) == n or re.fullmatch(r"[A-Z]{2,5}", n)]


def tally(document: Document, truth: Mapping[str, Any]) -> dict[str, Tally]:
    """Return the tally of every fact that `truth` speaks of."""
    return {
        name: _tally(name, stated(document, name), truth[name]) for name in FACTS if name in truth
    }


def _tally(name: str, values: list[str], truth: str | list[str | None] | None) -> Tally:
    if name in MANY:
        wanted = set(truth or ())
        right = len(wanted & set(values))
        return Tally(right, len(set(values)) - right, len(wanted) - right)
    accepted = truth if isinstance(truth, list) else [truth]
    if not values:
        return Tally(missed=int(None not in accepted))
    right = any(_same(name, values[0], value) for value in accepted if value)
    return Tally(1) if right else Tally(wrong=1, missed=int(None not in accepted))


def _same(name: str, value: str, truth: str) -> bool:
    if name != "title":
        return value == truth
    hashed = re.fullmatch(r"#?([0-9a-f]{16})", truth)
    return title_key(value) == (hashed[1] if hashed else title_key(truth))


def documents() -> Iterator[tuple[str, Document, Mapping[str, Any]]]:
    """Yield (name, document, truth) of every document at hand."""
    truth = json.loads((TESTS / "data" / "truth" / "facts.json").read_text("utf-8"))
    for path in sorted(SEEDS.glob("*.txt")):
        key = hashlib.sha256(path.read_bytes()).hexdigest()
        if key in truth:
            yield f"seed {path.name[:3]}", load(path), truth[key]
    for path in sorted(OWN.iterdir()):
        if path.name in truth:
            yield path.name, load(path), truth[path.name]
    for pdf in truths():
        if pdf.sha256 in reports():
            yield pdf.slug, load(reports()[pdf.sha256]), pdf.facts


def table() -> tuple[dict[str, Tally], list[str]]:
    """Return the sum over all documents, and a line for each difference."""
    sums = dict.fromkeys(FACTS, Tally())
    faults: list[str] = []
    for name, document, truth in documents():
        for fact, found in tally(document, truth).items():
            sums[fact] += found
            if found.wrong or found.missed:
                faults.append(f"{name}: {fact} {stated(document, fact)}, expected {truth[fact]}")
    return sums, faults


def _main() -> None:
    write = sys.stdout.write
    sums, faults = table()
    write(
        "| fact | precision | recall | right | wrong | missed |\n|---|---:|---:|---:|---:|---:|\n"
    )
    for name, found in sums.items():
        counts = " | ".join(map(str, found))
        write(f"| {name} | {found.precision:.3f} | {found.recall:.3f} | {counts} |\n")
    write("".join(f"{fault}\n" for fault in faults))


if __name__ == "__main__":
    _main()
