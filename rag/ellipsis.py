"""The setting of a figure that leaves out what a clause before it names -> the setting with it.

"甲市值增长90%，乙和丙分别增长84%和9%": what grew is said once. Knows sentences, not questions.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rag import measures, period
from rag.clauses import Setting
from rag.question import content_terms

_PART_OF = re.compile(
    r"[ ]?(?:[（(][^（()）]{0,20}[)）])?[，,][ ]?占(?:比|总|公司|全部|整体|同期|集团|的)*"
    r"(?P<whole>(?:营业|主营业务)?收入|营收|销量|销售额|净?利润|产量|出货量)"
)
"""213.13亿元(+20.80%),占总收入57.36%: the sum is one of revenue."""


def measured(text: str, setting: Setting) -> Setting:
    """Return the setting; that of a bare growth begins with the measure that a clause before names.

    A bare sum begins with the one of which the clause after it says that it is a part.

    Args:
        text: What the setting is of.
        setting: Of a figure in it.
    """
    if shared := _shared(setting):
        setting = replace(setting, near=f"{shared} {setting.near}")
    own = measures.named(f"{setting.name} {setting.near} {setting.clause} {setting.head}")
    part = _PART_OF.match(text, setting.figure.end)
    if part and not setting.cell and not own - measures.SIDE:
        return replace(setting, near=f"{part['whole']} {setting.near}")
    if setting.cell or own != {"#growth"}:
        return setting
    before = re.split("[，,；;：:]", text[setting.sentence.start : setting.figure.start])[-2::-1]
    named = ([t for t in content_terms(c) if measures.named(t) - measures.SIDE] for c in before)
    words = " ".join(next(filter(None, named), []))
    return replace(setting, near=f"{words} {setting.near}") if words else setting


def _shared(setting: Setting) -> str:
    """Return what the last of several times in a row is followed by: GDP in 一季度、二季度GDP."""
    *times, last = setting.names or ("",)
    if setting.cell or not times or setting.name == last:
        return ""
    if not all(_rest(time) == "" for time in times):
        return ""
    return _rest(last) if period.places(last) else ""


def _rest(name: str) -> str:
    """Return what stands behind the time that `name` opens with; all of it where it opens with none."""
    first = next(iter(period.places(name)), None)
    return name[first.end :] if first and not first.start else name
