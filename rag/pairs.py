"""Lists paired by order: "A、B和C分别增长x、y和z" -> (A, x), (B, y), (C, z).

Chinese reports state a row of figures after a row of names, measures or periods; a reader, and a
small model even more, easily takes the neighbour's. Knows nothing of passages or answers.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag import figures, pairs_en, years
from rag.figures import Figure, Kind
from rag.text import Span, is_cjk, sentences

_BETWEEN_FIGURES = re.compile(r"\s*(?:、|,|/|和|与|及|以及|and|, and)\s*", re.IGNORECASE)
_REPEATED = re.compile(
    r"\s*(?:、|,|和|与|及|以及|and|, and)\s*(?:同比|环比)?(?:增长|下降|上涨|下跌|上升|增加|减少|增|降|涨|跌|约|为|亏损|盈利)?\s*",
    re.IGNORECASE,
)
"""Between the figures of a row whose verb is said again: 增长4.6%、增长8.9%、下降11.6%."""
_CLAUSE = re.compile(r"[，。；：！？（）]|[,;:!?()](?!\d)")
_LIGHT = re.compile(r"、|以及|和|与|及(?!其)|, and\b|\band\b")
_STEP = re.compile(r"、")
_BY_ORDER = re.compile(r"分别|依次|各[为是占有达]?|respectively")
_TAIL = re.compile(
    r"(?:分别|等|为|是|的|在|(?<!平)均|各|依次|合计|全年|(?<=[^第前年])(?:前[一二两三][个]?季|第?[一二三四]季度?|[上下]半年)|本[周月]|上[周半]|当[年月季]|同比|环比|实现|达|录得|营收|收入|市值|股价|净利|归母|增|降|涨|跌|上(?!证)|下|出|回落|[内中]的|(?<![0-9])(?<!沪深)(?<!中证)(?<!国证)(?<!上证)(?<!深证)(?<!科创)(?<!业板)(?<!标普)\d).*$"
    r"|(?:\b(?:was|were|is|are|for|in|at|of|rose|fell|grew)\b).*$",
    re.DOTALL,
)
_BARE_TAIL = re.compile(
    r"(?:分别|各|依次|为|是|(?<!平)均|约|达|\b(?:was|were|is|are|for|in|at)\b).*$", re.DOTALL
)
_HEAD = re.compile(
    r"^(?:其中|此外|另外|同期|本月|当月|目前|方面|.*?(?:的|主要|依次|分别|则|前[一二三四五六七八九十]+[大名家]?)(?:是|为|有)|.*?包括)"
)
_REFERS = re.compile(
    r"[两三四五六七八九十0-9]+(?:家|项|类|种|块|者|大|个|款|行)|两者|分别|依次|同期|the shares were"
)
"""Words that take up the names of a row before: 三项业务的毛利率分别为."""
_IN_BRACKETS = re.compile(
    r"(?P<name>[^，。；：！？（）()、,;\s]*[A-Za-z\u4e00-\u9fff][0-9]{0,4})[（(](?:约|同比)?(?P<figure>[^（）()，；、]{1,16})[）)]"
)
_COUNTED = re.compile(
    r"(?<=\w)[两三四五六七八九十]+[家项类种块者大个款行](?:业务|板块|产品|公司)?$"
)
"""How many there are, behind the last of them: 酒店及其他三项."""
_AND = re.compile(r"^(?:和|与|以及|及(?!其)|and )")
_BETWEEN_ITEMS = re.compile(r"\s*[、，,]?\s*")
_MANY = 50
_LONGEST = 40
"""Characters of one name."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A name and the figure that belongs to it by order."""

    name: str
    figure: Figure
    measure: str = ""
    """What stands before a row of years' figures: 归母净利润."""
    unit: str = ""
    """That of the last of its row where it prints none itself: 1.2、1.5、1.9亿元."""


@dataclass(frozen=True, slots=True)
class Row:
    """Figures side by side, and the names that are theirs by order, if there are any."""

    figures: tuple[Figure, ...]
    names: tuple[str, ...]
    """In the order of the figures, those of others last; empty when no such list stands before them."""
    list: Span | None
    """Where the names stand, from the first to the last of them."""


def find(text: str) -> list[Pair]:
    """Return the pairs of `text` in order of the figures: each row with the nearest of as many names."""
    return [
        Pair(name, figure, _measure(text, row), shared_unit(row, figure))
        for row in rows(text)
        for name, figure in zip(row.names, row.figures, strict=False)
    ]


def shared_unit(row: Row, figure: Figure) -> str:
    """Return the unit that a bare number of a row shares with its last: 亿元 in 1.2、1.5、1.9亿元.

    Of a sum without its currency, 800万、1250万欧元, that currency.
    """
    last = row.figures[-1]
    if figure.kind is Kind.COUNT and not figure.unit and last.kind is Kind.MONEY:
        return _CURRENCY.sub("", last.text)
    if figure.kind is not Kind.NUMBER or last.kind is Kind.NUMBER:
        return ""
    return last.text.lstrip("+-−–0123456789.,") if last.text[-1:] not in "0123456789" else ""


_CURRENCY = re.compile(r"^[-+−–0-9.,\s]+[百千万亿]*\s*")


def units(row: Row, figure: Figure) -> tuple[Figure, ...]:
    """Return what one of a bare number of a row is worth, by the unit that it shares; () for none."""
    unit = shared_unit(row, figure)
    return tuple(figures.find(f"1{unit}"))[:1] if unit else ()


def _measure(text: str, row: Row) -> str:
    """Return what a row of years' figures is of, as the words before it say."""
    if not row.names or not all(map(_YEAR.fullmatch, row.names)):
        return ""
    words = _CLAUSE.split(text[: row.figures[0].start])[-1]
    for run in years.runs(words)[::-1]:
        words = words[run.span.end :]
    return _SAID.sub("", words).strip()


_YEAR = re.compile(r"20[0-9]{2}年")
_SAID = re.compile(r"分别|依次|将|有望|[为是达约至]+\s*$|预计|对应|同比|respectively")


def owner(text: str, figure: Figure) -> tuple[str | None, tuple[str, ...]]:
    """Return the name that `figure` belongs to by order, and all names of its row."""
    for row in rows(text):
        for name, other in zip(row.names, row.figures, strict=False):
            if other.start == figure.start:
                return name, row.names
    return None, ()


@functools.lru_cache(maxsize=1024)
def rows(text: str) -> tuple[Row, ...]:
    """Return the rows of figures of `text` in order, with the names that order gives them."""
    every = [f for f in figures.find(text) if f.kind is not Kind.DATE]
    found: list[Row] = []
    for span in sentences(text):
        inside = [f for f in every if span.start <= f.start < span.end]
        found += _bracketed(text, span, inside)
        for run in _runs(text, span.start, inside):
            row = _named(text, span, run, inside)
            row = row if row.names else _taken_up(text, span, row, found)
            found.append(row if row.names else _one_by_one(text, span, row, inside))
    return tuple(found)


def _bracketed(text: str, sentence: Span, inside: Sequence[Figure]) -> Iterator[Row]:
    """Yield the rows whose names have their figures behind them in brackets: 甲（5%）、乙（4%）.

    One that stands alone in a sentence with others is a row by itself that knows their names.
    """
    held = {(f.start, f.end): f for f in inside}
    runs: list[list[tuple[re.Match[str], Figure]]] = []
    for item in _IN_BRACKETS.finditer(text, sentence.start, sentence.end):
        figure = held.get(item.span("figure"))
        if figure is None:
            continue
        if runs and _BETWEEN_ITEMS.fullmatch(text, runs[-1][-1][0].end(), item.start()):
            runs[-1].append((item, figure))
        else:
            runs.append([(item, figure)])
    named = [tuple(_AND.sub("", _HEAD.sub("", i["name"])) for i, _ in run) for run in runs]
    every = [name for names in named for name in names]
    for run, names in zip(runs, named, strict=True):
        others = tuple(n for n in every if n not in names) if len(run) == 1 else ()
        if len(names) + len(others) > 1:
            listed = Span(run[0][0].start(), run[-1][0].end("name")) if len(run) > 1 else None
            yield Row(tuple(f for _, f in run), (*names, *others), listed)


def _lead(text: str, sentence: Span, start: int) -> str:
    """Return the words of a clause before offset `start`."""
    clauses = [m.end() for m in _CLAUSE.finditer(text, sentence.start, start)]
    return text[clauses[-1] if clauses else sentence.start : start]


def _taken_up(text: str, sentence: Span, row: Row, before: Sequence[Row]) -> Row:
    """Return `row` with the names of the row before it, where its words refer to them."""
    start = row.figures[0].start
    lead = _lead(text, sentence, start)
    last = next((r for r in reversed(before) if len(r.names) == len(r.figures)), None)
    if last and len(last.names) == len(row.figures) and _REFERS.search(lead):
        return Row(row.figures, last.names, None)
    return row


_NUMBERED = re.compile(
    r"第?(?P<first>[0-9]{1,2})(?P<what>组|层|档|分位)(?:[（(][^（）()]*[）)])?\s*(?:至|到|[-–—~〜])\s*第?(?P<last>[0-9]{1,2})(?P=what)"
)


def _by_number(text: str, start: int, run: Sequence[Figure]) -> Row:
    """Return the row of figures that follow as many groups: 第1组至第10组年化收益依次为."""
    for match in reversed(list(_NUMBERED.finditer(text, start))):
        first, last = int(match["first"]), int(match["last"])
        step = 1 if last > first else -1
        if abs(last - first) + 1 == len(run):
            names = tuple(f"第{n}{match['what']}" for n in range(first, last + step, step))
            return Row(tuple(run), names, Span(match.start(), match.end()))
    return Row(tuple(run), *(years.quarters(text, start) if len(run) == 4 else ((), None)))


_ITEM = re.compile(r"(?:^|[，、,：:])\s*(?P<name>[A-Za-z\u4e00-\u9fff]{2,12})$")


def _one_by_one(text: str, sentence: Span, row: Row, inside: Sequence[Figure]) -> Row:
    """Return `row` with the names that figures before it stand behind: 甲7亿元，乙2亿元；利润依次为1亿元和3亿元."""
    start, many = row.figures[0].start, len(row.figures)
    before = [f for f in inside if f.end <= start and not _counts_names(text, f)][-many:]
    lead = _lead(text, sentence, start)
    if len(before) < many or not _BY_ORDER.search(lead) or len({f.kind for f in before}) > 1:
        return row
    ends = [sentence.start, *(f.end for f in before)]
    spoken = [text[end : f.start] for end, f in zip(ends, before, strict=False)]
    items = [_ITEM.search(words) for words in spoken]
    if not all(items) or any(m and i and m.start() for i, m in enumerate(items)):
        return row
    return Row(row.figures, tuple(m["name"] for m in items if m), None)


def _runs(text: str, start: int, inside: Sequence[Figure]) -> list[list[Figure]]:
    """Return the runs of two or more figures with only separators between them."""
    runs: list[list[Figure]] = []
    for figure in inside:
        last = runs[-1][-1] if runs else None
        if last and _joins(text, start, last, figure):
            runs[-1].append(figure)
        else:
            runs.append([figure])
    return [run for run in runs if len(run) > 1]


def _joins(text: str, start: int, last: Figure, figure: Figure) -> bool:
    gap = text[last.end : figure.start]
    clause = max((m.end() for m in _CLAUSE.finditer(text, start, last.start)), default=start)
    ordered = bool(_BY_ORDER.search(text, clause, last.start))
    shared = last.kind is Kind.NUMBER and (ordered or "/" in gap)  # a unit: 0.62/0.81元
    if (last.kind is figure.kind or shared) and _BETWEEN_FIGURES.fullmatch(gap):
        return True
    return ordered and gap[:1] != "，" and _REPEATED.fullmatch(gap) is not None


def _named(text: str, sentence: Span, run: Sequence[Figure], inside: Sequence[Figure]) -> Row:
    start, end = sentence.start, run[0].start
    ordered = (
        _BY_ORDER.search(text, start, end) or text.find("respectively", end, sentence.end) >= 0
    )
    if english := pairs_en.names(text, start, run):
        return Row(tuple(run), *english)
    cuts = [start, *(m.end() for m in _CLAUSE.finditer(text, start, end)), end]
    # 盈利预测、估值与评级：预计2025-2027年: nothing before the years is a list that they are not
    begun = max((s.start for s in _spans_of_years(text, start, end, len(run))), default=start)
    cuts = [begun, *(cut for cut in cuts if cut > begun)]
    for low, high in reversed(list(zip(cuts, cuts[1:], strict=False))):
        amounts = (f.start for f in inside if not _counts_names(text, f))
        high = min([high, *(at for at in amounts if low <= at < high)])
        listed = text[low:high]
        if (
            not ordered
            and "、" not in listed
            and not re.search(r"\b(?:were|are)\W+(?:about |around |some )?$", listed)
        ):
            continue
        for pieces in _splits(listed):
            names = _names(pieces) if len(pieces) == len(run) else None
            if names and text.find(names[0], low) < 0:  # of a compound
                return Row(tuple(run), names, Span(low, high))
            if names:
                first = text.index(names[0], low)
                last = text.index(names[-1], max(first, high - len(pieces[-1]) - 2))
                return Row(tuple(run), names, Span(first, last + len(names[-1])))
    return _by_year(text[:end], start, run)


def _spans_of_years(text: str, start: int, end: int, many: int) -> Iterator[Span]:
    """Yield where `many` years stand in a run that is no item: not 2016年至2018年、2019年至2021年."""
    for found in years.runs(text[start:end]):
        low, high = start + found.span.start, start + found.span.end
        listed = text[low - 1 : low] == "、" or text[high : high + 1] == "、"
        if len(found.years) == many and not listed:
            yield Span(low, high)


def _by_year(text: str, start: int, run: Sequence[Figure]) -> Row:
    """Return the row of figures that follow as many years: 2025-2027年净利润分别为1.2、1.5、1.9亿元."""
    said = [r for r in years.runs(text) if r.span.start >= start and len(r.years) == len(run)]
    if not said:
        return _by_number(text, start, run)
    return Row(tuple(run), tuple(f"{year}年" for year in said[-1].years), said[-1].span)


def _counts_names(text: str, figure: Figure) -> bool:
    """Return whether a figure counts the names of a list or stands in one: 等4家企业, 精选50组合."""
    if text[figure.end - 1 : figure.end + 1] in ("年期", "月期", "天期"):  # of a bond
        return True
    if figure.kind is Kind.NUMBER and figure.text.isdigit():
        if _INDEX.search(text, max(0, figure.start - 3), figure.start):
            return True
        return is_cjk(text[figure.end : figure.end + 1] or " ")
    return figure.kind is Kind.COUNT and figure.value < _MANY and "." not in figure.text


_INDEX = re.compile(r"(?:沪深|[中国上深]证|科创|创业板|标普)$")
"""Names of indices that end in a number: 沪深300、中证500."""
_COMPOUNDS = {"产销": ("产量", "销量"), "进出口": ("进口", "出口"), "存贷款": ("存款", "贷款")}
"""Two measures in one word: 产销分别为958.7万辆和949.5万辆."""


def _splits(listed: str) -> Iterator[list[str]]:
    """Yield the ways to read a clause as a list: 和 and 及 may join names or stand inside one."""
    every = _LIGHT.split(listed)
    yield every
    for word, (one, two) in _COMPOUNDS.items():
        if len(every) == 1 and word in listed:
            before, _, after = listed.partition(word)
            yield [before + one, two + after]
    steps = _STEP.split(listed)
    light = list(_LIGHT.finditer(steps[-1]))
    if len(steps) > 1 and light:
        yield [*steps[:-1], steps[-1][: light[-1].start()], steps[-1][light[-1].end() :]]
    yield steps
    whole = list(_LIGHT.finditer(listed))
    if len(whole) > 1 and len(steps) == 1:
        yield [listed[: whole[-1].start()], listed[whole[-1].end() :]]


_RATE = re.compile(r"率|增速|占比|份额")
_OF_ALL = re.compile(
    r"(?<=..)(?:中票|债券|销售)?(?:(?:费用|收益|毛利|净利|不良|充足|出租)率|增速|占比|份额)$"
)
"""What all of a list are measured by, behind its last: 境外、境内毛利率."""


def _names(pieces: Sequence[str]) -> tuple[str, ...] | None:
    """Return the names that the pieces of a list are, or None when they are no list."""
    items = [piece.strip() for piece in pieces]
    last = _TAIL.sub("", items[-1]).strip() or _BARE_TAIL.sub("", items[-1]).strip()
    if not any(map(_RATE.search, items[:-1])):
        last = _OF_ALL.sub("", last)
    names = [_HEAD.sub("", items[0]), *items[1:-1], _COUNTED.sub("", last)]
    if not all(names) or any(n.isdigit() or len(n) > _LONGEST for n in names):
        return None
    inside = [f for n in names for f in figures.find(n) if n[f.end : f.end + 1] != "期"]
    inside = [f for f in inside if f.kind is not Kind.DATE]
    if any(f.text[:1].isascii() and f.kind is not Kind.NUMBER for f in inside):
        return None
    return tuple(names)
