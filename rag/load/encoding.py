"""Bytes of a text file -> text, whatever the encoding. Knows no format and no file."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

import charset_normalizer

MAX_DAMAGE = 0.05
"""Share of the characters beyond ASCII that may be broken in a file of a known encoding."""
MIN_COMMON = 0.7
"""Share of the characters beyond ASCII that GB 2312 must hold for a file to be Chinese GB 18030.

A Big5, Shift-JIS or Windows-1252 file often decodes as GB 18030 without an error, but into rare
characters: GB 2312 has the 6,763 that make up more than 99.7 % of running text.
"""
MIN_EXPECTED = 0.95
"""Share of letters, ideographs and punctuation from which bytes may be UTF-16 without a mark."""
MIN_FAMILIAR = 0.6
"""Share of ASCII and GB 2312 characters that such a text must have; script of Taiwan has 0.67."""
MAX_ACCENTS = 0.1
"""Share of bytes beyond ASCII below which a text in no Chinese encoding is Western."""
MAX_BROKEN = 0.3
"""Share of undecodable characters from which bytes are no text, whatever mark they begin with."""
MAX_CONTROL = 0.02
"""Share of control characters from which bytes are no text."""

# UTF-32 before UTF-16: its little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "hz": "hz"}
_EXPECTED = re.compile(
    r"[\t\n\r\x20-\x7e\u00a0-\u024f\u2010-\u203b\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]"
)
_BROKEN = "\ufffd"


class UndecodableError(ValueError):
    """The bytes are no text in any encoding that could be told."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was read."""

    text: str
    """Without byte order mark; ``U+FFFD`` where bytes were broken."""
    encoding: str

    @property
    def broken(self) -> int:
        """Return how many characters could not be decoded."""
        return self.text.count(_BROKEN)


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Return the text of `data`.

    The ladder: byte order mark, UTF-8, UTF-16 without a mark, the encoding that the file
    declares, GB 18030, damaged UTF-8 or GB 18030, and last what charset-normalizer guesses.

    Args:
        data: The whole file.
        declared: The encoding an HTML file names in its head; believed only after UTF-8, because
            converted files often keep the old name.

    Raises:
        UndecodableError: The bytes are binary, or no encoding fits.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _checked(Decoded(data.decode(name, errors="replace"), name))
    steps = (_utf8, _utf16, lambda raw: _declared(raw, declared), _gb18030, _damaged, _guessed)
    found = next((decoded for step in steps if (decoded := step(data))), None)
    if found is None:
        raise UndecodableError("no encoding fits")
    return _checked(found)


def _checked(decoded: Decoded) -> Decoded:
    """Return `decoded` when it reads like text; a decoder that does not object proves little."""
    text = decoded.text
    control = sum(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f" for c in text)
    if control > MAX_CONTROL * len(text) or decoded.broken > MAX_BROKEN * len(text):
        raise UndecodableError("control characters")
    return decoded


def _utf8(data: bytes) -> Decoded | None:
    # A NUL is valid UTF-8, but no text has one: with NULs it is UTF-16 or binary.
    return None if b"\0" in data else _strict(data, "utf-8")


def _utf16(data: bytes) -> Decoded | None:
    """Return `data` as UTF-16 when one byte order gives expected characters, some of them common."""
    if len(data) % 2:
        return None
    for name in ("utf-16-le", "utf-16-be"):
        decoded = _strict(data, name)
        if not decoded or len(_EXPECTED.findall(decoded.text)) < MIN_EXPECTED * len(decoded.text):
            continue
        if sum(c.isascii() or _in_gb2312(c) for c in decoded.text) >= MIN_FAMILIAR * len(
            decoded.text
        ):
            return decoded
    return None


def _declared(data: bytes, declared: str | None) -> Decoded | None:
    if not declared or b"\0" in data:
        return None
    name = declared.strip().lower()
    try:
        return _strict(data, codecs.lookup(_ALIASES.get(name, name)).name)
    except LookupError:
        return None


def _gb18030(data: bytes) -> Decoded | None:
    decoded = None if b"\0" in data else _strict(data, "gb18030")
    return decoded if decoded and _is_common_chinese(decoded.text) else None


def _damaged(data: bytes) -> Decoded | None:
    """Return `data` with a few broken characters, in the encoding that breaks fewest."""
    if b"\0" in data:
        return None
    tries = [Decoded(data.decode(n, errors="replace"), n) for n in ("utf-8", "gb18030")]
    best = min(tries, key=lambda decoded: decoded.broken)
    beyond_ascii = sum(not c.isascii() for c in best.text)
    if best.broken > MAX_DAMAGE * beyond_ascii:
        return None
    return best if best.encoding == "utf-8" or _is_common_chinese(best.text) else None


def _guessed(data: bytes) -> Decoded | None:
    if b"\0" in data:
        return None
    if sum(byte > 0x7F for byte in data) < MAX_ACCENTS * len(data):
        # Too few letters for statistics; Western text with an accent here and there.
        western = _strict(data, "cp1252")
        if western:
            return western
    best = charset_normalizer.from_bytes(data).best()
    return Decoded(str(best), best.encoding) if best else None


def _strict(data: bytes, name: str) -> Decoded | None:
    try:
        return Decoded(data.decode(name), name)
    except UnicodeDecodeError:
        return None


def _is_common_chinese(text: str) -> bool:
    beyond_ascii = [c for c in text if not c.isascii() and c != _BROKEN]
    common = sum(_in_gb2312(c) for c in beyond_ascii)
    return common >= MIN_COMMON * len(beyond_ascii)


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
