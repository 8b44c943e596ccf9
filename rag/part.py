"""A figure + the question it may answer -> whether it is of a part or of more than is asked for.

"甲公司的收入" is not "甲公司增值服务收入", nor the "整体收入" of a sentence that goes on about that line of
business. Knows words and sections, nothing of scores or checks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import aliases, house, measures, modifier, period, region, subject
from rag.binding import Slot
from rag.question import Query, content_terms, words_of
from rag.schema import Passage
from rag.subject import Subject
from rag.text import fold, plain, sentences, simplify

_LINE = "(?:业务|板块|分部|事业部|部门)"
"""What follows the name of a line of business in a question, and below in a report."""
_UNIT = r" (?:business|segment|unit|division|arm)\b"
_ONE_LINE = re.compile(
    r"([A-Za-z\u4e00-\u9fff（()）]{2,24}?)(?:业务|板块|分部)(?!的?(?:发展|结构|线))"
)
_ALL = re.compile(r"全国|我国|全行业|全市场|\bnationwide\b|\bnational\b", re.IGNORECASE)
_EVERYBODY = re.compile(
    r"[两二三四五六七八九十0-9]+家[\u4e00-\u9fff]{0,4}?(?:合计|总计|共计)|全网|全行业|全市场|全平台|行业整体|行业合计|各平台合计"
)
_SINGLE = re.compile(r"单[季月]|当[季月]")
_SUMMED = re.compile(r"累计|已经?(?:超过|突破)|迄今|至今|上市以来")
_FLOWS = frozenset(
    f"#{name}"
    for name in "revenue,profit,loss,margin,cost,expense,gross profit,operating profit,net margin,"
    "operating margin".split(",")
)
"""What a company has as a whole and each line of its business too."""
_WHOLE = re.compile(
    r"(?:上市|开业|成立|历史)?以来|首[度次]|整体|总体|总计|合计|合并|综合|全部|全年|[上下]?半年度?|单?[季月年]度|单[季月]|当[期季年月]|本[期季年月]|首季|期内|报告期内?|前[一二三]季度?|第?[一二三四]季度?|经营|累计|[一二两三四五六七八九十几数各多]+家|集团|公司|企业|上市|控股|股份|有限|责任|主营业务|主营|营业"
    r"|归属于(?:母公司|上市公司|股东)*|归母|股东|应占|经?调整后?|扣非后?|净|总|报表|口径|实际|约|其(?!他)"
    r"|非?(?:美国)?(?:国际|公认)\w*准则|(?:[Nn]on-?)?(?:GAAP|IFRS)"
)
"""What stands before a measure of the whole."""
_ADJECTIVES = re.compile(rf"(?:{_WHOLE.pattern}|同比|环比)*$")
_LEADS = re.compile(
    r"实现|录得|取得|获得|完成|达到?|显示|表示|披露|公布|报告|产生|创造|贡献|带动|推动|拉动|影响|导致|使得?|令|来自|[的为是在从对，,；;：:。、（(）)\s]"
)
"""What a noun phrase begins after."""
_OPENS = re.compile(r"[^，,。；;]{2,40}(?:方面|来看|板块|分部)[，,]")
"""How a sentence opens that names the line of business which the next ones are about as well."""
_ADJUSTED = frozenset("经 调整 归母 扣非 合并 整体 non ifrs gaap".split())
"""What says how a measure of the whole is reckoned."""
_COMPARED = frozenset("同比 环比 同期 相比".split())
_BRACKETED = re.compile(r"[（(][^（()）]*[)）]")
_EARNED = re.compile("ebitd?a", re.IGNORECASE)
_GROUP = re.compile(r"[^，,。；;]*(?:集团|公司)[在于的]?")
_MEMBER = re.compile(r"([^，,。；;]*(?:业务|板块|分部|事业部|集团|公司))[在于的]?$")
_TOPIC = re.compile(r"([^，,]*(?:业务|板块|分部|事业部|集团))(?:方面|中|上)?[，,][^，,]*$")
"""What a clause that opens after a comma is about."""
_FLOW_WORD = re.compile(r"收入|营收|营业额|毛利|净?利润|亏损|成本|费用|净利|EBITD?A")


def unasked(
    query: Query, about: Subject | None, aspects: Sequence[str], slot: Slot, passage: Passage
) -> bool:
    """Return whether a figure is of a part, of more, or of another's view than is asked for.

    Args:
        query: What is asked.
        about: Whom it is about.
        aspects: The words of the question beside the time and the company.
        slot: The figure.
        passage: Where it stands.
    """
    return (
        _in_place_of_whole(query, about, aspects, slot, passage)
        or of_something_else(query, slot, passage)
        or _of_another_line(query, aspects, slot, passage)
        or _of_all_for_a_firm(query, about, slot, passage)
        or _summed(query, slot)
        or house.is_anothers(query, about, slot, passage)
    )


def _in_place_of_whole(
    query: Query, about: Subject | None, aspects: Sequence[str], slot: Slot, passage: Passage
) -> bool:
    """Return whether the whole company's figure is asked for and this is one of its parts."""
    if about is None or not subject.is_firm(query, about) or not _only_flows(aspects):
        return False
    if slot.setting.cell:
        return False
    clause = _clause(plain(passage.text), slot)
    named = bool(about.forms.search(fold(clause)))
    return bool(_qualifier(about, clause)) or (not named and _goes_on(about, slot, passage))


def _of_another_line(query: Query, aspects: Sequence[str], slot: Slot, passage: Passage) -> bool:
    """Return whether a part is asked for, and a figure is of a line of business that is not that part.

    "IoT业务方面，毛利率同比增长2.9%" says nothing of the margin of phones.
    """
    own = {t for t in aspects if not measures.named(t) and t not in _COMPARED}
    if not own or slot.setting.cell:
        return False
    start = _topic_start(passage.text, slot)
    found = _ONE_LINE.search(passage.text, start, slot.figure.start)
    if found is None or not content_terms(found[1]):
        return False
    said = passage.text[start : slot.sentence.end]
    return not own & words_of(query, " ".join((said, *subject.headings_below_title(passage))))


def _topic_start(text: str, slot: Slot) -> int:
    """Return where the last sentence up to a figure's starts that opens by saying what it is about."""
    starts = [s.start for s in sentences(text) if s.start <= slot.sentence.start]
    return next((at for at in reversed(starts) if _OPENS.match(text, at)), slot.sentence.start)


def of_a_firm_for_all(query: Query, slot: Slot, passage: Passage) -> bool:
    """Return whether the whole country or trade is asked for, and a figure is of one company."""
    if query.names or not _ALL.search(query.text):
        return False
    if aliases.expand(simplify(passage.text[slot.sentence.start : slot.figure.start])):
        return True
    over = " ".join((passage.document.title, *passage.heading_path))
    own = passage.text[slot.sentence.start : slot.sentence.end]
    return bool(aliases.expand(simplify(over))) and not _ALL.search(own)


def _of_all_for_a_firm(query: Query, about: Subject | None, slot: Slot, passage: Passage) -> bool:
    """Return whether one company is asked for, and a figure is of all: 全网GMV为966亿元."""
    if about is None or slot.setting.cell or _EVERYBODY.search(query.text):
        return False
    before = passage.text[slot.sentence.start : slot.figure.start]
    own = re.split("[；;]", before)[-1]
    return bool(_EVERYBODY.search(own)) and not subject.names(about, own)


def of_something_else(query: Query, slot: Slot, passage: Passage, body: str = "") -> bool:
    """Return whether a figure is said of one company for all, or of a namesake of what is asked for.

    Args:
        query: What is asked.
        slot: The figure.
        passage: Where it stands.
        body: A drafted sentence: what it speaks of itself is nothing else.
    """
    if of_a_firm_for_all(query, slot, passage) or _of_a_namesake(query, slot, passage, body):
        return True
    if _of_another_phase(query, slot, passage) or modifier.is_mean(slot, query.text + body):
        return True
    if _of_another_size(query, slot, passage) or region.of_one(query.text, slot, passage):
        return True
    if region.opposite(query.text, slot) or modifier.excludes(query.text, body, slot, passage):
        return True
    left_out = measures.named(query.text) & {"#neutral"}
    return region.elsewhere(left_out, slot, passage) or _before_adjusting(query, slot, passage)


_PHASE = re.compile(
    r"(?<!第)[一二三四五六](?:期(?![货间末初权])|线(?!上|下|索|性))|(?<![A-Z])[ABH]股"
)
_COMPARED_WITH = re.compile(r"(?:较|比|相当于)[^，。；]{0,6}$")


def _of_another_phase(query: Query, slot: Slot, passage: Passage) -> bool:
    """Return whether 一期 is asked for, and the one named nearest before a figure is 二期, or 三线 for 一线."""
    asked = set(_PHASE.findall(query.text))
    if not asked or slot.setting.cell:
        return False
    before = passage.text[slot.sentence.start : slot.figure.start]
    named = [m for m in _PHASE.finditer(before) if not _COMPARED_WITH.search(before[: m.start()])]
    like = [m.group() for m in named if m.group()[-1] in {a[-1] for a in asked}]
    return bool(like) and like[-1] not in asked


def _of_a_namesake(query: Query, slot: Slot, passage: Passage, body: str) -> bool:
    """Return whether 精选组合 is asked for, and before a figure its sentence speaks of 搭配组合 alone.

    What it compares with the other stands after it.
    """
    if slot.setting.cell:
        return False
    before = plain(passage.text[slot.sentence.start : slot.figure.start])
    allowed = f"{query.text} {body}"
    asked = [m for m in _KIND.finditer(query.text) if not _NO_NAME.fullmatch(m["own"])]
    for kind in {m["kind"] for m in asked}:
        said = (m["own"] for m in _KIND.finditer(before) if m["kind"] == kind)
        named = [own for own in said if not _NO_NAME.fullmatch(own) and own not in allowed]
        if named and not any(m["own"] in before for m in asked if m["kind"] == kind):
            return True
    return False


def _of_another_size(query: Query, slot: Slot, passage: Passage) -> bool:
    """Return whether a product is asked for by its size, 1.6T, and a figure is of one of another size, or of none."""
    asked = set(_SIZE.findall(query.text))
    if not asked or slot.setting.cell:
        return False
    before = _SIZE.findall(passage.text[slot.sentence.start : slot.figure.start])
    earlier = [s for s in sentences(passage.text) if s.end <= slot.sentence.start][-1:]
    led = (
        ""
        if _BESIDES.match(passage.text, slot.sentence.start)
        else "".join(passage.text[s.start : s.end] for s in earlier)
    )
    over = " ".join((*passage.heading_path, passage.head, led))
    told = before[-1] in asked if before else any(size in over for size in asked)
    return not told or _SIZE.fullmatch(slot.figure.text) is not None


_BESIDES = re.compile(r"另外|此外|除此之外|还有|Besides|In addition")
_SIZE = re.compile(r"(?<![0-9A-Za-z.])[0-9]+(?:\.[0-9]+)?[GTB](?![A-Za-z0-9])")


def _before_adjusting(query: Query, slot: Slot, passage: Passage) -> bool:
    """Return whether 扣非净利润 is asked for, and nothing at a figure says that it is adjusted."""
    asked = _ADJUSTMENT.search(query.text)
    if asked is None:
        return False
    own = slot.setting
    text = plain(passage.text[slot.sentence.start : slot.sentence.end])
    said = " ".join(
        (
            *passage.heading_path,
            passage.head,
            text,
            own.near,
            own.name,
            (own.cell and own.clause) or "",
        )
    )
    return _ADJUSTMENT.search(said) is None


_ADJUSTMENT = re.compile(
    r"扣非|扣除非经常|经调整|调整后|[Nn]on-?GAAP|\b[Aa]djusted|正常化|[Nn]ormali[sz]ed|[Uu]nderlying|[Cc]ore (?:net )?(?:profit|earnings)|基本溢利|核心(?:净?利润|溢利)|基础溢利"
)
_KIND = re.compile(
    r"(?P<own>[\u4e00-\u9fff]{2}|[A-Za-z0-9]{2,})(?P<kind>组合|指数|基金|策略|因子)(?![收效])"
)
_NO_NAME = re.compile(
    r"[一两二三四五六七八九十几多各单每这那][个类种大只]|以来|我们|上述|投资|策略|所有|全部|年来|多头|空头|因子|其他|其余"
    r"|模拟|构建|持有|相对|大类|.多|月度"
)
"""What stands before such a word and names none."""


def _summed(query: Query, slot: Slot) -> bool:
    """Return whether one quarter or month alone is asked for, and a figure is a sum up to a time."""
    own = f"{slot.setting.clause} {slot.setting.near}"
    return bool(_SINGLE.search(query.text) and _SUMMED.search(own))


def of_a_member(about: Subject, slot: Slot, passage: Passage) -> bool:
    """Return whether a figure is told of a member of a group, whose name the group's may begin."""
    clause = _clause(plain(passage.text), slot)
    found = None if slot.setting.cell else _FLOW_WORD.search(clause)
    before = clause[: found.start()] if found else ""
    return bool(_GROUP.search(before) and _of_member(about, before))


def of_a_line(query: Query, aspects: Sequence[str], slot: Slot, passage: Passage) -> bool:
    """Return whether a figure is of a line of business that the question does not name."""
    sentence = passage.text[slot.sentence.start : slot.sentence.end]
    if sentence.startswith("其中"):
        own = [t for t in aspects if not measures.named(t)]
        return not words_of(query, sentence) & set(own)
    found = _ONE_LINE.search(passage.text, slot.sentence.start, slot.figure.start)
    if found is None or not content_terms(found[1]):
        return False
    return not words_of(query, found[1]) & set(aspects)


def lines_named(query: Query, aspects: Sequence[str]) -> list[str]:
    """Return the words of the question that name a line of business: 云 of 云业务.

    Of an English question only those that are known in Chinese too.
    """
    if query.language == "en":
        known = " ".join(s.asked for s in query.synonyms if s.forms).lower().split()
        return [
            t
            for t in aspects
            if t in known and re.search(rf"\b{re.escape(t)}{_UNIT}", query.text, re.I)
        ]
    return [t for t in aspects if re.search(re.escape(t) + _LINE, query.text, re.IGNORECASE)]


def _only_flows(aspects: Sequence[str]) -> bool:
    """Return whether a question asks for a measure and says of no part of the company."""
    named = [_measure(t) for t in aspects if t not in _ADJUSTED]
    return any(m & _FLOWS for m in named) and all(m & (_FLOWS | {"#growth"}) for m in named)


def _measure(term: str) -> frozenset[str]:
    return frozenset({"#profit"}) if _EARNED.fullmatch(term) else measures.named(term)


def _clause(text: str, slot: Slot) -> str:
    """Return what leads up to a figure since the last semicolon that a measure follows."""
    pieces = re.split("[；;]", text[slot.sentence.start : slot.figure.start])
    return pieces[-1] if _FLOW_WORD.search(pieces[-1]) else "；".join(pieces[-2:])


def _qualifier(about: Subject, clause: str) -> str:
    """Return what the last measure of a clause is of: 增值服务 of 增值服务收入, "" for the company itself."""
    found = list(_FLOW_WORD.finditer(clause))
    while len(found) > 1 and clause[found[-1].start() - 1] in "，,":
        found.pop()  # a bare 亏损 after a comma is of what the measure before it is of
    if not found:
        return ""
    before = _BRACKETED.sub("", clause[: found[-1].start()])
    if own := _after_names(about, before):
        return own
    if own := _of_member(about, before):
        return own
    topic = _TOPIC.search(before)
    said_anew = topic and about.forms.search(fold(before[topic.end(1) :]))
    return _after_names(about, topic[1]) if topic and not said_anew else ""


def _of_member(about: Subject, words: str) -> str:
    """Return whose figure it is by the member of a group before 的 or the time: 淘天集团在三季度的."""
    words = _ADJECTIVES.sub("", words)
    places = list(period.places(words))
    if places and not words[places[-1].end :].strip("的"):
        words = words[: places[-1].start]
    named = _MEMBER.search(words)
    return _after_names(about, named[1]) if named else ""


def _after_names(about: Subject, words: str) -> str:
    """Return the noun phrase that ends `words`, without the company, the time and words of the whole."""
    ends = [place.end for place in period.places(words)]
    ends += [m.end() for m in about.forms.finditer(fold(words))]
    last = _LEADS.split(words[max(ends, default=0) :])[-1]
    return "".join(re.findall(r"[A-Za-z\u4e00-\u9fff]{2,}", _WHOLE.sub(" ", last)))


def _goes_on(about: Subject, slot: Slot, passage: Passage) -> bool:
    """Return whether a sentence that names nobody follows one about a line of business."""
    spans = sentences(passage.text)
    at = next((i for i, s in enumerate(spans) if s == slot.sentence), 0)
    if not at or subject.names(about, passage.text[slot.sentence.start : slot.figure.start]):
        return False
    before = passage.text[spans[at - 1].start : spans[at - 1].end]
    found = _ONE_LINE.search(before)
    return found is not None and bool(content_terms(found[1]))
