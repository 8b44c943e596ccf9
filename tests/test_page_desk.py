"""What the Chat tab shows when a page is opened beside an answer under way."""

import asyncio
import threading
from types import SimpleNamespace

import pytest

from rag.page import desk
from rag.page.conversation import State, begin
from rag.page.folder import Folder
from rag.page.line import Line
from rag.page.live import Live, Wish
from rag.page.state import Settings
from rag.page.words import Words
from rag.schema import Filters
from tests.answers import refusal

EN = Words("en")
NAMES = "chosen editing log live scope evidence preview listing box send stop".split()


@pytest.mark.parametrize("between", ["load and look", "look and follow"])
def test_an_answer_that_comes_while_the_page_opens_is_shown(tmp_path, monkeypatch, between):
    monkeypatch.setenv("RAG_DATA", str(tmp_path))
    said, go = refusal(), threading.Event()

    def ask(*_args, **_wishes):
        go.wait(60)
        return said

    live, folder = Live(ask, Line()), Folder("")
    asked = live.start(folder, begin(), Wish("？", "i", Filters(), Settings(), EN))
    running = live.of(asked.id)

    def finish():
        go.set()
        running.done.wait(60)

    class Late(desk.Desk):
        def _shown(self, folder, conversation):
            if between == "load and look" and conversation.running:
                finish()
            shown = super()._shown(folder, conversation)
            if between == "look and follow" and conversation.running:
                finish()
            return shown

    service = SimpleNamespace(live=live, indexes=lambda: ["i"], first_index=lambda: "i")
    request = SimpleNamespace(query_params={"c": asked.id}, username=None)

    async def last():
        state = {}
        async for updates in Late(service, EN, desk.Parts(*NAMES)).load("i", request):
            state |= updates
        return state

    state = asyncio.run(last())
    assert folder.load(asked.id).exchanges[-1].state is State.DONE
    assert said.reason in state["log"] and state["live"] == ""
    assert state["stop"]["visible"] is False and state["send"]["visible"] is True
