"""Chinese numerals -> values (十二, 三百五十, 一万亿, 二〇二四); full-width digits -> half-width."""

from __future__ import annotations

import re

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2, "〇": 0, "○": 0}
PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

_HALF_WIDTH = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if chr(c) not in "，：；！？（）"}
_HALF_WIDTH |= {0xFFE5: 0xA5, 0xFFE1: 0xA3, 0xFE63: 0x2D, 0xFE6A: 0x25}
_GROUPING = re.compile(r"(?<=[0-9])，(?=[0-9]{3}(?![0-9]))")


def half_width(text: str) -> str:
    """Return `text` with full-width digits, letters and signs in half width, one for one.

    Offsets stay. Sentence punctuation keeps its width, except a comma between groups of digits.
    """
    return _GROUPING.sub(",", text.translate(_HALF_WIDTH))


def value(text: str) -> int:
    """Return the value of a numeral; one without places (二〇二四) is read digit by digit."""
    if not set(text) & (PLACES.keys() | _MYRIADS.keys()):
        return int("".join(str(DIGITS[c]) for c in text))
    total = section = digit = 0
    for char in text:
        if char in _MYRIADS:
            section += digit
            if char in "亿億":
                total, section = (total + section) * _MYRIADS[char], 0
            else:
                total, section = total + section * _MYRIADS[char], 0
            digit = 0
        elif char in PLACES:
            section += (digit or 1) * PLACES[char]
            digit = 0
        else:
            digit = DIGITS[char]
    return total + section + digit


def step(text: str) -> int:
    """Return the worth of the last place named: 十亿 is printed to the 亿."""
    return _MYRIADS.get(text[-1:], 1)
