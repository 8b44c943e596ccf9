"""A question + what was found for it -> whom or what it is about, and how close a sentence is to that.

A name need not be in any dictionary: the longest opening of the question's first words that the
reports themselves use is the name they know. Knows nothing of figures or models.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import aliases, lexicon, measures, period, romanized
from rag.language import language_of
from rag.naming import HOUSE
from rag.question import SOURCE, Query, content_terms
from rag.schema import Hit, Passage
from rag.text import fold, is_cjk, known_words

_FUNCTION = re.compile(
    r"各[种类项]|之[前后间中内]|哪[个家些位只种款项国年月天]?|[的了在和与及或对从到把被将由按以据跟来也都就还又而但这那其该各每共约是为里内后前呢吗呀啊吧么多少几谁看]|有(?![息色机线氧])|什么|怎么|如何|为何|请问|其中|[一总]共"
    r"|\d+(?:年|个?月|天)期|[那这当该本上下]?一[周週]|[那这当该本][周週]|[日号][至到]\d*[日号]?|以来|截至|根据|关于|预测|预计|发布|公布|给出|给|认为|报告|公司|全年|年度|期间|(?<=[\u4e00-\u9fff])(?<![和与跟及])中|\W|\d+(?:[家只款个位名支](?![\u4e00-\u9fff]?\d))?"
)
_BACKGROUND = re.compile(r"^(?P<told>[^，,]{2,24}(?:之后|以后|之前|以前))[，,](?P<rest>.{4,})$")
"""A clause of time that a question opens with: whom the question is about stands behind it."""
_HELPING = re.compile(
    r"(?:^|(?<=[，,]))(?:用(?![户友途量电药])|靠|凭|拿|让|当(?![当地年])|如果|假如|若)"
)
"""What a question or clause begins with before a name: 用Copilot翻译."""
_LATIN = re.compile(r"[A-Z][A-Za-z0-9&.-]*(?: (?:& )?[A-Z][A-Za-z0-9&.-]*)*")
_ASKING = frozenset(
    "what which who whose whom how why when where did does do is was are were in at by of for and as according the a an under over during after before between from to with within on into since despite among across per both each that this these those its their if than has have had can will would should could chinese mainland".split()
)
"""Also where a Chinese report need not say that it is: Chinese equity funds."""
_PLURAL = re.compile(r"(?<=[A-Z]{2})s$")  # of ETFs
_GENERIC = frozenset("ai ipo gdp cpi etf ev llm saas adr reit".split())
"""Capitals that name a kind: a question is about them only where it names nobody."""
_FIRM = re.compile(
    r"(?:银行|证券|保险|人寿|财险|信托|基金|科技|技术|股份|集团|控股|电子|电器|电气|医药|制药|药业|生物|医疗|汽车|动力|能源|电力|石油|石化|煤业|矿业"
    r"|海运|光能|牧业|畜牧|农业|锂业|铜业|铝业|钛业|纸业|精密|智造|船舶|港务|特钢|日化|数科|钢铁|水泥|材料|化工|化学|航空|航运|物流|快递|铁路|机场|港口|食品|饮料|乳业|酒业|农牧|种业|传媒|影业|软件|网络|通信|半导体|微电|光电|旅游|酒店"
    r"|地产|置业|发展|实业|建筑|建工|重工|机械|机床|精机|装备|零售|百货|超市|电商|药房|教育|环保|水务|燃气|服饰|家居|互娱|视频|出行|电动|电机|电池)$"
)
"""Lines of business that end the names of companies."""
_ACCOUNTED = re.compile(r"[本上]期|期[初末](?:的?时候?)?")
"""Times of accounts, which name nobody."""
_CLASSIFIER = re.compile(r"(?<=[这那该此每哪几两])(?:一?[次份篇个只款项种批轮届期支条场位家])")
"""What stands between a pointing word and a name: 那份某某报告."""
_WHEN = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_EDGE = re.compile(r"[末底初]|年末|年底")
_SOURCED = re.compile(
    r"^(?:按照?|根据|依据|据)|,? ?\b(?:according to|in the (?:report|account)|based on|per(?= (?-i:[A-Z])))\b[^,?]*\??$",
    re.IGNORECASE,
)
"""How a sentence opens that says itself what it is about, whatever the heading."""
_WHICH = re.compile(r"(?P<asks>谁|哪[个些种款项国])(?P<told>[\u4e00-\u9fff]{2,6})")
"""What asks, before a kind or a verb that names nobody: 哪个国家主办了, 谁赢得了."""
_LOCATIVE = re.compile(r"(?<= )[上下里内]")
"""What follows a thing that was blanked: 在…上."""
_LEGAL = "(?:股份|集团|控股|科技)*有限(?:责任)?公司"
"""How full Chinese names of companies go on."""
_INCORPORATED = "group|holdings|corporation|corp|inc|co|ltd|limited|plc|pharma(?:ceuticals?)?|medicine|technology|technologies|brewery|airlines|heavy industry|electronics"
"""How English names of companies go on."""
_LIGHT = frozenset(
    "公司 企业 主要 样本 全部a股 股份行 变动 幅度 变动幅度 具体 整年 一整年 整个 整体 总体 合计 总共 一共 钱 块 数 变化 规模 板块 层面 方面 百分 百分之 比例 现在 目前 单季 多少倍 一个 要 之后 最新 数量 水平 情况 金额 数值 多 大 高 长 日 号 部 台 家 元 倍 率 点 "
    "s what how many much big large end total figure number amount level respectively combined".split()
)
"""Words that say nothing of what a figure is of."""
_NOBODY = frozenset("策略 建议 方向 主线 观点 研报".split())
"""Words for what a report is, whom a question is not about."""
_EVERYWHERE = frozenset("全国 我国 全市场 全行业".split())
"""Where reports of one country need not say that they are about it."""
_AT_HOME = re.compile(r"国内(?!生产总值|外)")  # which rag.region sees to
_ASKED = re.compile(
    r"(?:股价)?[涨跌升降增减亏赚]?(?:[是为有占达约]|[降升增涨][至到])?了?(?:多少|几)(?=[个多元亿万家点成倍％%款名人位台辆股天钱]|[？?啊呢呀吧]*$)个?[点]?(?:[啊呢呀吧]|来着)*"
)
"""What asks: the words before it are no part of one with it, 授予价是多少; a share that rose is its price."""
_COUNTRIES = {
    "China": ("中国", "我国", "全国"), "the US": ("美国",), "US": ("美国",), "Japan": ("日本",), "India": ("印度",),
    "American": ("美国", "美"), "Japanese": ("日本", "日"), "Indian": ("印度",), "European": ("欧洲", "欧"), "German": ("德国",), "Korean": ("韩国",), "Europe": ("欧洲",), "Hong Kong": ("香港", "港"), "Taiwan": ("台湾",), "Germany": ("德国",), "Korea": ("韩国",),
}  # fmt: skip
"""Names of places in English -> what Chinese reports call them."""
_ADVERB = re.compile(r"[才就再还只已未曾很挺]|[\u4e00-\u9fff]{1,2}[完过着掉]$")
"""What opens a run of single characters that is no name, or such a run: 才算拿到, 测完."""
_VERBS = re.compile(r"(?:要|想|能|会|得|去|来|做|搞|讲|谈|说|聊|报|看|让|出|第)+")
"""What may stand before a name that the reports hold without it: 出来讲快手."""
_SHORTEST = 2
_HOUSE = re.compile(rf"(?:{HOUSE}|Research|Securities)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a question is about."""

    asked: str
    """As the question writes it."""
    forms: re.Pattern[str]
    """All its names, in folded text."""
    known: bool
    """Whether any of what was found names it."""


def of(query: Query, where: Sequence[Passage | Hit]) -> Subject | None:
    """Return whom `query` is about; None where it names nobody in particular.

    A question that names nobody known, but has a word that is in no dictionary where a name would
    be, is about a stranger: `known` is False.
    """
    texts = [fold(words_around(p)) for p in where]
    publishers = {fold(p.document.publisher or "") for p in where} - {""}
    names = [
        found
        for found in _candidates(query, texts)
        if not any(fold(found.asked) in p for p in publishers)
    ]
    listed = {name.asked for name in query.names}
    others = [found for found in names if found.asked in listed or not _HOUSE.search(found.asked)]
    others = [o for o in others if len(others) == 1 or not _tells(query, o)] or others
    return next(iter(others or names), None)


def _tells(query: Query, one: Subject) -> bool:
    """Return whether the question names somebody only as who rates another: 中金给快手的目标价.

    淘天对阿里集团收入的占比 is of 淘天.
    """
    rates = re.search(
        rf"{re.escape(one.asked)}(?:公司)?[^，。？的]{{0,8}}(?P<to>给予?|对)(?=..)(?P<what>.*)",
        query.text,
    )
    return rates is not None and (rates["to"] != "对" or not _PART_OF.search(rates["what"]))


_PART_OF = re.compile(r"占比|贡献|份额|占.{0,6}(?:比[例重]|多少|几)|拉动|影响")


def _candidates(query: Query, texts: Sequence[str]) -> list[Subject]:
    """Return whom the question may be about: names that are listed first, then openings of runs."""
    found = []
    english = query.language == "en" and any(language_of(text) == "en" for text in texts)
    for words, forms in _named(query):
        if query.language == "en" and not forms:
            forms = romanized.spellings(words, texts)
        pattern = lexicon.pattern((words, *forms), aliases.longer((words, *forms)))
        known = any(pattern.search(text) for text in texts)
        if known or (forms and words not in _COUNTRIES) or english:
            found.append(Subject(words, pattern, known))
    for run in _runs(query):
        opening = _opening(run, texts)
        if opening in _LIGHT | _NOBODY:
            continue
        if not opening and (verb := _VERBS.match(run)):
            run = run[verb.end() :]
            opening = _opening(run, texts)
            if len(run) < _SHORTEST:
                continue
        name = run if _HOUSE.search(run) else _whole(query, opening, texts) or run
        if opening or is_name(run):
            found.append(Subject(name, _spread(name), bool(opening)))
    return [one for one in found if one.known or not any(_restated(query, one, o) for o in found)]


def _spread(name: str) -> re.Pattern[str]:
    """Return the pattern of a name, between whose words a time or size may stand: 云海2024年股东大会."""
    plain = lexicon.pattern((name,))
    words = [name[s.start : s.end] for s in known_words(name)]
    if len(words) < 2 or "".join(words) != name:
        return plain
    return re.compile(f"{plain.pattern}|{_BETWEEN.join(map(re.escape, words))}")


_BETWEEN = "(?:第?[0-9][0-9.]*[年级届期]?)"


def _whole(query: Query, opening: str, texts: Sequence[str]) -> str:
    """Return a Latin name with the version that the question gives it, where a text does too: qwen2.5."""
    if not opening or is_cjk(opening[0]):
        return opening
    versioned = re.search(re.escape(opening) + r"[-.]?[0-9][a-z0-9.+-]*", fold(query.text))
    full = versioned.group().rstrip(".-") if versioned else ""
    return full if full and any(full in text for text in texts) else opening


def _restated(query: Query, unknown: Subject, other: Subject) -> bool:
    """Return whether the question says a name that nothing holds again as one that something does.

    混元 Hunyuan-Large: a Chinese name and a Latin one side by side are one thing.
    """
    if not other.known or is_cjk(other.asked[0]) is is_cjk(unknown.asked[0]):
        return False
    one, two = re.escape(unknown.asked), re.escape(other.asked)
    return bool(re.search(rf"{one} ?[（(]?{two}|{two} ?[（(]?{one}", fold(query.text)))


def aspects(query: Query, subject: Subject | None) -> tuple[str, ...]:
    """Return the content words of the question besides its time and whom it is about, in order."""
    text = _timeless(SOURCE.sub("", query.text))
    if subject:
        name = rf"{re.escape(subject.asked)}(?:{_LEGAL}|集团|公司|股份| ?(?:{_INCORPORATED})\b\.?)*"
        text = re.sub(name, " ", text, flags=re.IGNORECASE)
    text = _AT_HOME.sub(" ", _ASKED.sub(" ", _SOURCED.sub("", text)))
    terms = content_terms(text)
    whole = [
        t for t in terms if not any(t != other and t in other and is_cjk(t[0]) for other in terms)
    ]
    light = _LIGHT | _EVERYWHERE
    return tuple(t for t in whole if t not in light and not t.isdigit())


def of_body(query: Query, passages: Sequence[Passage], body: str) -> Subject | None:
    """Return whom the question is about where `body`, a drafted sentence, names it and no other."""
    subject = of(query, passages)
    if subject is None or not names(subject, body):
        return None
    firms = filter(None, map(unknown_firm, _CLAUSES.split(body)))
    others = (*(name.asked for name in aliases.expand(body)), *firms)
    return subject if all(subject.forms.search(_folded(other)) for other in others) else None


_CLAUSES = re.compile(r"[，,；;：:、。的和与及]")


def is_firm(query: Query, subject: Subject) -> bool:
    """Return whether a subject is a company: by a listed name or by the line of business it ends with."""
    listed = any(fold(name.asked) == fold(subject.asked) for name in query.names)
    legal = re.search(rf"{re.escape(subject.asked)}(?:{_LEGAL})", fold(query.text))
    return listed or bool(legal or _FIRM.search(subject.asked)) or subject.asked.endswith("公司")


def heads(subject: Subject, passage: Passage) -> bool:
    """Return whether the heading of its section names the subject."""
    return names(subject, " ".join(headings_below_title(passage)))


def headings_below_title(passage: Passage) -> list[str]:
    """Return the headings over a passage below the title."""
    return [heading for heading in passage.heading_path if heading != passage.document.title]


def names(subject: Subject, text: str) -> bool:
    """Return whether `text` names whom the question is about."""
    return bool(subject.forms.search(_folded(text)))


@functools.lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return fold(text)


def words_around(found: Passage | Hit) -> str:
    """Return a passage or hit with what stands over it: title, headings, the head of its table."""
    part = found.chunk if isinstance(found, Hit) else found
    return " ".join((found.document.title, *part.heading_path, part.head, part.text))


def _named(query: Query) -> list[tuple[str, tuple[str, ...]]]:
    """Return the names of the question that have other forms, then its capitalised words, in order."""
    names = [a for a in query.names if not (a.asked.isupper() and measures.named(a.asked))]
    found = [(query.text.find(a.asked), a.asked, a.forms) for a in names]
    if query.language == "en":
        taken = " ".join(a.asked for a in query.names)
        for match in _LATIN.finditer(_timeless(query.text)):
            words = [w for w in match.group().split(" ") if w.lower() not in _ASKING]
            name = _PLURAL.sub("", " ".join(words).removesuffix("'s"))
            if len(name) > 1 and name not in taken and not measures.named(name):
                found.append((match.start(), name, _COUNTRIES.get(name, ())))
    generic = {asked: asked.lower() in _GENERIC for _, asked, _ in found}
    found.sort(key=lambda f: (generic[f[1]], f[0]))
    return [(asked, forms) for _, asked, forms in found]


def _timeless(text: str) -> str:
    """Return `text` with its periods and the names of months blanked, everything else in place."""
    for place in period.places(text):
        edge = _EDGE.match(text, place.end)
        end = edge.end() if edge else place.end
        text = text[: place.start] + " " * (end - place.start) + text[end:]
    return _WHEN.sub(lambda match: " " * len(match.group()), text)


def _runs(query: Query) -> list[str]:
    """Return the stretches of the question that may be names, in order, folded."""
    if query.language != "zh":
        return []
    text = _BACKGROUND.sub(r"\g<rest>，\g<told>", SOURCE.sub("", query.text))
    text = _HELPING.sub(" ", _timeless(text))
    text = _CLASSIFIER.sub(" ", _WHICH.sub(_kind_blanked, _ACCOUNTED.sub(" ", text)))
    for term in query.synonyms:
        text = text.replace(term.asked, " ")
    text = _LOCATIVE.sub(" ", text)
    for region in _EVERYWHERE:
        text = text.replace(region, " ")
    runs = _FUNCTION.split(fold(text))
    return [run for run in runs if len(run) >= _SHORTEST and not measures.named(run[:_SHORTEST])]


def _kind_blanked(which: re.Match[str]) -> str:
    """Return what asks after a kind without the kind, and who did something without what was done."""
    spans = known_words(which["told"])
    end = spans[0].end if spans and spans[0].start == 0 else 0
    return which["asks"] + " " * end + which["told"][end:]


def _opening(run: str, texts: Sequence[str]) -> str:
    """Return the longest opening of `run` that a text holds; empty below two characters."""
    for end in range(len(run), _SHORTEST - 1, -1):
        if any(run[:end] in text for text in texts):
            return run[:end]
    return ""


def leading_firm(run: str) -> str:
    """Return the company that `run` opens with, told by the line of business in its name; else ""."""
    ends = [end for end in range(4, min(len(run), 10) + 1) if _FIRM.search(run[:end])]
    following = [end for end in ends if end - ends[0] <= 2]
    return run[: following[-1]] if following else ""


def unknown_firm(text: str) -> str:
    """Return the company that `text` opens with whose own name no dictionary holds, else ""."""
    firm = leading_firm(text)
    known = known_words(firm)
    return firm if firm and (not known or known[0].start > 1) else ""


def is_name(run: str) -> bool:
    """Return whether `run` opens with what is in no dictionary, or ends as names of companies do.

    One character before a word of the dictionary only qualifies it: 小范围.
    """
    spans = known_words(run)
    if _ADVERB.match(run):
        return False
    return not is_cjk(run[0]) or not spans or spans[0].start > 1 or bool(_FIRM.search(run))
