"""The companies that a report is about, with codes and other names.

They stand in title, front matter, side bar and the tables of the first page, beside a code; a
company report without one names its company at the start of the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rag.load.fields import is_field
from rag.load.report.choice import FRONT_MATTER
from rag.load.report.front import Front, Line, Place
from rag.schema import Fact, FactName

MAX = 40
"""Companies that a list of recommended shares may have; more is a table of the market."""
LOOKED_AT = 60_000
"""Characters from the start in which other names of a company are looked for."""
MIN_MENTIONS = 3
"""Times that a report names the company it is about."""

_A_SHARE = r"(?<![\d.])(?:00[0-4]|30[0-2]|60[0-5]|68[89]|83\d|87\d|92\d|43\d|90\d|20\d)\d{3}"
CODE = re.compile(
    rf"(?P<a>{_A_SHARE})\.?\s?(?P<market>SH|SZ|BJ|SS|CH|XSHG|XSHE)?(?![\d.%％])|"
    r"(?<![\d.])(?P<hk>\d{1,5})\.?\s?HK\b|HK[.:]?(?P<hk2>\d{4,5})|"
    r"(?<![A-Za-z.])(?P<us>[A-Z]{1,5})\.(?:US|OQ|O|N)\b|(?:NASDAQ|NYSE|Nasdaq)\s*[：:]\s*(?P<us2>[A-Z]{1,5})"
)
_NAME = r"[\u4e00-\u9fffA-Z][\u4e00-\u9fffA-Za-z&·]{1,11}(?:-(?:SW|W|S|B|R|H|U|UW|P))?"
_ENGLISH = r"[A-Z][\w&.'-]*(?: (?:[A-Z][\w&.'-]*|of|and|&)){0,4}"
_BRACKET = re.compile(
    rf"(?P<name>{_NAME}|{_ENGLISH})\s*[（(【\[](?P<inside>[^（）()【】\[\]]{{2,48}})[）)】\]]"
)
_BEGINS = re.compile(r"(?:^|[，,。；;：:、\s|“”\"《（(\-—·])$")
_CELL = re.compile(rf"(?P<name>{_NAME})")
_LEAD = re.compile(
    r"(?P<name>[\u4e00-\u9fffA-Za-z·&-]{2,12}?|[A-Z][\w&.'-]*(?: [\w&.'-]+){0,5}?)\s*(?:20\d\d\s*年?|Q[1-4]|[1-4]Q|"
    r"[一二三四]季[报度]|中报|年报|季报|半年报|业绩|深度|点评|首次覆盖|跟踪|更新|大?[涨跌]|收[涨跌]|高开|低开|公布|发布|宣布|回应|拟|[：:])"
)
_LEGAL = re.compile(
    r"(?:\w*_)?(?P<name>[\u4e00-\u9fffA-Za-z（）()·]{2,24}(?:有限责任公司|股份有限公司|有限公司|集团|控股))"
)
_PERIODICAL = re.compile(
    r"综述|策略|行业|横评|对照|周报|月报|日报|回顾|展望|系列|专题|市场|宏观|板块|[Ww]eekly|[Rr]eview|[Cc]ompanies"
)
_CLAUSE = re.compile(r"[：:，,。]|(?<=[^A-Za-z&]) ")
"""Ends the first clause of a title, which says what the report is about."""
_QUOTED_ALIAS = re.compile(
    r"(?:以下简称|简称|俗称|称为|叫它|口中的|惯称|又称|外号)[：:]?\s*[“\"「『](?P<alias>[^”\"」』]{2,12})[”\"」』]"
)
_SHARE_CLASS = re.compile(r"-(?:SW|W|S|B|R|H|U|UW|P)$")
_FORM = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|股份公司|公司|控股|集团|股份)+$|,? (?:Holdings?|Group|Inc|Ltd|Limited|Corp(?:oration)?|Co|PLC)\.?$"
)
_TOO_WIDE = (
    "中国",
    "国际",
    "第一",
    "东方",
    "北方",
    "南方",
    "华夏",
    "上海",
    "北京",
    "深圳",
    "香港",
    "亚洲",
)
_NO_NAME = re.compile(
    r"公司|代码|名称|简称|股票|港元|美元|人民币|亿元|评级|收盘|证券研究|来源|其中|关注|推荐|看好|建议|包括|如下|维持|以及"
)
_TICKER_KEYS = ("ticker", "tickers", "code", "codes", "股票代码", "代码")
_COMPANY_KEYS = ("company", "companies", "公司", "股票", "stock", "股票名称")


@dataclass
class _Company:
    """A company while its names are gathered."""

    name: str
    source: str
    start: int | None = None
    end: int | None = None
    also: dict[str, None] = field(default_factory=dict)


def companies_of(front: Front, title: Sequence[Fact], kind: str) -> tuple[Fact, ...]:
    """Return the companies, those of front matter and title first, each with its other names."""
    found: dict[str, _Company] = {}
    for company in (*_beside_codes(front), *_leading(front, title, kind), *_keyed(front)):
        _merge(found, company)
    _give_codes(front, found, kind)
    if len(found) > MAX:
        return ()
    for company in found.values():
        _add_aliases(front, company)
    return tuple(
        Fact(FactName.COMPANY, c.name, c.source, c.start, c.end, tuple(c.also))
        for c in found.values()
    )


def normal_code(text: str) -> str | None:
    """Return the code that is all of `text`, in one form: 0700.HK, 600519.SH, BIDU.US; else None."""
    found = CODE.fullmatch(text.strip())
    return _normal(found) if found else None


def _normal(found: re.Match[str]) -> str:
    if found["a"]:
        first = found["a"][0]
        market = (
            "SH" if first in "69" else "BJ" if first in "48" or found["a"][:2] == "92" else "SZ"
        )
        return f"{found['a']}.{market}"
    number = found["hk"] or found["hk2"]
    if number:
        return f"{int(number):04d}.HK"
    return f"{found['us'] or found['us2']}.US"


def _beside_codes(front: Front) -> Iterator[_Company]:
    for line in front.lines:
        if line.place is Place.TABLE or _is_row(line):
            yield from _in_row(front, line)
        else:
            yield from _in_brackets(front, line)


def _in_brackets(front: Front, line: Line) -> Iterator[_Company]:
    """Yield the companies of a line whose code stands behind the name, in brackets."""
    for found in _BRACKET.finditer(line.text):
        codes = [_normal(code) for code in CODE.finditer(found["inside"])]
        begins = _BEGINS.search(line.text[: found.start()])
        if codes and begins and not _NO_NAME.search(found["name"]):
            start = line.start + found.start("name")
            also = dict.fromkeys(codes)
            yield _Company(found["name"], front.source, start, start + len(found["name"]), also)


def _is_row(line: Line) -> bool:
    return bool(CODE.match(line.text)) and len(line.text) < 120


def _in_row(front: Front, line: Line) -> Iterator[_Company]:
    """Yield the company of a row of a table: its code and, beside it, its name."""
    code = next((c for c in CODE.finditer(line.text) if _whole_cell(line.text, c)), None)
    if code is None:
        return
    after = _CELL.match(line.text[code.end() :].lstrip(" |"))
    before = re.search(rf"(?P<name>{_NAME})[\s|]*$", line.text[: code.start()])
    named = after or before
    if named and not _NO_NAME.search(named["name"]):
        start = line.start + line.text.index(named["name"])
        also = {_normal(code): None}
        yield _Company(named["name"], front.source, start, start + len(named["name"]), also)


def _whole_cell(text: str, code: re.Match[str]) -> bool:
    marked = code["a"] is None or code["market"] is not None or code.start() == 0
    around = text[code.start() - 1 : code.start()] + text[code.end() : code.end() + 1]
    return marked and not re.search(r"[^\s|（）()]", around)


def _leading(front: Front, title: Sequence[Fact], kind: str) -> Iterator[_Company]:
    """Yield the company that opens the title of a report on one company, or is all of the title."""
    whole = _LEGAL.fullmatch(title[0].value) if title else None
    if whole and front.parsed.text.count(whole["name"]) >= MIN_MENTIONS:
        start = None if title[0].start is None else title[0].start + whole.start("name")
        end = None if start is None else start + len(whole["name"])
        yield _Company(whole["name"], title[0].source, start, end)
    if not title or not kind.startswith(("公司", "新闻")):
        return
    if _PERIODICAL.search(_CLAUSE.split(title[0].value)[0]):
        return
    found = _LEAD.match(title[0].value)
    if not found or is_field(found["name"]) or _NO_NAME.search(found["name"]):
        return
    name = found["name"]
    if front.parsed.text.count(name) + front.parsed.text.count(_short(name)) >= MIN_MENTIONS:
        start = title[0].start
        yield _Company(name, title[0].source, start, None if start is None else start + len(name))


def _keyed(front: Front) -> Iterator[_Company]:
    for key in _COMPANY_KEYS:
        for value in front.stated.get(key, ()):
            found = _BRACKET.fullmatch(value)
            codes = [_normal(c) for c in CODE.finditer(found["inside"])] if found else []
            yield _Company(
                found["name"] if found else value, FRONT_MATTER, also=dict.fromkeys(codes)
            )


def _give_codes(front: Front, found: dict[str, _Company], kind: str) -> None:
    """Add the tickers of the front matter to the one company, or as companies of their own."""
    codes = [c for key in _TICKER_KEYS for c in front.stated.get(key, ())]
    known = {code for company in found.values() for code in company.also}
    new = [code for c in codes if (code := normal_code(c) or c) not in known]
    if len(found) == 1 and len(new) == 1:
        next(iter(found.values())).also[new[0]] = None
    elif kind.startswith("公司") or len(new) > 1:
        for code in new:
            _merge(found, _Company(code, FRONT_MATTER))


def _merge(found: dict[str, _Company], company: _Company) -> None:
    """Add a company, or its names to the one that has its name or its code."""
    same = next(
        (
            c
            for c in found.values()
            if _short(c.name) == _short(company.name) or c.also.keys() & company.also.keys()
        ),
        None,
    )
    if same is None:
        found[company.name] = company
    else:
        same.also |= company.also
        if company.name != same.name:
            same.also[company.name] = None


def _add_aliases(front: Front, company: _Company) -> None:
    """Add the short name, and what stands in brackets behind the name: 甲乙（Jia Yi，以下简称“甲”）."""
    short = _short(company.name)
    if short != company.name:
        company.also[short] = None
    for found in _BRACKET.finditer(front.parsed.text, 0, LOOKED_AT):
        if _short(found["name"]) != short and not found["name"].endswith(company.name):
            continue
        for part in re.split(r"[，,；;、]", found["inside"]):
            if (
                re.fullmatch(rf"{_ENGLISH}", part.strip())
                and not CODE.search(part)
                and len(part) > 3
            ):
                company.also[part.strip()] = None
        for alias in _QUOTED_ALIAS.finditer(found["inside"]):
            company.also[alias["alias"]] = None


def _short(name: str) -> str:
    """Return a name without share class and legal form, as long as it still tells one apart."""
    short = _SHARE_CLASS.sub("", name)
    bare = _FORM.sub("", short)
    return bare if len(bare) >= 2 and bare not in _TOO_WIDE else short
