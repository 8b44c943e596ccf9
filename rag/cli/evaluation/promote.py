"""``rag eval promote``: makes a run the baseline that later runs are held against."""

from __future__ import annotations

import click

from rag.language import say


@click.command("promote")
@click.argument("run", metavar="RUN")
@click.option(
    "--name", help="Of the baseline; by default SET-STAGE, and the profile if not default."
)
@click.option("--force", is_flag=True, help="Even if uncommitted or incomplete: it is then noted.")
def promote(run: str, name: str | None, force: bool) -> None:
    """Write the scores of RUN as a baseline under eval/baselines, to be committed.

    A run of uncommitted code, an unfinished one and one with errors are refused. A run over a part
    of its set needs a --name.

    Example: rag eval promote 20261121T060500-core
    """
    from eval.outcomes import BASELINES
    from eval.promote import promote as promote_run
    from eval.runner import find_run

    path = promote_run(find_run(run), name, force=force, folder=BASELINES)
    shown = path.relative_to(BASELINES.parents[1])
    click.echo(say(f"baseline written: {shown}; commit it", f"基准已写入：{shown}；请提交"))
