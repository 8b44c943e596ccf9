"""Answers and conversations as text to take away: with numbered references, Markdown, DOCX."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rag.page.conversation import Conversation, Exchange
from rag.page.words import Words
from rag.present import clean, to_markdown
from rag.schema import Answer, Citation


def plain(words: Words, answer: Answer) -> str:
    """Return an answer as plain text, its numbered references below it."""
    lines = [answer.text]
    if answer.citations:
        lines.append("")
    lines += [f"{reference(words, c)} “{_flat(c.quote)}”" for c in answer.citations]
    return clean("\n".join(lines))


def reference(words: Words, citation: Citation) -> str:
    """Return where a quote stands, as a footnote has it."""
    title = words(f"“{citation.title}”", f"《{citation.title}》")
    page = words(f"p. {citation.page}", f"第 {citation.page} 页") if citation.page else ""
    section = " › ".join(citation.section)
    facts = (citation.publisher, title, citation.published, section, page, citation.source)
    return clean(f"[{citation.label}] " + ", ".join(_flat(fact) for fact in facts if fact))


def markdown(words: Words, shown: Conversation) -> str:
    """Return a conversation as Markdown; text of documents and people is escaped."""
    parts = [f"# {words('Conversation', '对话')} {shown.changed[:10]}"]
    for exchange in shown.exchanges:
        # As a quotation, so that no line of the question can be a heading or a rule.
        question = clean(exchange.question).replace("<", "&lt;").splitlines()
        parts.append("\n".join(f"> {line}" for line in question))
        parts.append(to_markdown(exchange.answer) if exchange.answer else _unanswered(words))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def docx(words: Words, shown: Conversation) -> bytes:
    """Return a conversation as a Word document."""
    import docx as word

    document = word.Document()
    document.add_heading(f"{words('Conversation', '对话')} {shown.changed[:10]}", 1)
    for exchange in shown.exchanges:
        document.add_heading(_flat(clean(exchange.question)), 2)
        for paragraph in _paragraphs(words, exchange):
            document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _paragraphs(words: Words, exchange: Exchange) -> Iterator[str]:
    answer = exchange.answer
    if answer is None:
        yield _unanswered(words)
        return
    yield clean(answer.text)
    if answer.reason:
        yield clean(answer.reason)
    for citation in answer.citations:
        yield f"{reference(words, citation)} “{clean(_flat(citation.quote))}”"


def _unanswered(words: Words) -> str:
    return words("(not answered)", "（未回答）")


def _flat(value: str) -> str:
    return " ".join(value.split())
