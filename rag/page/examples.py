"""Questions that an index can answer, made from its own sentences without a model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.index import Index
from rag.language import language_of
from rag.schema import BlockKind, DocumentFacts, Fact, FactName

COUNT = 4
_LOOKED_AT = 12
"""Documents, the newest first."""
_PERIOD = r"20\d\d\s?年(?:第?[一二三四]季度|前三季度|上半年|下半年|全年|度)?"
_MEASURE = (
    r"(?:营业|营业总|总|服务|业务)?收入|归母净利润|净利润|毛利率|毛利|净利率|研发(?:投入|费用|支出)"
    r"|资本(?:开支|支出)|经营(?:利润|现金流)|出货量|销量|交付量|产能利用率|市占率|净息差|不良率"
)
_ZH = re.compile(
    rf"(?P<period>{_PERIOD})[^，。；\n\d]{{0,8}}?(?P<measure>{_MEASURE})[^，。；\n\d]{{0,6}}[-−]?\d"
)
_EN = re.compile(
    r"(?P<measure>(?:total |net )?revenues?|net income|net profit|gross margin|gross profit"
    r"|operating (?:profit|income)|capital expenditures?|GMV)\b[^.;\n\d]{0,30}?\d[^.;\n]{0,60}?"
    r"\b(?:in|for) (?P<period>(?:Q[1-4] |the \w+ quarter of |fiscal |full[- ]year )?20\d\d)",
    re.IGNORECASE,
)


def examples(index: Index, count: int = COUNT) -> tuple[str, ...]:
    """Return up to `count` questions whose answers stand in the index, one a document."""
    facts = index.facts()
    found: list[str] = []
    for document in index.documents()[:_LOOKED_AT]:
        question = next(_questions(index, document, facts.get(document.doc_id, ())), None)
        if question and question not in found:
            found.append(question)
        if len(found) == count:
            break
    return tuple(found)


def _questions(index: Index, document: DocumentFacts, facts: tuple[Fact, ...]) -> Iterator[str]:
    """Yield questions on a document about one company, whose subject needs no guessing."""
    companies = [f.value for f in facts if f.name is FactName.COMPANY]
    if len(companies) != 1:
        return
    for chunk in index.chunks_of(document.doc_id).values():
        if chunk.kind is BlockKind.PARAGRAPH:
            yield from _asked(chunk.text, companies[0])


def _asked(text: str, company: str) -> Iterator[str]:
    if language_of(text) == "zh":
        for match in _ZH.finditer(text):
            period = match["period"].replace(" ", "")
            yield f"{company}{period}的{match['measure']}是多少？"
    else:
        for match in _EN.finditer(text):
            yield f"What was {company}'s {match['measure'].lower()} in {match['period']}?"
