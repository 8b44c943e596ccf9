"""Names and filters -> the documents they mean; knows only the documents' facts."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence

from rag.errors import IndexError_, UsageError
from rag.load.report.companies import normal_code
from rag.schema import DocumentFacts, Fact, FactName, Filters
from rag.text import fold

Stated = Mapping[str, tuple[Fact, ...]]
"""Document -> what it states of itself."""
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


def passing(documents: Sequence[DocumentFacts], filters: Filters, facts: Stated) -> set[str]:
    """Return the documents whose facts pass; an undated one passes no bound on the date.

    The company is not looked at, see `about`.

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
        and _states(facts.get(d.doc_id, ()), FactName.KIND, filters.kind)
        and _states(facts.get(d.doc_id, ()), FactName.RATING, filters.rating)
    }


def about(company: str, facts: Stated, naming: Callable[[set[str]], set[str]]) -> set[str]:
    """Return the documents about a company, given by name, alias or code.

    These are the documents that state it among their companies, and those on no company of their
    own whose text names it. Where none states it, all whose text does.

    Args:
        company: What the user typed.
        facts: What each document states of itself.
        naming: Gives the documents whose title or text holds one of some names.
    """
    asked = _key(company)
    companies = {
        doc_id: [f for f in stated if f.name is FactName.COMPANY]
        for doc_id, stated in facts.items()
    }
    same = [f for found in companies.values() for f in found if asked in _keys(f)]
    keys = {key for fact in same for key in _keys(fact)}
    stating = {d for d, found in companies.items() if any(_keys(f) & keys for f in found)}
    names = {company, fold(company), *(name for f in same for name in (f.value, *f.also))}
    texts = naming(names)
    if not stating:
        return texts
    of_another = {d for d, stated in facts.items() if companies[d] and _is_company_report(stated)}
    return stating | (texts - of_another)


def _is_company_report(stated: Sequence[Fact]) -> bool:
    return any(f.name is FactName.KIND and "company" in f.also for f in stated)


def _keys(fact: Fact) -> set[str]:
    return {_key(name) for name in (fact.value, *fact.also)}


def _key(name: str) -> str:
    """Return a name as it is compared: folded, a code in its one form and without its market."""
    code = normal_code(name.upper())
    bare = fold(code or name).strip()
    return (
        bare.partition(".")[0].lstrip("0") if code else bare.lstrip("0") if bare.isdigit() else bare
    )


def _states(stated: Sequence[Fact], name: FactName, asked: str | None) -> bool:
    wanted = fold(asked or "")
    values = [fold(v) for f in stated if f.name is name for v in (f.value, *f.also)]
    if name is FactName.RATING:  # 强烈推荐 is another rating than 推荐
        return not wanted or wanted in values
    return any(wanted in value for value in values) if wanted else True


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
