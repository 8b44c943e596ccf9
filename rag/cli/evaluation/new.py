"""``rag eval new``: makes a case set to complete from a folder of reports."""

from __future__ import annotations

from pathlib import Path

import click

from rag.language import say


@click.command("new")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--name", required=True, help="Name of the set.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to make it; by default a folder of that name here.",
)
def new(folder: Path, name: str, out: Path | None) -> None:
    """Draft a case set from the reports in FOLDER, which stay where they are.

    Each draft is a figure of a report with its quote and a proposed question; what is to be
    completed, rag eval lint says.

    Example: rag eval new my_reports --name my
    """
    from eval.scaffold import scaffold
    from rag.load import load

    made = scaffold(folder, name, out or Path(name), load)
    for source, reason in made.unread.items():
        click.echo(say(f"not read: {source}: {reason}", f"未读取：{source}：{reason}"), err=True)
    click.echo(
        say(
            f"{made.folder}: {made.drafts} drafts from {made.documents} documents; "
            f"read {made.folder / 'README.md'}, complete cases.jsonl, then: rag eval lint {made.folder}",
            f"{made.folder}：{made.documents} 份文档，{made.drafts} 道草稿；"
            f"请阅读 {made.folder / 'README.md'}，补全 cases.jsonl，然后：rag eval lint {made.folder}",
        )
    )
