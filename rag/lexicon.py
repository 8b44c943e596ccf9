"""Lists of equivalent words -> which of them stand in a text, and what else they are called.

A list is a text file: one line a meaning, its forms separated by ``|``, ``#`` for remarks, ``~``
before a form that is only ever an answer and never looked for. Knows nothing of questions.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import LexiconError
from rag.text import Span, fold, is_cjk, known_words

Group = tuple[str, ...]
"""Forms of one meaning, the usual one first."""

_LONGEST = 80
_TARGET = "~"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Words that stand in a text, with other words for the same thing."""

    asked: str
    """As it stands in the text."""
    forms: tuple[str, ...]
    """Without `asked`, in the order of the list."""


class Lexicon:
    """Groups of equivalent forms, searchable by any of them."""

    def __init__(self, groups: Iterable[Group], *, inside_words: bool = False) -> None:
        """Take the groups.

        Args:
            groups: As `read` returns them.
            inside_words: Whether a form of two characters or more counts inside a longer dictionary
                word, as a term may and 京东 in 京东方 does not.
        """
        self.groups = tuple(groups)
        self._inside = inside_words
        self._exact: dict[str, list[Group]] = {}
        self._folded: dict[str, list[Group]] = {}
        for group in self.groups:
            for form in group:
                if not form.startswith(_TARGET):
                    exact = form.isascii() and form.isupper()
                    table, key = (self._exact, form) if exact else (self._folded, fold(form))
                    table.setdefault(key, []).append(group)
        self._sizes = sorted({len(k) for t in (self._exact, self._folded) for k in t}, reverse=True)

    def __or__(self, other: Lexicon) -> Lexicon:
        """Return one lexicon of both lists, `self`'s meanings first."""
        return Lexicon((*self.groups, *other.groups), inside_words=self._inside)

    def find(self, text: str) -> tuple[Alternative, ...]:
        """Return the forms that stand in `text` with their alternatives, in order of appearance.

        The longest form counts where several begin; a form never begins or ends inside a Latin
        word, nor takes a piece off a Chinese dictionary word.

        Args:
            text: In simplified script, letters and digits half-width.
        """
        found: dict[str, tuple[str, ...]] = {}
        for span, groups in self._matches(text):
            asked = text[span.start : span.end]
            others = (form.removeprefix(_TARGET) for group in groups for form in group)
            forms = [form for form in others if fold(form) != asked.lower()]
            found[asked] = tuple(dict.fromkeys((*found.get(asked, ()), *forms)))
        return tuple(Alternative(asked, forms) for asked, forms in found.items())

    def _matches(self, text: str) -> Iterator[tuple[Span, list[Group]]]:
        words = known_words(text)
        ends = [word.end for word in words]
        at = 0
        while at < len(text):
            for size in self._sizes:
                piece = text[at : at + size]
                groups = self._exact.get(piece, []) + self._folded.get(piece.lower(), [])
                if groups and self._stands(text, Span(at, at + len(piece)), words, ends):
                    yield Span(at, at + len(piece)), groups
                    at += len(piece)
                    break
            else:
                at += 1

    def _stands(self, text: str, span: Span, words: Sequence[Span], ends: Sequence[int]) -> bool:
        """Return whether `span` stands on its own, not as a piece of other words."""
        start, end = span
        if _joined(text, start) or _joined(text, end):
            return False
        for word in words[bisect.bisect_right(ends, start) :]:
            if word.start >= end:
                break
            held = start <= word.start and word.end <= end
            inside = word.start <= start and end <= word.end
            if not held and not (inside and self._inside and end - start > 1):
                return False
        return True


def read(path: Path, spell: Callable[[str], Iterable[str]] = lambda form: (form,)) -> list[Group]:
    """Return the groups of a list file, in its order.

    Args:
        path: UTF-8 text.
        spell: Returns the spellings that one form of the file stands for.

    Raises:
        LexiconError: The file cannot be read, or a line is not of the form above.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(
            f"{path} cannot be read as UTF-8 text ({error}); save it as UTF-8 or remove it",
            f"{path} 无法按 UTF-8 文本读取（{error}）；请另存为 UTF-8，或删除该文件",
        ) from error
    groups = []
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            forms = _forms(line, f"{path}:{number}")
            groups.append(tuple(dict.fromkeys(s for form in forms for s in spell(form))))
    return groups


def _forms(line: str, place: str) -> list[str]:
    forms = [re.sub(r"\s+", " ", form).strip() for form in line.split("|")]
    bare = [form.removeprefix(_TARGET).strip() for form in forms]
    if len(forms) < 2:
        _complain(place, "only one form", "只有一种写法")
    if not all(bare):
        _complain(place, "an empty form", "有空白的写法")
    for form, name in zip(forms, bare, strict=True):
        if len(name) > _LONGEST:
            _complain(place, f"a form of over {_LONGEST} characters", f"写法超过 {_LONGEST} 个字符")
        if len(name) < 2 and not (is_cjk(name) or form.startswith(_TARGET)):
            _complain(place, f"{name} is too short to look for", f"{name} 太短，无法查找")
    return forms


def _complain(place: str, en: str, zh: str) -> None:
    raise LexiconError(
        f"{place}: {en}; expected forms separated by |, for example: 腾讯 | Tencent | 鹅厂",
        f"{place}：{zh}；应为以 | 分隔的若干写法，例如：腾讯 | Tencent | 鹅厂",
    )


def _joined(text: str, at: int) -> bool:
    """Return whether `at` lies inside a Latin word or number."""
    return 0 < at < len(text) and all(c.isascii() and c.isalnum() for c in text[at - 1 : at + 1])


def pattern(forms: Iterable[str], but: Iterable[str] = ()) -> re.Pattern[str]:
    """Return the pattern that finds any of `forms` in a text folded by `rag.text.fold`.

    Words of a form may be written together, as reports do: BrawlStars for Brawl Stars, and a hyphen
    as a dash: Moller – Maersk.

    Args:
        forms: Of one thing.
        but: Longer forms of other things, which are not to be taken for one of `forms`.
    """
    parts = []
    for form in sorted({fold(form) for form in forms}, key=lambda f: (-len(f), f)):
        before = r"(?<![a-z0-9])" if form[0].isascii() else ""
        after = r"(?![a-z0-9])" if form[-1].isascii() else ""
        words = re.escape(form).replace(r"\ ", r"\s*").replace(r"\-", r"\s*[-–—]\s*")
        parts.append(before + words + after)
    others = "|".join(re.escape(fold(form)) for form in but)
    either = "|".join(parts) or r"(?!)"
    return re.compile(f"(?!{others})(?:{either})" if others else either)
