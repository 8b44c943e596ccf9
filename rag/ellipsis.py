"""The setting of a figure that leaves out what a clause before it names -> the setting with it.

"甲市值增长90%，乙和丙分别增长84%和9%": what grew is said once. Knows sentences, not questions.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rag import measures
from rag.clauses import Setting
from rag.question import content_terms


def measured(text: str, setting: Setting) -> Setting:
    """Return the setting; that of a bare growth begins with the measure that a clause before names.

    Args:
        text: What the setting is of.
        setting: Of a figure in it.
    """
    own = measures.named(f"{setting.name} {setting.near} {setting.clause} {setting.head}")
    if setting.cell or own != {"#growth"}:
        return setting
    before = re.split("[，,；;：:]", text[setting.sentence.start : setting.figure.start])[-2::-1]
    named = ([t for t in content_terms(c) if measures.named(t) - measures.SIDE] for c in before)
    words = " ".join(next(filter(None, named), []))
    return replace(setting, near=f"{words} {setting.near}") if words else setting
