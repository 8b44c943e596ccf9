"""Every quote that questions over three real documents rest on is read, under the right headings.

The truth file (tests/data/truth/seeds.json) was labelled by reading the documents: line, role, level
and hash of each heading. It holds no text of theirs; where they are not at hand nothing is tested.
``python -m tests.test_seeds`` prints the shares.
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rag import load, sections
from rag.schema import BlockKind, Document
from rag.text import normalise, squeeze
from tests.pdf_truth.truth import key_of

SHARED = Path(__file__).resolve().parents[2] / "shared"
TRUTH = json.loads((Path(__file__).parent / "data" / "truth" / "seeds.json").read_text("utf-8"))
SECTIONS = 0.95
"""What is asked: share of quotes under the right headings."""


@dataclass(frozen=True)
class Seed:
    """A document as it was read, beside what a reader sees."""

    document: Document
    lines: tuple[str, ...]
    """Of the file; line 1 is the first."""
    headings: tuple[tuple[int, int, str, str], ...]
    """Line, level, role (``heading``, ``sidebar``, ``none`` where none holds any more), key."""


@functools.cache
def seeds() -> dict[str, Seed]:
    """Return the documents at hand by their number; none where they are not those labelled."""
    found: dict[str, Seed] = {}
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        data, truth = path.read_bytes(), TRUTH.get(path.name[:3])
        if truth and hashlib.sha256(data).hexdigest() == truth["sha256"]:
            rows = tuple(map(tuple, truth["headings"]))
            lines = tuple(data.decode("utf-8").split("\n"))
            found[path.name[:3]] = Seed(load.load(path), lines, rows)
    return found


@functools.cache
def quotes() -> tuple[tuple[str, str, str], ...]:
    """Return (case, document, quote), each quote of a document once."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted((SHARED / "questions").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            case = json.loads(line)
            for turn in case.get("turns", [case]):
                for evidence in turn["evidence"]:
                    found.setdefault((evidence["doc"], evidence["quote"]), case["id"])
    return tuple((case, doc, quote) for (doc, quote), case in found.items())


def squeezed(pieces: tuple[str, ...]) -> tuple[str, list[int]]:
    """Return the text without white space, and where in it each piece begins."""
    bare = [squeeze(normalise(piece)) for piece in pieces]
    starts = [0]
    for piece in bare:
        starts.append(starts[-1] + len(piece))
    return "".join(bare), starts[:-1]


def places(quote: str, pieces: tuple[str, ...]) -> Iterator[int]:
    """Yield the number (from 0) of the piece in which `quote` begins, for each occurrence."""
    text, starts = squeezed(pieces)
    wanted = squeeze(normalise(quote))
    at = text.find(wanted)
    while at >= 0:
        yield bisect_right(starts, at) - 1
        at = text.find(wanted, at + 1)


def expected(seed: Seed, line: int) -> tuple[str, ...]:
    """Return the keys of the headings that a reader sees `line` (from 1) under."""
    trail: list[tuple[int, str]] = []
    for start, level, role, key in seed.headings:
        if start <= line:
            trail = [step for step in trail if step[0] < level]
            trail += [(level, key)] if role == "heading" else []
    return tuple(key for _, key in trail)


def paths(quote: str, seed: Seed) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the (expected, read) heading path of each occurrence of `quote`."""
    parts = sections.build(seed.document)
    texts = tuple(seed.document.text[part.start : part.end] for part in parts)
    wanted = [expected(seed, line + 1) for line in places(quote, seed.lines)]
    read = [tuple(map(key_of, parts[at].heading_path)) for at in places(quote, texts)]
    read += [("lost",)] * (len(wanted) - len(read))
    return list(zip(wanted, read, strict=False))


def measured() -> tuple[int, int, int, int]:
    """Return counts: quotes, quotes that survive, places of quotes, places under right headings."""
    survive = right = total = 0
    for _, doc, quote in quotes():
        seed = seeds()[doc]
        survive += normalise(quote) in seed.document.text
        found = paths(quote, seed)
        total += len(found)
        right += sum(wanted == read for wanted, read in found)
    return len(quotes()), survive, total, right


needed = pytest.mark.skipif(
    len(seeds()) < len(TRUTH) or not quotes(), reason="the three documents are not here"
)


@needed
def test_every_quote_survives_word_for_word():
    lost = [case for case, d, q in quotes() if normalise(q) not in seeds()[d].document.text]
    assert lost == []


@needed
def test_every_quote_stands_under_the_headings_a_reader_sees():
    _, _, total, right = measured()
    wrong = [
        (case, doc) for case, doc, q in quotes() if any(w != r for w, r in paths(q, seeds()[doc]))
    ]
    assert right / total >= SECTIONS, wrong


@needed
@pytest.mark.parametrize("doc", sorted(TRUTH))
def test_headings_are_found_and_nothing_else_is_one(doc):
    seed = seeds()[doc]
    text = seed.document.text
    read = [
        (b.level, key_of(text[b.start : b.end]))
        for b in seed.document.blocks
        if b.kind is BlockKind.HEADING
    ]
    assert read == [(level, key) for _, level, role, key in seed.headings if role == "heading"]


def test_the_headings_of_a_line_are_those_above_it():
    rows = ((2, 1, "heading", "a"), (5, 2, "heading", "b"), (9, 0, "none", ""))
    seed = Seed(Document("d", "d", "text", "", "", ()), (), rows)
    assert [expected(seed, line) for line in (1, 2, 6, 9)] == [(), ("a",), ("a", "b"), ()]


def test_a_quote_over_two_lines_is_found_where_it_begins():
    assert list(places("增长 8%。", ("收入增", "长8%。收入增长", "8%。"))) == [0, 1]


if __name__ == "__main__":
    number, survive, total, right = measured()
    sys.stdout.write(
        f"quotes that survive {survive}/{number}, under the right headings {right}/{total}\n"
    )
