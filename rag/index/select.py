"""Names and filters -> the documents they mean; knows only the documents' facts."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from rag.errors import IndexError_, UsageError
from rag.schema import DocumentFacts, Filters
from rag.text import fold

_LISTED = 5


def by_name(documents: Sequence[DocumentFacts], name: str, index: str) -> str:
    """Return the id of the one document that `name` means.

    It is, in this order, an id or a file name; the start of an id, its tag left out or not; a part
    of a file name, whatever its case.

    Raises:
        IndexError_: None or several match, and those are named.
    """
    part = fold(name)
    for matches in (
        [d for d in documents if name in (d.doc_id, d.source)],
        [d for d in documents if name and _starts(d.doc_id, name)],
        [d for d in documents if part and part in fold(d.source)],
    ):
        if len(matches) == 1:
            return matches[0].doc_id
        if matches:
            listed = ", ".join(f"{d.doc_id} {d.source}" for d in matches[:_LISTED])
            more = ", …" if len(matches) > _LISTED else ""
            raise IndexError_(
                f"{name!r} means several documents: {listed}{more}; give more of the id",
                f"{name!r} 对应多个文档：{listed}{more}；请给出更长的编号",
            )
    raise unknown(name, index)


def unknown(name: str, index: str) -> IndexError_:
    """Return the error for a document that is not there."""
    return IndexError_(
        f"no document {name!r} in index {index!r}; see: rag list --index {index}",
        f"索引 {index!r} 中没有文档 {name!r}；查看：rag list --index {index}",
    )


def passing(documents: Sequence[DocumentFacts], filters: Filters) -> set[str]:
    """Return the documents whose facts pass; an undated one passes no bound on the date.

    Raises:
        UsageError: A date is not ``YYYY-MM-DD``.
    """
    _require_date(filters.since)
    _require_date(filters.until)
    source, publisher = fold(filters.source or ""), fold(filters.publisher or "")
    return {
        d.doc_id
        for d in documents
        if source in fold(d.source)
        and publisher in fold(d.publisher or "")
        and (not filters.since or filters.since <= (d.published or ""))
        and (not filters.until or "" < (d.published or "") <= filters.until)
    }


def _starts(doc_id: str, name: str) -> bool:
    return doc_id.startswith(name) or doc_id.partition("-")[2].startswith(name)


def _require_date(date: str | None) -> None:
    if not date:
        return
    try:
        sound = datetime.date.fromisoformat(date).isoformat() == date
    except ValueError:
        sound = False
    if not sound:
        raise UsageError(
            f"{date!r} is not a date; expected YYYY-MM-DD, for example 2024-12-31",
            f"{date!r} 不是日期；应为 YYYY-MM-DD，例如 2024-12-31",
        )
