"""A folder in BEIR's format -> retrieval cases; its corpus -> one `Document` a passage.

``queries.jsonl`` (``_id``, ``text``, ``answers``), ``corpus.jsonl`` (``_id``, ``title``, ``text``),
``qrels.tsv``: Thakur et al., "BEIR", NeurIPS 2021.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from eval.cases import Case, CaseSet
from eval.external.forms import forms_of
from eval.external.rows import Row, malformed, read_judgements, read_rows, to_set
from rag.errors import UsageError
from rag.language import language_of
from rag.load import doc_id_of
from rag.schema import Block, BlockKind, Document
from rag.text import normalise

QUERIES, CORPUS, JUDGEMENTS = "queries.jsonl", "corpus.jsonl", "qrels.tsv"


def recognises(path: Path) -> bool:
    """Return whether `path` is a folder of this format."""
    return all((path / name).is_file() for name in (QUERIES, CORPUS, JUDGEMENTS))


def read(folder: Path, variant: str = "", corpus: Path | None = None) -> CaseSet:
    """Return the judged queries of `folder` in order; a query without judgements is left out.

    Raises:
        UsageError: A variant is asked for.
        CaseError: A file is malformed.
    """
    if variant:
        raise UsageError(
            f"{folder.name} has no variant {variant}; type the path alone",
            f"{folder.name} 没有 {variant} 这种形式；请只输入路径",
        )
    path, judged = folder / QUERIES, read_judgements(folder / JUDGEMENTS)
    cases = [_case(path, row, judged[str(row.get("_id"))]) for row in _judged(path, judged)]
    return to_set(folder.resolve().name, path, cases, corpus or folder)


def read_corpus(folder: Path) -> Iterator[Document]:
    """Yield the passages of `folder` as documents, named by their ids, in the order of the file.

    An id is no title: where a passage has none, its title stays empty and is not embedded. Every
    line of a passage is a paragraph, or together they are a table if all begin with ``|``.

    Raises:
        CaseError: A line is malformed.
    """
    path = folder / CORPUS
    for row in read_rows(path):
        try:
            name, text, title = str(row["_id"]), normalise(row["text"]), row.get("title") or ""
        except (KeyError, TypeError, AttributeError) as error:
            raise malformed(path, row, error) from error
        if text.strip():
            content = f"{name}\n{title}\n{text}".encode("utf-8", "surrogatepass")
            blocks = tuple(_blocks(text))
            yield Document(doc_id_of(content), name, "text", text, normalise(title), blocks)


def _judged(path: Path, judged: dict[str, tuple[str, ...]]) -> Iterator[Row]:
    return (row for row in read_rows(path) if str(row.get("_id")) in judged)


def _case(path: Path, row: Row, relevant: tuple[str, ...]) -> Case:
    try:
        question, answerable = str(row["text"]), bool(row.get("answerable", True))
        return Case(
            id=str(row["_id"]),
            question=question,
            lang=language_of(question),
            kind=str(row.get("type", "query")),
            answerable=answerable,
            answers=tuple(_answers(row)) if answerable else (),
            relevant=relevant,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise malformed(path, row, error) from error


def _answers(row: Row) -> Iterator[tuple[str, ...]]:
    """Yield the required facts; an entry that is a list, or its translation, are alternatives."""
    translated = [row[key] for key in sorted(row) if key.startswith("answers_")]
    for place, entry in enumerate(row.get("answers", ())):
        others = [column[place] for column in translated if place < len(column)]
        forms = [form for item in (entry, *others) for form in accepted(item)]
        if forms:
            yield tuple(dict.fromkeys(forms))


def accepted(entry: str | Iterable[str]) -> list[str]:
    """Return the forms of an answer that is printed as one text or as a list of alternatives."""
    texts = [entry] if isinstance(entry, str) else list(entry)
    return [form for text in texts if text.strip() for form in forms_of(text)]


def _blocks(text: str) -> Iterator[Block]:
    found = re.finditer(r"\S(?:[^\n]*\S)?", text)
    lines = [Block(BlockKind.PARAGRAPH, match.start(), match.end()) for match in found]
    if lines and all(text[block.start] == "|" for block in lines):
        yield Block(BlockKind.TABLE, lines[0].start, lines[-1].end)
    else:
        yield from lines
