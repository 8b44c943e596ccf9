"""The Evaluation tab: the latest runs, their reports, and starting one; only wiring."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

from rag.errors import RagError
from rag.language import speaking
from rag.page import runs
from rag.page.escape import text
from rag.page.markup import NOTHING, table
from rag.page.progress import Step, bars, notice
from rag.page.runs import Metric, Run, Wish
from rag.page.service import Service
from rag.page.state import Shared
from rag.page.words import Words

_LOOK = 1.0
_OPEN = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-run]');
  if (button) trigger('click', { run: button.dataset.run });
});
"""


_METRICS = {
    "correct": ("correct", "答对"),
    "refused_answerable": ("answerable refused", "有答案却拒答"),
    "refused_unanswerable": ("unanswerable refused", "无答案且拒答"),
    "recall@5": ("evidence in the top 5", "证据在前 5 段"),
    "mrr@10": ("MRR@10", "MRR@10"),
    "total_ms": ("seconds", "秒"),
}
_STAGES = {"retrieval": ("search only", "仅检索"), "answer": ("answers", "回答")}


def build(service: Service, words: Words, shared: Shared) -> None:
    """Lay the tab out inside the open `gr.Tab`."""
    del shared
    tab = _Tab(service, words)
    known = runs.sets()
    with gr.Accordion(words("Start a run", "开始评测"), open=False, elem_id="run-new"):
        with gr.Row():
            title = gr.Dropdown(
                choices=known,
                value=known[0] if known else None,
                label=words("Case set", "题集"),
                min_width=140,
            )
            stage = gr.Dropdown(
                choices=[
                    (words("search only: about a minute", "仅检索：约一分钟"), "retrieval"),
                    (words("answers: ten seconds a question", "回答：每题约十秒"), "answer"),
                ],
                value="retrieval",
                label=words("Stage", "阶段"),
                min_width=200,
            )
            profile = gr.Dropdown(
                choices=["default", "light"],
                value=service.settings.profile,
                label=words("Profile", "配置"),
                min_width=120,
            )
            limit = gr.Number(
                value=16,
                precision=0,
                minimum=0,
                label=words("First questions only; 0: all", "仅前几题；0 为全部"),
                min_width=160,
            )
        with gr.Row():
            start = gr.Button(words("Start", "开始"), variant="primary", elem_id="run-start")
            cancel = gr.Button(words("Cancel", "取消"), visible=False, elem_id="run-cancel")
    news = gr.HTML(elem_id="run-news")
    listed = gr.HTML(js_on_load=_OPEN, elem_id="run-list")
    report = gr.HTML(elem_id="run-report")

    page = gr.context.Context.root_block
    assert page is not None
    quiet: dict[str, Any] = {
        "show_progress": "hidden",
        "concurrency_limit": None,
        "api_visibility": "private",
    }
    going = [news, cancel, listed]
    page.load(tab.listed, None, listed, **quiet)
    page.load(tab.watch, None, going, **quiet)
    start.click(tab.start, [title, stage, profile, limit], going, **quiet)
    cancel.click(tab.cancel, None, None, **quiet)
    listed.click(tab.report, None, report, **quiet).then(
        None, js="() => document.querySelector('#run-report iframe')?.scrollIntoView()"
    )


class _Tab:
    """What the events of the tab do."""

    def __init__(self, service: Service, words: Words) -> None:
        self._runner = service.runner
        self._words = words

    def listed(self) -> str:
        """Return the list of the latest runs."""
        words = self._words
        try:
            found = runs.latest()
        except RagError as error:
            return notice(words.error(error), bad=True)
        if not found:
            return f'<p class="empty">{words("No runs yet.", "还没有评测结果。")}</p>'
        heads = (
            words("Run", "评测"), words("Stage", "阶段"), words("Profile", "配置"),
            words("Questions", "题数"), words("Results (95 % interval)", "结果（95% 区间）"), "",
        )  # fmt: skip
        return table(heads, (self._row(run) for run in found))

    def start(
        self, title: str, stage: str, profile: str, limit: float | None
    ) -> Iterator[list[Any]]:
        """Start a run and show how far it is."""
        try:
            wish = Wish(title, stage, profile, int(limit or 0) or None)
            self._runner.start(wish, self._words.language)
        except (RagError, OSError) as error:
            yield [notice(self._words.error(error), bad=True), gr.skip(), gr.skip()]
            return
        yield from self.watch()

    def watch(self) -> Iterator[list[Any]]:
        """Show a run that is under way until it ends; nothing when there is none."""
        if not self._runner.running or self._runner.wish is None:
            yield [gr.skip()] * 3  # a generator that yields nothing would empty its outputs
            return
        wish = self._runner.wish
        stage = self._words(*_STAGES[wish.stage])
        title = self._words(
            f"Running {wish.title}, {stage}; answers in the chat take longer meanwhile.",
            f"正在评测 {wish.title}（{stage}）；期间问答会变慢。",
        )
        while self._runner.running:
            done, total = self._runner.progress()
            building = self._words("building the index", "正在建立索引")
            step = Step(wish.title, done, total, f"{done}/{total}" if total else building)
            yield [bars(title, [step]), gr.update(visible=True), gr.skip()]
            time.sleep(_LOOK)
        failed = self._runner.outcome()
        said = self._words("The run has ended.", "评测已结束。")
        if self._runner.stopped:
            said = self._words("Cancelled; what was done stays.", "已取消；已完成的部分保留。")
        ended = notice(self._words.error(failed) if failed else said, bad=failed is not None)
        yield [ended, gr.update(visible=False), self.listed()]

    def cancel(self) -> None:
        """Stop the run; what is done of it stays."""
        self._runner.stop()

    def report(self, event: gr.EventData) -> str:
        """Return the report of the run whose button was pressed, walled in."""
        name = str(event._data["run"])
        try:
            with speaking(self._words.language):
                content = runs.report(name)
        except (RagError, OSError) as error:
            return notice(self._words.error(error), bad=True)
        label = text(self._words(f"Report on {name}", f"{name} 的报告"))
        return (
            f'<iframe title="{label}" sandbox="allow-scripts" srcdoc="{_attribute(content)}">'
            "</iframe>"
        )

    def _row(self, run: Run) -> tuple[str, ...]:
        words = self._words
        results = "<br>".join(self._metric(metric) for metric in run.metrics)
        opened = text(words(f"Open the report on {run.name}", f"打开 {run.name} 的报告"))
        button = (
            f'<button type="button" data-run="{text(run.name)}" aria-label="{opened}">'
            f"{words('Report', '报告')}</button>"
        )
        when = run.started[:16].replace("T", " ")
        name = f"<strong>{text(run.title)}</strong><br><span class='file'>{text(when)}</span>"
        questions = f"{run.done}/{run.total}"
        stage = words(*_STAGES.get(run.stage, (run.stage, run.stage)))
        return name, text(stage), text(run.profile), questions, results or NOTHING, button

    def _metric(self, metric: Metric) -> str:
        name = self._words(*_METRICS[metric.name])
        if metric.name == "total_ms":
            return f"{name} <strong>{metric.mean / 1000:.1f}</strong>"
        interval = f"{metric.low:.3f}–{metric.high:.3f}, n={metric.n}"
        return f'{name} <strong>{metric.mean:.3f}</strong> <span class="said">{interval}</span>'


def _attribute(page: str) -> str:
    """Return a whole page as the value of an attribute: its characters stay as they are."""
    return page.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
