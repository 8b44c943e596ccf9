"""The Chat tab: what is on it and what each action calls."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.page import desk as desks
from rag.page import filters
from rag.page import log as log_html
from rag.page.service import Service
from rag.page.state import Shared
from rag.page.words import Words

_BRIDGE = """
window.ragSend = (name, data) => trigger(name, data);
// The names that may be sent: 'do_ask' 'do_retry' 'do_edit' 'do_open' 'do_remove' 'do_show' 'do_page'
"""
"""Buttons inside the HTML of the page reach the server through this component."""


def build(service: Service, words: Words, shared: Shared) -> None:
    """Lay the tab out inside the open `gr.Tab`."""
    with gr.Row(elem_id="chat", equal_height=False):
        with gr.Column(elem_id="chat-side", min_width=0):
            new = gr.Button(words("New conversation", "新对话"), elem_id="chat-new", size="sm")
            listing = _html("chat-list")
        with gr.Column(elem_id="chat-main", min_width=0):
            with gr.Column(elem_id="chat-scroll", min_width=0):
                log = _html("chat-log")
                live = _html("chat-live")
            scope = _html("chat-scope")
            filters.build(service, words, shared)
            box, send, stop = _composer(words)
        with gr.Column(elem_id="chat-aside", min_width=0):
            evidence = _html("chat-evidence", log_html.hint(words))
            preview = _html("chat-preview")
    bridge = gr.HTML(elem_id="chat-bridge", js_on_load=_BRIDGE)
    chosen = gr.State("")
    editing = gr.State("")
    parts = desks.Parts(
        chosen, editing, log, live, scope, evidence, preview, listing, box, send, stop
    )
    _connect(desks.Desk(service, words, parts), parts, shared, bridge, new)


def _composer(words: Words) -> tuple[gr.Textbox, gr.Button, gr.Button]:
    """Return the box to ask in, the button to ask and the one to stop."""
    with gr.Row(elem_id="chat-ask", equal_height=True):
        box = gr.Textbox(
            elem_id="chat-box",
            label=words("Your question", "你的问题"),
            placeholder=words("Ask about the reports", "就报告提问"),
            lines=1,
            max_lines=6,
            max_length=2000,
            show_label=False,
            container=False,
            autofocus=True,
            scale=8,
        )
        send = gr.Button(words("Ask", "提问"), elem_id="chat-send", variant="primary", min_width=72)
        stop = gr.Button(
            words("Stop", "停止"), elem_id="chat-stop", variant="stop", visible=False, min_width=72
        )
    return box, send, stop


def _connect(
    desk: desks.Desk, parts: desks.Parts, shared: Shared, bridge: gr.HTML, new: gr.Button
) -> None:
    """Let what people do on the page call the actions."""
    free: dict[str, Any] = {
        "concurrency_limit": None,
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    # While an event is under way gradio drops another of its kind, by default: a question put
    # while the evidence of the answer before it is still being drawn would be lost.
    heard: dict[str, Any] = free | {"trigger_mode": "multiple"}
    chosen, every = parts.chosen, parts.all
    asked = [chosen, parts.editing, shared.index, shared.filters, shared.settings]
    shared.entered.then(desk.load, shared.index, every, **free)
    gr.on([parts.box.submit, parts.send.click], desk.ask, [parts.box, *asked], every, **heard)
    bridge.do_ask(desk.ask_this, asked, every, **heard)
    bridge.do_retry(desk.retry, asked, every, **heard)
    edited = [parts.editing, parts.box, parts.send]
    bridge.do_edit(desk.edit, [chosen, parts.editing], edited, **free)
    bridge.do_open(desk.open, shared.index, every, **heard)
    bridge.do_remove(desk.remove, [chosen, shared.index], every, **free)
    bridge.do_show(desk.show, chosen, [parts.evidence, parts.preview], **heard)
    bridge.do_page(desk.page, [chosen, shared.index], parts.preview, **heard)
    new.click(desk.new, shared.index, every, **free)
    parts.stop.click(desk.stop, chosen, None, **free)
    gr.on(
        [shared.index.change, shared.filters.change],
        desk.look_around,
        [chosen, shared.index, shared.filters],
        [parts.log, parts.scope],
        **free,
    )


def _html(name: str, value: str = "") -> gr.HTML:
    return gr.HTML(value, elem_id=name, apply_default_css=False, js_on_load=None)
