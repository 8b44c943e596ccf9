"""Units as tables state them: 单位：百万元, 营业收入（亿元）, EPS(元), a row of （%） below the header.

Knows words only, not tables: what a line, a title or a header cell says about the figures under it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import units

_CURRENCY = r"人民币|人民幣|RMB|CNY|USD|HKD|US\$|HK\$|[¥￥$]"
_PER = r"[\w\u4e00-\u9fff]{1,4}"
_ONE = (
    rf"(?:{_CURRENCY})?\s?(?:{units.SCALE})?\s?(?:{units.UNIT}|股|[kKmMbB]n?|[xX])?"
    rf"(?:[/／](?:{units.SCALE})?(?:{units.UNIT}|{_PER}))?"
)
_UNIT = re.compile(rf"(?=.*\S)(?!\d)(?:{_ONE})", re.IGNORECASE)
_STATED = re.compile(
    r"(?:单位|單位|货币单位|金额单位|Units?)\s*[：:]\s*(?P<unit>[^）)\]】；;。\n]{1,20})",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    r"\bin (?P<unit>(?:RMB|US\$|HK\$|USD|CNY|HKD)\s?(?:thousands?|millions?|billions?|mn|bn|m|b))\b",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[（(\[【]\s*(?P<unit>[^（()）\[\]【】]{1,14}?)\s*[）)\]】]")
_BY_ITSELF = re.compile(_BRACKETED.pattern + r"(?=[\s:：,，·]|$)")
"""Inside a header cell brackets belong to a name: 首台（套）产品."""
_SUFFIX = re.compile(r"[,，/／、]\s*(?P<unit>%|％|[\u4e00-\u9fff]{1,4})$")
_SEVERAL = re.compile(r"[、，,；;]")

_RATIO = re.compile(
    r"[率比]|同比|环比|增速|增长|涨跌|幅|倍|每股|小时|天数|人数|[家只支户]数|数量|次数|股数|个数|％|%|\b(?:EPS|PE|PB|PS|P/E|P/B|ROE|ROA|ROIC|"
    r"BPS|DPS|YoY|QoQ|CAGR|EV/EBITDA|PEG|margin|growth|ratio|yield)\b|(?:EPS|PE|PB|ROE|ROA)(?![a-z])",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"(?<!市盈)(?<!市净)(?<!市销)(?<!比)(?<!周转)率(?!先)|占比|份额|增速|增幅|增长|涨跌幅|息差|(?:^|[ |])(?:同比|环比)$|\b(?:ROE|ROA|ROIC|margin|growth)\b",
    re.IGNORECASE,
)
_SHARE = ("%", "％", "‰", "倍", "x", "X", "pct", "bp")


def is_unit(text: str) -> bool:
    """Return whether `text` names a unit and nothing else: 百万元, %, 元/股, （倍）, HK$ mn."""
    return bool(_UNIT.fullmatch(text.strip("（）()[]【】 ")))


def in_line(text: str) -> str:
    """Return the unit that a title or a line of its own states for the whole table, or "".

    Several units (单位：亿元，%) are returned as printed; they cannot be told apart by the line.
    """
    found = _STATED.search(text) or _IN_WORDS.search(text)
    if found:
        return found["unit"].strip()
    bracketed = [m["unit"] for m in _BRACKETED.finditer(text) if is_unit(m["unit"])]
    return bracketed[-1] if len(set(bracketed)) == 1 else ""  # several: each is of its own words


def in_cell(text: str) -> str:
    """Return the unit that a header cell or row label states for its own figures, or ""."""
    stated = _STATED.search(text)
    if stated:
        return stated["unit"].strip()
    bracketed = [m["unit"] for m in _BY_ITSELF.finditer(text) if is_unit(m["unit"])]
    if bracketed:
        return bracketed[-1]
    suffix = _SUFFIX.search(text)
    return suffix["unit"] if suffix and is_unit(suffix["unit"]) else ""


def without(text: str, unit: str) -> str:
    """Return a header or label without the brackets that state `unit`."""
    bare = re.sub(rf"\s*[（(\[【]\s*(?:单位\s*[：:])?\s*{re.escape(unit)}\s*[）)\]】]", "", text)
    return bare.strip() or text


def is_rate(words: str) -> bool:
    """Return whether a head or label speaks of a rate, a share or a growth in per cent."""
    return _PERCENT.search(words) is not None


def of_figure(header: str, label: str, whole: str, others: Sequence[str] = ()) -> str:
    """Return the unit of a figure below `header` and beside `label` in a table stated in `whole`.

    A share or multiple, wherever it is stated, goes before an amount; what the table as a whole is
    in says nothing about ratios, figures a share and head counts. Of two currencies (港元/美元) none
    can be told. What was (原目标价) is in the unit of what is, where one of the `others`, the headers of
    the table, states it: 目标价（港元）.
    """
    own = [unit for unit in (in_cell(label), in_cell(header)) if unit]
    if any(map(_is_choice, own)):
        return ""
    shares = [unit for unit in own if unit in _SHARE]
    if own:
        return (shares or own)[0]
    if several := _SEVERAL.split(whole)[1:]:
        return _one_of((_SEVERAL.split(whole)[0].strip(), *map(str.strip, several)), header, label)
    if _RATIO.search(header) or _RATIO.search(label):
        return ""
    return whole or _of_namesake(header, others)


_OLD = re.compile(r"^(?:原|前次|上次|此前|旧|最新|新|(?:old|previous|prior|new)\s)", re.IGNORECASE)


def _of_namesake(header: str, others: Sequence[str]) -> str:
    name = _OLD.sub("", header)
    if name == header:
        return ""
    stated = ((without(other, unit), unit) for other in others if (unit := in_cell(other)))
    return next((unit for other, unit in stated if other.lower() == name.lower()), "")


def _one_of(stated: tuple[str, ...], header: str, label: str) -> str:
    """Return which of 亿元 and % a table is in for a figure; "" where its words do not tell."""
    shares = [unit for unit in stated if unit in ("%", "％")]
    if len(stated) != 2 or len(shares) != 1:
        return ""
    if any(map(_PERCENT.search, (header, label))):
        return shares[0]
    return (
        ""
        if any(map(_RATIO.search, (header, label)))
        else next(u for u in stated if u not in shares)
    )


def _is_choice(unit: str) -> bool:
    """Return whether `unit` leaves open which of two currencies it is."""
    parts = re.split(r"[/／]", unit)
    return len(parts) > 1 and units.read(parts[-1].strip(), scaled=False).kind is units.Kind.MONEY
