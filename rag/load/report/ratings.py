"""Rating, its change, and target price, as cover, side bar and front matter state them.

In running text only the report's own voice counts: not what a news item tells of a broker's view.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.load.report.choice import (
    BESIDE,
    FRONT_MATTER,
    HINT,
    LABELLED,
    PLACED,
    STRONG,
    Candidate,
)
from rag.load.report.front import Front, Line, Place

_CHINESE = (
    "强烈推荐|强力买入|强烈买入|审慎推荐|审慎增持|谨慎推荐|谨慎增持|优于大市|跑赢大市|跑赢行业|强于大市|领先大市|同步大市|弱于大市|跑输大市|"
    "跑输行业|落后大市|买入|增持|推荐|中性|持有|减持|卖出|回避|看好|看淡|超配|标配|低配"
)
_ENGLISH = (
    "Strong Buy|Buy|Outperform|Overweight|Accumulate|Add|Hold|Neutral|Equal[- ]?weight|Market[- ]?perform|"
    "Underperform|Underweight|Reduce|Sell"
)
_WORD = rf"(?P<rating>{_CHINESE}|(?<![A-Za-z])(?i:{_ENGLISH})(?![A-Za-z]))"
_QUOTES = "[“”‘’\"'「」『』]?"
_LABEL = re.compile(
    rf"(?:(?:投资|行业|公司|股票|综合|最新|当前|本次)*评级|Rating)(?:及变动|变动|及其变动)?\s*[：:\s]\s*(?:{_QUOTES})?"
    rf"(?:(?:维持|首次|上调|下调|重申)\S{{0,3}}?)?{_QUOTES}{_WORD}"
)
_ALONE = re.compile(rf"{_QUOTES}{_WORD}{_QUOTES}\s*(?:[（(].{{1,14}}[）)]|[|｜/].*)?\.?")
_OPENS = re.compile(
    rf"{_WORD}\s*[（(](?:unchanged|maintained|initiated|upgraded?|downgraded?|维持|首次\S{{0,2}}|上调|下调)[）)]"
)
_VERB = re.compile(
    rf"(?:维持|重申|给予|上调|下调|调升|调降|首予|恢复)[^，。；]{{0,24}}?(?:至|为|到)?{_QUOTES}{_WORD}{_QUOTES}(?:的?(?:投资)?评级|\s*[（(])"
)
_CHANGES = {
    "首次": r"首次|首予|初次|[Ii]nitiat\w*",
    "上调": r"上调|调升|调高|提升|[Uu]pgraded?|raised",
    "下调": r"下调|调降|调低|[Dd]owngraded?|lowered|cut",
    "维持": r"维持|重申|不变|[Mm]aintain\w*|[Uu]nchanged|[Rr]eiterat\w*",
}
_CHANGE = re.compile("|".join(f"(?P<{'fudm'[i]}>{p})" for i, p in enumerate(_CHANGES.values())))

_MONEY = (
    r"(?P<before>HK\$|US\$|NT\$|RMB|CNY|HKD|USD|[¥￥$])?\s*(?P<low>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"(?:\s*(?P<unit1>港元|美元|元)?\s*[-–—~～至到]\s*(?:HK\$|US\$|NT\$|RMB|[¥￥$])?\s*(?P<high>\d+(?:,\d{3})*(?:\.\d+)?))?"
    r"\s*(?P<after>港元|港币|美元|人民币|新台币|元|HKD|USD|CNY|RMB)?(?!\s*[%％倍x亿万年]|[\d.,]*\d)"
)
_PRICE = re.compile(
    r"(?:目标(?:价格|价位|价)|合理估值(?:区间)?|合理价值|[Pp]rice target|[Tt]arget price|\bTP\b)"
    r"(?P<inner>\s*[（(][^（）()]{1,12}[）)])?[^\d。；;：:]{0,12}?[：:]?\s*"
    r"(?:(?:由|从|from)[^。；]{0,16}?\d[\d.,]*\s*(?:港元|美元|元)?\s*(?:上调|下调|提高|调整|调升|调降|降|升)*(?:至|到|为|to)\s*)?"
    + _MONEY
)
_PARTS = ("low", "high", "unit1", "after")
_CURRENCY = {
    "HK$": "HKD", "HKD": "HKD", "港": "HKD", "US$": "USD", "USD": "USD", "美": "USD", "NT$": "TWD",
    "新台": "TWD", "RMB": "CNY", "CNY": "CNY", "人民": "CNY", "¥": "CNY", "￥": "CNY", "元": "CNY", "$": "USD",
}  # fmt: skip
# A sentence that gives somebody else's view.
_SPEAKER = re.compile(
    r"(?:证券|中金|国际|资本|银行|机构|大行|分析师|高盛|摩根|瑞银|花旗|里昂|美银|麦格理|大和|野村)[^，。]{0,12}(?:表示|认为|指出|称|预计|维持|给予|上调|下调|发布)|"
    r"[\u4e00-\u9fff]{2,6}(?:证券|国际|公司)(?:继续)?(?:表示|认为|指出|维持|给予)"
)
_OWN_VOICE = ("公司",)
"""Kinds of report whose summary may state the rating in a sentence."""
_RATING_KEYS = ("rating", "评级", "投资评级")
_PRICE_KEYS = ("target_price", "price_target", "target", "目标价")


def ratings(front: Front, kind: str) -> Iterator[Candidate]:
    """Yield the ratings stated."""
    for value in _stated(front, _RATING_KEYS):
        if found := re.search(_WORD, value):
            yield Candidate(_tidy(found["rating"]), FRONT_MATTER, STRONG)
    for line, found, weight in _found(front, kind):
        start, end = line.start + found.start("rating"), line.start + found.end("rating")
        yield Candidate(_tidy(found["rating"]), front.source, weight, start, end)


def changes(front: Front, kind: str) -> Iterator[Candidate]:
    """Yield 首次, 维持, 上调 or 下调 where one stands beside the rating."""
    for value in _stated(front, ("rating_change", "评级变动", *_RATING_KEYS)):
        if found := _CHANGE.search(value):
            yield Candidate(_change(found), FRONT_MATTER, STRONG)
    for line, found, weight in _found(front, kind):
        near = re.split(r"[。；，]", line.text[found.start() :])[0]
        change = _CHANGE.search(near) or (
            _CHANGE.search(line.text) if line.place in (Place.SIDE, Place.COVER) else None
        )
        if change and "目标价" not in near[: near.find(change.group())]:
            at = line.start + line.text.index(change.group())
            yield Candidate(_change(change), front.source, weight, at, at + len(change.group()))


def prices(front: Front, kind: str) -> Iterator[Candidate]:
    """Yield target prices with their currency, ``113.66 CNY``, a range as ``41–45 HKD``."""
    for value in _stated(front, _PRICE_KEYS):
        if found := re.search(_MONEY, value):
            yield Candidate(_price(found, value), FRONT_MATTER, STRONG)
    for line in front.lines:
        if line.place is Place.TABLE or (line.place is Place.TEXT and not _own(line, kind)):
            continue
        for found in _PRICE.finditer(line.text):
            if line.place is Place.TEXT and not _own_sentence(line.text, found.start()):
                continue
            start, end = line.start + found.start("low"), line.start + max(map(found.end, _PARTS))
            weight = BESIDE if line.place is Place.TEXT else LABELLED
            yield Candidate(_price(found, found.group()), front.source, weight, start, end)
            break  # a former target stands behind the new one


def _stated(front: Front, keys: tuple[str, ...]) -> Iterator[str]:
    return (value for key in keys for value in front.stated.get(key, ())[:1])


def _found(front: Front, kind: str) -> Iterator[tuple[Line, re.Match[str], float]]:
    """Yield (line, match, weight) of the ratings on the front."""
    for line in front.lines:
        if line.place in (Place.SIDE, Place.COVER):
            if found := _LABEL.search(line.text):
                yield line, found, LABELLED
            elif found := _ALONE.fullmatch(line.text):
                yield line, found, PLACED
            elif found := _VERB.search(line.text):
                yield line, found, BESIDE
        elif line.place is Place.TITLE:
            if found := _VERB.search(line.text):
                yield line, found, BESIDE
        elif line.place is Place.TEXT:
            yield from _in_text(line, kind)


def _in_text(line: Line, kind: str) -> Iterator[tuple[Line, re.Match[str], float]]:
    if found := _OPENS.match(line.text):
        yield line, found, PLACED
    elif _own(line, kind):
        for found in _VERB.finditer(line.text):
            if _own_sentence(line.text, found.start()):
                yield line, found, HINT
                return


def _own(line: Line, kind: str) -> bool:
    return kind.startswith(_OWN_VOICE) or bool(_OPENS.match(line.text))


def _own_sentence(text: str, at: int) -> bool:
    """Return whether the sentence at `at` speaks for the report itself."""
    start = max(text.rfind(mark, 0, at) for mark in "。；！？") + 1
    return not _SPEAKER.search(text[start:at])


def _tidy(rating: str) -> str:
    return rating.title() if rating.isascii() else rating


def _change(found: re.Match[str]) -> str:
    return list(_CHANGES)["fudm".index(found.lastgroup or "m")]


def _price(found: re.Match[str], around: str) -> str:
    amount = found["low"].replace(",", "")
    if found["high"]:
        amount += "–" + found["high"].replace(",", "")
    given = found["before"] or found["after"] or found["unit1"] or _in_brackets(around)
    currency = next((code for mark, code in _CURRENCY.items() if given.startswith(mark)), "")
    return f"{amount} {currency}".strip()


def _in_brackets(text: str) -> str:
    """Return the currency that stands in brackets behind the label: 目标价（港元）."""
    found = re.search(r"[（(]\s*(港元|港币|美元|人民币|元|HK\$|US\$|RMB)", text)
    return found[1] if found else ""
