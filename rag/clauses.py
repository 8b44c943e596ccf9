"""A sentence with figures -> the words around each: near it, in its clause, in what it leans on.

"收入100亿元，同比增长8%；毛利40亿元，同比增长19%": 19% stands near 同比增长 and leans on 毛利, not
on 收入. Reads words and punctuation; knows nothing of passages, measures or answers.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag import cells, figures, forward, pairs, period
from rag.figures import Figure, Kind
from rag.text import Span, is_cjk, sentences

_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Setting:
    """The words around one figure; figures and periods inside them are blanked."""

    figure: Figure
    sentence: Span
    """The sentence or table row it stands in."""
    near: str = ""
    """What touches it: before it since the figure before, for a cell the head of its column."""
    names: tuple[str, ...] = ()
    """All names of its row."""
    name: str = ""
    """What the order of a list gives it, for a cell the head of its row."""
    after: str = ""
    """What follows in its clause, up to the next figure."""
    clause: str = ""
    """The words of its clause before those near it."""
    head: str = ""
    """The words near the figure that its clause speaks of: the amount that grew."""
    lead: str = ""
    """The clauses without figures right before its own, the caption of a table."""
    aside: str = ""
    """The first clause with a figure and the one right before, whose subject may be its own; clauses
    without figures further before."""
    part: str = ""
    """What the first figure since the last semicolon is of: 增值服务毛利475亿元，毛利率57%；…"""
    rest: str = ""
    """Other clauses with figures before it in its sentence."""
    turn: str = ""
    """What stands between it and the figure before it in its row: a verb said again."""
    place: int = 0
    """Its place in a row of figures, from 1; 0 when it stands in none."""
    listed: bool = False
    """Whether the names of its row stand in its own sentence part, before it."""
    near_span: Span = _NOWHERE
    """Where `near` begins, and where `after` ends."""
    cell: bool = False
    """Whether it stands in a table."""
    units: tuple[Figure, ...] = ()
    """For a cell or a bare number of a row: what one of the printed number is worth."""


_STRONG = re.compile(r"[；。！？;!?]|\.(?=\s|$)")
_WEAK = re.compile(r"[，：]|,(?![0-9]{3}(?![0-9]))|:(?![0-9])|——")
_JOINT = re.compile(
    r"[ \u3000]*[）)]?[ \u3000]*(?:、|以及|和|与|及|而|(?:, )?and\b|(?:, )?while\b|/)"
)
_AND = re.compile(r"\b(?:and|while|but)\b", re.IGNORECASE | re.ASCII)
_REACHED = re.compile(r"(?:至|到|\bto)[^0-9，,]{0,4}$", re.IGNORECASE)
"""From 25 to 28: what is said of the one is said of the other."""
_TIME = r"(?:(?:20)?[0-9]{2}年)?(?:[0-9]{1,2}月份?|[0-9]{4}年|[上下]半年|全年|前?[一二三四]季度|前三季度|(?:20[0-9]{2})?[QH][1-4])[初末底]?"
LEANS = re.compile(
    r"[ \u3000]*(?:其中|[（(]?(?:yoy|qoq|y/y|q/q)|(?:则|也|均|都|却|又|再|但|且|并|为|约|环比|同比|按年|按季|按月|分别|当年|名义|实际|累计|合计)*"
    r"(?:同比|环比|按年|按季|增[速长幅]|降幅|涨幅|跌幅|升幅|增加|减少|下降|上升|提[高升]|上涨|下跌|下滑|回落|收窄|扩大|多增|少增)"
    r"|[约仅]?占|占比|[约仅]?相当于|较|比(?=上|去|前|前年|同|第|市|预|年|一|二|三|四|[0-9 ])|高于|低于|高出|低出|多于|少于"
    r"|(?:而|但)?(?:去年|上年|上一?年|上一?[季月]度?|前一年|同期|上年同期|去年同期|此前)|对应|折合|约合|首次|创(?:下|出|了)?(?:历史|新[高低]|纪录|单季)"
    rf"|{_TIME}(?:[、和与]{_TIME})*(?:分别|则|约|仅)*[为是]?(?=[-−+]?[0-9])(?![0-9]{{1,2}}月)"
    r"|up\b|down\b|an? (?:increase|decrease|rise|drop|gain|decline|fall|improvement)\b|against\b|compared\b|versus\b|vs\b"
    r"|(?:and )?from\b|after\b|representing\b|equivalent\b|or\b|higher\b|lower\b|growing\b|rising\b|falling\b|which\b)",
    re.IGNORECASE,
)
"""How a clause opens that speaks of what the clause before it names."""
_AMONG = re.compile(r"[ \u3000]*其中")
_BLANK = " "
_FEW = 100
_LONG = 4


@functools.lru_cache(maxsize=2048)
def settings(text: str, head: str = "") -> tuple[Setting, ...]:
    """Return the setting of every figure of `text` that is no date, in order.

    Args:
        text: A sentence or a passage.
        head: Of a passage with rows of a table the lines it takes to read them.
    """
    amounts = [f for f in figures.find(text) if f.kind is not Kind.DATE]
    celled = {c.start: c for c in cells.find(text, head)}
    found: list[Setting] = []
    for sentence in sentences(text):
        inside = [f for f in amounts if sentence.start <= f.start < sentence.end]
        in_table = {f.start: c for f in inside if (c := _cell_at(celled, f))}
        if in_table:
            found += [
                _of_cell(f, sentence, in_table[f.start])
                if f.start in in_table
                else Setting(f, sentence)
                for f in inside
            ]
        elif inside:
            found += _Sentence(text, sentence, inside).settings()
    return tuple(found)


def _cell_at(celled: dict[int, cells.Cell], figure: Figure) -> cells.Cell | None:
    """Return the cell that holds `figure`, whose sign or bracket it may leave out."""
    return next((celled[at] for at in (figure.start, figure.start - 1) if at in celled), None)


def _of_cell(figure: Figure, row: Span, cell: cells.Cell) -> Setting:
    units = cell.units if figure.kind is Kind.NUMBER else ()
    return Setting(
        figure, row, near=cell.column, name=cell.row, lead=cell.caption, cell=True, units=units,
        near_span=Span(figure.start, figure.end),
    )  # fmt: skip


class _Sentence:
    """One sentence while its clauses are read."""

    def __init__(self, text: str, span: Span, inside: Sequence[Figure]) -> None:
        self._text = text
        self._span = span
        self._every = inside
        self._figures = [f for f in inside if not is_word(text, f)]
        self._words = _blanked(text, span, self._figures)
        self._cuts = _cuts(text, span, self._figures)
        self._strong = [m.end() for m in _STRONG.finditer(text, span.start, span.end)]
        both = list(zip(inside, inside[1:], strict=False))
        self._counted = [f for pair in both if forward.pair(text, *pair) for f in pair]
        starts = {f.start for f in inside}
        self._rows = [r for r in pairs.rows(text) if r.figures[0].start in starts]

    def settings(self) -> list[Setting]:
        """Return the settings of its figures, in order."""
        found: list[Setting] = []
        for figure in self._every:
            found.append(self._setting(figure, found))
        return found

    def _setting(self, figure: Figure, before: Sequence[Setting]) -> Setting:
        row = next((r for r in self._rows if figure in r.figures), None)
        first = row.figures[0] if row else figure
        clause = self._clause(first.start)
        inner = [f for f in self._figures if clause.start <= f.start < first.start]
        start = inner[-1].end if inner else clause.start
        last = row.figures[-1] if row else figure
        stop = min([clause.end, *(f.start for f in self._figures if f.start >= last.end)])
        followed = any(last.end <= f.start < clause.end for f in self._figures)
        names = row.list if row and row.names else None
        place = row.figures.index(figure) if row else -1
        lead, aside = self._lead(clause.start, names)
        found = Setting(
            figure,
            self._span,
            near=self._read(start, first.start, names),
            names=row.names if row else (),
            name=row.names[place] if row and row.names else "",
            after="" if followed else self._read(last.end, stop, names),
            clause=self._read(clause.start, start, names),
            lead=lead,
            aside=f"{aside} {'' if followed else self._follow(clause.end)}".strip(),
            turn=self._text[row.figures[place - 1].end : figure.start] if row and place else "",
            place=place + 1,
            units=pairs.units(row, figure) if row else (),
            listed=names is not None,
            near_span=Span(start, last.end if followed else stop),
        )
        if figure in self._counted or (figure.kind is Kind.COUNT and not found.near):
            found = replace(found, near=f"{found.near} {found.after}")
        if inner and _REACHED.search(found.near):
            found = replace(found, near=f"{found.clause} {found.near}")
        return _alone(self._leaning(found, clause, before, row))

    def _leaning(
        self, found: Setting, clause: Span, before: Sequence[Setting], row: pairs.Row | None
    ) -> Setting:
        """Return `found` with the words of the clauses before it, its head apart."""
        earlier = [s for s in before if s.figure.start < clause.start and s.figure in self._figures]
        leaning = LEANS.match(self._text, clause.start, clause.end) is not None
        heads = [s for s in earlier if not self._leans(s)] if leaning else []
        if not heads:
            begins = max((m for m in self._strong if m <= clause.start), default=self._span.start)
            since = [s for s in earlier if s.figure.start >= begins]
            beside = [s for s in earlier if s in ((since or earlier)[0], earlier[-1])]
            others = [s for s in earlier if s not in beside]
            return replace(
                found,
                aside=f"{found.aside} {_joined(beside)}",
                part=_joined(since[:1]),
                rest=_joined(others),
            )
        head = heads[-1]
        if row and len(row.figures) > 1:
            counterpart = heads[-len(row.figures) :]
            at = row.figures.index(found.figure)
            if len(counterpart) == len(row.figures):
                head = counterpart[at]
                found = replace(found, name=found.name or counterpart[at].name)
        rest = [s for s in earlier if s is not head]
        words = " ".join((head.name, head.near, head.clause, head.after))
        return replace(found, aside=f"{found.aside} {head.head}", head=words, rest=_joined(rest))

    def _leans(self, setting: Setting) -> bool:
        """Return whether a figure is of what an earlier clause names; 其中海外收入 names a part itself."""
        clause = self._clause(setting.figure.start)
        part = _AMONG.match(self._text, clause.start, clause.end)
        start = part.end() if part else clause.start
        leaning = LEANS.match(self._text, start, clause.end) is not None
        return leaning or (part is not None and not setting.near.removeprefix("其中").strip())

    def _clause(self, offset: int) -> Span:
        at = bisect.bisect_right(self._cuts, offset)
        return Span(self._cuts[at - 1], self._cuts[at])

    def _lead(self, end: int, names: Span | None) -> tuple[str, str]:
        """Return the clauses without figures right before offset `end`, and those further before."""
        near: list[str] = []
        far: list[str] = []
        for start, stop in zip(self._cuts, self._cuts[1:], strict=False):
            if stop > end:
                break
            if any(start <= f.start < stop for f in self._figures):
                far, near = far + near, []
            else:
                near.append(self._read(start, stop, names))
        return " ".join(near), " ".join(far)

    def _follow(self, begin: int) -> str:
        """Return the clauses without figures right after offset `begin`: 小于1.8时，则表明陷入困境."""
        near: list[str] = []
        for start, stop in zip(self._cuts, self._cuts[1:], strict=False):
            if start < begin:
                continue
            if start in self._strong or any(start <= f.start < stop for f in self._figures):
                break
            near.append(self._read(start, stop, None))
        return " ".join(near)

    def _read(self, start: int, end: int, names: Span | None) -> str:
        """Return the words of a stretch; a list of names is left to the name that counts."""
        words = self._words[start - self._span.start : end - self._span.start]
        if names is None or names.start >= end or names.end <= start:
            return words.strip()
        low, high = max(names.start, start) - start, min(names.end, end) - start
        return f"{words[:low]} {words[high:]}".strip()


def _alone(setting: Setting) -> Setting:
    """Return `setting` without the other names of its row: they are not what it is of."""
    others = [n for n in setting.names if n != setting.name]

    def without(words: str) -> str:
        for name in others:
            words = words.replace(name, _BLANK)
        return words

    return (
        replace(
            setting,
            head=without(setting.head),
            aside=without(setting.aside),
            rest=without(setting.rest),
        )
        if others
        else setting
    )


_MAKES = re.compile(
    r"(?<![A-Za-z])(?:[A-Z][A-Za-z]*[a-z]|[a-z]+[A-Z][A-Za-z]*)(?:[ -][A-Z][A-Za-z]*)*[ -]?$"
)
"""A make before its number, as Chinese text holds it; measures are in capitals: PE 20."""
_MAKE = 24


def is_word(text: str, figure: Figure) -> bool:
    """Return whether a figure reads as part of a name or a count of kinds: 3 nm, Mate 60, 三家."""
    if figure.text[:1] not in "0123456789+-−–¥$€£" and figure.kind is Kind.COUNT:
        return not any(c.isdigit() for c in figure.text) and figure.value < _FEW
    if figure.kind is not Kind.NUMBER or not figure.text.isdigit() or len(figure.text) >= _LONG:
        return False
    if re.match(r"[ ]?[A-Za-z\u4e00-\u9fff]", text[figure.end : figure.end + 2]):
        return True
    return bool(make_of(text, figure))


def make_of(text: str, figure: Figure) -> str:
    """Return the name that ends with a plain number in Chinese text, as Mate 60; "" for none."""
    before = text[max(0, figure.start - _MAKE) : figure.start]
    make = _MAKES.search(before)
    named = make and figure.kind is Kind.NUMBER and any(map(is_cjk, before))
    return before[make.start() :] + figure.text if make and named else ""


def _joined(settings: Sequence[Setting]) -> str:
    return " ".join(" ".join((s.name, s.near)) for s in settings)


def _blanked(text: str, span: Span, inside: Sequence[Figure]) -> str:
    """Return the sentence with figures and absolute periods blanked, as long as before."""
    body = list(text[span.start : span.end])
    taken = [(f.start, f.end) for f in inside]
    taken += [
        (span.start + p.start, span.start + p.end)
        for p in period.places(text[span.start : span.end])
        if not p.relative
    ]
    for start, end in taken:
        low, high = start - span.start, end - span.start
        body[low:high] = _BLANK * (high - low)
    return "".join(body)


def _cuts(text: str, span: Span, inside: Sequence[Figure]) -> list[int]:
    """Return where the clauses of a sentence begin, and its end."""
    marks = [m.end() for p in (_STRONG, _WEAK) for m in p.finditer(text, span.start, span.end)]
    rows = {f.start for r in pairs.rows(text) for f in r.figures[1:]}
    for figure, following in zip(inside, inside[1:], strict=False):
        joint = _JOINT.match(text, figure.end, span.end) or _AND.search(
            text, figure.end, following.start
        )
        if joint and following.start not in rows:
            marks.append(joint.end())
        elif forward.pair(text, figure, following):
            marks.append(following.start)
    runs = [Span(r.figures[0].start, r.figures[-1].end) for r in pairs.rows(text)]
    whole = [Span(f.start, f.end) for f in inside] + runs
    held = [m for m in marks if not any(w.start < m < w.end for w in whole)]
    return sorted({span.start, *held, span.end})
