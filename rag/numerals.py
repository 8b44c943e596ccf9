"""Chinese numerals -> values: 十二, 三百五十, 二十三万五千, 一万亿, 二〇二四."""

from __future__ import annotations

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "兩": 2, "〇": 0, "○": 0}
PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}


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
