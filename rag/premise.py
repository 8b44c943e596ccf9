"""A question why something rose or fell + passages -> whether the reports say the opposite.

"甲的利润为什么下滑" takes a decline for granted. What the reports say of it is found as the answer to
"甲的利润同比变化多少" would be. What went from A to B is not to be explained as going from B to A.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from rag import asking, extract, figures
from rag.extract import Candidate
from rag.question import Query, understand
from rag.schema import Passage
from rag.text import sentences
from rag.units import Kind

_WHY = re.compile(
    r"为什么|为何|为啥|因何|原因|理由|缘故|点解|[靠凭因]什么|什么(?:因素|原因)?(?:拉动|带动|驱动|推动|支撑|导致|造成|拖累)|\bwhy\b|\breasons?\b|\bwhat (?:drove|allowed|caused|led|enabled|explains)\b",
    re.IGNORECASE,
)
_CAUSE = re.compile(
    r"因(?![子素此])|由于|得益|受益|受.{0,30}(?:影响|拖累|带动|推动|驱动|制约)|[带推拉驱]动|拖累|来自|源[于自]|归|导致|使得?|令|贡献|有赖|依靠|支撑|助力|所致|缘|背后"
    r"|理由|解释[为是称]|涉嫌|主因|起因|缘于|为了|以便|从而|叠加|随着|反映|体现|造成|引发|促|压力|提振|刺激|拉低|推高|推升|主要是|在于|旨在|系.{2,20}所|基于|考虑|鉴于|出于|致使|最终|无奈|被迫|不得不|只好"
    r"|\b(?:because|due|driv\w+|drove|thanks|as|after|on|led|attribut\w+|reflect\w*|result\w*|help\w*|owing|support\w*|from|boost\w*|weigh\w*|amid|since|benefit\w*)\b",
    re.IGNORECASE,
)
_UP = r"增长|上升|提[高升]|上涨|上调|回升|改善|走高|增加|扩大|大增|变多|增派|(?<!领)涨(?![幅价])|\b(?:rise|rose|grow|grew|increase|improve)\w*\b"
_DOWN = r"下[滑降跌调]|减少|回落|收窄|走低|缩[水减小]|恶化|变少|降低|减派|削减|跌(?![幅价])|\b(?:fall|fell|drop|decline|decrease|shrink|shrank|lower)\w*\b"
_TURN = re.compile(
    rf"(?:会|要|出现|大幅?|明显|继续|同比|环比|有所|重新|转为?|恢复|正)*(?:(?P<up>{_UP})|(?P<down>{_DOWN}))",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"为什么|为何|为啥|因何|点解|，[^，]*[靠凭因]什么.*$|(?:的)?(?:主要)?(?:原因|缘故).*$|是.{0,2}$|[？?]|会$"
)
_NEAR = 12
_FROM = re.compile(r"(?:从|由|自|\bfrom\b)[^，。；,;]*$", re.IGNORECASE)
_TO = re.compile(r"[^0-9，。；,;]{0,12}(?:至|到|\bto\b)[^0-9，。；,;]{0,6}", re.IGNORECASE)
_ENGLISH = re.compile(r"^why (?:did|has|have|was|were|is|are) (?P<what>.+?)\s*$", re.IGNORECASE)


def contradicted(query: Query, passages: Sequence[Passage]) -> str | None:
    """Return the reports' own statement where it is the opposite of what is taken for granted.

    None where nothing is, or where the reports do not say clearly.
    """
    if turned := _turned(query, passages):
        return turned
    if not _WHY.search(query.text):
        return None
    turns = list(_TURN.finditer(query.text))
    if len(turns) != 1:
        return None
    asked = _asked(query, turns[0])
    if asked is None:
        return None
    found = extract.clear(extract.candidates(asked, passages))
    if found is None or found.lost > extract.FEW_LOST:
        return None
    sign = _sign(found)
    taken = 1 if turns[0]["up"] else -1
    if sign * taken >= 0:
        return None
    place = next(p for p in passages if p.label == found.slot.label)
    return place.text[found.slot.sentence.start : found.slot.sentence.end].strip()


def _turned(query: Query, passages: Sequence[Passage]) -> str | None:
    """Return the sentence where what the question says went from A to B went from B to A."""
    asked = _path(query.text)
    if asked is None:
        return None
    for passage in passages:
        for span in sentences(passage.text):
            sentence = passage.text[span.start : span.end]
            told = _path(sentence)
            if told and asked == told[::-1]:
                return sentence.strip()
    return None


def _path(text: str) -> tuple[tuple[Kind, Decimal], tuple[Kind, Decimal]] | None:
    """Return the two levels that `text` says something went from and to, None where it tells none."""
    found = [f for f in figures.find(text) if f.kind is not Kind.DATE]
    for one, other in zip(found, found[1:], strict=False):
        came = _FROM.search(text[max(0, one.start - _NEAR) : one.start])
        if came and _TO.fullmatch(text[one.end : other.start]) and one.value != other.value:
            return (one.kind, one.value), (other.kind, other.value)
    return None


def explains(query: Query) -> bool:
    """Return whether a question is after a reason."""
    return bool(_WHY.search(query.text))


_ROSE = re.compile(r"[升涨增](?![幅速])|提[高升]|扩大|走高|\b(?:rose|up|grew|increas\w+)\b")
_FELL = re.compile(r"[降跌减](?!幅)|下滑|收窄|回落|走低|\b(?:fell|down|declin\w+|dropp\w+)\b")
_REACH = 20
"""Characters behind a measure within which a sentence says how it moved."""


def reversed_in(query: Query, quotes: Sequence[str]) -> str:
    """Return the quote that says of the very measure which a question asks to explain that it moved the other way.

    "" where none does: "抽佣率为什么提高了", and the report has 抽佣率从19.3%降到18.1%.
    """
    turns = list(_TURN.finditer(query.text)) if explains(query) else []
    if len(turns) != 1:
        return ""
    head = _ASIDE.sub("", query.text[: turns[0].start()]).strip("，, 的")
    measured = asking.MEASURE_AT_END.search(head)
    if measured is None:
        return ""
    for quote in quotes:
        at = quote.find(measured.group())
        told = quote[at : at + len(measured.group()) + _REACH] if at >= 0 else ""
        rose, fell = bool(_ROSE.search(told)), bool(_FELL.search(told))
        if rose is not fell and rose is not bool(turns[0]["up"]):
            return quote.strip()
    return ""


def unreasoned(query: Query, quotes: Sequence[str]) -> bool:
    """Return whether a reason is asked for and nothing in what is cited gives one.

    Small models present whatever stands near as the cause; a report that gives a cause says so.
    """
    return explains(query) and not any(_CAUSE.search(quote) for quote in quotes)


def _asked(query: Query, turn: re.Match[str]) -> Query | None:
    """Return the question by how much it changed."""
    if query.language == "zh":
        head = _ASIDE.sub("", query.text[: turn.start()]).strip("，, 的")
        text = f"{head}同比变化多少？" if len(head) > 1 else ""
    else:
        plain = re.sub(r"[?.\s]+$", "", query.text)
        why = _ENGLISH.match(plain)
        what = (plain[why.start("what") : turn.start()] + plain[turn.end() :]) if why else ""
        text = f"How much did {what.strip()} grow?" if what.strip() else ""
    if not text:
        return None
    return replace(understand(text), names=query.names, synonyms=query.synonyms)


def _sign(found: Candidate) -> int:
    """Return +1 or -1 for a rate of growth or decline, 0 where its words do not say."""
    figure = found.slot.figure
    if figure.kind not in (Kind.PERCENT, Kind.POINTS):
        return 0
    return figure.direction or (found.slot.tone[-1] if found.slot.tone else 0)
