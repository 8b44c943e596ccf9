"""``rag eval run``: asks the questions of case sets and prints the scores."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from rag.cli.evaluation.options import CORPUS
from rag.language import say

if TYPE_CHECKING:
    from eval.measure import Record
    from eval.plan import Plan

_STAGES = ("retrieval", "answer")
_ETA_SECONDS = 600.0
"""The time left is judged by the last ten minutes: a question takes ten seconds on a laptop."""


@click.command("run")
@click.argument("sets", nargs=-1, required=True, metavar="SET...")
@click.option(
    "--stage",
    type=click.Choice(_STAGES),
    default="answer",
    show_default=True,
    help="retrieval searches only; answer also asks the model.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many cases.")
@click.option(
    "--ids",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Only the cases whose ids are in this file, one a line.",
)
@click.option("--index", help="Index to ask; by default one is built from the set's documents.")
@click.option("--profile", type=click.Choice(["default", "light"]), default="default")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Cases asked at once; each worker loads models of its own.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Run folder.")
@CORPUS
def run(
    sets: tuple[str, ...],
    stage: str,
    limit: int | None,
    ids: Path | None,
    index: str | None,
    profile: str,
    workers: int,
    out: Path | None,
    corpus: Path | None,
) -> None:
    """Run case sets and print their scores, each with n and its 95 % interval.

    SET is a folder, a name under eval/sets, or a .jsonl file with --corpus or --index. Giving the
    --out of an interrupted run takes it up again; cases that ended in an error are asked again.

    Example: rag eval run core --stage retrieval
    """
    from eval.cases import find_set
    from eval.measure import Stage
    from eval.opening import index_for
    from eval.plan import Plan, read_ids
    from eval.runner import new_folder

    for name in sets:
        cases = find_set(name, corpus)
        chosen = read_ids(ids) if ids else ()
        wanted = index or index_for(cases, profile)
        plan = Plan(cases, Stage(stage), wanted, profile, limit, chosen)
        folder = out / cases.name if out and len(sets) > 1 else out or new_folder(cases)
        options = {"--stage": stage, "--limit": limit, "--ids": ids, "--index": index}
        options |= {"--profile": profile, "--workers": workers, "--corpus": corpus, "--out": folder}
        _run_one(plan, folder, workers, build=not index, again=_command(name, options))


def _run_one(plan: Plan, folder: Path, workers: int, *, build: bool, again: str) -> None:
    from eval.opening import opener_of
    from eval.runner import run as run_plan
    from eval.system import texts_of

    console = Console(stderr=True)
    console.print(say(f"Run folder: {folder}", f"运行结果：{folder}"), highlight=False)
    try:
        if build:
            _build(plan, console)
        texts = texts_of(plan.cases.corpus)
        with _Meter(plan, folder, console) as meter:
            records = run_plan(plan, opener_of(plan), folder, texts, meter.add, workers=workers)
    except KeyboardInterrupt:
        click.echo(say(f"To go on: {again}", f"继续运行：{again}"), err=True)
        raise
    _print_summary(plan.cases.name, records)


def _build(plan: Plan, console: Console) -> None:
    """Bring the index of `plan` up to date with the documents of its set."""
    from eval.system import build

    if plan.index is None or plan.cases.corpus is None:
        return
    with _progress(console) as progress:
        what = say(f"index {plan.index}", f"索引 {plan.index}")
        task = progress.add_task(what, total=None, score="")

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        build(plan.index, plan.cases.corpus, plan.profile, show)
        progress.update(task, completed=progress.tasks[task].total or 0)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[score]}"),
        console=console,
        speed_estimate_period=_ETA_SECONDS,
    )


def _command(name: str, options: Mapping[str, object]) -> str:
    """Return the line to type to take a run up again: what was typed, with its folder."""
    words = ["rag", "eval", "run", name]
    for option, value in options.items():
        if value is not None:
            words += [option, str(value)]
    return shlex.join(words)


class _Meter:
    """The progress line: count, time left, and the mean of the leading metric so far."""

    def __init__(self, plan: Plan, folder: Path, console: Console) -> None:
        from eval.runner import read_done

        self._before = read_done(folder).keys() & {case.id for case in plan.chosen}
        self._metric = "correct" if plan.stage == "answer" else "recall@5"
        self._scores: list[float] = []
        self._progress = _progress(console)
        # Cases done before are no measure of speed: they are there from the start.
        done, total = len(self._before), len(plan.chosen)
        self._task = self._progress.add_task(plan.cases.name, completed=done, total=total, score="")

    def add(self, record: Record) -> None:
        """Take a record in."""
        score = record["scores"].get(self._metric)
        if score is not None:
            self._scores.append(score)
        if self._scores:
            mean = sum(self._scores) / len(self._scores)
            shown = f"{self._metric} {mean:.3f} (n={len(self._scores)})"
            self._progress.update(self._task, score=shown)
        if record["id"] not in self._before:
            self._progress.advance(self._task)

    def __enter__(self) -> _Meter:
        """Show the line."""
        self._progress.start()
        return self

    def __exit__(self, *raised: object) -> None:
        """Leave the line as it is."""
        self._progress.stop()


def _print_summary(name: str, records: list[Record]) -> None:
    from eval.summary import seconds, summarise

    table = Table(title=f"{name} · n={len(records)}")
    for title in ("metric", "group", "mean", "95 %", "n"):
        table.add_column(title, justify="left" if title in ("metric", "group") else "right")
    for row in summarise(records):
        found = row.estimate
        interval = f"{found.low:.3f}-{found.high:.3f}"
        table.add_row(row.metric, row.group, f"{found.mean:.3f}", interval, str(found.n))
    spent = seconds(records)
    if spent:
        table.add_row("seconds", "all", f"{spent.mean:.2f}", "", str(spent.n))
    Console().print(table)
    failed = [record["id"] for record in records if record["error"]]
    if failed:
        click.echo(say(f"errors: {', '.join(failed)}", f"出错：{'、'.join(failed)}"), err=True)
