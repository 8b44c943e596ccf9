"""A question after who made a report -> the parts of that report that say so, and the answer.

Names and addresses of analysts stand in the margin of the first page or among the disclosures, which
no search returns: they would crowd out what reports are about. Who they are was read when the report
was loaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag import excerpt
from rag.naming import HOUSE
from rag.question import Query, content_terms
from rag.schema import Chunk, DocumentFacts, Fact, FactName, Hit, Passage
from rag.text import Span, fold, sentences
from rag.verify import Checked, CheckedSentence, Evidence

MOST = 2
"""Parts that are shown at most."""
_MAKER = r"(?:分析师|研究员|作者|撰写人|执笔人?|联系人|研究助理|署名)"
_WHO = re.compile(
    rf"{_MAKER}.{{0,6}}(?:谁|哪位|哪几位|哪些|叫|名字|姓名)|(?:谁|哪位|哪几位|哪些(?:人|分析师)).{{0,6}}(?:写|撰写|执笔|署名|作者)"
    r"|\bwho (?:wrote|authored|is the (?:author|analyst)|are the (?:authors|analysts))\b"
    r"|\bwh(?:o|ich) .{0,20}\b(?:analysts?|authors?) (?:of|behind|on|wrote)\b",
    re.IGNORECASE,
)
_HOW = re.compile(
    rf"{_MAKER}.{{0,6}}(?:电话|邮箱|编号)|\b(?:analysts?|authors?)'?s? (?:e-?mail|phone|name)",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"分析师|研究员|研究助理|联系人|作者|执业证|证书编号|\banalysts?\b|\bauthors?\b", re.IGNORECASE
)
_PLEDGE = re.compile(r"声明|承诺|免责|保证")
"""What opens the disclosures, which speak of analysts and name none."""
_OPENING = 30
_HOUSE = re.compile(rf"{HOUSE}$")
_BEST = 4
_ENOUGH = 0.5
"""Share of a title's words in the question that tells which report is meant."""


class Documents(Protocol):
    """What is needed of an index."""

    def chunks_of(self, doc_id: str) -> Mapping[int, Chunk]:
        """Return all chunks of a document in its order, those never retrieved included."""
        ...

    def facts(self) -> Mapping[str, tuple[Fact, ...]]:
        """Return what each document states of itself, by its id."""
        ...


@dataclass(frozen=True, slots=True)
class Byline:
    """Who signed the report that is asked about."""

    passages: tuple[Passage, ...]
    checked: Checked


def asks(query: Query) -> bool:
    """Return whether a question asks who made a report, or how to reach them."""
    return bool(_WHO.search(query.text) or _HOW.search(query.text))


def meant(query: Query, documents: Sequence[DocumentFacts]) -> DocumentFacts | None:
    """Return the report that a question means; None where it is open.

    By publisher or title, else the one that the best hits are all of.

    Args:
        query: What is asked.
        documents: Those of the hits, one a hit, best first.
    """
    for document in documents:
        house = _HOUSE.sub("", document.publisher or "")
        words = set(content_terms(fold(document.title)))
        share = len(words & set(query.terms)) / len(words) if words else 0.0
        if (len(house) > 1 and house in query.text) or share >= _ENOUGH:
            return document
    best = {document.doc_id for document in documents[:_BEST]}
    return documents[0] if len(best) == 1 and len(documents) >= _BEST else None


def signed(index: Documents, document: DocumentFacts) -> DocumentFacts:
    """Return the document with its analysts, as it states them."""
    facts = index.facts().get(document.doc_id, ())
    return replace(document, analysts=tuple(f.value for f in facts if f.name is FactName.ANALYST))


def parts(index: Documents, doc_id: str) -> dict[int, Chunk]:
    """Return the chunks of a document that name its makers, first pages first, `MOST` at most."""
    found = {
        row: chunk
        for row, chunk in index.chunks_of(doc_id).items()
        if _SAID.search(chunk.text) and not _PLEDGE.search(chunk.text[:_OPENING])
    }
    first = sorted(found, key=lambda row: (found[row].page or 0, row))
    return {row: found[row] for row in first[:MOST]}


def answer(query: Query, hits: Sequence[Hit]) -> Byline | None:
    """Return who signed the report, None where the question is after more or nobody is known."""
    hit = next((h for h in hits if h.document.analysts), None)
    if hit is None or not _WHO.search(query.text):
        return None
    passage = excerpt.of(hit)
    names = [name for name in hit.document.analysts if name in passage.text]
    if not names:
        return None
    spans = [
        s for s in sentences(passage.text) if any(n in passage.text[s.start : s.end] for n in names)
    ]
    evidence = Evidence(1, Span(spans[0].start, spans[-1].end))
    sentence = CheckedSentence(_worded(query, hit.document, names), (evidence,), ())
    return Byline((passage,), Checked((sentence,), ()))


def _worded(query: Query, document: DocumentFacts, names: Sequence[str]) -> str:
    if query.language == "zh":
        return f"《{document.title}》的署名分析师是{'、'.join(names)}。"
    return f"{document.title} is signed by {', '.join(names)}."
