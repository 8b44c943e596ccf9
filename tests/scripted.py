"""Systems without models, for the tests of the evaluation: answers from a table."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

from eval.cases import Case, CaseSet, Evidence
from rag.schema import (
    Answer,
    Check,
    Chunk,
    Citation,
    DocumentFacts,
    FigureCheck,
    Hit,
    Passage,
    Provenance,
    Status,
    Timings,
    Trace,
)

TEXT = "腾讯2024年收入6602.57亿元。小米2024年收入3659.06亿元。"
FACTS = DocumentFacts("d", "a.txt", "t", None, None, "text", 0, 1)
QUOTE = "收入6602.57亿元"


class Scripted:
    """Answers from a table and raises its errors; what is not in it is refused."""

    def __init__(self, answers: Mapping[str, str | Exception]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def search(self, question, k=10):
        return (Hit(1, 0.5, Chunk("d", 0, len(TEXT), TEXT, ("一",)), FACTS),)

    def ask(self, question, *, history=()):
        return self.read(question, self.search(question), history=history)

    def read(self, question, hits, *, history=()):
        self.asked.append(question)
        said = self.answers.get(question)
        if isinstance(said, BaseException):
            raise said
        start = TEXT.index(QUOTE)
        end = start + len(QUOTE)
        cited = Citation(1, "d", "a.txt", "t", None, None, (), None, QUOTE, start, end, TEXT)
        passage = Passage(1, "d", 0, len(TEXT), TEXT, (), None, FACTS, 1.0)
        return Answer(
            question=question,
            standalone_question=question,
            status=Status.ANSWERED if said else Status.REFUSED,
            text=said or "报告中未找到这个问题的答案。",
            reason=None if said else "没有",
            citations=(cited,) if said else (),
            figures=(FigureCheck(said, 1, Check.VERIFIED, QUOTE),) if said else (),
            hits=tuple(hits),
            timings=Timings(1, 2, 30, 40),
            provenance=Provenance("i", "e", "m", "p", "v"),
            trace=Trace((passage,), 1.0, said or "", (), 100, 10),
        )


def opening(system: Scripted) -> Callable[[], AbstractContextManager[Scripted]]:
    """Return an opener of always the same system."""
    return lambda: nullcontext(system)


def case(name: str, question: str, form: str | None, **more) -> Case:
    """Return a question whose answer is `form`; None for an unanswerable one."""
    fields = {
        "id": name,
        "question": question,
        "lang": "zh",
        "kind": "fact" if form else "unanswerable",
        "answerable": bool(form),
        "answers": ((form,),) if form else (),
        "evidence": (Evidence("a.txt", QUOTE),) if form else (),
    }
    return Case(**(fields | more))


def case_set(cases, tmp_path, version="1") -> CaseSet:
    return CaseSet("s", version, "x", None, tuple(cases), f"hash {version}", tmp_path / "c.jsonl")
