"""Case set -> how many planted errors a verifier catches, and how often it doubts the truth.

No language model: every statement is made from the gold evidence (`eval.statements`), every error
is planted by rule (`eval.injections`), and the verifier is called as the assistant calls it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path
from random import Random

from eval.amounts import Amount, amounts, says
from eval.cases import Case, CaseSet
from eval.injections import Error, Injection, plant
from eval.statements import Form, Material, Statement, prepare
from rag import verify
from rag.errors import UsageError
from rag.question import Query
from rag.schema import Check, Document, Draft
from rag.verify import Checked

Verifier = Callable[[Query, Draft], Checked]

PER_ERROR = 3
"""Injections a case and kind of error: a case with many figures must not outweigh the others."""
_TRUSTED = (Check.VERIFIED, Check.ROUNDED, Check.DERIVED)


class Outcome(StrEnum):
    """What the verifier made of a statement."""

    DROPPED = "dropped"
    """Nothing of it is shown."""
    CUT = "cut"
    """What was planted is gone, what is shown is true."""
    REPAIRED = "repaired"
    """The right figure or word stands where the planted one stood, and what is shown is true."""
    MARKED = "marked"
    """The planted figure is shown, but not as verified, rounded or derived."""
    MISSED = "missed"
    """The error is shown as if checked; or the repair says something else that is false."""
    ORPHANED = "orphaned"
    """The error is gone, but a figure is left without the clause it spoke of: 同比增长34% after
    the profit it belongs to was cut, now said of the revenue before it."""
    STANDS = "stands"
    """A true sentence is shown as it was, every figure checked."""
    TRIMMED = "trimmed"
    """A true sentence is shown with its figures checked, but without a date or other words."""
    ALTERED = "altered"
    """A true sentence has lost or changed a figure."""
    UNVERIFIED = "unverified"
    """A true sentence is shown, but a figure of it without a check that vouches for it."""


CAUGHT = (Outcome.DROPPED, Outcome.CUT, Outcome.REPAIRED, Outcome.MARKED)
FALSE_ALARMS = (Outcome.DROPPED, Outcome.ALTERED, Outcome.TRIMMED, Outcome.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class Trial:
    """One statement shown to the verifier, and what came of it."""

    case: str
    question: str
    form: Form
    truth: str
    injection: Injection | None
    """None for an untouched true sentence."""
    outcome: Outcome
    shown: str
    reason: str
    """Why the verifier dropped what it dropped."""
    quotes: tuple[str, ...]
    """The sentences it cites for what it shows."""
    passages: tuple[str, ...]

    @property
    def failed(self) -> bool:
        """Return whether this is an error not caught or a false alarm."""
        return self.outcome not in CAUGHT if self.injection else self.outcome in FALSE_ALARMS


@dataclass(frozen=True, slots=True)
class FigureTest:
    """A finished test: trials in the order of the cases, and the cases nothing could be made of."""

    trials: tuple[Trial, ...]
    skipped: tuple[str, ...]


def run(
    cases: CaseSet,
    read: Callable[[Path], Document],
    verifier: Verifier = verify.check,
    *,
    seed: int = 0,
    limit: int | None = None,
    watch: Callable[[Sequence[Case]], Iterable[Case]] = iter,
) -> FigureTest:
    """Return the trials of a set; the same seed gives the same trials, case by case.

    Args:
        cases: A set with a corpus.
        read: Turns a document's path into a `Document`.
        verifier: What is tested.
        seed: Of everything drawn; each case draws on its own, so that new cases move no old ones.
        limit: Only the first so many cases.
        watch: Passes the cases on one by one, and may show how far it is.

    Raises:
        UsageError: The set does not say where its documents are.
        RagError: A document cannot be read.
    """
    if cases.corpus is None:
        raise UsageError(
            f"{cases.name} does not say where its documents are; add --corpus FOLDER",
            f"{cases.name} 没有说明文档所在位置；请加 --corpus 文件夹",
        )
    chosen = [case for case in cases.cases[:limit] if case.answerable]
    sources = sorted({item.source for case in chosen for item in case.evidence})
    documents = {source: read(cases.corpus / source) for source in sources}
    return examine(watch(chosen), documents, verifier, seed=seed)


def examine(
    cases: Iterable[Case],
    documents: Mapping[str, Document],
    verifier: Verifier = verify.check,
    *,
    seed: int = 0,
) -> FigureTest:
    """Return the trials of answerable `cases`: true statements first, then planted errors."""
    trials: list[Trial] = []
    skipped: list[str] = []
    for case in cases:
        material = prepare(case, documents)
        if material is None:
            skipped.append(case.id)
            continue
        trials += [_tried(material, s, None, verifier) for s in material.statements]
        drawn = _drawn(material, Random(f"{seed}-{case.id}"))
        trials += [_tried(material, s, injection, verifier) for s, injection in drawn]
    return FigureTest(tuple(trials), tuple(skipped))


def _drawn(material: Material, rng: Random) -> list[tuple[Statement, Injection]]:
    """Return up to `PER_ERROR` injections of every kind, over all statements of the case."""
    passages = [p.text for p in material.passages]
    answers = [form for forms in material.case.answers for form in forms]
    every = [
        (statement, injection)
        for statement in material.statements
        if statement.form is not Form.ROUNDED
        for injection in plant(statement.text, passages, answers, rng)
        # A clause may have left the row of names behind that gives the order its meaning.
        if injection.error is not Error.ORDER or statement.form is not Form.CLAUSE
    ]
    drawn: list[tuple[Statement, Injection]] = []
    for error in Error:
        pool = [pair for pair in every if pair[1].error is error]
        drawn += rng.sample(pool, min(PER_ERROR, len(pool)))
    return drawn


def _tried(
    material: Material, statement: Statement, injection: Injection | None, verifier: Verifier
) -> Trial:
    text = injection.text if injection else statement.text
    draft = Draft(material.query.original, material.passages, text, prompt="", model="")
    checked = verifier(material.query, draft)
    by_label = {p.label: p.text for p in material.passages}
    return Trial(
        case=material.case.id,
        question=material.case.question,
        form=statement.form,
        truth=statement.text,
        injection=injection,
        outcome=judge(statement.text, injection, checked),
        shown=_shown(checked),
        reason="; ".join(checked.dropped),
        quotes=tuple(
            by_label[e.label][e.span.start : e.span.end]
            for s in checked.sentences
            for e in s.evidence
        ),
        passages=tuple(by_label.values()),
    )


def _shown(checked: Checked) -> str:
    return " ".join(s.text for s in checked.sentences)


def judge(truth: str, injection: Injection | None, checked: Checked) -> Outcome:
    """Return what `checked` made of `truth`, or of `injection` planted in it."""
    shown = _shown(checked)
    if not shown:
        return Outcome.DROPPED
    if injection is None:
        return _of_truth(truth, checked)
    if holds(injection, shown):
        return Outcome.MARKED if _marked(injection, checked) else Outcome.MISSED
    if not _within(shown, truth):
        return Outcome.MISSED
    if orphans(shown, truth):
        return Outcome.ORPHANED
    return Outcome.REPAIRED if _restored(injection, truth, shown) else Outcome.CUT


def _of_truth(truth: str, checked: Checked) -> Outcome:
    shown = _shown(checked)
    if [a.text for a in amounts(shown)] != [a.text for a in amounts(truth)]:
        return Outcome.ALTERED
    vouched = [c.text for s in checked.sentences for c in s.figures if c.check in _TRUSTED]
    if not all(any(a.digits in text for text in vouched) for a in amounts(shown)):
        return Outcome.UNVERIFIED
    return Outcome.STANDS if shown == truth else Outcome.TRIMMED


def holds(injection: Injection, shown: str) -> bool:
    """Return whether `shown`, which came of the planted sentence, still has what was planted.

    The two are aligned; the planted words must come through whole, and a planted figure must not
    have become part of another: 8% of 18%, 4310 of 4310万.
    """
    place = _place(injection, shown)
    if place is None:
        return False
    start, end = place
    wrong = amounts(injection.planted)
    here = [a for a in amounts(shown) if a.start < end and a.end > start]
    if len(wrong) == 1 and here:
        return here[0].value == wrong[0].value
    before, after = shown[max(0, start - 1) : start], shown[end : end + 1]
    planted = injection.planted
    return not (planted[:1].isdigit() and before.isdigit()) and not (
        planted[-1:].isdigit() and after.isdigit()
    )


def _place(injection: Injection, shown: str) -> tuple[int, int] | None:
    matcher = SequenceMatcher(None, injection.text, shown, autojunk=False)
    for block in matcher.get_matching_blocks():
        if block.a <= injection.start and injection.end <= block.a + block.size:
            start = block.b + injection.start - block.a
            return start, start + injection.end - injection.start
    return None


def _marked(injection: Injection, checked: Checked) -> bool:
    """Return whether every figure that was planted carries a mark of doubt."""
    doubted = [c.text for s in checked.sentences for c in s.figures if c.check not in _TRUSTED]
    figures = amounts(injection.planted)
    return bool(figures) and all(any(a.digits in text for text in doubted) for a in figures)


def _within(shown: str, truth: str) -> bool:
    """Return whether the figures of `shown` are figures of `truth`, in its order."""
    rest = amounts(truth)
    for amount in amounts(shown):
        at = next((i for i, a in enumerate(rest) if says(amount, a)), None)
        if at is None:
            return False
        rest = rest[at:]
    return True


_DEPENDS = re.compile(
    r"(?:同比|环比|较|比(?!亚)|约?占|上一?年|上年|去年|其中|其余|后者|前者|增长|下降|上升|上涨|下跌|增速|名义|实际"
    r"|高于|低于|约?相当于|分别|高?达|录得|实现|up |down |against |compared |after |an increase|a decrease|from )"
)
"""How a clause opens that speaks of what the clause before it names."""
_CLAUSE = re.compile(r"[，；。;]|,(?!\d{3}(?!\d))|\.(?=\s|$)")
_SAME = 0.7
"""Two clauses are one when they are this alike: a date may have been cut from it."""


def orphans(shown: str, truth: str) -> list[str]:
    """Return the clauses of `shown` that depend on a clause of `truth` which is not shown."""
    told = [clause.strip() for clause in _CLAUSE.split(truth)]
    kept: list[int] = []
    for clause in _CLAUSE.split(shown):
        rest = range(kept[-1] + 1 if kept else 0, len(told))
        at = next((i for i in rest if _alike(clause.strip(), told[i])), None)
        if at is not None:
            kept.append(at)
    heads = {
        i: max((j for j in range(i) if not _DEPENDS.match(told[j])), default=i)
        for i in kept
        if _DEPENDS.match(told[i])
    }
    return [told[i] for i, head in heads.items() if head not in kept and amounts(told[i])]


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _SAME


def _restored(injection: Injection, truth: str, shown: str) -> bool:
    """Return whether what the error replaced is back, as often as in the truth."""
    right = amounts(injection.was)
    if not right:
        return shown.count(injection.was) >= truth.count(injection.was)
    return all(_count(a, shown) >= _count(a, truth) for a in right)


def _count(amount: Amount, text: str) -> int:
    return sum(says(amount, a) and says(a, amount) for a in amounts(text))
