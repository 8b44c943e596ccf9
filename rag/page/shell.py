"""The frame of the page: header, switch of the language, tabs."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from rag.page import chat, evaluation, library, picker, settings
from rag.page.service import Service
from rag.page.state import Shared
from rag.page.words import Words
from rag.schema import Filters

Build = Callable[[Service, Words, Shared], None]
_TABS: tuple[tuple[str, str, str, Build], ...] = (
    ("chat", "Ask", "问答", chat.build),
    ("library", "Library", "资料库", library.build),
    ("evaluation", "Evaluation", "评测", evaluation.build),
    ("settings", "Settings", "设置", settings.build),
)

_KEEP = (3600, 24 * 3600)
"""Seconds between two looks for uploads that nobody took in, and those they are kept."""


def build(service: Service, words: Words) -> gr.Blocks:
    """Return the page in one language."""
    title = words("Research reports, with sources", "研报问答：句句有出处")
    with gr.Blocks(
        title=title, analytics_enabled=False, fill_width=True, delete_cache=_KEEP
    ) as page:
        index = gr.State(service.first_index())
        shared = Shared(
            index=index,
            filters=gr.State(Filters()),
            settings=gr.State(service.settings),
            changed=gr.State(0),
            entered=picker.entering(service, page, index),
        )
        gr.HTML(_header(words, title), elem_id="page-header")
        with gr.Tabs(elem_id="page-tabs"):
            for name, en, zh, lay_out in _TABS:
                with gr.Tab(words(en, zh), id=name, elem_id=f"tab-{name}"):
                    lay_out(service, words, shared)
    return page


def _header(words: Words, title: str) -> str:
    other, code = words("中文|zh", "English|en").split("|")
    return (
        f'<header class="page-head"><h1>{title}</h1>'
        f'<a class="page-language" href="../{code}/" lang="{code}">{other}</a></header>'
    )
