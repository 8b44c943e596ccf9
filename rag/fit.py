"""A figure of a passage + the statement that asks for one -> how well it fits, or that it cannot.

Weighs the words around the figure, its measure, its time and how close it stands to whom the question
is about. Knows nothing of drafts, checks or answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import (
    aliases,
    asking,
    binding,
    clash,
    figures,
    lost,
    measures,
    modifier,
    part,
    period,
    region,
    subject,
    whose,
)
from rag.askedtime import AskedTime
from rag.askedunit import AskedUnit
from rag.binding import Scale, Slot
from rag.figures import Agreement, Kind, agree
from rag.locate import context
from rag.question import Query
from rag.schema import Passage
from rag.text import leading_name, plain, simplify
from rag.timing import Source
from rag.trend import Role

_FORECAST = re.compile(
    r"假设|预计|预期|预测|有望|目标|指引|承诺|将达|料将|\d{2}E\b|\b(?:assum|expect|forecast|estimat|guid|commit)\w*",
    re.IGNORECASE,
)
_ACTUAL = re.compile(r"实际(?!利率|税率|控制|上)|\bactual", re.IGNORECASE)
"""A question after what came about, not what was promised or forecast."""
_OUTLOOK = frozenset("根据 预测 预计 预期".split())
"""Words of a question after a forecast; `_FORECAST` decides whether a figure is one."""
_COUNTED = re.compile(r"[两三四五六七八九十0-9]+(?:家|项|类|种|块|大|个|款).*$")
"""What sums up the names of a list: 清洗三个领域."""
_PARTS = re.compile(r"[；;]")
_GRADE = re.compile(r"(?<![A-Za-z])[A-D]{1,3}[+-]?(?![A-Za-z0-9.&])")
_CHANGES = re.compile(
    r"(?:同比|环比|[比较](?:去年|上年|年初|上个?季|上个?月)(?:同期|末|度)?)(?:变[动化]|[增减多少升降涨跌]|下降|上升|提高)[^，。？]{0,3}(?:多少|几)"
    r"|(?:[涨跌贵]|便宜|增长|上升|上涨|下降|下跌|下滑|回落|提升)了?(?:多少|几)个?(?:(?:百分)?点|[？?啊呢]|$)"
)
"""A question by how much something moved: 比去年同期少了多少."""
_LIST = re.compile(r"[^，。；;0-9]*、[^，。；;0-9]*")
_UNIT = re.compile(r"[（(][^（()）]*[)）]$")
_OPENERS = re.compile(r"^(?:其中|此外|另外|同时|而|但|至于)?[，,\s]*")
_HOUSES = re.compile(r"证券|研究|资本|国际|银行|指出|认为|预计|表示|称")
"""What follows the name of whoever tells a figure: 国信证券预计."""
_LEADING = 0.6
"""Closeness of a word in the clause that leads up to a figure: 市值增幅最大，达到121%."""
_LISTED = 0.3
"""The same where the figure stands in a row of names."""
_PART_OF = 0.3
"""For a figure of one line of business where the whole is asked for."""
_LISTED = 0.1
"""For the one of a list that the question names, and for the cell of a row and a column that it names."""
_CHOSEN = 0.3
"""For how well the passage did when evidence was chosen."""
_MEASURE = 0.08
_OTHER_RATE = 0.15
_WENT_TO = 0.05
"""For the level that something came to, beside the one it came from."""
_LOST = 1.2
"""For the words of the question that neither the sentence nor its headings hold."""
_PRIOR = 0.2
"""For the value something rose or fell from, where the year before the report's is asked for."""
_SAID = 0.3
"""Closeness of the asked measure below which the figure is of something else."""
_NEAR = 0.3
"""For a sentence that names whom the question is about; less where only a heading or the title does."""
_EARNED = frozenset({"#profit", "#operating profit", "#ebitda", "#ebita"})
"""Measures that a loss is one of."""
_LEVELS = frozenset(
    {"#margin", "#net margin", "#operating margin", "#share", "#pe", "#pb", "#bad loans", "#interest margin"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that may be the one asked for."""

    slot: Slot
    words: str
    """As printed, with the unit of its row or column."""
    score: float
    lost: float
    """Share of the question's words that neither its sentence nor the headings hold."""


class Fit:
    """How well the words of a question fit a figure."""

    def __init__(
        self,
        query: Query,
        passages: Sequence[Passage],
        claim: Slot,
        kinds: frozenset[Kind],
        slots: Sequence[Slot],
    ) -> None:
        self._query, self._claim, self._kinds, self._scale = query, claim, kinds, Scale(slots)
        self._asked = binding.asked_words(query.text, claim)
        self._texts = {p.label: context(p) for p in passages}
        self._subject = subject.of(query, passages)
        firm = self._subject is not None and subject.is_firm(query, self._subject)
        self._firm = self._subject.asked if self._subject and firm else ""
        self._sectioned = {
            p.doc_id for p in passages if self._subject and whose.has_section(self._subject, p)
        }
        self._aspects = subject.aspects(query, self._subject)
        self._passages = {p.label: p for p in passages}
        self._said = plain(" ".join(p.text for p in passages))
        named = {w for w in claim.words if w[0] == "#"} - measures.SIDE
        if Kind.COUNT in kinds and Kind.MONEY not in kinds:
            # how many shares it held after its sales, 还剩多少人
            named -= {"#revenue"} if "股" in query.text else {"#revenue", "#holding"}
        # a share is said to rise by a rate without the word price, and 占了几款 asks for no share
        self._measures = named - {"#price" if Kind.PERCENT in kinds else "#share"}
        self._grows = "#growth" in claim.words
        self._changes = bool(_CHANGES.search(query.text))
        self._stated = [f for f in figures.find(query.text) if f.kind is not Kind.DATE]
        self._unit = AskedUnit(query)
        self._time = AskedTime(query, passages, slots)
        self._lines = part.lines_named(query, self._aspects)
        self._regions = region.REGIONS & claim.words.keys()
        self._actual = bool(_ACTUAL.search(query.text))
        self._forecasts = bool(_FORECAST.search(query.text)) or not query.periods
        said = (s for s in slots if s.setting.names and not s.setting.cell)
        self._touched = [s for s in slots if self._touches(s)]
        self._listed = {(s.label, s.sentence) for s in said if self._says(s.setting.name)}

    def candidate(self, slot: Slot) -> Candidate | None:
        """Return the figure with its score, None where it is of another time, measure or subject."""
        other, shift = clash.match(self._query, self._claim, slot, self._texts[slot.label])
        near = self._near(slot)
        if other or not near or not self._measured(slot) or not self._time.allows(slot):
            return None
        if self._asked_already(slot) or self._unnamed(slot) or self._still(slot):
            return None
        if self._told_of_another(slot) or self._of_the_next(slot):
            return None
        if modifier.is_mean(slot, self._query.text):
            return None
        if self._query.language == "zh" and modifier.differs(
            self._query, slot, self._passages[slot.label], self._said, self._firm
        ):
            return None
        passage = self._passages[slot.label]
        if region.elsewhere(self._regions, slot, passage, of_trade=self._subject is None):
            return None
        if part.unasked(self._query, self._subject, self._aspects, slot, passage):
            return None
        if self._assumed(slot, passage) or not self._unit.allows(slot, passage):
            return None
        if not lost.holds_all(self._query, self._lines, passage, slot.sentence):
            return None
        house = passage.document.publisher or ""
        terms = [t for t in self._aspects if t not in house and t not in _OUTLOOK]
        own = slot.setting
        cell = f"{own.name} {own.near}" if own.cell else ""
        at = None if cell else slot.figure.end
        gone = lost.share(self._query, terms, passage, slot.sentence, own.name, cell, at)
        fit = binding.likeness(self._claim, self._asked, slot, self._scale)
        fit += shift + self._measure(slot) + self._prior(slot)
        fit += _WENT_TO if "~to" in slot.near else 0.0
        aside = self._of_another(slot, passage) or (
            not gone and part.of_a_line(self._query, self._aspects, slot, passage)
        )
        fit -= _PART_OF if aside else 0.0
        listed = bool(own.name) and not own.cell
        fit += _LISTED if listed and self._says(own.name) else 0.0
        fit += _LISTED if own.cell and self._called(own.name, own.near) else 0.0
        fit += _CHOSEN * passage.score + _NEAR * near - _LOST * gone
        return Candidate(slot, _words(slot, self._kinds), fit, gone)

    def _of_another(self, slot: Slot, passage: Passage) -> bool:
        """Return whether a sentence names another company before the figure, and not the asked one."""
        before = passage.text[slot.sentence.start : slot.figure.start]
        return self._subject is not None and whose.names_another(self._subject, before)

    def _told_of_another(self, slot: Slot) -> bool:
        """Return whether the sentence, or its part since a semicolon, opens with another's name."""
        if self._subject is None or slot.setting.cell:
            return False
        text = self._passages[slot.label].text
        part = _PARTS.split(text[slot.sentence.start : slot.figure.start])[-1]
        part = simplify(part)
        opening = modifier.timeless(_OPENERS.sub("", part)).lstrip("，, 的")
        listed = (a.asked for a in aliases.expand(opening) if opening.startswith(a.asked))
        name = next(listed, "") or leading_name(opening) or subject.unknown_firm(opening)
        return bool(
            name
            and name not in self._query.text
            and not subject.names(self._subject, part)
            and not _HOUSES.match(part[part.find(name) + len(name) :])
        )

    def _asked_already(self, slot: Slot) -> bool:
        """Return whether the question states the figure itself: it asks after another."""
        return any(
            agree(stated, reading) is Agreement.EXACT
            for stated in self._stated
            for reading in slot.readings
        )

    def _unnamed(self, slot: Slot) -> bool:
        """Return whether order gives the figure to one of several, and the question names another."""
        own, names = slot.setting.name, slot.setting.names
        if not own or slot.setting.cell or self._says(own):
            return False
        if self._of_other_firms(own, names):
            return True
        return any(map(self._says, names)) or (slot.label, slot.sentence) in self._listed

    def _of_other_firms(self, own: str, names: Sequence[str]) -> bool:
        """Return whether a list is one of companies, and gives its figure to another than the one asked about."""
        if not self._firm or self._subject is None or self._query.language != "zh":
            return False
        firms = any(subject.unknown_firm(n) or any(aliases.expand(n)) for n in names)
        return firms and not subject.names(self._subject, own)

    def _touches(self, slot: Slot) -> bool:
        """Return whether the question says what touches a figure of a sentence, and that is no measure."""
        near = slot.setting.near
        return not slot.setting.cell and self._called(near) and not measures.named(near)

    def _called(self, *heads: str) -> bool:
        """Return whether the question holds the heads of a cell's row and column word for word."""
        plain = [_UNIT.sub("", head).strip() for head in heads]
        return all(len(head) > 1 and head in self._query.text for head in plain)

    def _of_the_next(self, slot: Slot) -> bool:
        """Return whether the question says what touches the next figure of a list: 年产CDU 4000台、冷板12万套."""
        text = self._passages[slot.label].text
        return not slot.setting.cell and any(
            (other.label, other.sentence) == (slot.label, slot.sentence)
            and _LIST.fullmatch(
                text,
                min(slot.figure.end, other.figure.end),
                max(slot.figure.start, other.figure.start),
            )
            for other in self._touched
            if other.figure != slot.figure and not self._touches(slot)
        )

    def _says(self, name: str) -> bool:
        """Return whether the question says the last word of a name in a list: 清洗 of 在清洗."""
        if grade := _GRADE.search(name):  # of bonds: AA of AA+ is another
            return (
                re.search(
                    rf"(?<![A-Za-z]){re.escape(grade.group())}(?![A-Za-z+-])", self._query.text
                )
                is not None
            )
        plain = _COUNTED.sub("", name)
        plain = asking.NAMED_MEASURE.sub("", plain) or plain  # 财务 of 财务费用率
        return len(plain) > 1 and plain[-2:] in self._query.text

    def _assumed(self, slot: Slot, passage: Passage) -> bool:
        """Return whether a figure is a forecast for another time than the asked one, or for none."""
        clause = passage.text[slot.sentence.start : slot.figure.start]
        foretold = _FORECAST.search(re.split(r"[。；;]", clause)[-1])
        if self._actual or self._forecasts or not foretold:
            return bool(self._actual and foretold)
        stated = slot.timing.period if slot.timing.stated else None
        return stated is None or not any(period.covers(stated, w) for w in self._query.periods)

    def _still(self, slot: Slot) -> bool:
        """Return whether a growth is asked for and the sentence tells none of this figure."""
        rate = self._grows and Kind.PERCENT in self._kinds
        if not (rate or self._changes) or slot.setting.cell:
            return False
        sum_ = slot.figure.kind in (Kind.MONEY, Kind.COUNT, Kind.NUMBER)
        level = {"~from", "~to"} & slot.near or slot.figure.role is Role.LEVEL
        if self._changes and sum_ and level:
            return True  # 从68.3亿元下降至41.46亿元: two levels and no change
        # a row of names with their rates, 宁夏（5.3%）、西藏（4.8%）, says what they are of long before
        least = _LISTED if slot.setting.names else _LEADING
        moves = slot.words.get("#growth", 0.0) >= least or {"~yoy", "~qoq"} & slot.near
        return not moves and slot.figure.role not in (Role.CHANGE, Role.SIGNED)

    def _near(self, slot: Slot) -> float:
        """Return how close the figure is to the subject: 0 in another company's section."""
        if self._subject is None:
            return 1.0
        passage = self._passages[slot.label]
        if subject.names(self._subject, slot.setting.name):
            return 1.0  # by its place in a list, whoever stands behind it there
        near = whose.closeness(self._subject, passage, slot.sentence, slot.figure.start)
        outside = near <= whose.TITLE and passage.doc_id in self._sectioned
        return 0.0 if outside else near

    def _measured(self, slot: Slot) -> bool:
        """Return whether the measure asked for is said of the figure, and no other is closer."""
        if not self._measures:
            return True
        if "#share" in self._measures and "#share" not in slot.near and "~yoy" in slot.near:
            return False
        asked = max(slot.words.get(m, 0.0) for m in self._measures)
        losses = {"#loss"} if self._measures & _EARNED else set()
        losses |= {"#cash flow"} - slot.near if "#cash" in self._measures else set()
        others = (
            close
            for w, close in slot.words.items()
            if w[0] == "#" and w not in self._measures | measures.SIDE | {"#growth"} | losses
        )
        return asked >= _SAID and asked >= max(others, default=0.0)

    def _measure(self, slot: Slot) -> float:
        near = {w for w in slot.near if w[0] == "#"}
        found = _MEASURE if self._measures & (near - measures.SIDE) else 0.0
        if Kind.PERCENT in self._kinds:
            moves = "#growth" in near or "~yoy" in slot.near or "~qoq" in slot.near
            level = bool(self._measures & _LEVELS) and not self._grows
            if (level and moves and not near & _LEVELS) or (
                self._grows and not moves and not self._measures & _LEVELS
            ):
                found -= _OTHER_RATE
        return found

    def _prior(self, slot: Slot) -> float:
        stated, wanted = slot.timing.period, [p.year for p in self._query.periods if p.year]
        if not self._query.periods and "~prior" in slot.near:
            return -_PRIOR
        if not wanted or stated is None or stated.year is None or "~from" not in slot.near:
            return 0.0
        around = slot.timing.source is Source.AROUND
        return _PRIOR if around and all(y == stated.year - 1 for y in wanted) else 0.0


def _words(slot: Slot, kinds: frozenset[Kind]) -> str:
    able = [u for u in slot.setting.units if u.kind in kinds or not kinds]
    unit = able[0] if able and (kinds or len(able) == 1) else None
    words = unit.text.replace("1", slot.figure.text, 1) if unit else slot.figure.text
    return words.replace(" %", "%")
