"""``rag add``: files, folders and web addresses into an index, once or for as long as it runs."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import click
from rich.table import Table

from rag.cli import web
from rag.cli.bars import Bars
from rag.cli.frame import console, index_option
from rag.embed import Embedder
from rag.errors import IndexError_, RagError
from rag.index import (
    MANIFEST,
    Changes,
    Index,
    IngestReport,
    IngestRow,
    Limits,
    State,
    Watcher,
    folder_of,
)
from rag.language import say
from rag.load.files import printable
from rag.present import clean

INTERVAL = 1.0
"""Seconds between two looks at watched folders."""
BUSY = 0.1
"""Share of the time that looking may take: a look at very many files is followed by a longer rest."""
_BAD = (State.FAILED, State.SKIPPED)
_QUIET = (*_BAD, State.UNCHANGED)
_LABELS = {
    "documents": ("documents", "文档"),
    "pages": ("pages", "页"),
    "sections": ("sections", "章节"),
    "tables": ("tables", "表格"),
    "chunks": ("chunks", "文本块"),
    "pages_by_ocr": ("pages by OCR", "OCR 页"),
    "pages_without_text": ("pages without text", "无文字页"),
}


@dataclass(frozen=True, slots=True)
class _Job:
    """What the user asked for."""

    paths: tuple[Path, ...]
    folder: Path
    jobs: int
    limits: Limits
    as_json: bool


def default_jobs() -> int:
    """Return the number of processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


@click.command(epilog="Example: rag add eval/reports --index demo")
@click.argument("arguments", nargs=-1, metavar="PATH...", type=click.Path())
@index_option
@click.option(
    "--profile", default="default", show_default=True, type=click.Choice(["default", "light"])
)
@click.option(
    "--embedder", help="Embedding model of a new index: catalogue name, folder or hub id."
)
@click.option("--rebuild", is_flag=True, help="Build all of the index anew; PATH may be left out.")
@click.option(
    "--remove-missing", is_flag=True, help="Forget files that are gone from the folders given."
)
@click.option(
    "--watch", "watching", is_flag=True, help="Keep in step with the folders until Ctrl-C."
)
@click.option(
    "--jobs",
    type=click.IntRange(min=0),
    envvar="RAG_JOBS",
    metavar="N",
    help="Processes that read files (default: one a processor); 0: none, and no limits.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=Limits().seconds,
    show_default=True,
    metavar="SECONDS",
    help="How long reading a file may take.",
)
@click.option(
    "--memory-limit",
    type=click.IntRange(min=256),
    default=Limits().megabytes,
    show_default=True,
    metavar="MB",
    help="How much memory reading a file may take.",
)
@click.option(
    "--allow-urls",
    is_flag=True,
    envvar="RAG_ALLOW_URLS",
    help="Let PATH be a web address too: http(s), public addresses only.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one array; with --watch, lines.")
def add(
    arguments: tuple[str, ...],
    index: str,
    profile: str,
    embedder: str | None,
    rebuild: bool,
    remove_missing: bool,
    watching: bool,
    jobs: int | None,
    time_limit: float,
    memory_limit: int,
    allow_urls: bool,
    as_json: bool,
) -> int:
    """Index each PATH, a file or a whole folder.

    Unchanged files cost nothing. A file that cannot be read, or that takes more time or memory than
    it may, gets one line and the rest goes on; the exit code is 1 when a file that was named itself
    failed, or when nothing could be indexed.
    """  # fmt: skip
    paths, urls = web.split(arguments, allowed=allow_urls, watching=watching)
    if not paths and not urls and (watching or not rebuild):
        raise click.UsageError(
            say(
                "give a file or a folder, e.g. rag add reports/",
                "请给出文件或文件夹，例如 rag add reports/",
            )
        )
    jobs = default_jobs() if jobs is None else jobs
    files, unfetched = web.fetched(urls, folder_of(index))
    paths += files
    watcher = Watcher(paths)
    if watching:  # before anything is read, so that what changes meanwhile is noticed
        watcher.begin()
    report = IngestReport(())
    job = _Job(paths, folder_of(index), jobs, Limits(time_limit, memory_limit), as_json)
    if rebuild:
        model = _embedder(job.folder, profile, embedder)
        with Bars() as bars:
            report = Index.rebuild(
                job.folder, model, paths, on_progress=bars.advance, jobs=jobs, limits=job.limits
            )
    elif paths:
        with closing(_open_for_adding(job.folder, profile, embedder)) as opened:
            model = opened.embedder
            report = _add(opened, job, paths, remove_missing=remove_missing or watching)
    if watching:
        _print_lines(report, job)
        _watch(watcher, job, model)
    report = IngestReport((*report.rows, *unfetched))
    _warn(report)
    _print_report(report, as_json)
    return 1 if unfetched else _exit_code(report, paths)


def _add(
    opened: Index, job: _Job, paths: Iterable[Path], *, remove_missing: bool = False
) -> IngestReport:
    with Bars() as bars:
        return opened.add(
            paths,
            on_progress=bars.advance,
            remove_missing=remove_missing,
            jobs=job.jobs,
            limits=job.limits,
        )


def _watch(watcher: Watcher, job: _Job, model: Embedder) -> NoReturn:
    """Keep the index in step with the paths until interrupted; no error ends it."""
    shown = ", ".join(printable(str(path)) for path in job.paths)
    click.echo(
        say(f"watching {shown}; stop with Ctrl-C", f"正在监视 {shown}；按 Ctrl-C 停止"), err=True
    )
    while True:
        began = time.monotonic()
        changes = watcher.changes()
        rest = max(INTERVAL, (time.monotonic() - began) / BUSY)
        if changes:
            try:
                _print_lines(_take_in(changes, job, model), job)
            except (RagError, OSError) as error:  # the index is locked, the disk is full: later
                click.echo(say("error: ", "错误：") + clean(str(error)), err=True)
                watcher.forget(changes)
        time.sleep(rest)


def _take_in(changes: Changes, job: _Job, model: Embedder) -> IngestReport:
    """Bring what has changed into the index, opened anew because it may have been rebuilt."""
    with closing(Index.open(job.folder, model)) as opened:
        rows = _add(opened, job, changes.changed).rows if changes.changed else ()
        if changes.gone:
            rows += opened.forget_missing(job.paths).rows
    return IngestReport(rows)


def _open_for_adding(folder: Path, profile: str, embedder: str | None) -> Index:
    if (folder / MANIFEST).exists() and embedder is None and not _asked("profile"):
        opened = Index.open(folder)
        _fetch(opened.manifest.embedder)
        return opened
    return Index.create(folder, _embedder(folder, profile, embedder))


def _embedder(folder: Path, profile: str, name: str | None) -> Embedder:
    """Return the embedder asked for; else the one the index was built with; else the profile's."""
    from rag.embed import SentenceTransformerEmbedder
    from rag.models import PROFILES

    if name is None and not _asked("profile"):
        with suppress(IndexError_):
            name = Index.open(folder).manifest.embedder
    name = name or PROFILES[profile].embedder
    _fetch(name)
    return SentenceTransformerEmbedder(name)


def _asked(option: str) -> bool:
    """Return whether the user typed `option`."""
    source = click.get_current_context().get_parameter_source(option)
    return source is click.core.ParameterSource.COMMANDLINE


def _fetch(name: str) -> None:
    from rag import models
    from rag.cli.models import PullBar

    with PullBar() as bar:
        models.resolve(name, progress=bar)


def _warn(report: IngestReport) -> None:
    for row in report.rows:
        if row.state in _BAD:
            click.echo(
                f"{say(str(row.state), '跳过' if row.state is State.SKIPPED else '失败')}: {clean(_line(row))}",
                err=True,
            )
        if row.near is not None:
            share = f"{row.likeness:.0%}"
            text = say(
                f"{row.path}: {share} the same as {row.near}; both are indexed",
                f"{row.path}：与 {row.near} 有 {share} 相同；两者均已入库",
            )
            click.echo(say("near-duplicate: ", "近似重复：") + clean(text), err=True)
        for warning in row.warnings:
            click.echo(say("warning: ", "警告：") + clean(warning), err=True)


def _line(row: IngestRow) -> str:
    reason = row.reason or ""
    return reason if Path(row.path).name in reason else f"{row.path}: {reason}"


def _print_lines(report: IngestReport, job: _Job) -> None:
    """Print a line for each file that something happened to, at once."""
    _warn(report)
    for row in report.rows:
        if job.as_json and row.state is not State.UNCHANGED:
            click.echo(json.dumps(dataclasses.asdict(row), ensure_ascii=False))
        elif row.state not in _QUIET:
            click.echo(f"{row.state} {clean(row.path)}")


def _print_report(report: IngestReport, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(row) for row in report.rows], ensure_ascii=False))
        return
    rows = [r for r in report.rows if r.state not in _QUIET]
    if rows:
        table = Table("state", "file", "pages", "sections", "tables", "chunks", box=None)
        for row in rows:
            counts = (row.pages, row.sections, row.tables, row.chunks)
            name = clean(Path(row.path).name)
            table.add_row(row.state, name, *(str(n) if n else "-" for n in counts))
        console().print(table)
    counted = ", ".join(f"{report.count(s)} {s}" for s in State if report.count(s))
    click.echo(counted or say("nothing to index", "没有可索引的文件"))
    if rows:
        _print_totals(report)


def _print_totals(report: IngestReport) -> None:
    table = Table(box=None, show_header=False)
    for name, count in report.totals().items():
        table.add_row(say(*_LABELS[name]), str(count))
    for reason, count in report.reasons().items():
        table.add_row(say("skipped: ", "跳过：") + clean(reason), str(count))
    if again := sum(bool(row.reason) for row in report.rows if row.state is State.REPLACED):
        table.add_row(say("read again by a newer loader", "由新版加载器重新读取"), str(again))
    if near := sum(row.near is not None for row in report.rows):
        table.add_row(say("near-duplicates", "近似重复"), str(near))
    console().print(table)


def _exit_code(report: IngestReport, paths: Iterable[Path]) -> int:
    named = {printable(str(path)) for path in paths if not path.is_dir()}
    failed = {row.path for row in report.rows if row.state in _BAD}
    good = any(row.state not in _BAD for row in report.rows)
    return 0 if good and not named & failed else 1
