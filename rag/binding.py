"""A figure in its setting -> what governs it: subject, measure, period, direction, as words.

The words near a figure weigh most, those of its sentence less, those around it least. Two figures
are compared by the words they share, rare words counting more. Knows nothing of drafts or answers.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag import cells, clauses, ellipsis, figures, marks, measures, period, timing, trend
from rag.clauses import Setting
from rag.figures import Figure, Kind
from rag.period import Period
from rag.question import content_terms
from rag.schema import Passage
from rag.text import Span, fold, is_cjk, plain, sentences
from rag.timing import Timing


@dataclass(frozen=True, slots=True)
class Slot:
    """A figure and what governs it."""

    label: int
    """Of its passage; 0 in a draft."""
    setting: Setting
    readings: tuple[Figure, ...]
    """The figure as printed; for a cell with a unit line, as worth in its units."""
    words: Mapping[str, float]
    """Word -> weight, the closer to the figure the higher."""
    near: frozenset[str]
    """The words that touch it."""
    tone: tuple[int, ...]
    """The signs of the words of growth and decline, profit and loss that touch it."""
    timing: Timing
    dates: tuple[Figure, ...] = ()
    """The dates of its sentence."""

    moves: bool = False
    """Whether its sentence tells a change from one level to another, hence of two periods."""
    written: tuple[Period, ...] = ()
    """The years that the date of its report makes likely."""
    bound: int = 0
    """+1 where the words say at least, -1 where they say at most."""
    overlap: frozenset[str] = frozenset()
    """All words of its sentence."""
    latin: bool = False
    """Whether its sentence is in Latin script."""
    word: bool = False
    """Whether it reads as part of a name: 3 nm, 三家."""

    @property
    def figure(self) -> Figure:
        """Return the figure as printed."""
        return self.setting.figure

    @property
    def sentence(self) -> Span:
        """Return the sentence or row it stands in."""
        return self.setting.sentence


_WEIGHTS = {
    "near": 1.0,
    "name": 1.0,
    "after": 0.7,
    "clause": 0.8,
    "head": 0.8,
    "lead": 0.6,
    "part": 0.5,
    "aside": 0.3,
    "rest": 0.1,
}
_NEVER = 9999
_RESULTS_BY = 4
"""A report of a later month speaks of its own year where it names none."""
_BEFORE, _HEADINGS, _TITLE = 0.3, 0.3, 0.2
_BARE = 0.7
"""Of the words of the sentence before, where a clause names no measure of its own."""


def of_passage(passage: Passage) -> tuple[Slot, ...]:
    """Return the slots of a passage, in order, all words in simplified script."""
    document = passage.document
    return _of_passage(
        passage.label, plain(passage.text), plain(passage.head), tuple(passage.heading_path), document.title,
        document.published or "",
    )  # fmt: skip


@functools.lru_cache(maxsize=256)
def _of_passage(
    label: int, text: str, head: str, headings: tuple[str, ...], title: str, published: str
) -> tuple[Slot, ...]:
    inner = [words for words in headings[::-1] if words != title]
    around = [
        *timing.captioned(cells.title(text, head)),
        *(_undated(p) for words in inner for p in period.find(_COMMA.split(words)[0])),
    ]
    # the month of a title is often that of publication; a year to come is what it looks ahead to
    latest = int(published[:4]) if published else _NEVER
    around += [Period(p.text, p.year) for p in period.find(title) if p.year and p.year <= latest]
    late = published and int(published[5:7]) > _RESULTS_BY
    date = Period(published, int(published[:4])) if late else None
    written = tuple(Period(published, int(published[:4]) - n) for n in (0, 1)) if published else ()
    outer = _weighed({}, " ".join(headings), _HEADINGS)
    outer = _weighed(outer, title, _TITLE)
    spans = sentences(text)
    found: list[Slot] = []
    for setting in (ellipsis.measured(text, s) for s in clauses.settings(text, head)):
        at = next(i for i, s in enumerate(spans) if s == setting.sentence)
        before = [timing.main(text[s.start : s.end]) for s in spans[:at][::-1]]
        near = [p for p in before if p]
        context = dict(outer)
        if at:
            bare = not _tokens(f"{setting.near} {setting.clause} {setting.head} {setting.lead}")
            weight = _BARE if bare else _BEFORE
            context = _weighed(context, text[spans[at - 1].start : spans[at - 1].end], weight)
        timed = timing.of(text, setting, (*near, *around), date, published)
        dates = tuple(
            f
            for f in figures.find(text)
            if f.kind is Kind.DATE and setting.sentence.start <= f.start < setting.sentence.end
        )
        found.append(
            replace(_slot(text, label, setting, timed, context), dates=dates, written=written)
        )
    moving = {s.sentence for s in found if "~from" in s.near}
    return tuple(replace(s, moves=True) if s.sentence in moving else s for s in found)


_COMMA = re.compile("[，,]")
"""分红率提升，2025年目标务实: the time of a later half of a heading is not that of its section."""


def _undated(stated: Period) -> Period:
    """Return the period of a heading; of a whole date the year: it is that of publication."""
    return Period(stated.text, stated.year) if stated.day and stated.year else stated


def of_draft(text: str, periods: Sequence[Period]) -> tuple[Slot, ...]:
    """Return the slots of a drafted sentence, words in simplified script; `periods` are the question's."""
    said = plain(text)
    found = (
        _slot(said, 0, setting, timing.of(said, setting, tuple(periods)), {})
        for setting in clauses.settings(said)
    )
    return tuple(_as_written(slot, text) for slot in found)


def _as_written(slot: Slot, text: str) -> Slot:
    """Return a drafted slot whose figure is printed as in the draft: 400百萬港元."""
    figure = slot.figure
    written = replace(figure, text=text[figure.start : figure.end])
    return replace(slot, setting=replace(slot.setting, figure=written))


def _slot(
    text: str, label: int, setting: Setting, timed: Timing, context: Mapping[str, float]
) -> Slot:
    words = context
    for level, weight in sorted(_WEIGHTS.items(), key=lambda item: item[1]):
        words = _weighed(words, getattr(setting, level), weight)
    marked = marks.of(setting, passage=bool(label))
    near = _tokens(f"{setting.name} {setting.near}") | marked
    by_weight = sorted({**words, **dict.fromkeys(marked, 1.0)}.items(), key=lambda item: item[1])
    words = {marks.sold(setting, word): weight for word, weight in by_weight}
    near = frozenset(marks.sold(setting, word) for word in near)
    return Slot(
        label, setting, _readings(setting), words, near, trend.signs(setting.turn) or trend.signs(setting.near), timed,
        bound=_bound(setting.near),
        overlap=frozenset() if setting.cell else _tokens(text[setting.sentence.start : setting.sentence.end]),
        latin=not any(map(is_cjk, text)),
        word=clauses.is_word(text, setting.figure),
    )  # fmt: skip


def _readings(setting: Setting) -> tuple[Figure, ...]:
    figure = setting.figure
    if not setting.units:
        return (figure,)
    return tuple(
        replace(
            figure,
            kind=u.kind,
            unit=u.unit,
            value=figure.value * u.value,
            step=figure.step * u.value,
        )
        for u in setting.units
    )


def _weighed(words: Mapping[str, float], text: str, weight: float) -> dict[str, float]:
    """Return `words` with those of `text` at `weight`, where that is more."""
    found = dict(words)
    for token in _tokens(text):
        found[token] = max(weight, found.get(token, 0.0))
    return found


@functools.lru_cache(maxsize=16384)
def _tokens(text: str) -> frozenset[str]:
    if not text.strip():
        return frozenset()
    still = _FUNCTION.sub(" ", trend.without_verbs(text))
    words = {w.removesuffix("'s") for w in content_terms(still)} | _pieces_of_names(still)
    return frozenset(words - _LIGHT) | measures.named(text)


def _pieces_of_names(text: str) -> set[str]:
    """Return pairs of neighbouring Chinese characters, names are in no dictionary, and the A of A组."""
    runs = re.findall(r"[\u3400-\u9fff]+", fold(text))
    letters = {letter.lower() for letter in _LETTER.findall(text)}
    return letters | {run[i : i + 2] for run in runs for i in range(len(run) - 1)}


_LETTER = re.compile(r"(?<![A-Za-z0-9])[A-Z](?= ?[\u4e00-\u9fff])")
_FUNCTION = re.compile(r"分别|依次|为|是|达到?|实现|录得|超过|约|各")
_LIGHT = frozenset(
    "分别 约 为 亿 万 元 达 实现 录得 较 比 由 从 至 到 占 各 均 合计 年 月 日 季度 同期".split()
)


def read_as(slot: Slot, readings: Sequence[tuple[str, re.Pattern[str]]], around: str) -> Slot:
    """Return `slot` with one word more for every name or term that stands at it in any form.

    Args:
        slot: A drafted figure or one of a passage.
        readings: Common word -> its forms in lower case: other names, the other language.
        around: Headings and title.
    """
    found = dict(slot.words)
    texts = [(getattr(slot.setting, level), weight) for level, weight in _WEIGHTS.items()]
    for text, weight in (*texts, (around, _HEADINGS)):
        folded = fold(text) if text.strip() else ""
        for word, forms in readings:
            if folded and found.get(word, 0.0) < weight and forms.search(folded):
                found[word] = weight
    return replace(slot, words=found) if len(found) > len(slot.words) else slot


class Scale:
    """How much each word tells one slot of a set from another."""

    def __init__(self, slots: Iterable[Slot]) -> None:
        """Count in how many slots each word stands close to the figure."""
        counted = [{w for w, weight in s.words.items() if weight > _HEADINGS} for s in slots]
        self._frequency = Counter(w for words in counted for w in words)
        self._total = len(counted)

    def worth(self, word: str) -> float:
        """Return the inverse document frequency of `word`."""
        return math.log(1 + (1 + self._total) / (1 + self._frequency[word]))


def likeness(claim: Slot, asked: frozenset[str], slot: Slot, scale: Scale) -> float:
    """Return how far the words that govern `claim` govern `slot`: 1 for all, at the same closeness.

    Args:
        claim: A drafted figure.
        asked: The words of the question, which the sentence may leave out.
        slot: A figure of a passage.
        scale: Of all slots it competes with.
    """
    said = _said(claim, asked, scale)
    total = sum(weight * scale.worth(word) for word, weight in said.items())
    shared = sum(
        min(weight, slot.words.get(word, 0.0)) * scale.worth(word) for word, weight in said.items()
    )
    strange = [w for w in slot.near if w not in said and w[0] != "~"]
    known = sum(scale.worth(w) for w in slot.near if w[0] != "~") or 1.0
    alien = sum(scale.worth(w) for w in strange) / known
    turns = len({m for m in slot.near if m in _TURNS} - claim.words.keys())
    return (shared / total if total else 0.0) - _STRANGE * alien - TURN * turns


def _said(claim: Slot, asked: frozenset[str], scale: Scale) -> Mapping[str, float]:
    """Return the words of the claim, and of the question what it leaves out, but never more of it."""
    others = [n for n in claim.setting.names if n != claim.setting.name]
    silent = frozenset(w for n in others for w in _tokens(n)) - claim.near
    left = [w for w in asked if w not in claim.words and w not in silent]
    own = sum(weight * scale.worth(w) for w, weight in claim.words.items())
    theirs = sum(scale.worth(w) for w in left) * _ASKED
    weight = _ASKED * min(1.0, _ASKED_MASS * own / theirs) if own and theirs else _ASKED
    return {**dict.fromkeys(left, weight), **claim.words}


def contrast(
    claim: Slot, asked: frozenset[str], slot: Slot, other: Slot, scale: Scale
) -> tuple[float, float]:
    """Return how much of the claim's words `other` has closer than `slot`, and `slot` than `other`."""
    foreign = claim.latin is not slot.latin  # then only names and measures tell
    said, gain, loss = _said(claim, asked, scale), 0.0, 0.0
    for word, weight in said.items():
        there, here = (min(weight, s.words.get(word, 0.0)) for s in (other, slot))
        more = (there - here) * scale.worth(word)
        gain += max(0.0, more) if not foreign or word[0] in "@#" else 0.0
        loss += max(0.0, -more)
    total = sum(weight * scale.worth(word) for word, weight in said.items()) or 1.0
    return gain / total, loss / total


_ASKED = 0.3
_ASKED_MASS = 0.6
"""What the words of the question may weigh beside those of the draft."""
_STRANGE = 0.15
_TURNS = ("~from", "~than", "~prior")
"""Marks of a figure that another is compared with: it is not the one the sentence reports."""
TURN = 0.08


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text as `likeness` compares them."""
    return _tokens(text)


def asked_words(question: str, claim: Slot) -> frozenset[str]:
    """Return the words of the part of a question that `claim` answers, of all of it where unclear.

    Without its periods: they are compared as periods.
    """
    for place in reversed(period.places(question)):
        if not place.relative:
            question = f"{question[: place.start]} {question[place.end :]}"
    parts = [part for part in _PARTS.split(question) if part.strip()]
    own = {w for w, weight in claim.words.items() if weight > _HEADINGS}
    counted = sorted(((len(own & _tokens(part)), part) for part in parts), reverse=True)
    if len(counted) > 1 and counted[0][0] > counted[1][0]:
        return _tokens(counted[0][1])
    return _tokens(question)


_PARTS = re.compile(r"[？?；;。]")


def _bound(near: str) -> int:
    """Return +1 for a figure that is said to be the least, -1 for the most, else 0."""
    return bool(_AT_LEAST.search(near)) - bool(_AT_MOST.search(near))


_AT_LEAST = re.compile(r"不低于|不少于|至少|不小于|\bat least\b|\bno less than\b", re.IGNORECASE)
_AT_MOST = re.compile(r"不高于|不超过|至多|最多|不多于|\bat most\b|\bno more than\b", re.IGNORECASE)
