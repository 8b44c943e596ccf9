"""A question after which ones rose or fell + a checked answer -> without those of which the reports say the opposite."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.question import Query
from rag.schema import Passage
from rag.text import plain
from rag.verify import Checked, CheckedSentence

_WHICH = re.compile(r"哪|谁|有什么|\b(?:which|who|name|list)\b", re.IGNORECASE)
_UP = re.compile(
    r"上涨|增长|上升|上调|走高|回升|提价|涨价|跑赢|领涨|[涨升]|\b(?:rose|rise|risen|gain\w*|grew|increas\w+|up|outperform\w*)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"下跌|下降|下滑|下调|走低|回落|降价|跌价|跑输|领跌|[跌降]|\b(?:fell|fall\w*|declin\w+|decreas\w+|drop\w*|down|underperform\w*|lost)\b",
    re.IGNORECASE,
)
_NAMES = re.compile(r"[、，,。；;：:和与及]|为|是|有|\band\b")
_SEGMENT = re.compile(
    r"[；;。\n]|(?<=[\u4e00-\u9fff])，(?=[^，]{0,8}(?:的|地区|品种|行业)?(?:是|为|有|主要))"
)


def answered(query: Query, passages: Sequence[Passage], checked: Checked) -> Checked:
    """Return `checked` without sentences that name for 下跌 what a report lists under 上涨, or the other way."""
    wanted = _way(query.text)
    if not wanted or not _WHICH.search(query.text):
        return checked
    texts = {p.label: plain(p.text) for p in passages}
    wrong = [s for s in checked.sentences if _opposed(query, s, texts, wanted)]
    reasons = tuple(f"{s.text} (the reports say the opposite of these)" for s in wrong)
    kept = tuple(s for s in checked.sentences if s not in wrong)
    return Checked(kept, (*checked.dropped, *reasons)) if wrong else checked


def _way(text: str) -> int:
    """Return +1 where a text speaks of a rise alone, -1 of a fall alone, else 0."""
    return bool(_UP.search(text)) - bool(_DOWN.search(text))


def _opposed(query: Query, sentence: CheckedSentence, texts: dict[int, str], wanted: int) -> bool:
    """Return whether what a sentence names stands only where its source speaks of the other direction."""
    names = [n.strip() for n in _NAMES.split(plain(sentence.text))]
    names = [n for n in names if len(n) > 1 and n not in query.text and not _way(n)]
    ways = {
        _way(segment)
        for e in sentence.evidence
        for segment in _SEGMENT.split(texts[e.label][e.span.start : e.span.end])
        if any(name in segment for name in names)
    }
    return -wanted in ways and wanted not in ways and 0 not in ways
