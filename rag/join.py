"""Answers to the parts of a question -> one answer: sentences in order, compared where asked.

The program draws the comparison, never the model: it copies figures well and compares them badly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag import contrast, measures, sooner
from rag.question import Query
from rag.refuse import Refusal
from rag.schema import Hit, Passage, Trace
from rag.verify import Checked, CheckedSentence, Evidence

_MORE = r"(?:[更最高低大小快慢猛贵]|多(?!少)|(?<!多)少)"
_COMPARISON = re.compile(
    rf"(?:谁|哪一?[个家只支种边块款类端项批组])[^，。？?]{{0,16}}{_MORE}|(?<!变)更[高低多少大小快慢贵早晚]|一致|同向|对比|^(?:请|帮我)?比较"
    r"|\b(?:higher|lower|more|less|larger|smaller|faster|bigger|greater|fewer|same direction)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One simple question with what came of it."""

    query: Query
    hits: tuple[Hit, ...]
    outcome: Refusal | Checked
    trace: Trace


@dataclass(frozen=True, slots=True)
class Joined:
    """The parts as one."""

    outcome: Refusal | Checked
    hits: tuple[Hit, ...]
    trace: Trace


def join(query: Query, parts: Sequence[Part]) -> Joined:
    """Return the answer to `query` that its answered parts make up.

    A comparison stands only with both sides; of several questions those that are answered are
    kept and the others named as not stated. Nothing answered is a refusal.
    """
    passages, parts = _relabelled(parts)
    hits = _interleaved([part.hits for part in parts])
    trace = _trace(passages, parts)
    changes = any(part.query.wants_difference for part in parts)
    compared = not changes and (query.wants_difference or bool(_COMPARISON.search(query.text)))
    answered = [p for p in parts if isinstance(p.outcome, Checked)]
    refusals = [p.outcome for p in parts if isinstance(p.outcome, Refusal)]
    sides = _sides(parts)
    missing = [p.outcome for p in sides if isinstance(p.outcome, Refusal)]
    if not answered or (compared and missing):
        return Joined((missing or refusals)[0], hits, trace)
    sentences = [s for p in parts for s in _sentences(p)]
    if compared:
        compare = sooner.conclude if sooner.asks(query) else contrast.conclude
        conclusion = compare(query, [(p.query, _checked(p).sentences) for p in sides])
        if conclusion is None and query.wants_difference:
            reason = contrast.not_comparable(query)
            return Joined(Refusal(reason, "the parts do not compare"), hits, trace)
        sentences += [conclusion] if conclusion else []
    dropped = tuple(d for p in answered for d in _checked(p).dropped)
    return Joined(Checked(tuple(sentences), dropped), hits, trace)


def _sides(parts: Sequence[Part]) -> Sequence[Part]:
    """Return the parts that a comparison is of: those that ask after the same measure as the first."""
    if len(parts) < 3:
        return parts
    asked = [measures.named(part.query.text) - measures.SIDE for part in parts]
    alike = [part for part, named in zip(parts, asked, strict=True) if named == asked[0]]
    return alike if len(alike) > 1 else parts


def _sentences(part: Part) -> tuple[CheckedSentence, ...]:
    """Return the sentences of a part, or one that names it as not stated."""
    if isinstance(part.outcome, Checked):
        return tuple(_named(part.query, s) for s in part.outcome.sentences)
    asked = part.query.original.rstrip("？?。. ")
    text = (
        f"报告未说明：{asked}。"
        if part.query.language == "zh"
        else f"The reports do not state: {asked}."
    )
    return (CheckedSentence(text, (), ()),)


def _named(query: Query, sentence: CheckedSentence) -> CheckedSentence:
    """Return a sentence that is nothing but its figure, as the model wrote it, with what it is of before it."""
    topic = _ASKED.sub("", query.original)
    if query.language != "zh" or topic == query.original or not _BARE.fullmatch(sentence.text):
        return sentence
    return replace(sentence, text=f"{topic}：{sentence.text.rstrip('。')}。")


_BARE = re.compile(r"[-+−]?[0-9０-９][^，。；：]{0,14}。?")
_ASKED = re.compile(
    r"的?(?:分别)?[是为有]?(?:多少|几|多大|什么时候|何时|哪一?[年天月])[^，]{0,5}[？?]?$"
)


def _checked(part: Part) -> Checked:
    assert isinstance(part.outcome, Checked)
    return part.outcome


def _relabelled(parts: Sequence[Part]) -> tuple[tuple[Passage, ...], list[Part]]:
    """Return all passages under labels of their own, and the parts citing those labels."""
    known: dict[tuple[str, int, int], Passage] = {}
    found = []
    for part in parts:
        new = {}
        for passage in part.trace.passages:
            key = (passage.doc_id, passage.start, passage.end)
            kept = known.setdefault(key, replace(passage, label=len(known) + 1))
            new[passage.label] = kept.label
        outcome = part.outcome
        if isinstance(outcome, Checked):
            sentences = tuple(_moved(s, new) for s in outcome.sentences)
            outcome = Checked(sentences, outcome.dropped)
        found.append(replace(part, outcome=outcome))
    return tuple(known.values()), found


def _moved(sentence: CheckedSentence, new: dict[int, int]) -> CheckedSentence:
    return replace(
        sentence,
        evidence=tuple(Evidence(new[e.label], e.span) for e in sentence.evidence),
        figures=tuple(
            replace(f, label=new.get(f.label) if f.label is not None else None)
            for f in sentence.figures
        ),
    )


def _interleaved(lists: Sequence[tuple[Hit, ...]]) -> tuple[Hit, ...]:
    """Return the hits of all parts, best of each first, each chunk once, ranked anew."""
    longest = max(len(hits) for hits in lists)
    order = (hits[i] for i in range(longest) for hits in lists if i < len(hits))
    distinct = {hit.chunk.chunk_id: hit for hit in reversed(list(order))}
    kept = reversed(distinct.values())
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(kept, start=1))


def _trace(passages: tuple[Passage, ...], parts: Sequence[Part]) -> Trace:
    odds = [p.trace.odds for p in parts if p.trace.odds is not None]
    margins = [p.trace.margin for p in parts if p.trace.margin is not None]
    return Trace(
        passages=passages,
        odds=min(odds) if odds else None,
        margin=min(margins) if margins else None,
        draft="\n".join(f"{p.query.original} → {p.trace.draft}" for p in parts),
        dropped=tuple(line for p in parts for line in p.trace.dropped),
        prompt_tokens=sum(p.trace.prompt_tokens for p in parts),
        completion_tokens=sum(p.trace.completion_tokens for p in parts),
    )
