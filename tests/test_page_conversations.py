"""Conversations: kept, found again, deleted, exported; an id is never a path."""

import io
import json
import threading
import time
from dataclasses import replace

import docx
import pytest

from rag.page import export
from rag.page.conversation import Conversation, Exchange, State, begin
from rag.page.folder import Folder
from rag.page.line import Line, Stopped
from rag.page.live import Busy, Live, Wish
from rag.page.records import from_record, to_record
from rag.page.state import Settings
from rag.page.words import Words
from rag.schema import Filters, Trace
from tests.answers import HOSTILE, answer, citation, refusal

ZH = Words("zh")
WISH = Wish("云海三季度收入？", "i", Filters(), Settings(), ZH)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_DATA", str(tmp_path / "data"))
    return Folder("ada")


def conversation(*answers) -> Conversation:
    exchanges = tuple(
        Exchange(f"e{n}", "i", a.question, State.DONE, a) for n, a in enumerate(answers)
    )
    return replace(begin(), exchanges=exchanges)


def until(done, seconds=60.0):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "too slow"
        time.sleep(0.01)


def test_an_answer_comes_back_whole_but_for_its_trace():
    for said in (answer(trace=Trace(draft="d")), refusal()):
        kept = from_record(json.loads(json.dumps(to_record(said))))
        assert kept == replace(said, trace=Trace())


def test_conversations_are_listed_last_changed_first(folder):
    one, two = conversation(answer()), conversation(refusal())
    folder.save(one)
    folder.save(two)
    assert {c.id for c in folder.conversations()} == {one.id, two.id}
    assert folder.load(one.id) == one
    folder.delete(one.id)
    assert folder.load(one.id) is None and [c.id for c in folder.conversations()] == [two.id]


def test_another_person_sees_none_of_them(folder):
    kept = conversation(answer())
    folder.save(kept)
    assert Folder("eve").conversations() == [] and Folder("eve").load(kept.id) is None
    assert Folder("../ada").load(kept.id) is None


@pytest.mark.parametrize("name", ["", "../x", "a" * 24 + "/..", "A" * 24, "0" * 23, HOSTILE])
def test_an_id_from_a_browser_is_never_a_path(folder, name, tmp_path):
    outside = tmp_path / "data" / "conversations" / "x.json"
    outside.parent.mkdir(parents=True)
    outside.write_text("{}")
    assert folder.load(name) is None
    folder.delete(name)
    assert outside.exists()
    with pytest.raises(ValueError, match="no id"):
        folder.save(Conversation(name, ""))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": 9, "id": "x"}'])
def test_a_damaged_file_is_passed_over(folder, content, tmp_path):
    good = conversation(answer())
    folder.save(good)
    (path,) = tmp_path.rglob(f"{good.id}.json")
    path.with_name("0" * 24 + ".json").write_text(content)
    assert [c.id for c in folder.conversations()] == [good.id]


def test_a_copy_has_numbered_references():
    assert export.plain(ZH, answer()) == (
        "收入299.93亿元，同比增长17%。 [1]\n\n"
        "[1] 东湖证券, 《云海科技点评》, 2024-11-20, 一、业绩, 第 2 页, 云海.txt"
        " “公司收入299.93亿元，同比增长17%。”"
    )


def test_markdown_holds_questions_answers_and_references_as_text():
    hostile = answer(
        question="# 标题\n<script>", text="<b>收入</b> [1]", citations=(citation(title="*甲*"),)
    )
    shown = export.markdown(ZH, conversation(hostile, refusal()))
    assert "> # 标题\n> &lt;script>" in shown and "\\<b\\>" in shown
    assert "[1] \\*甲\\*" in shown and "报告中未找到" in shown


def test_a_word_document_holds_the_same():
    said = answer(question=HOSTILE + "\x00", text="收入\x01299.93亿元。 [1]")
    document = docx.Document(io.BytesIO(export.docx(ZH, conversation(said))))
    lines = [p.text for p in document.paragraphs]
    assert "收入299.93亿元。 [1]" in lines and any("《云海科技点评》" in line for line in lines)


def asking(started: threading.Event, release: threading.Event, line: Line):
    """Return an `ask` that waits for `release` inside its turn."""

    def ask(index, question, *, on_event, stop, ticket, **_):
        with line.turn(ticket, stop):
            on_event("generate", "1")
            on_event("token", "草")
            started.set()
            release.wait(5)
            if stop.is_set():
                raise Stopped
            return answer(question=question)

    return ask


def test_an_answer_is_kept_though_nobody_watches(folder):
    started, release, line = threading.Event(), threading.Event(), Line()
    live = Live(asking(started, release, line), line)
    asked = live.start(folder, begin(), WISH)
    started.wait(5)
    assert folder.load(asked.id).running and live.of(asked.id).draft == "草"
    release.set()
    until(lambda: live.of(asked.id) is None)
    (exchange,) = folder.load(asked.id).exchanges
    assert exchange.state is State.DONE and exchange.answer.text == answer().text


def test_people_wait_in_line_and_may_leave_it(folder):
    started, release, line = threading.Event(), threading.Event(), Line()
    live = Live(asking(started, release, line), line)
    first, second, third = (live.start(folder, begin(), WISH) for _ in range(3))
    started.wait(5)
    assert [live.place(live.of(c.id)) for c in (first, second, third)] == [0, 1, 2]
    live.stop(second.id)
    until(lambda: live.of(second.id) is None)
    assert live.place(live.of(third.id)) == 1
    assert folder.load(second.id).exchanges[0].state is State.STOPPED
    release.set()
    until(lambda: live.of(third.id) is None)
    assert folder.load(third.id).exchanges[0].state is State.DONE


def test_one_question_at_a_time_in_a_conversation(folder):
    started, release, line = threading.Event(), threading.Event(), Line()
    live = Live(asking(started, release, line), line)
    asked = live.start(folder, begin(), WISH)
    with pytest.raises(Busy, match="still being answered"):
        live.start(folder, asked, WISH)
    release.set()
    until(lambda: live.of(asked.id) is None)


def test_a_deleted_conversation_stays_deleted(folder):
    started, release, line = threading.Event(), threading.Event(), Line()
    live = Live(asking(started, release, line), line)
    asked = live.start(folder, begin(), WISH)
    started.wait(5)
    folder.delete(asked.id)
    release.set()
    until(lambda: live.of(asked.id) is None)
    assert folder.load(asked.id) is None


def test_an_unforeseen_error_is_told_without_its_inside(folder):
    def ask(*_, **__):
        raise RuntimeError("secret")

    live = Live(ask, Line())
    asked = live.start(folder, begin(), WISH)
    until(lambda: live.of(asked.id) is None)
    (exchange,) = folder.load(asked.id).exchanges
    assert exchange.state is State.FAILED
    assert "RuntimeError" in exchange.error and "secret" not in exchange.error
