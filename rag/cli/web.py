"""Web addresses given to ``rag add`` -> files in the folder of the index, if the user allowed it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.errors import DocumentError, UsageError
from rag.index import IngestRow, State
from rag.load import web
from rag.load.files import printable, size_limit

FOLDER = "web"
"""Below the folder of the index: what was fetched stays, so that it can be read again."""


def split(
    arguments: Sequence[str], *, allowed: bool, watching: bool
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Return the paths and the web addresses among `arguments`.

    Raises:
        UsageError: There is an address, and fetching is not allowed, or it should be watched.
    """
    urls = tuple(a for a in arguments if web.is_address(a))
    shown = printable(urls[0]) if urls else ""
    if urls and not allowed:
        raise UsageError(
            f"{shown}: is a web address, and nothing is fetched unless you say so;"
            " type: rag add --allow-urls ADDRESS",
            f"{shown}：是网址，未经允许不会联网获取；请输入：rag add --allow-urls 网址",
        )
    if urls and _is_offline():
        raise UsageError(
            f"{shown}: is a web address, and RAG_OFFLINE forbids fetching; unset RAG_OFFLINE",
            f"{shown}：是网址，而 RAG_OFFLINE 禁止联网；请取消该设置",
        )
    if urls and watching:
        raise UsageError(
            f"{shown}: a web address cannot be watched; leave out --watch",
            f"{shown}：网址不能监视；请去掉 --watch",
        )
    return tuple(Path(a) for a in arguments if a not in urls), urls


def _is_offline() -> bool:
    from rag.models import hub

    return hub.is_offline()


def fetched(urls: Sequence[str], folder: Path) -> tuple[tuple[Path, ...], tuple[IngestRow, ...]]:
    """Return the files that `urls` were saved to, and a row for each that could not be fetched.

    Args:
        urls: Web addresses.
        folder: Of the index.
    """
    paths: list[Path] = []
    failed: list[IngestRow] = []
    for url in urls:
        try:
            found = web.fetch(url, size_limit())
        except DocumentError as error:
            failed.append(IngestRow(printable(url), State.FAILED, reason=str(error)))
            continue
        path = folder / FOLDER / found.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(found.data)
        paths.append(path)
    return tuple(paths), tuple(failed)
