"""The choice of an index, wherever it is offered: all places show the same one."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.events import Dependency

from rag.page.service import Service
from rag.page.state import Shared
from rag.page.words import Words

_KEPT = "() => [localStorage.getItem('rag-index') || '']"
"""Run in the browser: the index that was chosen last."""
_KEEP = "(name) => { localStorage.setItem('rag-index', name); }"
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def entering(service: Service, page: gr.Blocks, index: gr.State) -> Dependency:
    """Return the event of a page that opens: it sets the index of the last visit, if it is there.

    Args:
        service: Knows the indexes.
        page: That is being laid out.
        index: The visitor's.
    """

    def enter(kept: str | None) -> str:
        return kept if kept and kept in service.indexes() else service.first_index()

    kept = gr.Textbox(visible=False)
    return page.load(enter, kept, index, js=_KEPT, concurrency_limit=None, **_QUIET)


def build(service: Service, words: Words, shared: Shared, place: str) -> gr.Dropdown:
    """Lay out a list of the indexes that follows, and sets, the visitor's index.

    Args:
        service: Knows the indexes.
        words: Of the visitor.
        shared: Holds the index.
        place: Tells one of several on the page from the others, in its id.
    """
    choice = gr.Dropdown(
        choices=list(service.indexes()),
        value=service.first_index(),
        label=words("Index", "索引"),
        info=words("Questions are answered from it.", "从中回答问题。"),
        allow_custom_value=True,  # another visitor may have made or deleted one meanwhile
        min_width=280,
        elem_id=f"{place}-index",
    )

    def follow(name: str) -> object:
        return gr.update(choices=list(service.indexes()), value=name)

    def choose(name: str, before: str) -> str:
        return name if name in service.indexes() else before

    shared.entered.then(follow, shared.index, choice, **_QUIET)
    gr.on([shared.index.change, shared.changed.change], follow, shared.index, choice, **_QUIET)
    choice.change(None, choice, js=_KEEP)
    choice.input(choose, [choice, shared.index], shared.index, **_QUIET)
    return choice
