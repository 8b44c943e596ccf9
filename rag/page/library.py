"""The Library tab."""

from __future__ import annotations

import gradio as gr

from rag.page.service import Service
from rag.page.state import Shared
from rag.page.words import Words


def build(service: Service, words: Words, shared: Shared) -> None:
    """Lay the tab out inside the open `gr.Tab`."""
    del service, shared
    gr.Markdown(words("Not built yet.", "尚未完成。"))
