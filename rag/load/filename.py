"""The name of a file -> date, publisher and title, as archives of reports write them.

``20200307-某某证券-标题.pdf``, ``【某某证券】标题.pdf``, ``2022-01-10-标题.md``. Looks at nothing else.
"""

from __future__ import annotations

import datetime
import re

from rag.load.facts import Facts
from rag.load.imprint import house

_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})([-_.年]?)(\d{1,2})(?:\2|月)(\d{1,2})日?(?!\d)")
_MARK = re.compile(r"【([^】]*)】|\[([^\]]*)\]")
_PART = re.compile(
    r"[\W_]+|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])"
)
_SITE = re.compile(r"(?:www\.)?[\w-]*\.(?:com|cn|net)|洞见研报|慧博|发现报告", re.IGNORECASE)


def facts_of_name(stem: str) -> Facts:
    """Return what a file name without its suffix states; the title is what is left of it."""
    date = _DATE.search(stem)
    published = _valid(int(date[1]), int(date[3]), int(date[4])) if date else None
    rest = stem.replace(date[0], "", 1) if date and published else stem
    publisher = None
    for found in _MARK.finditer(rest):
        inner = found[1] or found[2] or ""
        if house(inner) or _SITE.search(inner):
            publisher = publisher or house(inner)
            rest = rest.replace(found[0], "", 1)
    parts = [part.strip() for part in re.split(r"[-_]", rest)]
    if publisher is None:
        named = next((part for part in parts if house(part)), None)
        if named:
            publisher = house(named)
            rest = rest.replace(named, "", 1)
    title = re.sub(r"[-_]{2,}", "-", rest).strip(" -_")
    return Facts(title if _says_something(title) else None, publisher, published)


def _says_something(title: str) -> bool:
    """Return whether one part of `title` is a word: no number, no hash, no ``scan0012``."""
    return any(re.fullmatch(r"[^\W\d_]{2,}|[\u4e00-\u9fff]", part) for part in _PART.split(title))


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
