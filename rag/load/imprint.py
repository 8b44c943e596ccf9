"""Dates and houses as a report's cover, source lines and imprint write them, in one line of text."""

from __future__ import annotations

import datetime
import re

from rag.load.fields import is_field

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
# 某某研究, 某某财经消费组: research firms and news desks, told from 行业研究 by what is before.
_SMALL_HOUSE = re.compile(
    r"(?P<house>(?P<name>[\u4e00-\u9fff]{2,5}?)(?:研究|財經|财经|咨询|諮詢|量化|投研|智库|资讯|观察|日报|时报|晚报|周刊|新闻|在线|新闻网|财经网|通讯社))"
    r"(?:院|所|部|中心|[\u4e00-\u9fff]{2,4}组)?"
)
_GENERIC_ENGLISH = re.compile(
    r"(?:Equity|Company|Industry|Sector|Macro|Strategy|Economic|Global|Quant\w*|Credit|Market|Investment|"
    r"[A-Z]\w+ Equity) Research"
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


def dated(text: str) -> re.Match[str] | None:
    """Return where the first full date stands in `text`; None if there is none."""
    return _date(text)


def house_of(text: str) -> str | None:
    """Return the short name of a publisher when `text` is nothing but its name, else None.

    >>> house_of("某某证券经济研究所整理")
    '某某证券'
    """
    found = _HOUSE.fullmatch(_MADE_BY.sub("", text.strip()))
    return next(name for name in found.groups() if name) if found else None


def small_house(text: str) -> str | None:
    """Return the short name of a research firm or news desk that `text` is the name of, else None.

    Sections are called alike, so that only a place where a house stands makes sure.

    >>> small_house("某某财经消费组")
    '某某财经'
    >>> small_house("行业研究")
    """
    found = _SMALL_HOUSE.fullmatch(text.strip())
    return found["house"] if found and not is_field(found["name"]) else None


def house(text: str) -> str | None:
    """Return the publisher that `text`, in a place where one stands, is the name of; else None."""
    if is_generic(text):
        return None
    return house_of(text) or small_house(text)


def is_generic(text: str) -> bool:
    """Return whether `text` names a kind of research, as 行业研究 and Equity Research do."""
    return bool(_GENERIC_ENGLISH.fullmatch(text.strip())) or is_field(text)


def short_house(text: str) -> str:
    """Return the short name of a publisher that is called `text`."""
    return house(text) or text


def _date(text: str) -> re.Match[str] | None:
    return _DATE.search(text) or _DAY_FIRST.search(text) or _MONTH_FIRST.search(text)
