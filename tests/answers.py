"""Answers made by hand, for the tests of the page."""

from dataclasses import replace

from rag.schema import (
    Answer,
    Check,
    Chunk,
    Citation,
    DocumentFacts,
    FigureCheck,
    Hit,
    Provenance,
    Status,
    Timings,
)

TEXT = "报告期内，公司收入299.93亿元，同比增长17%。毛利率为53%。"
QUOTE = "公司收入299.93亿元，同比增长17%。"
FACTS = DocumentFacts("d1-0", "云海.txt", "云海科技点评", "东湖证券", "2024-11-20", "text", 0, 9)
HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(2)>${alert(3)}{{4}}`\u202e"""


def citation(label: int = 1, quote: str = QUOTE, text: str = TEXT, **more) -> Citation:
    start = 40 + text.index(quote)
    made = Citation(
        label, "d1-0", "云海.txt", "云海科技点评", "东湖证券", "2024-11-20", ("一、业绩",), 2,
        quote, start, start + len(quote), text,
    )  # fmt: skip
    return replace(made, **more)


def hit(rank: int = 1, start: int = 40, text: str = TEXT, **more) -> Hit:
    chunk = Chunk("d1-0", start, start + len(text), text, ("一、业绩",), 2)
    return Hit(rank, 0.03, chunk, replace(FACTS, **more))


def answer(**more) -> Answer:
    """Return an answer of one sentence with two sound figures, and a hit it does not cite."""
    made = Answer(
        question="云海三季度收入？",
        standalone_question="云海三季度收入？",
        status=Status.ANSWERED,
        text="收入299.93亿元，同比增长17%。 [1]",
        reason=None,
        citations=(citation(),),
        figures=(
            FigureCheck("299.93亿元", 1, Check.VERIFIED, "299.93亿元"),
            FigureCheck("17%", 1, Check.ROUNDED, "17%"),
        ),
        hits=(hit(), hit(2, start=400)),
        timings=Timings(1, 2, 3, 4200),
        provenance=Provenance("i", "e", "m", "p", "v"),
    )
    return replace(made, **more)


def refusal(**more) -> Answer:
    return answer(
        status=Status.REFUSED, text="报告中未找到这个问题的答案。", reason="没有写明",
        citations=(), figures=(), **more,
    )  # fmt: skip
