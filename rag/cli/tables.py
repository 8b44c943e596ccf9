"""A document -> the listing of its tables: number, page, title, unit, and how each was read."""

from __future__ import annotations

from collections.abc import Sequence

from rag import table
from rag.language import say
from rag.present import clean
from rag.schema import Block, BlockKind, Document


def listing(document: Document) -> str:
    """Return the tables of `document` in order, one below the other; a line that says none."""
    blocks = document.blocks
    found = [i for i, block in enumerate(blocks) if block.kind is BlockKind.TABLE]
    if not found:
        return say("no tables", "没有表格")
    return "\n\n".join(_entry(document, number, at) for number, at in enumerate(found, start=1))


def _entry(document: Document, number: int, at: int) -> str:
    block = document.blocks[at]
    read = table.parse(document.text[_named_from(document.blocks, at) : block.end])
    facts = [_pages(document, block), *(_facts(read) if read else ())]
    if read is None or not read.columns:
        facts.append(say("no header told apart, kept as printed", "未能识别表头，原样保留"))
    title = read.title if read and read.title else say("untitled", "无标题")
    head = f"{number}. {title}  [{'; '.join(fact for fact in facts if fact)}]"
    return clean(f"{head}\n{document.text[block.start : block.end]}")


def _named_from(blocks: Sequence[Block], at: int) -> int:
    """Return where the caption of the table ``blocks[at]`` begins, or the heading right above it."""
    first = at
    while first and blocks[first - 1].kind is BlockKind.CAPTION:
        first -= 1
    if first == at and at and blocks[at - 1].kind is BlockKind.HEADING:
        first -= 1
    return blocks[first].start


def _pages(document: Document, block: Block) -> str:
    first, last = document.page_at(block.start), document.page_at(block.end - 1)
    if first is None:
        return ""
    return f"p. {first}" if first == last else f"pp. {first}–{last}"


def _facts(read: table.Table) -> Sequence[str]:
    rows, columns = len(read.rows), len(read.columns)
    unit = say(f"unit {read.unit}", f"单位 {read.unit}") if read.unit else ""
    return unit, say(f"{rows} rows, {columns} columns", f"{rows} 行 {columns} 列")
