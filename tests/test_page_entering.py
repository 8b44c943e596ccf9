"""What a page reads of its visitor's index when it opens, it reads after that index is known."""

from types import SimpleNamespace

import gradio as gr
import pytest

from rag.page import picker, shell
from rag.page.service import Service
from rag.page.words import Words


@pytest.fixture
def indexes(tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_INDEXES", str(tmp_path))
    return tmp_path


def opened(monkeypatch) -> tuple[gr.Blocks, gr.State]:
    """Return the page, and the state that holds its visitor's index."""
    seen = []
    entering = picker.entering
    monkeypatch.setattr(
        picker, "entering", lambda *given: seen.append(given[2]) or entering(*given)
    )
    page = shell.build(Service(), Words("zh"))
    return page, seen[0]


def test_only_one_event_of_a_page_that_opens_touches_the_index(indexes, monkeypatch):
    # The chat read it beside the library and gave it back: who came last of the two was by chance.
    page, index = opened(monkeypatch)
    loads = [fn for fn in page.fns.values() if any(event == "load" for _, event in fn.targets)]
    touching = [fn for fn in loads if index in [*fn.inputs, *fn.outputs]]
    assert [fn.name for fn in touching] == ["enter"]
    after = [fn for fn in page.fns.values() if fn.trigger_after == touching[0]._id]
    assert {"load", "offer", "resume", "show", "follow"} <= {fn.name for fn in after}


@pytest.mark.parametrize(
    ("kept", "first"), [("乙", "乙"), ("丙", "甲"), ("", "甲"), (None, "甲"), ("../甲", "甲")]
)
def test_the_index_of_the_last_visit_is_shown_if_it_is_there(kept, first):
    service = SimpleNamespace(indexes=lambda: ("乙", "甲"), first_index=lambda: "甲")
    with gr.Blocks() as page:
        picker.entering(service, page, gr.State("甲"))
    (entered,) = page.fns.values()
    assert entered.fn(kept) == first
