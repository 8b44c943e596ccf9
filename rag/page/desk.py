"""What the actions of the Chat tab do: each returns or yields what is to be shown anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from rag.errors import RagError
from rag.page import cards, log
from rag.page.conversation import Conversation, begin
from rag.page.examples import examples
from rag.page.folder import Folder
from rag.page.live import Wish
from rag.page.preview import Place, preview
from rag.page.service import Service
from rag.page.state import Settings
from rag.page.words import Words
from rag.schema import Answer, Filters

_LOOK = 0.05
"""Seconds between two looks at a question under way."""
Updates = dict[Any, Any]
"""Component -> what it shows now."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The components that the actions change."""

    chosen: gr.State
    """Id of the conversation that is open."""
    editing: gr.State
    """Id of the exchange whose question is being changed, or empty."""
    log: gr.HTML
    live: gr.HTML
    scope: gr.HTML
    evidence: gr.HTML
    preview: gr.HTML
    listing: gr.HTML
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button

    @property
    def all(self) -> list[Any]:
        """All of them."""
        return [getattr(self, field.name) for field in fields(self)]


class Desk:
    """The actions, for pages in one language."""

    def __init__(self, service: Service, words: Words, parts: Parts) -> None:
        """Keep what they need."""
        self._service = service
        self._live = service.live
        self._words = words
        self._parts = parts
        self._ask_label = words("Ask", "提问")

    async def load(self, index: str, request: gr.Request) -> AsyncIterator[Updates]:
        """Show the conversation that the address names, also one in mid-answer, or a new one."""
        folder = _folder(request)
        name = str(request.query_params.get("c", ""))
        conversation = folder.load(name) or begin()
        yield {self._parts.scope: log.scope(self._words, index, Filters())}
        async for updates in self._opened(folder, conversation, index):
            yield updates

    async def open(
        self, index: str, request: gr.Request, event: gr.EventData
    ) -> AsyncIterator[Updates]:
        """Show a conversation of the list."""
        folder = _folder(request)
        conversation = folder.load(_said(event, "id")) or begin()
        async for updates in self._opened(folder, conversation, index):
            yield updates

    async def new(self, index: str, request: gr.Request) -> AsyncIterator[Updates]:
        """Begin a conversation."""
        async for updates in self._opened(_folder(request), begin(), index):
            yield updates

    async def remove(
        self, chosen: str, index: str, request: gr.Request, event: gr.EventData
    ) -> AsyncIterator[Updates]:
        """Delete a conversation of the list."""
        folder, name = _folder(request), _said(event, "id")
        self._live.stop(name)
        folder.delete(name)
        if name != chosen:
            yield {self._parts.listing: self._listing(folder, chosen)}
            return
        async for updates in self._opened(folder, begin(), index):
            yield updates

    async def ask(
        self,
        question: str,
        chosen: str,
        editing: str,
        index: str,
        filters: Filters,
        settings: Settings,
        request: gr.Request,
    ) -> AsyncIterator[Updates]:
        """Ask, and show the answer as it comes about."""
        folder = _folder(request)
        conversation = folder.load(chosen) or begin()
        running = conversation.running if self._live.of(chosen) else None
        if running and running.question == question.strip():
            return  # pressed twice
        if editing:
            conversation = conversation.before(editing)
        if not question.strip():
            return
        wish = Wish(question.strip(), index, filters, settings, self._words)
        try:
            asked = self._live.start(folder, conversation, wish)
        except (RagError, OSError) as error:
            gr.Warning(self._words.error(error))
            return
        yield self._shown(folder, asked) | {self._parts.box: "", self._parts.editing: ""}
        async for updates in self._followed(folder, asked):
            yield updates

    async def ask_this(
        self,
        chosen: str,
        editing: str,
        index: str,
        filters: Filters,
        settings: Settings,
        request: gr.Request,
        event: gr.EventData,
    ) -> AsyncIterator[Updates]:
        """Ask an example."""
        question = _said(event, "text")
        async for updates in self.ask(question, chosen, "", index, filters, settings, request):
            yield updates

    async def retry(
        self,
        chosen: str,
        editing: str,
        index: str,
        filters: Filters,
        settings: Settings,
        request: gr.Request,
        event: gr.EventData,
    ) -> AsyncIterator[Updates]:
        """Ask the question of an exchange anew, in its place."""
        name = _said(event, "exchange")
        conversation = _folder(request).load(chosen)
        exchange = conversation.exchange(name) if conversation else None
        if exchange is None:
            return
        async for updates in self.ask(
            exchange.question, chosen, name, index, filters, settings, request
        ):
            yield updates

    def edit(self, chosen: str, editing: str, request: gr.Request, event: gr.EventData) -> Updates:
        """Put the question of an exchange into the box to be asked in its place; or no longer."""
        conversation = _folder(request).load(chosen)
        exchange = conversation.exchange(_said(event, "exchange")) if conversation else None
        begun = exchange is not None and exchange.id != editing
        label = self._words("Replace", "替换") if begun else self._ask_label
        return {
            self._parts.editing: exchange.id if exchange and begun else "",
            self._parts.box: exchange.question if exchange and begun else "",
            self._parts.send: gr.update(value=label),
        }

    def stop(self, chosen: str) -> None:
        """Take back the question under way."""
        self._live.stop(chosen)

    def show(self, chosen: str, request: gr.Request, event: gr.EventData) -> tuple[str, str]:
        """Return the evidence of an exchange, and the place of one of its citations or hits."""
        conversation = _folder(request).load(chosen)
        exchange = conversation.exchange(_said(event, "exchange")) if conversation else None
        if exchange is None or exchange.answer is None:
            return "", ""
        place = _place(exchange.answer, _said(event, "label"), _said(event, "rank"))
        evidence = cards.panel(self._words, exchange.answer, exchange.id)
        return evidence, self._preview(exchange.index, place) if place else ""

    def page(self, chosen: str, index: str, request: gr.Request, event: gr.EventData) -> str:
        """Return another page of the document that is shown."""
        number = _said(event, "page")
        conversation = _folder(request).load(chosen)
        exchange = conversation.exchange(_said(event, "exchange")) if conversation else None
        place = Place(_said(event, "doc"), page=int(number) if number.isdecimal() else 1)
        return self._preview(exchange.index if exchange else index, place)

    def look_around(
        self, chosen: str, index: str, filters: Filters, request: gr.Request
    ) -> Updates:
        """Show what the library or the filters of this visitor have become."""
        updates: Updates = {self._parts.scope: log.scope(self._words, index, filters)}
        if not _folder(request).load(chosen):
            updates[self._parts.log] = self._welcome(index)
        return updates

    async def _opened(
        self, folder: Folder, conversation: Conversation, index: str
    ) -> AsyncIterator[Updates]:
        """Show a conversation; if it is in mid-answer, go on with it."""
        parts = self._parts
        updates = self._shown(folder, conversation) | {
            parts.editing: "",
            parts.box: "",
            parts.live: "",
        }
        if not conversation.exchanges:
            updates[parts.log] = self._welcome(index)
        yield updates
        # The answer may come between what was loaded and here: then following it shows it.
        if conversation.running:
            async for followed in self._followed(folder, conversation):
                yield followed
        else:
            async for settled in self._beside(folder, conversation):
                yield settled

    async def _followed(self, folder: Folder, conversation: Conversation) -> AsyncIterator[Updates]:
        """Yield how far the last question is until it is answered, then the answer."""
        running = self._live.of(conversation.id)
        last = ""
        while running and not running.done.is_set():
            exchange, place = conversation.exchanges[-1], self._live.place(running)
            shown = log.under_way(self._words, exchange, running, place)
            if shown != last:
                yield {self._parts.live: shown}
                last = shown
            await asyncio.sleep(_LOOK)
        settled = folder.load(conversation.id) or begin()
        yield self._shown(folder, settled) | {self._parts.live: ""}
        async for updates in self._beside(folder, settled):
            yield updates

    async def _beside(self, folder: Folder, conversation: Conversation) -> AsyncIterator[Updates]:
        """Show the evidence of the last answer, then the place of its first citation."""
        exchange = conversation.exchanges[-1] if conversation.exchanges else None
        answer = exchange.answer if exchange else None
        if exchange is None or answer is None:
            yield {self._parts.evidence: log.hint(self._words), self._parts.preview: ""}
            return
        yield {self._parts.evidence: cards.panel(self._words, answer, exchange.id)}
        place = _place(answer, "1", "")
        shown = await asyncio.to_thread(self._preview, exchange.index, place) if place else ""
        now = folder.load(conversation.id)
        if now is None or now.exchanges[-1].id == exchange.id:  # no question came meanwhile
            yield {self._parts.preview: shown}

    def _shown(self, folder: Folder, conversation: Conversation) -> Updates:
        parts, running = self._parts, self._live.of(conversation.id) is not None
        return {
            parts.chosen: conversation.id,
            parts.log: log.conversation(self._words, conversation, running),
            parts.listing: self._listing(folder, conversation.id),
            parts.send: gr.update(visible=not running, value=self._ask_label),
            parts.stop: gr.update(visible=running),
        }

    def _listing(self, folder: Folder, current: str) -> str:
        return log.listing(self._words, folder.conversations(), current)

    def _welcome(self, index: str) -> str:
        try:
            opened = self._service.index(index)
            asked = examples(opened)
            return log.welcome(self._words, index, len(opened.documents()), asked)
        except RagError:
            return log.welcome(self._words, index, 0, ())

    def _preview(self, index: str, place: Place) -> str:
        try:
            return preview(self._words, self._service.index(index), place)
        except RagError as error:
            return log.failed(self._words.error(error))


def _folder(request: gr.Request) -> Folder:
    """Return the conversations of whoever asks: of a name signed in with, or of this machine."""
    return Folder(request.username or "")


def _said(event: gr.EventData, name: str) -> str:
    """Return a value that a button of the page sent: any browser may send anything."""
    data = event._data
    return str(data.get(name, ""))[:4000] if isinstance(data, dict) else ""


def _place(answer: Answer, label: str, rank: str) -> Place | None:
    for citation in answer.citations:
        if str(citation.label) == label:
            return Place(citation.doc_id, citation.start, citation.end)
    for hit in answer.hits:
        if str(hit.rank) == rank:
            return Place(hit.chunk.doc_id, hit.chunk.start, hit.chunk.end)
    return None
