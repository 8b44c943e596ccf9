"""A Chinese question how far one thing is above another -> the question after each.

"甲的收入比乙多多少", "收入2025年比2024年多多少", "甲比乙多卖了多少台": the words of the left side say what is
asked of the right. Reads words only.
"""

from __future__ import annotations

import re

from rag import aliases, asking, conjuncts, period, subject
from rag.period import Place
from rag.text import Span, known_words

_ASK = "是多少"
_THAN = re.compile(
    r"^(?P<left>.{3,40}?)(?<![同环占对相可分])比(?P<right>[^，。？]{2,20}?)(?P<turn>高|低|多|少|大|小|快|慢|贵|便宜|增加|减少|提[高升]|增长|下[降跌滑]|回[升落]|上[升涨])(?:出|了|赚|卖|花|挣)?了?(?:多少|几).{0,6}$"
)
_THAN_APART = re.compile(
    r"^(?P<left>.{3,40}?)(?<![同环占对相可分])比(?P<right>[^，。？]{2,20})[，,](?P<what>[^，。？]{2,16}?)(?:[能会要]|可以)?"
    r"(?:更?[高低多少大小快慢贵])(?:出|了)?(?:多少|几).{0,6}$"
)
_DID = re.compile(
    r"^(?P<left>.{3,40}?)(?<![同环占对相可分])比(?P<right>[^，。？]{2,20}?)[多少](?P<did>收入|[卖赚收花交产销投付派亏])(?:出|了)?(?P<many>(?:多少|几).{0,8})$"
)
"""What one did more of than the other: 甲比乙多卖了多少台."""
_WITH = re.compile(r"[和与跟同].{1,24}(?:相比|比较|对比|比起来)[，,]")
"""甲和比乔斯基版本相比，…: the word than is another's, or stands in a name."""
_BLANK = "␣"


def split(text: str) -> tuple[str, ...]:
    """Return the questions after either side, in order; empty where `text` has no such form."""
    if _WITH.search(text):
        return ()
    if apart := _THAN_APART.match(text):
        return _both(*(f"{apart[side]}，{apart['what']}" for side in ("left", "right")))
    did = _DID.match(text)
    did = did if did and not asking.NAMED_MEASURE.search(did["left"]) else None
    found = did or _THAN.match(text)
    if not found:
        return ()
    left, right = found["left"].rstrip("，, "), found["right"].strip("的 ")
    times = period.places(left)
    if did:
        return _did(did, left, right, times)
    if other := _at_its_own_time(left, right, times):
        return other
    if period.find(right) and len(period.find(right)[0].text) >= len(right) - 1:
        last = times[-1] if times else None
        if last is None or last.relative:
            return ()
        return _both(left, f"{left[: last.start]}{conjuncts.dated(right, last)}{left[last.end :]}")
    if other := _of_its_own(left, right, times):
        return other
    name = _name_in(left, right, times)
    if not name or period.find(right) or asking.NAMED_MEASURE.search(right):
        return ()
    return _both(left, left.replace(name, right, 1))


def _did(did: re.Match[str], left: str, right: str, times: tuple[Place, ...]) -> tuple[str, ...]:
    """Take apart "甲比乙多卖了多少台": what one did is asked of the other."""
    name = _name_in(left, right, times)
    if not name:
        return ()
    asked = _ASK if did["did"] == "收入" else f"了{did['many']}"
    sides = (left, left.replace(name, right, 1))
    return tuple(f"{side}{did['did']}{asked}" for side in sides)


def _both(one: str, other: str) -> tuple[str, ...]:
    return tuple(f"{side}{'' if side.endswith('多少') else _ASK}" for side in (one, other))


def _at_its_own_time(left: str, right: str, times: tuple[Place, ...]) -> tuple[str, ...]:
    """Take apart "甲在2024年的装机，比乙在2023年的多多少": the right names its thing and its time."""
    own = period.places(right)
    if len(times) != 1 or len(own) != 1 or times[0].relative or own[0].end != len(right):
        return ()
    name = right[: own[0].start].strip(" 在的")
    measure = left[times[0].end :].strip(" 的")
    if len(name) < 2 or not measure:
        return ()
    return _both(left, f"{name}在{right[own[0].start :]}的{measure}")


def _of_its_own(left: str, right: str, times: tuple[Place, ...]) -> tuple[str, ...]:
    """Take apart "甲的零售不良率比对公不良率高多少" and "甲比乙的收入高多少": the right names the measure."""
    own = asking.MEASURE_AT_END.search(right)
    if not own:
        return ()
    if "的" in right:
        whole = left.rstrip("的")
        setting = max(whole.rfind("，") + 1, *(place.end for place in times), 0)
        what = right[right.rindex("的") :]
        bare = asking.NAMED_MEASURE.search(whole) is None
        return _both(f"{whole}{what}", f"{whole[:setting]}{right}") if bare else ()
    head = max([left.rfind("的") + 1, *(place.end for place in times)])
    alike = left.endswith(own.group()[-2:])
    if not alike or head in (0, len(left)) or len(left) - head < len(own.group()):
        return ()
    return _both(left, f"{left[:head]}{right}")


def _name_in(left: str, right: str, times: tuple[Place, ...]) -> str:
    """Return the words before 的 or the measure that are no period."""
    text = left
    for place in reversed(times):
        text = text[: place.start] + _BLANK + text[place.end :]
    piece = text.split("，")[-1]
    if "，" in text and len(piece) > 1 and _BLANK not in piece:
        text = piece
    head, *rest = re.split(rf"的|{_BLANK}", text.strip(_BLANK))
    if line := _line_in(head, rest, right):
        return line
    cut = asking.MEASURE_AT_END.sub("", head) if "的" not in text else head
    words = known_words(cut)
    if cut == head and len(words) > 1 and words[0] == Span(0, len(right)):
        return cut[: len(right)]  # 澳洲铁矿发运比巴西: one word for one
    owner = next((a.asked for a in aliases.expand(cut) if cut.startswith(a.asked)), "")
    part = cut[len(owner) :]
    if owner and part[-2:] == right[-2:] and len(part) > 2 and not aliases.expand(right):
        return part  # 腾讯国内游戏比海外游戏: one part of a company for another
    return cut if len(cut) > 1 else ""


def _line_in(head: str, rest: list[str], right: str) -> str:
    """Return the line of business that stands apart from its company, where `right` is no company.

    腾讯2024年三季度金融科技及企业服务的收入, than 营销服务.
    """
    lines = [piece for piece in rest[:-1] if len(piece) > 1]
    firm = any(a.asked == head for a in aliases.expand(head)) or subject.unknown_firm(head) == head
    if not firm or len(lines) != 1 or aliases.expand(right) or subject.unknown_firm(right):
        return ""
    return "" if asking.NAMED_MEASURE.search(lines[0]) else lines[0]
