"""DRAGONBall's questions with gold sentences over documents in several shapes -> cases.

A folder with ``files.json`` (document id -> shape -> file name), one folder of documents a shape,
``queries.jsonl`` (``keypoints``, ``evidence``: gold sentences) and ``qrels.tsv``; or a ``.jsonl`` of
such questions alone, with the folder of one shape as its corpus. RAGEval: Zhu et al.,
arXiv:2408.01262.

Left out, because no system can be right on them: gold sentences that stand in no document of the
folder, questions that lose all of theirs by this, and questions whose publisher doubts the label.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.cases import Case, CaseError, CaseSet, Evidence
from eval.external.keyfacts import required
from eval.external.rows import (
    Row,
    first_row,
    malformed,
    read_judgements,
    read_object,
    read_rows,
    to_set,
)
from rag.errors import UsageError
from rag.language import language_of
from rag.text import squeeze

FILES, QUERIES, JUDGEMENTS = "files.json", "queries.jsonl", "qrels.tsv"


@dataclass(frozen=True, slots=True)
class _Library:
    """The documents of a folder in one shape, and where gold sentences stand."""

    names: Mapping[str, str]
    """Document id -> file name in the shape that is asked for."""
    texts: Mapping[str, str]
    """Document id -> text of the first shape named, white space removed: the gold's own."""
    judged: Mapping[str, tuple[str, ...]]
    """Query id -> ids of its documents."""

    def evidence(self, query: str, quotes: Iterable[str]) -> Iterator[Evidence]:
        """Yield the gold sentences of a query with the file that holds each, none twice."""
        for quote in dict.fromkeys(quotes):
            for document in self.judged.get(query, ()):
                if squeeze(quote) in self.texts.get(document, ""):
                    yield Evidence(self.names[document], quote)
                    break


def recognises(path: Path) -> bool:
    """Return whether `path` is a folder of this format, or a file of its questions."""
    if path.is_dir():
        return all((path / name).is_file() for name in (FILES, QUERIES, JUDGEMENTS))
    return path.suffix == ".jsonl" and {"keypoints", "evidence"} <= first_row(path).keys()


def read(path: Path, variant: str = "", corpus: Path | None = None) -> CaseSet:
    """Return the questions at `path` over the documents in the shape `variant`.

    Args:
        path: The folder, or a file of questions.
        variant: The name of a shape; the first in ``files.json`` where a folder is given and
            nothing is said.
        corpus: The folder of one shape, for a file of questions.

    Raises:
        UsageError: There is no such shape; or the documents of a file are not said.
        CaseError: A file is malformed.
    """
    if path.is_dir():
        folder, path = path, path / QUERIES
        name, shape = folder.resolve().name, variant or _shapes(folder)[0]
    else:
        folder, shape = _documents_of(path, corpus, variant)
        name = path.stem
    library = _library(folder, shape)
    cases = (case for row in read_rows(path) if (case := _case(path, row, library)))
    return to_set(f"{name}-{shape}", path, cases, folder / shape)


def _documents_of(path: Path, corpus: Path | None, variant: str) -> tuple[Path, str]:
    """Return the folder and the shape that a file of questions is asked over."""
    if corpus is not None:
        corpus = corpus.resolve()
        if (corpus / FILES).is_file():
            return corpus, variant or _shapes(corpus)[0]
        if (corpus.parent / FILES).is_file():
            return corpus.parent, variant or corpus.name
    raise UsageError(
        f"{path.name} does not say where its documents are; add --corpus FOLDER/SHAPE, "
        f"where FOLDER holds {FILES}",
        f"{path.name} 没有说明文档所在位置；请加 --corpus 文件夹/形式，文件夹中应有 {FILES}",
    )


def _shapes(folder: Path) -> list[str]:
    files = read_object(folder / FILES)
    shapes = list(next(iter(files.values()), {}))
    if not shapes:
        raise CaseError(f"{folder / FILES} names no document", f"{folder / FILES} 中没有文档")
    return shapes


def _library(folder: Path, shape: str) -> _Library:
    files, shapes = read_object(folder / FILES), _shapes(folder)
    if shape not in shapes:
        known = ", ".join(shapes)
        raise UsageError(
            f"{folder.name} has no shape {shape}; expected one of {known}: "
            f"rag eval run {folder}:{shapes[0]}",
            f"{folder.name} 没有 {shape} 这种形式，应为 {known} 之一：rag eval run {folder}:{shapes[0]}",
        )
    try:
        names = {document: str(row[shape]) for document, row in files.items()}
        texts = {
            document: squeeze((folder / shapes[0] / row[shapes[0]]).read_text(encoding="utf-8"))
            for document, row in files.items()
        }
    except (KeyError, TypeError, OSError, UnicodeDecodeError) as error:
        raise CaseError(
            f"{folder / FILES} does not fit its documents ({error!r}); download the set again",
            f"{folder / FILES} 与文档不符（{error!r}）；请重新下载该题集",
        ) from error
    return _Library(names, texts, read_judgements(folder / JUDGEMENTS))


def _case(path: Path, row: Row, library: _Library) -> Case | None:
    """Return a question as a case, or None where it cannot be judged fairly."""
    try:
        answerable, name, question = bool(row["answerable"]), str(row["_id"]), str(row["text"])
        evidence = tuple(library.evidence(name, row["evidence"])) if answerable else ()
        if row.get("label_suspect") or (answerable and not evidence):
            return None
        gold = "".join(row["answers"])
        quotes = [item.quote for item in evidence]
        return Case(
            id=name,
            question=question,
            lang=language_of(question),
            kind=str(row["type"]),
            answerable=answerable,
            answers=required(question, gold, row["keypoints"], quotes) if answerable else (),
            evidence=evidence,
            reference=gold if answerable else "",
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise malformed(path, row, error) from error
