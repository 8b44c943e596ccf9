"""Figures of a sentence -> number, scale, unit: a reader that owes nothing to the one it tests.

Small on purpose: it knows the units of the case sets, leaves dates and codes alone, and reads no
words. The verifier under test reads with `rag.figures`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_WORTH = {
    "": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "万亿": 10**12,
    "million": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9, "trillion": 10**12,
}  # fmt: skip
_MEANS = {
    "US$": "USD", "$": "USD", "美元": "USD", "HK$": "HKD", "港元": "HKD", "NT$": "TWD", "新台币": "TWD",
    "元": "CNY", "RMB": "CNY", "人民币": "CNY", "percentage points": "个百分点", "percentage point": "个百分点",
}  # fmt: skip
"""Printed unit -> the name that units of one meaning share; others stand for themselves."""
_WORLDS_APART = 1000
_RATES = ("%", "个百分点", "倍")
_AMOUNT = re.compile(
    r"(?<![0-9A-Za-z._])(?<![0-9],)(?<![第前双每图表注])(?<!双 )(?<!Table )(?<!Figure )"
    r"(?P<currency>US\$|HK\$|NT\$|RMB ?|\$|€)?(?P<sign>(?<![0-9A-Za-z%])[-−])?(?<![A-Za-z]-)"
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"(?P<scale>[ \u3000]?(?:万亿|千万|百万|亿|万|千(?!瓦|克|米)|(?:trillion|billion|million|bn|mn)\b))?"
    r"(?P<unit>[ \u3000]?(?:个百分点|percentage points?|%|新台币|港元|美元|人民币|元|GWh|MWh|平方米|吨|辆|台|人|倍|家|款"
    r"|笔|个季度|个月|个|股|项|件|瓶|名|天|亩|次|年(?=[内来的期以])))?"
    r"(?![0-9A-Za-z:]|[ \u3000]?[年月日季号]|[.,][0-9]|\.[A-Z]| (?:nm|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure as printed; offsets are into the text it was read from."""

    start: int
    end: int
    text: str
    """As printed."""
    currency: str
    """Printed before the number, else empty."""
    sign: str
    digits: str
    gap: str
    """The blank between number and scale, or number and unit, in English."""
    scale: str
    unit: str
    """Printed behind, without a blank; else empty."""

    @property
    def number(self) -> Decimal:
        """Return the number before scale, without sign."""
        return Decimal(self.digits.replace(",", ""))

    @property
    def places(self) -> int:
        """Return how many decimals are printed."""
        return len(self.digits.partition(".")[2])

    @property
    def value(self) -> Decimal:
        """Return what it is worth, scale included."""
        return self.number * _WORTH[self.scale]

    @property
    def printed_unit(self) -> str:
        """Return currency or unit as printed, empty for none."""
        return self.currency.strip() or self.unit

    @property
    def meaning(self) -> str:
        """Return the unit's name: equal for US$ and 美元; empty for none."""
        return _MEANS.get(self.printed_unit, self.printed_unit)

    @property
    def bare(self) -> bool:
        """Return whether it is a number alone, as in a table's cell."""
        return not self.scale and not self.printed_unit

    @property
    def divisible(self) -> bool:
        """Return whether a further decimal makes sense: half a car does not."""
        return bool(self.scale or self.places) or self.meaning in _RATES

    def like(self, other: Amount) -> bool:
        """Return whether one might be mistaken for the other: one kind, sizes not worlds apart."""
        kinds = [(x.meaning, x.bare, bool(x.scale) or bool(x.meaning)) for x in (self, other)]
        small, large = sorted((self.value, other.value))
        return kinds[0] == kinds[1] and large <= small * _WORLDS_APART

    def renumbered(self, digits: str) -> str:
        """Return it with another number, grouped by thousands where it was."""
        if "," in self.digits and "," not in digits:
            whole, dot, decimals = digits.partition(".")
            digits = f"{int(whole):,}{dot}{decimals}"
        return self._printed(digits, self.scale, self.currency, self.unit)

    def unitless(self) -> str:
        """Return it without the unit behind, as where the sentence goes on with a unit of its own."""
        return self._printed(self.digits, self.scale, self.currency, "")

    def rescaled(self, scale: str) -> str:
        """Return it with another scale word."""
        return self._printed(self.digits, scale, self.currency, self.unit)

    def measured(self, unit: str) -> str:
        """Return it in another unit; a currency sign stays in front."""
        if self.currency:
            return self._printed(self.digits, self.scale, unit, self.unit)
        return self._printed(self.digits, self.scale, "", unit)

    def _printed(self, digits: str, scale: str, currency: str, unit: str) -> str:
        gap = self.gap if scale or unit == self.unit else ""
        return f"{currency}{self.sign}{digits}{gap}{scale}{unit}"


def amounts(text: str) -> list[Amount]:
    """Return the figures of `text` in order; years, dates, codes and numbered names are none."""
    found: list[Amount] = []
    for match in _AMOUNT.finditer(text):
        part = {name: words or "" for name, words in match.groupdict().items()}
        plain = not part["currency"] and not part["scale"] and part["unit"] in ("", "年")
        if plain and (_YEAR.fullmatch(part["digits"]) or _is_name(text, match)):
            continue
        gap = " " if (part["scale"] or part["unit"])[:1].isspace() else ""
        found.append(
            Amount(
                match.start(), match.end(), match.group(), part["currency"], part["sign"], part["digits"], gap,
                part["scale"].strip(), part["unit"].strip(),
            )
        )  # fmt: skip
    return found


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Return whether a number without unit says nothing alone: 2）, 11-02, 天猫、1688六大板块.

    Nor does the lower end of a range that has its unit at the other end: 20-30%.
    """
    start, end = match.span()
    after = text[end : end + 1]
    joined = "\u3400" <= after <= "\u9fff" and after not in "和与及至到"
    if re.match(r"[-–—~至到][0-9]", text[end : end + 2]) or re.match(
        r"[0-9][-–]", text[start - 2 : start]
    ):
        return True
    return match["digits"].isdigit() and not match["unit"] and (after in ("）", ")") or joined)


def says(one: Amount, source: Amount, *, strict: bool = False) -> bool:
    """Return whether `one` states `source`: the same value, or rounded half up to fewer digits.

    A unit or scale left out by either side is no difference, as in a table whose head names it;
    with `strict` it is.
    """
    if strict and (one.meaning != source.meaning or one.bare != source.bare):
        return False
    if one.meaning != source.meaning and one.meaning and source.meaning:
        return False
    if one.bare != source.bare:
        return one.number == source.number
    step = Decimal(_WORTH[one.scale]).scaleb(-one.places)
    rounded = (source.value / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    return one.value == source.value or (bool(one.value) and one.value == rounded)
