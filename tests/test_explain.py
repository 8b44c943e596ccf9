"""`ask --why`: every stage of an answer is told, and report text stays text."""

import io

from rich.console import Console

from rag import explain
from rag.schema import (
    Answer,
    Check,
    DocumentFacts,
    FigureCheck,
    Passage,
    Provenance,
    Status,
    Timings,
    Trace,
)

FACTS = DocumentFacts("d1-1", "a.md", "云海科技年报点评", None, None, "md", 0, 9)
TEXT = "[bold]云海科技[/bold]2024年收入88.4亿元。"
SHOWN = Passage(1, "d1-1", 0, len(TEXT), TEXT, ("一、业绩",), None, FACTS, 1.25)


def told(trace, figures=()):
    answer = Answer(
        "云海科技2024年收入是多少？", "云海科技2024年收入是多少？", Status.ANSWERED, "x [1]", None, (), figures, (),
        Timings(0, 0, 0, 0), Provenance("", "", "m", "p", "0"), trace,
    )  # fmt: skip
    console = Console(file=io.StringIO(), width=200, highlight=False)
    explain.print_why(console, answer)
    return console.file.getvalue()


def test_every_stage_is_told(monkeypatch):
    monkeypatch.setenv("RAG_LANG", "en")
    trace = Trace(
        (SHOWN,),
        2.5,
        "收入88.4亿元。",
        ("利润9亿元。 (not in the passages: 9亿元)",),
        600,
        12,
        "model",
    )
    text = told(trace, (FigureCheck("88.4亿元", 1, Check.VERIFIED, "88.4亿元"),))
    for words in (
        "2024年",
        "asks for one figure: money",
        "[1] 1.25 一、业绩",
        "2.50",
        "收入88.4亿元。",
    ):
        assert words in text
    assert "88.4亿元: verified [1]" in text
    assert "not in the passages: 9亿元" in text
    assert "600 tokens read" in text


def test_what_needed_no_model_says_so_and_markup_stays_text(monkeypatch):
    monkeypatch.setenv("RAG_LANG", "en")
    text = told(Trace((SHOWN,), draft="云海科技2024年收入为88.4亿元。", by="words"))
    assert "no model" in text
    assert "log-odds" not in text
    assert "[bold]云海科技[/bold]" in text
