"""Question + hits -> Answer: choose evidence, judge, write, check, refuse or compose.

Knows the language model, not the index: the hits may come from a search or be given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from rag import (
    __version__,
    aboutness,
    byline,
    compose,
    contrary,
    dated,
    derive,
    evidence,
    extract,
    extreme,
    followup,
    generate,
    listed,
    listing,
    means,
    moved,
    originals,
    predicate,
    premise,
    prompts,
    ranked,
    refuse,
    repair,
    revised,
    signed,
    statement,
    succession,
    superlative,
    turned,
    verify,
)
from rag.corroborate import corroborated
from rag.decompose import coordinated, decompose, is_compound
from rag.engine import Engine, EngineSettings, open_engine
from rag.join import Part, join
from rag.question import Query, understand
from rag.resolve import from_hits, inherit
from rag.schema import Answer, Draft, Hit, Passage, Provenance, Timings, Trace, Turn

OnEvent = Callable[[str, str], None]
"""Called as (stage, detail): understand, retrieve, generate, token, verify."""


Search = Callable[[Query], Sequence[Hit]]


def silent(stage: str, detail: str) -> None:
    """Take an event and do nothing."""
    del stage, detail


class Clock:
    """Milliseconds of the stages of one question."""

    def __init__(self) -> None:
        """Start now."""
        self._start = self._last = time.perf_counter()
        self._stages: dict[str, int] = {}
        self._first = 0

    def mark(self, stage: str) -> None:
        """Note that `stage` has ended, once more perhaps."""
        now = time.perf_counter()
        self._stages[stage] = self._stages.get(stage, 0) + round((now - self._last) * 1000)
        self._last = now

    def first(self, on_event: OnEvent) -> Callable[[str], None]:
        """Return a token callback that notes when the first token came."""

        def receive(token: str) -> None:
            if not self._first:
                self._first = round((time.perf_counter() - self._start) * 1000)
            on_event("token", token)

        return receive

    def timings(self) -> Timings:
        """Return what was noted, with the total up to now."""
        total = round((time.perf_counter() - self._start) * 1000)
        return Timings(
            self._stages.get("understand", 0), self._stages.get("retrieve", 0), self._first, total
        )


class Reader:
    """A language model that answers from hits; it loads on first use."""

    def __init__(self, model: str, settings: EngineSettings | None = None) -> None:
        """Keep what is needed.

        Args:
            model: A name of the catalogue, a path, a hub id or a URL.
            settings: How to run it.
        """
        self._model = model
        self._settings = settings
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """Return the language model, loading it now if need be."""
        if self._engine is None:
            self._engine = open_engine(self._model, self._settings)
        return self._engine

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        *,
        history: Sequence[Turn] = (),
        on_event: OnEvent = silent,
    ) -> Answer:
        """Return the answer that `hits`, best first, support, or the refusal.

        Raises:
            ModelError: If the model fails.
        """
        clock = Clock()
        given = tuple(hits)
        query = from_hits(self.understand(question, history, on_event), given)
        return self.answer(question, query, lambda _: given, clock=clock, on_event=on_event)

    def understand(
        self, question: str, history: Sequence[Turn], on_event: OnEvent = silent
    ) -> Query:
        """Return what is asked; a follow-up is rewritten to stand alone first."""
        on_event("understand", question)
        return understand(self._standalone(question, history) if history else question)

    def _standalone(self, question: str, history: Sequence[Turn]) -> str:
        """Return a follow-up as a question of its own: by its words where they say how."""
        said = followup.standalone(question, [turn.question for turn in history])
        return said or generate.rewrite(self.engine, question, history)

    def answer(
        self,
        question: str,
        query: Query,
        search: Search,
        *,
        clock: Clock,
        on_event: OnEvent = silent,
        index: str = "",
        embedder: str = "",
        strict: bool = False,
    ) -> Answer:
        """Return the answer to an understood question.

        Args:
            question: As it was asked.
            query: As it was understood.
            search: Returns the hits for a query, best first: called for each part of a compound
                question.
            clock: Started when the question arrived.
            on_event: Told of the stages.
            index: Fingerprint of what `search` searches, for the provenance.
            embedder: Name of the model it searches with.
            strict: Withhold sentences with a figure that is not word for word in their quote, and
                refuse sooner.

        Raises:
            ModelError: If the model fails.
        """
        parts = [inherit(part, query) for part in self._parts(query)]
        clock.mark("understand")
        change = self._change(query)
        told = self._told(change or query, search, clock, strict) if parts or change else None
        whole = told if told or parts else self._part(query, search, on_event, clock, strict)
        if whole:
            outcome, hits, trace = whole.outcome, whole.hits, whole.trace
        else:
            answered: list[Part] = []
            for part in parts:
                said = answered[-1].outcome if answered else None
                text = (
                    " ".join(s.text for s in said.sentences)
                    if isinstance(said, verify.Checked)
                    else ""
                )
                part = followup.pointed(part, answered[-1].query, text) if text else part
                answered.append(self._part(part, search, on_event, clock, strict))
            found = join(query, answered)
            outcome, hits, trace = found.outcome, found.hits, found.trace
        prompt = prompts.load("answer").label
        model = self._engine.name if self._engine else self._model
        provenance = Provenance(index, embedder, model, prompt, __version__)
        return compose.answer(question, query, hits, outcome, clock.timings(), provenance, trace)

    def close(self) -> None:
        """Free the model; the next question loads it again."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _parts(self, query: Query) -> tuple[Query, ...]:
        """Return the questions that a compound one is made of; the model loads only for these."""
        if parts := coordinated(query):
            return parts
        return decompose(self.engine, query) if is_compound(query) else ()

    def _change(self, query: Query) -> Query | None:
        """Return the question with the time it compares with as 同比 or 环比, None where it names none."""
        said = turned.restated(query.text)
        return replace(inherit(understand(said), query), wants_difference=True) if said else None

    def _told(self, query: Query, search: Search, clock: Clock, strict: bool) -> Part | None:
        """Return the change that a report states itself, 同比-1.87亿元, where one is asked for.

        None where it does not: the program then subtracts one level from the other.
        """
        if not query.wants_difference or statement.of(query) is None:
            return None
        hits = tuple(search(query))
        passages = evidence.choose(query, aboutness.own(query, hits))
        clock.mark("retrieve")
        stated = extract.answer(query, passages)
        if stated is None or not stated.sure:
            return None
        checked = verify.exactly(stated.checked) if strict else stated.checked
        text = "".join(s.text for s in checked.sentences)
        return Part(query, hits, checked, Trace(passages, draft=text, by="words")) if text else None

    def _part(
        self, query: Query, search: Search, on_event: OnEvent, clock: Clock, strict: bool
    ) -> Part:
        """Return what came of a simple question."""
        on_event("retrieve", query.original)
        hits = tuple(search(query))
        passages = evidence.choose(query, aboutness.own(query, hits))
        clock.mark("retrieve")
        on_event("generate", f"{len(passages)}")
        outcome, trace = self._outcome(query, hits, passages, on_event, clock, strict)
        if isinstance(outcome, verify.Checked):
            outcome = corroborated(query, trace.passages, outcome)
        return Part(query, hits, outcome, trace)

    def _outcome(
        self,
        query: Query,
        hits: Sequence[Hit],
        passages: Sequence[Passage],
        on_event: OnEvent,
        clock: Clock,
        strict: bool,
    ) -> tuple[refuse.Refusal | verify.Checked, Trace]:
        """Return what may be said, or the refusal that takes its place, and how it came about.

        A figure that the question's own words are said of needs no model to find it.
        """
        shown = tuple(passages)
        if unknown := refuse.stranger(query, hits):
            return unknown, Trace(shown, dropped=(unknown.trace,))
        if stated := premise.contradicted(query, passages):
            wrong = refuse.premise(query, stated)
            return wrong, Trace(shown, dropped=(wrong.trace,))
        of_whole_reports = (byline, extreme, signed, listing, means)
        if top := next((f for room in of_whole_reports if (f := room.answer(query, hits))), None):
            text = "".join(s.text for s in top.checked.sentences)
            clock.first(on_event)(text)
            return top.checked, Trace(top.passages, draft=text, by="words")
        extracted = extract.answer(query, passages)
        if extracted and extracted.sure:
            found = verify.exactly(extracted.checked) if strict else extracted.checked
            if found.sentences:
                text = "".join(s.text for s in found.sentences)
                clock.first(on_event)(text)
                return found, Trace(shown, draft=text, by="words")
        apart = revised.answer(query, passages) or ranked.answer(query, passages)
        if apart or (apart := None if strict else moved.answer(query, passages)):
            text = apart.sentences[0].text
            clock.first(on_event)(text)
            return apart, Trace(shown, draft=text, by="words")
        return self._drafted(query, hits, passages, extracted, on_event, clock, strict)

    def _drafted(
        self,
        query: Query,
        hits: Sequence[Hit],
        passages: Sequence[Passage],
        extracted: extract.Extraction | None,
        on_event: OnEvent,
        clock: Clock,
        strict: bool,
    ) -> tuple[refuse.Refusal | verify.Checked, Trace]:
        """Return what of the model's draft may be said; `extracted` stands in where nothing may."""
        shown = tuple(passages)
        if early := refuse.before_writing(query, passages, None):
            return early, Trace(shown, dropped=(early.trace,))
        odds = generate.answerability(self.engine, query, passages)
        if early := refuse.before_writing(query, passages, odds):
            return early, Trace(shown, odds, dropped=(early.trace,), margin=odds - refuse.THRESHOLD)
        draft = generate.write(self.engine, query, passages, clock.first(on_event))
        on_event("verify", draft.text)
        checked = dated.answered(query, passages, _checked(query, draft))
        checked = superlative.answered(query, passages, checked)
        checked = contrary.answered(query, passages, checked)
        checked = succession.answered(query, passages, checked)
        checked = extract.outdone(query, passages, checked) or checked
        beside = not extract.vouched(query, passages, checked)
        if extracted and (beside or not checked.sentences):
            turned = tuple(f"{s.text} (not said of what is asked)" for s in checked.sentences)
            checked = replace(extracted.checked, dropped=(*checked.dropped, *turned))
        apart = not checked.sentences or not extract.vouched(query, passages, checked)
        if apart and (other := extract.seconded(query, passages, draft.text)):
            checked = replace(other, dropped=checked.dropped)
        checked = verify.exactly(checked) if strict else checked
        refusal = refuse.after_checking(query, hits, passages, checked, odds, strict=strict)
        if refusal is None and not extract.vouched(query, passages, checked):
            refusal = refuse.off_target(query)
        if refusal is None and (stray := aboutness.strays(query, hits, passages, checked)):
            refusal = refuse.unsaid(query, stray)
        if refusal is None and (unsaid := predicate.unsaid(query, passages, checked, odds)):
            refusal = refuse.unsaid(query, unsaid)
        grounds = (refusal.trace,) if refusal and refusal.trace else ()
        trace = Trace(
            shown,
            odds,
            draft.text,
            (*checked.dropped, *grounds),
            draft.prompt_tokens,
            draft.completion_tokens,
            "model",
            refuse.margin(query, hits, passages, checked, odds, strict=strict),
        )
        return refusal or checked, trace


def _checked(query: Query, draft: Draft) -> verify.Checked:
    told = "\n".join(
        listed.restored(repair.without_aside(query, line), draft.passages)
        for line in statement.completed(query, draft.text).splitlines()
    )
    checked = originals.told(verify.check(query, replace(draft, text=told)))
    extra = derive.difference(query, checked.sentences)
    added = (extra,) if extra else ()
    return verify.Checked((*checked.sentences, *added), checked.dropped)
