"""A question that asks several things in a row -> one question after each, that stands alone.

"云海2024年收入是多少，同比增长多少？它的员工有多少？": a later one that leans on the first gets its subject, its time or
what it measures; one that asks nothing new (差多少, after a comparison) goes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag import aliases, asking, conjuncts, followup, period, subject
from rag.text import known_words

_SENTENCE = re.compile(r"[？?。]")
_MARK = re.compile(r"[，,；;、]")
_ASKED = re.compile(r"(?:多少|几|什么|多[大长高])[^、，]{0,5}$|[更得][高低多少大小快慢猛贵]$")
_TURNS = re.compile(r"^(?P<one>同比|环比|按年)(?:[、和与及](?P<two>环比|同比))?[^多几，]*$")
"""What asks how much it moved without saying so: 同比、环比各怎么变, 同比是升是降."""
_MOVED = re.compile(r"(?:同比|环比|按年)*(?:增长|下降|上升|提高|减少|增加|变化)了?$")
_DID = re.compile(
    r"(?:同比|环比|按年|累计|一共|总共|大约|约|合计|还)*(?:上涨|下跌|上升|下降|增长|减少|增加|跑赢|[涨跌升降增减卖赚挣花亏付交投占做]付?)(?:了|出|到)*$"
)
"""A verb that a figure follows."""
_STATE = re.compile(r"^(?:收[在于报]|报收|变[化动])")
_HOW_MUCH = re.compile(r"^(?:多少|多[大长高]|几)")
_FIRST_ASK = re.compile(r"多少|多[大长高]|几|什么|[哪谁]|怎|如何|为何|因为|[是有](?!限)")
_ALONG = tuple("按从对在向给")
_ONLY = re.compile(
    r"^(?P<part>(?:只看|只算|单看|若按|如果按)[^，]*?)又?(?:是|有|为)(?:多少|几)[^，]*$"
)
"""The same figure of a part only."""
_WHOLE = re.compile(r"(?:全程|整体|总体|整个)$")
_PRONOUN = re.compile(
    r"(?P<part>[这该](?:块|项|个)?(?:业务|板块|产品))|它家|它(?!们)|(?<!尤)其(?![他它中次实余])"
    r"|[这该](?:家|间|只|个)?(?:公司|企业|集团|银行|基金|组合|指数|机构|股(?!票))|^公司(?=的|在|20)"
)
_NAMED_BY_ANSWER = re.compile(r"哪一?[家个只款支]|谁|叫什么|什么名")
"""The first asks for a name: who "it" is, only the answer tells."""
_SAME_YEAR, _SAME_TIME = re.compile(r"同一?年度?(?!比)|当年"), re.compile(r"同一?(?:时期|期|季度?)")
_FORESEEN = re.compile(r"^(?:预[计测期])")
_TURN = re.compile(r"同比|环比|按年")
_BASED = re.compile(
    r"(?:相?比|相?较)(?=(?:20[0-9]{2}年|[0-9]{1,2}月|第?[一二三四]季度|[上下]半年|20[0-9]{2}[QH]|Q[1-4]))"
)
"""Before the time that a change is reckoned from: 11月是多少，比10月涨了多少."""
_AGAIN = re.compile(r"又(?=[是有为交卖变涨跌增下上达占花赚投])")
_LEAD = re.compile(r"^(?:而|那么?|另外|还有|其中|截[至止]|到|在|于)+")
_WHY = re.compile(r"为什么|为何|怎么")
_ON = re.compile(r"^(?:而|那)?(?:到|截[至止]|其中)")
"""How a sentence goes on with the subject before it."""
_NO_SUBJECT = re.compile(
    r"^(?:因为?|为什么|为何|怎|如何|一共|总共|共|又|还|分别|交付|生产|出货|合成|上市|成立|排|跑[赢输]|相[对比]|[卖赚花涨跌升降亏派])"
)
_SAYS = re.compile(r"(?:认为|觉得|预计|预测|指出|给)$")
_POLITE = re.compile(r"^(?:请|麻烦|注明|谢谢)")
_SHORT = 14


@dataclass(frozen=True, slots=True)
class Row:
    """One of the questions, without its question mark."""

    text: str
    leans: bool = False
    """Whether it asks more of the very figure that the first asks after."""
    unit: str = ""
    """In which a comparison is asked for besides: 多多少万台."""


@dataclass(frozen=True, slots=True)
class _First:
    """What the first question says, for the later ones to lean on."""

    clause: str
    """Up to its end, with the setting before it."""

    @property
    def topic(self) -> str:
        """Return what it asks after, with the time."""
        topic = asking.GAP.sub("", self.clause)
        if topic == self.clause:
            found = _FIRST_ASK.search(self.clause, 2)
            topic = self.clause[: found.start()] if found else self.clause
        return topic.removesuffix("的")

    @property
    def bare(self) -> str:
        """Return the topic without the verb that the figure follows."""
        return _DID.sub("", self.topic)

    @property
    def timeless(self) -> str:
        """Return what it asks after, at any time."""
        return conjuncts.timeless(self.bare).replace("␣", "").strip("，, ")

    @property
    def head(self) -> str:
        """Return whose the figure is, with the time, as it stands before the measure."""
        asked = asking.GAP.search(self.clause) or asking.MEASURE_AT_END.search(self.clause)
        figure = self.measured and asked
        return conjuncts.head(self.bare) if figure else self.bare

    @property
    def measured(self) -> bool:
        """Return whether it names what is measured, not only what was done."""
        return asking.is_measure(self.bare[-6:]) or "的" in self.bare

    @property
    def owner(self) -> str:
        """Return whom it is about."""
        whole = conjuncts.timeless(self.bare).strip("␣，, ")
        kind = whole.rpartition("的")[2]
        common = sum(word.end - word.start for word in known_words(kind)) == len(kind)
        if not common and len(whole) <= _SHORT and "␣" not in whole:
            return whole
        return conjuncts.owner(self.bare)

    @property
    def time(self) -> period.Place | None:
        """Return the last period that it names outright."""
        return next((p for p in reversed(period.places(self.clause)) if not p.relative), None)

    @property
    def year(self) -> int | None:
        """Return the last year that it names."""
        return next((p.year for p in reversed(period.find(self.clause)) if p.year), None)


def asks(text: str) -> tuple[Row, ...]:
    """Return the questions of `text` in order.

    A single one comes without what it need not ask. A sentence that cannot be taken apart stays as
    it is; so does the whole where a sentence of it asks nothing.
    """
    found: list[Row] = []
    for sentence in _sentences(text):
        if not asking.ASKS.search(sentence) and not asking.MEASURE_AT_END.search(sentence):
            return (Row(text),)
        found += _rows(_clauses(sentence), _First(found[0].text) if found else None)
    return tuple(found)


def _sentences(text: str) -> list[str]:
    """Return the sentences that say something; one that asks nothing new belongs to the one before."""
    sentences: list[str] = []
    for sentence in (piece.strip("，, ") for piece in _SENTENCE.split(text)):
        if sentences and asking.adds_nothing(sentence, sentences[-1]):
            sentences[-1] += f"，{sentence}"
        elif sentence and not _POLITE.match(sentence):
            sentences.append(sentence)
    return sentences


def _clauses(sentence: str) -> list[str]:
    """Return the clauses; 、 ends one only behind what asks."""
    clauses, start = [], 0
    for mark in _MARK.finditer(sentence):
        if mark.group() != "、" or _ASKED.search(sentence[start : mark.start()]):
            clauses.append(sentence[start : mark.start()].strip())
            start = mark.end()
    return [clause for clause in (*clauses, sentence[start:].strip()) if clause]


def _rows(clauses: list[str], before: _First | None) -> list[Row]:
    """Return the questions of one sentence, which may lean on the first of the sentences before."""
    at = next((i for i, clause in enumerate(clauses) if asking.ASKS.search(clause)), len(clauses))
    opening, following = "，".join(clauses[: at + 1]), clauses[at + 1 :]
    if before is None:
        rows = [Row(opening)]
    else:
        leaning = [Row(asked, leans=True) for asked in _leaning(opening, before)]
        rows = leaning or [Row(_completed(opening, before))]
    apart = [clause for clause in following if asking.adds_nothing(clause, opening)]
    later = _later([c for c in following if c not in apart], _First(rows[0].text))
    if later is not None:
        unit = next((unit for clause in apart if (unit := asking.unit(clause))), "")
        return [*(replace(row, unit=unit) for row in rows), *later]
    return [*rows[:-1], Row("，".join((*(row.text for row in rows[-1:]), *following)))]


def _later(clauses: list[str], first: _First) -> list[Row] | None:
    """Return the questions of the clauses after the first that asks; None where one stays unclear."""
    rows: list[Row] = []
    setting = ""
    for clause in clauses:
        if not asking.ASKS.search(clause):
            setting += f"{clause}，"
            continue
        asked = f"{setting}{clause}"
        leaning = _leaning(asked, first)
        found = leaning or _lacking(asked, first)
        if not found:
            return None
        rows += [Row(one, leans=bool(leaning)) for one in found]
        setting = ""
    return None if setting else rows


def _leaning(clause: str, first: _First) -> tuple[str, ...]:
    """Return what a clause asks of the very thing that the first asks after; empty where it does not."""
    topic = first.topic
    if asking.GAP.search(first.clause) is None:
        return ()
    if _HOW_MUCH.match(clause) and (asked := re.search(r"多少|多[大长高]|几", first.clause)):
        return (f"{first.clause[: asked.start()]}{clause}",)
    if only := _ONLY.match(clause):
        return (f"{_WHOLE.sub('', topic)}，{only['part']}是多少",)
    at = topic.rfind(clause[0]) if clause.startswith(_ALONG) else -1
    if at > 0 and asking.GAP.search(clause):
        return (f"{topic[:at]}{clause}",)
    if first.time and _BASED.match(clause) and asking.GAP.search(clause):
        return (f"{first.bare}{clause}",)
    if not first.measured:
        return ()
    if _STATE.match(clause):
        return (f"{first.bare}{clause}",)
    topic = first.bare if topic.endswith("了") else topic
    rest = _without_time(_FORESEEN.sub("", clause))
    if period.places(clause) and asking.LEANS.match(rest) and asking.GAP.search(clause):
        return (f"{first.timeless}{clause}",)
    if turned := _TURNS.match(clause):
        if not turned["two"] and _TURN.search(topic):
            return (_TURN.sub(turned["one"], first.clause),)
        return tuple(f"{topic}{turn}变化多少" for turn in (turned["one"], turned["two"]) if turn)
    if asking.LEANS.match(re.sub(r"^(?:分别|各自?)", "", clause)) and asking.GAP.search(clause):
        return (f"{_MOVED.sub('', topic) if clause.startswith('占') else topic}{clause}",)
    return ()


def _lacking(clause: str, first: _First) -> tuple[str, ...]:
    """Return what a clause after a comma asks, with the subject and the time of the first."""
    if asking.GAP.search(first.clause) is None or asking.LEANS.match(clause):
        return ()
    if not asking.GAP.search(clause):
        own = _names_someone(clause)
        return (f"{first.topic}，{clause}",) if first.measured and not own else ()
    if _names_someone(clause):
        timed = first.time and not period.places(clause)
        return (f"{first.time.period.text}{clause}" if first.time and timed else clause,)
    if period.places(clause):
        return (_owned(clause, first),)
    if _PRONOUN.match(clause):
        return (_completed(clause, first),)
    return (f"{first.head}{clause}",)


def _completed(sentence: str, first: _First) -> str:
    """Return a sentence of its own with what it leaves to the first."""
    sentence = _AGAIN.sub("", sentence)
    if first.year:
        sentence = _SAME_YEAR.sub(f"{first.year}年", sentence, count=1)
    if first.time:
        sentence = _SAME_TIME.sub(first.time.period.text, sentence, count=1)
    if _NAMED_BY_ANSWER.search(first.clause):
        return sentence
    pronoun = _PRONOUN.search(sentence)
    if pronoun and not _told_of(sentence[: pronoun.start()]):
        named = first.owner
        if pronoun["part"]:
            named = conjuncts.timeless(first.head).replace("␣", "").strip("的，, ")
        return _dated(f"{sentence[: pronoun.start()]}{named}{sentence[pronoun.end() :]}", first)
    if said := followup.standalone(f"{sentence}？", [f"{first.clause}？"]):
        return said.rstrip("？")
    if (what := sentence.removesuffix("呢")) != sentence and asking.MEASURE_AT_END.search(what):
        time = first.time.period.text if first.time and not period.places(what) else ""
        return f"{time}{what}是多少"
    return _owned(sentence, first) if _no_subject(sentence) else sentence


def _owned(clause: str, first: _First) -> str:
    """Return a clause with whom the first is about before it, and its year; said once, not twice."""
    clause = _AGAIN.sub("", clause)
    rest = _without_time(clause)
    if _WHY.match(rest) and first.measured:
        return f"{first.bare}{clause}"
    if not period.places(clause):
        return f"{first.head}{rest}"
    owner = first.owner
    sizes = range(min(len(owner), len(rest)), 0, -1)
    shared = next((n for n in sizes if owner.endswith(rest[:n])), 0)
    return f"{owner[: len(owner) - shared]}{_dated(clause, first)}"


def _told_of(before: str) -> bool:
    """Return whether the words before a pronoun say whom it is: somebody, but not who says so."""
    return _names_someone(before) and not _SAYS.search(before)


def _no_subject(sentence: str) -> bool:
    """Return whether a sentence opens with what is said of someone, not with whom."""
    rest = _without_time(sentence)
    measure = asking.NAMED_MEASURE.match(rest)
    return bool(measure or _NO_SUBJECT.match(rest)) or bool(
        _ON.match(sentence) and not _names_someone(sentence)
    )


def _without_time(sentence: str) -> str:
    """Return a sentence without the periods it opens with."""
    return _LEAD.sub("", conjuncts.timeless(_LEAD.sub("", sentence))).lstrip("␣，, 的")


def _names_someone(clause: str) -> bool:
    """Return whether a clause names whom it is about."""
    rest = _without_time(clause)
    if _NO_SUBJECT.match(rest):
        return False
    measure = asking.NAMED_MEASURE.search(rest)
    run = re.split(r"[，,](?!$)", rest[: measure.start()] if measure else rest)[-1].lstrip("␣")
    run = _FIRST_ASK.split(re.split(r"[的␣]", run)[0])[0]
    return bool(aliases.expand(clause)) or (len(run) > 1 and subject.is_name(run))


def _dated(sentence: str, first: _First) -> str:
    """Return a sentence whose first period has the year of the first question, if it names none."""
    place = next((p for p in period.places(sentence) if not p.relative), None)
    if place is None or first.year is None or place.period.year:
        return sentence
    base = next(p for p in period.places(first.clause) if p.period.year == first.year)
    words = conjuncts.dated(sentence[place.start : place.end], base)
    return f"{sentence[: place.start]}{words}{sentence[place.end :]}"
