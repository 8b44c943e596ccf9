"""An Excel number format code -> its tokens, and what they say of dates.

The codes are those of ECMA-376, part 1, 18.8.30 and 18.8.31. Knows nothing of values.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

GENERAL = "General"
MAX_CODE = 255
"""Characters of a code that are read; Excel allows no more."""

_CJK_DATE = 'yyyy"年"m"月"d"日"'
_CJK_MONTH = 'yyyy"年"m"月"'
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 27: _CJK_MONTH,
    28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: _CJK_DATE, 32: "h:mm", 33: "h:mm:ss",
    34: "h:mm", 35: "h:mm:ss", 36: _CJK_MONTH, 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: '#,##0;-#,##0;"-"',
    42: '"¥"#,##0;-"¥"#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"',
    44: '"¥"#,##0.00;-"¥"#,##0.00;"-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "##0.0E+0",
    50: _CJK_MONTH, 51: 'm"月"d"日"', 52: _CJK_MONTH, 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: "h:mm", 56: "h:mm:ss", 57: _CJK_MONTH, 58: 'm"月"d"日"',
}  # fmt: skip
"""Number -> code of the formats that a file does not spell out, as Chinese Excel shows them."""


_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|[_*].|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|(?P<elapsed>\[[hms]+\])|\[[^\]]*\]|(?P<general>General|G/通用格式|@)|(?P<exponent>E[+-])"
    r"|(?P<meridiem>AM/PM|A/P|上午/下午)|(?P<date>y+|m+|d+|h+|s+|e+|a{3,}|b+)"
    r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>[%％])|(?P<slash>/)|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_PIECE = re.compile(r'"[^"]*"?|[\\!].|\[[^\]]*\]?|.', re.DOTALL)
_TEXT = ("quoted", "escaped", "currency")


class Token(NamedTuple):
    """A part of a code: what it is, and the characters that are shown of it."""

    kind: str
    text: str


def sections_of(code: str) -> list[str]:
    """Return the sections of a code: for positive numbers, negative ones, zero, text."""
    sections = [""]
    for piece in _PIECE.findall(code[:MAX_CODE]):
        if piece == ";":
            sections.append("")
        else:
            sections[-1] += piece
    return sections


@functools.lru_cache(maxsize=1024)
def tokens_of(section: str) -> tuple[Token, ...]:
    """Return the tokens of one section of a code, without what only colours or pads."""
    found = ((m.lastgroup, m[m.lastgroup]) for m in _TOKEN.finditer(section) if m.lastgroup)
    return tuple(Token("literal" if kind in _TEXT else kind, text) for kind, text in found)


@functools.lru_cache(maxsize=1024)
def is_date(code: str) -> bool:
    """Return whether `code` shows a date or a time."""
    tokens = tokens_of(sections_of(code)[0])
    letters = {t.text[0].lower() for t in tokens if t.kind == "date"}
    kinds = {token.kind for token in tokens}
    return "general" not in kinds and bool("elapsed" in kinds or letters & set("ymdhs"))


def units_of(tokens: tuple[Token, ...]) -> set[str]:
    """Return which of y, m (month), d, h, n (minute), s a code shows."""
    letters = [t.text.strip("[]")[0].lower() for t in tokens if t.kind in ("date", "elapsed")]
    units: set[str] = set()
    for i, letter in enumerate(letters):
        # An m behind hours or before seconds is a minute.
        minute = letter == "m" and (
            "h" in letters[max(0, i - 1) : i] or "s" in letters[i + 1 : i + 2]
        )
        units.add("n" if minute else {"e": "y"}.get(letter, letter))
    return units & set("ymdhns")
