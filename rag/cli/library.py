"""``rag add``, ``list``, ``show``, ``remove``, ``info``, ``check``: looking after an index."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from rag.cli.frame import index_option
from rag.embed import Embedder
from rag.errors import IndexError_
from rag.index import MANIFEST, Index, IngestReport, IngestRow, State, folder_of
from rag.language import say
from rag.load.files import printable
from rag.present import clean
from rag.schema import Document

_BAD = (State.FAILED, State.SKIPPED)
_PIPE_COLUMNS = 1000
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command(epilog="Example: rag add eval/reports --index demo")
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(path_type=Path))
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
@_JSON
def add(
    paths: tuple[Path, ...],
    index: str,
    profile: str,
    embedder: str | None,
    rebuild: bool,
    remove_missing: bool,
    as_json: bool,
) -> int:
    """Index each PATH, a file or a whole folder.

    Unchanged files cost nothing. A file that cannot be read gets one line and the rest goes on; the
    exit code is 1 when a file that was named itself failed, or when nothing could be indexed.
    """
    if not paths and not rebuild:
        raise click.UsageError(
            say(
                "give a file or a folder, e.g. rag add reports/",
                "请给出文件或文件夹，例如 rag add reports/",
            )
        )
    folder = folder_of(index)
    if rebuild:
        model = _embedder(folder, profile, embedder)
        with _Bars() as bars:
            report = Index.rebuild(folder, model, paths, on_progress=bars.advance)
    else:
        with closing(_open_for_adding(folder, profile, embedder)) as opened, _Bars() as bars:
            report = opened.add(paths, on_progress=bars.advance, remove_missing=remove_missing)
    _warn(report)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(row) for row in report.rows], ensure_ascii=False))
    else:
        _print_report(report)
    return _exit_code(report, paths)


@click.command("list", epilog="Example: rag list --index demo")
@index_option
@_JSON
def list_(index: str, as_json: bool) -> None:
    """List the indexed documents, newest first."""
    documents = Index.open(folder_of(index)).documents()
    fields = ("doc_id", "source", "title", "publisher", "published", "pages", "chunks")
    if as_json:
        rows = [{f: getattr(d, f) for f in fields} for d in documents]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    shown = ("doc_id", "published", "pages", "chunks", "publisher", "title", "source")
    table = Table(box=None)
    for field in shown:
        typed = field in ("doc_id", "published")  # never cut or folded: they are typed or compared
        table.add_column(field, no_wrap=typed, overflow="fold", min_width=10 if typed else None)
    for d in documents:
        table.add_row(*(clean(str(getattr(d, f) or "-")) for f in shown))
    _console().print(table)


@click.command(epilog="Example: rag show tencent --sections --index demo")
@click.argument("name", metavar="ID")
@index_option
@click.option("--text", "what", flag_value="text", help="The whole text.")
@click.option("--sections", "what", flag_value="sections", default=True, help="The section tree.")
@click.option("--tables", "what", flag_value="tables", help="The tables.")
@click.option("--chunks", "what", flag_value="chunks", help="The chunks that are searched.")
@click.option("--page", type=click.IntRange(min=1), help="The text of one page.")
def show(name: str, index: str, what: str, page: int | None) -> None:
    """Show how the document ID (start of an id, or file name) was read."""
    opened = Index.open(folder_of(index))
    document = opened.document(opened.find(name))
    if page is not None:
        click.echo(clean(_page(document, page)))
    elif what == "text":
        click.echo(clean(document.text))
    elif what == "tables":
        tables = [b for b in document.blocks if b.kind == "table"]
        click.echo("\n\n".join(clean(document.text[b.start : b.end]) for b in tables))
    elif what == "chunks":
        for chunk in opened.chunks_of(document.doc_id).values():
            path = " › ".join(chunk.heading_path)
            click.echo(
                f"--- {chunk.kind} p. {chunk.page or '-'} {clean(path)}\n{clean(chunk.text)}"
            )
    else:
        _show_sections(opened, document)


@click.command(epilog="Example: rag remove d1-3f2a --index demo")
@click.argument("names", nargs=-1, required=True, metavar="ID...")
@index_option
def remove(names: tuple[str, ...], index: str) -> None:
    """Remove documents (start of an id, or file name) from the index; files stay where they are."""
    opened = Index.open(folder_of(index))
    for doc_id in dict.fromkeys(opened.find(name) for name in names):
        source = opened.document(doc_id).source
        opened.remove(doc_id)
        click.echo(say(f"removed {doc_id} {clean(source)}", f"已移除 {doc_id} {clean(source)}"))


@click.command(epilog="Example: rag info --index demo")
@index_option
@_JSON
def info(index: str, as_json: bool) -> None:
    """Print what the index was built with and holds."""
    facts = Index.open(folder_of(index)).info()
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for name, value in facts.items():
        click.echo(f"{name:<22} {value}")


@click.command(epilog="Example: rag check --repair --index demo")
@index_option
@click.option("--repair", is_flag=True, help="Build again what can be built again.")
def check(index: str, repair: bool) -> int:
    """Look for damage; exit code 1 when something is wrong and was not repaired."""
    with closing(Index.open(folder_of(index))) as opened:
        problems = opened.check(repair=repair)
    for problem in problems:
        mark = say("repaired", "已修复") if problem.repaired else say("WRONG", "有误")
        click.echo(f"{mark}: {clean(problem.what)}")
    if not problems:
        click.echo(say("ok: the index is consistent", "正常：索引一致"))
    elif not repair:
        click.echo(
            say(
                f"mend it: rag check --repair --index {index}",
                f"修复：rag check --repair --index {index}",
            )
        )
    return int(any(not p.repaired for p in problems))


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
        for warning in row.warnings:
            click.echo(say("warning: ", "警告：") + clean(warning), err=True)


def _line(row: IngestRow) -> str:
    reason = row.reason or ""
    return reason if Path(row.path).name in reason else f"{row.path}: {reason}"


def _print_report(report: IngestReport) -> None:
    rows = [r for r in report.rows if r.state not in (*_BAD, State.UNCHANGED)]
    if rows:
        table = Table("state", "file", "pages", "sections", "chunks", box=None)
        for row in rows:
            counts = (str(n) if n else "-" for n in (row.pages, row.sections, row.chunks))
            table.add_row(row.state, clean(Path(row.path).name), *counts)
        _console().print(table)
    counted = ", ".join(f"{report.count(s)} {s}" for s in State if report.count(s))
    click.echo(counted or say("nothing to index", "没有可索引的文件"))


def _exit_code(report: IngestReport, paths: Iterable[Path]) -> int:
    named = {printable(str(path)) for path in paths if not path.is_dir()}
    failed = {row.path for row in report.rows if row.state in _BAD}
    good = any(row.state not in _BAD for row in report.rows)
    return 0 if good and not named & failed else 1


def _page(document: Document, number: int) -> str:
    from rag.errors import UsageError

    found = next((p for p in document.pages if p.number == number), None)
    if found is None:
        pages = len(document.pages)
        raise UsageError(
            f"{document.source} has {pages} pages, not page {number}",
            f"{document.source} 共 {pages} 页，没有第 {number} 页",
        )
    return document.text[found.start : found.end]


def _show_sections(opened: Index, document: Document) -> None:
    click.echo(
        clean(f"{document.title} · {document.publisher or '-'} · {document.published or '-'}")
    )
    for section in opened.sections(document.doc_id):
        page = document.page_at(section.start)
        name = section.heading_path[-1] if section.heading_path else "—"
        indent = "  " * max(0, len(section.heading_path) - 1)
        where = f" (p. {page})" if page else ""
        click.echo(clean(f"{indent}{name}{where}  [{section.start}–{section.end}]"))


def _console() -> Console:
    """Return standard output; a pipe has no width to fold to."""
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    return Console(highlight=False, markup=False, width=width)


class _Bars:
    """Two bars on stderr: files, and the chunks of the file at hand."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
            console=Console(stderr=True, highlight=False), transient=True,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Bars:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def advance(self, stage: str, path: Path, done: int, total: int) -> None:
        """Show `done` of `total` of a stage."""
        label = clean(path.name)[:40] if stage == "file" else say("  embedding", "  向量化")
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(label, total=total)
        self._progress.update(self._tasks[stage], completed=done, total=total, description=label)
