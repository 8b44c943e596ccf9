"""A number and an Excel number format -> the number as Excel shows it.

A cell of 0.0823 in the format ``0.0%`` reads 8.2% on the screen, so 8.2% is what the report says.
Knows nothing of files.
"""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal

from rag.load.sheet.codes import Token, is_date, sections_of, tokens_of
from rag.load.sheet.moments import moment_of, moment_shown

MAX_DECIMALS = 12
MAX_PERCENTS = 2
_DIGITS = 10
"""Significant digits of a number without a format; Excel shows 11 at most, fewer in a narrow cell."""
_BEYOND = 1e15
"""Excel keeps 15 digits, so that a format says nothing about larger numbers."""

_EXACT = Context(prec=60)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")


def shown(value: float, code: str, from_1904: bool = False) -> str:
    """Return `value` as Excel shows it in the format `code`; dates in ISO form.

    >>> shown(0.0823, "0.0%"), shown(1234567.8, "#,##0"), shown(2025, '0"E"')
    ('8.2%', '1,234,568', '2025E')

    Args:
        value: What the cell holds.
        code: Its format; what is not understood is shown as if there were none.
        from_1904: Whether days are counted from 1904, as old Macintosh files do.
    """
    if not abs(value) < _BEYOND:
        return general(value) if math.isfinite(value) else ""
    if is_date(code):
        moment = moment_of(value, from_1904)
        return general(value) if moment is None else moment_shown(moment, code)
    section, negative = _chosen(value, code)
    tokens = tokens_of(section)
    kinds = {token.kind for token in tokens}
    if "general" in kinds:
        number = general(abs(value))
        written = "".join(number if t.kind == "general" else t.text for t in tokens)
    elif {"slash", "digit"} <= kinds:
        written = general(abs(value))
    elif "exponent" in kinds:
        written = _scientific(abs(value), tokens)
    else:
        written = _placed(abs(value), tokens)
    return ("-" if negative and re.search(r"[1-9]", written) else "") + written.strip()


def general(value: float) -> str:
    """Return `value` without a format: as many digits as say something."""
    if abs(value) < _BEYOND and value == int(value):
        return str(int(value))
    return f"{value:.{_DIGITS}g}"


def _chosen(value: float, code: str) -> tuple[str, bool]:
    """Return the section of `code` for `value`, and whether it needs a minus sign of its own."""
    sections = sections_of(code)
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        for section, found in zip(sections, conditions, strict=True):
            if found is None or _holds(value, found[1], float(found[2])):
                return section, value < 0
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], value < 0


def _holds(value: float, sign: str, bound: float) -> bool:
    return {
        "<": value < bound, ">": value > bound, "=": value == bound,
        "<=": value <= bound, ">=": value >= bound, "<>": value != bound,
    }[sign]  # fmt: skip


def _placed(value: float, tokens: tuple[Token, ...]) -> str:
    """Return `value` with its digits in the places that the tokens hold for them."""
    digits = [i for i, token in enumerate(tokens) if token.kind == "digit"]
    if not digits:
        return "".join(t.text for t in tokens if t.kind in ("literal", "percent"))
    point = next((i for i, token in enumerate(tokens) if token.kind == "point"), None)
    whole = [i for i in digits if point is None or i < point]
    behind = [i for i in digits if point is not None and i > point][:MAX_DECIMALS]
    # A comma between digits groups them; one behind the last digit before the point divides.
    end = len(tokens) if point is None else point
    commas = [i for i, token in enumerate(tokens) if token.kind == "comma"]
    scale = sum(i > max(whole, default=-1) and i < end for i in commas)
    scale += sum(i > digits[-1] for i in commas if i >= end)
    grouped = any(i < max(whole, default=-1) for i in commas)
    percents = min(sum(t.kind == "percent" for t in tokens), MAX_PERCENTS)
    exact = Decimal(repr(value)) * 100**percents / 1000**scale
    rounded = exact.quantize(Decimal(1).scaleb(-len(behind)), ROUND_HALF_UP, _EXACT)
    left, _, right = f"{rounded:f}".partition(".")
    filled = _whole(left, [tokens[i].text for i in whole], grouped)
    filled += _decimals(right, [tokens[i].text for i in behind])
    places = dict(zip([*whole, *behind], filled, strict=True))
    decimals = "".join(places[i] for i in behind).strip()
    written = []
    for i, token in enumerate(tokens):
        if token.kind == "digit":
            written.append(places.get(i, ""))
        elif token.kind == "point":
            written.append("." if i == point and decimals else "")
        elif token.kind in ("literal", "percent"):
            written.append(token.text)
    return "".join(written)


def _whole(digits: str, places: list[str], grouped: bool) -> list[str]:
    """Return what stands in each place before the point; the first holds all that is left."""
    digits = digits.lstrip("0").rjust(sum(place == "0" for place in places), "0")
    filled: list[str] = []
    used = 0
    for number, _ in enumerate(reversed(places), start=1):
        count = len(digits) if number == len(places) else 1
        taken = ""
        while count and digits:
            taken = digits[-1] + ("," if grouped and used and used % 3 == 0 else "") + taken
            digits = digits[:-1]
            used += 1
            count -= 1
        filled.append(taken)
    return list(reversed(filled))


def _decimals(digits: str, places: list[str]) -> list[str]:
    """Return what stands in each place behind the point: ``#`` and ``?`` show no closing zeros."""
    filled = list(digits.ljust(len(places), "0")[: len(places)])
    for i in range(len(places) - 1, -1, -1):
        if filled[i] != "0" or places[i] == "0":
            break
        filled[i] = ""
    return filled


def _scientific(value: float, tokens: tuple[Token, ...]) -> str:
    kinds = [token.kind for token in tokens]
    exponent = kinds.index("exponent")
    point = kinds.index("point") if "point" in kinds[:exponent] else exponent
    decimals = kinds[point:exponent].count("digit")
    return f"{value:.{min(decimals, MAX_DECIMALS)}E}"
