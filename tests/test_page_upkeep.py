"""Long work goes on by itself, one at a time an index, and ends in one line or a report."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.index import IngestReport, IngestRow, State
from rag.page import listing, upkeep, weights
from rag.page.intake import Intake
from rag.page.progress import Step, bars, notice
from rag.page.service import Service
from rag.page.shelf import Entry
from rag.page.upkeep import Upkeep
from rag.page.uploads import Upload
from rag.page.words import Words
from tests.conftest import HashEmbedder

EN, ZH = Words("en"), Words("zh")
NOTE = "2024年三季度云海科技收入299.93亿元，同比增长17%。"
EVIL = '<script>alert("1")</script>'


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, embedder: HashEmbedder) -> Service:
    """Return a service whose models are the tests' own."""
    monkeypatch.setattr(weights, "fetch", lambda names, tell: None)
    monkeypatch.setattr(Service, "embedder", lambda self, name: embedder)
    return Service()


def last(shown: Iterator[str]) -> str:
    return list(shown)[-1]


def upload(tmp_path: Path, name: str, text: str = NOTE) -> Upload:
    path = tmp_path / f"arrived-{len(list(tmp_path.iterdir()))}"
    path.write_text(text, encoding="utf-8")
    return Upload(path, name)


def test_an_upload_ends_in_its_report_in_the_visitors_language(
    service: Service, tmp_path: Path
) -> None:
    files = [upload(tmp_path, "a.txt"), upload(tmp_path, "b.pdf", "no pdf")]
    files += [upload(tmp_path, "c.exe"), upload(tmp_path, "<d>.txt")]
    html = last(Upkeep(service, ZH).upload("mine", "light", files))
    for part in ("入库 1 份文档", "已入库", "没有 PDF 文件头", "不接受此类型", "重复"):
        assert part in html
    assert not list(tmp_path.glob("arrived-*"))


def test_what_a_visitor_can_fix_is_said_in_one_line(service: Service) -> None:
    html = last(Upkeep(service, EN).make("../x", "light"))
    assert 'class="notice bad"' in html
    assert "cannot name an index" in html


def test_an_unforeseen_error_keeps_its_inside_to_itself(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(names: object, tell: object) -> None:
        raise ZeroDivisionError("/secret/path")

    monkeypatch.setattr(weights, "fetch", fail)
    html = last(Upkeep(service, EN).fetch("light", None))
    assert "secret" not in html
    assert "secret" in caplog.text


def test_a_job_goes_on_unseen_and_is_shown_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = threading.Event()

    def wait(names: object, tell: weights.Tell) -> None:
        tell("fetch", "model", 1, 4)
        assert going.wait(10)

    monkeypatch.setattr(weights, "fetch", wait)
    shown = Upkeep(service, EN).make("new", "light")
    assert "model" in next(shown)
    shown.close()  # the visitor leaves
    again = Upkeep(service, ZH).resume("new")
    assert '<progress value="1" max="4"' in next(again)
    going.set()
    assert "ready" in last(again)
    assert service.indexes() == ("new",)
    assert list(Upkeep(service, ZH).resume("new")) == []


def test_a_job_is_stopped_and_what_was_done_stays(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upkeeper = Upkeep(service, EN)
    last(upkeeper.upload("mine", "light", [upload(tmp_path, "a.txt")]))
    going = threading.Event()

    def wait(names: object, tell: weights.Tell) -> None:
        while not going.wait(0.01):
            tell("fetch", "model", 1, 4)

    monkeypatch.setattr(weights, "fetch", wait)
    shown = upkeeper.upload("mine", "light", [upload(tmp_path, "b.txt", NOTE + "乙")])
    next(shown)
    upkeeper.stop("mine")
    assert "Stopped" in last(shown)
    going.set()
    assert len(service.index("mine").documents()) == 1
    assert not list(tmp_path.glob("arrived-*"))


def test_files_are_followed_one_by_one() -> None:
    intake = Intake(EN, "t", ["a.pdf", "b.pdf"])
    intake.heard("file", "a.pdf", 1, 2)
    intake.heard("embed", "a.pdf", 3, 9)
    assert intake.steps() == [
        Step("a.pdf", 3, 9, "3/9 chunks"),
        Step("b.pdf", 0, 0, "waiting"),
    ]
    intake.heard("file", "b.pdf", 2, 2)
    assert intake.steps() == [Step("a.pdf", 1, 1, "done"), Step("b.pdf", 0, 0, "reading")]


def test_of_many_files_those_around_the_present_one_are_shown() -> None:
    names = [f"{n}.pdf" for n in range(100)]
    intake = Intake(EN, "t", names)
    intake.heard("file", "50.pdf", 51, 100)
    shown = [step.name for step in intake.steps()]
    assert len(shown) == 30
    assert "50.pdf" in shown
    assert shown == names[35:65]


def test_names_and_facts_are_escaped_wherever_they_are_shown() -> None:
    entry = Entry(EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, (EVIL,), (EVIL,), 1, 1, True)
    row = IngestRow(EVIL, State.ADDED, reason=EVIL, warnings=(EVIL,), near=EVIL, likeness=0.9)
    pages = (
        listing.documents([entry], 1, EN),
        listing.report((), IngestReport((row,)), EN),
        bars(EVIL, [Step(EVIL, 1, 2, EVIL)]),
        notice(EVIL, bad=True),
    )
    for page in pages:
        assert "<script" not in page
        assert "&lt;script" in page
        assert '"1"' not in page.replace('value="1"', "")


def test_an_upkeep_knows_no_gradio() -> None:
    assert "gradio" not in vars(upkeep)
