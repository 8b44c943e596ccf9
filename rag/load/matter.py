"""Front and back matter of a report: title block, disclaimers; and the levels of its headings.

Works on drafts of blocks, before they have a place in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.load import imprint, marks
from rag.load.drafts import Draft
from rag.load.headings import Heading, levels
from rag.schema import BlockKind

MAX_COVER = 25
"""Blocks that a title block has at most."""
PROSE = 40
"""Full-width characters from which a block is text, not an item of the title block."""
BACK = 0.35
"""Share of the text after which a disclaimer's heading opens the back matter."""

_COVER = (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.SIDEBAR)
# Words that name a kind of report, never its subject.
_GENERIC = re.compile(
    r"(?:证券|公司|行业|策略|宏观|金融工程|金工|固定收益|固收|债券|数量化投资|量化|海外|港股|[AＡ]股|美股|研究|深度|专题|"
    r"点评|动态|跟踪|评论|简评|周报|月报|日报|季报|年报|报告|首次覆盖|系列|市场|产业|投资|"
    r"Equity|Company|Industry|Sector|Research|Report|Strategy|Macro|Update|Note|[\s|｜/／—·•&-])+",
    re.IGNORECASE,
)
_RATING = re.compile(
    r"(?:投资)?评级\s*[：:]?.{0,20}|目标价.{0,20}|(?:当前|最新)?(?:股价|收盘价).{0,20}|"
    r"(?:强烈)?(?:买入|增持|推荐|优于大市|中性|减持|卖出|看好)\s*(?:[（(].{1,8}[）)])?"
)
_TRADE = re.compile(
    r"(?:农林牧渔|基础化工|钢铁|有色金属|电子|汽车|家用电器|食品饮料|纺织服饰|轻工制造|医药生物|公用事业|交通运输|房地产|商贸零售|社会服务"
    r"|银行|非银金融|综合|建筑材料|建筑装饰|电力设备|机械设备|国防军工|计算机|传媒|通信|煤炭|石油石化|环保|美容护理)"
    r"(?:\s*[|｜/·-]\s*[\u4e00-\u9fffⅡⅢ]{2,8})*"
)
"""A trade by its name in the Shenwan classification of 2021, with its branches: 机械设备 | 通用设备."""
_NO_TITLE = re.compile(r"[：:，；]$|^——|@")
_LEGAL = re.compile(
    r"本报告(?:的?版权|由|仅供|所载|中的信息|的信息|所采用)|不构成\S{0,12}投资建议|力求\S{0,4}(?:独立|客观|准确|公正)|"
    r"仅供\S{0,6}客户|不承担任何|未经\S{0,6}(?:许可|授权)|投资咨询业务资格|investment advice|no liability"
)


def mark(drafts: Sequence[Draft]) -> list[Draft]:
    """Return `drafts` with title block, statements and back matter marked and levels set."""
    back = _back_start(drafts)
    marked = _mark_statements(_mark_cover(drafts[:back])) + _mark_back(drafts[back:])
    at = [i for i, draft in enumerate(marked) if draft.kind is BlockKind.HEADING]
    found = []
    for i in at:
        heading = marked[i].heading
        assert heading is not None
        found.append((heading, not heading.known and _heads(marked[i + 1 : i + 2])))
    for i, level in zip(at, levels(found), strict=True):
        marked[i] = replace(marked[i], level=level)
    return marked


def _heads(following: Sequence[Draft]) -> bool:
    """Return whether the next draft is a heading below this one."""
    return any(d.heading is not None and not d.heading.known for d in following)


def _mark_cover(drafts: Sequence[Draft]) -> list[Draft]:
    """Make the title a heading and the other short lines before the first text notes.

    Lines that only name a kind of report tell nothing of its subject: they go with the side bar.
    """
    end = next((i for i, draft in enumerate(drafts) if not _on_cover(draft)), len(drafts))
    if end == len(drafts) or end > MAX_COVER:
        return list(drafts)
    items = [i for i in range(end) if drafts[i].kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)]
    titles = [i for i in items if _may_be_title(drafts[i].first)]
    title = titles[0] if titles else None
    marked = list(drafts)
    for i in items:
        if i == title:
            seen = drafts[i].heading
            fill = seen.fill if seen else 1.0
            heading = Heading(len(drafts[i].lines), None, fill, known=True)
            marked[i] = replace(drafts[i], kind=BlockKind.HEADING, heading=heading)
        elif drafts[i].heading is None or i not in titles:
            kind = BlockKind.SIDEBAR if _GENERIC.fullmatch(drafts[i].first) else BlockKind.NOTE
            marked[i] = replace(drafts[i], kind=kind, heading=None)
    return marked


def _on_cover(draft: Draft) -> bool:
    if draft.page > 0 or draft.kind not in _COVER:
        return False
    if draft.kind is BlockKind.SIDEBAR:
        return True
    if draft.heading and (draft.heading.rank is not None or draft.heading.known):
        return False
    size = sum(line.width for line in draft.lines) / 2
    return size < PROSE and not (size > PROSE / 2 and marks.ends_sentence(draft.lines[-1].text))


def _may_be_title(text: str) -> bool:
    if (
        _TRADE.fullmatch(text)
        or imprint.is_dated(text)
        or any(_is_generic(part) for part in imprint.parts(text))
    ):
        return False
    return len(text) >= 4 and not marks.ends_sentence(text) and not _NO_TITLE.search(text)


def _is_generic(text: str) -> bool:
    """Return whether `text` names only a kind of report, a rating or a house, not a subject."""
    named = _GENERIC.fullmatch(text) or _RATING.fullmatch(text)
    return bool(named) or imprint.house_of(text) is not None


def _back_start(drafts: Sequence[Draft]) -> int:
    """Return the index of the draft that opens the back matter, or the number of drafts."""
    total = sum(draft.length for draft in drafts)
    seen = 0
    numbered = [i for i, d in enumerate(drafts) if d.heading and d.heading.rank is not None]
    for i, draft in enumerate(drafts):
        titled = marks.is_boilerplate_title(draft.first) and len(draft.lines) == 1
        legal = draft.kind is BlockKind.PARAGRAPH and len(_LEGAL.findall(_joined(draft))) >= 2
        if seen >= BACK * total and (titled or legal) and not (numbered and numbered[-1] > i):
            return i
        seen += draft.length
    return len(drafts)


def _mark_statements(drafts: Sequence[Draft]) -> list[Draft]:
    """Mark a statement that stands amid the text: its heading and the paragraph below."""
    marked = list(drafts)
    for i, draft in enumerate(drafts):
        if draft.kind is not BlockKind.HEADING or not marks.is_boilerplate_title(draft.first):
            continue
        span = 2 if drafts[i + 1 : i + 2] and drafts[i + 1].kind is BlockKind.PARAGRAPH else 1
        for at in range(i, i + span):
            marked[at] = replace(drafts[at], kind=BlockKind.BOILERPLATE, heading=None)
    return marked


def _mark_back(drafts: Sequence[Draft]) -> list[Draft]:
    """Mark all of the back matter; the titles of its parts stay headings."""
    marked = []
    for draft in drafts:
        if marks.is_boilerplate_title(draft.first) and len(draft.lines) == 1 and not draft.rows:
            heading = Heading(1, None, 1.0, known=True)
            marked.append(replace(draft, kind=BlockKind.HEADING, heading=heading))
        else:
            marked.append(replace(draft, kind=BlockKind.BOILERPLATE, heading=None))
    return marked


def _joined(draft: Draft) -> str:
    return "".join(line.text for line in draft.lines)
