"""Title, publisher and date of a report, from where it states them: cover, source lines, imprint.

Works on any text with blocks. A fact that is not stated is None; nothing is guessed from sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load import imprint, marks
from rag.schema import Block, BlockKind

FRONT = 3000
"""Characters from the start in which a report states its date."""
PROSE = 40
"""Characters from which a block is text, so that the cover has ended."""
MIN_SOURCES = 2
"""Source lines that must name a house before it is taken for the publisher."""

_ARTICLE_SOURCE = re.compile(
    r"[（(]?\s*(?:文章|稿件|原文|新闻)来源\s*[：:]\s*(?P<name>[^\s（）()，。：:]{2,20})\s*[）)]?"
)
_IMPRINT = re.compile(r"([\u4e00-\u9fff]{2,6}证券)(?:股份)?有限(?:责任)?公司")
_SEPARATORS = re.compile(r"\s*[，,、;；/]\s*|\s+(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text says of itself; None where it says nothing."""

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    """ISO date."""


def facts_of(text: str, blocks: Sequence[Block]) -> Facts:
    """Return the facts that `text`, with its `blocks`, states of itself."""
    return Facts(_title(text, blocks), _publisher(text, blocks), _published(text, blocks))


def _title(text: str, blocks: Sequence[Block]) -> str | None:
    """Return the heading on the cover: before any text, without a number, no section's name."""
    for block in blocks:
        content = text[block.start : block.end]
        if block.kind is BlockKind.HEADING:
            named = marks.is_known_section(content) or marks.is_boilerplate_title(content)
            return None if named or marks.numbering(content) is not None else content
        if block.kind in (BlockKind.TABLE, BlockKind.LIST_ITEM) or (
            block.kind is BlockKind.PARAGRAPH and len(content) >= PROSE
        ):
            return None
    return None


def _published(text: str, blocks: Sequence[Block]) -> str | None:
    kinds = (BlockKind.NOTE, BlockKind.PARAGRAPH, BlockKind.HEADING)
    for block in blocks:
        if block.start > FRONT:
            break
        content = text[block.start : block.end]
        stated = block.kind in kinds and imprint.is_dated(content)
        if stated and not marks.opening(content) and not re.search(r"[。，]|截[至止]", content):
            return imprint.iso_date(content)
    return None


def _publisher(text: str, blocks: Sequence[Block]) -> str | None:
    return (
        _article_source(text, blocks)
        or _cover_house(text, blocks)
        or _named_by_sources(text, blocks)
        or _named_by_imprint(text, blocks)
    )


def _article_source(text: str, blocks: Sequence[Block]) -> str | None:
    for block in blocks:
        content = text[block.start : block.end]
        found = _ARTICLE_SOURCE.fullmatch(content.strip())
        if found:
            return found["name"]
    return None


def _cover_house(text: str, blocks: Sequence[Block]) -> str | None:
    """Return the house that a line of the cover names."""
    for block in blocks:
        content = text[block.start : block.end]
        if block.kind is BlockKind.PARAGRAPH and len(content) >= PROSE:
            break
        if block.kind is BlockKind.NOTE and not marks.is_source(content):
            for part in imprint.parts(content):
                house = imprint.house_of(part)
                if house:
                    return house
    return None


def _named_by_sources(text: str, blocks: Sequence[Block]) -> str | None:
    """Return the house that at least half of the source lines under figures name."""
    sources = [text[b.start : b.end] for b in blocks if b.kind is BlockKind.NOTE]
    sources = [source for source in sources if marks.is_source(source)]
    counts: Counter[str] = Counter()
    for source in sources:
        tokens = _SEPARATORS.split(re.split(r"[：:]", source, maxsplit=1)[-1])
        counts.update({house for token in tokens if token and (house := imprint.house_of(token))})
    if not counts:
        return None
    house, count = counts.most_common(1)[0]
    return house if count >= max(MIN_SOURCES, len(sources) / 2) else None


def _named_by_imprint(text: str, blocks: Sequence[Block]) -> str | None:
    """Return the company that the disclaimers speak for."""
    counts: Counter[str] = Counter()
    for block in blocks:
        if block.kind is BlockKind.BOILERPLATE:
            counts.update(_IMPRINT.findall(text[block.start : block.end]))
    return counts.most_common(1)[0][0] if counts else None
