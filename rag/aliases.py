"""Nicknames, English names and stock codes of companies -> their other names.

The names of well-known companies come with the package (``rag/data/aliases.txt``). A user adds
others, in lines of the same form, for all indexes in ``aliases.txt`` of the configuration folder
(``RAG_CONFIG``, else the platform's), for one index in ``aliases.txt`` of its folder::

    腾讯 | Tencent | 鹅厂 | 0700.HK

Knows nothing of documents; what they say of names is read by `rag.naming`.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from rag import lexicon
from rag.lexicon import Alternative, Lexicon
from rag.text import is_cjk

CONFIG_VARIABLE = "RAG_CONFIG"
FILE = "aliases.txt"
_OWN = Path(__file__).parent / "data" / FILE
_ASIAN = re.compile(r"(\d{4,6})\.(HK|SH|SZ|BJ|TW|TWO|KS)")
_AMERICAN = re.compile(r"([A-Z]{2,5})\.US")
CODE = re.compile(
    r"~?(?:(?:SH|SZ|HK)?\d{3,6}(?:[. ](?:HK|SH|SZ|SS|BJ|TW|TWO|KS|CH))?|[A-Z]{2,5}[. ]US)"
)
"""A spelling of a stock code, which says nothing to a full-text search by words."""


def expand(question: str, folder: Path | None = None) -> tuple[Alternative, ...]:
    """Return the companies that `question` names, each with its other names, in order.

    Args:
        question: In simplified script, letters and digits half-width.
        folder: Of an index; its own list counts too.

    Raises:
        LexiconError: A list has a bad line; the message says which.
    """
    listed = dictionary(folder)
    found = listed.find(question)
    words = _OPENS.format("|".join(_common(listed)))
    for name in re.findall(words, question):
        group = next(g for g in listed.groups if f"~{name}" in g)
        forms = tuple(form.removeprefix("~") for form in group if form != f"~{name}")
        if all(name not in one.asked for one in found):
            found = (Alternative(name, forms), *found)
    return found or _by_bare_code(question, listed)


_BARE = re.compile(
    r"(?!(?:19|20)[0-9]{2}(?![0-9]))[0-9]{3,5}(?![0-9.,:/-]|\s*[%年月日号万亿千百元个家台股点倍天])"
)


def _by_bare_code(question: str, listed: Lexicon) -> tuple[Alternative, ...]:
    """Return the company whose Hong Kong code, without the exchange, opens the question: 3690 25E PE."""
    opening = _BARE.match(question)
    if opening is None:
        return ()
    code = f"{int(opening.group()):04d}.HK"
    return tuple(Alternative(opening.group(), group) for group in listed.groups if code in group)


_OPENS = r"(?:^|(?<=[跟和与、，,：:]))(?:{0})(?=[0-9]{{2}}|[跟和与、]|[上前下][半一二三]|[去今]年|[一二三四]季度|Q[1-4])"
"""Where a name that is also a common word (美的, 理想) stands as a name: it opens what is asked."""


@functools.lru_cache(maxsize=16)
def _common(listed: Lexicon) -> tuple[str, ...]:
    """Return the Chinese names that are too common to be looked for anywhere."""
    forms = {form[1:] for group in listed.groups for form in group if form.startswith("~")}
    return tuple(sorted(re.escape(f) for f in forms if is_cjk(f[0]) and len(f) > 1)) or ("(?!)",)


@functools.lru_cache(maxsize=512)
def longer(forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return the listed names of other things that begin with one of `forms`: 阿里云 with 阿里."""
    own = {form.lower() for form in forms}
    listed = {form for group in dictionary().groups for form in group}
    begun = tuple(form for form in own if is_cjk(form[0]))
    return tuple(sorted(f for f in listed if f.lower().startswith(begun) and f.lower() not in own))


def dictionary(folder: Path | None = None) -> Lexicon:
    """Return the names that come with the package and the user's own, for an index in `folder`.

    Raises:
        LexiconError: A list has a bad line; the message says which.
    """
    paths = [config_folder() / FILE, *([folder / FILE] if folder else [])]
    return _merged(tuple((path, path.stat().st_mtime_ns) for path in paths if path.is_file()))


def config_folder() -> Path:
    """Return the folder of the user's own lists; it need not exist."""
    named = os.environ.get(CONFIG_VARIABLE)
    return (
        Path(named).expanduser() if named else platformdirs.user_config_path("rag-research-reports")
    )


@functools.lru_cache(maxsize=16)
def _merged(files: tuple[tuple[Path, int], ...]) -> Lexicon:
    """Return the lexicon of all lists; read again when a file has a new time."""
    groups = [group for path, _ in files for group in lexicon.read(path, spellings)]
    return Lexicon((*groups, *lexicon.read(_OWN, spellings)))


def spellings(form: str) -> Iterator[str]:
    """Yield `form`, and the other spellings of a stock code.

    0700.HK is also 00700.HK, 700.HK, 0700 HK, 00700; 600519.SH also 600519.SS, 600519; PDD.US
    also PDD.
    """
    yield form
    if code := _ASIAN.fullmatch(form):
        digits, exchange = code.groups()
        if exchange == "HK":
            shorter = digits.lstrip("0")
            yield from (f"{d}{dot}HK" for d in (digits, shorter, digits.zfill(5)) for dot in ". ")
            yield digits.zfill(5)
        elif exchange in ("SH", "SZ", "BJ"):
            yield from (digits, f"{exchange}{digits}", f"{digits} {exchange}", f"{digits} CH")
            if exchange == "SH":
                yield f"{digits}.SS"
    elif code := _AMERICAN.fullmatch(form):
        yield f"{code[1]} US"
        if len(code[1]) > 2:
            yield code[1]
