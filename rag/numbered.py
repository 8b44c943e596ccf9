"""Names with numbers in a sentence, makes, indices and ordinals -> whether the reports know them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import clauses, numerals
from rag.figures import Figure
from rag.question import Query
from rag.schema import Passage
from rag.text import fold, is_cjk, squeeze

ORDINAL = re.compile(r"第(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[次名位家届大]")
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*[A-Za-z0-9]")
_CODE = re.compile(r"[+]|[a-z][A-Z]|[A-Za-z]-?\d|\d-?[A-Za-z]")
"""What no translation changes: Ctrl+G, HuBERT, GPT-4."""
_QUOTED = re.compile(r"“[^“”]+”|「[^「」]+」|《[^《》]+》")
_NAME = 2
"""Characters before a number that are its name where the question has them too: 中证500."""


def is_make(query: Query, passages: Sequence[Passage], body: str, figure: Figure) -> bool:
    """Return whether a number ends a name of the passages, SE3 for SE 3, or of the question: 中证500.

    Or stands in words that the question quotes: “三个坚持”.
    """
    if any(
        m[0] in query.text for m in _QUOTED.finditer(body) if m.start() < figure.start < m.end()
    ):
        return True
    name = squeeze(clauses.make_of(body, figure)).lower()
    if name:
        return any(name in squeeze(p.text).lower() for p in passages)
    asked = body[max(0, figure.start - _NAME) : figure.end]
    named = clauses.is_word(body, figure) and len(asked) > len(figure.text)
    return named and all(map(is_cjk, asked[: -len(figure.text)])) and asked in query.text


def unknown(query: Query, body: str, held: str) -> list[str]:
    """Return the names and ordinals of `body` that `held`, folded text, does not hold.

    Of an English answer only what is written as a code: other names may be translated.
    """
    names = [n for n in _LATIN_NAME.findall(body) if query.language == "zh" or _CODE.search(n)]
    missing = [n for n in names if fold(n) not in held]
    return missing + [o for o in ORDINAL.findall(body) if not _ordered(o, held)]


def _ordered(ordinal: str, held: str) -> bool:
    """Return whether a text holds an ordinal, in digits or in Chinese: 第2 for 第二."""
    return _place(ordinal) in map(_place, ORDINAL.findall(held))


def _place(ordinal: str) -> int:
    written = ordinal[1:-1]
    return int(written) if written.isdigit() and written.isascii() else numerals.value(written)
