"""What is measured of what, in a question and at a figure -> whether they are different things.

"热卷出口" is not "钢材出口": the same measure with another noun before it. Knows words only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import measures, period, region
from rag.binding import Slot
from rag.question import Query, content_terms, words_of
from rag.schema import Passage
from rag.text import plain
from rag.units import Kind

_WHOLE = re.compile(
    r"[年月季期][末底初]|整体|总体|总计|合计|合并|综合|全部|全[年球国]|我国|中国|国内|海外|[一二两三四五六七八九十几数各多]+家|集团|公司|企业|归属于(?:母公司|上市公司|股东)*|归母|股东|应占|经?调整后?|扣非后?"
    r"|单?[季月年]度?|单[季月]|当[期季年月]|本[期季年月周]|首季|期内|报告期内?|累计|净|总|约|市场|行业|新[增签]|在手|预计|预测|平均|日均|月均|年均|主营业务|主营|营业|其中|[一总]共"
)
_LEADS = re.compile(
    r"实现|录得|取得|获得|完成|达到?|显示|表示|披露|公布|报告|产生|建议|假设|维持|创造|贡献|带动|推动|拉动|影响|导致|使得?|令|来自|[的为是在从对与和及占，,；;：:。、（(）)\s%0-9]|以来|其中"
)
_OF_THINGS = frozenset(
    f"#{name}"
    for name in "revenue,profit,gross profit,margin,net margin,operating profit,operating margin,volume,output,"
    "capacity,orders,exports,imports,cost,expense".split(",")
)
"""What a company has of each of its things."""
_NOUNS = re.compile(r"[\u4e00-\u9fff]{2,6}$")


_AVERAGED = re.compile(r"[年季月周]均|平均每[年季月周]|\b(?:monthly|yearly|annual|weekly) average")


def is_mean(slot: Slot, asked: str) -> bool:
    """Return whether a sum or a count is the mean of several months or years, and `asked` is after none."""
    summed = slot.figure.kind in (Kind.MONEY, Kind.COUNT)
    mean = summed and _AVERAGED.search(slot.setting.near)
    return bool(mean) and "均" not in asked and "average" not in asked.lower()


_OF_WHICH = re.compile(r"(?:\bof which|其中)(?:约|about|around|some|近|\s)*$", re.IGNORECASE)
_SO_FAR = re.compile(
    r"其中|已|\b(?:of which|already|so far|by (?:the end|now)|spent)\b", re.IGNORECASE
)


def of_which(asked: str, slot: Slot, passage: Passage) -> bool:
    """Return whether a figure is a part of the one before it, and `asked` after none: £55m, of which £23m."""
    before = passage.text[slot.sentence.start : slot.figure.start]
    return bool(_OF_WHICH.search(before)) and not _SO_FAR.search(asked)


_WORTH = re.compile(r"相当于.{2,30}(?:百分之|多少|几成)")
_SHARE = re.compile(
    r"相当于|占|比重|比例|[之的][一二三四五六七八九十]+分|share|equivalent|per ?cent of|% of"
)


def is_no_share(asked: str, slot: Slot, passage: Passage) -> bool:
    """Return whether `asked` is after what share one thing is of another, and a figure tells none."""
    said = passage.text[slot.sentence.start : slot.figure.end] + passage.head
    return (
        bool(_WORTH.search(asked)) and slot.figure.kind is Kind.PERCENT and not _SHARE.search(said)
    )


def excludes(asked: str, body: str, slot: Slot, passage: Passage) -> bool:
    """Return whether a figure is a part, of another place or name, or no share, where `asked` is after the other.

    Args:
        asked: The question.
        body: A drafted sentence, "" for none.
        slot: The figure.
        passage: Where it stands.
    """
    return (
        of_which(asked, slot, passage)
        or region.unnamed(asked, passage)
        or is_no_share(asked, slot, passage)
        or of_other_name(body or asked, slot)
    )


def of_other_name(said: str, slot: Slot) -> bool:
    """Return whether `said` names some of a list in full, the longest first, and not the one a figure is of.

    一级 stands in 核心一级, and names another ratio.
    """
    if slot.setting.cell or not slot.setting.name or len(slot.setting.names) < 2:
        return False
    rest, named = plain(said), set()
    names = {timeless(name): name for name in slot.setting.names}
    if not all(names):  # a list of times
        return False
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1 and name in rest:
            named.add(names[name])
            rest = rest.replace(name, " ")
    return bool(named) and slot.setting.name not in named


def timeless(name: str) -> str:
    """Return a name without the time that it opens with: 核心一级 of 6月末核心一级."""
    first = next((p for p in period.places(name) if not p.start), None)
    return name[first.end :].lstrip("末底初的") if first else name


def differs(query: Query, slot: Slot, passage: Passage, others: str, name: str) -> bool:
    """Return whether a measure of the question is said of another thing, or of none, at a figure.

    A noun that the report uses elsewhere and not here is not what the figure is of.

    Args:
        query: What is asked, in Chinese.
        slot: The figure.
        passage: Where it stands.
        others: The text of all passages.
        name: Whom the question is about, "" for no company.
    """
    if slot.setting.cell or slot.setting.name or slot.setting.listed:
        return False
    names = [name.asked for name in query.names] + [name]
    asked, told = (dict(modified(text, names)) for text in (query.text, slot.setting.near))
    before = plain(passage.text[: slot.sentence.end])
    said = " ".join((before, *passage.heading_path, passage.head))
    return any(
        _another(query, asked[m], told[m])
        if told[m]
        else asked[m] in others and asked[m] not in said
        for m in asked.keys() & told.keys()
        if asked[m]
    )


def _another(query: Query, asked: str, told: str) -> bool:
    """Return whether two nouns share nothing, nor what the glossary says for them."""
    if set(asked) & set(told) or told in query.text:
        return False
    return not words_of(query, told) & set(content_terms(asked))


def modified(text: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return every measure of a text with the noun that stands before it, "" where none does."""
    text = plain(text)
    ends = [p.end for p in period.places(text)]
    ends += [m.end() for name in names if name for m in re.finditer(re.escape(name), text)]
    found = []
    for name, at in measures.places(text):
        if name not in _OF_THINGS:
            continue
        last = max((e for e in ends if e <= at), default=0)
        before = _WHOLE.sub("", text[last:at]).rstrip().removesuffix("的")
        noun = _NOUNS.search(_LEADS.split(before)[-1])
        found.append((name, noun.group() if noun else ""))
    return found
