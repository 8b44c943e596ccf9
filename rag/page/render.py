"""An answer -> HTML: labels as buttons, figures with the outcome of their check, a footer."""

from __future__ import annotations

from rag.page import cards
from rag.page.escape import text
from rag.page.spans import Piece, pieces, sentences
from rag.page.words import Words
from rag.schema import Answer, Check, FigureCheck, Status

_MARKS = {
    Check.VERIFIED: ("✓", "stands in the quote", "原文一致"),
    Check.ROUNDED: ("≈", "the quote's figure, rounded", "由原文四舍五入"),
    Check.DERIVED: ("∑", "computed from figures of the quotes", "由原文数字计算"),
    Check.NOT_FOUND: ("✗", "not found in the quote", "原文中未找到"),
    Check.NOT_CHECKED: ("✗", "not checked", "未核验"),
}
_SOUND = (Check.VERIFIED, Check.ROUNDED, Check.DERIVED)


def answer(words: Words, said: Answer, exchange: str) -> str:
    """Return an answer or a refusal; `exchange` names it for the buttons in it."""
    understood = _understood(words, said)
    if said.status is Status.REFUSED:
        return understood + _refusal(words, said, exchange)
    body = "".join(_piece(words, said, piece, exchange) for piece in pieces(said))
    return f'{understood}<p class="words">{body}</p>{footer(words, said)}'


def legend(words: Words) -> str:
    """Return what the marks of figures mean."""
    shown = [Check.VERIFIED, Check.ROUNDED, Check.DERIVED, Check.NOT_FOUND]
    items = "".join(
        f'<span class="item"><span class="figure {check}"><span class="mark">{_MARKS[check][0]}</span>'
        f"</span> {words(_MARKS[check][1], _MARKS[check][2])}</span> "
        for check in shown
    )
    return f'<p class="legend" aria-label="{words("Legend", "图例")}">{items}</p>'


def footer(words: Words, said: Answer) -> str:
    """Return what was cited and checked, the newest date, what it took."""
    cited, total = sentences(said)
    sound = sum(figure.check in _SOUND for figure in said.figures)
    dates = [c.published for c in said.citations if c.published]
    parts = [
        words(f"{cited} of {total} sentences cited", f"引用 {cited}/{total} 句"),
        words(
            f"{sound} of {len(said.figures)} figures checked",
            f"数字核验 {sound}/{len(said.figures)}",
        ),
        words(f"as of {max(dates)}", f"截至 {max(dates)}") if dates else "",
        words(f"{said.timings.total / 1000:.1f} s", f"{said.timings.total / 1000:.1f} 秒"),
        said.provenance.model,
    ]
    return f'<p class="foot">{" · ".join(text(part) for part in parts if part)}</p>'


def _understood(words: Words, said: Answer) -> str:
    if said.standalone_question == said.question:
        return ""
    label = words("Understood as:", "理解为：")
    return f'<p class="understood"><span>{label}</span> {text(said.standalone_question)}</p>'


def _refusal(words: Words, said: Answer, exchange: str) -> str:
    reason = f"<p>{text(said.reason)}</p>" if said.reason else ""
    return (
        f'<div class="refusal"><p class="words"><span class="sign" aria-hidden="true">⊘</span> '
        f"{text(said.text)}</p>{reason}{cards.nearest(words, said.hits, exchange)}</div>"
    )


def _piece(words: Words, said: Answer, piece: Piece, exchange: str) -> str:
    if piece.label is not None:
        return _pill(words, said, piece.label, exchange)
    if piece.figure is not None:
        return _figure(words, piece.figure)
    return text(piece.text)


def _pill(words: Words, said: Answer, label: int, exchange: str) -> str:
    citation = next(c for c in said.citations if c.label == label)
    name = f"hover-{exchange}-{label}"
    title = words(f"Source {label}: {citation.title}", f"出处 {label}：{citation.title}")
    return (
        f'<span class="cite"><button type="button" class="pill" data-do="show"'
        f' data-exchange="{text(exchange)}" data-label="{label}" aria-label="{text(title)}"'
        f' aria-describedby="{text(name)}">{label}</button>'
        f"{cards.hover(words, citation, said.figures, name)}</span>"
    )


def _figure(words: Words, figure: FigureCheck) -> str:
    mark, en, zh = _MARKS[figure.check]
    return (
        f'<span class="figure {figure.check}" title="{words(en, zh)}">{text(figure.text)}'
        f'<span class="mark" role="img" aria-label="{words(en, zh)}">{mark}</span></span>'
    )
