"""Rows of fragments -> the same with fractions set on their line, as ``(a)/(b)``.

A fraction is set in two rows, above and below the line it belongs to; read row by row it would tear
the sentence around it. Knows geometry and which characters are mathematical, nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from rag.load.pdf.glyphs import Fragment

NEAR = 1.1
"""Ems between the baseline of a line and those of the halves of a fraction in it at most."""
SLACK = 2.0
"""Points by which a half may reach over the gap that is left for it."""

_OPEN = re.compile(r"[=＝∙·×(（+\-−]\s*$")


def with_fractions(rows: Sequence[list[Fragment]]) -> list[list[Fragment]]:
    """Return `rows`, top to bottom, each from left to right, with fractions put in their gaps."""
    found: list[list[Fragment]] = []
    at = 0
    while at < len(rows):
        row = rows[at]
        trio = rows[at : at + 3]
        joined = _joined(*trio) if len(trio) == 3 else None
        found.append(joined or row)
        at += 3 if joined else 1
    return found


def is_mathematical(text: str) -> bool:
    """Return whether `text` holds a character that only formulas do."""
    return any("\U0001d400" <= c <= "\U0001d7ff" or unicodedata.category(c) == "Sm" for c in text)


def _joined(
    above: list[Fragment], line: list[Fragment], below: list[Fragment]
) -> list[Fragment] | None:
    """Return `line` with the fractions that `above` and `below` are the halves of; None if not all."""
    size = max(f.size for f in line)
    middle = max(line, key=lambda f: len(f.text)).baseline
    if any(f.text.endswith("{") for f in line):
        return None  # cases of a definition, not halves
    if not 0 < middle - _baseline(above) < NEAR * size > _baseline(below) - middle > 0:
        return None
    gaps = _gaps(line)
    placed: list[Fragment] = []
    rest = list(below)
    for top in above:
        bottom = next((f for f in rest if f.x0 < top.x1 and top.x0 < f.x1), None)
        halves = [top, bottom] if bottom else [top]
        if not any(_fits(halves, *gap) for gap in gaps):
            return None
        if bottom:
            rest.remove(bottom)
        placed.append(_fraction(top, bottom, middle, size))
    if rest or not any("/" in f.text for f in placed):
        return None
    if not _is_formula(above, line, below):
        return None
    return sorted([*line, *placed], key=lambda f: f.x0)


def _is_formula(above: list[Fragment], line: list[Fragment], below: list[Fragment]) -> bool:
    """Return whether the rows are a formula, not of a table whose label stands between two rows."""
    if any(is_mathematical(f.text) for f in (*above, *below)):
        return True
    return any(_OPEN.search(f.text) and "=" in f.text.replace("＝", "=") for f in line)


def _baseline(row: Sequence[Fragment]) -> float:
    return max(row, key=lambda f: len(f.text)).baseline


def _gaps(line: Sequence[Fragment]) -> list[tuple[float, float]]:
    """Return where there is room on `line`: between its fragments and behind the last."""
    starts = [f.x1 for f in line]
    ends = [*(f.x0 for f in line[1:]), float("inf")]
    return list(zip(starts, ends, strict=True))


def _fits(halves: Sequence[Fragment], start: float, end: float) -> bool:
    left, right = min(f.x0 for f in halves), max(f.x1 for f in halves)
    near = end < float("inf") or left - start < 2 * halves[0].size
    return start - SLACK <= left and right <= end + SLACK and near


def _fraction(top: Fragment, bottom: Fragment | None, baseline: float, size: float) -> Fragment:
    """Return one fragment for both halves; a half alone is an exponent or an index."""
    if bottom is None:
        return replace(top, baseline=baseline)
    halves = (f"({f.text})" if re.search(r"\W", f.text) else f.text for f in (top, bottom))
    return replace(
        top,
        text="/".join(halves),
        x0=min(top.x0, bottom.x0),
        x1=max(top.x1, bottom.x1),
        baseline=baseline,
        size=size,
    )
