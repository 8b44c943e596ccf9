"""Documents of an index and reports on uploads -> HTML. All that comes from files is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.index import IngestReport, IngestRow, State
from rag.page.escape import text as escape
from rag.page.markup import NOTHING, table
from rag.page.shelf import Entry
from rag.page.uploads import Refused
from rag.page.words import Words

SHOWN = 200
"""Documents listed at once; more are found by searching."""
_STATES = {
    State.ADDED: ("added", "已入库"),
    State.REPLACED: ("replaced", "已更新"),
    State.UNCHANGED: ("unchanged", "未变化"),
    State.MOVED: ("moved", "已移动"),
    State.DUPLICATE: ("the same as another", "重复"),
    State.REMOVED: ("removed", "已移除"),
    State.SKIPPED: ("skipped", "已跳过"),
    State.FAILED: ("failed", "失败"),
}
_BAD = (State.SKIPPED, State.FAILED)
_WARNINGS = 5
"""Warnings of one file that are shown."""


def documents(entries: Sequence[Entry], total: int, words: Words) -> str:
    """Return the list of documents.

    Args:
        entries: Those that match the search, in order.
        total: How many the index holds.
        words: Of the visitor.
    """
    if not total:
        text = words(
            "No documents yet. Drop reports into the field above.",
            "还没有文档。把研报拖入上方区域即可。",
        )
        return f'<p class="empty">{text}</p>'
    if not entries:
        return f'<p class="empty">{words("No document matches.", "没有匹配的文档。")}</p>'
    heads = (
        words("Report", "报告"), words("Publisher", "机构"), words("Date", "日期"),
        words("Kind", "类型"), words("Rating", "评级"), words("Companies", "公司"),
        words("Pages", "页"), words("Passages", "段"), "",
    )  # fmt: skip
    rows = [_document(entry, words) for entry in entries[:SHOWN]]
    count = words(f"{len(entries)} of {total} documents", f"{len(entries)} / {total} 份文档")
    if len(entries) > SHOWN:
        count += words(
            f"; the first {SHOWN} are listed, search for more", f"；仅列出前 {SHOWN} 份，请搜索"
        )
    return f'<p class="count" role="status">{count}</p>' + table(heads, rows)


def report(refused: Iterable[Refused], done: IngestReport, words: Words) -> str:
    """Return what became of an upload: a line a file, then the sums."""
    lines = [_line(r.original, words("refused", "未接收"), words.error(r.reason)) for r in refused]
    lines += [_row(row, words) for row in done.rows]
    sums = done.totals()
    total = words(
        f"{sums['documents']} documents, {sums['pages']} pages, {sums['tables']} tables,"
        f" {sums['chunks']} passages taken in",
        f"入库 {sums['documents']} 份文档、{sums['pages']} 页、{sums['tables']} 个表格、"
        f"{sums['chunks']} 段",
    )
    if sums["pages_by_ocr"] or sums["pages_without_text"]:
        total += words(
            f"; {sums['pages_by_ocr']} pages by OCR, {sums['pages_without_text']} without text",
            f"；OCR {sums['pages_by_ocr']} 页，无文字 {sums['pages_without_text']} 页",
        )
    return (
        f'<section class="report" role="status"><p><strong>{total}</strong></p>'
        f"<ul>{''.join(lines)}</ul></section>"
    )


def _document(entry: Entry, words: Words) -> tuple[str, ...]:
    name = escape(entry.name)
    first = f"<strong>{escape(entry.title)}</strong>"
    if entry.title != entry.name:
        first += f'<br><span class="file">{name}</span>'
    companies = ", ".join((*entry.companies[:3], *entry.codes[:3])) or NOTHING
    cells = (
        first, escape(entry.publisher or NOTHING), _date(entry.published),
        escape(entry.kind or NOTHING), escape(entry.rating or NOTHING), escape(companies),
        str(entry.pages or NOTHING), str(entry.chunks),
    )  # fmt: skip
    label = escape(words(f"Remove {entry.name}", f"移除 {entry.name}"))
    question = words(f"Remove “{entry.name}” from the index?", f"从索引中移除“{entry.name}”？")
    if entry.uploaded:
        question += words(" Its uploaded file is deleted.", " 上传的文件将被删除。")
    button = (
        f'<button type="button" class="remove" data-remove="{escape(entry.doc_id)}"'
        f' data-question="{escape(question)}" aria-label="{label}">'
        f"{words('Remove', '移除')}</button>"
    )
    return (*cells, button)


def _date(published: str | None) -> str:
    return f'<span class="date">{escape(published)}</span>' if published else NOTHING


def _row(row: IngestRow, words: Words) -> str:
    said = list(row.warnings[:_WARNINGS])
    if row.reason and row.state in (*_BAD, State.DUPLICATE, State.MOVED):
        said.insert(0, row.reason)
    if row.near is not None:
        share = f"{row.likeness:.0%}"
        said.append(words(f"{share} the same as {row.near}", f"与 {row.near} 有 {share} 相同"))
    if row.state in (State.ADDED, State.REPLACED):
        counts = words(
            f"{row.pages} pages, {row.sections} sections, {row.tables} tables, {row.chunks} passages",
            f"{row.pages} 页、{row.sections} 节、{row.tables} 个表格、{row.chunks} 段",
        )
        said.insert(0, counts)
    return _line(row.path, words(*_STATES[row.state]), *said, bad=row.state in _BAD)


def _line(name: str, state: str, *said: str, bad: bool | None = None) -> str:
    kind = "bad" if bad is not False else "good"
    rest = "".join(f'<br><span class="said">{escape(text)}</span>' for text in said)
    return (
        f'<li class="{kind}"><span class="state">{escape(state)}</span> '
        f'<span class="file">{escape(name)}</span>{rest}</li>'
    )
