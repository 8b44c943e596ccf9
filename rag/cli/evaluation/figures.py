"""``rag eval figures``: plants errors in true sentences and counts what the verifier catches."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from rag.cli.evaluation.options import CORPUS
from rag.language import say

if TYPE_CHECKING:
    from eval.cases import Case, CaseSet
    from eval.injected import FigureTest


@click.command("figures")
@click.argument("sets", nargs=-1, metavar="[SET...]")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for the worklist: every miss and false alarm in full, Markdown.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many cases.")
@click.option("--seed", default=0, show_default=True, help="Of what is planted and where.")
@click.option("--json", "as_json", is_flag=True, help="Print rates and failures as JSON.")
@CORPUS
def figures(
    sets: tuple[str, ...],
    out: Path | None,
    limit: int | None,
    seed: int,
    as_json: bool,
    corpus: Path | None,
) -> None:
    """Plant wrong digits, units, signs, periods and neighbours; count what the verifier catches.

    No language model is asked: true sentences are made from the gold evidence of SET (core by
    default), checked untouched for false alarms and with one error each for misses.

    Example: rag eval figures core --out worklist.md
    """
    from eval.cases import find_set
    from eval.figure_report import worklist
    from eval.injected import run
    from rag.load import load

    told: list[str] = []
    found: list[dict[str, object]] = []
    for name in sets or ("core",):
        cases = find_set(name, corpus)
        test = run(cases, load, seed=seed, limit=limit, watch=_progress(cases.name))
        told.append(worklist(test, f"{cases.name} {cases.version}, seed {seed}"))
        if as_json:
            found.append(_object(cases, test, seed))
        else:
            _print(cases, test)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    if out:
        out.write_text("\n".join(told), encoding="utf-8")
        click.echo(say(f"Worklist: {out}", f"问题清单：{out}"), err=True)


def _progress(name: str) -> Callable[[Sequence[Case]], Iterable[Case]]:
    console = Console(stderr=True)
    return lambda chosen: track(chosen, name, console=console, disable=not console.is_terminal)


def _object(cases: CaseSet, test: FigureTest, seed: int) -> dict[str, object]:
    from eval.figure_report import failures, rates, rows

    return {
        "set": cases.name,
        "version": cases.version,
        "sha256": cases.sha256,
        "seed": seed,
        "skipped": list(test.skipped),
        "rates": [
            {
                "metric": rate.metric,
                "group": rate.group,
                "mean": rate.share.mean,
                "low": rate.share.low,
                "high": rate.share.high,
                "n": rate.share.n,
                "outcomes": rate.outcomes,
            }
            for rate in rates(test)
        ],
        "failures": rows(failures(test)),
    }


def _print(cases: CaseSet, test: FigureTest) -> None:
    from eval.figure_report import rates

    table = Table(title=f"{cases.name} {cases.version}")
    for title in ("metric", "group", "mean", "95 %", "n", "outcomes"):
        table.add_column(title, justify="right" if title in ("mean", "95 %", "n") else "left")
    for rate in rates(test):
        share = rate.share
        interval = f"{share.low:.3f}-{share.high:.3f}"
        outcomes = ", ".join(f"{name} {count}" for name, count in rate.outcomes.items())
        mean, n = f"{share.mean:.3f}", str(share.n)
        table.add_row(rate.metric, rate.group, mean, interval, n, outcomes)
    Console().print(table)
    if test.skipped:
        names = ", ".join(test.skipped)
        click.echo(say(f"Nothing to state for: {names}", f"无法造句的题：{names}"), err=True)
