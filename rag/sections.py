"""Headings -> sections: which headings every stretch of a document stands under.

Knows nothing of formats, only of blocks and their levels.
"""

from __future__ import annotations

from rag.schema import Block, BlockKind, Document, Section


def build(document: Document) -> tuple[Section, ...]:
    """Return the sections of `document`, in order; they tile its text.

    A section begins at a heading. What follows a block of boilerplate that no heading announced,
    such as a printed table of contents, stands under no heading: it begins a new part.
    """
    if not document.text:
        return ()
    starts: list[int] = [0]
    paths: list[tuple[str, ...]] = [()]
    members: list[list[Block]] = [[]]
    trail: list[tuple[int, str]] = []
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            trail = [step for step in trail if step[0] < block.level]
            trail.append((block.level, _title(document, block)))
        elif _leaves_headings(block, members[-1]):
            trail = []
        else:
            members[-1].append(block)
            continue
        if members[-1]:
            starts.append(block.start)
            members.append([])
            paths.append(())
        paths[-1] = tuple(title for _, title in trail)
        members[-1].append(block)
    ends = [*starts[1:], len(document.text)]
    return tuple(
        Section(document.doc_id, path, start, end, tuple(blocks))
        for path, start, end, blocks in zip(paths, starts, ends, members, strict=True)
    )


def _title(document: Document, block: Block) -> str:
    return " ".join(document.text[block.start : block.end].split()).rstrip("：: ")


def _leaves_headings(block: Block, before: list[Block]) -> bool:
    """Return whether `block` is boilerplate amid the text, after the blocks of its section."""
    return (
        block.kind is BlockKind.BOILERPLATE
        and bool(before)
        and before[-1].kind not in (BlockKind.BOILERPLATE, BlockKind.HEADING)
    )
