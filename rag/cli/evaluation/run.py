"""``rag eval run``: asks the questions of case sets and prints the scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from rag.cli.evaluation.options import CORPUS
from rag.language import say

if TYPE_CHECKING:
    from eval.measure import Record
    from eval.runner import Plan

_STAGES = ("retrieval", "answer")


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
@click.option("--index", help="Index to ask; by default one is built from the set's documents.")
@click.option("--profile", type=click.Choice(["default", "light"]), default="default")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Run folder.")
@CORPUS
def run(
    sets: tuple[str, ...],
    stage: str,
    limit: int | None,
    index: str | None,
    profile: str,
    out: Path | None,
    corpus: Path | None,
) -> None:
    """Run case sets and print their scores, each with n and its 95 % interval.

    SET is a folder, a name under eval/sets, or a .jsonl file with --corpus or --index. Giving the
    --out of an interrupted run takes it up again.

    Example: rag eval run core --stage retrieval
    """
    from eval.cases import find_set
    from eval.measure import Stage
    from eval.runner import Plan, new_folder
    from eval.system import index_name

    for name in sets:
        cases = find_set(name, corpus)
        wanted = index or index_name(cases, profile)
        plan = Plan(cases, Stage(stage), wanted, profile, limit)
        folder = out or new_folder(cases)
        _run_one(plan, folder / cases.name if out and len(sets) > 1 else folder, built=not index)


def _run_one(plan: Plan, folder: Path, built: bool) -> None:
    from eval.runner import run as run_plan
    from eval.system import opened, texts_of

    cases = plan.cases
    console = Console(stderr=True)
    console.print(say(f"Run folder: {folder}", f"运行结果：{folder}"), highlight=False)
    with (
        opened(plan.index, cases.corpus if built else None, plan.profile) as system,
        _progress(console) as progress,
    ):
        task = progress.add_task(cases.name, total=len(cases.cases[: plan.limit]))
        texts = texts_of(cases.corpus)
        try:
            records = run_plan(plan, system, folder, texts, lambda _: progress.advance(task))
        except KeyboardInterrupt:
            more = f"rag eval run {cases.name} --stage {plan.stage} --out {folder}"
            console.print(say(f"To go on: {more}", f"继续运行：{more}"), highlight=False)
            raise
    _print_summary(cases.name, records)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    )


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
