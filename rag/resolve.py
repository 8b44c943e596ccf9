"""Query + what an index calls its companies -> Query that knows those names too.

Three sources besides the dictionary of the package: the list in the index folder, the question
itself, and the chunks that mention a name of the question. Knows nothing of ranking.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from rag import aliases, romanized
from rag.lexicon import Alternative, Group, Lexicon
from rag.naming import AliasPair, alias_pairs
from rag.question import Query, content_terms
from rag.retrieve import Scored
from rag.schema import Chunk, Hit
from rag.text import Span, fold, is_cjk, known_words, leading_name, search_terms

_LATIN = re.compile(r"[A-Z][A-Za-z0-9&.-]+(?: (?:& )?[A-Z][A-Za-z0-9&.-]+)*")
_STATING = ("简称", "hereinafter")
"""Words of passages that say what something is called."""
_SHORT_HEAD = re.compile(
    r"^(?:[（(]?[0-9一二三四五六七八九十]+[)）]?[、.．\s]*)?([\u4e00-\u9fff]{2})[:：]"
)
_OPENING = re.compile(r"^[\u4e00-\u9fff]{2,6}(?=[(（:：,， 0-9])")
_NAMES = 4
"""How many names of a question are looked up."""
_CHUNKS = 20
"""How many chunks are read for a name."""
_FIRST_WORD = 5
"""The least letters of a first word that stands for a whole English name."""


class Mentions(Protocol):
    """What is needed of an index (see `rag.index.Index`)."""

    @property
    def folder(self) -> Path:
        """Return where the index is."""
        ...

    def lexical(
        self, terms: Sequence[str], k: int, doc_ids: set[str] | None = None
    ) -> Sequence[Scored]:
        """Return the `k` best chunks by BM25, best first."""
        ...

    def chunks(self, ids: Sequence[int]) -> Mapping[int, Chunk]:
        """Return the chunks with these row ids."""
        ...


def resolve(query: Query, index: Mentions) -> Query:
    """Return `query` with the other names that the index has for what it names.

    Raises:
        LexiconError: The list in the index folder has a bad line.
    """
    listed = aliases.expand(query.text, index.folder)
    rows: dict[int, None] = {}
    for terms in _lookups(query):
        rows |= dict.fromkeys(entry.id for entry in index.lexical(terms, _CHUNKS))
    chunks = index.chunks(list(rows)).values()
    known = from_texts(replace(query, names=listed), [chunk.text for chunk in chunks])
    headings = {heading for chunk in chunks for heading in chunk.heading_path}
    known = from_texts(known, headings)
    more = (*_abbreviated(known, headings), *_headed(known, headings), *_spelled(known, headings))
    return replace(known, names=_joined((*known.names, *more)))


def _headed(query: Query, headings: Iterable[str]) -> Iterator[Alternative]:
    """Yield the names of the question that a heading shortens to two characters: 中联: for 中联重科.

    Such a heading is no other word, or the name is known to be one.
    """
    known = {name.asked for name in query.names}
    for heading in headings:
        short = _SHORT_HEAD.match(heading)
        whole = short and re.search(f"{short[1]}[\u4e00-\u9fff]{{2}}", query.text)
        if short is None or whole is None:
            continue
        plain = known_words(short[1]) and not leading_name(short[1])
        if whole.group() in known or not plain:
            yield Alternative(whole.group(), (short[1],))


def _spelled(query: Query, headings: Iterable[str]) -> Iterator[Alternative]:
    """Yield the English names of the question that spell what a heading opens with: Chongqing Brewery."""
    if query.language != "en":
        return
    openings = {m.group() for heading in headings if (m := _OPENING.match(heading))}
    for name in unknown_names(query):
        first = name.split(" ")[0].lower().removesuffix("'s")
        for opening in openings:
            if len(first) >= _FIRST_WORD and romanized.opens(first, opening):
                yield Alternative(name, (opening,))


def _abbreviated(query: Query, headings: Iterable[str]) -> list[Alternative]:
    """Return the short names of the question that headings write in full: 重啤 for 重庆啤酒.

    A short name is the first characters of two words that stand side by side.
    """
    text, found = query.text, []
    words = [s for s in known_words(text) if s.end - s.start > 1]
    for at in range(len(text) - 1):
        one, two = text[at], text[at + 1]
        if not (is_cjk(one) and is_cjk(two)) or any(s.start < at + 2 and at < s.end for s in words):
            continue
        whole = re.compile(f"{one}[\u4e00-\u9fff]{two}[\u4e00-\u9fff]")
        full = {
            m.group()
            for heading in headings
            for m in whole.finditer(heading)
            if {Span(0, 2), Span(2, 4)} <= set(known_words(m.group()))
            or known_words(m.group()) == [Span(0, 4)]
        }
        if len(full) == 1:
            found.append(Alternative(one + two, (full.pop(),)))
    return found


def from_hits(query: Query, hits: Sequence[Hit]) -> Query:
    """Return `query` with the other names that passages found or given have for what it names."""
    return from_texts(query, [hit.chunk.text for hit in hits])


def from_texts(query: Query, texts: Iterable[str]) -> Query:
    """Return `query` with the other names that `texts` and the question itself state."""
    pairs = {pair for text in (query.text, *texts) for pair in alias_pairs(text)}
    stated = Lexicon(_groups(_with_first_words(query, pairs))).find(query.text)
    return replace(query, names=_joined((*query.names, *stated)))


def inherit(part: Query, whole: Query) -> Query:
    """Return `part` of a compound question with the names known for the whole of it."""
    known = [name for name in whole.names if fold(name.asked) in fold(part.text)]
    return replace(part, names=_joined((*part.names, *known)))


def _lookups(query: Query) -> list[list[str]]:
    """Return the searches that find what passages say of the question's names."""
    lookups = [search_terms(query.text)]
    for name in unknown_names(query)[:_NAMES]:
        terms = search_terms(name)
        lookups += [terms, [*terms, *_STATING]]
    return lookups


def unknown_names(query: Query) -> list[str]:
    """Return the words of the question that look like names: capitalised or in no dictionary."""
    explained = {fold(a.asked) for a in (*query.names, *query.synonyms)}
    latin = [name for name in _latin_names(query.text) if fold(name) not in explained]
    unknown = [
        term
        for term in query.terms
        if len(term) > 1
        and is_cjk(term[0])
        and term not in explained
        and Span(0, len(term)) not in known_words(term)
    ]
    return [*unknown, *latin]


def _latin_names(text: str) -> list[str]:
    """Return the runs of capitalised words in `text`, without a question word at the start."""
    found = []
    for run in _LATIN.findall(text):
        words = run.split(" ")
        while words and not content_terms(words[0]):
            words.pop(0)
        if words:
            found.append(" ".join(words))
    return found


def _groups(pairs: Iterable[AliasPair]) -> list[Group]:
    """Return the names of one thing together: pairs that share a name are joined."""
    groups: dict[str, list[str]] = {}
    for pair in sorted(pairs):
        members = list(dict.fromkeys(n for side in pair for n in groups.get(fold(side), [side])))
        groups |= {fold(member): members for member in members}
    return list(dict.fromkeys(tuple(members) for members in groups.values()))


def _with_first_words(query: Query, pairs: set[AliasPair]) -> set[AliasPair]:
    """Return `pairs`, and the first word of an English name where the question stops there.

    "Bojiang's margin" means Bojiang Bank; a short or a Chinese name is never cut.
    """
    asked = set(_latin_names(query.text))
    short = set()
    for pair in pairs:
        for side, other in (pair, reversed(pair)):
            first = side.split(" ")[0]
            if side.isascii() and first != side and len(first) >= _FIRST_WORD and first in asked:
                short.add(AliasPair(other, first))
    return pairs | short


def _joined(found: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Return one alternative for each wording, with all its forms in order."""
    forms: dict[str, tuple[str, ...]] = {}
    for one in found:
        forms[one.asked] = tuple(dict.fromkeys((*forms.get(one.asked, ()), *one.forms)))
    return tuple(Alternative(asked, others) for asked, others in forms.items())
