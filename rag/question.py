"""A question as asked -> a Query: folded text, terms, periods, language, what is wanted.

Reads words only; knows nothing of indexes or models.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from rag import aliases, colloquial, figures, glossary, lexicon, period, text
from rag.language import language_of
from rag.lexicon import Alternative

_STOP = frozenset(
    "的 了 是 在 和 与 及 或 有 为 对 从 到 把 被 将 由 按 跟 也 都 就 还 又 而 但 这 那 其 该 哪 哪些 "
    "哪个 哪家 哪一 一天 什么 多少 几 怎么 怎样 如何 为何 为什么 是否 吗 呢 吧 请 问 请问 分别 一下 中 上 "
    "下 里 内 后 前 达到 大约 大概 左右 我 你 它 他 她 们 个 只 份 谁 哪里 何时 时候 告诉 根据 关于 以及 所 "
    "让 做 说 给 係 幾多 几多 乜 邊 嘅 "
    "the a an of in on at for to and or by is was were are did do does what which who whom how much "
    "many when where why its it their this that with from as per than be been has have had".split()
)
_NARROW = {c: c - 0xFEE0 for c in range(0xFF10, 0xFF5B) if chr(c).isalnum()}
"""Full-width letters and digits; punctuation keeps its width, as in the reports."""
_DIFFERENCE = re.compile(
    r"相差|(?:[上下][调修]|调[高低])了?(?:多少|几)|(?:领先|落后)了?(?:多少|几)|差多少|差了?多少|差了?几(?![年月天])|差距|(?<![最至])[高低多少大小贵快慢]出?了?多少|(?<![最至提降升增减扩缩放])[高低多少大小贵快慢]出?了?几(?=[个倍成元块])|(?:增加|减少|提高|下降|提升)了?多少个?(?:百分点|点)?"
    r"|比.{1,20}(?:少|多|高|低|增加|减少|回[升落]|上[升涨]|下[降跌滑]|提[高升])了?(?:多少|几)"
    r"|(?<![同环占对相可分])比(?![亚例率重价如特值较]).{1,20}[多少](?:收入|[卖赚收花交出亏投拿付派产销])了?(?:多少|几)"
    r"|(?<![同环占对相可分])比(?![亚例率重价如特值较上去前原之此]).{1,20}便宜了?(?:多少|几)|difference|how much (?:did|does|do) .*\b(?:exceed|outstrip|surpass|top)\b|how much (?:more|less|higher|lower)|points? (?:more|less|higher|lower)",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"哪些|有哪|哪几|都有谁|分别是谁|名单|列出|前[三五十\d]+|which .*s\b|list\b", re.I
)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, in the forms that retrieval, evidence and checks need."""

    text: str
    """The standalone question: letters and digits half-width, simplified script."""
    original: str
    language: str
    """``zh`` or ``en``: the language to answer in."""
    terms: tuple[str, ...]
    """Content words in order of first appearance, without question words."""
    periods: tuple[period.Period, ...]
    wants_difference: bool
    wants_list: bool
    names: tuple[Alternative, ...] = ()
    """Companies and products it names, with their other names."""
    synonyms: tuple[Alternative, ...] = ()
    """General terms it holds, with their equivalents in both languages."""


_REPORT = r"(?:研报|周报|月报|晨报|日报(?!告)|点评|速递|(?<=[的公司品标组])表格?|策略|(?<![年中季半]度)(?<!中期)(?<!财务)(?<!业绩)(?<!年)报告)"
SOURCE = re.compile(
    rf"^(?:按照?|根据|依据|据|在)[^，,？?]{{2,24}}?{_REPORT}"
    r"(?:的?(?:那?[张个]?[图表])[0-9]*|里|中|上)*(?:来看|看|显示)?[，,]"
    r"|^(?:按照?|根据|依据|据)?[^，,？?0-9]{2,16}?的?(?:数据|统计|口径)(?:来看|看|显示)?[，,]"
    r"|^(?:In|Per|According to) (?![^,?]*(?:[QH][1-4]|[1-4][QH]|quarter|half|annual|interim|full[- ]year))"
    r"[^,?]{0,40}\b(?:note|report|weekly|preview|review|commentary),"
    rf"|^[^，,？?]{{2,24}}?{_REPORT}(?:[（(][^（()）]{{2,16}}[)）])?(?:的?[^，,？?]{{0,12}}?[图表][0-9]*)?[里中上][，,]?"
)
"""Where an answer is to be read: 按某证券12月策略报告的表，…; its month is not that of the figure."""


def understand(question: str) -> Query:
    """Return the reading of a standalone question.

    Raises:
        LexiconError: The user's list of names has a bad line.
    """
    spaced = re.sub(r"\s+", " ", question).translate(_NARROW)
    folded = colloquial.to_standard(text.simplify(spaced)).strip()
    return Query(
        text=folded,
        original=question,
        language=language_of(question),
        terms=content_terms(folded),
        periods=_periods(SOURCE.sub("", folded)),
        wants_difference=bool(_DIFFERENCE.search(folded)),
        wants_list=bool(_LIST.search(folded)),
        names=aliases.expand(folded),
        synonyms=glossary.expand(folded),
    )


def _periods(text: str) -> tuple[period.Period, ...]:
    """Return the times that a question asks for: what something is compared with is none, 环比8月."""
    return tuple(p.period for p in period.places(text) if not _BASE.search(text[: p.start]))


_BASE = re.compile(r"(?:环比|同比)(?:较|比)?$")


def content_terms(value: str) -> tuple[str, ...]:
    """Return the distinct words of `value` that carry content, in order of first appearance."""
    words = (word.removesuffix("'s") for word in text.words(value))
    return tuple(dict.fromkeys(word for word in words if word not in _STOP))


def words_of(query: Query, value: str) -> frozenset[str]:
    """Return the content words of `value`, and the question's terms that it says otherwise.

    For the question 鹅厂的毛利率, the words of "Tencent's gross margin" include 鹅厂 and 毛利率.
    """
    folded = text.fold(value)
    said = [terms for pattern, terms in _readings(query) if pattern.search(folded)]
    return frozenset(content_terms(folded)).union(*said)


@functools.lru_cache(maxsize=32)
def readings(query: Query) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return a word, ``@asked``, and the pattern of all forms of each name and term of the question.

    Names and terms without other forms are left out; the patterns read folded text.
    """
    return tuple(
        (f"@{a.asked}", lexicon.pattern((a.asked, *a.forms)))
        for a in (*query.names, *query.synonyms)
        if a.forms
    )


def comparable_terms(query: Query, value: str) -> tuple[str, ...]:
    """Return the terms of `query` that `value` could hold, whatever language it is in.

    A plain word of the other language that no list translates says nothing, held or not; names
    and figures can be compared in any language.
    """
    foreign = language_of(value) != query.language
    known = {t for a in (*query.names, *query.synonyms) for t in covered(query, a)}
    return tuple(t for t in query.terms if not foreign or t in known or not _plain(query, t))


def _plain(query: Query, term: str) -> bool:
    """Return whether `term` is an ordinary word: in the Chinese dictionary, or without capitals."""
    if text.is_cjk(term[0]):
        return len(term) == 1 or text.Span(0, len(term)) in text.known_words(term)
    at = query.text.lower().find(term)
    opens = at == 0 and bool(re.match(r"\w+ [a-z]", query.text))
    return term.isalpha() and (opens or query.text[at : at + len(term)].islower())


def covered(query: Query, alternative: Alternative) -> tuple[str, ...]:
    """Return the terms of the question that `alternative` stands for."""
    asked = text.fold(alternative.asked)
    own = set(content_terms(asked))
    return tuple(t for t in query.terms if t in own or (text.is_cjk(t[0]) and t in asked))


_SPELT = re.compile(r"[A-Z][A-Za-z0-9]+(?: [A-Z][A-Za-z0-9]+)+")


def spelt(query: Query) -> tuple[Alternative, ...]:
    """Return the Latin names of several words with the form that is one word: Brawl Stars, BrawlStars."""
    return tuple(Alternative(n, (n.replace(" ", ""),)) for n in _SPELT.findall(query.text))


@functools.lru_cache(maxsize=32)
def _readings(query: Query) -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    alternatives = (*query.names, *query.synonyms, *spelt(query))
    return tuple((lexicon.pattern(a.forms), covered(query, a)) for a in alternatives)


def asked_figures(query: Query) -> list[figures.Figure]:
    """Return the figures that stand in the question itself."""
    return figures.find(query.text)
