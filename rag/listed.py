"""A drafted list + passages -> the list that the report gives, where the draft has one of its names wrong.

Small models copy a list and put the name that stands before it in the place of its first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import enumeration
from rag.schema import Passage
from rag.text import fold, plain

_MOST = 0.6
"""Share of a drafted list that one list of a report holds when the draft was copied from it."""
_FEWEST = 3


def restored(text: str, passages: Sequence[Passage]) -> str:
    """Return a drafted sentence with the report's own list where all but one or two names are from it.

    A draft that leaves names out is left as it is: the question may be after some of them.
    """
    found = (m for m in enumeration.LISTED.finditer(text) if len(_names(m.group())) >= _FEWEST)
    drafted = next(found, None)
    if drafted is None:
        return text
    names = _names(drafted.group())
    lists = [
        _names(m.group()) for p in passages for m in enumeration.LISTED.finditer(plain(p.text))
    ]
    if any(not _foreign(names, own) for own in lists):
        return text
    for own in (own for own in lists if len(own) == len(names)):
        foreign, missing = _foreign(names, own), _foreign(own, names)
        if len(foreign) == len(missing) <= (1 - _MOST) * len(names) and own[-1] not in missing:
            told = drafted.group()
            for wrong, right in zip(foreign, missing, strict=True):
                told = told.replace(wrong, right, 1)
            return text.replace(drafted.group(), told, 1)
    return text


def _foreign(names: Sequence[str], others: Sequence[str]) -> list[str]:
    """Return the names that another list lacks; either last one may go on."""
    held = [fold(other) for other in others]
    return [
        n for n in names if not any(h.startswith(fold(n)) or fold(n).startswith(h) for h in held)
    ]


def _names(listed: str) -> list[str]:
    """Return the names of a list in order; what follows the last is taken for a part of it."""
    return [name.strip() for name in re.split(r"、|以及|[和与及]", listed) if name.strip()]
