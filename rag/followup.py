"""A short follow-up + the question before it -> the question it stands for, by its own words.

"2025年呢？", "那白鹭软件呢？" and "And its net income?" put one thing in the place of another: a period, a name, a
measure. What is of no such form is left to the model (`rag.generate`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import aliases, asking, period, text
from rag.colloquial import to_standard
from rag.language import language_of
from rag.period import Part, Period, Place
from rag.question import Query, understand

_SHORT = re.compile(
    r"^(?:那么?|还有|另外|再问)?[，, ]?(?P<what>[^，。？?！]{1,24}?)的?(?P<end>呢|如何|怎么样|又?[是有为]?多少)[？?。 ]*$"
)
_PRONOUN = re.compile(r"^(?:它们?|他们?|其|该公司|这家公司|这家|公司)的?")
_SAME_TIME = re.compile(r"^(?:在?同一?年度?|同一?时期|同一?季度?|同期)的?")
_AGAINST = re.compile(
    r"^(?:跟|和|与|同|比|较)(?P<when>上一?个?季度?|上个?月|去年同期|上年同期|上一?年|去年)(?:比|相比)?$"
)
_WHICH_WAY = re.compile(
    r"^(?:那么?|这|它)*(?:[跟和与同比较](?P<base>去年同期|上年同期|[上前]一?年|去年|[上前]一?个?季度?|上一?个?月)的?相?比?[，, ]*)?(?:是|算)?(?P<turn>同比|环比|按年|按季)?(?:是|还是)?(?:变化|(?:增长|增加|上升|提高|增|升|涨)了?(?:还是|或者?|又?是)"
    r"(?:下降|减少|下跌|降低|减|降|跌))了?[，, ]*(?:幅度|变化)?(?:是|有)?(?:多少|多大|几个?百?分?点?)?$"
)
_VERB = re.compile(r"(?:增长|下降|上升|提高|减少|增加|变化|涨|跌)了?$")
_MOVING = re.compile(r"[同环]比[^，]{0,8}(?:多少|几)")
"""A growth was asked for before: whether the next period's is, or its level, is not said."""
_EDGE = re.compile(r"^(?:年?[末底初])")
_ENGLISH = re.compile(
    r"^(?:(?:and|so|then|but|ok)[ ,]+)?(?:what about|how about|what was|what is|and)?[ ,]*(?:for|in|at)? ?(?P<what>[^?.]{1,50}?)[?. ]*$",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"^(?P<ask>what (?:was|were|is|are) |how (?:much|large|high|big) (?:was|were|is|are) )(?P<owner>(?:the )?.+?)(?P<has>'s? )"
    r"(?P<measure>.+?)(?P<tail>(?: (?:in|for|at|as of|during|by)\b.*)?)$",
    re.IGNORECASE,
)
_UP_OR_DOWN = re.compile(
    r"^(?:and |so )?(?:was|were|is|are|did) (?:that|it|this|they|these) (?:an? )?"
    r"(?:up or down|down or up|higher or lower|rise or fall|increase or (?:a )?decrease|gain or (?:a )?loss)\b"
    r"(?P<turn> (?:year|quarter|month)[- ]on[- ](?:year|quarter|month)| from (?:a|the) (?:year|quarter) (?:earlier|before))?"
    r",?(?: and)?(?: by)?(?: how much)?[? ]*$",
    re.IGNORECASE,
)
_ITS = re.compile(r"^(?:its|their|the|his|her) (?=\w)", re.IGNORECASE)
_BEFORE = (
    (re.compile(r"(?:the )?(?:quarter before|previous quarter|prior quarter|last quarter)$", re.IGNORECASE), "上一季度"),
    (re.compile(r"(?:the )?(?:year before|previous year|prior year|year earlier|same (?:quarter|period) (?:a|of the) (?:year|previous year)(?: earlier)?)$", re.IGNORECASE), "去年同期"),
)  # fmt: skip
_QUARTERS = (Part.Q1, Part.Q2, Part.Q3, Part.Q4)
_ZH = {Part.Q1: "第一季度", Part.Q2: "第二季度", Part.Q3: "第三季度", Part.Q4: "第四季度", Part.H1: "上半年", Part.H2: "下半年",
       Part.M9: "前三季度", Part.YEAR: "全年", Part.FULL: ""}  # fmt: skip
_EN = {Part.Q1: "Q1 ", Part.Q2: "Q2 ", Part.Q3: "Q3 ", Part.Q4: "Q4 ", Part.H1: "the first half of ", Part.H2: "the second half of ",
       Part.YEAR: "", Part.FULL: "", Part.M9: "the first nine months of "}  # fmt: skip


_THAT_FIRM = re.compile(
    r"(?:这|该)(?:家|间|个)?(?:公司|企业|机构|券商|厂商|平台)|对方|\b(?:this|that|the same) (?:company|firm|broker|platform)\b",
    re.IGNORECASE,
)


def pointed(part: Query, before: Query, told: str) -> Query:
    """Return a part of a question with the name that the part before it was answered with.

    "…的是哪家公司？这家公司…叫什么？": the second is about the answer to the first.

    Args:
        part: The later part.
        before: The part before it.
        told: What was answered to that.
    """
    if not _THAT_FIRM.search(part.text):
        return part
    new = [n.asked for n in aliases.expand(told) if n.asked not in before.text]
    if not new:
        return part
    return understand(_THAT_FIRM.sub(new[0], part.text, count=1))


def standalone(question: str, earlier: Sequence[str]) -> str | None:
    """Return `question` with what it leaves to the ones before it; None where its form does not say.

    Args:
        question: The follow-up.
        earlier: The questions before it, as they were asked, oldest first.
    """
    before = ""
    for asked in (*earlier, question):
        found = _joined(asked, before) if before else None
        if asked is question:
            return found
        before = found or asked
    return None


def _joined(question: str, before: str) -> str | None:
    if language_of(question) == "en" or language_of(before) == "en":
        same = language_of(question) == language_of(before)
        return _english(question.strip(), before.strip()) if same else None
    plain = to_standard(text.simplify(re.sub(r"\s+", " ", question))).strip()
    return _chinese(plain, to_standard(text.simplify(before)).strip())


def _chinese(question: str, before: str) -> str | None:
    clause = re.split(r"(?<=[多几]少)[，？,?]|[？?]", before)[0].rstrip("？? ")
    if way := _WHICH_WAY.match(question.rstrip("？?。呢 ")):
        return _turned(clause, _turn(way))
    first, _, second = question.rstrip("？?。 ").partition("？")
    if way := _WHICH_WAY.match(second.rstrip("呢 ")):  # 那清洗设备呢？跟前一年比是升了还是降了？
        of_first = _chinese(f"{first}？", before)
        return f"{of_first.rstrip('？')}，{_turn(way)}变化多少？" if of_first else None
    found = _SHORT.match(question)
    if not found:
        return None
    what = found["what"]
    if against := _AGAINST.match(what):
        turn = (
            "环比"
            if against["when"][1:2] in ("一", "季", "个") and "年" not in against["when"]
            else "同比"
        )
        return _turned(clause, turn)
    if asking.LEANS.match(what):
        head = asking.GAP.sub("", clause).removesuffix("的")
        ask = "多少" if _VERB.search(what) else "是多少"
        return f"{head}{what}{ask}？" if head != clause else None
    timed = _timed(what, clause)
    rest, clause = timed or (what, clause)
    rest = _PRONOUN.sub("", _SAME_TIME.sub("", rest)).strip("的 ")
    if not rest:
        return f"{clause}？" if timed and not _MOVING.search(clause) else None
    # what does not end in 呢 is a question of its own, unless a pronoun leans
    leans = found["end"] in ("呢", "如何", "怎么样") or rest != what.strip("的 ")
    return _replaced(rest, clause) if leans and not _inside(what) else None


def _turn(way: re.Match[str]) -> str:
    quarter = re.search("季|月", way["base"] or "") is not None
    return "环比" if quarter or way["turn"] in ("环比", "按季") else "同比"


def _inside(what: str) -> bool:
    """Return whether a period stands between other words: a question of its own."""
    return any(place.start > 1 and place.end < len(what) - 1 for place in period.places(what))


def _turned(clause: str, turn: str) -> str | None:
    """Return the question by how much it moved against another period."""
    if re.search(r"同比|环比", clause):
        return f"{re.sub('同比|环比', turn, clause)}？"
    head = asking.GAP.sub("", clause)
    return f"{head}{turn}变化多少？" if head != clause else None


def _timed(what: str, clause: str) -> tuple[str, str] | None:
    """Return the follow-up without its period, and the question before with it; None without one."""
    there = [place for place in period.places(clause) if not place.relative]
    base = there[-1] if there else None
    here = period.places(what, base.period if base else None)
    if len(here) != 1:
        return None
    new = here[0]
    rest = what[: new.start] + _EDGE.sub("", what[new.end :])
    edge = _EDGE.match(what[new.end :])
    words = _written(new, base, edge.group() if edge else "")
    if words is None:
        return None
    if base is None:
        return rest, f"{words}{clause}"
    after = _EDGE.sub("", clause[base.end :]) if not new.period.month else clause[base.end :]
    return rest, f"{clause[: base.start]}{words}{after}"


def _written(new: Place, base: Place | None, edge: str) -> str | None:
    """Return a period in full: with the year of the one it replaces where it names none."""
    found = new.period
    year = found.year or (base.period.year if base else None)
    if edge and year:
        return f"{year}年{edge.removeprefix('年')}"
    if not new.relative:
        return f"{year}年{found.text}" if year and not found.year else found.text
    if year is None or found.part is Part.MONTHS:
        return None
    return f"{year}年{found.month}月" if found.month else f"{year}年{_ZH[found.part]}"


def _replaced(what: str, clause: str) -> str | None:
    """Return the question before with `what` in the place of what it resembles."""
    head = asking.GAP.sub("", clause)
    ask = clause[len(head) :] or "是多少"
    own, theirs = _parts(what), _parts(head)
    if own is None or theirs is None:
        return None
    (name, measure), (named, measured) = own, theirs
    if measure and not measured:
        return None
    if measure and measure != measured:
        head, ask = head[: len(head) - len(measured)] + measure, "是多少"
    if not name:
        return f"{head}{ask}？"
    listed = [a.asked for a in aliases.expand(head)]
    if aliases.expand(name) and listed:
        return f"{head.replace(listed[-1], name, 1)}{ask}？"
    alike = [s for s in _segments(named) if s[-2:] == name[-2:]] if len(name) > 2 else []
    return f"{head.replace(alike[-1], name, 1)}{ask}？" if alike else None


def _parts(phrase: str) -> tuple[str, str] | None:
    """Return the phrase before its measure, and the measure it ends in, either perhaps empty."""
    found = asking.MEASURE_AT_END.search(phrase)
    if not found:
        return phrase.rstrip("的"), ""
    return phrase[: found.start()].rstrip("的"), found.group()


def _segments(phrase: str) -> list[str]:
    """Return the stretches between the periods and 的 of a phrase."""
    for place in reversed(period.places(phrase)):
        phrase = f"{phrase[: place.start]}的{phrase[place.end :]}"
    return [piece for piece in re.split(r"[的，,对]", phrase) if len(piece) > 1]


def _english(question: str, before: str) -> str | None:
    found = _ENGLISH.match(question)
    asked = _ASKED.match(before.rstrip("?. "))
    if asked and (moved := _UP_OR_DOWN.match(question)):
        turn = "quarter on quarter" if "quarter" in (moved["turn"] or "") else "year on year"
        owned = f"{asked['owner']}{asked['has']}{asked['measure']}"
        return f"How much did {owned} change {turn}{asked['tail']}?"
    if not found or not asked or len(question.split()) > 9:
        return None
    what = found["what"].strip()
    opening, tail = f"{asked['ask']}{asked['owner']}{asked['has']}", asked["tail"]
    if when := _english_time(what, before):
        return f"{opening}{asked['measure']} in {when}?"
    if _ITS.match(what):
        measure = _ITS.sub("", what)
        return f"{opening}{measure}{tail}?" if asking.is_measure(measure) else None
    if what[:1].isupper() and not asking.is_measure(what):
        return f"{asked['ask']}{what.removesuffix(chr(39) + 's')}'s {asked['measure']}{tail}?"
    return None


def _english_time(what: str, before: str) -> str | None:
    """Return the period that the follow-up names, in full; None where it names none alone."""
    base = next((p for p in period.find(before) if p.year), None)
    for pattern, words in _BEFORE:
        if pattern.match(what):
            moved = period.find(words, base)
            return _english_words(moved[0]) if moved and moved[0].year else None
    here = period.places(what)
    if len(here) != 1 or here[0].relative or (here[0].end - here[0].start) < len(what) - 4:
        return None
    new = here[0].period
    if new.year:
        return what
    return f"{what} {base.year}" if base else None


def _english_words(found: Period) -> str | None:
    return f"{_EN[found.part]}{found.year}" if found.part in _EN and not found.month else None
