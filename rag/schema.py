"""The nouns of the house: frozen records that flow one way, from a file to a checked answer.

``path -> Document -> Section -> Chunk -> Hit -> Passage -> Draft -> Answer``

``Document.text`` is the only coordinate system. A section, a chunk, a passage and a citation are
``(doc_id, start, end)`` with ``document.text[start:end] == text``; pages map onto it.
This module knows nothing of files, models or indexes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a stretch of a document is, as far as its loader could tell."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CAPTION = "caption"
    NOTE = "note"
    """A source line, a footnote: kept beside what it belongs to."""
    SIDEBAR = "sidebar"
    """Related reports, analyst block: kept, never a source of the document's own facts."""
    BOILERPLATE = "boilerplate"
    """Disclaimers, rating definitions: kept, not retrieved by default."""


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph-like stretch of ``Document.text``; blocks are in order and do not overlap."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    """Heading depth, 1 = outermost; 0 for everything that is not a heading."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the source and the stretch of ``Document.text`` that came from it."""

    number: int
    """Physical page, counted from 1."""
    start: int
    end: int
    label: str | None = None
    """The page number printed on the page, where one was seen."""
    by_ocr: bool = False
    """Whether its text was recognised in a picture of it."""


class FactName(StrEnum):
    """What a report may state of itself."""

    TITLE = "title"
    PUBLISHER = "publisher"
    PUBLISHED = "published"
    ANALYST = "analyst"
    COMPANY = "company"
    RATING = "rating"
    RATING_CHANGE = "rating_change"
    TARGET_PRICE = "target_price"
    INDUSTRY = "industry"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a report states of itself, and where it does."""

    name: FactName
    value: str
    """As the report writes it, except: dates ISO, a target price ``113.66 CNY``, a change of
    rating 首次, 维持, 上调 or 下调, a kind such as 公司点评."""
    source: str
    """``front matter``, ``file name``, ``metadata``, ``page 1`` or, without pages, ``text``; several
    that agree are joined by ``; ``, the weightiest first."""
    start: int | None = None
    """Where ``Document.text`` states it; None where it stands outside the text."""
    end: int | None = None
    also: tuple[str, ...] = ()
    """Other names of the same: a company's codes and aliases, a kind's names in English."""


@dataclass(frozen=True, slots=True)
class Document:
    """A loaded file: normalised text, its blocks and pages, and the facts stated in it."""

    doc_id: str
    """Tagged hash of the file's bytes, see `rag.load.doc_id_of`."""
    source: str
    """The name shown to people: the file name."""
    format: str
    """``text``, ``markdown``, ``html`` or ``pdf``."""
    text: str
    title: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    """Empty when the format has no pages."""
    publisher: str | None = None
    published: str | None = None
    """ISO date, ``YYYY-MM-DD``."""
    warnings: tuple[str, ...] = ()
    """What could not be read, one line each, shown to the user after `rag add`."""
    facts: tuple[Fact, ...] = ()
    """By name; of several with one name the weightiest first."""

    def page_at(self, offset: int) -> int | None:
        """Return the physical page that holds `offset`, or None when there are no pages."""
        found = None
        for page in self.pages:
            if page.start > offset:
                break
            found = page.number
        return found


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything below it up to the next heading; sections tile the text."""

    doc_id: str
    heading_path: tuple[str, ...]
    """Headings from the outermost down to this one; empty before the first heading."""
    start: int
    end: int
    blocks: tuple[Block, ...]
    """The blocks of this section, its heading first when it has one."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of one section, small enough to embed: what is searched and quoted."""

    doc_id: str
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...]
    page: int | None = None
    kind: BlockKind = BlockKind.PARAGRAPH
    head: str = ""
    """Of a piece of a table the lines above it that it takes to read it: title, unit, header."""

    @property
    def chunk_id(self) -> str:
        """Return the chunk's name, which is its coordinates."""
        return f"{self.doc_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is known of an indexed document without its text: the row of `rag list`."""

    doc_id: str
    source: str
    title: str
    publisher: str | None
    published: str | None
    format: str
    pages: int
    chunks: int
    analysts: tuple[str, ...] = ()
    """Who signed it, where the question is after that; else empty."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Restrictions on which documents are searched; None means no restriction."""

    source: str | None = None
    """Part of the file name, case-insensitive."""
    publisher: str | None = None
    since: str | None = None
    """ISO date, inclusive."""
    until: str | None = None
    """ISO date, inclusive."""
    company: str | None = None
    """A name, alias or code: of a company that the report is about, else one its text must hold."""
    kind: str | None = None
    """Part of the kind of report, Chinese or English: 点评, company, 策略, weekly."""
    rating: str | None = None
    """The rating as the report writes it: 买入, Outperform."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved chunk with its place in the ranking."""

    rank: int
    """Counted from 1."""
    score: float
    """Reciprocal-rank-fusion score; higher is better, comparable only within one question."""
    chunk: Chunk
    document: DocumentFacts
    similarity: float | None = None
    """Cosine of question and chunk where the dense search returned it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A labelled piece of evidence as the model sees it: whole sentences of one section."""

    label: int
    """Counted from 1; the number between brackets in the answer."""
    doc_id: str
    start: int
    end: int
    text: str
    heading_path: tuple[str, ...]
    page: int | None
    document: DocumentFacts
    score: float
    """Evidence score, higher is better; comparable within one question."""
    head: str = ""
    """Of rows of a table the lines it takes to read them, see `rag.table.parse`; else empty."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the model wrote, before any check."""

    question: str
    passages: tuple[Passage, ...]
    text: str
    prompt: str
    """Name and fingerprint of the prompt file, e.g. ``answer@1-1a2b3c4d``."""
    model: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quote that carries a sentence of the answer."""

    label: int
    doc_id: str
    source: str
    title: str
    publisher: str | None
    published: str | None
    section: tuple[str, ...]
    page: int | None
    quote: str
    start: int
    end: int
    text: str
    """The passage shown to the model, which holds the quote."""


class Check(StrEnum):
    """The outcome of looking a figure up in the passage its sentence cites."""

    VERIFIED = "verified"
    ROUNDED = "rounded"
    DERIVED = "derived"
    NOT_FOUND = "not_found"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """A figure of the answer and where it was found."""

    text: str
    label: int | None
    check: Check
    quote: str | None
    """The place in the passage that carries the figure, an exact substring; None if not found."""


class Status(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds since the question arrived, except `understand` and `retrieve`: durations."""

    understand: int = 0
    retrieve: int = 0
    first_token: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Provenance:
    """What produced an answer, enough to produce it again."""

    index: str
    embedder: str
    model: str
    prompt: str
    version: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What happened between a question and its answer, for people who ask why."""

    passages: tuple[Passage, ...] = ()
    """What the model was shown."""
    odds: float | None = None
    """Log-odds that the passages state the answer, as the model judged; None when not asked."""
    draft: str = ""
    """What the model wrote, before any check."""
    dropped: tuple[str, ...] = ()
    """One line a sentence withheld, with the reason; for a refusal its grounds."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    by: str = ""
    """Who found it: ``words``, the question's words alone; ``model``; empty when nothing was written."""
    margin: float | None = None
    """How far `odds`, with the share of the question that is covered, is above what it takes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer or a refusal; every sentence of `text` ends in a citation label."""

    question: str
    standalone_question: str
    status: Status
    text: str
    reason: str | None
    """Why the question was refused, in the question's language; None when answered."""
    citations: tuple[Citation, ...]
    figures: tuple[FigureCheck, ...]
    hits: tuple[Hit, ...]
    timings: Timings
    provenance: Provenance
    trace: Trace = Trace()
