"""A document against what a reader of its pages sees -> scores and the list of differences."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rag import chunk, sections
from rag.load import load
from rag.schema import Block, BlockKind, Chunk, Document
from rag.text import normalise, squeeze
from tests.pdf_truth import cells, facts
from tests.pdf_truth.truth import Truth, hash_of, key_of, line_key, reports

_LABEL = re.compile(r"(?:图表|图|表)\d+")


class Fault(NamedTuple):
    """One difference between the page and the document."""

    kind: str
    page: int
    detail: str


@dataclass(frozen=True, slots=True)
class Score:
    """How much of one report came out right; shares of 1."""

    slug: str
    recall: float
    precision: float
    levels: float
    """Of the section headings found, those at the reader's level."""
    leads: float | None
    """Recall of lead headings; None when there are none."""
    captions: float
    labels: float
    """Captions whose label and page are right, whatever their text."""
    footers: int
    cells: tuple[float, ...]
    """One share a table."""
    lost: int
    """Figures of the tables that are nowhere on their pages."""
    facts: Mapping[str, bool]
    faults: tuple[Fault, ...]


def scored(truth: Truth) -> Score | None:
    """Return the score of the PDF `truth` was written for; None where it is not at hand.

    It is loaded under a name that says nothing, so that every fact must come from its pages.
    """
    path = reports().get(truth.sha256)
    if path is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"report{path.suffix}"
        shutil.copyfile(path, copy)
        return score(load(copy), truth)


def score(document: Document, truth: Truth) -> Score:
    """Return how `document` compares with `truth`."""
    faults: list[Fault] = []
    recall, precision, levels, leads = _score_headings(document, truth, faults)
    captions, labels = _score_captions(document, truth, faults)
    running = list(_left_running(document, truth))
    faults += running
    shares, lost = _score_tables(document, truth, faults)
    return Score(
        slug=truth.slug,
        recall=recall,
        precision=precision,
        levels=levels,
        leads=leads,
        captions=captions,
        labels=labels,
        footers=len(running),
        cells=shares,
        lost=lost,
        facts=_score_facts(document, truth, faults),
        faults=tuple(faults),
    )


def _score_tables(
    document: Document, truth: Truth, faults: list[Fault]
) -> tuple[tuple[float, ...], int]:
    """Return the share of cells in place of each table, and how many figures are lost."""
    shares: list[float] = []
    count = 0
    for table in truth.tables:
        share, missed = cells.in_place(document, table)
        lost = cells.lost_figures(document, table)
        shares.append(share)
        count += len(lost)
        if missed:
            detail = f"{table.label} {share:.3f}: {' '.join(missed)}"
            faults.append(Fault("table", table.page, detail))
        if lost:
            faults.append(Fault("lost", table.page, f"{table.label} {' '.join(lost)}"))
    return tuple(shares), count


def _blocks(document: Document, kind: BlockKind) -> Iterator[tuple[Block, int, str]]:
    """Yield the blocks of `kind` with their page and text."""
    for block in document.blocks:
        if block.kind is kind:
            page = document.page_at(block.start) or 0
            yield block, page, document.text[block.start : block.end]


def _score_headings(
    document: Document, truth: Truth, faults: list[Fault]
) -> tuple[float, float, float, float | None]:
    """Return recall and precision, the share of right levels, and recall of leads."""
    found = [(key_of(t), page, b.level, t) for b, page, t in _blocks(document, BlockKind.HEADING)]
    unmatched = list(found)
    hit: Counter[str] = Counter()
    level_right = 0
    for role, level, page, key in truth.headings:
        match = next((f for f in unmatched if f[:2] == (key, page)), None)
        if match is None:
            if role in ("section", "lead"):
                faults.append(Fault(f"{role} missing", page, key))
            continue
        unmatched.remove(match)
        hit[role] += 1
        if role == "section":
            level_right += match[2] == level
            if match[2] != level:
                faults.append(Fault("level", page, f"{match[2]} for {level}: {match[3]}"))
    faults += [Fault("no heading", page, text) for _, page, _, text in unmatched]
    wanted = Counter(heading.role for heading in truth.headings)
    return (
        hit["section"] / wanted["section"],
        (len(found) - len(unmatched)) / max(len(found), 1),
        level_right / max(hit["section"], 1),
        hit["lead"] / wanted["lead"] if wanted["lead"] else None,
    )


def _score_captions(document: Document, truth: Truth, faults: list[Fault]) -> tuple[float, float]:
    """Return the shares of captions with right text and page, and with right label and page."""
    found = [(page, text) for _, page, text in _blocks(document, BlockKind.CAPTION)]
    keys = Counter((page, key_of(text)) for page, text in found)
    labels = Counter((page, _label_of(text)) for page, text in found)
    whole = labelled = 0
    for label, page, key in truth.captions:
        if keys[page, key]:
            keys[page, key] -= 1
            whole += 1
        else:
            faults.append(Fault("caption", page, f"{label} {key}"))
        if labels[page, label]:
            labels[page, label] -= 1
            labelled += 1
    for page, text in found:
        if keys[page, key_of(text)]:
            keys[page, key_of(text)] -= 1
            faults.append(Fault("no caption", page, text))
    return whole / len(truth.captions), labelled / len(truth.captions)


def _label_of(text: str) -> str:
    match = _LABEL.match(squeeze(normalise(text)))
    return match.group() if match else ""


def _left_running(document: Document, truth: Truth) -> Iterator[Fault]:
    """Yield the running headers, footers and watermarks that the chunks hold which are searched."""
    anywhere = [running for running in truth.running if running.length]
    lines = {running.key: running.printed_on for running in truth.running if not running.length}
    for piece in chunk.split(document, sections.build(document)):
        if piece.kind in (BlockKind.BOILERPLATE, BlockKind.SIDEBAR):
            continue
        squeezed = squeeze(piece.text)
        for key, length, _ in anywhere:
            for at in range(len(squeezed) - length + 1):
                if hash_of(squeezed[at : at + length]) == key:
                    yield Fault("footer", piece.page or 0, squeezed[max(at - 9, 0) : at + length])
        for page, line in _lines(document, piece):
            numbered = truth.bare_numbers and line.strip() == str(page)
            if numbered or page not in lines.get(line_key(line), (page,)):
                yield Fault("footer", page, line)


def _lines(document: Document, piece: Chunk) -> Iterator[tuple[int, str]]:
    at = piece.start
    for line in piece.text.split("\n"):
        yield document.page_at(at) or 0, line
        at += len(line) + 1


def _score_facts(document: Document, truth: Truth, faults: list[Fault]) -> dict[str, bool]:
    """Return whether each fact of the first page is right; an absent one must not be stated."""
    found = facts.tally(document, truth.facts)
    right = {name: not (tally.wrong or tally.missed) for name, tally in found.items()}
    for name in (name for name in right if not right[name]):
        faults.append(Fault("fact", 1, f"{name}: {facts.stated(document, name)}"))
    return right
