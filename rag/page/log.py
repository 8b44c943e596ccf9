"""A conversation -> HTML: questions, answers, the one under way, the list of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from rag.page import render
from rag.page.conversation import Conversation, Exchange, State
from rag.page.escape import text
from rag.page.export import plain
from rag.page.live import Running
from rag.page.words import Words
from rag.schema import Filters

_STAGES = (
    ("understand", "Understand", "理解"),
    ("retrieve", "Search", "检索"),
    ("generate", "Write", "生成"),
    ("verify", "Check", "核验"),
)


def conversation(words: Words, shown: Conversation, live: bool) -> str:
    """Return all exchanges but the one that is `live`: being answered in this process."""
    exchanges = shown.exchanges[:-1] if live and shown.running else shown.exchanges
    last = shown.exchanges[-1].id if shown.exchanges else ""
    body = "".join(_exchange(words, e, e.id == last) for e in exchanges)
    figures = any(e.answer and e.answer.figures for e in exchanges)
    return (
        f'<div class="log" data-conversation="{text(shown.id if shown.exchanges else "")}">'
        f"{body}{render.legend(words) if figures else ''}</div>"
    )


def under_way(words: Words, exchange: Exchange, running: Running, place: int) -> str:
    """Return the question being answered: its place in the line or its stage, and the draft."""
    if running.stop.is_set():
        status = words("Stopping …", "正在停止 …")
    elif place:
        status = words(f"{place} before you in the line", f"排队中，前面还有 {place} 个问题")
    elif running.stage == "fetch":
        status = words("Fetching the model: ", "正在下载模型：") + running.detail
    else:
        status = ""
    line = f'<p class="queue">{text(status)}</p>' if status else _stages(words, running.stage)
    draft = ""
    if running.draft.strip():
        label = words("Draft, not checked yet", "草稿，尚未核验")
        draft = (
            f'<div class="draft"><span class="tag">{label}</span><p>{text(running.draft)}</p></div>'
        )
    return (
        f'<div class="log live" aria-busy="true">{_question(exchange)}'
        f'<div class="reply waiting">{line}{draft}</div></div>'
    )


def welcome(words: Words, index: str, documents: int, examples: Sequence[str]) -> str:
    """Return what an empty conversation shows: what can be asked, of what."""
    if not documents:
        hint = words(
            "This library is empty. Add reports in the Library tab, then ask here.",
            "资料库还没有报告。请先在“资料库”中添加，然后在这里提问。",
        )
        return f'<div class="welcome"><p>{hint}</p></div>'
    head = words(
        f"{documents} reports in “{index}”. Every sentence of an answer names its source, "
        "every figure is checked against it.",
        f"“{index}”中有 {documents} 份报告。回答句句注明出处，数字逐一核对原文。",
    )
    items = "".join(
        f'<li><button type="button" class="example" data-do="ask" data-text="{text(q)}">'
        f"{text(q)}</button></li>"
        for q in examples
    )
    tried = words("For example", "例如")
    listed = f'<h2>{tried}</h2><ul class="examples">{items}</ul>' if items else ""
    return f'<div class="welcome"><p>{text(head)}</p>{listed}</div>'


def scope(words: Words, index: str, filters: Filters) -> str:
    """Return which reports a question is put to."""
    names = (
        (words("company", "公司"), filters.company),
        (words("publisher", "机构"), filters.publisher),
        (words("from", "自"), filters.since),
        (words("to", "至"), filters.until),
        (words("kind", "类型"), filters.kind),
        (words("rating", "评级"), filters.rating),
        (words("file", "文件"), filters.source),
    )
    chips = "".join(
        f'<span class="chip">{name}{words(": ", "：")}{text(value)}</span>'
        for name, value in names
        if value
    )
    label = words("Library", "资料库")
    return f'<p class="scope"><span>{label}{words(": ", "：")}{text(index)}</span>{chips}</p>'


def hint(words: Words) -> str:
    """Return what stands in the place of the evidence before there is any."""
    told = words(
        "The passages that an answer cites are shown here, the place in the report below.",
        "这里显示回答引用的原文，下方显示它在报告中的位置。",
    )
    return f'<p class="hint">{told}</p>'


def failed(message: str) -> str:
    """Return an error in the place of what could not be shown."""
    return f'<p class="failed" role="alert">{text(message)}</p>'


def listing(words: Words, conversations: Sequence[Conversation], current: str) -> str:
    """Return the list of conversations with buttons to open and delete each."""
    items = "".join(_entry(words, c, c.id == current) for c in conversations)
    title = words("Conversations", "对话记录")
    if not items:
        items = f'<li class="none">{words("None yet", "暂无")}</li>'
    return (
        f'<nav class="conversations" aria-label="{title}"><h2>{title}</h2><ul>{items}</ul>'
        f"{_exports(words, current) if any(c.id == current for c in conversations) else ''}</nav>"
    )


def _entry(words: Words, shown: Conversation, current: bool) -> str:
    title, name = text(shown.title), text(shown.id)
    here = ' aria-current="true"' if current else ""
    delete = text(words(f"Delete “{shown.title}”", f"删除“{shown.title}”"))
    return (
        f'<li><button type="button" class="open" data-do="open" data-id="{name}"{here}>{title}'
        f"<small>{text(shown.changed[:10])}</small></button>"
        f'<button type="button" class="delete" data-do="remove" data-id="{name}"'
        f' aria-label="{delete}" title="{delete}"'
        f' data-confirm="{delete}{words("?", "？")}">✕</button></li>'
    )


def _exports(words: Words, current: str) -> str:
    label = words("Export", "导出")
    links = " ".join(
        f'<a href="../export/{words.language}/{text(current)}.{suffix}" download>{name}</a>'
        for suffix, name in (("md", "Markdown"), ("docx", "Word"))
    )
    return f'<p class="exports">{label}{words(": ", "：")}{links}</p>'


def _question(exchange: Exchange) -> str:
    return f'<div class="question"><p>{text(exchange.question)}</p></div>'


def _exchange(words: Words, exchange: Exchange, last: bool) -> str:
    return (
        f'<article class="exchange" id="x-{text(exchange.id)}" data-state="{exchange.state}">'
        f"{_question(exchange)}"
        f'<div class="reply">{_reply(words, exchange)}{_actions(words, exchange, last)}</div>'
        "</article>"
    )


def _reply(words: Words, exchange: Exchange) -> str:
    if exchange.answer is not None:
        return render.answer(words, exchange.answer, exchange.id)
    if exchange.state is State.FAILED:
        return failed(exchange.error)
    if exchange.state is State.STOPPED:
        return f'<p class="stopped">{words("Stopped.", "已停止。")}</p>'
    lost = words("Interrupted: the page was closed down.", "已中断：页面服务曾被关闭。")
    return f'<p class="stopped">{lost}</p>'


def _actions(words: Words, exchange: Exchange, last: bool) -> str:
    shown = []
    if exchange.answer is not None:
        label, copied = words("Copy", "复制"), words("Copied", "已复制")
        shown.append(
            f'<button type="button" data-do="copy" data-done="{copied}"'
            f' data-text="{text(plain(words, exchange.answer))}">{label}</button>'
        )
    if last:
        for what, label in (
            ("retry", words("Retry", "重试")),
            ("edit", words("Edit", "修改问题")),
        ):
            shown.append(
                f'<button type="button" data-do="{what}" data-exchange="{text(exchange.id)}"'
                f' data-text="{text(exchange.question)}">{label}</button>'
            )
    return f'<div class="actions">{"".join(shown)}</div>' if shown else ""


def _stages(words: Words, stage: str) -> str:
    names = [name for name, _, _ in _STAGES]
    at = names.index(stage) if stage in names else 0
    items = "".join(
        f'<li class="{_state(n, at)}"{_current(n, at)}>{words(en, zh)}</li>'
        for n, (_, en, zh) in enumerate(_STAGES)
    )
    label = words("Progress", "进度")
    return f'<ol class="stages" aria-label="{label}">{items}</ol>'


def _state(number: int, at: int) -> str:
    return "past" if number < at else "now" if number == at else "next"


def _current(number: int, at: int) -> str:
    return ' aria-current="step"' if number == at else ""
