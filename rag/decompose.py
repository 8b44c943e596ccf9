"""A compound question -> the simple questions it is made of.

Small models answer a question after one figure well and one after two badly: of the comparisons
among 60 development questions they got one in five. So comparisons and several questions in a row
are asked one by one. Checks that nothing was added; answers nothing.
"""

from __future__ import annotations

import re

from rag import asking, conjuncts, coordinate, coordinate_en, figures, prompts
from rag.coordinate import MOST
from rag.engine import Engine
from rag.question import Query, understand

_MAX_TOKENS = 120
_THAN = r"(?<![同环占对相可分])比(?![亚例率重价如特值较])"
"""The word "than", not a part of 同比, 占比, 比例 or a name."""
_SEVERAL = re.compile(r"[？?].*\w.*[？?]")
_COMPARED = re.compile(
    r"谁|哪[个家只支种一边块款类端项]?.{0,12}(?:更|最|比较)|更[高低多少大小快慢贵]|相差|差距|差多少|差了?几|对比|相比.{0,8}(?:多少|如何)"
    rf"|{_THAN}.{{1,24}}[高低多少大小快慢贵]|一致|同向|各(?:是|为|有|自|占)|分别[是为有].{0, 4}多少"
    r"|\b(?:higher|lower|more|less|larger|smaller|faster|bigger|greater|fewer)\b.*\bthan\b"
    r"|\bwhich (?:of|one|company|had|was|grew)\b|\bdifference\b|\bcompare|\bor\b.*\?|\brespectively\b|\beach\b",
    re.IGNORECASE,
)
_JOINED = re.compile(rf"还是|{_THAN}|\band\b|\bor\b|\bthan\b|\bvs\b|\bversus\b", re.IGNORECASE)
_FILLER = frozenset(
    "多少 少 涨 跌 涨幅 跌幅 幅度 增长 下降 同比 收入 what much how many which did does fast high".split()
)
_MARK = re.compile(r"(?<=[？?])")
_ENUMERATOR = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.、)）])\s*")


def is_compound(query: Query) -> bool:
    """Return whether the words of `query` promise more than one simple question."""
    text = query.text
    if _SEVERAL.search(text):
        return True
    joined = conjuncts.joined(text) or _JOINED.search(text)
    return bool(joined) and (query.wants_difference or bool(_COMPARED.search(text)))


def coordinated(query: Query) -> tuple[Query, ...]:
    """Return the parts that the question's own words give, without a model; empty when none."""
    split = coordinate.split if query.language == "zh" else coordinate_en.split
    return tuple(understand(part) for part in split(query.text))


def decompose(engine: Engine, query: Query) -> tuple[Query, ...]:
    """Return the parts of `query` in order, two to `MOST`; empty when it is better left whole.

    Parts that bring in a figure, a year or words of their own are not trusted: then only questions
    that stand side by side are taken apart, as they are.

    Raises:
        ModelError: If the model fails.
    """
    if parts := coordinated(query):
        return parts
    if not is_compound(query):
        return ()
    prompt = prompts.load("decompose" if query.language == "zh" else "decompose_en")
    system, user = prompt.fill({"question": query.text})
    done = engine.complete(
        [{"role": "system", "content": system}, {"role": "user", "content": user}],
        max_tokens=_MAX_TOKENS,
        stop=("\n\n",),
    )
    parts = _distinct(_lines(done.text))
    if len(parts) > 1 and all(_within(part, query) for part in parts):
        return parts
    return _separate(query)


def _separate(query: Query) -> tuple[Query, ...]:
    """Return the questions that stand side by side as they are; empty when there is only one."""
    pieces: list[str] = []
    for piece in (p.strip() for p in _MARK.split(query.text)):
        more = re.sub(r"[？?。\s]+$", "", piece)
        if more and not (pieces and asking.adds_nothing(more, pieces[-1])):
            pieces.append(piece)
    if not 1 < len(pieces) <= MOST:
        return ()
    return tuple(understand(piece) for piece in pieces)


def _lines(text: str) -> list[str]:
    """Return the questions of the model's reply: up to the first empty line, unnumbered."""
    block = text.strip().split("\n\n")[0]
    lines = (_ENUMERATOR.sub("", line).strip() for line in block.splitlines())
    return [line for line in lines if line]


def _distinct(lines: list[str]) -> tuple[Query, ...]:
    """Return the questions without those that only repeat another one with its period left out."""
    parts = [understand(line) for line in dict.fromkeys(lines)]
    asking = [p for p in parts if not p.wants_difference] if len(parts) > 2 else parts
    return tuple(
        part
        for part in asking
        if not any(
            set(part.terms) < set(other.terms) and len(part.periods) < len(other.periods)
            for other in parts
        )
    )[:MOST]


def _within(part: Query, whole: Query) -> bool:
    """Return whether `part` asks something smaller than `whole`, with its words alone."""
    new = [t for t in part.terms if t not in _FILLER and t not in whole.text.lower()]
    smaller = set(part.terms) < set(whole.terms) | _FILLER
    return (
        part.language == whole.language
        and not new
        and smaller
        and _figures(part) <= _figures(whole)
    )


def _figures(query: Query) -> set[str]:
    years = {str(p.year) for p in query.periods if p.year}
    return years | {f.mantissa for f in figures.find(query.text) if f.mantissa}
