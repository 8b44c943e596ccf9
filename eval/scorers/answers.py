"""What an answer says against what it should say: a `Case` and a text -> numbers.

Knows nothing of passages or citations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from eval.cases import Case
from eval.scorers.matching import flatten, holds, numerals
from rag import figures
from rag.figures import Agreement, Figure
from rag.trend import Role
from rag.units import Kind

_SEVERAL = frozenset({"multi", "compare", "list", "paired", "crossdoc", "partial"})
"""Kinds of question that ask for more than one thing: what is excess there is open to dispute."""
_YEARS = frozenset({"2021", "2022", "2023", "2024", "2025"})
"""A year beside a figure says when it was, not something more."""
_TELLING = 3
"""Fewer significant digits are alike by chance, so that units must be comparable too."""
_RATIOS = frozenset({Kind.PERCENT, Kind.POINTS, Kind.BASIS_POINTS, Kind.MULTIPLE})
_AMOUNTS = frozenset({Kind.MONEY, Kind.COUNT})


def correct(case: Case, answer: str, refused: bool) -> float:
    """Return 1.0 for a right outcome, else 0.0.

    Right is, when answerable: not refused, one form of every fact held, nothing forbidden held;
    when not: refused, and nothing forbidden held.
    """
    if any(holds(answer, form) for form in case.forbidden):
        return 0.0
    if not case.answerable:
        return float(refused)
    return float(not refused and all(_states(answer, forms) for forms in case.answers))


def unit_slip(case: Case, answer: str, refused: bool) -> float | None:
    """Return 1.0 when a required figure is given with its digits right and its size or unit wrong.

    ``53.09亿`` for ``530.9亿``, ``5个百分点`` for ``5%``, ``82亿美元`` for ``82亿元``. Figures of
    one or two significant digits count only where both are ratios or both amounts: ``9家`` is no
    slip for ``9%``. None for a refusal and where no fact is a figure (dates are none).
    """
    gold = [[f for form in forms for f in _figures_of(form)] for forms in case.answers]
    if refused or not case.answerable or not any(gold):
        return None
    right = [figure for group in gold for figure in group]
    stray = [f for f in _figures_of(answer) if not any(_agree(f, other) for other in right)]
    missed = (
        group for forms, group in zip(case.answers, gold, strict=True) if not _states(answer, forms)
    )
    return float(any(_slipped(f, g) for group in missed for g in group for f in stray))


def char_f1(case: Case, answer: str, refused: bool) -> float | None:
    """Return the F1 of the characters that answer and gold wording share, as multisets.

    The gold wording is, fact by fact, the longest form that the answer holds, else the first.
    Both sides are flattened (`eval.scorers.matching.flatten`). A refused question scores 0.0; None
    when there is nothing to answer.
    """
    if not case.answerable:
        return None
    given = Counter("" if refused else flatten(answer))
    gold = Counter("".join(flatten(_closest(answer, forms)) for forms in case.answers))
    shared = (given & gold).total()
    return 2 * shared / (given.total() + gold.total()) if shared else 0.0


def excess_figures(case: Case, answer: str, refused: bool) -> float | None:
    """Return how many figures of a right answer nobody asked for.

    Counted is each numeral that neither the question nor an accepted form holds, years of the
    reports (2021 to 2025) and citation labels aside. None unless the answer is right and the
    question asks for one thing.
    """
    if not _right_and_single(case, answer, refused):
        return None
    forms = (form for forms in case.answers for form in forms)
    known = _YEARS.union(*(numerals(text) for text in (case.question, *forms)))
    return float(sum(numeral not in known for numeral in numerals(answer)))


def answer_chars(case: Case, answer: str, refused: bool) -> float | None:
    """Return the length of a right answer, labels included; None as for `excess_figures`."""
    return float(len(answer)) if _right_and_single(case, answer, refused) else None


def _right_and_single(case: Case, answer: str, refused: bool) -> bool:
    single = case.answerable and case.kind not in _SEVERAL
    return single and correct(case, answer, refused) == 1.0


def _states(answer: str, forms: Iterable[str]) -> bool:
    return any(holds(answer, form) for form in forms)


def _closest(answer: str, forms: Sequence[str]) -> str:
    return max((form for form in forms if holds(answer, form)), key=len, default=forms[0])


def _figures_of(text: str) -> list[Figure]:
    """Return the figures of `text` that are no dates or ranges, growth and decline disregarded."""
    return [
        replace(figure, direction=0, role=Role.OPEN)
        for figure in figures.find(text)
        if figure.kind is not Kind.DATE and figure.high is None
    ]


def _agree(one: Figure, other: Figure) -> bool:
    return figures.agree(one, other) is not Agreement.NONE


def _slipped(given: Figure, gold: Figure) -> bool:
    """Return whether two figures that do not agree have the same significant digits."""
    digits = _digits(gold)
    if not digits or _digits(given) != digits:
        return False
    return len(digits) >= _TELLING or _comparable(given, gold)


def _comparable(one: Figure, other: Figure) -> bool:
    if {one.kind, other.kind} <= _RATIOS:
        return True
    if not {one.kind, other.kind} <= _AMOUNTS:
        return False
    # 9亿 may be of money; 9款 may not.
    return one.unit == other.unit or all(f.kind is Kind.MONEY or not f.unit for f in (one, other))


def _digits(figure: Figure) -> str:
    return figure.mantissa.replace(".", "").strip("0")
