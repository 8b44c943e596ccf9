"""Chinese text: clean-up, sentence boundaries, words. Knows nothing of documents."""

from __future__ import annotations

import functools
import logging
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

TEXT_VERSION = 1
"""Raised whenever `normalise` changes, because every stored offset depends on it."""

# The Kangxi and CJK-radical blocks are what some PDF producers emit for 止, 龙 ...; most fold by
# NFKC. NFKC over the whole text would turn ，（）： into ASCII and break exact quotation.
_RADICALS = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]")
# Simplified radicals without a compatibility mapping (Unicode 15, block CJK Radicals Supplement).
_SUPPLEMENT = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)
_BULLETS = str.maketrans(dict.fromkeys("\uf0d8\uf0b7\uf06c\uf06e\uf075\uf0fc\uf0a7\uf09f", "•"))
# Any other character of a symbol font (Wingdings, Symbol: U+F020..U+F0FF) that opens a line.
_SYMBOL_BULLET = re.compile(r"(?m)^([ \u3000]*)[\uf020-\uf0ff](?=\s)")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_SPACES = str.maketrans({"\u00a0": " ", "\u2007": " ", "\u202f": " ", "\t": " "})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")

_SENTENCE_END = re.compile(
    r"[。！？!?]+[”’」』）)]*|(?<!\.[A-Z])(?<!\b(?:Mr|Dr|St|No|vs))\.(?=\s+[A-Z\u4e00-\u9fff])|\n+"
)
_TOKEN = re.compile(
    r"[a-z][a-z0-9]*(?:[-&.'][a-z0-9]+)*|\d+(?:[.,]\d+)*%?|[a-z0-9]+|[\u3400-\u9fff]+"
)

_NAME_LINE = re.compile(r"^([\u4e00-\u9fff]{2,}) [0-9]+ (?:nr[a-z]*|nz|nt)\r?$", re.MULTILINE)
_OPENING = 16
"""Characters of a text that are divided into words for its first one."""


class Span(NamedTuple):
    """A stretch of a text: offsets as in ``text[start:end]``."""

    start: int
    end: int


def normalise(raw: str) -> str:
    """Return `raw` as stored: one newline form, no invisible characters, bullets as •.

    Punctuation and digits keep their width, so a quotation looks like the page.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub("", text.translate(_SPACES).translate(_BULLETS).translate(_SUPPLEMENT))
    text = _SYMBOL_BULLET.sub(r"\1•", text)
    text = _RADICALS.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text)
    return _CONTROL.sub("", text)


def fold(text: str) -> str:
    """Return `text` for comparison: NFKC, simplified script, lower case. Length may change."""
    return simplify(unicodedata.normalize("NFKC", text)).lower()


def squeeze(text: str) -> str:
    """Return `text` folded by NFKC with all white space removed."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def simplify(text: str) -> str:
    """Return `text` in simplified script (OpenCC, t2s)."""
    return _opencc().convert(text) if text else text


def plain(text: str) -> str:
    """Return `text` in simplified script, every character at its place; unchanged where that fails."""
    if text.isascii():
        return text
    simplified = simplify(text)
    return simplified if len(simplified) == len(text) else text


def display_width(text: str) -> int:
    """Return the width in half-width columns (Unicode UAX #11: W, F and A count two)."""
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(c) in "WFA" for c in text)


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences of ``text[start:end]`` in order, trimmed, empty ones left out.

    A sentence ends at 。！？ (closing quotes included), at a Latin full stop before a capital or a
    Chinese character, or at a line break. ； and ， do not end one, nor does the full stop of initials.
    """
    end = len(text) if end is None else end
    found: list[Span] = []
    cursor = start
    for mark in _SENTENCE_END.finditer(text, start, end):
        _append_trimmed(found, text, cursor, mark.end())
        cursor = mark.end()
    _append_trimmed(found, text, cursor, end)
    return found


def words(text: str) -> list[str]:
    """Return the words of `text`, folded: jieba's for Chinese, Latin and digits whole."""
    return [word for token in _tokens(text) for word in _split_token(token)]


def search_terms(text: str) -> list[str]:
    """Return the terms of the full-text index: words plus character bigrams for unknown names."""
    terms: list[str] = []
    for token in _tokens(text):
        split = _split_token(token)
        terms.extend(split)
        if is_cjk(token[0]):
            known = set(split)
            terms.extend(b for b in _bigrams(token) if b not in known)
    return terms


def known_words(text: str) -> list[Span]:
    """Return the dictionary words of two characters or more that `text` divides into, in order.

    Unknown names are left out, where `words` guesses at them.
    """
    found = _jieba().tokenize(text, HMM=False)
    return [Span(start, end) for word, start, end in found if len(word) > 1 and is_cjk(word[0])]


def left_over(value: str, source: str, least: int) -> list[str]:
    """Return what is left of `value` without the stretches of `least` characters or more that `source` holds.

    In order, in pieces. Both folded. Needs no words, which are guessed wrong around unknown names:
    当天|美|工作室.
    """
    pieces: list[str] = []
    start = begin = 0
    while start <= len(value) - least:
        end = start + least
        if value[start:end] not in source:
            start += 1
            continue
        while end < len(value) and value[start : end + 1] in source:
            end += 1
        pieces.append(value[begin:start])
        start = begin = end
    pieces.append(value[begin:])
    return [piece for piece in pieces if piece]


def leading_name(text: str) -> str:
    """Return the name of a person, company or make that `text` begins with; "" where it begins with none.

    Names are those that jieba's dictionary tags so; others are not told from common words.
    """
    if not text or not is_cjk(text[0]):
        return ""
    first, *_ = next(_jieba().tokenize(text[:_OPENING], HMM=False))
    return first if first in _names() else ""


def is_cjk(char: str) -> bool:
    """Return whether `char` is a Chinese character."""
    return "\u3400" <= char <= "\u9fff"


def _append_trimmed(found: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        found.append(Span(start, end))


def _tokens(text: str) -> list[str]:
    return [t.replace(",", "") for t in _TOKEN.findall(fold(text))]


def _split_token(token: str) -> list[str]:
    return [w for w in _jieba().cut_for_search(token) if w.strip()] if is_cjk(token[0]) else [token]


def _bigrams(run: str) -> Iterator[str]:
    return (run[i : i + 2] for i in range(len(run) - 1))


@functools.cache
def _jieba() -> Any:  # noqa: ANN401 - jieba ships no types
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()


@functools.cache
def _names() -> frozenset[str]:
    import jieba

    with jieba.get_dict_file() as file:
        listed = file.read().decode("utf-8")
    return frozenset(_NAME_LINE.findall(listed))


@functools.cache
def _opencc() -> Any:  # noqa: ANN401 - opencc ships no types
    import opencc

    return opencc.OpenCC("t2s")
