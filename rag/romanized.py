"""Chinese names of people that an English sentence spells in Latin letters -> those of the passages.

Small models misspell them: 刘伯超 becomes Liu Baochao. The name as the passage writes it stands behind.
Pinyin as in ISO 7098, without tones, by pypinyin. Knows nothing of figures.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

from pypinyin import lazy_pinyin

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "俞施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
"""The most frequent surnames of the census of 2020, one character each."""
_NAME = re.compile(
    r"(?<![A-Za-z-])[A-Z][a-z]{1,11}(?:[-'][a-z]{1,5})?(?: [A-Z][a-z]{1,11}(?:[-'][A-Za-z]{1,5})?){1,2}(?![A-Za-z])"
)
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_TRADES = {
    "bank": "银行", "securities": "证券", "insurance": "保险", "life": "人寿", "fund": "基金", "trust": "信托",
    "technology": "科技", "technologies": "科技", "airlines": "航空", "energy": "能源", "motor": "汽车", "auto": "汽车",
}  # fmt: skip
_CHANCE = 5
"""Letters of a name below which words of a text spell it by chance."""
_SLIPS = 2
"""Letters of a given name that a misspelling may differ in."""


def restored(body: str, texts: Iterable[str]) -> str:
    """Return `body` with each romanised name as the one of `texts` that it means, original in brackets.

    A name that means none of them, or several, stays as it is.

    Args:
        body: An English sentence.
        texts: The passages it is drawn from.
    """
    people: dict[str, str] = {}
    for match in reversed(list(_NAME.finditer(body))):
        people = people or {p: _spelled(p) for t in texts for p in _people(t)}
        found = _meant(match.group(), people)
        if found and found not in body:
            words = f"{_written(found)} ({found})"
            body = body[: match.start()] + words + body[match.end() :]
    return body


def opens(word: str, name: str) -> bool:
    """Return whether a word spells the first two characters or more of a Chinese name: Chongqing, 重庆啤酒."""
    return any(_spelled(name[:n]) == word.lower() for n in range(2, len(name) + 1))


def spellings(name: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Return what in `texts` the first word of a Latin name spells: 青野 for Qingye Tea.

    None for a word that is no pinyin, or so short that others spell it by chance; with its trade for a
    name that has one, so that Yunxiu Securities is no 云岫银行.
    """
    words = re.findall(r"[a-z]+", name.lower()) or [""]
    if len(words[0]) < _CHANCE or not _is_pinyin(words[0]):
        return ()
    trade = next((_TRADES[word] for word in words[1:] if word in _TRADES), "")
    found = {
        run[at : at + n] + trade
        for text in texts
        for run in _RUN.findall(text)
        for at in range(len(run))
        for n in (2, 3, 4)
        if run.startswith(trade, at + n) and _spelled(run[at : at + n]) == words[0]
    }
    return tuple(sorted(found))


def _meant(name: str, people: dict[str, str]) -> str:
    """Return the one of `people` whose spelling is that of `name`, or the only one close to it."""
    words = re.findall(r"[a-z]+", name.lower())
    orders = ["".join(words), "".join((words[-1], *words[:-1]))]
    if not all(_is_pinyin(word) for word in words):
        return ""
    same = {p for p, spelled in people.items() if spelled in orders}
    if same:
        return same.pop() if len(same) == 1 else ""
    close = {
        p
        for p, spelled in people.items()
        for order, family in zip(orders, (words[0], words[-1]), strict=True)
        if lazy_pinyin(p[0])[0] == family and len(p) > 2 and _distance(spelled, order) <= _SLIPS
    }
    return close.pop() if len(close) == 1 else ""


def _people(text: str) -> Iterator[str]:
    """Return what may be a name: two or three characters that begin with a surname."""
    for run in _RUN.findall(text):
        for at, first in enumerate(run):
            if first in _SURNAMES:
                yield from (run[at : at + n] for n in (2, 3) if at + n <= len(run))


@functools.lru_cache(maxsize=8192)
def _spelled(name: str) -> str:
    return "".join(lazy_pinyin(name))


def _written(name: str) -> str:
    family, *given = lazy_pinyin(name)
    return f"{family.title()} {''.join(given).title()}"


@functools.lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    return frozenset(lazy_pinyin("".join(map(chr, range(0x4E00, 0x9FA6))))) - {""}


def _is_pinyin(word: str) -> bool:
    """Return whether a word falls into one or two syllables."""
    known = _syllables()
    return word in known or any(
        word[:i] in known and word[i:] in known for i in range(1, len(word))
    )


def _distance(one: str, other: str) -> int:
    """Return the Levenshtein distance."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]
