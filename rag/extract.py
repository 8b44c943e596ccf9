"""A question after one figure + passages -> the figures that its words are said of, best first.

The model writes well and mixes up neighbours; the words around each figure tell them apart
(`rag.binding`). What is found here takes the place of a draft that its checks threw out, after
the same checks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rag import binding, figures, measures, period, repair, statement, subject, verify
from rag.binding import Slot
from rag.figures import Agreement, Figure, Kind, agree
from rag.fit import Candidate, Fit
from rag.locate import Missed, headings, locate
from rag.question import Query, readings
from rag.schema import Draft, Passage
from rag.statement import Statement
from rag.text import sentences
from rag.trend import Role
from rag.verify import Checked

MARGIN = 0.1
"""How far the best figure must be ahead of any other value (eval/LOG.md)."""
FEW_LOST, _MOST_LOST = 0.35, 0.55
"""Share of the question's words missing around a figure that still leaves it sure; that is too much."""
_LOSS = re.compile(r"亏|\bloss|\blost\b", re.IGNORECASE)
_LEAST = 0.0
"""Score below which a figure fits nothing of the question, though no other does either."""
_TRIED = 6
_UNSAID = 0.85
"""Share of the question's words from which a sentence does not say them at all."""
_BEHIND = 0.5
"""How far behind the best a figure may be and still be meant."""
_COUNTS = re.compile(r"数(?:量|目|额)?$|金额|余额|市值|收入|利润|成本|费用")
"""The head of a column whose bare numbers are no shares."""
_VAGUE = re.compile(r"[百千万亿]")
"""How a sum opens that is none: 千万元."""
_LEFT_OUT = re.compile(
    r"[（(](?:不含|不包括|不计|未计|excluding|excl\.?|ex|before)[^（()）]*[)）]", re.IGNORECASE
)
"""What is left out of a measure is none of its words: 初始投资（不含租金）."""
_NEXT_TO = re.compile(
    r"之前|以前|此前|之后|上一|前一|下一|后一|除了?|以外|另|其[他余]|第[二三四]|其次|\b(?:before|previous|other|next|after)\b",
    re.IGNORECASE,
)
"""A question after what stands beside the thing that it names."""
_OF_FACTORS = (statement.RATIO, statement.COEFFICIENT, statement.RETURN)
_STAND_IN = "7777.7"


def candidates(
    query: Query,
    passages: Sequence[Passage],
    *,
    wide: bool = False,
    kinds: frozenset[Kind] | None = None,
) -> tuple[Candidate, ...]:
    """Return the figures of the asked kind, best first; none where no single figure is asked for.

    Figures of another time or subject are left out. Where the words leave the kind open, only cells of
    tables are read, or, if `wide`, every figure. `kinds` takes the place of the kind that the words suggest.
    """
    asked = statement.of(query)
    asked = replace(asked, kinds=kinds) if asked and kinds else asked
    claim = _claim(query, asked) if asked else None
    if asked is None or claim is None:
        return ()
    slots = _slots(query, passages)
    fits = Fit(query, passages, claim, asked.kinds, slots)
    found = (fits.candidate(slot) for slot in slots if _of_kind(slot, asked, wide=wide))
    return tuple(sorted((c for c in found if c), key=lambda c: -c.score))


def _slots(query: Query, passages: Sequence[Passage]) -> list[Slot]:
    names = readings(query)
    return [
        binding.read_as(slot, names, headings(passage))
        for passage in passages
        for slot in binding.of_passage(passage)
    ]


def _several(query: Query, passages: Sequence[Passage]) -> bool:
    """Return whether the question joins two rows or columns of a table: 电子设备与办公设备的折旧率."""
    cells = [s.setting for p in passages for s in binding.of_passage(p) if s.setting.cell]
    labels = {label for cell in cells for label in (cell.name, cell.near)}
    said = sorted((x for x in labels if len(x) > 1 and x in query.text), key=len, reverse=True)
    return any(
        re.search(f"{re.escape(one)}(?:[和与及、]|以及){re.escape(other)}", query.text)
        for one in said
        for other in said
    )


@dataclass(frozen=True, slots=True)
class Extraction:
    """A checked statement of the figure that is asked for."""

    checked: Checked
    sure: bool
    """Whether it is far enough ahead, and said in the question's own words, to need no model."""


def answer(query: Query, passages: Sequence[Passage]) -> Extraction | None:
    """Return the statement of the asked figure that passes the checks, None where none is clear."""
    asked = statement.of(query)
    if asked is None or _several(query, passages):
        return None
    passing: list[tuple[Candidate, Checked]] = []
    able = candidates(query, passages)
    for candidate in able[:_TRIED]:
        text = asked.filled(_written(query, candidate), _turn(candidate.slot))
        checked = verify.check(query, Draft(query.original, tuple(passages), text, "", ""))
        if any(candidate.words.lstrip("+-−–") in s.text for s in checked.sentences):
            passing.append((candidate, checked))
    best = clear([candidate for candidate, _ in passing], query)
    if best is None or best.lost > _MOST_LOST:
        return None
    if able[0].score - best.score > MARGIN and able[0].lost <= _MOST_LOST:
        return None  # what fits best cannot be said, which makes no other figure the one asked for
    if best.score < _LEAST and best.lost > FEW_LOST:
        return None
    checked = next(checked for candidate, checked in passing if candidate is best)
    # reports tell the same measures of several portfolios in a row, named once
    told_of_many = asked.kinds in _OF_FACTORS and not best.slot.setting.cell
    return Extraction(checked, sure=best.lost <= FEW_LOST and not told_of_many)


def seconded(query: Query, passages: Sequence[Passage], draft: str) -> Checked | None:
    """Return the statement of the figure that stands where a draft has a neighbour's, None for none.

    Neither is sure alone: that the draft's words are said of it, and that the question's are. Both
    together are.
    """
    asked = statement.of(query)
    able = candidates(query, passages, wide=True)
    if asked is None or not able:
        return None
    best = able[0].slot
    for span in sentences(draft):
        for item in locate(query, passages, draft[span.start : span.end]):
            rival = item.rival if isinstance(item, Missed) else None
            same = rival and (rival.label, rival.figure) == (best.label, best.figure)
            meant = same and able[0].lost <= _MOST_LOST
            if not meant and not _of_the_other_time(query, passages, item.figure, able):
                continue
            text = asked.filled(_written(query, able[0]), _turn(best))
            checked = verify.check(query, Draft(query.original, tuple(passages), text, "", ""))
            if any(able[0].words.lstrip("+-−–") in s.text for s in checked.sentences):
                return checked
    return None


def _of_the_other_time(
    query: Query, passages: Sequence[Passage], drafted: Figure, able: Sequence[Candidate]
) -> bool:
    """Return whether the best is what a drafted figure is compared with: 1.79亿元，去年同期为1.21亿元.

    The model knows the measure by words that the report has not, and takes the figure of its own time;
    the one of the asked time beside it leans on the same words.
    """
    best = able[0].slot
    home = [c for c in able if (c.slot.label, c.slot.sentence) == (best.label, best.sentence)]
    if not query.periods or len({_value(c) for c in home}) > 1 or best.timing.period is None:
        return False
    own = {w for w in best.near if w[0] == "#"} - measures.SIDE
    return any(
        (slot.label, slot.sentence) == (best.label, best.sentence)
        and any(agree(drafted, reading) is Agreement.EXACT for reading in slot.readings)
        and slot.figure.unit == best.figure.unit
        and slot.figure.kind is best.figure.kind
        and slot.setting.name == best.setting.name
        and own <= slot.words.keys()
        and slot.timing.period is not None
        and period.conflicts(slot.timing.period, best.timing.period)
        for slot in binding.of_passage(next(p for p in passages if p.label == best.label))
    )


def outdone(query: Query, passages: Sequence[Passage], checked: Checked) -> Checked | None:
    """Return the statement of the figure beside a draft's that the question's words are clearly said of.

    Only where the words leave the kind open, so that no figure was looked for before the draft:
    "一次性使用为18.5吨，返回着陆场时只剩10.2吨". None where the draft may stand.
    """
    asked = statement.of(query)
    told = [f for s in checked.sentences for f in figures.find(s.text) if f.kind is not Kind.DATE]
    if asked is None or asked.kinds or len(told) != 1 or _NEXT_TO.search(query.text):
        return None
    able = candidates(query, passages, wide=True)
    same = (c for c in able if agree(told[0], c.slot.figure) is Agreement.EXACT)
    own = next(same, None)
    if own is None or able[0].score - own.score <= MARGIN or _value(own) == _value(able[0]):
        return None
    one, other = own.slot, able[0].slot
    if (one.label, one.sentence) != (
        other.label,
        other.sentence,
    ) or one.figure.unit != other.figure.unit:
        return None
    text = asked.filled(_written(query, able[0]), _turn(other))
    again = verify.check(query, Draft(query.original, tuple(passages), text, "", ""))
    said = any(able[0].words.lstrip("+-−–") in s.text for s in again.sentences)
    return Checked(again.sentences, checked.dropped) if said else None


def vouched(query: Query, passages: Sequence[Passage], checked: Checked) -> bool:
    """Return whether a figure of `checked` may be the one asked for; True where none is asked for.

    The checks know whether a sentence is true; here it is whether it answers.
    """
    asked = statement.of(query)
    written = [
        f for s in checked.sentences for f in figures.find(s.text) if f.kind is not Kind.DATE
    ]
    if not written and statement.asks_amount(query):
        return False
    if asked is None or not (asked.kinds or _of_a_firm(query, passages)):
        return True
    able = candidates(query, passages, wide=True)
    best = able[0].score if able else -math.inf
    foreign = (query.language == "en") is not able[0].slot.latin if able else False
    able = tuple(c for c in able if c.score >= best - _BEHIND and (foreign or c.lost <= _UNSAID))
    # the words of a question may suggest another kind than they ask for: 亏损面
    kinds = frozenset(f.kind for f in written)
    kinds = frozenset() if kinds & asked.kinds else kinds
    drafted = candidates(query, passages, wide=True, kinds=kinds) if kinds else ()
    able += tuple(c for c in drafted if c.score > best and c.lost <= FEW_LOST)
    return any(
        agree(f, reading) is not Agreement.NONE
        for f in written
        for c in able
        for reading in c.slot.readings
    )


def _of_a_firm(query: Query, passages: Sequence[Passage]) -> bool:
    about = subject.of(query, passages)
    return about is not None and query.language == "zh" and subject.is_firm(query, about)


def clear(found: Sequence[Candidate], query: Query | None = None) -> Candidate | None:
    """Return the best candidate where it is clearly ahead of every other value, else None.

    A cell is ahead of its neighbours where the question holds a word of its column or row that they
    lack, and none of theirs that it lacks.
    """
    if not found:
        return None
    level = [c for c in found if found[0].score - c.score < MARGIN]
    for one in level:
        others = [c for c in level if _value(c) != _value(one)]
        ahead = one is found[0] and not others
        if ahead or (query and all(_told_apart(query, one.slot, c.slot) for c in others)):
            return one
    return None


def _value(candidate: Candidate) -> Decimal:
    return candidate.slot.readings[0].value


def _told_apart(query: Query, one: Slot, other: Slot) -> bool:
    if not (one.setting.cell and other.setting.cell and one.label == other.label):
        return False
    here, there = (f"{s.setting.name} {s.setting.near}" for s in (one, other))
    mine, others = binding.words_of(here), binding.words_of(there)
    own = {word for word in mine - others if word not in there}
    theirs = {word for word in others - mine if word not in here}
    asked = binding.words_of(query.text)
    return bool(own & asked) and not theirs & asked


def _claim(query: Query, asked: Statement) -> Slot | None:
    """Return the asked figure as a drafted one: a stand-in where the answer will be."""
    money = Kind.MONEY in asked.kinds and Kind.COUNT not in asked.kinds and query.language == "zh"
    text = asked.filled(f"{_STAND_IN}元" if money else _STAND_IN).replace("的", " ")
    text = _LEFT_OUT.sub("", text)
    slots = binding.of_draft(text, query.periods)
    found = next((s for s in slots if _STAND_IN in s.figure.text), None)
    return binding.read_as(found, readings(query), "") if found else None


def _of_kind(slot: Slot, asked: Statement, *, wide: bool = False) -> bool:
    kinds = asked.kinds
    own = {r.kind for r in slot.readings}
    if Kind.MONEY in kinds and any(r.kind is Kind.COUNT and not r.unit for r in slot.readings):
        own.add(Kind.MONEY)  # 现金储备达到1516亿
    word = slot.word and not (wide and _counted(slot, asked))
    if not kinds:
        return (wide or slot.setting.cell) and not word and Kind.DATE not in own
    if word or not own & kinds or _VAGUE.match(slot.figure.text):
        return False
    if Kind.PERCENT in kinds and own == {Kind.NUMBER} and _COUNTS.search(slot.setting.near):
        return False
    ratio = kinds in (statement.RATIO, statement.COEFFICIENT) and "." in slot.figure.text
    return slot.setting.cell or ratio or own != {Kind.NUMBER}


def _turn(slot: Slot) -> int:
    """Return +1 for a growth, -1 for a decline, 0 where the words leave it open: 降幅分别为33%、4%."""
    return slot.figure.direction or (slot.tone[-1] if len(set(slot.tone)) == 1 else 0)


def _counted(slot: Slot, asked: Statement) -> bool:
    """Return whether what reads as a word is the count that is asked for: 五个, 500处."""
    if slot.figure.kind is Kind.COUNT:
        return Kind.COUNT in asked.kinds
    return slot.setting.after[:1] == asked.after[:1] != "。"


def _written(query: Query, candidate: Candidate) -> str:
    """Return the figure in the language of the question: the original in brackets where it differs.

    A loss is called one where the question leaves that open: EBITA为亏损29.05亿元.
    """
    source = candidate.slot.readings[0]
    foreign = (query.language == "en") is not candidate.words.isascii()
    words = repair.converted(replace(source, text=candidate.words)) if foreign else candidate.words
    figure, setting = candidate.slot.figure, candidate.slot.setting
    lost = figure.kind is Kind.MONEY and figure.direction < 0 and figure.role is not Role.SIGNED
    said = _LOSS.search(f"{setting.clause} {setting.near}")
    if not lost or not said or setting.cell or _LOSS.search(query.text):
        return words
    return f"亏损{words}" if query.language == "zh" else f"a loss of {words}"
