"""Sections -> chunks: stretches of one section, small enough to embed, cut between sentences.

Knows nothing of models or indexes. Lengths are in full-width characters: a Chinese character
counts 1, a Latin letter or a digit 1/2, so that an English chunk carries as much as a Chinese one.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from langchain_text_splitters import RecursiveCharacterTextSplitter

from rag import table
from rag.schema import Block, BlockKind, Chunk, Document, Section
from rag.text import display_width

SIZE = 300
"""Full-width characters a chunk is meant to have."""
STRETCH = 1.25
"""A chunk may be this much longer rather than tear a paragraph or leave a crumb behind."""
TABLE_STRETCH = 1.5
"""The same for a table, whose rows need their header."""
CRUMB = 0.2
"""Share of the size below which a chunk is better joined with its neighbour."""
EVEN = 1.15
"""Slack for pieces of equal length, because sentences differ."""

# Paragraph, sentence, clause, word: what a paragraph is cut at, in this order.
_SEPARATORS = [r"\n", r"[。！？!?]+[”’」』）)]*", r"\.(?=\s)", r"[；;]", r"[，,](?!\d)", r"\s", ""]
_LEAD_IN = re.compile(r"(?:[：:]|如下表?|下列)[。]?$")
_UNIT = re.compile(r"[（(]?(?:货币|金额)?(?:单位|單位)\s*[：:].{1,24}")


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of the text that is to be a chunk or a part of one."""

    start: int
    end: int
    leads_in: bool = False
    """Whether it announces what comes next."""


def split(document: Document, sections: Sequence[Section], size: int = SIZE) -> tuple[Chunk, ...]:
    """Return the chunks of `sections`, in order, without overlap.

    Every chunk lies in one section; its text is ``document.text[start:end]``. A heading is never a
    chunk of its own but opens the first chunk below it. Tables are kept whole where they fit.

    Args:
        document: The document the sections were built from.
        sections: As `rag.sections.build` returns them.
        size: Length aimed at, in full-width characters.
    """
    found: list[Chunk] = []
    heads = _Heads(document)
    for section in sections:
        content = [block for block in section.blocks if block.kind is not BlockKind.HEADING]
        spans = [
            span
            for group in _groups(document.text, content, size)
            for span in _pack(document.text, _units(document.text, group, size), size)
        ]
        if spans and section.blocks[0].kind is BlockKind.HEADING:
            spans[0] = _Span(section.blocks[0].start, spans[0].end)
        found.extend(_chunk(document, section, span, content, heads) for span in spans)
    return tuple(found)


def contextualise(document: Document, chunk: Chunk) -> str:
    """Return `chunk` as it is embedded and indexed: ``title · publisher · date › headings``, text.

    Absent facts are left out; a piece cut from a table repeats the table's title, unit and header.
    """
    path = chunk.heading_path
    if path and path[0] == document.title:
        path = path[1:]
    stated = (document.title, document.publisher, document.published)
    facts = " · ".join(fact for fact in stated if fact)
    parts = [" › ".join(part for part in (facts, *path) if part)]
    if chunk.kind is BlockKind.TABLE:
        parts.append(chunk.head)
    return "\n".join([*(part for part in parts if part), chunk.text])


def _chunk(
    document: Document, section: Section, span: _Span, content: Sequence[Block], heads: _Heads
) -> Chunk:
    kinds = {b.kind for b in content if b.start < span.end and b.end > span.start}
    is_table = BlockKind.TABLE in kinds
    kind = kinds.pop() if len(kinds) == 1 else BlockKind.PARAGRAPH
    text = document.text[span.start : span.end]
    return Chunk(
        doc_id=document.doc_id,
        start=span.start,
        end=span.end,
        text=text,
        heading_path=section.heading_path,
        page=document.page_at(span.start),
        kind=BlockKind.TABLE if is_table else kind,
        head=heads.above(content, span) if is_table else "",
    )


class _Heads:
    """Tells what a piece of a table needs of the lines above it; reads every table once."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._read: dict[int, table.Table | None] = {}

    def above(self, content: Sequence[Block], span: _Span) -> str:
        """Return the title, unit and header of the table of which `span` is a piece, else ""."""
        tables = (i for i, b in enumerate(content) if b.kind is BlockKind.TABLE)
        at = next(i for i in tables if content[i].end > span.start)
        if content[at].start >= span.start:
            return ""
        first = at
        while first and _announces(self._text, content[first - 1]):
            first -= 1
        start = content[first].start
        if start not in self._read:
            self._read[start] = table.parse(self._text[start : content[at].end])
        found = self._read[start]
        if found is None:
            return ""
        # A piece may begin with a header or heading of its own, which is then not repeated.
        own = found.row_at(span.start - start) is not None
        return found.head_at(span.start - start - (not own))


def _announces(text: str, block: Block) -> bool:
    """Return whether `block` is a caption or a line that states the unit of the table below it."""
    content = text[block.start : block.end]
    return block.kind is BlockKind.CAPTION or bool(_UNIT.fullmatch(content))


def _groups(text: str, blocks: Sequence[Block], size: int) -> list[list[Block]]:
    """Return runs of blocks that may share a chunk: text, a table with captions, boilerplate."""
    groups: list[list[Block]] = []
    index = 0
    while index < len(blocks):
        end = _table_end(blocks, index)
        if end > index:
            lead = _lead_of_table(text, groups, size)
            groups.append([*lead, *blocks[index:end]])
        else:
            end = index + 1
            while end < len(blocks) and _same_run(blocks, index, end):
                end += 1
            groups.append(list(blocks[index:end]))
        index = end
    return [group for group in groups if group]


def _table_end(blocks: Sequence[Block], index: int) -> int:
    """Return the end of captions, table and notes that begin at `index`; `index` if none do."""
    end = index
    while end < len(blocks) and blocks[end].kind is BlockKind.CAPTION:
        end += 1
    if end == len(blocks) or blocks[end].kind is not BlockKind.TABLE:
        return index
    end += 1
    while end < len(blocks) and blocks[end].kind is BlockKind.NOTE:
        end += 1
    return end


def _same_run(blocks: Sequence[Block], first: int, index: int) -> bool:
    apart = (BlockKind.SIDEBAR, BlockKind.BOILERPLATE)
    if blocks[first].kind in apart or blocks[index].kind in apart:
        return blocks[first].kind is blocks[index].kind
    return _table_end(blocks, index) == index


def _lead_of_table(text: str, groups: list[list[Block]], size: int) -> list[Block]:
    """Take the short paragraph that announces a table, or all of a crumb, off the last group."""
    last = groups[-1] if groups else []
    if not last or last[0].kind in (BlockKind.TABLE, BlockKind.SIDEBAR, BlockKind.BOILERPLATE):
        return []
    if any(block.kind is BlockKind.TABLE for block in last):
        return []
    if _length(text[last[0].start : last[-1].end]) < CRUMB * size:
        return groups.pop()
    content = text[last[-1].start : last[-1].end]
    leads_in = _LEAD_IN.search(content) or _UNIT.fullmatch(content)
    if leads_in and _length(content) < CRUMB * size:
        return [last.pop()]
    return []


def _units(text: str, blocks: Sequence[Block], size: int) -> list[_Span]:
    """Return what must not be torn: paragraphs and table rows, parts of sentences if too long."""
    table = [block for block in blocks if block.kind is BlockKind.TABLE]
    start, end = blocks[0].start, blocks[-1].end
    if table and _length(text[start:end]) <= TABLE_STRETCH * size:
        return [_Span(start, end)]
    units: list[_Span] = []
    for run in _figures(blocks):
        whole = _Span(run[0].start, run[-1].end)
        for span in _lines(text, run[0]) if run[0] in table else [whole]:
            if _length(text[span.start : span.end]) > STRETCH * size:
                units.extend(_cut(text, span, size))
            else:
                leads_in = bool(_LEAD_IN.search(text[span.start : span.end]))
                units.append(_Span(span.start, span.end, leads_in))
    return units


def _figures(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return `blocks` one by one, but the captions of a figure together with its source notes."""
    runs: list[list[Block]] = []
    for block in blocks:
        last = runs[-1][-1].kind if runs else None
        beside = block.kind is BlockKind.CAPTION and last is BlockKind.CAPTION
        below = block.kind is BlockKind.NOTE and last in (BlockKind.CAPTION, BlockKind.NOTE)
        if beside or below:
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _lines(text: str, block: Block) -> list[_Span]:
    found = re.compile(r"[^\n]+").finditer(text, block.start, block.end)
    return [_Span(match.start(), match.end()) for match in found]


def _cut(text: str, span: _Span, size: int) -> list[_Span]:
    """Cut a long paragraph into pieces of about equal length, between sentences where possible."""
    total = _length(text[span.start : span.end])
    target = math.ceil(total / math.ceil(total / size) * EVEN)
    pieces: list[_Span] = []
    cursor = span.start
    for piece in _splitter(min(target, size)).split_text(text[span.start : span.end]):
        start = text.index(piece, cursor, span.end)
        cursor = start + len(piece)
        pieces.append(_Span(start, cursor))
    return pieces


def _pack(text: str, units: Sequence[_Span], size: int) -> list[_Span]:
    """Join neighbouring units up to `size`; an announcement stays with what it announces."""
    packed: list[list[_Span]] = []
    for unit in units:
        if packed and _fits(text, packed[-1], unit, size):
            packed[-1].append(unit)
            continue
        held = []
        if packed and len(packed[-1]) > 1 and packed[-1][-1].leads_in:
            held = [packed[-1].pop()]
        packed.append([*held, unit])
    if len(packed) > 1:
        crumb = _length(text[packed[-1][0].start : packed[-1][-1].end]) < CRUMB * size
        joined = _length(text[packed[-2][0].start : packed[-1][-1].end])
        if crumb and joined <= STRETCH * size:
            packed[-2:] = [packed[-2] + packed[-1]]
    return [_Span(run[0].start, run[-1].end) for run in packed]


def _fits(text: str, run: Sequence[_Span], unit: _Span, size: int) -> bool:
    small = _length(text[run[0].start : run[-1].end]) < CRUMB * size
    alone = len(run) == 1 and run[0].leads_in
    limit = STRETCH * size if small or alone else size
    return _length(text[run[0].start : unit.end]) <= limit


def _length(text: str) -> int:
    """Return the length of `text` in full-width characters."""
    return math.ceil(display_width(text) / 2)


@functools.lru_cache(maxsize=64)
def _splitter(size: int) -> RecursiveCharacterTextSplitter:
    return RecursiveCharacterTextSplitter(
        separators=_SEPARATORS,
        is_separator_regex=True,
        keep_separator="end",
        chunk_size=size,
        chunk_overlap=0,
        length_function=_length,
    )
