"""Words of finance and business -> the same in the other language and in formal style.

The list comes with the package (``rag/data/glossary.txt``). Knows no names.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from rag import lexicon
from rag.lexicon import Alternative, Lexicon

_FILE = Path(__file__).parent / "data" / "glossary.txt"
_WORD = re.compile(r"~?[a-z][a-z -]*[a-z]")


def expand(question: str) -> tuple[Alternative, ...]:
    """Return the terms of `question` that are in the glossary with their equivalents, in order.

    Args:
        question: In simplified script, letters and digits half-width.
    """
    return _glossary().find(question)


@functools.cache
def _glossary() -> Lexicon:
    return Lexicon(lexicon.read(_FILE, spellings), inside_words=True)


def spellings(form: str) -> Iterator[str]:
    """Yield `form`, and the plural of an English one."""
    yield form
    if _WORD.fullmatch(form) and not form.endswith(("s", "ed", "ing", "est", "th", "lf")):
        yield f"{form[:-1]}ies" if form.endswith("y") and form[-2] not in "aeo" else f"{form}s"
