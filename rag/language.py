"""Which of the two languages to speak to the user: Chinese or English, by locale."""

from __future__ import annotations

import contextlib
import contextvars
import os
import re
from collections.abc import Iterator

_VARIABLES = ("RAG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_LATIN = re.compile(r"[A-Za-z]+")
_GRAMMAR = frozenset(
    "a an and are at by did do does for from had has have how in is its of on or than the to was "
    "were what when where which who why with".split()
)
"""Words that hold an English sentence together; a Chinese one has none of them outside of names."""
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


_spoken: contextvars.ContextVar[str | None] = contextvars.ContextVar("spoken", default=None)


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak ``zh`` or ``en`` in the block, whatever the locale: one process serves many people."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def is_chinese() -> bool:
    """Return whether the user's locale is Chinese, or the language of `speaking` is.

    The first of ``RAG_LANG``, ``LC_ALL``, ``LC_MESSAGES``, ``LANG`` that is set decides (POSIX
    order, with our own override before it).
    """
    spoken = _spoken.get()
    if spoken is not None:
        return spoken == "zh"
    for name in _VARIABLES:
        value = os.environ.get(name)
        if value:
            return value.lower().startswith("zh")
    return False


def say(en: str, zh: str) -> str:
    """Return the wording for the user's locale."""
    return zh if is_chinese() else en


def language_of(text: str) -> str:
    """Return ``zh`` or ``en``: the language a question is asked in.

    A question with CJK characters is Chinese even when it is full of Latin names
    ("Accio支持哪些语言？"), and English when they are no more than names in an English sentence
    ("What did 中国银行 earn?").
    """
    characters = len(_CJK.findall(text))
    if not characters:
        return "en"
    words = _LATIN.findall(text)
    grammar = sum(word.lower() in _GRAMMAR for word in words)
    return "en" if grammar > 1 and len(words) >= characters / 2 else "zh"
