"""A question after the view of one house + a figure of a passage -> whether another house holds it.

"光大证券给快手的目标价" is not what 中金公司 maintains in the same news. Knows words only.
"""

from __future__ import annotations

import re

from rag import period
from rag.binding import Slot
from rag.naming import HOUSE
from rag.question import Query
from rag.schema import Passage
from rag.subject import Subject
from rag.text import fold

_VIEW = re.compile(r"目标价|评级|预测|预计|给予|看好|认为|维持|上调|下调|target price|rating", re.I)
_TELLS = re.compile(
    r"证券|国际|资本|研究|投行|公司|银行|中金|中信|高盛|大摩|小摩|瑞银|花旗|汇丰|野村|里昂|麦格理"
)
"""What a sentence names that tells another's view."""
_BANKS = "中金公司|中金|高盛|大摩|小摩|摩根士丹利|摩根大通|瑞银|花旗|汇丰|野村|里昂|麦格理|美银|瑞信|德银|巴克莱|杰富瑞"
_GIVES = r"(?:给|对|将|把|维持|重申|预测|预计|预期|认为|上调|下调|首次|表示|指出|的(?:目标价|评级|盈利预测|预测|观点))"
_ASKED = re.compile(
    rf"(?:(?P<name>[\u4e00-\u9fff]{{2,6}}?){HOUSE}|(?P<bank>{_BANKS}))(?:公司)?(?=[^，。？的]{{0,8}}{_GIVES}|{_GIVES})"
)
"""Who gives a view, in a question: 光大证券给…."""
_HOLDER = re.compile(
    rf"(?:(?P<name>[\u4e00-\u9fff]{{2,6}}?)(?:证券|国际|研究)|(?P<bank>{_BANKS}))(?:公司)?(?=[\u4e00-\u9fff]{{0,4}}{_GIVES})"
)
"""Who holds a view, in a report."""


def is_anothers(query: Query, about: Subject | None, slot: Slot, passage: Passage) -> bool:
    """Return whether the view of a house is asked for, and a figure is told as that of another.

    Also where it is the company's own guidance. What names no house may be anybody's.
    """
    stems = _asked(query)
    if not stems or not _VIEW.search(query.text):
        return False
    if about and any(stem in about.asked for stem in stems):
        return False  # the forecast for a broker, not by one
    paragraph = passage.text[passage.text.rfind("\n", 0, slot.figure.start) + 1 : slot.figure.start]
    own = max(paragraph.rfind(stem) for stem in stems)
    holders = [m for m in _HOLDER.finditer(paragraph) if not any(s in m.group() for s in stems)]
    if holders and holders[-1].start() > own:
        return True
    before = passage.text[slot.sentence.start : slot.figure.start]
    over = (passage.document.title, passage.document.publisher or "", *passage.heading_path)
    guided = about and re.search(
        rf"(?:{about.forms.pattern})[\u4e00-\u9fff]{{0,4}}预计", fold(before)
    )
    told = bool(_TELLS.search(before) or guided)  # the company's own guidance
    named = f"{before} {' '.join(over)}"
    return told and not any(stem in named for stem in stems)


def _asked(query: Query) -> tuple[str, ...]:
    """Return what any name of the house holds whose view is asked for; empty where none is."""
    text = query.text
    for place in period.places(text):
        text = text[: place.start] + " " * (place.end - place.start) + text[place.end :]
    found = _ASKED.search(text)
    if found is None:
        return ()
    if found["name"]:  # 按澜石研究的预测: what stands before a name is joined to it
        return (found["name"][-2:],)
    listed = [n for n in query.names if found["bank"] in (n.asked, *n.forms)]
    return (found["bank"], *(form for name in listed for form in (name.asked, *name.forms)))
