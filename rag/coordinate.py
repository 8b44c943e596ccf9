"""A Chinese question after several figures -> a question after each, by its own words.

"甲和乙2024年的收入各是多少" names two companies, "收入和毛利率是多少" two measures, "三季度和四季度的收入"
two periods, "甲比乙高多少" two sides, "收入是多少，同比增长多少" asks twice. What is of no such form is left to
`rag.decompose`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import asking, conjuncts, inrow, period, than
from rag.conjuncts import Listed
from rag.inrow import Row
from rag.subject import leading_firm

MOST = 4
"""More parts than this are a list, better answered in one piece."""
_ASK = "是多少"
_APART = re.compile(r"(?:(?<=多少)|(?<=多少[钱元个])|(?<=几[一-龥])) +(?=[一-龥])")
"""A gap in place of a comma: 进账多少 涨了几个点."""
_SOURCE = re.compile(
    r"^(?:(?:按照?|根据|依据|据|从|在)?[^，。？多少几]{2,16}?(?:表|预测|口径|数据|财报|年报|季报|中报|半年报|报告)(?:里|中|上|来看|看|显示)?)[，,]"
)
"""Where the figures are to be read, before the question itself: 按盈利预测表，…"""
_TOGETHER = re.compile(r"合计|合共|共计|总共|加起来|加总|之[和比]|哪[两二三四五几]")
"""What asks for one thing of all of them, or for no figure of each."""
_PLAIN = re.compile(r"^(?:[写列]的)?[是为有](?:多少|几)[^，]{0,4}$")
_TELL = re.compile(r"请?(?:介绍|分析|说明|总结|描述|概述|谈谈)")
_TURNS = {"涨": "涨幅", "上": "升幅", "升": "升幅", "增": "增速", "跌": "跌幅", "降": "降幅", "砍": "降幅", "下": "降幅"}  # fmt: skip
_HOW = re.compile(
    r"[的在]?(?P<what>[^，]*?)(?P<got>得)?(?:上|方面)?(?:(?P<turn>[涨跌升降增砍]|增长|上涨|上升|下降|下跌|下滑)得?)?(?:更加?|比较|最)?[高低多少大小快慢猛贵狠](?:一?[些点啲])?了?"
    r"|的?(?P<before>[^，]*?)更(?P<move>[涨跌升降])了?"
)
_VERB = re.compile(r"(?:出货|交付|发货|收租|售出|[卖赚挣花亏派]钱?)$")
_DIRECTION = re.compile(r"的?(?:涨跌)?(?:走势|方向)?(?:是否|是不是)?(?:一致|同向|相同)吗?$")
_PREDICATE = re.compile(r"(?:也?都|(?<!平)均(?![价值线])|双双)[^，]*")
_BOTH = re.compile(r"(?:[这那]?(?:两者|二者|三者|双方)|它们)的?|相比(?:较)?|比较|之间|当中")
_IN = re.compile(r"^在(?P<what>[^，]+)上$")
_BEFORE_AFTER = re.compile(r"(?P<event>[一-龥]{2})(?:之|以)?前后$")
_SO_MANY_YEARS = re.compile(
    r"(?P<years>(?:(?:20)?[0-9]{2}[年AEF]?[、和与及])+(?:20)?[0-9]{2}[年AEF]?)这?[两三四]年的?"
)
"""24E、25E两年的PE."""
_COLUMN = r"(?:本期|上期|期初|期末|上年同期|本年|上年|年初|年末|本报告期|上一?报告期)(?:期初|期末|金额|余额|发生额|增加额?|减少额?|数)?"
_COLUMNS = re.compile(rf"(?P<one>{_COLUMN})(?:以及|[和与跟及、])(?P<two>{_COLUMN})")
_END = "相差"
"""Where the names of a comparison end."""


def _reworded(text: str) -> str:
    """Return a comparison in the common order of words, without what asks for its figures once more.

    收入：甲 vs 乙，哪家大 becomes 甲和乙的收入哪家大, and 甲跟乙比谁跌得少？收益率各多少 becomes
    甲跟乙的收益率谁更高.
    """
    text = _SO_MANY_YEARS.sub(r"\g<years>的", text)
    text, compared = _COMPARE.subn("", text)
    if compared and asking.MEASURE_AT_END.search(text):
        text = f"{text}，哪个更高"
    text = _moved(text)
    text = _timed(_THAN_WHO.sub("", _VERSUS.sub("和", text)))
    if titled := _TITLED.match(text):
        text = f"{titled['sides']}的{titled['what']}{titled['who']}"
    pieces = re.split(r"[？?，,]", text)
    head, tail = text[: -len(pieces[-1]) - 1], pieces[-1]
    if len(pieces) < 2 or not tail:
        return text
    if asking.repeats(tail, head):
        return head
    measure, who = asking.measure_of_each(tail), asking.WHO.search(head)
    sides = head[: who.start()].rstrip("，, ") if who else ""
    if measure and sides and not asking.MEASURE_AT_END.search(sides):
        return f"{sides}的{measure}谁更高"
    return text


def _moved(text: str) -> str:
    """Return a question how something moved from one time to another as one after both."""
    found = _MOVED.fullmatch(text)
    if found is None or not all(period.find(found[side]) for side in ("one", "other")):
        return text
    what = f"{found['what']}{found['rest']}".strip("，, ")
    return f"{what}{found['one']}和{found['other']}分别是多少"


_MOVED = re.compile(
    r"(?P<what>[^？?]*?)[从由](?P<one>[^，？?从由到至]{2,12})[到至](?P<other>(?:20)?[0-9]{2}年[^，？?的是怎如有]{0,5}|[^，？?到至的是怎如有]{2,8})的?(?P<rest>[，,]?[^，,？?]*?)"
    r"(?:[是的有]|发生了?)?(?:怎么|怎样|如何|何种|什么|多大的?)样?的?变(?:化|动)?(?:[的了呢]|过?来?的)?"
)
"""收入从2023年到2024年是怎么变化的."""


def _timed(text: str) -> str:
    """Return a question which of two things came first as one after the time of each."""
    found = asking.SOONER.search(text)
    if found is None:
        return text
    sides = _FIRM.sub(r"\g<0>的", text[: found.start()])
    return f"{sides}{'' if '分别' in sides else '分别'}是什么时候"


_COMPARE = re.compile(
    r"^(?:请|帮我)?(?:比较|对比)(?:一?下)?(?!组|优势|基准)(?=[^，？?]*[和与及跟同、])"
)
_FIRM = re.compile(r"(?<=[和与跟及])[^，的和与跟及]{2,20}?(?:公司|集团|银行)(?=[^的，分各])")
_VERSUS = re.compile(r"\s*\b(?:vs\b\.?|versus\b)\s*|\s+(?:pk|PK)\s+", re.IGNORECASE | re.ASCII)
_THAN_WHO = re.compile(r"(?<=[\u4e00-\u9fff])比(?=[谁哪])")
_TITLED = re.compile(
    r"(?P<what>[^：:，,？?]{2,20})[：:]\s*(?P<sides>[^，,？?：:]{4,30})[，,]\s*(?P<who>(?:哪[家个]|谁).*)"
)


def split(text: str) -> tuple[str, ...]:
    """Return the questions that `text` coordinates, in order; empty where it has no such form."""
    plain = _reworded(_APART.sub("，", re.sub(r"[？?。\s]+$", "", text)))
    source = _SOURCE.match(plain)
    if source and (parts := split(plain[source.end() :])):
        return tuple(f"{source.group()}{part}" for part in parts)
    parts = tuple(part for row in inrow.asks(plain) for part in _parts(row) or (row.text,))
    return tuple(f"{part}？" for part in parts) if 1 < len(parts) <= MOST else ()


def _parts(row: Row) -> tuple[str, ...]:
    """Return the questions of one that asks once, after several; what leans compares with no other."""
    text = row.text
    if row.leans:
        return _columns(text) or _each(text)
    return than.split(text) or _columns(text) or _compared(text, row.unit) or _each(text)


def _each(text: str) -> tuple[str, ...]:
    """Take apart "甲、乙和丙的收入分别是多少" and "甲的收入和毛利率是多少"."""
    listed = conjuncts.find(text)
    if listed is None or _TOGETHER.search(listed.after):
        return ()
    told = asking.EACH.search(listed.after)
    if told is None:
        bare = not listed.after and not _TELL.match(text)
        plain = bare or _PLAIN.match(listed.after)
        return _asked(listed, _ASK) if listed.measures and plain else ()
    asked = asking.EACH.sub("", listed.after, count=1).lstrip("，, ")
    asked = re.sub(r"^[写列]的(?=是)", "", asked)
    if not asking.ASKS.search(asked):
        asked = f"{asked.removesuffix('的')}{_ASK}"
    inner = conjuncts.find(f"{re.split('[，,]', listed.before)[-1]}{listed.items[0]}{listed.after}")
    twice = inner and inner.items != listed.items and "，" not in inner.after
    parts = _asked(listed, f"分别{asked}" if twice else asked)
    return tuple(one for part in parts for one in _each(part) or (part,)) if twice else parts


def _asked(listed: Listed, asked: str) -> tuple[str, ...]:
    """Return `asked` of every one of the things."""
    before = listed.before
    first = next((p for p in period.places(asked) if not p.start and not p.relative), None)
    if first and not before and len(listed.items) == 2 and asked[first.end :].startswith("的"):
        before, asked = asked[: first.end], asked[first.end :]
    return tuple(f"{before}{item}{asked}" for item in listed.items)


def _compared(text: str, unit: str) -> tuple[str, ...]:
    """Take apart "甲和乙谁的收入更高", "收入增速，甲和乙哪边快" and "甲和乙的收入相差多少"."""
    said = _comparison(text)
    if said is None or _TOGETHER.search(said[0]):
        return ()
    names, ask = said
    listed = conjuncts.find(f"{names}{_END}", loose=True) or _before_and_after(names)
    if listed is None:
        return ()
    after = _BOTH.sub("", _PREDICATE.sub("", listed.after.removesuffix(_END)))
    apart = after.startswith(("，", ","))
    after = _IN.sub(r"的\g<what>", after.strip("，, "))
    if not ask:
        topic = listed.before.rstrip("，, ")
        if not (listed.measures or asking.is_measure(after) or asking.is_measure(topic[-6:])):
            return ()
        if not after and asking.MEASURE_AT_END.search(topic):
            return _qualified(topic, listed.items, unit or asking.unit(text))
        timed = any(not place.start for place in period.places(after))
        after = f"的{after}" if apart and after and not timed else after
    if ask.startswith("的"):
        after = after.removesuffix("的")
        ask = ask[1:] if asking.MEASURE_AT_END.search(after) else ask
    return _asked(listed, f"{after}{ask or _ASK}{unit or asking.unit(text)}")


def _qualified(topic: str, items: Sequence[str], unit: str) -> tuple[str, ...]:
    """Return the questions of "甲月活的同比增速，全球和国内…": 甲全球月活的同比增速."""
    name = conjuncts.owner(topic)
    name = leading_firm(name) if asking.is_measure(name) else name
    at = topic.find(name) + len(name) if name else 0
    if not at:
        return tuple(f"{topic}，{item}{_ASK}{unit}" for item in items)
    return tuple(f"{topic[:at]}{item}{topic[at:]}{_ASK}{unit}" for item in items)


def _comparison(text: str) -> tuple[str, str] | None:
    """Return what names the sides, and what is asked of each; empty where the names end in it."""
    who = list(asking.WHO.finditer(text))
    if len(who) == 1 and (how := _HOW.fullmatch(text[who[0].end() :])):
        return text[: who[0].start()], _asked_how(how)
    if direction := _DIRECTION.search(text):
        return text[: direction.start()], f"的涨跌幅{_ASK}"
    apart = asking.APART.search(text)
    return (text[: apart.start()], "") if apart else None


def _asked_how(how: re.Match[str]) -> str:
    """Return the question of one side: 谁的收入更高 asks its 收入, 谁涨得多 its 涨幅, 谁出货多 how much it 出货."""
    what, turn = how["what"] or "", how["turn"] or how["move"]
    what = (how["before"] or "") if turn and not how["turn"] else what
    if turn:
        return f"的{what}{_TURNS[turn[0]]}{_ASK}"
    if not what:
        return f"的价格{_ASK}" if "贵" in how.group() else ""
    did = how["got"] or _VERB.search(what)
    return f"{what.removesuffix('钱')}了多少" if did else f"的{what}{_ASK}"


def _before_and_after(names: str) -> Listed | None:
    """Return the two sides of 优化前后."""
    found = _BEFORE_AFTER.search(names)
    if not found:
        return None
    sides = (f"{found['event']}前", f"{found['event']}后")
    return Listed(names[: found.start()], sides, "", measures=True)


def _columns(text: str) -> tuple[str, ...]:
    """Take apart "净利润的本期金额和上期金额分别是多少": the two columns of an account."""
    found = _COLUMNS.search(text)
    if not found:
        return ()
    tail = re.sub(r"的?(?:各自?|分别)", "", text[found.end() :])
    rest = (
        tail if asking.GAP.search(tail) else f"{tail.removesuffix('的').removesuffix('为')}{_ASK}"
    )
    return tuple(f"{text[: found.start()]}{found[name]}{rest}" for name in ("one", "two"))
