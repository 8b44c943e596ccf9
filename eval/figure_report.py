"""A finished figure test -> its rates with intervals, and the worklist of what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eval.estimates import Estimate, estimate
from eval.injected import CAUGHT, FALSE_ALARMS, FigureTest, Outcome, Trial
from eval.injections import Error
from eval.statements import Form


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of the trials of one group, and how they ended."""

    metric: str
    """``caught`` of planted errors, higher is better; ``false_alarm`` of true sentences, lower."""
    group: str
    """A kind of error or form of statement; ``all``."""
    share: Estimate
    """Wilson interval; trials of one case are alike, so the truth is somewhat wider."""
    outcomes: dict[str, int]


def rates(test: FigureTest) -> list[Rate]:
    """Return the rates: caught over all and by kind of error, then false alarms likewise by form.

    A group without trials is left out.
    """
    planted = [t for t in test.trials if t.injection]
    true = [t for t in test.trials if not t.injection]
    rows = [_rate("caught", "all", planted)]
    rows += [
        _rate("caught", error, [t for t in planted if t.injection and t.injection.error is error])
        for error in Error
    ]
    rows.append(_rate("false_alarm", "all", true))
    rows += [_rate("false_alarm", form, [t for t in true if t.form is form]) for form in Form]
    return [row for row in rows if row]


def _rate(metric: str, group: str, trials: Sequence[Trial]) -> Rate | None:
    counted = CAUGHT if metric == "caught" else FALSE_ALARMS
    share = estimate(float(t.outcome in counted) for t in trials)
    outcomes = Counter(t.outcome for t in trials)
    ordered = {str(o): outcomes[o] for o in Outcome if outcomes[o]}
    return Rate(metric, str(group), share, ordered) if share else None


def failures(test: FigureTest) -> list[Trial]:
    """Return the misses by kind of error, what was cut badly, then the false alarms by outcome."""
    missed = [
        t
        for outcome in (Outcome.MISSED, Outcome.ORPHANED)
        for error in Error
        for t in test.trials
        if t.outcome is outcome and _error(t) is error
    ]
    alarms = [t for o in FALSE_ALARMS for t in test.trials if not t.injection and t.outcome is o]
    return missed + alarms


def worklist(test: FigureTest, title: str) -> str:
    """Return every miss and false alarm in full, as Markdown to read."""
    lines = [f"# {title}", ""]
    for row in rates(test):
        told = ", ".join(f"{name} {count}" for name, count in row.outcomes.items())
        lines.append(f"- {row.metric} {row.group}: {row.share} ({told})")
    if test.skipped:
        lines += ["", f"Nothing could be stated for: {', '.join(test.skipped)}"]
    heading = ""
    for trial in failures(test):
        if (now := _heading(trial)) != heading:
            lines += ["", f"## {now}"]
            heading = now
        lines += ["", *_told(trial)]
    return "\n".join(lines) + "\n"


def rows(trials: Iterable[Trial]) -> list[dict[str, Any]]:
    """Return trials as JSON objects."""
    return [
        {
            "case": t.case,
            "question": t.question,
            "form": t.form,
            "truth": t.truth,
            "error": t.injection.error if t.injection else None,
            "was": t.injection.was if t.injection else None,
            "planted": t.injection.planted if t.injection else None,
            "text": t.injection.text if t.injection else t.truth,
            "outcome": t.outcome,
            "shown": t.shown,
            "reason": t.reason,
            "quotes": list(t.quotes),
            "passages": list(t.passages),
        }
        for t in trials
    ]


def _error(trial: Trial) -> Error | None:
    return trial.injection.error if trial.injection else None


def _heading(trial: Trial) -> str:
    error = _error(trial)
    return f"{trial.outcome}: {error}" if error else f"false alarm: {trial.outcome}"


def _told(trial: Trial) -> Iterator[str]:
    yield f"**{trial.case}** {trial.question} ({trial.form})"
    if planted := trial.injection:
        head, tail = planted.text[: planted.start], planted.text[planted.end :]
        yield f"- planted: {head}【{planted.planted}】{tail} (was {planted.was})"
    else:
        yield f"- true: {trial.truth}"
    yield f"- shown: {trial.shown or '-'}"
    if trial.reason:
        yield f"- dropped: {trial.reason}"
    for quote in trial.quotes:
        yield f"- cited: {' / '.join(quote.splitlines())}"
    if not trial.quotes:
        for passage in trial.passages:
            yield f"- passage: {' / '.join(passage.splitlines())}"
