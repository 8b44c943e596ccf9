"""Dates and houses as a report's cover, source lines and imprint write them, in one line of text."""

from __future__ import annotations

import datetime
import re

MAX_BESIDE_DATE = 25
"""Characters that a line stating the report's date may hold beside it."""

_DATE = re.compile(
    r"(?P<y>(?:19|20)\d{2})\s*(?:年|[-./])\s*(?P<m>\d{1,2})\s*(?:月|[-./])\s*(?P<d>\d{1,2})\s*日?(?!\d)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<m>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY_FIRST = re.compile(rf"(?P<d>\d{{1,2}})\s+{_MONTH}\s+(?P<y>(?:19|20)\d{{2}})")
_MONTH_FIRST = re.compile(rf"{_MONTH}\s+(?P<d>\d{{1,2}}),?\s+(?P<y>(?:19|20)\d{{2}})")

# 某某证券, 某某证券股份有限公司, 某某证券经济研究所, 某某咨询研究院, 某某公司研究部.
_HOUSE = re.compile(
    r"(?P<house>[\u4e00-\u9fff]{2,8}?(?:证券|期货|基金|资本|国际|银行))(?:股份|有限|责任|公司)*"
    r"(?:经济|发展|战略|策略|宏观|行业)*(?:研究(?:发展)?(?:所|院|部|中心)?)?"
    r"|(?P<firm>[\u4e00-\u9fff]{2,6}公司)研究(?:所|院|部|中心)"
    r"|(?P<institute>[\u4e00-\u9fff]{2,10}研究(?:所|院|中心))"
    r"|(?P<english>[A-Z][\w&.]*(?: [A-Z&][\w&.]*){0,4} (?:Securities|Research|Capital|Bank))"
)
_MADE_BY = re.compile(r"(?:整理|预测|测算|绘制|估算|计算|\s*(?:estimates?|forecasts?))+$")


def parts(text: str) -> list[str]:
    """Return what stands between the bars of a line such as ``house | kind of report | date``."""
    return [part for part in re.split(r"\s*[|｜·]\s*", text) if part]


def is_dated(text: str) -> bool:
    """Return whether `text`, or a part of it between bars, is little more than a full date."""
    for part in parts(text):
        found = _date(part)
        if found and len(part) - len(found.group()) <= MAX_BESIDE_DATE:
            return True
    return False


def iso_date(text: str) -> str | None:
    """Return the first full date in `text`, Chinese or English, as ``YYYY-MM-DD``; None if none."""
    found = _date(text)
    if not found:
        return None
    month = found["m"] if found["m"].isdigit() else _MONTHS.index(found["m"].lower()) + 1
    try:
        return datetime.date(int(found["y"]), int(month), int(found["d"])).isoformat()
    except ValueError:
        return None


def house_of(text: str) -> str | None:
    """Return the short name of a publisher when `text` is nothing but its name, else None.

    >>> house_of("某某证券经济研究所整理")
    '某某证券'
    """
    found = _HOUSE.fullmatch(_MADE_BY.sub("", text.strip()))
    return next(name for name in found.groups() if name) if found else None


def _date(text: str) -> re.Match[str] | None:
    return _DATE.search(text) or _DAY_FIRST.search(text) or _MONTH_FIRST.search(text)
