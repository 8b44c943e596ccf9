"""A day count or a date, and an Excel format code -> an ISO date or time, as precise as shown."""

from __future__ import annotations

import datetime

from rag.load.sheet.codes import Token, sections_of, tokens_of, units_of

_LAST_DAY = 2_958_465
"""9999-12-31, counted in days."""
_EPOCH = datetime.datetime(1899, 12, 30)
_EPOCH_1904 = datetime.datetime(1904, 1, 1)

Moment = datetime.date | datetime.time | datetime.timedelta


def moment_of(days: float, from_1904: bool = False) -> datetime.datetime | None:
    """Return the moment that Excel stores as a number of days; None for what is none.

    Args:
        days: Whole days and the part of a day.
        from_1904: Whether days are counted from 1904, as old Macintosh files do.
    """
    if not 0 <= days <= _LAST_DAY:
        return None
    try:
        seconds = round(days * 86_400)
        return (_EPOCH_1904 if from_1904 else _EPOCH) + datetime.timedelta(seconds=seconds)
    except OverflowError:
        return None


def moment_shown(moment: Moment, code: str) -> str:
    """Return a date or time in ISO form, as precisely as the format `code` shows it.

    >>> moment_shown(datetime.date(2024, 9, 1), 'yyyy"年"m"月"')
    '2024-09'
    """
    tokens = tokens_of(sections_of(code)[0])
    units = units_of(tokens)
    if any(token.kind == "elapsed" for token in tokens) and isinstance(moment, datetime.datetime):
        moment = moment - _EPOCH
    if isinstance(moment, datetime.timedelta):
        return _hours(round(moment.total_seconds()), "s" in units)
    if isinstance(moment, datetime.time):
        return _clock(moment, units)
    if units == {"y"}:
        return _year(moment.year, tokens)
    if units == {"y", "m"}:
        return f"{moment.year:04d}-{moment.month:02d}"
    timed = isinstance(moment, datetime.datetime) and moment.time() != datetime.time()
    if not isinstance(moment, datetime.datetime):
        return moment.isoformat()
    if units and not units & set("ymd"):
        return _clock(moment.time(), units)
    shows_time = timed and (not units or "h" in units)
    return moment.date().isoformat() + (f" {_clock(moment.time(), units)}" if shows_time else "")


def _year(year: int, tokens: tuple[Token, ...]) -> str:
    """Return a year with what is written beside it: ``2025E``."""
    return "".join(str(year) if t.kind == "date" else t.text for t in tokens).strip()


def _clock(time: datetime.time, units: set[str]) -> str:
    return time.strftime("%H:%M:%S" if "s" in units else "%H:%M")


def _hours(seconds: int, with_seconds: bool) -> str:
    sign = "-" if seconds < 0 else ""
    minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02d}" + (f":{rest:02d}" if with_seconds else "")
