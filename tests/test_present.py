"""Answers as people and programs read them; hostile document text stays text."""

import io
import json

from rich.console import Console

from rag import compose, present, refuse, verify
from rag.question import understand
from rag.schema import (
    Answer,
    Chunk,
    DocumentFacts,
    Draft,
    Hit,
    Passage,
    Provenance,
    Status,
    Timings,
    Trace,
)

FACTS = DocumentFacts(
    "d1-0", "云海.txt", "云海科技三季报点评", "东湖证券", "2024-11-20", "text", 0, 9
)
TEXT = "2024年三季度，云海科技实现收入299.93亿元，同比增长17%。"
CONTRACT = {
    "id", "question", "standalone_question", "status", "answer", "reason", "citations", "figures",
    "hits", "timings_ms", "provenance",
}  # fmt: skip
QUESTION = "云海科技三季度收入和增速？"


def answered(draft: str, text: str = TEXT, facts: DocumentFacts = FACTS) -> Answer:
    passage = Passage(3, "d1-0", 40, 40 + len(text), text, ("一、业绩",), 2, facts, 1.0)
    hit = Hit(1, 0.03, Chunk("d1-0", 40, 40 + len(text), text, ("一、业绩",), 2), facts)
    query = understand(QUESTION)
    checked = verify.check(query, Draft(QUESTION, (passage,), draft, "p", "m"))
    outcome = checked if checked.sentences else refuse.Refusal("因为")
    provenance = Provenance(*"abcde")
    return compose.answer(
        QUESTION, query, (hit,), outcome, Timings(1, 2, 3, 4), provenance, Trace((passage,))
    )


def shown(answer: Answer) -> str:
    buffer = io.StringIO()
    present.print_answer(Console(file=buffer, width=200, color_system=None), answer)
    return buffer.getvalue()


def test_json_has_every_field_of_the_contract_and_exact_coordinates() -> None:
    record = json.loads(
        json.dumps(present.to_json(answered("收入为299.93亿元，同比增长17%。"), "q1"))
    )
    assert set(record) == CONTRACT
    assert record["status"] == "answered"
    assert record["answer"] == "收入为299.93亿元，同比增长17%。 [1]"
    (citation,) = record["citations"]
    assert citation["label"] == 1
    offset = citation["start"] - 40
    assert TEXT[offset : offset + len(citation["quote"])] == citation["quote"]
    assert citation["end"] - citation["start"] == len(citation["quote"])
    assert [(f["text"], f["check"], f["label"]) for f in record["figures"]] == [
        ("299.93亿元", "verified", 1),
        ("17%", "verified", 1),
    ]
    assert record["hits"][0]["rank"] == 1


def test_refusal_has_a_reason_no_citations_and_nearest_passages() -> None:
    answer = answered("收入为1亿元。")
    assert answer.status is Status.REFUSED
    assert present.to_json(answer)["reason"] == "因为"
    assert answer.citations == ()
    assert "云海科技三季报点评" in shown(answer)


def test_terminal_shows_marks_quote_report_section_and_page() -> None:
    text = shown(answered("收入为299.93亿元。"))
    for part in ("299.93亿元✓", "[1]", "东湖证券", "一、业绩", TEXT, "云海.txt"):
        assert part in text


def test_control_characters_of_a_report_never_reach_the_terminal() -> None:
    hostile = DocumentFacts("d1-0", "a\x1b]0;x\x07.txt", "标题\x1b[31m", None, None, "text", 0, 1)
    text = shown(answered("收入为299.93亿元。", TEXT + "\x1b[2J", hostile))
    assert "\x1b" not in text
    assert "\x07" not in text


def test_markup_in_a_report_is_escaped_in_markdown() -> None:
    hostile = DocumentFacts(
        "d1-0", "a.txt", "<script>alert(1)</script>[x](y)", None, None, "text", 0, 1
    )
    text = present.to_markdown(answered("收入为299.93亿元。", TEXT, hostile))
    assert "<script>" not in text
    assert "[x](y)" not in text
    assert text.startswith("收入为299.93亿元。 [1]")
