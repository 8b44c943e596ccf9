"""Reading sets, which bring the passages with each question -> cases with `Case.given`.

Five formats, told apart by the fields of the first line:

- ``docs``, ``noise``: RGB (Chen et al., AAAI 2024), noise robustness. The share of passages that
  do not hold the answer becomes part of the kind; without any that does, refusing is right.
- ``docs``, ``fake``: RGB, counterfactual robustness: the passages state `fake`, the gold answer is
  what is true. Right there is whoever knows better than the passages; as the publisher counts.
- ``table``: IM-TQA (Zheng et al., ACL 2023), one table with a question.
- ``context``: ExpMRC (Cui et al., 2022), one passage; answers are alternatives.
- ``input``, ``answer``: FinCUGE's FinQA (Lu et al., 2023): question and passage in one text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from eval.cases import Case, CaseSet, Evidence
from eval.external.beir import accepted
from eval.external.rows import Row, first_row, malformed, read_rows, to_set
from rag.errors import UsageError
from rag.language import language_of

Facts = tuple[tuple[str, ...], ...]

_ONLY = "passage-1"
"""Name of a passage that stands alone, see `eval.given`."""
_QUESTION = re.compile(r"[^？?]{2,120}[？?]")
_NOT_STATED = re.compile(r"无(?:相应参数|指定类型事件发生)")
_LIST = re.compile(r"(?<!\d)[,，]|[,，](?!\d)")
"""A comma that is no thousands separator."""


def recognises(path: Path) -> bool:
    """Return whether `path` is a ``.jsonl`` file of one of the formats."""
    return path.suffix == ".jsonl" and path.is_file() and _format(first_row(path)) is not None


def read(path: Path, variant: str = "", corpus: Path | None = None) -> CaseSet:
    """Return the questions of `path` in order; they have no corpus, only their passages.

    Raises:
        UsageError: A variant or a corpus is given.
        CaseError: A line is malformed.
    """
    if variant or corpus:
        raise UsageError(
            f"{path.name} brings its passages with the questions; type the path alone",
            f"{path.name} 的题目自带资料；请只输入路径",
        )
    adapt = _format(first_row(path))
    assert adapt is not None, path
    cases = []
    for row in read_rows(path):
        try:
            cases.append(adapt(row))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise malformed(path, row, error) from error
    return to_set(path.stem, path, cases, None)


def _format(row: Row) -> Callable[[Row], Case] | None:
    fields = row.keys()
    known: tuple[tuple[set[str], Callable[[Row], Case]], ...] = (
        ({"docs", "noise"}, _noise),
        ({"docs", "fake"}, _counterfactual),
        ({"table", "answers"}, _table),
        ({"context", "answers"}, _passage),
        ({"input", "answer"}, _joined),
    )
    return next((adapt for wanted, adapt in known if wanted <= fields), None)


def _noise(row: Row) -> Case:
    return _case(
        row,
        f"noise_{float(row['noise']):.1f}",
        row["docs"],
        _each(row["answers"]),
        answerable=bool(row["answerable"]),
    )


def _counterfactual(row: Row) -> Case:
    return _case(row, "counterfactual", row["docs"], _each(row["answers"]))


def _table(row: Row) -> Case:
    return _case(row, str(row["type"]), [row["table"]], _each(row["answers"]))


def _passage(row: Row) -> Case:
    """Return a case with the first annotator's gold sentence: the others' are alternatives."""
    quotes = [str(quote) for quote in row.get("evidence", ())[:1]]
    forms = tuple(dict.fromkeys(f for entry in row["answers"] for f in accepted(entry)))
    return _case(row, str(row["type"]), [row["context"]], (forms,), quotes=quotes)


def _joined(row: Row) -> Case:
    asked = _QUESTION.match(row["input"])
    if asked is None:
        raise ValueError("input does not open with a question")
    gold, text = str(row["answer"]), row["input"][asked.end() :]
    answerable = _NOT_STATED.fullmatch(gold.strip()) is None
    split = row | {"text": asked.group()}
    return _case(split, "event", [text], _each(_LIST.split(gold)), answerable=answerable)


def _each(answers: list[str | list[str]]) -> Facts:
    """Return one required fact an entry; an entry that is a list holds alternatives."""
    return tuple(tuple(dict.fromkeys(forms)) for entry in answers if (forms := accepted(entry)))


def _case(
    row: Row,
    kind: str,
    given: list[str],
    answers: Facts,
    *,
    answerable: bool = True,
    quotes: list[str] | None = None,
) -> Case:
    question = str(row["text"]).strip()
    return Case(
        id=str(row["_id"]),
        question=question,
        lang=language_of(question),
        kind=kind,
        answerable=answerable,
        answers=answers if answerable else (),
        evidence=tuple(Evidence(_ONLY, quote) for quote in quotes or ()),
        given=tuple(map(str, given)),
    )
