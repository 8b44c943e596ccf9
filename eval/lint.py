"""Proof that a case set can be trusted: `CaseSet` + its documents -> `Finding` list.

Checked are the cases, never a system: ids, kinds, quotes in their documents and on their pages,
answers derivable from the quotes, that the gold answer of each case is graded right, and that a
sealed version is still what was sealed.
"""

from __future__ import annotations

import ast
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path

from eval import seal
from eval.cases import KINDS, UNANSWERABLE, Case, CaseSet, Evidence
from eval.findings import Finding
from eval.scorers import correct, flatten, layout_free
from rag.errors import RagError
from rag.schema import Document

TODO = "TODO"
"""What a draft holds until somebody has checked it."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MIN_QUOTE = 6
"""Shorter quotes are found by chance."""
_MIN_DIGITS = 3
"""Fewer significant digits match across units by chance."""
_OPERATORS: dict[type, Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def lint(
    cases: CaseSet, read: Callable[[Path], Document], *, sealing: bool = False
) -> list[Finding]:
    """Return the faults of a set in the order of its cases; an empty list means none.

    Args:
        cases: The set; without a corpus its quotes cannot be proved, which is a fault itself.
        read: Turns a document's path into a `Document`; its `RagError` becomes a finding.
        sealing: Whether the version is about to be sealed, see `eval.seal.check`.

    Raises:
        CaseError: The set's seal is damaged.
    """
    findings = [*seal.check(cases, sealing=sealing), *_duplicates(cases.cases)]
    documents, unread = _documents(cases, read)
    findings.extend(unread)
    for case in cases.cases:
        if todo := _unfinished(case):
            findings.append(todo)
            continue
        findings.extend(_shape(case))
        findings.extend(_answers(case))
        for item in case.evidence:
            findings.extend(_quote(case, item, documents))
    return findings


def _unfinished(case: Case) -> Finding | None:
    """Return what is to be completed in a draft, or None when it is none."""
    parts = {
        "question": [case.question],
        "answers": [form for forms in case.answers for form in forms],
        "evidence": [text for item in case.evidence for text in (item.source, item.quote)],
    }
    open_ = [name for name, texts in parts.items() if any(TODO in text for text in texts)]
    if not open_:
        return None
    where = ", ".join(open_)
    return Finding(
        case.id,
        f"draft: check it against the document, complete {where}, delete {TODO}",
        f"草稿：请对照原文检查，补全 {where}，并删去 {TODO}",
    )


def _duplicates(cases: Iterable[Case]) -> Iterator[Finding]:
    for name, count in Counter(case.id for case in cases).items():
        if count > 1:
            yield Finding(name, f"id used {count} times", f"编号出现 {count} 次")


def _documents(
    cases: CaseSet, read: Callable[[Path], Document]
) -> tuple[dict[str, Document], list[Finding]]:
    if cases.corpus is None:
        return {}, [Finding("-", "no corpus: add --corpus FOLDER", "没有文档：加 --corpus 文件夹")]
    documents, findings = {}, []
    finished = (case for case in cases.cases if not _unfinished(case))
    for source in sorted({item.source for case in finished for item in case.evidence}):
        try:
            documents[source] = read(cases.corpus / source)
        except (RagError, OSError) as error:
            findings.append(
                Finding("-", f"cannot read {source}: {error}", f"无法读取 {source}：{error}")
            )
    return documents, findings


def _shape(case: Case) -> Iterator[Finding]:
    if case.kind not in KINDS:
        yield Finding(case.id, f"unknown kind {case.kind}", f"未知题型 {case.kind}")
    if case.lang not in ("zh", "en"):
        yield Finding(case.id, f"lang {case.lang}: zh or en", f"语言 {case.lang}：应为 zh 或 en")
    if case.answerable != bool(case.answers) or case.answerable != bool(case.evidence):
        yield Finding(
            case.id,
            "answerable cases need answers and evidence, others must have neither",
            "可答的题必须有答案和依据，不可答的题都不能有",
        )
    if (case.kind in UNANSWERABLE) == case.answerable:
        yield Finding(case.id, "kind contradicts answerable", "题型与 answerable 矛盾")
    if case.kind == "partial" and not case.forbidden:
        yield Finding(
            case.id,
            "a partial case must forbid what might be given for the half that is not stated",
            "部分可答题必须在 forbidden 中列出可能被误作另一半答案的内容",
        )
    if case.kind == "followup" and not case.history:
        yield Finding(case.id, "a follow-up needs history", "追问题必须有 history")


def _quote(case: Case, item: Evidence, documents: Mapping[str, Document]) -> Iterator[Finding]:
    document = documents.get(item.source)
    if document is None:
        return
    quote = layout_free(item.quote)
    if len(quote) < _MIN_QUOTE:
        yield Finding(case.id, f"quote too short: {item.quote}", f"引文太短：{item.quote}")
    if quote not in layout_free(document.text):
        yield Finding(
            case.id,
            f"quote not in {item.source}: {item.quote}",
            f"{item.source} 中没有这句引文：{item.quote}",
        )
    elif _has_page(document, item) and not _on_page(document, item.page, quote):
        yield Finding(
            case.id,
            f"quote not on page {item.page} of {item.source}: {item.quote}",
            f"引文不在 {item.source} 第 {item.page} 页：{item.quote}",
        )


def _has_page(document: Document, item: Evidence) -> bool:
    """Return whether the page must be right: in a PDF always, elsewhere where one is stated."""
    return document.format == "pdf" or item.page is not None


def _on_page(document: Document, number: int | None, quote: str) -> bool:
    """Return whether page `number` holds the quote, running on to the next page allowed."""
    for page, following in zip(document.pages, [*document.pages[1:], None], strict=True):
        if page.number == number:
            own = layout_free(document.text[page.start : page.end])
            end = following.end if following else page.end
            both = layout_free(document.text[page.start : end])
            return 0 <= both.find(quote) < len(own)
    return False


def _answers(case: Case) -> Iterator[Finding]:
    quotes = " ".join(item.quote for item in case.evidence)
    for index, forms in enumerate(case.answers):
        if not all(flatten(form) for form in forms) or not forms:
            yield Finding(case.id, f"fact {index} has an empty form", f"第 {index} 项有空答案")
        elif index in case.derived:
            yield from _derived(case, index, quotes)
        else:
            yield from _stated(case, forms, quotes)
    if case.answers and not correct(case, "，".join(f[0] for f in case.answers), refused=False):
        yield Finding(
            case.id,
            "its own first forms are graded wrong; look at forbidden",
            "按首选答案作答会被判错；请检查 forbidden",
        )


def _stated(case: Case, forms: tuple[str, ...], quotes: str) -> Iterator[Finding]:
    text, quoted = layout_free(quotes).lower(), _numbers(quotes)
    for form in forms:
        for number in _numbers(form):
            if not any(_same_figure(number, other) for other in quoted):
                yield Finding(
                    case.id,
                    f"{form}: the evidence does not hold {number}; correct it or mark it derived",
                    f"{form}：依据中没有 {number}；请更正，或标为 derived",
                )
    if not any(_numbers(form) or layout_free(form).lower() in text for form in forms):
        yield Finding(
            case.id,
            f"{forms[0]}: no form of it is in the evidence; mark it derived",
            f"{forms[0]}：依据中没有它的任何写法；请标为 derived",
        )


def _derived(case: Case, index: int, quotes: str) -> Iterator[Finding]:
    """Check the arithmetic of a derived fact; a word such as ``conclusion`` states there is none."""
    how, forms = case.derived[index], case.answers[index]
    operands = _numbers(how)
    if not operands:
        return
    for number in operands:
        if number not in _numbers(quotes):
            yield Finding(
                case.id,
                f"{how}: the evidence does not hold {number}",
                f"{how}：依据中没有 {number}",
            )
    value = _evaluate(ast.parse(how, mode="eval").body)
    if not any(_rounds_to(value, number) for form in forms for number in _numbers(form)):
        yield Finding(
            case.id, f"{how} = {value}, not {forms[0]}", f"{how} = {value}，不是 {forms[0]}"
        )


def _evaluate(node: ast.expr) -> Decimal:
    """Return the value of an expression of numbers, + - * / and brackets."""
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_evaluate(node.left), _evaluate(node.right))
    if isinstance(node, ast.Constant):
        return Decimal(str(node.value))
    raise ValueError(ast.dump(node))


def _numbers(text: str) -> list[Decimal]:
    return [Decimal(number) for number in _NUMBER.findall(flatten(text))]


def _rounds_to(value: Decimal, number: Decimal) -> bool:
    return abs(value).quantize(number, ROUND_HALF_UP) == number


def _same_figure(form: Decimal, quoted: Decimal) -> bool:
    """Return whether `form` is `quoted`, perhaps rounded or in another unit (power of ten)."""
    if form == quoted:
        return True
    if len(form.as_tuple().digits) > 1 and _rounds_to(quoted, form):
        return True
    digits = _significant(form)
    if len(digits) < _MIN_DIGITS:
        return False
    rounded = Context(prec=len(digits), rounding=ROUND_HALF_UP).plus(quoted)
    return _significant(rounded) == digits


def _significant(number: Decimal) -> str:
    return "".join(map(str, number.as_tuple().digits)).strip("0")
