"""A question by how much a forecast was raised or cut + passages that tell both -> the difference.

"净利润161.2/178.6亿元（前值为203.4/225.0亿元）", "由62亿元下调到54亿元": order pairs the forecast with the one before, and
the program subtracts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import binding, contrast, extract, figures
from rag.binding import Slot
from rag.figures import Figure
from rag.question import Query, understand
from rag.resolve import inherit
from rag.schema import Check, FigureCheck, Passage
from rag.verify import Checked, CheckedSentence, Evidence

_ASKED = re.compile(
    r"(?:.*?(?:把|将))?(?P<what>[^，,？?]{4,}?)"
    r"(?:[比较](?:前值|前次|上次|原先|原来|原预测|之前|此前|先前)的?(?:预测|预期|水平)?)?"
    r"(?P<turn>上调|下调|调[高低升降]|上修|下修)了?(?:多少|几)[^，,]{0,4}"
)
_UP = re.compile(r"上|[高升]")
_BETWEEN = 40
"""Characters between the two forecasts, where no order pairs them."""


def answer(query: Query, passages: Sequence[Passage]) -> Checked | None:
    """Return both forecasts and how far they are apart; None where no passage tells them together."""
    asked = _ASKED.fullmatch(re.sub(r"[？?。.\s]+$", "", query.text))
    if asked is None:
        return None
    level = inherit(understand(f"{asked['what']}是多少？"), query)
    found = [c for c in extract.candidates(level, passages) if "~from" not in c.slot.near]
    best = extract.clear(found, level)
    if best is None or best.lost > extract.FEW_LOST:
        return None
    passage = next(p for p in passages if p.label == best.slot.label)
    before = _before(best.slot, passage)
    return _stated(asked, before, best.slot) if before else None


def _before(now: Slot, passage: Passage) -> Slot | None:
    """Return the forecast that `now` took the place of: the one of its name in its sentence, or beside it."""
    earlier = [
        slot
        for slot in binding.of_passage(passage)
        if slot.sentence == now.sentence
        and "~from" in slot.near
        and slot.setting.name == now.setting.name
        and slot.readings[0].kind is now.readings[0].kind
    ]
    if now.setting.name:
        after = [slot for slot in earlier if slot.figure.start > now.figure.end]
        return next(iter(after or earlier[::-1]), None)
    near = (s for s in earlier if abs(s.figure.start - now.figure.start) <= _BETWEEN)
    return next(near, None)


def _stated(asked: re.Match[str], before: Slot, now: Slot) -> Checked | None:
    """Return the sentence with both; None where it moved against the question, or is below nought."""
    one, two = _as_read(before), _as_read(now)
    gap = two.value - one.value
    up = bool(_UP.search(asked["turn"]))
    if not gap or up is not (gap > 0) or min(one.direction, two.direction) < 0:
        return None
    far = contrast.written(abs(gap), two)
    turn = "上调" if up else "下调"
    text = f"{asked['what']}由{one.text}{turn}至{two.text}，{turn}{far}。"
    checks = (
        *(
            FigureCheck(read.text, slot.label, Check.VERIFIED, slot.figure.text)
            for read, slot in ((one, before), (two, now))
        ),
        FigureCheck(far, now.label, Check.DERIVED, None),
    )
    return Checked((CheckedSentence(text, (Evidence(now.label, now.sentence),), checks),), ())


def _as_read(slot: Slot) -> Figure:
    """Return a figure of a row with the unit that the row shares."""
    units = slot.setting.units
    words = units[0].text.replace("1", slot.figure.text, 1) if len(units) == 1 else slot.figure.text
    (read,) = figures.find(words)[:1]
    return read
