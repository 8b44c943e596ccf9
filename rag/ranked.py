"""A question after the second or third of a ranking + passages -> the name that its row of figures gives.

"涨幅第二的是哪家": small models tell the first. A sentence that ranks gives names and figures in one order
("甲、乙、丙涨幅居前，分别为16.7%、9.1%、7.7%"); the program counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import asking, pairs, subject, verify
from rag.pairs import Row
from rag.question import Query, words_of
from rag.schema import Draft, Passage
from rag.text import Span, plain, sentences
from rag.verify import Checked

_RANK = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{1,8}?)(?:排名|排行|排在|排|位居|位列|居|列)?第(?P<nth>[二三四五六七八九2-9])(?:名|位)?(?:[高大多快低小慢])?的?[是为]?(?:(?:的)?(?:公司|企业|股票|个股|平台|产品|品牌|地区|省份)?[是为]?)(?P<who>哪[一个家只支款种]?|谁|什么)"
)
_ORDERED = re.compile(
    r"居前|靠前|领先|领涨|领跌|前[一二三四五六七八九十0-9]|最[高大多快好]|排名|依次|位列"
)
_RANKS = frozenset("第二 第三 第四 第五 排名 第 二 三".split())
_FEWEST = 2


def answer(query: Query, passages: Sequence[Passage]) -> Checked | None:
    """Return the checked name and figure that stand at the asked rank, None where no row is one ranking."""
    asked = _RANK.search(query.text)
    if asked is None or query.language != "zh":
        return None
    nth = "一二三四五六七八九".find(asked["nth"]) + 1 or int(asked["nth"])
    measure = asking.MEASURE_AT_END.search(asked["what"])
    if measure is None:
        return None
    about = {
        t for t in subject.aspects(query, None) if t not in _RANKS and t not in measure.group()
    }
    for passage in passages:
        said = plain(passage.text)
        for row in pairs.rows(said):
            sentence = _sentence(said, row)
            if not _is_ranking(row, nth, sentence) or measure.group() not in sentence:
                continue
            if not about <= words_of(query, subject.words_around(passage)):
                continue
            name, figure = row.names[nth - 1], row.figures[nth - 1]
            text = f"{measure.group()}第{asked['nth']}的是{name}，为{figure.text}。"
            draft = Draft(query.original, tuple(passages), text, "", "")
            checked = verify.check(query, draft)
            if any(figure.text in s.text for s in checked.sentences):
                return checked
    return None


def _is_ranking(row: Row, nth: int, sentence: str) -> bool:
    """Return whether a row ranks: as many names as figures, falling, in a sentence that says so."""
    values = [abs(f.value) for f in row.figures]
    falls = all(a > b for a, b in zip(values, values[1:], strict=False))
    named = len(row.names) == len(row.figures) >= max(nth, _FEWEST)
    return named and falls and _ORDERED.search(sentence) is not None


def _sentence(text: str, row: Row) -> str:
    at = row.figures[0].start
    whole = Span(0, len(text))
    span = next((s for s in sentences(text) if s.start <= at < s.end), whole)
    return text[span.start : span.end]
