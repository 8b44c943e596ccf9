"""The house that published a report: front matter, cover, file name, imprint, source lines.

Research firms and news desks (某某研究, 某某财经, 某某量化) are told from fields of research
(行业研究, 量化) only by their place, so their names count on the cover and in the file name alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from rag.load import imprint, marks
from rag.load.filename import facts_of_name
from rag.load.report.choice import (
    BESIDE,
    FILE_NAME,
    FRONT_MATTER,
    HINT,
    LABELLED,
    METADATA,
    PLACED,
    STRONG,
    Candidate,
)
from rag.load.report.front import Front, Line, Place
from rag.schema import BlockKind

_KEYS = ("publisher", "机构", "source", "来源")
_AUTHORS = ("author", "authors", "作者")
_LABELLED = re.compile(
    r"^(?:(?:研究|发布|出版|撰写)?(?:机构|出品)|(?:研究|发布|出版|撰写|编制)单位)\s*[：:]\s*(?P<name>[^\s，。：:|｜]{2,30}|[A-Z][\w&. ]{2,40})$"
)
_ARTICLE = re.compile(
    r"^[（(]?\s*(?P<of>文章|稿件|原文|新闻)?来源\s*[：:]\s*(?P<name>[^\s（）()，。：:、；;]{2,20})\s*[）)]?$"
)
_DATELINE = re.compile(
    r"^[（(【]?(?P<name>[\u4e00-\u9fff]{2,8}?)\s*(?:\d{1,2}月)?\d{1,2}日(?:讯|电|消息|报道)"
)
_IMPRINT = re.compile(r"([\u4e00-\u9fff]{2,6}证券)(?:股份)?有限(?:责任)?公司")
_MADE_BY = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,10}?|[A-Z][\w&. ]{2,40}?)\s*(?:整理|测算|预测|绘制|估算|estimates?)[。.]?$"
)
_SEPARATORS = re.compile(r"\s*[，,、;；/。]\s*|\s+(?=[\u4e00-\u9fff])")
_PARTS = re.compile(r"\s*[|｜·•\u3000]\s*|\s{2,}|\s*[，,；;]\s+")
_COVERS = (Place.COVER, Place.SIDE)
MAX_SOURCE_LINE = 40
"""Characters of a line that names where an article comes from."""
MIN_SOURCES = 2
"""Source lines that must name a house before it counts."""


def candidates(front: Front, stem: str) -> Iterator[Candidate]:
    """Yield the houses that front matter, page, metadata and file name name."""
    found = [*_stated(front), *_labelled(front), *_on_cover(front)]
    found += [*_in_sources(front), *_in_imprint(front)]
    yield from found
    read = front.parsed.publisher and imprint.short_house(front.parsed.publisher)
    known = {candidate.value for candidate in found}
    if read and read not in known and not imprint.is_generic(read):
        yield Candidate(read, METADATA, BESIDE)
    named = facts_of_name(stem).publisher
    if named:
        yield Candidate(named, FILE_NAME, PLACED)


def _stated(front: Front) -> Iterator[Candidate]:
    for key in _KEYS:
        for value in front.stated.get(key, ())[:1]:
            if 2 <= len(value) <= 40 and not re.search(r"//|@|www\.", value):
                yield Candidate(imprint.short_house(value), FRONT_MATTER, STRONG)
    for key in _AUTHORS:
        for value in front.stated.get(key, ()):
            if name := imprint.house(value):
                yield Candidate(name, FRONT_MATTER, PLACED)


def _labelled(front: Front) -> Iterator[Candidate]:
    """Yield what stands behind 机构： and 文章来源：, the latter at the end of an article too."""
    for line in front.lines:
        found = _LABELLED.match(line.text) if line.place is not Place.TEXT else None
        found = found or _DATELINE.match(line.text)
        if found and (found.re is _LABELLED or imprint.small_house(found["name"])):
            yield _at(front, line.start, found, LABELLED)
    for block in front.parsed.blocks:
        content = front.parsed.text[block.start : block.end]
        found = _ARTICLE.match(content) if len(content) <= MAX_SOURCE_LINE else None
        if found and (found["of"] or imprint.house(found["name"])):
            yield replace(_at(front, block.start, found, STRONG), source=front.where(block.start))


def _on_cover(front: Front) -> Iterator[Candidate]:
    for line in front.at(*_COVERS):
        if marks.is_source(line.text):
            continue
        weight = PLACED if line.place is Place.COVER else BESIDE
        for start, part in _parts(line):
            name = imprint.house(part)
            if name:
                at = line.start + start
                yield Candidate(name, front.source, weight, at, at + len(part))


def _parts(line: Line) -> Iterator[tuple[int, str]]:
    """Yield what stands between bars, spaces and the date of a line, with its place in it."""
    dated = imprint.dated(line.text)
    text = line.text
    if dated:  # blanked, so that what stands beside keeps its place
        text = text[: dated.start()] + "|" * len(dated.group()) + text[dated.end() :]
    at = 0
    for part in [*_PARTS.split(text)]:
        at = text.index(part, at)
        stripped = part.strip(" |,，")
        if stripped:
            yield text.index(stripped, at), stripped
        at += len(part)


def _in_sources(front: Front) -> Iterator[Candidate]:
    """Yield the house that at least half of the source lines under figures name."""
    text = front.parsed.text
    notes = [text[b.start : b.end] for b in front.parsed.blocks if b.kind is BlockKind.NOTE]
    sources = [note for note in notes if marks.is_source(note)]
    counts: Counter[str] = Counter()
    for source in sources:
        tokens = _SEPARATORS.split(re.split(r"[：:]", source, maxsplit=1)[-1])
        made = [imprint.house(found["name"]) for t in tokens if (found := _MADE_BY.match(t))]
        named = {*made, *(imprint.house_of(token) for token in tokens if token)}
        counts.update(house for house in named if house)
    for house, count in counts.most_common(1):
        if count >= max(MIN_SOURCES, len(sources) / 2):
            yield Candidate(house, "source lines", BESIDE)
        else:
            yield Candidate(house, "source lines", HINT / 2)


def _in_imprint(front: Front) -> Iterator[Candidate]:
    """Yield the company that the disclaimers speak for."""
    text, counts = front.parsed.text, Counter[str]()
    for block in front.parsed.blocks:
        if block.kind is BlockKind.BOILERPLATE:
            counts.update(_IMPRINT.findall(text[block.start : block.end]))
    for house, _ in counts.most_common(1):
        yield Candidate(house, "imprint", BESIDE)


def _at(front: Front, start: int, found: re.Match[str], weight: float) -> Candidate:
    begin, end = start + found.start("name"), start + found.end("name")
    name = imprint.short_house(found["name"].strip())
    return Candidate(name, front.source, weight, begin, end)
