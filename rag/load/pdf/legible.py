"""A page of fragments -> whether its text can be read, or is missing or garbled.

Fonts without a mapping to Unicode and encodings that were guessed wrong give text that looks like
text to a program. Judged by what the font says and by which characters occur. Knows no PDFium.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from rag.load import furniture
from rag.load.pdf.glyphs import PageGlyphs
from rag.text import is_cjk

FEW = 50
"""Characters below which a page that is a picture has no text layer to speak of."""
UNKNOWN = 0.2
"""Share of characters without a meaning from which a text layer is of no use."""
COMMON = 0.7
"""Share of Chinese characters in everyday use below which they are a jumble; text has 0.98."""
ACCENTED = 0.3
"""Share of accented letters in those of Latin script above which they are bytes of something else."""
STRANGE = 0.3
"""Share of letters of other scripts, taken from several of them, above which they are a jumble."""
MIN_SCRIPTS = 3
VOICELESS = 0.2
"""Share of the longer words of Latin script without a vowel above which the letters are shifted."""
MIN_LETTERS = 40
"""Letters that tell something of a page."""
MIN_WORDS = 30
"""Words of four letters or more that tell something of a page."""

_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
_OTHER_SCRIPT = re.compile("[\u0370-\u2c5f\ua4d0-\uabff]")


def is_missing(page: PageGlyphs) -> bool:
    """Return whether `page` is a picture with hardly any text beside page number and watermark."""
    text = (f.text for f in page.fragments if not furniture.is_noise(f.text))
    return page.pictured and sum(map(len, text)) < FEW


def is_garbled(page: PageGlyphs) -> bool:
    """Return whether the text of `page` is not what is to be seen on it."""
    text = "".join(f.text for f in page.fragments)
    total = max(len(text), page.unmapped)
    if total < MIN_LETTERS:
        return total > 0 and page.unmapped > total / 2
    unknown = max(page.unmapped, len(_UNKNOWN.findall(text)))
    return unknown > UNKNOWN * total or is_improbable(text)


def is_improbable(text: str) -> bool:
    """Return whether nobody can have written `text`, by the characters that occur in it."""
    chinese = [c for c in text if is_cjk(c)]
    if len(chinese) >= MIN_LETTERS:
        return sum(map(_is_common, chinese)) < COMMON * len(chinese)
    letters = [c for c in text if c.isalpha()]
    if len(letters) < MIN_LETTERS:
        return False
    scripts = Counter(ord(c) >> 8 for c in letters if _OTHER_SCRIPT.match(c))
    if len(scripts) >= MIN_SCRIPTS and scripts.total() > STRANGE * len(letters):
        return True
    latin = [c for c in letters if c < "\u0250"]
    accented = sum("\u00c0" <= c <= "\u024f" for c in latin)
    if len(latin) >= MIN_LETTERS and accented > ACCENTED * len(latin):
        return True
    words = re.findall(r"[a-z]{4,}", unicodedata.normalize("NFKD", text).lower())
    voiceless = sum(not re.search("[aeiouy]", word) for word in words)
    return len(words) >= MIN_WORDS and voiceless > VOICELESS * len(words)


def _is_common(char: str) -> bool:
    """Return whether `char` is of the first level of GB 2312 or of Big5: 99 % of any text is."""
    for encoding, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            if first <= char.encode(encoding)[0] <= last:
                return True
        except UnicodeEncodeError:
            continue
    return False
