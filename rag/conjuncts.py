"""A phrase that names several things alike -> these things, and what stands before and after them.

"云海2024年的收入、利润和毛利率各" names three: the last ends where the asking or what all share begins, the first
begins where the others show it. A conjunction inside a name or a dictionary word is none (跟踪误差, 同比).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import aliases, asking, period, subject
from rag.period import Place
from rag.text import Span, known_words

_STRONG = re.compile(r"[，,]?(?:以及|及其|还有|[和跟同])|、")
_WEAK = re.compile(r"[，,]?[与及]")
"""They also join the halves of one name: 金融科技及企业服务."""
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》|\"[^\"]*\"|‘[^’]*’|[（(][^）)]*[）)]")
_ENDING = (
    r"分别|比(?=[谁哪])|各(?![项个类种家大单地国方])|谁|哪|相差|差距|差了?(?:多少|几)|[，,]|都|(?<!平)均(?![价值线])|双双|相对|相比"
    r"|[这那]?(?:[两二三四](?:[家块者个项类种款边大])|些)|(?<!.[是为有达])[写列]的"
)
_NAME_ENDS = re.compile(rf"{_ENDING}|的|(?<=.)在|(?<=..)(?:[是为有]?多少|同比|环比)")
_MEASURE_ENDS = re.compile(rf"{_ENDING}|(?:[是为有]|达到?)?(?:多少|几)|(?<=..)(?:同比|环比)")
_SHARED_MEASURE = re.compile(
    rf"{asking.NAMED_MEASURE.pattern}(?=$|[，,的是为有同环\d]|分别|各|谁|哪|相?差|多少)"
)
_SUM = re.compile(
    r"^[，,]?[这那]?(?P<count>[两二三四])(?:家|块|者|个|项|类|种|款|边|大)[^，的上里中0-9谁哪各分是相]{0,7}"
)
_COUNTS = {"两": 2, "二": 2, "三": 3, "四": 4}
_SAID = re.compile(r"认为|觉得|预计|预测|统计|显示|给|对")
_LEADS = re.compile(
    r"[的，,：:）)]|(?:对|给|在|从|于|按|由|关于|认为|预计|预测|觉得|显示|统计)|(?<=..)[里中内](?=..)"
)
"""After what a thing may begin."""
_PREPOSITION = tuple("在按从对给由“《")
_TURNS = ("同比", "环比")
_RANGE = re.compile(r"[至到~—-]")
_PERIOD_EDGE = re.compile(r"^(?:年?[末底初]|整[月年季]|单[日季月]|以来|期间|当[月年季])")
_INNER = re.compile(r"[给对]")
_YEAR_BEFORE = re.compile(r"^(?:上年|去年|前一年|上一年)(?:同期)?$")
_FORM = re.compile(r"^(?:股份|有限|责任|控股|集团|公司)+$")  # of a firm's name
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class Listed:
    """Two or more things named in a row, with the words around them."""

    before: str
    items: tuple[str, ...]
    after: str
    """What all of them share; without the words that only sum them up (这两家)."""
    measures: bool
    """Whether the things are measures, not what is measured."""


def find(text: str, *, loose: bool = False) -> Listed | None:
    """Return the last list that `text` names, None where it names none.

    Args:
        text: A question up to its end, without a question mark.
        loose: Whether 与 and 及 may join two things though these do not look alike.
    """
    fixed = _fixed(text)
    weak = not (marks := _marks(text, fixed, _STRONG))
    marks = marks or _marks(text, fixed, _WEAK)[-1:]
    if not marks:
        return None
    group = _group(text, marks)
    left, right = text[: group[0].start], text[group[-1].end :]
    inner = [text[a.end : b.start] for a, b in zip(group, group[1:], strict=False)]
    last, after = _last(left, right, measured := bool(asking.MEASURE_AT_END.search(left)))
    start = _beginning(left, inner[0] if inner else last, measured, fixed)
    start = len(left) - len(left[start:].lstrip("）)"))
    if inner and left[start:] == inner[0]:  # 核心一级、一级: cut at the second
        start = max(left.rfind("的", 0, start) + 1, *(p.end for p in period.places(left)), 0)
    items = tuple(item.strip("，, ") for item in (left[start:], *inner, last))
    before = left[:start]
    if before.endswith("在") and (place := re.search(r"[上中里内]$", last)):
        items, after = (*items[:-1], last[: place.start()]), f"{place.group()}{after}"
    if not _sound(items) or (weak and not loose and not _alike(items)):
        return None
    return Listed(before, _full(items), _shared(after, len(items)), _all_measures(items))


def joined(text: str) -> bool:
    """Return whether `text` holds a conjunction that is part of no word, name or quotation."""
    fixed = _fixed(text)
    return bool(_marks(text, fixed, _STRONG) or _marks(text, fixed, _WEAK))


def head(topic: str) -> str:
    """Return what stands before the measure that `topic` ends in: whose it is, and its time."""
    return topic[: _beginning(topic, "", measured=True, fixed=_fixed(topic))]


def owner(topic: str) -> str:
    """Return the name that `topic` opens with, as a rule whom it is about, not who says so."""
    plain = timeless(topic).strip("␣，, ")
    said = _SAID.search(plain)
    if said and _past_owner(plain, said.end()) > said.end():
        plain = plain[said.end() :]
    named = aliases.expand(plain)
    if named and plain.startswith(named[0].asked):
        return named[0].asked
    opening = re.split(r"[的，,␣]|发布|公布|宣布|推出|预计", plain)[0]
    found = asking.MEASURE_AT_END.search(opening)
    return opening[: found.start()] if found else opening


def timeless(text: str) -> str:
    """Return `text` with a blank in place of every period."""
    for place in reversed(period.places(text)):
        edge = _PERIOD_EDGE.match(text[place.end :])
        text = f"{text[: place.start]}␣{text[place.end + (edge.end() if edge else 0) :]}"
    return re.sub(r"␣[至到-]?(?:␣[至到-]?)*", "␣", text)


def dated(words: str, other: Place) -> str:
    """Return a period with the year of the other one where it names none; 上年同期 is a year before."""
    found, year = other.period, other.period.year
    if year and _YEAR_BEFORE.match(words) and str(year) in found.text:
        return found.text.replace(str(year), str(year - 1), 1)
    if re.match(r"上[个個]?月$", words) and found.month:
        moved = period.find(words, found)[0]
        return f"{moved.year}年{moved.month}月" if moved.year else f"{moved.month}月"
    if re.match(r"\d{1,2}[日号]", words) and found.month:
        words = f"{found.month}月{words}"
    named = any(p.year for p in period.find(words))
    return f"{year}年{words.removeprefix('年')}" if year and not named else words


def _fixed(text: str) -> list[Span]:
    """Return what no boundary may fall into: names, quotations, dictionary words."""
    quoted = [Span(*found.span()) for found in _QUOTED.finditer(text)]
    named = [
        Span(found.start(), found.end())
        for name in aliases.expand(text)
        for found in re.finditer(re.escape(name.asked), text)
    ]
    words = [
        word
        for word in known_words(text)
        if text[word.start : word.end] not in ("以及", "及其", "还有")
        and not any(word.start < name.end and name.start < word.end for name in named)
    ]
    return [*quoted, *named, *words]


def _free(fixed: Sequence[Span], at: int) -> bool:
    return not any(span.start <= at < span.end for span in fixed)


def _misread(text: str, fixed: Sequence[Span], at: int) -> bool:
    """Return whether the word that begins at `at` was cut from two: 和平 in 和平均."""
    word = next((span for span in fixed if span.start == at), None)
    after = known_words(text[at + 1 :])[:1]
    return word is not None and any(not w.start and w.end + at + 1 > word.end for w in after)


def _marks(text: str, fixed: Sequence[Span], kind: re.Pattern[str]) -> list[Span]:
    """Return the conjunctions, each with something on both its sides."""
    found: list[Span] = []
    for mark in kind.finditer(text):
        last = found[-1].end if found else 0
        at = mark.end() - 1
        free = _free(fixed, at) or _misread(text, fixed, at)
        if mark.start() > last and mark.end() < len(text) and free:
            found.append(Span(*mark.span()))
    return found


def _group(text: str, marks: Sequence[Span]) -> list[Span]:
    """Return the last mark with the 、 that lead up to it."""
    group = [marks[-1]]
    for mark in reversed(marks[:-1]):
        between = text[mark.end : group[0].start]
        if text[mark.start] != "、" or re.search(r"[，,]", between) or len(between) > _LONGEST:
            break
        group.insert(0, mark)
    return group


def _last(left: str, right: str, measured: bool) -> tuple[str, str]:
    """Return the last thing, and what comes after it."""
    ends = _NAME_ENDS
    owned = right.partition("的")[0]
    if measured and not asking.MEASURE_AT_END.search(owned):
        ends = _MEASURE_ENDS
    elif _parallel(left, right):
        ends = re.compile(_ENDING)
    stops = [found.start() for found in ends.finditer(right) if found.start()]
    if ends is _NAME_ENDS:
        word = _SHARED_MEASURE.search(right, 1)
        stops += [word.start()] if word and not measured else []
        stops += _period_stops(left, right)
    at = min(stops, default=len(right))
    return right[:at], right[at:]


def _parallel(left: str, right: str) -> bool:
    """Return whether both sides say 的 of their own, and the clause ends with the second."""
    clause = re.split(r"[，,]", left)[-1]
    whole = re.split(_ENDING, right)[0]
    names = clause.partition("的"), whole.partition("的")
    return all(len(own) > 1 and kind for own, _, kind in names) and (
        not asking.MEASURE_AT_END.search(whole) or clause[:2] == whole[:2]
    )


def _period_stops(left: str, right: str) -> list[int]:
    """Return where a period ends the last thing: the next one, or its own where it is nothing else."""
    places, before = period.places(right), period.places(left)
    stops = [place.start for place in places if place.start]
    if places and not places[0].start and before and _end(before[-1], left) == len(left):
        return [_end(places[0], right)]
    if places and not places[0].start:
        return [place.start for place in places[1:] if not _RANGE.match(right[place.start - 1])]
    return stops


def _end(place: Place, text: str) -> int:
    edge = _PERIOD_EDGE.match(text[place.end :])
    return place.end + (edge.end() if edge else 0)


def _beginning(left: str, second: str, measured: bool, fixed: Sequence[Span]) -> int:
    """Return where the first thing begins: where it looks like the second, else where one may."""
    clause = max(left.rfind("，"), left.rfind(",")) + 1
    alike = _like(left[clause:], second, fixed, clause)
    if alike is not None:
        return clause + alike
    places = period.places(left)
    if "的" in second:
        return next((_end(place, left) for place in places if place.start == clause), clause)
    ends = [_end(place, left) for place in places]
    leads = [found.end() for found in _LEADS.finditer(left) if _free(fixed, found.start())]
    begun = max([clause, *(at for at in (*ends, *leads) if at < len(left))])
    if not measured:
        return _after_owner(left, begun, second)
    past = _past_owner(left, begun)
    if past not in (begun, len(left)) or left[begun - 1 : begun] == "的":
        return past if past < len(left) else begun
    suffix = asking.MEASURE_AT_END.search(left)
    owned = timeless(left[clause:begun]).strip("␣，, ")
    if suffix is None or owned:
        return begun
    prefix = left[begun : suffix.start()]
    # 搜索收入和广告收入: the first is qualified as the second is
    ordinary = any(span == Span(0, len(prefix)) for span in known_words(prefix))
    alike = second.endswith(suffix.group()) and second != suffix.group()
    return begun if ordinary and alike else max(begun, suffix.start())


def _like(clause: str, second: str, fixed: Sequence[Span], offset: int) -> int | None:
    """Return where `clause` has what the second thing begins with: a word, a period, 同比; else None."""
    times, places = period.places(second), period.places(clause)
    if times and not times[0].start and places:
        return _first_of_range(clause, places)
    if second in _TURNS:
        turns = [clause.rfind(turn) for turn in _TURNS]
        return max(turns) if max(turns) >= 0 else None
    same = clause.rfind(second[: 1 if second.startswith(_PREPOSITION) else 2])
    return same if len(second) > 1 and same >= 0 and _edge(fixed, offset + same) else None


def _edge(fixed: Sequence[Span], at: int) -> bool:
    """Return whether `at` does not lie inside a word."""
    return not any(span.start < at < span.end for span in fixed)


def _first_of_range(left: str, places: Sequence[Place]) -> int:
    """Return where the last period begins, the first day of 11月11日至13日."""
    at = len(places) - 1
    while at and _RANGE.fullmatch(
        re.sub(r"[日号]", "", left[places[at - 1].end : places[at].start])
    ):
        at -= 1
    return places[at].start


def _past_owner(left: str, begun: int) -> int:
    """Return `begun`, past the company that is named there."""
    listed = (n.asked for n in aliases.expand(left[begun:]) if left.startswith(n.asked, begun))
    return begun + len(next(listed, "") or subject.leading_firm(left[begun:]))


def _after_owner(left: str, begun: int, second: str) -> int:
    """Return `begun`, past the name of whose the things are: 云海空调、冰箱, not 云海空调和白鹭空调."""
    past = _past_owner(left, begun)
    rest = _FORM.sub("", left[past:])
    named = aliases.expand(second) or subject.leading_firm(second)
    return begun if not rest or named or second.endswith(rest) else past


def _sound(items: Sequence[str]) -> bool:
    """Return whether all are things: not empty, not overlong, none of them with a giver of its own."""
    single = [len(item) == 1 for item in items]
    return (
        all(0 < len(item) <= _LONGEST and not asking.ASKS.search(item) for item in items)
        and any(single) is all(single)
        and not any(_has_giver(item) for item in items[1:])
    )


def _has_giver(item: str) -> bool:
    """Return whether `item` says who gives whom, which is more than a name: 东湖给云海."""
    words = known_words(item)
    return any(
        0 < m.start() < len(item) - 1 and _free(words, m.start()) for m in _INNER.finditer(item)
    )


def _alike(items: Sequence[str]) -> bool:
    """Return whether the things are of one kind by their looks."""
    return (
        _all_measures(items)
        or len({item[-1] for item in items}) == 1
        or all(period.places(item) or aliases.expand(item) or subject.is_name(item) for item in items)
    )  # fmt: skip


def _all_measures(items: Sequence[str]) -> bool:
    return all(asking.MEASURE_AT_END.search(item) for item in items)


def _full(items: tuple[str, ...]) -> tuple[str, ...]:
    """Return the things as they stand alone: a growth of its measure, a period with its year."""
    first, *others = items
    place = next((p for p in period.places(first) if not p.start), None)
    full = [first]
    for item in others:
        if asking.GROWTH.fullmatch(item) and not asking.GROWTH.search(first):
            item = f"{first}{item}"
        elif place and (places := period.places(item)) and not places[0].start:
            item = dated(item, place)
        full.append(item)
    return tuple(full)


def _shared(after: str, count: int) -> str:
    """Return what all things share, without the words that count them."""
    found = _SUM.match(after)
    counted = found is not None and _COUNTS[found["count"]] == count
    return after[found.end() :] if found and counted else after
