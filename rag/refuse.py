"""Whether to refuse, and why: nothing found, nothing confirmed, or the question not covered.

Two general signals are weighed: the model's own yes-or-no judgement of the passages, and how much
of what the question names stands in the evidence that carries the draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag import figures, measures, predicate, subject
from rag import premise as premise_of
from rag.evidence import coverage
from rag.figures import Kind
from rag.language import language_of
from rag.question import Query, content_terms
from rag.schema import Hit, Passage
from rag.subject import Subject
from rag.text import Span, fold
from rag.trend import Role
from rag.verify import Checked, Evidence

HOPELESS = 0.5
"""Log-odds below which no answer is tried at all."""
COVERAGE_WEIGHT = 1.5
THRESHOLD = 1.65
"""A draft stands when log-odds + COVERAGE_WEIGHT x coverage of the question reaches this."""
THRESHOLD_CROSS = 1.65
"""The same for answers in another language than the passages, where words cannot be compared.

Chosen on development questions; eval/LOG.md has the numbers."""
_QUOTES = re.compile(r"[“「『《]([^”」』》]{2,20})[”」』》]")
_QUOTED = 160
STRICT_MARGIN = 0.65
"""How much more it takes when the user asks for strictness: 2.3, the threshold measured before."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not answered."""

    reason: str
    """In the question's language, one sentence."""
    trace: str = ""


_OPEN = re.compile(r"什么|哪些|怎[么样]|如何|为何|为啥")
_CHOICE = re.compile(r"还是|是否|[吗嘛]|[是有会能]不[是有会能]|[是有]没有?|哪[个家边一]|谁|或")
"""A question that names the possible answers itself."""
_LEVEL = re.compile(r"(?:是|为|有|达)多少[^，。？]{0,3}[？?]?$")
_CHANGES = re.compile(
    r"[增减涨跌降升变升提扩缩]|[上下][调滑行浮]|幅|[高低多少快慢]多少|多少倍|同比|环比|差|贡献|拉动|表现|走势|行情|收益"
)
"""Words of a question that changes answer."""
_LABELLED = re.compile(
    r"\W*[0-9]*\W*[A-Za-z\u4e00-\u9fff]{2,12}(?:[（(][^（()）]{1,16}[)）])?[：:]"
)
"""How a paragraph opens that says whom it is about."""
_COMPARES = re.compile(
    r"(?:哪一?[家个边种款项块]?|谁)[^，。？]{0,8}?(?:[更比]|[高低大小快慢贵][，,？?]|便宜)|\bwhich (?:of|one)\b.*\b(?:\w+er|more|less)\b",
    re.I,
)
_COMPARED = re.compile(
    r"[高低多少大小快慢]于|比|更|最|领先|落后|超过|增|减|[升降涨跌]|\b(?:\w+er|more|less) than\b",
    re.I,
)
_SUMMARY = 10
"""Characters from which a quotation is no name but what a report says in other words."""
_MOST_WORDS = 0.8


def stranger(query: Query, hits: Sequence[Hit]) -> Refusal | None:
    """Return a refusal when nothing that was found names whom the question is about, else None."""
    if unheard := _unheard(query, hits):
        return Refusal(
            _say(query, f"the reports do not mention “{unheard}”", f"报告没有提到“{unheard}”"),
            f"nothing found holds the quoted {unheard}",
        )
    asked = subject.of(query, hits)
    if asked is None or asked.known:
        return None
    return Refusal(
        _say(query, f"the reports do not mention {asked.asked}", f"报告没有提到“{asked.asked}”"),
        f"nothing found names {asked.asked}",
    )


def _unheard(query: Query, hits: Sequence[Hit]) -> str | None:
    """Return what the question puts in quotation marks and nothing found holds, None for nothing."""
    text = fold(
        " ".join(
            f"{h.document.title} {' '.join(h.chunk.heading_path)} {h.chunk.text}" for h in hits
        )
    )
    if language_of(text) != query.language:
        return None
    held = re.sub(r"\W+", "", text)
    quoted = (re.sub(r"\W+", "", fold(q)) for q in _QUOTES.findall(query.text))
    return next((q for q in quoted if len(q) > 1 and not _said(q, held)), None)


def _said(quoted: str, held: str) -> bool:
    """Return whether a text holds a quotation; of a long one, which sums up, most of its words."""
    if quoted in held or len(quoted) < _SUMMARY:
        return quoted in held
    words = content_terms(quoted)
    return sum(w in held for w in words) >= _MOST_WORDS * len(words)


def premise(query: Query, stated: str) -> Refusal:
    """Return the refusal for a question that takes for granted what the reports say is not so."""
    quote = stated if len(stated) <= _QUOTED else f"{stated[:_QUOTED]}…"
    reason = _say(
        query, f'the reports say the opposite: "{quote}"', f"报告的说法与此相反：“{quote}”"
    )
    return Refusal(reason, "the question's premise is contradicted")


def off_target(query: Query) -> Refusal:
    """Return the refusal for a draft whose figures are true and not the one asked for."""
    return _not_stated(query, "no figure of the draft is said of what is asked")


def unsaid(query: Query, why: str) -> Refusal:
    """Return the refusal for a draft that is true and not said of whom or what is asked."""
    return _not_stated(query, why)


def before_writing(query: Query, passages: Sequence[Passage], odds: float | None) -> Refusal | None:
    """Return a refusal when writing is not worth trying, else None.

    Args:
        query: What is asked.
        passages: The evidence chosen.
        odds: The model's log-odds that the passages state the answer; None when not asked yet.
    """
    if not passages:
        return Refusal(_say(query, "nothing in the index matches", "索引中没有匹配的内容"))
    if odds is not None and odds < HOPELESS:
        return _not_stated(query, f"answerability {odds:.2f} < {HOPELESS}")
    return None


def after_checking(
    query: Query,
    hits: Sequence[Hit],
    passages: Sequence[Passage],
    checked: Checked,
    odds: float,
    *,
    strict: bool = False,
) -> Refusal | None:
    """Return a refusal when what survived the checks does not answer this question, else None.

    With `strict` an answer takes `STRICT_MARGIN` more.
    """
    if not checked.sentences:
        return _unsupported(query, checked.dropped)
    by_label = {p.label: p for p in passages}
    cited = [e for s in checked.sentences for e in s.evidence]
    quotes = [by_label[e.label].text[e.span.start : e.span.end] for e in cited]
    if stated := premise_of.reversed_in(query, quotes):
        return premise(query, stated)
    if premise_of.unreasoned(query, quotes):
        return _not_stated(query, "no reason in what is cited")
    reports = {by_label[e.label].document.doc_id for e in cited}
    if unheard := _unheard(query, [h for h in hits if h.document.doc_id in reports]):
        return _not_stated(query, f"what is cited does not hold the quoted {unheard}")
    if other := _of_another(query, hits, cited, by_label):
        return _not_stated(query, other)
    if region := _regionless(query, hits, cited, by_label):
        return _not_stated(query, f"what is cited does not say that it is {region}")
    if _tells_changes_only(query, checked):
        return _not_stated(query, "a level is asked for, changes alone are told")
    if _tells_one_side(query, checked):
        return _not_stated(query, "one side of the comparison alone could be confirmed")
    if _says_nothing(query, checked):
        return _not_stated(query, "the draft only repeats the question")
    above = margin(query, hits, passages, checked, odds, strict=strict)
    return _not_stated(query, f"{-above:.2f} short of an answer") if above < 0 else None


def margin(
    query: Query,
    hits: Sequence[Hit],
    passages: Sequence[Passage],
    checked: Checked,
    odds: float,
    *,
    strict: bool = False,
) -> float:
    """Return how far a draft is above what an answer takes: below 0 it is refused.

    That is the log-odds of an answer, and what share of the question the cited passages cover, less
    the threshold; a draft of which nothing survived the checks covers nothing.
    """
    by_label = {p.label: p for p in passages}
    support = " ".join(_support(by_label[e.label]) for s in checked.sentences for e in s.evidence)
    needed = STRICT_MARGIN if strict else 0.0
    if query.language == "en" and not support.isascii():
        return odds - THRESHOLD_CROSS - needed
    return odds + COVERAGE_WEIGHT * coverage(query, hits, support) - THRESHOLD - needed


def _of_another(
    query: Query, hits: Sequence[Hit], cited: Sequence[Evidence], by_label: dict[int, Passage]
) -> str:
    """Return why what is cited is not of the company asked about, "" where it may be.

    A reason is where nothing near it names the company, anything else where its paragraph opens with
    somebody else's name: 海岱轮胎：….
    """
    about = subject.of(query, hits)
    if about is None or not about.known or not cited:
        return ""
    if premise_of.explains(query) and subject.is_firm(query, about):
        told = [predicate.window(by_label[e.label], e.span) for e in cited]
    elif _has_own_paragraph(about, by_label.values()):
        told = [_paragraph(by_label[e.label], e.span) for e in cited]
        told = [text if _LABELLED.match(text) else about.asked for text in told]
    else:
        return ""
    named = any(subject.names(about, text) for text in told)
    return "" if named else f"{about.asked} is not named in what is cited"


def _regionless(
    query: Query, hits: Sequence[Hit], cited: Sequence[Evidence], by_label: dict[int, Passage]
) -> str:
    """Return the region that is asked for of a company where nothing around what is cited names it, else ""."""
    about = subject.of(query, hits)
    if about is None or not cited or not subject.is_firm(query, about):
        return ""
    asked = measures.named(_GLOBAL.sub(" ", query.text).replace(about.asked, " ")) & _REGIONS
    around = [by_label[e.label] for e in cited]
    told = measures.named(" ".join(f"{' '.join(p.heading_path)} {p.head} {p.text}" for p in around))
    home = any("中国" in p.text or "China" in p.text for p in around)
    lacking = sorted(asked - told - ({"#domestic"} if home else set()))
    return lacking[0].removeprefix("#") if lacking else ""


_REGIONS = frozenset({"#overseas", "#domestic"})
_GLOBAL = re.compile(r"(?:国际|环球|海外)[\u4e00-\u9fff]{2,10}?(?:公司|集团|银行|证券|控股)")
"""A company's name that a region is part of: 国际云帆教育有限公司."""


def _has_own_paragraph(about: Subject, passages: Iterable[Passage]) -> bool:
    """Return whether a paragraph opens with whom the question is about, as others do with others."""
    opened = (_LABELLED.match(line) for p in passages for line in p.text.split("\n"))
    return any(label and subject.names(about, label.group()) for label in opened)


def _paragraph(passage: Passage, quote: Span) -> str:
    """Return the paragraph of a quote up to its end."""
    return passage.text[passage.text.rfind("\n", 0, quote.start) + 1 : quote.end]


def _says_nothing(query: Query, checked: Checked) -> bool:
    """Return whether an answer holds no word and no figure that the question does not."""
    if query.language != "zh" or not _OPEN.search(query.text) or _CHOICE.search(query.text):
        return False
    told = {w for s in checked.sentences for w in content_terms(s.text)}
    return bool(told) and all(word in query.text for word in told)


def _tells_changes_only(query: Query, checked: Checked) -> bool:
    """Return whether a level is asked for and all figures of an answer are changes: 消耗减少了20%."""
    if not _LEVEL.search(query.text) or _CHANGES.search(query.text):
        return False
    told = [f for s in checked.sentences for f in figures.find(s.text)]
    told = [f for f in told if f.kind is not Kind.DATE]
    return bool(told) and all(f.role is Role.CHANGE for f in told)


def _tells_one_side(query: Query, checked: Checked) -> bool:
    """Return whether two are to be compared and only one figure is left of what was drafted."""
    if not checked.dropped or not (query.wants_difference or _COMPARES.search(query.text)):
        return False
    told = " ".join(s.text for s in checked.sentences)
    amounts = {f.text for f in figures.find(told) if f.kind is not Kind.DATE}
    return len(amounts) == 1 and not _COMPARED.search(told)


def _support(passage: Passage) -> str:
    return " ".join((passage.document.title, *passage.heading_path, passage.head, passage.text))


def _not_stated(query: Query, trace: str) -> Refusal:
    reason = _say(
        query, "the passages found do not state the answer", "找到的段落没有写明这个问题的答案"
    )
    return Refusal(reason, trace)


def _unsupported(query: Query, dropped: Sequence[str]) -> Refusal:
    """Return the refusal for a draft of which no sentence survived its checks."""
    return Refusal(
        _say(
            query,
            "no sentence of the draft could be confirmed in the reports",
            "草稿中没有一句能在报告中得到核实",
        ),
        "dropped: " + "; ".join(dropped),
    )


def _say(query: Query, en: str, zh: str) -> str:
    return zh if query.language == "zh" else en
