"""A text -> what it calls things besides their names: 泊江银行（Bojiang Bank）, 以下简称“岚峰”.

Reads words only; knows nothing of questions. What a pair is good for is decided where it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.text import fold, normalise


class AliasPair(NamedTuple):
    """A name and what the text says it is also called."""

    name: str
    alias: str


HOUSE = r"(?:研究院?所?|证券|财经|期货|投行|咨询|资本|国际|基金)"
"""How the names of those end who publish reports, and are asked for what they say of others."""
_CJK = r"\u3400-\u9fff"
_NAME = rf"[A-Za-z0-9·&]{{0,10}}[{_CJK}][{_CJK}A-Za-z0-9·&]{{1,23}}"
_LATIN = r"[A-Z][\w&'’.+-]*(?: (?:(?:of|and|the|for|&|-) )?[A-Z0-9][\w&'’.+-]*){0,6}"
_QUOTED = r"[“「『\"'‘〝《]([^“”「」『』\"‘’〝〞《》]{2,30})[”」』\"'’〞》]"
_CALLED = (
    r"(?:(?:以下|下文|下)?[简簡][称稱]|下[称稱]|[又亦也别別俗人昵暱惯慣统統合通戏戲尊自改曾][称稱]|[被]?[称稱]|口中的|叫|"
    r"昵称|暱稱|外号|外號|绰号|綽號|花名|诨名|英文名|原名|前身|曾用名|即)"
)
_AKA = (
    r"(?:hereinafter|hereafter|henceforth|known as|formerly|aka|a\.k\.a\.|dubbed|nicknamed|called)"
)
_CODE = r"(?:\d{4,6}\.(?:HK|SH|SZ|SS|BJ|TW|TWO|KS)|[A-Z]{1,5}\.(?:US|O|N|OQ))"
_EXCHANGE = re.compile(
    r"^(?:NASDAQ|NYSE|HKEX|SEHK|SSE|SZSE|股票代[码碼號号]|证券代码|證券代號|代[码碼號号]|股份代[号號]|ticker|code)[:： ]*([A-Z0-9.]{2,10})$",
    re.IGNORECASE,
)

_IN_BRACKETS = re.compile(
    rf"(?P<name>{_NAME}|{_LATIN})[ ]?[（(](?P<inside>[^（()）\n]{{2,80}})[)）]"
)
_AFTERWARDS = re.compile(
    rf"{_CALLED}[它他她其作为為做是成]{{0,2}}{_QUOTED}"
    rf"|[简簡下又亦俗别別惯慣][称稱][作为為]?(?P<bare>[{_CJK}]{{2,6}})(?=[，。；、,;\n]|$)"
)
_BEFORE = re.compile(rf"{_CALLED}(?:[作为為做]?){_QUOTED}(?:之[称稱])?的(?P<name>[{_CJK}]{{2,12}})")
_KNOWN_AS = re.compile(rf"有{_QUOTED}之[称稱]的(?P<name>[{_CJK}]{{2,12}})")
_ENGLISH = re.compile(
    rf"(?P<name>{_LATIN}),? (?:(?:is|was|also|widely|often|better|\() ?)*{_AKA} (?:as )?(?:{_QUOTED}|(?P<bare>{_LATIN}))"
)
_ROW = re.compile(
    rf"(?:(?P<code>{_CODE})[ \t|]+(?P<after>[{_CJK}][{_CJK}A-Za-z0-9]{{1,9}})|(?P<before>[{_CJK}][{_CJK}A-Za-z0-9]{{1,9}})(?:-[SWBR]+)?[ \t|]+(?P<code2>{_CODE}))"
)

_GENERIC = frozenset(
    "公司 本公司 该公司 集团 本集团 我们 本行 本报告 报告 企业 发行人 上市公司 本次 标的公司 同比 环比 含税 下同 "
    "company group the company the group bank we us firm ltd inc note notes e a h yoy qoq rmb usd hkd cny us hk "
    "unaudited audited buy hold sell overweight neutral right left".split()
)
_LEAD = re.compile(
    rf"^.+(?:[的和與与及或由在對对向從从是將将被給给等其該该於于]|[0-9][年月日]|季度|半年|公司|旗下|推[荐薦]|[关關]注|看好|包括|例如|收[购購]"
    rf"|[龙龍][头頭]|巨[头頭])(?=[{_CJK}A-Za-z0-9]{{2,}}$)"
)
_TAIL = re.compile(
    r"(?:[，的在于於以将將和与與及已则則是为為也都又，]|上半年|下半年|前三|全年|第[一二三四]|今年|去年|\d).*$"
)


def alias_pairs(text: str) -> tuple[AliasPair, ...]:
    """Return the pairs of names that `text` states to be of one thing, in order, each once.

    Read are names in brackets (English names, short names, stock codes), 以下简称 and 俗称 with or
    without quotation marks, "hereinafter" and "known as", and rows that hold a code and a name.
    """
    found: dict[AliasPair, None] = {}
    for line in re.split(r"[。；;\n！？]", normalise(text)):
        for name, alias in _stated(line):
            pair = AliasPair(_clean(name, alias), alias.strip())
            if _plausible(pair):
                found[pair] = None
    return tuple(found)


def _stated(line: str) -> Iterator[tuple[str, str]]:
    bracketed = list(_IN_BRACKETS.finditer(line))
    for match in bracketed:
        for alias in _inside(match["inside"], match["name"]):
            yield match["name"], alias
    for match in (*_BEFORE.finditer(line), *_KNOWN_AS.finditer(line)):
        yield _TAIL.sub("", match["name"]), match[1]
    yield from _called_later(line, bracketed)
    for match in _ENGLISH.finditer(line):
        yield match["name"], match[2] or match["bare"]
    for match in _ROW.finditer(line):
        yield match["after"] or match["before"], match["code"] or match["code2"]


def _inside(inside: str, name: str) -> Iterator[str]:
    """Yield the names within a pair of brackets that follows a name."""
    for part in re.split(r"[，,;；、/|]", inside):
        part = part.strip()
        quoted = re.findall(_QUOTED, part)
        lead = re.split(r"[“「『\"'‘〝《]", part)[0]
        if quoted:
            if not lead or re.search(_CALLED, lead) or re.search(_AKA, lead, re.IGNORECASE):
                yield from quoted
        elif code := _EXCHANGE.match(part):
            yield code[1]
        elif re.fullmatch(rf"{_CODE}|{_LATIN}|[0-9]{{6}}", part):
            yield part
        elif called := re.fullmatch(rf"(?:以下)?{_CALLED}[为為作]?[:：]?({_NAME})", part):
            yield called[1]
        # Another bare word in brackets may be a unit or a remark: 收入（亿元）, 销量（含出口）.
        elif re.fullmatch(rf"[{_CJK}]{{2,12}}", part) and (
            name[-1].isascii() or _shortens(part, name)
        ):
            yield part


def _called_later(line: str, bracketed: list[re.Match[str]]) -> Iterator[tuple[str, str]]:
    """Yield what the line's subject is called, where that stands behind it and not in brackets."""
    spans = [(m.start("inside"), m.end("inside")) for m in bracketed]
    subject = bracketed[0]["name"] if bracketed else None
    for match in _AFTERWARDS.finditer(line):
        if any(start <= match.start() < end for start, end in spans):
            continue
        if line[match.end() : match.end() + 3].startswith(("的", "之称的", "之稱的")):
            continue  # the name follows
        near = [m["name"] for m in bracketed if m.end() <= match.start()]
        named = (near[-1] if near else None) or subject or _opening(line[: match.start()])
        if named:
            yield named, match[1] or match["bare"]


def _opening(before: str) -> str | None:
    """Return the name that a line opens with, up to its first comma or particle."""
    match = re.match(rf"[•\s]*([{_CJK}A-Za-z0-9]{{3,12}}?)(?=[，,的在以于於是]|$)", before)
    return match[1] if match else None


def _clean(name: str, alias: str) -> str:
    """Return `name` without the words that run into it from the left."""
    if name.isascii():
        return name.strip()
    latin = re.search(r"[A-Za-z][A-Za-z0-9.&-]+$", name)
    if latin and not alias.isascii():
        return latin.group()
    shorter = _LEAD.sub("", name.strip())
    return shorter if len(shorter) >= 2 else name


def _plausible(pair: AliasPair) -> bool:
    sides = [fold(side) for side in pair]
    return (
        sides[0] != sides[1]
        and all(2 <= len(side) <= 40 and side not in _GENERIC for side in sides)
        and not any(re.fullmatch(r"(?![0-9]{6}$)[\d.,%年月日季度]+[a-z]?", side) for side in sides)
    )


def _shortens(alias: str, name: str) -> bool:
    """Return whether the characters of `alias` stand in `name` in this order."""
    rest = iter(name)
    return all(char in rest for char in alias)
