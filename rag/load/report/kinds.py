"""The kind of a report, such as 公司点评 or 金工专题, and the industry it is about.

A kind is a subject and a form. Labels of the cover, title, file name and front matter vote.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rag.load import imprint
from rag.load.fields import INDUSTRIES, industry_in
from rag.load.report.choice import (
    BESIDE,
    FILE_NAME,
    FRONT_MATTER,
    HINT,
    LABELLED,
    PLACED,
    STRONG,
    Candidate,
)
from rag.load.report.front import Front, Place
from rag.schema import Fact, FactName
from rag.text import simplify

_SUBJECTS = (
    ("金工", "quant", r"金融工程|金工|量化|多因子|选股因子|因子选股|择时|[Qq]uantitative"),
    ("固收", "fixed income", r"固收|固定收益|债券|利率债|信用债|可转债|转债|[Ff]ixed income"),
    ("公司", "company", r"公司(?:研究|点评|深度|报告|动态|信息|首次|跟踪|更新|评论|简评)|个股|首次覆盖|"
     r"(?:年报|季报|中报|半年报|业绩|财报)\S{0,6}(?:点评|解读)|\d{6}\.(?:S[HZ]|BJ)|\d{4,5}\.HK|[Ii]nitiati(?:on|ng)|[Cc]ompany (?:report|update|note)"),
    ("宏观", "macro", r"宏观|经济数据|中国经济|GDP|CPI|PMI|社融|货币政策|[Mm]acro"),
    ("策略", "strategy", r"(?<!轮动)(?<!交易)(?<!择时)(?<!对冲)策略|大类资产|资产配置|[Ss]trategy"),
    ("基金", "fund", r"基金(?:研究|评价|周报|月报|点评)|公募(?:基金)?(?:研究|季报)|FOF"),
    ("行业", "industry", r"行业|产业|板块|综述|综览|横评|对照|[Ii]ndustry|[Ss]ector|[Cc]ompanies\b"),
    ("新闻", "news", r"快讯|新闻|[Nn]ews\b"),
)  # fmt: skip
_FORMS = (
    ("周报", "weekly", r"周报|周策略|周观点|每周|一周|双周|[Ww]eekly"),
    ("月报", "monthly", r"月报|月度(?:策略|报告|观点)|[Mm]onthly"),
    ("日报", "daily", r"日报|晨报|晨会|[Dd]aily"),
    ("首次覆盖", "initiation", r"首次覆盖|[Ii]nitiati(?:on|ng)"),
    ("深度", "in-depth", r"深度|[Ii]n-depth"),
    ("专题", "topic", r"专题"),
    ("点评", "comment", r"点评|评论|简评|信息更新|解读|[Rr]eview|[Uu]pdate"),
    ("跟踪", "tracking", r"跟踪"),
)
_SERIES = re.compile("系列")
"""A part of a series is a topic report where nothing says more."""
_KEYS = ("kind", "type", "报告类型", "类型", "category", "categories", "tags", "栏目")
_DESK = re.compile(r"财经|新闻|通讯社|日报|时报|晚报|在线|资讯")
_LEAD = re.compile(r"^.{0,24}?\d{1,2}日(?:讯|电|消息|报道)|^.{0,12}讯[，,（(]")
_BYLINE = re.compile(r"责任编辑|本报记者|记者\s*[：:]")
_ARTICLE = re.compile(r"文章来源")
_BANNER = re.compile(r"(?=.*证券研究报告)[^。，；：]{4,40}")
"""A line of labels only, as 证券研究报告|金融工程研究报告, wherever it stands on the first page."""
MAX_LABEL = 16
"""Characters of a part of a cover line that names a kind of report."""
_OF_NO_INDUSTRY = ("金工", "宏观", "新闻", "固收", "基金")
_INDUSTRY_LABEL = re.compile(
    r"(?:所属)?(?:行业|板块)(?:名称|分类)?\s*[：:]\s*(?P<name>[\u4e00-\u9fffA-Z]{2,10})"
)
_AFFIX = re.compile(
    r"证券研究报告|行业|产业|板块|研究|报告|专题|深度|点评|周报|月报|动态|跟踪|组|策略"
)


def kind_of(
    front: Front, stem: str, title: Sequence[Fact], publisher: Sequence[Fact]
) -> Fact | None:
    """Return the kind of report; None when nothing says what it is."""
    subjects: dict[str, float] = defaultdict(float)
    forms: dict[str, float] = defaultdict(float)
    sources: dict[str, None] = {}
    spots: list[tuple[int, int]] = []
    signs = list(_signs(front, stem, title))
    for sign in signs:
        hit = _vote(_SUBJECTS, sign, subjects) + _vote(_FORMS, sign, forms)
        if hit:
            sources |= dict.fromkeys(sign.source.split("; "))
            spots += [(sign.start, sign.end)] if sign.start is not None and sign.end else []
    _vote_for_news(front, publisher, subjects)
    if front.stated.get("ticker") or front.stated.get("股票代码"):
        subjects["公司"] += PLACED
    if not subjects:
        return None
    if not forms and any(_SERIES.search(sign.value) for sign in signs):
        forms["专题"] = HINT
    subject = max(subjects, key=lambda name: subjects[name])
    form = max(forms, key=lambda name: forms[name]) if forms and subject != "新闻" else ""
    english = {zh: en for zh, en, _ in (*_SUBJECTS, *_FORMS)}
    value = form if form == "首次覆盖" and subject == "公司" else subject + form
    start, end = spots[0] if spots else (None, None)
    also = tuple(english[name] for name in (subject, form) if name)
    return Fact(
        FactName.KIND,
        value if value.startswith(subject) else subject + value,
        "; ".join(sources) or front.source,
        start,
        end,
        also,
    )


def industries(front: Front, title: Sequence[Fact], kind: str) -> Iterator[Candidate]:
    """Yield the industries that front matter, label, cover or title name."""
    for key in ("industry", "sector", "行业", "所属行业"):
        for value in front.stated.get(key, ())[:1]:
            yield Candidate(_bare(value) or value, FRONT_MATTER, STRONG)
    for key in ("categories", "tags"):
        for value in front.stated.get(key, ()):
            if _bare(value) in INDUSTRIES:
                yield Candidate(_bare(value), FRONT_MATTER, BESIDE)
    if kind.startswith(_OF_NO_INDUSTRY):
        return
    yield from _on_cover(front)
    if kind.startswith(("行业", "策略")) and title:
        fact = title[0]
        named = industry_in(fact.value)
        if named:
            yield Candidate(named, fact.source, HINT, fact.start, fact.end)


def _on_cover(front: Front) -> Iterator[Candidate]:
    """Yield the industries behind a label, or named by a part of a line such as 公司研究 · 电子."""
    for line in front.at(Place.COVER, Place.SIDE):
        found = _INDUSTRY_LABEL.search(line.text)
        if found and "评级" not in found["name"]:
            start, end = line.start + found.start("name"), line.start + found.end("name")
            yield Candidate(_bare(found["name"]), front.source, LABELLED, start, end)
            continue
        for part in imprint.parts(line.text):
            if len(part) <= MAX_LABEL and _bare(part) in INDUSTRIES:
                start = line.start + line.text.index(part)
                yield Candidate(_bare(part), front.source, PLACED, start, start + len(part))


def _bare(text: str) -> str:
    return _AFFIX.sub("", text).strip()


def _signs(front: Front, stem: str, title: Sequence[Fact]) -> Iterator[Candidate]:
    """Yield the texts that may name a kind."""
    for key in _KEYS:
        for value in front.stated.get(key, ()):
            yield Candidate(value, FRONT_MATTER, LABELLED)
    banners = [line for line in front.at(Place.TEXT) if _BANNER.fullmatch(line.text)]
    for line in (*front.at(Place.COVER, Place.SIDE), *banners):
        for part in re.split(r"\s*[|｜·/—\-]\s*|\s{2,}", line.text):
            if part and len(part) <= MAX_LABEL and not re.search(r"[：:，。《》]|评级", part):
                start = line.start + line.text.index(part)
                yield Candidate(part, front.source, PLACED, start, start + len(part))
    for fact in title[:1]:
        yield Candidate(fact.value, fact.source, BESIDE, fact.start, fact.end)
    yield Candidate(stem, FILE_NAME, HINT)


def _vote(words: Sequence[tuple[str, str, str]], sign: Candidate, votes: dict[str, float]) -> int:
    """Add the weight of `sign` to every kind it names, and return how many those are."""
    text = simplify(sign.value)
    named = [name for name, _, pattern in words if re.search(pattern, text)]
    for name in named:
        votes[name] += sign.weight
    return len(named)


def _vote_for_news(front: Front, publisher: Sequence[Fact], votes: dict[str, float]) -> None:
    texts = [line.text for line in front.lines]
    tail = front.parsed.text[-200:]
    if any(_LEAD.match(text) for text in texts[:4]) or _ARTICLE.search(tail):
        votes["新闻"] += STRONG
    if any(_BYLINE.search(text) for text in texts):
        votes["新闻"] += LABELLED
    if publisher and _DESK.search(publisher[0].value):
        votes["新闻"] += 1.5 * HINT
