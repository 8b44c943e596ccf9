"""Citations and hits -> cards: the quote with its figures marked, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.page.escape import text
from rag.page.spans import places, quotes_of
from rag.page.words import Words
from rag.schema import Answer, Citation, FigureCheck, Hit

_NEAREST = 3
_CLIPPED = 400


def hover(words: Words, citation: Citation, figures: Sequence[FigureCheck], name: str) -> str:
    """Return the small card that a label shows under the pointer; `name` is its id."""
    quote = marked(citation.quote, quotes_of(figures, citation.label))
    return (
        f'<span class="hover" role="tooltip" id="{text(name)}">'
        f'<span class="quote">“{quote}”</span><b>{text(citation.title)}</b>{_place(words, citation)}</span>'
    )


def panel(words: Words, answer: Answer, exchange: str) -> str:
    """Return the evidence of an answer: what it cites first, what else was found folded away."""
    cited = "".join(_card(words, c, answer.figures, exchange) for c in answer.citations)
    others = [h for h in answer.hits if not _within(h, answer.citations)]
    return (
        f'<section class="cards" data-exchange="{text(exchange)}"'
        f' aria-label="{words("Evidence", "出处")}">{cited}{_others(words, others, exchange)}'
        "</section>"
    )


def nearest(words: Words, hits: Sequence[Hit], exchange: str) -> str:
    """Return the passages that came nearest to a question that was refused."""
    if not hits:
        return ""
    cards = "".join(_hit(words, hit, exchange) for hit in hits[:_NEAREST])
    title = words("Nearest passages", "最接近的段落")
    return f'<div class="nearest"><h3>{title}</h3>{cards}</div>'


def marked(quote: str, figures: Iterable[str]) -> str:
    """Return `quote` on one line with each of `figures` marked in it."""
    flat = " ".join(quote.split())
    shown, cursor = "", 0
    for span in places(flat, (" ".join(figure.split()) for figure in figures)):
        shown += text(flat[cursor : span.start])
        shown += f"<mark>{text(flat[span.start : span.end])}</mark>"
        cursor = span.end
    return shown + text(flat[cursor:])


def _card(words: Words, citation: Citation, figures: Sequence[FigureCheck], exchange: str) -> str:
    before, _, after = citation.text.partition(citation.quote)
    quote = marked(citation.quote, quotes_of(figures, citation.label))
    return (
        f'<article class="card cited" id="card-{text(exchange)}-{citation.label}" tabindex="-1"'
        f' data-label="{citation.label}">'
        f'<h3><span class="number">{citation.label}</span> {text(citation.title)}</h3>'
        f"{_place(words, citation)}"
        f'<blockquote><span class="around">{text(before)}</span><b>{quote}</b>'
        f'<span class="around">{text(after)}</span></blockquote>'
        f"{_open(words, exchange, 'label', citation.label)}</article>"
    )


def _others(words: Words, hits: Sequence[Hit], exchange: str) -> str:
    if not hits:
        return ""
    title = words(f"Found, not cited ({len(hits)})", f"检索到但未引用（{len(hits)}）")
    cards = "".join(_hit(words, hit, exchange) for hit in hits)
    return f'<details class="others"><summary>{title}</summary>{cards}</details>'


def _hit(words: Words, hit: Hit, exchange: str) -> str:
    document, body = hit.document, " ".join(hit.chunk.text.split())
    clipped = body[:_CLIPPED] + "…" * (len(body) > _CLIPPED)
    facts = (document.publisher, document.published, document.source)
    return (
        f'<article class="card hit" data-rank="{hit.rank}"><h3>{text(document.title)}</h3>'
        f"{_where(words, facts, hit.chunk.heading_path, hit.chunk.page)}"
        f"<blockquote>{text(clipped)}</blockquote>"
        f"{_open(words, exchange, 'rank', hit.rank)}</article>"
    )


def _open(words: Words, exchange: str, kind: str, number: int) -> str:
    title = words("Show in the report", "在报告中查看")
    return (
        f'<button type="button" class="link" data-do="show" data-exchange="{text(exchange)}"'
        f' data-{kind}="{number}">{title}</button>'
    )


def _place(words: Words, citation: Citation) -> str:
    facts = (citation.publisher, citation.published, citation.source)
    return _where(words, facts, citation.section, citation.page)


def _where(
    words: Words, facts: Iterable[str | None], section: Sequence[str], page: int | None
) -> str:
    """Return publisher, date and file, then headings and page, one line each."""
    shown = " · ".join(text(fact) for fact in facts if fact)
    at = [" › ".join(text(heading) for heading in section)] if section else []
    if page is not None:
        at.append(words(f"p. {page}", f"第 {page} 页"))
    return (
        f'<span class="where">{shown}</span>'
        + f'<span class="where">{" · ".join(at)}</span>' * bool(at)
    )


def _within(hit: Hit, citations: Iterable[Citation]) -> bool:
    """Return whether a hit holds one of the quotes."""
    chunk = hit.chunk
    return any(
        c.doc_id == chunk.doc_id and c.start < chunk.end and chunk.start < c.end for c in citations
    )
