"""``rag eval compare``: what got better and worse between two runs, and whether it may."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from rag.errors import UsageError
from rag.language import say

if TYPE_CHECKING:
    from eval.compare import Comparison, Row
    from eval.outcomes import Outcomes

_STYLE = {"FAIL": "bold red", "better": "green", "OK": "", "info": "dim"}
_LISTED = 12
"""Ids and changed fields shown before the rest is only counted; --json has them all."""
_WIDE = 120
"""Columns of the table where stdout is no terminal: nothing is cut in a log."""


@click.command("compare")
@click.argument("runs", nargs=-1, required=True, metavar="A [B]")
@click.option(
    "--baseline",
    is_flag=False,
    flag_value="",
    metavar="[NAME]",
    help="Compare A with a committed baseline: the one of its set, stage and profile, or NAME.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def compare(runs: tuple[str, ...], baseline: str | None, as_json: bool) -> None:
    """Compare run B with run A before it, or run A with a committed baseline.

    A run is a folder, or the name of one under eval/runs. A metric is OK, better, or FAIL: worse
    by more than its tolerance, or surely worse. Exit code 0 when none failed, 1 when one did, 2
    when the runs did not measure the same cases.

    Example: rag eval compare 20261121T060500-core --baseline
    """
    from eval.compare import compare as compare_outcomes

    comparison = compare_outcomes(*_sides(runs, baseline))
    if as_json:
        click.echo(json.dumps(_json(comparison), ensure_ascii=False, indent=2))
    else:
        _print(comparison)
    if comparison.failed:
        raise click.exceptions.Exit(1)


def _sides(runs: tuple[str, ...], baseline: str | None) -> tuple[Outcomes, Outcomes]:
    from eval.outcomes import BASELINES, default_name, of_run, read_baseline
    from eval.runner import find_run

    if len(runs) != (2 if baseline is None else 1):
        raise UsageError(
            "expected two runs, or one run and --baseline; type: rag eval compare A B",
            "应为两次运行，或一次运行加 --baseline；请输入：rag eval compare A B",
        )
    found = [of_run(find_run(name)) for name in runs]
    if baseline is None:
        return found[0], found[1]
    return read_baseline(baseline or default_name(found[0].header), BASELINES), found[0]


def _json(comparison: Comparison) -> dict[str, Any]:
    return {
        "before": comparison.before,
        "after": comparison.after,
        "cases": comparison.cases,
        "failed": list(comparison.failed),
        "metrics": [_json_row(row) for row in comparison.rows],
        "changes": [dataclasses.asdict(change) for change in comparison.changes],
    }


def _json_row(row: Row) -> dict[str, Any]:
    told = dataclasses.asdict(row)
    del told["difference"]
    names = ("delta", "low", "high", "p")
    return told | dict(zip(names, row.difference or [None] * len(names), strict=True))


def _print(comparison: Comparison) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.width, _WIDE)
    console.print(_table(comparison))
    for row in comparison.rows:
        if row.verdict == "FAIL" or row.metric == _leading(comparison):
            _print_flips(console, row)
    changes = comparison.changes
    if changes:
        console.print(say("What differs between the runs:", "两次运行的差别："))
    for change in changes[:_LISTED]:
        console.print(f"  {change.field}: {change.before} → {change.after}", markup=False)
    if len(changes) > _LISTED:
        console.print(f"  … +{len(changes) - _LISTED}")
    failed = ", ".join(comparison.failed)
    console.print(say(f"FAIL: {failed}", f"FAIL：{failed}") if failed else "OK")


def _table(comparison: Comparison) -> Table:
    title = f"{comparison.before} → {comparison.after} · n={comparison.cases}"
    table = Table(title=title, title_justify="left")
    headings = (
        say("metric", "指标"),
        say("before", "之前"),
        say("after", "之后"),
        say("difference", "差"),
        "95 %",
        "p",
        "n",
        say("worse", "变差"),
        say("better", "变好"),
        "",
    )
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if 0 < place < len(headings) - 1 else "left")
    for row in comparison.rows:
        table.add_row(*_cells(row), style=_STYLE[row.verdict.value])
    return table


def _cells(row: Row) -> tuple[str, ...]:
    difference = row.difference
    told = ("", "", "")
    if difference is not None:
        interval = f"{difference.low:+.3f} {difference.high:+.3f}"
        chance = "<0.001" if difference.p < 0.001 else f"{difference.p:.3f}"
        told = (f"{difference.delta:+.3f}", interval, chance)
    means = ("" if value is None else f"{value:.3f}" for value in (row.before, row.after))
    counts = (str(row.n), str(len(row.lost) or ""), str(len(row.won) or ""))
    return (row.metric, *means, *told, *counts, row.verdict.value)


def _leading(comparison: Comparison) -> str:
    return comparison.rows[0].metric if comparison.rows else ""


def _print_flips(console: Console, row: Row) -> None:
    for ids, en, zh in ((row.lost, "worse", "变差"), (row.won, "better", "变好")):
        if ids:
            rest = f" … +{len(ids) - _LISTED}" if len(ids) > _LISTED else ""
            listed = ", ".join(ids[:_LISTED]) + rest
            console.print(f"{row.metric} {say(en, zh)} ({len(ids)}): {listed}", markup=False)
