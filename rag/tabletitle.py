"""The lines above a table -> its title, the line that states its unit, headings of its first rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.tablegrid import Line

MAX_TITLE = 80
"""Characters of a line above a table that may name it."""

_CAPTION = re.compile(
    r"^(?:图表|图|表格?|Figure|Fig\.|Table|Exhibit|Chart)\s*\d{1,3}(?:[-–.]\d{1,3})?\s*[：:.．]?\s*(?=\S)",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[（(\[【]?\s*(?:货币|金额)?(?:单位|單位|Units?)\s*[：:].{1,24}", re.IGNORECASE)
_UNIT_SAID = re.compile(r"(?:单位|單位)(?:均|都)?[为為是]\s*[^，。；：]{1,12}[。)）]*$")
_UNIT_AT_END = re.compile(r"\s*[（(\[]?(?:单位|單位)\s*[：:][^：:]{1,20}$")
_PROSE = re.compile(r"[。；！？]")


def is_caption(text: str) -> bool:
    """Return whether a line is a numbered caption."""
    return bool(_CAPTION.match(text))


def is_unit(text: str) -> bool:
    """Return whether a line states a unit and nothing else."""
    return bool(_UNIT.fullmatch(text))


def bare(caption: str) -> str:
    """Return a caption without its number and without the unit at its end."""
    return _CAPTION.sub("", _UNIT_AT_END.sub("", caption), count=1).strip()


def title(before: Sequence[Line]) -> Line | None:
    """Return the line that names the table: its caption, or else the short line above it."""
    captions = [line for line in before if is_caption(line.text)]
    if captions:
        return captions[-1]
    last = next((line for line in reversed(before) if not is_unit(line.text)), None)
    if last is None or len(last.text) > MAX_TITLE or _PROSE.search(last.text):
        return None
    return last


def unit(before: Sequence[Line]) -> Line | None:
    """Return the line that states the unit of the table, if there is one; a paragraph may end so."""
    stated = next((line for line in reversed(before[-3:]) if is_unit(line.text)), None)
    said = before[-1] if before and _UNIT_SAID.search(before[-1].text) else None
    return stated or said


def bands(before: Sequence[Line]) -> list[Line]:
    """Return what stands between caption and first row: headings of the first group of rows."""
    at = max((i for i, line in enumerate(before) if is_caption(line.text)), default=len(before))
    return [line for line in before[at + 1 :] if not _PROSE.search(line.text)]
