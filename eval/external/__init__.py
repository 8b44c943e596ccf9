"""Public question sets in the formats of their publishers, by path -> `CaseSet`; nothing is copied.

One module a format; each recognises its own. Downloading and licences are the user's business.
"""

from __future__ import annotations

from pathlib import Path

from eval.cases import CaseSet
from eval.external import beir, dragonball, reading
from rag.errors import UsageError

FORMATS = (dragonball, beir, reading)


def adapted(name: str, corpus: Path | None = None) -> CaseSet | None:
    """Return the external set at the path `name`, or None where no known format is found.

    Args:
        name: A folder or a ``.jsonl`` file; ``path:variant`` picks one of several renderings of
            the documents, where a set has them.
        corpus: The documents, for a file of questions that does not bring its own.

    Raises:
        UsageError: The variant does not exist, or the documents are not said.
        CaseError: The set is malformed.
    """
    path, variant = _split(name)
    for format_ in FORMATS:
        if format_.recognises(path):
            return format_.read(path, variant, corpus)
    if variant and path.exists():
        raise UsageError(
            f"{path.name} has no variant {variant}; type the path alone",
            f"{path.name} 没有 {variant} 这种形式；请只输入路径",
        )
    return None


def _split(name: str) -> tuple[Path, str]:
    """Return the path and the variant behind its last colon; a path that exists has none."""
    head, colon, tail = name.rpartition(":")
    if not colon or Path(name).exists():
        return Path(name), ""
    return Path(head), tail
