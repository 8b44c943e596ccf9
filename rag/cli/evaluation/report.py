"""``rag eval report``: a run, or two side by side, as one HTML page."""

from __future__ import annotations

from pathlib import Path

import click

from rag.errors import RagError
from rag.language import say

_PACKAGES = ("jinja2", "markupsafe", "matplotlib")


@click.command("report")
@click.argument("run", metavar="RUN")
@click.argument("other", required=False, metavar="[OTHER]")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page to write; by default report.html in the folder of the last run named.",
)
def report(run: str, other: str | None, out: Path | None) -> None:
    """Write a run as one HTML page: means, charts, every failure and where it was lost.

    With OTHER the two are set side by side, RUN before and OTHER after, cases that changed first.
    RUN and OTHER are run folders or names under eval/runs. The page needs no other file.

    Example: rag eval report eval/runs/20260801T090000-core
    """
    from eval.runner import find_run

    folder = find_run(run)
    try:
        page, path = _single(folder) if other is None else _paired(folder, find_run(other))
    except ModuleNotFoundError as error:
        if error.name not in _PACKAGES:
            raise
        raise RagError(
            f"rag eval report needs {error.name}; type: pip install -e '.[dev]'",
            f"rag eval report 需要 {error.name}；请输入：pip install -e '.[dev]'",
        ) from error
    target = out or path
    _write(target, page)
    click.echo(say(f"Report: {target}", f"报告：{target}"))


def _single(folder: Path) -> tuple[str, Path]:
    """Return the report of a run and where it goes by default."""
    from eval.report import read_run, run_page

    return run_page(read_run(folder)), folder / "report.html"


def _paired(before: Path, after: Path) -> tuple[str, Path]:
    """Return two runs side by side and where the page goes by default."""
    from eval.compare import compare
    from eval.outcomes import of_run
    from eval.report import pair_page, read_run

    comparison = compare(of_run(before), of_run(after))
    page = pair_page(read_run(before), read_run(after), comparison)
    return page, after / f"report-against-{before.resolve().name}.html"


def _write(path: Path, page: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise RagError(
            f"cannot write {path}: {error.strerror}; give another --out",
            f"无法写入 {path}：{error.strerror}；请换一个 --out",
        ) from error
