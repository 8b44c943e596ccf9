"""A question how something was done by several means + hits -> what the report says of each, quoted.

"是如何通过分红和债务重组来改善财务状况的": a small model says the question again as its answer. What was done
stands in the report, a sentence or two for each of the means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag import aboutness, excerpt, figures, predicate, subject
from rag.question import Query, content_terms
from rag.schema import Check, Hit, Passage
from rag.subject import Subject
from rag.text import Span, fold, sentences
from rag.verify import Checked, CheckedSentence, Evidence, FigureCheck

_ASKED = re.compile(
    r"(?:如何|怎[么样])(?:是)?(?:通过|借助|依靠|利用|靠)(?P<means>[^，。？?]{2,80}?)"
    r"(?:来|(?<=.{4})(?<![和与及、，])(?=提升|提高|改善|增强|实现|推动|支持|促进|降低|应对|扩大|缓解))[^？?]{2,}"
)
_AND = re.compile(r"、|，|以及|和")
_WITHIN = re.compile(r"与|及")
"""Joins the parts of one of them, 员工健康与安全计划; where nothing else does, it joins them."""
_SUMS_UP = re.compile(r"综上|总之|总的来[说看]|总体[来而]")
_LEANING = re.compile(r"(?:通过)?(?:这|此(?![外前后])|该|上述)")
"""How a sentence opens that speaks of what the one before it tells."""
_LINK = re.compile(r"^(?:首先|其次|再次|此外|另外|接着|随后|然后|同时|最后|再者|一方面|另一方面)，")
_SAID = 0.5
"""Share of the words of one of the means that a sentence about it says: 建设防止污染设施, 建立了污染防治设施."""
_TOLD = 0.3
"""What a figure other than a date is worth in words: the sentence that tells how much."""
_NAMED, _SUMMED = 0.75, 0.25
"""Share of its words by which a sentence names another of the means too, and what that costs it."""
_MOST = 5


@dataclass(frozen=True, slots=True)
class Means:
    """What the report says of each of the means."""

    passages: tuple[Passage, ...]
    checked: Checked


def answer(query: Query, hits: Sequence[Hit]) -> Means | None:
    """Return the sentences of one report on all the means, in the question's order; None without one."""
    asked = _ASKED.search(query.text)
    if asked is None:
        return None
    split = _AND if _AND.search(asked["means"]) else _WITHIN
    wanted = [words for part in split.split(asked["means"]) if (words := content_terms(part))]
    if len(wanted) < 2 or len(wanted) > 2 * _MOST:
        return None
    own = aboutness.own(query, hits)
    about = subject.of(query, hits)
    if about and about.asked not in fold(query.text[: asked.start()]):
        return None  # whose means they are, no report knows
    for doc_id in dict.fromkeys(hit.chunk.doc_id for hit in own):
        passages = tuple(
            excerpt.of(hit, label=label)
            for label, hit in enumerate((h for h in own if h.chunk.doc_id == doc_id), 1)
        )
        told = [_best(words, wanted, passages, about) for words in wanted]
        places = list(dict.fromkeys(place for place in told if place))
        if all(told) and 1 < len(places) <= _MOST:
            said = [sentence for place in places for sentence in _quoted(passages, place, places)]
            return Means(passages, Checked(tuple(said), ()))
    return None


def _best(
    words: Sequence[str],
    wanted: Sequence[Sequence[str]],
    passages: Sequence[Passage],
    about: Subject | None,
) -> tuple[int, Span] | None:
    """Return the label and place of the sentence that tells of one of the means, None without one.

    Args:
        words: Of that one.
        wanted: The words of all: a sentence that names several sums up.
        passages: Of the report.
        about: Whom a title, heading or the paragraph before has to name.
    """
    found: list[tuple[float, int, Span]] = []
    for passage in passages:
        spans = sentences(passage.text)
        for at, span in enumerate(spans):
            text = passage.text[span.start : span.end]
            share = _share(words, text)
            if share < _SAID or _SUMS_UP.match(text):
                continue
            if _LEANING.match(text) and at:  # it speaks of what the one before it tells
                span = spans[at - 1]
                text = passage.text[span.start : span.end]
                if not any(word in text for word in words):
                    continue
            if about and not subject.names(about, predicate.before(passage, span)):
                continue
            counted = any(f.kind is not figures.Kind.DATE for f in figures.find(text))
            summed = sum(other is not words and _share(other, text) >= _NAMED for other in wanted)
            found.append((share + _TOLD * counted - _SUMMED * summed, passage.label, span))
    if not found:
        return None
    _, label, span = max(found, key=lambda one: (one[0], -one[1], -one[2].start))
    return label, span


def _share(words: Sequence[str], text: str) -> float:
    return sum(word in text for word in words) / len(words)


def _quoted(
    passages: Sequence[Passage], place: tuple[int, Span], places: Sequence[tuple[int, Span]]
) -> Iterator[CheckedSentence]:
    """Yield a sentence, and the one after it that says what came of it."""
    label, span = place
    passage = next(p for p in passages if p.label == label)
    yield _sentence(passage, span)
    after = next((s for s in sentences(passage.text) if s.start >= span.end), None)
    if (
        after
        and (label, after) not in places
        and _LEANING.match(passage.text[after.start : after.end])
    ):
        yield _sentence(passage, after)


def _sentence(passage: Passage, span: Span) -> CheckedSentence:
    """Return a sentence of a report as one of the answer, without the word that links it to others."""
    text = _LINK.sub("", passage.text[span.start : span.end].strip())
    checks = tuple(
        FigureCheck(f.text, passage.label, Check.VERIFIED, f.text) for f in figures.find(text)
    )
    return CheckedSentence(text, (Evidence(passage.label, span),), checks)
