"""``rag models``: list, fetch and locate weights. Draws what `rag.models` reports."""

from __future__ import annotations

import sys
from types import TracebackType

import click
from rich.console import Console
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as RichProgress
from rich.table import Column, Table

from rag import models as weights
from rag.errors import UsageError
from rag.language import say

_PIPE_COLUMNS = 120


class PullBar:
    """A progress bar on stderr for `rag.models.pull` and `resolve`; drawn once bytes move.

    Use it as a context manager around the call.
    """

    def __init__(self) -> None:
        self._rich = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=10),  # 80 columns hold the longest name beside it
            DownloadColumn(table_column=Column(no_wrap=True)),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> PullBar:
        """Return the bar, on which nothing is drawn yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the bar as it stands."""
        if self._tasks:
            self._rich.stop()

    def advance_to(self, name: str, done: int, total: int) -> None:
        """Draw that `done` of `total` bytes of `name` are there."""
        if name not in self._tasks:
            self._rich.start()
            self._tasks[name] = self._rich.add_task(name, total=total)
        self._rich.update(self._tasks[name], completed=done, total=total)

    def note(self, line: str) -> None:
        """Write `line` above the bar."""
        self._rich.console.print(line, markup=False, highlight=False, soft_wrap=True)


@click.group()
def models() -> None:
    """List, fetch and locate the weights that run on this machine.

    Example: rag models list
    """


@models.command("list")
def list_models() -> None:
    """Show every model of the catalogue and whether it is in the cache.

    Example: rag models list
    """
    longest = max(len(model.name) for model in weights.CATALOGUE)
    table = Table(
        Column(say("name", "名称"), no_wrap=True, min_width=longest),  # never cut: it is typed
        Column(say("role", "用途"), no_wrap=True),
        Column(say("size", "大小"), no_wrap=True, justify="right"),
        Column(say("licence", "许可"), overflow="fold"),
        Column(say("state", "状态"), no_wrap=True),
        Column(say("profile", "配置"), no_wrap=True),
        box=None,
        padding=(0, 1, 0, 0),
    )
    for model in weights.CATALOGUE:
        table.add_row(
            model.name,
            _role(model.role),
            decimal(model.size),
            model.licence,
            _state(model),
            ", ".join(name for name, p in weights.PROFILES.items() if model.name in p.names),
        )
    # A pipe has no width to fold to.
    console = Console() if sys.stdout.isatty() else Console(width=_PIPE_COLUMNS)
    console.print(table)
    click.echo(say("cache: ", "缓存：") + str(weights.cache_dir()))


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--profile",
    type=click.Choice(sorted(weights.PROFILES)),
    help="Fetch both models of a profile; default where no NAME is given: default.",
)
def pull(names: tuple[str, ...], profile: str | None) -> None:
    """Fetch models into the cache; one that is there already costs nothing.

    An interrupted fetch goes on where it stopped. NAME may also be a hub id (org/repo,
    org/repo:file.gguf) or the address of a .gguf file.

    Example: rag models pull --profile light
    """
    if profile or not names:
        names = (*names, *weights.PROFILES[profile or "default"].names)
    for name in dict.fromkeys(names):
        with PullBar() as bar:
            model = weights.find(name)
            # One that is fetched now has this noted by the fetch.
            if model and weights.status(model).state == weights.State.PRESENT:
                bar.note(weights.origin(model))
            place = weights.resolve(name, progress=bar)
        click.echo(f"{name}: {place}")


@models.command()
@click.argument("name")
def path(name: str) -> None:
    """Print where a model of the catalogue is, or will be once it is fetched.

    Example: rag models path embeddinggemma-300m
    """
    model = weights.find(name)
    if model is None:
        raise UsageError(
            f"no model called {name} in the catalogue; its names: rag models list",
            f"目录中没有名为 {name} 的模型；可用名称：rag models list",
        )
    click.echo(weights.location(model))
    if weights.status(model).state != weights.State.PRESENT:
        click.echo(
            say(
                f"not there yet; fetch it: rag models pull {name}",
                f"尚未下载；请运行：rag models pull {name}",
            ),
            err=True,
        )


def _role(role: str) -> str:
    return say(role, {"embedding": "向量", "generation": "生成"}[role])


def _state(model: weights.Model) -> str:
    found = weights.status(model)
    if found.state == weights.State.PRESENT:
        return say("present", "已下载")
    if found.state == weights.State.MISSING:
        return say("missing", "未下载")
    return say(f"partial, {decimal(found.bytes)}", f"部分，{decimal(found.bytes)}")
