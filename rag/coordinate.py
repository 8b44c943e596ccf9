"""A Chinese question after several figures of one form -> a question after each, by its own words.

"甲和乙2024年的收入各是多少" names two companies, "收入和毛利率是多少" two measures, "三季度和四季度的收入"
two periods, "甲比乙高多少" two sides. What is of no such form is left to `rag.decompose`.
"""

from __future__ import annotations

import re

from rag import period
from rag.period import Place

_AND = r"(?:以及|[和与跟及同、])"
_ASK = "是多少？"
_PAIR = re.compile(
    r"各自?(?:是|为|有|占|派|涨|跌)?|分别|谁|哪[个家只]|更[高低多少大小快慢]|相差|差距|差多少|差几|高多少|多多少|低多少|少多少"
)
_MEASURE = (
    r"(?:(?:同比|环比|经调整|调整后|归母|综合|平均|总|营业|海外|广告)*"
    r"(?:收入|营收|净?利润率?|净利|亏损|毛利率?|净息差|[利净费赔股]率|[一-龥]{1,4}率|份额|占比|增[速幅]|[涨跌]幅|销量|出货量|费用|投入|开支|股息|收益"
    r"|现金|市值|评级|表现|GMV|EBITDA?))"
)
_TWO_MEASURES = re.compile(
    rf"^(?P<head>.{{2,}}?)(?P<one>{_MEASURE})(?:以及|[和与及、])其?(?P<two>{_MEASURE})(?:各自?|分别)?(?:是|为|有)?(?:多少|几).{{0,4}}$"
)
_NAME = r"[^\s，。？的和与跟同、比谁哪各给对␣]{2,14}?"
_TWO_NAMES = re.compile(
    rf"^(?P<one>{_NAME})(?:以及|[和与跟同、])(?P<two>{_NAME})[，,␣]*(?:的|(?:谁|哪[家个只])的?)(?P<rest>[^，。？的]{{0,12}}?(?:{_MEASURE}|比例|比重))"
    r"(?=更?[高低多大小少快慢]|各|分别|相差|差|$)"
)
_THAN = re.compile(
    r"^(?P<left>.{3,40}?)(?<![同环占对相可])比(?P<right>[^，。？]{2,20}?)(?P<turn>高|低|多|少|大|小|增加|减少|提高|增长|下降)(?:出|了)?(?:多少|几).{0,6}$"
)
_TAIL = re.compile(
    r"(?:，|,)?(?:谁|哪[家个只]|各自?(?:是|为|有|占)?|分别(?:是|为|有)?|相差|差距|差多少|高多少|多多少|更[高低多少大小快慢]|[是为有]?多少).*$"
)
_LEANS = re.compile(r"^(?:占|比(?=上|去|前|同期)|同比|环比|较|增[长速幅]|下降|提高|降低)")
_GROWTH = re.compile(r"(?:同比|环比|按年)*(?:增[速幅]|[涨跌]幅)")
_EDGE = re.compile(r"^[末底初]")
_GAP = re.compile(r"(?:是|为|有|达到?)?(?:多少|几)[^，。？]{0,4}$")
_BLANK = "␣"


def split(text: str) -> tuple[str, ...]:
    """Return the questions that `text` coordinates, in order; empty where it has no such form."""
    plain = re.sub(r"[？?。\s]+$", "", text)
    for form in (_clauses, _than, _periods, _measures_of, _names):
        parts = form(plain)
        if parts:
            return parts
    return ()


def _clauses(text: str) -> tuple[str, ...]:
    """Split "甲的投入是多少，占收入的几成": the second leans on what the first asks after."""
    pieces = [p for p in re.split(r"[，？,?]", text) if p]
    if len(pieces) != 2 or not _GAP.search(pieces[0]) or not _GAP.search(pieces[1]):
        return ()
    head = _GAP.sub("", pieces[0])
    if not _LEANS.match(pieces[1]) or head.endswith("了"):
        return ()
    return f"{pieces[0]}？", f"{head}{pieces[1]}？"


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
    name = _name_in(left, times)
    if not name or period.find(right) or re.search(_MEASURE, right):
        return ()
    return f"{left}{_ASK}", f"{left.replace(name, right, 1)}{_ASK}"


def _name_in(left: str, times: tuple[Place, ...]) -> str:
    """Return the words before 的 or the measure that are no period."""
    text = left
    for place in reversed(times):
        text = text[: place.start] + _BLANK + text[place.end :]
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


def _dated(words: str, other: Place) -> str:
    """Return a period with the year of the other one where it names none."""
    year = other.period.year
    return f"{year}年{words}" if year and "年" not in words else words


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
