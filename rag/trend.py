"""Words of growth and decline around a figure -> its direction, and whether it is a change.

下降5% is a change of minus five; 下降至5% is a level of five; 跌幅收窄至3% is still a fall of three.
Chinese and English; reads one clause, knows nothing of units or values.
"""

from __future__ import annotations

import bisect
import re
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What the words say of a figure: the size of a change, the level reached, or neither."""

    CHANGE = "change"
    LEVEL = "level"
    SIGNED = "signed"
    """A printed sign says it."""
    OPEN = "open"


class Trend(NamedTuple):
    """Direction (+1, -1, or 0 where the words leave it open) and role."""

    direction: int = 0
    role: Role = Role.OPEN


class _Word(NamedTuple):
    start: int
    end: int
    sign: int
    sort: str
    """``verb``, ``rate`` (涨幅), ``sum`` (利润, 亏损), ``than`` (高于)."""


_UP = (
    "增长|增加|上升|上涨|上调|上行|上浮|提升|提高|攀升|扩大|扩张|反弹|回升|走高|走强|飙升|跃升|激增|大增|猛增|多增"
    "|少减|减亏|少亏|增厚|改善|领涨|收涨|增持|加息|涨价|提价|转正|涨(?![幅停价跌])"
    "|贵(?=了[ \u3000]?[0-9])|(?<![净新])增(?![值资量设发强效派补幅速收持])|升(?![级幅降])|正增长"
    r"|\b(?:grow(?:s|n|ing)?|grew|r[oi]se[sn]?|rising|increas(?:e[sd]?|ing)|gain(?:s|ed)?|climb(?:s|ed)?|jump(?:s|ed)?"
    r"|surg(?:e[sd]?|ing)|soar(?:s|ed)?|expand(?:s|ed)?|advanc(?:e[sd]?)|improv(?:e[sd]?)|widen(?:s|ed)?|rais(?:e[sd]?)"
    r"|up(?! to\b)|added)\b"
)
_DOWN = (
    "下降|下滑|下跌|下调|下行|下探|下浮|减少|降低|缩水|缩减|萎缩|收窄|回落|回撤|回调|放缓|减缓|走低|走弱|大跌|领跌"
    "|收跌|负增长|少增|多减|增亏|减持|降息|降准|降价|便宜(?=了?[ \u3000]*[0-9])|转负|跌(?![幅停])|降(?![幅本噪维级温])|减(?![值排免税幅持亏])"
    r"|\b(?:f[ae]ll(?:s|en|ing)?|declin(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)|drop(?:s|ped|ping)?|down|slip(?:s|ped)?"
    r"|shr[aiu]nk|contracted|slid(?:es?)?|tumbled|plunged|worsen(?:s|ed|ing)?|deteriorat(?:e[sd]?|ing)|lower(?:s|ed|ing)|reduc(?:e[sd]?|ing)|narrow(?:s|ed|ing)?"
    r"|slow(?:s|ed|ing)?|cut|shrank|eas(?:e[sd]?|ing))\b"
)
_RATE_UP = r"涨跌幅度?|升降幅度?|涨幅|增幅|增速|升幅|增长率|增长幅度|上涨幅度|\bgrowth\b"
_RATE_DOWN = r"(?<!涨)跌幅|(?<!升)降幅|减幅|下降幅度|下跌幅度|降速|\bdecline(?= (?:narrow|widen|slow|eas|moderat))"
_SUM_UP = r"(?:利润|盈利|净利|毛利)(?!率)|盈余|顺差|净流入|流入|扭亏为盈|扭亏|\b(?:profits?|earnings|surplus|earn(?:s|ed|ing))\b"
_SUM_DOWN = r"亏损(?!率)|净亏|赤字|净流出|流出|逆差|亏(?=了?[ \u3000]?[0-9])|\b(?:loss(?:es)?|los(?:t|ing)|deficit)\b"
_ABOVE = (
    r"跑赢(?!大市)|高于|高出|领先|优于(?!大市)|超出|多出|溢价|(?<![最新走提])高(?=了?[ \u3000]?[0-9])|(?<![至更最许])多(?=了?[ \u3000]?[0-9])"
    r"|\b(?:outperform(?:s|ed|ing)?|higher|above|ahead of)\b"
)
_BELOW = (
    r"跑输(?!大市)|低于|低出|落后|不及|逊于|少于|弱于|折价|(?<![最新走降])低(?=了?[ \u3000]?[0-9])|(?<![至最减缺])少(?=了?[ \u3000]?[0-9])"
    r"|\b(?:underperform(?:s|ed|ing)?|lower|below|behind)\b"
)
_WORDS = re.compile(
    f"(?P<sum_up>{_SUM_UP})|(?P<sum_down>{_SUM_DOWN})|(?P<rate_up>{_RATE_UP})|(?P<rate_down>{_RATE_DOWN})"
    f"|(?<!不)(?:(?P<than_up>{_ABOVE})|(?P<than_down>{_BELOW}))|(?P<verb_down>{_DOWN})|(?P<verb_up>{_UP})",
    re.IGNORECASE | re.ASCII,
)
_CLAUSE = re.compile(r"[，。；！？：;!?\n]|,(?![0-9]{3}(?![0-9]))|\.(?=\s|$)")
_REACH = 60
"""Characters before a figure that are read."""
_LINK = re.compile(
    r"至(?![少今多])|(?<![达得遭受])到(?!期|位)|\bto\b(?![ -]date)", re.IGNORECASE | re.ASCII
)
_REACHED = re.compile(r"(?:达到?了?|为|是)[^0-9]{0,4}$")
_FILLER = (
    r"(?:[ \u3000:：]|分别|了|约|大约|近|接近|将近|超过|超|逾|达到|达|高达|多达|为|是|在|至少|不到|不足|幅度|幅|率|速|同比"
    r"|环比|均|各|人民币|港币|美元|负|[-+−–$¥€£(（]|us|hk|rmb|by|of|about|around|approximately|nearly|over|more than|some"
    r"|roughly|year-on-year|yoy|qoq|an?(?![a-z]))*"
)
_FILLED = re.compile(_FILLER, re.IGNORECASE)
_FIGURE = re.compile(_FILLER + r"[^0-9]{0,20}?[0-9][0-9.,]*[^0-9]{0,6}", re.IGNORECASE)
_SEPARATOR = re.compile(r"、|和|与|以及|及|/|\band\b|,(?![0-9]{3})", re.ASCII)
_NARROWED = re.compile(
    r"(?:[ \u3000]|同比|环比|单季|较上[季月年]度?|大幅|进一步|继续|持续|明显|显著|小幅|有所|将|也|已)*"
    r"(?: of [^,.;0-9]{1,50})?"
)
_AFTER = re.compile(
    r"(?:[ \u3000]?的(?:同比|环比|年化?|单[月日季]|复合|平均)*(?:(?P<up>增长|增幅|涨幅|增速|升幅|提升|提高|上升|上涨|改善)|(?P<down>下降|跌幅|降幅|下滑|跌|降低|回落|减少))"
    r"|[ -](?:yoy |qoq |year-on-year |annual |annualised |quarterly )?(?:(?P<gain>growth|increase|gain|rise)"
    r"|(?P<fall>decline|decrease|drop|fall|loss))\b"
    r"|(?:[ -](?P<higher>higher|up(?! to)|more|above)|[ -](?P<lower>lower|down|less|below))\b)",
    re.IGNORECASE | re.ASCII,
)


def without_verbs(text: str) -> str:
    """Return `text` with the verbs of growth and decline blanked: what is left says what moved."""
    return _WORDS.sub(lambda m: " " if (m.lastgroup or "").startswith("verb") else m.group(), text)


def signs(text: str) -> tuple[int, ...]:
    """Return +1 or -1 for every word of growth or decline, profit or loss in `text`, in order."""
    return tuple(1 if (m.lastgroup or "").endswith("up") else -1 for m in _WORDS.finditer(text))


class Trends:
    """The words of one text, found once; `at` is then cheap."""

    def __init__(self, text: str) -> None:
        """Find the words and the clause boundaries of `text`."""
        self._text = text
        self._words = [
            _Word(m.start(), m.end(), 1 if name.endswith("up") else -1, name.split("_")[0])
            for m in _WORDS.finditer(text)
            if (name := m.lastgroup)
        ]
        self._starts = [w.start for w in self._words]
        self._breaks = [m.end() for m in _CLAUSE.finditer(text)]

    def at(self, start: int, end: int, *, ratio: bool, counted: bool = False) -> Trend:
        """Return the trend of the figure at ``text[start:end]``.

        The words of its clause before it decide, else the one right after it. `ratio` says whether
        the figure may be a rate of change, which an amount of money is not; `counted` whether it
        counts things, which profit and loss do not: 亏损公司37家 are not minus 37.
        """
        after = _AFTER.match(self._text, end)
        if after and (after["up"] or after["gain"] or after["down"] or after["fall"]):
            return Trend(1 if after["up"] or after["gain"] else -1, Role.CHANGE)
        words = [w for w in self._before(start) if not (counted and self._is_balance(w))]
        if words:
            return self._weigh(words, start, ratio=ratio)
        if after:
            return Trend(1 if after["higher"] else -1, Role.OPEN)
        return Trend()

    def _is_balance(self, word: _Word) -> bool:
        """Return whether a word is of money made or lost; people and goods flow in and out too."""
        return word.sort == "sum" and "流" not in self._text[word.start : word.end]

    def _before(self, start: int) -> list[_Word]:
        at = bisect.bisect_right(self._breaks, start)
        floor = max(self._breaks[at - 1] if at else 0, start - _REACH)
        low, high = bisect.bisect_left(self._starts, floor), bisect.bisect_left(self._starts, start)
        return [w for w in self._words[low:high] if w.end <= start]

    def _weigh(self, words: list[_Word], start: int, *, ratio: bool) -> Trend:
        last, gap = words[-1], self._text[words[-1].end : start]
        nouns = [w for w in words if w.sort == "sum" or (w.sort == "rate" and ratio)]
        noun = nouns[-1] if nouns else None
        if last.sort in ("verb", "rate") and _LINK.search(gap):
            return _level(noun)
        listed = _listed(gap)
        if re.search(r"[0-9]", gap) and not listed:
            return _level(noun) if _REACHED.search(gap) else Trend()
        if last.sort == "rate" and not ratio:
            return Trend()
        attached = listed or _FILLED.fullmatch(gap) is not None
        if last.sort == "verb" and attached:
            return Trend(last.sign * self._narrowed(words), Role.CHANGE)
        if last.sort == "rate" and attached:
            return Trend(last.sign, Role.CHANGE)
        return Trend(last.sign, Role.OPEN)

    def _narrowed(self, words: list[_Word]) -> int:
        """Return -1 where the verb acts on a decline: 降幅收窄3个百分点 is a rise of three points."""
        if len(words) < 2:
            return 1
        noun, verb = words[-2:]
        between = self._text[noun.end : verb.start]
        acts = noun.sort in ("rate", "sum") and noun.sign < 0 and _NARROWED.fullmatch(between)
        return -1 if acts else 1


def _level(noun: _Word | None) -> Trend:
    """Return the trend of a level reached: that of the rate or balance it is a level of."""
    if noun is None:
        return Trend(0, Role.LEVEL)
    return Trend(noun.sign, Role.CHANGE if noun.sort == "rate" else Role.LEVEL)


def _listed(gap: str) -> bool:
    """Return whether `gap` is a row of figures that the next one continues: 33%、4%、29%和."""
    *pieces, last = _SEPARATOR.split(gap)
    return (
        bool(pieces)
        and _FILLED.fullmatch(last) is not None
        and all(_FIGURE.fullmatch(piece) for piece in pieces)
    )
