"""A Chinese question after several figures of one form -> a question after each, by its own words.

"甲和乙2024年的收入各是多少" names two companies, "收入和毛利率是多少" two measures, "三季度和四季度的收入"
two periods, "甲比乙高多少" two sides. What is of no such form is left to `rag.decompose`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import measures, period
from rag.period import Place

_AND = r"(?:以及|[和与跟及同、])"
_ASK = "是多少？"
_PAIR = re.compile(
    r"各(?![项个类种家大单])自?(?:是|为|有|占|派|涨|跌)?|分别|谁|哪[个家只]|更[高低多少大小快慢]|相差|差距|差多少|差几|高多少|多多少|低多少|少多少"
)
_MEASURE = (
    r"(?:(?:同比|环比|经调整|调整后|归母|综合|平均|总|营业|海外|广告)*"
    r"(?:收入|营收|净?利润率?|净利|亏损|毛利率?|净息差|[利净费赔股]率|(?:(?![的年月季度和与及、])[一-龥]){1,4}率|份额|占比|增[速幅]|[涨跌]幅|销量|出货量|费用|投入|开支|股息|收益"
    r"|现金|市值|收盘价|股价|目标价|市[盈净销]率|评级|表现|GMV|EBITDA?|EPS))"
)
MEASURE_AT_END = re.compile(_MEASURE + "$")
_TWO_MEASURES = re.compile(
    rf"^(?P<head>.{{2,}}?)(?P<one>{_MEASURE})(?:以及|[和与及、])其?(?P<two>{_MEASURE})(?:各自?|分别)?(?:写|列)?的?(?:是|为|有)?(?:多少|几).{{0,4}}$"
)
_NAME = r"[^\s，。？的和与跟同、比谁哪各给对␣]{2,14}?"
_TWO_NAMES = re.compile(
    rf"^(?P<one>{_NAME})(?:以及|[和与跟同、])(?P<two>{_NAME})[，,␣]*(?:的|(?:谁|哪[家个只])的?)(?P<rest>[^，。？的]{{0,12}}?(?:{_MEASURE}|比例|比重))"
    r"(?=更?[高低多大小少快慢]|各|分别|相差|差|$)"
)
_SIDES = re.compile(
    r"^(?P<head>(?:.*[，的␣对在])?)(?P<one>[^\s，。？的和与跟同及以、比谁哪各给对␣分]{2,10}?)(?:以及|[和与跟及、])在?"
    rf"(?P<two>[^\s，。？的和与跟同及以、比谁哪各给对␣分]{{2,10}}?)(?P<rest>的[^，。？的]{{0,12}}?{_MEASURE})?"
    r"(?:谁|哪[一]?[个边家只端项种款])(?P<how>更?[高低多少大小快慢]|(?:[涨跌升降]|增长|下降)得更?[多少快慢猛高]|更?[涨跌升降])"
)
"""Two sides of one thing: 输入端和输出端哪边降得更多, 在全球和在国内的市占率哪个更高."""
_MOVES = {
    "涨": "的涨幅",
    "升": "的升幅",
    "增": "的增速",
    "跌": "的跌幅",
    "降": "的降幅",
    "下": "的降幅",
}
_THAN = re.compile(
    r"^(?P<left>.{3,40}?)(?<![同环占对相可])比(?P<right>[^，。？]{2,20}?)(?P<turn>高|低|多|少|大|小|增加|减少|提高|增长|下降)(?:出|了|赚|卖|花|挣)?了?(?:多少|几).{0,6}$"
)
_TAIL = re.compile(
    r"(?:，|,)?(?:谁|哪[家个只]|各(?![项个类种家大单])自?(?:是|为|有|占)?|分别(?:是|为|有)?|相差|差距|差多少|高多少|多多少|更[高低多少大小快慢]|[是为有]?多少).*$"
)
LEANS = re.compile(
    r"^(?:占|比(?=上|去|前|同期|年初)|同比|环比|较|增[长速幅]|下降|提高|降低|[涨跌升降][了幅])"
)
_GROWTH = re.compile(r"(?:同比|环比|按年)*(?:增[速幅]|[涨跌]幅)")
_EDGE = re.compile(r"^[末底初]")
GAP = re.compile(r"(?:各自?|分别)*(?:是|为|有|达到?)?(?:多少|几|多大)[^，。？]{0,4}$")
_TURNS = re.compile(r"^(?P<one>同比|环比)(?:[、和与及](?P<two>环比|同比))?[^多几，]*$")
"""What asks how much it moved without saying so: 同比、环比各怎么变, 同比呢."""
_MOVED = re.compile(r"(?:同比|环比|按年)*(?:增长|下降|上升|提高|减少|增加|变化)了?$")
_COLUMN = r"(?:本期|上期|期初|期末|上年同期|本年|上年|年初|年末|本报告期|上一?报告期)(?:期初|期末|金额|余额|发生额|增加额?|减少额?|数)?"
_COLUMNS = re.compile(rf"(?P<one>{_COLUMN})(?:以及|[和与跟及、])(?P<two>{_COLUMN})")
_ASKED_EACH = re.compile(r"的?(?:各自?|分别)")
_SUM = re.compile(r"(?<=..)这?[两二三四五](?:家|项|类|种|块|大|个|款|者).*$")
"""What sums up the names at the end of a list: 国产、进口、变更三类版号."""
_OWNED = re.compile(
    r"^(?P<head>(?:[^，]*，)*)(?P<one>[^，。？、的]{2,}的[^，。？、的和与及]{2,8})，?(?:以及|[和与及、])(?P<two>[^，。？、的]{2,}的[^，。？、的]{2,8}?)"
    r"，?(?:各自?|分别)(?P<rest>(?:是|为|有|达到?)(?:多少|几)[^，。？]{0,4})$"
)
_WHICH = re.compile(r"[，,](?:谁|哪[家个只]|相差|差|两者|三者|哪一?[家个只])[^，]*$")
_BLANK = "␣"
_ITEM = r"[^\s，。？的和与跟同及以、比谁哪各给对␣分]{2,14}?"
_EACH = re.compile(
    rf"^(?P<head>(?:.*[，的␣对])?)(?P<names>{_ITEM}(?:、{_ITEM})*(?:以及|[和与跟及、]){_ITEM})"
    rf"(?=[的␣]|分别|各|{_MEASURE})(?P<middle>[^，。？]*?)(?:分别|各自?)(?P<rest>[^，。？]*(?:多少|几|什么|多大|怎)[^，。？]*)$"
)
_MOST = 4
_APART = re.compile(r"(?:(?<=多少)|(?<=几[一-龥])) +(?=[一-龥])")
"""A gap in place of a comma: 进账多少 涨了几个点."""
_SOURCE = re.compile(
    r"^(?:(?:按照?|根据|依据|据|从|在)?[^，。？多少几]{2,16}?(?:表|预测|口径|数据|财报|年报|季报|中报|半年报|报告)(?:里|中|上|来看|看|显示)?)[，,]"
)
"""Where the figures are to be read, before the question itself: 按盈利预测表，…"""
_YEAR_BEFORE = re.compile(r"^(?:上年|去年|前一年|上一年)(?:同期)?$")


def is_measure(words: str) -> bool:
    """Return whether `words` name something that is measured, in either language."""
    return bool(measures.named(words) or MEASURE_AT_END.search(words))


def split(text: str) -> tuple[str, ...]:
    """Return the questions that `text` coordinates, in order; empty where it has no such form."""
    plain = _APART.sub("，", re.sub(r"[？?。\s]+$", "", text))
    source = _SOURCE.match(plain)
    if source and (parts := split(plain[source.end() :])):
        return tuple(f"{source.group()}{part}" for part in parts)
    for form in (_clauses, _than, _periods, _columns, _measures_of, _names, _owned, _each, _sides):
        parts = form(plain)
        if parts:
            return parts
    return ()


def _clauses(text: str) -> tuple[str, ...]:
    """Split "甲的投入是多少，占收入的几成": the second leans on what the first asks after."""
    pieces = [p for p in re.split(r"[，？,?]", text) if p]
    first = next((i for i, piece in enumerate(pieces) if GAP.search(piece)), len(pieces))
    leaning = [asked for piece in pieces[first + 1 :] for asked in _leaning(piece)]
    if not leaning or len(pieces[first + 1 :]) > len(leaning):
        return ()
    whole = "，".join(pieces[: first + 1])
    each = _measures_of(whole) or _names(whole) or (f"{whole}？",)
    heads = [GAP.sub("", question.rstrip("？")) for question in each]
    if any(head.endswith("了") for head in heads) or len(heads) * (1 + len(leaning)) > _MOST:
        return ()
    return (*each, *(_led(head, asked) for head in heads for asked in leaning))


def _led(head: str, asked: str) -> str:
    """Return the question of a leaning clause: "收入同比增长" before "占营业收入多少" is only 收入."""
    return f"{_MOVED.sub('', head) if asked.startswith('占') else head}{asked}？"


def _leaning(piece: str) -> tuple[str, ...]:
    """Return what a clause asks of the measure before it; empty where it stands alone."""
    turned = _TURNS.match(piece)
    if turned:
        return tuple(f"{turn}变化多少" for turn in (turned["one"], turned["two"]) if turn)
    asked = re.sub(r"^(?:分别|各自?)", "", piece)
    return (asked,) if LEANS.match(asked) and GAP.search(asked) else ()


def _than(text: str) -> tuple[str, ...]:
    """Split "甲的收入比乙多多少" and "收入2025年比2024年多多少"."""
    found = _THAN.match(text)
    if not found:
        return ()
    left, right = found["left"], found["right"].strip("的")
    times = period.places(left)
    if period.find(right) and len(period.find(right)[0].text) >= len(right) - 1:
        last = times[-1] if times else None
        if last is None or last.relative:
            return ()
        return f"{left}{_ASK}", f"{left[: last.start]}{_dated(right, last)}{left[last.end :]}{_ASK}"
    if parts := _two_kinds(left, right, times):
        return parts
    name = _name_in(left, times)
    if not name or period.find(right) or re.search(_MEASURE, right):
        return ()
    return f"{left}{_ASK}", f"{left.replace(name, right, 1)}{_ASK}"


def _two_kinds(left: str, right: str, times: tuple[Place, ...]) -> tuple[str, ...]:
    """Split "甲的零售不良率比对公不良率高多少": two measures of one ending."""
    own = re.search(_MEASURE + "$", right)
    if not own or "的" in right or not left.endswith(own.group()[-2:]):
        return ()
    head = max([left.rfind("的") + 1, *(place.end for place in times)])
    if head in (0, len(left)) or len(left) - head < len(own.group()):
        return ()
    return f"{left}{_ASK}", f"{left[:head]}{right}{_ASK}"


def _name_in(left: str, times: tuple[Place, ...]) -> str:
    """Return the words before 的 or the measure that are no period."""
    text = left
    for place in reversed(times):
        text = text[: place.start] + _BLANK + text[place.end :]
    piece = text.split("，")[-1]
    if "，" in text and len(piece) > 1 and _BLANK not in piece:
        text = piece
    head = re.split(rf"的|{_BLANK}", text.strip(_BLANK))[0]
    cut = re.sub(rf"{_MEASURE}$", "", head) if "的" not in text else head
    return cut if len(cut) > 1 else ""


def _periods(text: str) -> tuple[str, ...]:
    """Split "2024年三季度和四季度的收入各是多少"."""
    places = period.places(text)
    for one, two in zip(places, places[1:], strict=False):
        if not re.fullmatch(_AND, text[one.end : two.start]) or not _PAIR.search(text[two.end :]):
            continue
        first, second = text[one.start : one.end], text[two.start : two.end]
        second = _dated(second, one)
        tail = _TAIL.sub("", text[two.end :])
        return tuple(f"{text[: one.start]}{words}{tail}{_ASK}" for words in (first, second))
    return ()


def _columns(text: str) -> tuple[str, ...]:
    """Split "净利润的本期金额和上期金额分别是多少": the two columns of an account."""
    found = _COLUMNS.search(text)
    if not found:
        return ()
    tail = _ASKED_EACH.sub("", text[found.end() :])
    rest = tail if GAP.search(tail) else f"{tail.removesuffix('的').removesuffix('为')}是多少"
    head = text[: found.start()]
    return tuple(f"{head}{found[name]}{rest}？" for name in ("one", "two"))


def _dated(words: str, other: Place) -> str:
    """Return a period with the year of the other one where it names none; 上年同期 is a year before."""
    year = other.period.year
    if year and _YEAR_BEFORE.match(words) and str(year) in other.period.text:
        return other.period.text.replace(str(year), str(year - 1), 1)
    dated = "年" in words or re.match(r"(?:19|20)\d\d", words)
    return f"{year}年{words}" if year and not dated else words


def _measures_of(text: str) -> tuple[str, ...]:
    """Split "甲的收入和毛利率是多少"."""
    found = _TWO_MEASURES.match(text)
    if not found:
        return ()
    first = f"{found['head']}{found['one']}"
    own = first if _GROWTH.fullmatch(found["two"]) else found["head"]
    return f"{first}{_ASK}", f"{own}{found['two']}{_ASK}"


def _names(text: str) -> tuple[str, ...]:
    """Split "2024年甲和乙的收入谁更高": a period may stand before, between or after the names."""
    places = [p for p in period.places(text) if not p.relative]
    if len(places) > 1 or not _PAIR.search(text):
        return ()
    time = text[places[0].start : places[0].end] if places else ""
    blanked = text
    if places:
        mark = _BLANK if places[0].start else ""
        after = text[places[0].end :]
        edge = _EDGE.match(after)
        time += edge.group() if edge else ""
        blanked = (text[: places[0].start] + mark + _EDGE.sub("", after)).lstrip("，,")
    found = _TWO_NAMES.match(blanked)
    if not found or any(re.search(_MEASURE, found[name]) for name in ("one", "two")):
        return ()
    return tuple(f"{time}{found[name]}的{found['rest']}{_ASK}" for name in ("one", "two"))


def _owned(text: str) -> tuple[str, ...]:
    """Split "甲的收入和乙的利润各是多少", "翻番的品牌、破亿的单品各有多少": each has words of its own."""
    found = _OWNED.match(text)
    if not found or re.match(r"其|它", found["two"]):
        return ()
    first = next((p for p in period.places(found["one"]) if not p.start), None)
    time = found["one"][: first.end] if first and not period.find(found["two"]) else ""
    one, two = (
        f"{found['head']}{said}{found['rest']}？" for said in (found["one"], time + found["two"])
    )
    return one, two


def _each(text: str) -> tuple[str, ...]:
    """Split "甲、乙和丙的收入分别是多少" after every one of up to four names."""
    places = [p for p in period.places(text) if not p.relative]
    blanked = text
    for place in reversed(places):
        blanked = blanked[: place.start] + _BLANK + blanked[place.end :]
    found = _EACH.match(_WHICH.sub("", blanked))
    if not found:
        return ()
    names = re.split(r"以及|[和与跟及、]", found["names"])
    names[-1] = _SUM.sub("", names[-1])
    if len(names) > _MOST or any(re.search(_MEASURE + "$", name) for name in names):
        return ()
    asked = f"{found['middle']}{found['rest']}"
    times = [text[place.start : place.end] for place in places]
    return tuple(_timed(f"{found['head']}{name}{asked}？", times) for name in names)


def _sides(text: str) -> tuple[str, ...]:
    """Split "输入端和输出端哪边降得更多" after what each side is or did."""
    places = [p for p in period.places(text) if not p.relative]
    blanked = text
    for place in reversed(places):
        blanked = blanked[: place.start] + _BLANK + blanked[place.end :]
    found = _SIDES.match(blanked)
    if not found or any(re.search(_MEASURE + "$", found[name]) for name in ("one", "two")):
        return ()
    rest = found["rest"] or next((m for verb, m in _MOVES.items() if verb in found["how"]), "")
    times = [text[place.start : place.end] for place in places]
    return tuple(
        _timed(f"{found['head']}{found[name]}{rest}{_ASK}", times)
        for name in ("one", "two")
        if rest
    )


def _timed(blanked: str, times: Sequence[str]) -> str:
    """Return `blanked` with the periods in place of its blanks, in order."""
    for time in times:
        blanked = blanked.replace(_BLANK, time, 1)
    return blanked
