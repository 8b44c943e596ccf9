"""Answer -> what a person or a program reads: terminal, Markdown, JSON. Decides nothing."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from rag.language import say
from rag.schema import Answer, Check, Citation, FigureCheck, Hit, Status

_MARKS = {
    Check.VERIFIED: ("✓", "green"),
    Check.ROUNDED: ("≈", "yellow"),
    Check.DERIVED: ("∑", "cyan"),
    Check.NOT_FOUND: ("✗", "red"),
    Check.NOT_CHECKED: ("?", "red"),
}
_SNIPPET = 160


def to_json(answer: Answer, question_id: str | None = None) -> dict[str, Any]:
    """Return the object of the ``ask --json`` contract."""
    head = {} if question_id is None else {"id": question_id}
    return head | {
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "status": str(answer.status),
        "answer": answer.text,
        "reason": answer.reason,
        "citations": [_record(c) for c in answer.citations],
        "figures": [_record(f) | {"check": str(f.check)} for f in answer.figures],
        "hits": [hit_record(h) for h in answer.hits],
        "timings_ms": dataclasses.asdict(answer.timings),
        "provenance": dataclasses.asdict(answer.provenance),
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    """Return one hit as the contract has it."""
    return {
        "rank": hit.rank,
        "doc_id": hit.chunk.doc_id,
        "source": hit.document.source,
        "section": list(hit.chunk.heading_path),
        "page": hit.chunk.page,
        "score": round(hit.score, 6),
        "text": hit.chunk.text,
    }


def print_answer(console: Console, answer: Answer) -> None:
    """Print the answer with marked figures, then quotes with report, section and page."""
    if answer.standalone_question != answer.question:
        console.print(
            Text(say("Understood as: ", "理解为：") + clean(answer.standalone_question), "dim")
        )
    if answer.status is Status.REFUSED:
        print_refusal(console, answer)
        return
    console.print(_marked(answer))
    console.print()
    for citation in answer.citations:
        _print_citation(console, citation, answer.figures)
    console.print(Text(_footer(answer), "dim"))


def print_refusal(console: Console, answer: Answer) -> None:
    """Print a refusal: the sentence, the reason, the nearest passages."""
    console.print(Text(clean(answer.text), "bold yellow"))
    if answer.reason:
        console.print(Text(say("Reason: ", "原因：") + clean(answer.reason)))
    if answer.hits:
        console.print(Text(say("\nNearest passages:", "\n最接近的段落："), "dim"))
        print_hits(console, answer.hits[:3])


def print_hits(console: Console, hits: Iterable[Hit]) -> None:
    """Print hits, one a paragraph: rank, place, beginning of the text."""
    for hit in hits:
        document = hit.document
        place = _place(
            document.title,
            document.publisher,
            document.published,
            hit.chunk.heading_path,
            hit.chunk.page,
        )
        console.print(Text(f"{hit.rank:>2}. {place}", "cyan"))
        console.print(Text("    " + _snippet(hit.chunk.text)))


def to_markdown(answer: Answer) -> str:
    """Return the answer as Markdown with numbered references; document text is escaped."""
    lines = [_escape(answer.text).replace("\\[", "[").replace("\\]", "]"), ""]
    for c in answer.citations:
        place = _place(c.title, c.publisher, c.published, c.section, c.page)
        lines += [f"[{c.label}] {_escape(place)}", f"> {_escape(' '.join(c.quote.split()))}", ""]
    return "\n".join(lines)


def clean(text: str) -> str:
    """Return `text` without control characters, so that a report cannot drive a terminal."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")


def _record(item: Citation | FigureCheck) -> dict[str, Any]:
    record = dataclasses.asdict(item)
    return {k: list(v) if isinstance(v, tuple) else v for k, v in record.items()}


def _marked(answer: Answer) -> Text:
    """Return the answer with each checked figure followed by its mark, labels in bold."""
    body = clean(answer.text)
    shown = Text()
    cursor = 0
    for figure in answer.figures:
        at = body.find(figure.text, cursor)
        if at < 0:
            continue
        mark, style = _MARKS[figure.check]
        shown.append(body[cursor:at])
        shown.append(figure.text + mark, style)
        cursor = at + len(figure.text)
    shown.append(body[cursor:])
    shown.highlight_regex(r"\[\d+\]", "bold blue")
    return shown


def _print_citation(console: Console, citation: Citation, figures: Iterable[FigureCheck]) -> None:
    place = _place(
        citation.title, citation.publisher, citation.published, citation.section, citation.page
    )
    console.print(Text(f"[{citation.label}] {place}", "cyan"))
    quote = Text("    “" + " ".join(clean(citation.quote).split()) + "”")
    for figure in figures:
        if figure.label == citation.label and figure.quote:
            quote.highlight_words([" ".join(figure.quote.split())], "bold")
    console.print(quote)
    console.print(Text(f"    {clean(citation.source)}", "dim"))


def _place(
    title: str,
    publisher: str | None,
    published: str | None,
    section: Iterable[str],
    page: int | None,
) -> str:
    head = " · ".join(p for p in (title, publisher, published) if p)
    where = " › ".join((head, *section))
    return clean(where if page is None else f"{where} · " + say(f"p. {page}", f"第 {page} 页"))


def _footer(answer: Answer) -> str:
    checked = sum(f.check in (Check.VERIFIED, Check.ROUNDED, Check.DERIVED) for f in answer.figures)
    seconds = answer.timings.total / 1000
    return say(
        f"{len(answer.citations)} passages cited · {checked} of {len(answer.figures)} figures checked"
        f" · {seconds:.1f} s · {answer.provenance.model}",
        f"引用 {len(answer.citations)} 处 · 核对数字 {checked}/{len(answer.figures)}"
        f" · {seconds:.1f} 秒 · {answer.provenance.model}",
    )


def _snippet(text: str) -> str:
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= _SNIPPET else flat[:_SNIPPET] + "…"


def _escape(text: str) -> str:
    """Return `text` with Markdown and HTML specials escaped: document text is data."""
    return re.sub(r"([\\`*_{}\[\]<>#|!])", r"\\\1", text)
