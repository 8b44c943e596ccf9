"""``rag eval lint``: proves that case sets can be trusted."""

from __future__ import annotations

from pathlib import Path

import click

from rag.cli.evaluation.options import CORPUS
from rag.language import say


@click.command("lint")
@click.argument("sets", nargs=-1, required=True, metavar="SET...")
@click.option(
    "--seal",
    is_flag=True,
    help="Where no fault is found, record the hashes of this version: it may not change any more.",
)
@CORPUS
def lint(sets: tuple[str, ...], seal: bool, corpus: Path | None) -> None:
    """Prove that every quote is in its document and every answer follows from its quotes.

    Of a sealed set also that its version has not changed since. Exit code 0 when no fault was
    found, else 1.

    Example: rag eval lint core
    """
    from eval import seal as seals
    from eval.cases import find_set
    from eval.lint import lint as check
    from rag.load import load

    faults = 0
    for name in sets:
        cases = find_set(name, corpus)
        findings = check(cases, load, sealing=seal)
        for finding in findings:
            click.echo(f"{cases.name} {finding.case}: {say(finding.en, finding.zh)}")
        count, faults = len(cases.cases), faults + len(findings)
        click.echo(
            say(
                f"{cases.name}: {count} cases, {len(findings)} faults",
                f"{cases.name}：{count} 题，{len(findings)} 处问题",
            )
        )
        if seal and not findings:
            written = seals.seal(cases)
            click.echo(
                say(
                    f"{cases.name}: version {cases.version} sealed in {written}",
                    f"{cases.name}：版本 {cases.version} 已封存于 {written}",
                )
            )
    if faults:
        raise click.exceptions.Exit(1)
