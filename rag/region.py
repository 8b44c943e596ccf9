"""A figure + the region that a question asks for -> whether the figure is of another, or of all.

Abroad and at home; neutralised or not is asked and said in the same way.
"""

from __future__ import annotations

import re

from rag.binding import Slot
from rag.schema import Passage

REGIONS = frozenset({"#overseas", "#domestic", "#neutral"})
"""What is measured otherwise: abroad, at home, neutralised."""
_OF_ALL = re.compile(
    r"(?:全球|全世界)(?!化|首|最|领先|公认)|\b(?:global(?:ly)?|worldwide)\b", re.IGNORECASE
)
_OF_ONE = re.compile(
    r"在华|在[中美日韩印]国?|(?:中国|国内|海外|境外|美国|欧洲|日本|韩国|印度|东南亚|北美|拉美|大陆)(?:内地|大陆)?(?:市场|地区|业务)?"
    r"(?![\u4e00-\u9fff]{0,4}(?:公司|集团|央行|证券|银行|报告))"
)
_ABROAD = re.compile(r"海外|境外|国际|全球|世界|美国|欧洲|欧盟|日本|韩国|印度|东南亚")


def elsewhere(
    regions: frozenset[str], slot: Slot, passage: Passage, *, of_trade: bool = False
) -> bool:
    """Return whether a figure is not said to be of the `regions` asked for, or said to be of another.

    中国市场 is 国内; of a trade, unlike a company, reports need not say that it is that of the country.
    """
    if regions and slot.near & REGIONS - regions:
        return True
    over = " ".join(passage.heading_path)
    home = "中国" in f"{over} {passage.text[slot.sentence.start : slot.sentence.end]}"
    if of_trade:
        home = home or not _ABROAD.search(f"{over} {passage.head} {passage.text}")
    return any(not slot.words.get(r) and not (home and r == "#domestic") for r in regions)


def of_one(question: str, slot: Slot, passage: Passage) -> bool:
    """Return whether the whole world's figure is asked for, and this one's clause is of one market."""
    if not _OF_ALL.search(question) or slot.figure.start < slot.sentence.start:
        return False
    before = passage.text[slot.sentence.start : slot.figure.start]
    clause = re.split(r"[，,；;。]", before)[-1]
    return bool(_OF_ONE.search(clause)) and not _OF_ALL.search(clause)


_OPPOSITES = (
    ("国产", "进口"),
    ("线上", "线下"),
    ("城镇", "农村"),
    ("内销", "外销"),
    ("自营", "代销"),
)


def opposite(question: str, slot: Slot) -> bool:
    """Return whether one of two opposites is asked for, and what touches a figure is the other: 国产, 进口."""
    said = f"{slot.setting.near} {slot.setting.name}"
    return any(
        (one in question) is not (other in question)
        and (one in said) is not (other in said)
        and (one in question) is not (one in said)
        for one, other in _OPPOSITES
    )


_PLACES = re.compile(r"(?<![A-Za-z])(?:UK|US|USA|EU|UAE|APAC|EMEA)(?![A-Za-z$])")
_NAMED = {
    "US": r"\bUS\b(?!\$)|\bAmerica|美国",
    "UK": r"\bUK\b|\bBrit|英国",
    "EU": r"\bEU\b|\bEurop|欧",
}


def unnamed(asked: str, passage: Passage) -> bool:
    """Return whether `asked` names a place by its letters, in the UK, that a passage does not name at all."""
    said = " ".join((passage.document.title, *passage.heading_path, passage.head, passage.text))
    return any(not re.search(_NAMED.get(p, rf"\b{p}\b"), said) for p in _PLACES.findall(asked))
