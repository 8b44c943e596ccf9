"""An answerable case and its documents -> passages, and sentences that they make true.

The passages have the shape the language model is shown: the sentences of the gold quotes with a
neighbour on each side, and sentences elsewhere in the same documents that share most words with the
question, so that other subjects' and other periods' figures are in view. No model, no index.
"""

from __future__ import annotations

import itertools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from eval.amounts import amounts
from eval.cases import Case
from rag import chunk, sections, table
from rag.evidence import units_of
from rag.question import Query, content_terms, understand
from rag.schema import BlockKind, Chunk, Document, DocumentFacts, Passage
from rag.text import Span

_ASIDE = (BlockKind.SIDEBAR, BlockKind.BOILERPLATE)
"""Not indexed, so never shown to a model."""
_DISTRACTORS = 5
"""Sentences from elsewhere: with the gold ones some 600 characters, the assistant's own budget."""


class Form(StrEnum):
    """How a true sentence was made."""

    SENTENCE = "sentence"
    """The report's own sentence that holds the gold quote."""
    CLAUSE = "clause"
    """The clauses of it that hold the quote."""
    ASKED = "asked"
    """The question with the answer in the place of its question word."""
    ROUNDED = "rounded"
    """The same with a figure rounded by one decimal."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that is true by construction and holds at least one figure."""

    form: Form
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    """What the verifier is given for one case."""

    case: Case
    query: Query
    passages: tuple[Passage, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence or a small table of a document."""

    document: DocumentFacts
    chunk: Chunk
    span: Span
    """Offsets within the chunk's text."""
    gold: tuple[Span, ...] = ()
    """Where gold quotes stand, offsets within the chunk's text."""

    @property
    def text(self) -> str:
        return self.chunk.text[self.span.start : self.span.end]


def prepare(case: Case, documents: Mapping[str, Document]) -> Material | None:
    """Return the material of `case`, or None when nothing true and checkable can be said.

    None for unanswerable cases, for follow-ups (only a model can write out their question), for
    quotes that no document holds, and where no sentence holds a figure.

    Args:
        case: A case with gold evidence.
        documents: File name -> document.
    """
    if not case.answerable or not case.evidence or case.history:
        return None
    query = understand(case.question)
    units = _units(case, documents)
    if sum(len(unit.gold) for unit in units) < len(case.evidence):
        return None
    shown = _passages(units, _shown(query, case, units))
    statements = [*_quoted(units), *_asked(case, query)]
    statements += _rounded(statements)
    told = {_bare(s.text): s for s in reversed(statements) if amounts(s.text)}
    return Material(case, query, shown, tuple(reversed(told.values()))) if told else None


def _units(case: Case, documents: Mapping[str, Document]) -> list[_Unit]:
    """Return the sentences of the case's documents in order, those of gold quotes marked."""
    found: list[_Unit] = []
    for source in dict.fromkeys(item.source for item in case.evidence):
        if source not in documents:
            continue
        document = documents[source]
        quotes = [item.quote for item in case.evidence if item.source == source]
        chunks = [
            c for c in chunk.split(document, sections.build(document)) if c.kind not in _ASIDE
        ]
        facts = _facts(document, len(chunks))
        for piece in chunks:
            places = [place for quote in quotes if (place := find(piece.text, quote))]
            for span in units_of(piece):
                gold = tuple(p for p in places if span.start <= p.start < span.end)
                found.append(_Unit(facts, piece, span, gold))
    return _first_places(found)


def _first_places(units: Sequence[_Unit]) -> list[_Unit]:
    """Return `units` with each quote marked once: a summary or a table may repeat it."""
    seen: set[tuple[str, str]] = set()
    found = []
    for unit in units:
        places = {
            (unit.document.doc_id, _folded(unit.chunk.text[p.start : p.end])): p for p in unit.gold
        }
        fresh = {key: place for key, place in places.items() if key not in seen}
        seen |= fresh.keys()
        found.append(replace(unit, gold=tuple(fresh.values())))
    return found


def find(text: str, quote: str) -> Span | None:
    """Return where `quote` stands in `text`, blanks, width forms and table rules aside."""
    folded = [(c, i) for i, char in enumerate(text) for c in _folded(char)]
    at = "".join(c for c, _ in folded).find(_folded(quote))
    if at < 0:
        return None
    return Span(folded[at][1], folded[at + len(_folded(quote)) - 1][1] + 1)


def _folded(text: str) -> str:
    return re.sub(r"[\s|]", "", unicodedata.normalize("NFKC", text))


def _facts(document: Document, chunks: int) -> DocumentFacts:
    return DocumentFacts(
        document.doc_id, document.source, document.title, document.publisher, document.published,
        document.format, len(document.pages), chunks,
    )  # fmt: skip


def _shown(query: Query, case: Case, units: Sequence[_Unit]) -> list[int]:
    """Return which units are shown, in document order."""
    quotes = " ".join(item.quote for item in case.evidence)
    scores = _overlaps({*query.terms, *content_terms(quotes)}, units)
    gold = [i for i, unit in enumerate(units) if unit.gold]
    chosen = {
        j
        for i in gold
        for j in (i - 1, i, i + 1)
        if 0 <= j < len(units) and units[j].chunk == units[i].chunk
    }
    others = [i for i in range(len(units)) if i not in chosen and amounts(units[i].text)]
    others.sort(key=lambda i: -scores[i])
    return sorted(chosen | set(others[:_DISTRACTORS]))


def _overlaps(terms: set[str], units: Sequence[_Unit]) -> list[float]:
    """Return for each unit the summed inverse document frequency of the `terms` it holds."""
    words = [terms & set(content_terms(unit.text)) for unit in units]
    frequency = Counter(word for held in words for word in held)
    return [sum(math.log(1 + len(units) / frequency[w]) for w in sorted(held)) for held in words]


def _passages(units: Sequence[_Unit], chosen: Sequence[int]) -> tuple[Passage, ...]:
    """Return the chosen units, touching ones of a chunk joined, labelled from 1."""
    runs: list[list[int]] = []
    for i in chosen:
        if runs and runs[-1][-1] == i - 1 and units[i].chunk == units[i - 1].chunk:
            runs[-1].append(i)
        else:
            runs.append([i])
    return tuple(_passage(n, units[run[0]], units[run[-1]]) for n, run in enumerate(runs, start=1))


def _passage(label: int, first: _Unit, last: _Unit) -> Passage:
    piece = first.chunk
    return Passage(
        label=label,
        doc_id=piece.doc_id,
        start=piece.start + first.span.start,
        end=piece.start + last.span.end,
        text=piece.text[first.span.start : last.span.end],
        heading_path=piece.heading_path,
        page=piece.page,
        document=first.document,
        score=0.0,
        head=_head(piece, Span(first.span.start, last.span.end)),
    )


def _head(piece: Chunk, span: Span) -> str:
    """Return the lines it takes to read the rows of a table, as the assistant passes them on."""
    if piece.kind is not BlockKind.TABLE:
        return ""
    return table.head_of(piece.text, piece.head, *span)


_ROW = re.compile(r"[0-9][^，。；0-9]{0,5}[、和与][^，。；0-9]{0,4}[0-9]")
_EDGE = re.compile(r"[，。；：;]|,(?![0-9]{3}(?![0-9]))|(?<=[a-z0-9])\.(?=\s|$)")


def _quoted(units: Sequence[_Unit]) -> Iterator[Statement]:
    """Yield the report's own sentences with gold quotes, and their clauses; tables are none."""
    for unit in units:
        if unit.chunk.kind is BlockKind.TABLE:
            continue
        for place in unit.gold:
            if place.end > unit.span.end:
                continue
            yield Statement(Form.SENTENCE, _ended(unit.text))
            cuts = [unit.span.start, unit.span.end]
            cuts += [m.end() for m in _EDGE.finditer(unit.chunk.text, *unit.span)]
            start = max(c for c in cuts if c <= place.start)
            end = min(c for c in cuts if c >= place.end)
            clause = _ended(unit.chunk.text[start:end])
            if not _nameless_row(clause):
                yield Statement(Form.CLAUSE, clause)


def _nameless_row(clause: str) -> bool:
    """Return whether figures stand in a row whose names were left behind: whose are they?"""
    row = _ROW.search(clause)
    return row is not None and not re.search(r"[、和与及]", clause[: row.start()])


def _ended(text: str) -> str:
    """Return `text` as a sentence: no bullet before, a full stop behind."""
    body = re.sub(r"^[•·\-–]\s*|^[（(]?[0-9一二三四五]{1,2}[)）]\s*", "", text.strip())
    body = body.rstrip("，。；：,;.: ")
    return body[:1].upper() + body[1:] + "." if body.isascii() else body + "。"


def _bare(text: str) -> str:
    return text.rstrip("。.").lower()


_SLOT = re.compile(r"多少钱|多少|几多|(?<![这那好])几(?=[家个款台])")
_OTHER_ASKED = re.compile(r"[哪谁吗]|什么|怎|为何|是.是|是否|升是降|几[家个]")
_EACH = re.compile(r"分别|各")
_ALSO = re.compile(r",? and (?:what|how|by how)\b", re.IGNORECASE)
_ENGLISH = (
    (re.compile(r"What (was|were|is|are) (?!the difference)(.+)\?"), r"\2 \1 {}."),
    (re.compile(r"What (?:share|proportion|percentage) of (.+)\?"), r"{} of \1."),
    (re.compile(r"How many (.+?) did (.+?) (?:have|has)\b(.*)\?"), r"\2 had {} \1\3."),
)


def _asked(case: Case, query: Query) -> Iterator[Statement]:
    """Yield the question as a statement, where every fact is a stated figure."""
    if case.derived:
        return
    if query.language == "zh":
        parts = _SLOT.split(query.text)
        rest = " ".join(parts)
        written = _written(case, rest)
        if len(parts) < 2 or not written or _OTHER_ASKED.search(rest):
            return
        if len(parts) == 2 and len(written) > 1:
            # only "分别" and "各" promise several in a row, and a row has its units printed
            if not _EACH.search(query.text) or any(amounts(w)[0].bare for w in written):
                return
            written = ["、".join(written)]
        if len(parts) - 1 == len(written):
            yield Statement(Form.ASKED, _filled(parts, written))
        return
    if _ALSO.search(query.text):
        return
    for pattern, template in _ENGLISH:
        written = _written(case, query.text)
        if written and (match := pattern.fullmatch(query.text)):
            text = match.expand(template).format(" and ".join(written))
            yield Statement(Form.ASKED, text[0].upper() + text[1:])
            return


def _written(case: Case, question: str) -> list[str]:
    """Return one form a fact, with a unit where question and form leave one to choose; or none."""
    chinese = case.lang == "zh"
    found = []
    for forms in case.answers:
        fitting = [f for f in forms if len(amounts(f)) == 1 and (chinese or f.isascii())]
        fitting = [f for f in fitting if not chinese or not re.search(r"[A-Za-z]{4}", f)]
        named = [f for f in fitting if not amounts(f)[0].bare]
        if not fitting:
            return []
        asks_unit = re.search(r"[亿万元台辆美]|GWh|股|EPS", question)
        found.append((fitting if asks_unit or not named else named)[0])
    return found


def _filled(parts: Sequence[str], written: Sequence[str]) -> str:
    """Return question parts with answers between; a unit said by both is said once."""
    text = parts[0]
    for answer, tail in zip(written, parts[1:], strict=True):
        text = text.removesuffix("百分之") if answer.endswith("%") else text
        shared = max(n for n in range(len(tail) + 1) if answer.endswith(tail[:n]))
        text += answer + tail[shared:]
    return _ended(re.sub(r"[？?]", "，", re.sub(r"[呢呀啊？?]+$", "", text)))


_ROUNDABLE = 3
"""Significant digits: whether 4.6% is "about 5%" is a matter of taste, 46.3% is about 46%."""


def _rounded(statements: Sequence[Statement]) -> list[Statement]:
    """Return the plainest statement with its first decimal figure rounded by one place."""
    plain = [s for s in statements if s.form is Form.ASKED] or list(statements[-1:])
    for statement, amount in itertools.chain.from_iterable(
        [(s, a) for a in amounts(s.text)] for s in plain
    ):
        if not amount.places or len(amount.number.as_tuple().digits) < _ROUNDABLE:
            continue
        step = Decimal(1).scaleb(1 - amount.places)
        number = amount.number.quantize(step, ROUND_HALF_UP)
        if number != amount.number and number:
            head, tail = statement.text[: amount.start], statement.text[amount.end :]
            about = "about " if statement.text.isascii() else "约"
            about = "" if head.rstrip().endswith(("约", "近", "about")) else about
            return [Statement(Form.ROUNDED, head + about + amount.renumbered(str(number)) + tail)]
    return []
