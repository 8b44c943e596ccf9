"""The documents that a set asks about -> an index that holds them and nothing else; their texts.

A corpus is a folder of files, read as `rag add` reads them, or a folder with a ``corpus.jsonl`` of
bare passages, which become documents without passing through a loader: there is no layout to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from eval.external import beir
from rag import load
from rag.embed import Embedder
from rag.errors import DocumentError, IndexError_
from rag.index import Index, State, place
from rag.index.cut import cut
from rag.index.ingest import key_of, path_of
from rag.schema import Document
from rag.store import Entry, FileRecord, IndexedChunk, Store

OnDocument = Callable[[int, int], None]
"""Called as (done, total) documents."""

_BATCH = 256
"""Passages embedded together: enough for batches of like length, lost at most when stopped."""


def silent(done: int, total: int) -> None:
    """Take the progress and do nothing."""
    del done, total


def synchronise(
    folder: Path, corpus: Path, embedder: Embedder, on_document: OnDocument = silent
) -> None:
    """Bring the index in `folder` to hold `corpus` and nothing else; what is there costs nothing.

    An index that another version of the program or another embedder built is made anew.

    Raises:
        IndexError_: Another process is writing.
        DocumentError: A document cannot be indexed.
    """
    with closing(_index(folder, embedder)) as index:
        with place.writing(folder), closing(_store(folder)) as store:
            _forget_strangers(store, corpus)
            if _is_pool(corpus):
                _put_passages(store, corpus, embedder, on_document)
        if _is_pool(corpus):
            index.add([])  # brings the vector cache up to date
            return
        report = index.add(
            [corpus],
            remove_missing=True,
            on_progress=lambda stage, _, done, total: (
                on_document(done - 1, total) if stage == "file" else None
            ),
        )
    for row in report.rows:
        if row.state is State.FAILED:
            reason = f"{Path(row.path).name}: {row.reason}"
            raise DocumentError(
                f"the corpus cannot be indexed whole: {reason}", f"题集文档无法全部入库：{reason}"
            )


def texts_of(corpus: Path) -> dict[str, str]:
    """Return source name -> text of the documents in `corpus` that can be read."""
    if _is_pool(corpus):
        return {document.source: document.text for document in beir.read_corpus(corpus)}
    texts = {}
    for found in load.discover([corpus]):
        try:
            texts[found.path.name] = load.load(found.path).text
        except DocumentError:
            continue
    return texts


def _is_pool(corpus: Path) -> bool:
    return (corpus / beir.CORPUS).is_file()


def _index(folder: Path, embedder: Embedder) -> Index:
    try:
        return Index.create(folder, embedder)
    except IndexError_:
        manifest = folder / place.MANIFEST
        if not manifest.is_file():
            raise
        with place.writing(folder):
            manifest.unlink()  # without it an index counts as not there
    return Index.create(folder, embedder)


def _store(folder: Path) -> Store:
    return Store(folder / place.read(folder).database, writable=True)


def _forget_strangers(store: Store, corpus: Path) -> None:
    """Forget files from elsewhere: another set of the same name may have used this index."""
    root = corpus.resolve()
    for record in store.files():
        if not path_of(record.path).is_relative_to(root):
            store.unlink(record.path)


def _put_passages(store: Store, corpus: Path, embedder: Embedder, on_document: OnDocument) -> None:
    """Bring the passages of `corpus` into the store and those that left it out of the store."""
    passages = {_key(corpus, document): document for document in beir.read_corpus(corpus)}
    held = {record.path: record.doc_id for record in store.files()}
    for key in held.keys() - passages.keys():
        store.unlink(key)
    missing = [key for key, document in passages.items() if held.get(key) != document.doc_id]
    done = len(passages) - len(missing)
    on_document(done, len(passages))
    for start in range(0, len(missing), _BATCH):
        keys = missing[start : start + _BATCH]
        for key, entry in zip(keys, _entries([passages[k] for k in keys], embedder), strict=True):
            store.put(entry, FileRecord(key, entry.document.doc_id, len(entry.document.text), 0))
        done += len(keys)
        on_document(done, len(passages))


def _key(corpus: Path, document: Document) -> str:
    """Return the path that a passage would have if the pool were a folder of files."""
    return key_of(corpus) + f"/{beir.CORPUS}/{document.source}"


def _entries(documents: Sequence[Document], embedder: Embedder) -> Iterator[Entry]:
    """Yield what is stored of each document; all are embedded in one go.

    One passage at a time would be a batch of one: twice as slow.
    """
    cuts = [cut(document) for document in documents]
    texts = [text for one in cuts for text in one.texts if text is not None]
    vectors = iter(embedder.encode_documents(texts))
    for one in cuts:
        indexed = tuple(
            IndexedChunk(piece) if text is None else IndexedChunk(piece, terms, next(vectors))
            for piece, text, terms in zip(one.chunks, one.texts, one.terms, strict=True)
        )
        yield Entry(one.document, one.sections, indexed, one.signature, load.VERSION)
