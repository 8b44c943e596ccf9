"""``rag list``, ``show``, ``remove``, ``info``, ``check``: looking after an index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing

import click
from rich.table import Table

from rag.cli import tables
from rag.cli.frame import console, index_option
from rag.errors import UsageError
from rag.index import Index, folder_of
from rag.language import say
from rag.present import clean
from rag.schema import Document, Fact, FactName

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_LISTED = {"kind": FactName.KIND, "rating": FactName.RATING, "target_price": FactName.TARGET_PRICE}
"""Column of the list -> the fact it shows, beside those of every document."""


@click.command("list", epilog="Example: rag list --index demo")
@index_option
@_JSON
def list_(index: str, as_json: bool) -> None:
    """List the indexed documents, newest first."""
    opened = Index.open(folder_of(index))
    documents, facts = opened.documents(), opened.facts()
    fields = ("doc_id", "source", "title", "publisher", "published", "pages", "chunks")
    if as_json:
        rows = [
            {f: getattr(d, f) for f in fields} | _facts_json(facts.get(d.doc_id, ()))
            for d in documents
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    shown = ("doc_id", "published", "pages", "chunks", "publisher")
    table = Table(box=None)
    for field in (*shown, *_LISTED, "title", "source"):
        typed = field in ("doc_id", "published")  # never cut or folded: they are typed or compared
        table.add_column(field, no_wrap=typed, overflow="fold", min_width=10 if typed else None)
    for d in documents:
        stated = facts.get(d.doc_id, ())
        row = [str(getattr(d, f) or "-") for f in shown]
        row += [", ".join(_values(stated, name)[:1]) or "-" for name in _LISTED.values()]
        table.add_row(*map(clean, (*row, d.title, d.source)))
    console().print(table)


@click.command(epilog="Example: rag show tencent --sections --index demo")
@click.argument("name", metavar="ID")
@index_option
@click.option("--text", "what", flag_value="text", help="The whole text.")
@click.option("--sections", "what", flag_value="sections", default=True, help="The section tree.")
@click.option("--tables", "what", flag_value="tables", help="The tables.")
@click.option("--chunks", "what", flag_value="chunks", help="The chunks that are searched.")
@click.option("--page", type=click.IntRange(min=1), help="The text of one page.")
@_JSON
def show(name: str, index: str, what: str, page: int | None, as_json: bool) -> None:
    """Show how the document ID (start of an id, or file name) was read.

    Without an option its facts, each with the place that states it, and its sections.
    """
    opened = Index.open(folder_of(index))
    document = opened.document(opened.find(name))
    if as_json:
        click.echo(json.dumps(_document_json(opened, document), ensure_ascii=False))
    elif page is not None:
        click.echo(clean(_page(document, page)))
    elif what == "text":
        click.echo(clean(document.text))
    elif what == "tables":
        click.echo(tables.listing(document))
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
        mark = say("note", "提示") if problem.harmless else mark
        click.echo(f"{mark}: {clean(problem.what)}")
    wrong = any(not (problem.repaired or problem.harmless) for problem in problems)
    if all(problem.harmless for problem in problems):
        click.echo(say("ok: the index is consistent", "正常：索引一致"))
    elif wrong and not repair:
        click.echo(
            say(
                f"mend it: rag check --repair --index {index}",
                f"修复：rag check --repair --index {index}",
            )
        )
    return int(wrong)


def _page(document: Document, number: int) -> str:
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
    for fact in document.facts:
        also = f" ({', '.join(fact.also)})" if fact.also else ""
        spot = "" if fact.start is None else f" [{fact.start}–{fact.end}]"
        click.echo(clean(f"  {fact.name:<14}{fact.value}{also} — {fact.source}{spot}"))
    for section in opened.sections(document.doc_id):
        page = document.page_at(section.start)
        name = section.heading_path[-1] if section.heading_path else "—"
        indent = "  " * max(0, len(section.heading_path) - 1)
        where = f" (p. {page})" if page else ""
        click.echo(clean(f"{indent}{name}{where}  [{section.start}–{section.end}]"))


def _values(facts: Sequence[Fact], name: FactName) -> list[str]:
    return [fact.value for fact in facts if fact.name is name]


def _facts_json(facts: Sequence[Fact]) -> dict[str, object]:
    """Return what a report states of itself, beside what every row of the list has."""
    single = {name: next(iter(_values(facts, fact)), None) for name, fact in _LISTED.items()}
    companies = [fact for fact in facts if fact.name is FactName.COMPANY]
    return single | {
        "rating_change": next(iter(_values(facts, FactName.RATING_CHANGE)), None),
        "industry": next(iter(_values(facts, FactName.INDUSTRY)), None),
        "analysts": _values(facts, FactName.ANALYST),
        "companies": [{"name": c.value, "also": list(c.also)} for c in companies],
    }


def _document_json(opened: Index, document: Document) -> dict[str, object]:
    """Return a document without its text: facts with their places, pages, sections."""
    return {
        "doc_id": document.doc_id,
        "source": document.source,
        "format": document.format,
        "title": document.title,
        "publisher": document.publisher,
        "published": document.published,
        "facts": [
            {
                "name": fact.name.value,
                "value": fact.value,
                "also": list(fact.also),
                "source": fact.source,
                "start": fact.start,
                "end": fact.end,
            }
            for fact in document.facts
        ],
        "pages": [
            {
                "number": p.number,
                "label": p.label,
                "start": p.start,
                "end": p.end,
                "by_ocr": p.by_ocr,
            }
            for p in document.pages
        ],
        "sections": [
            {"path": list(s.heading_path), "start": s.start, "end": s.end}
            for s in opened.sections(document.doc_id)
        ],
        "warnings": list(document.warnings),
    }
