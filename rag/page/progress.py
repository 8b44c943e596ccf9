"""How far something is -> HTML: bars with words, told to screen readers too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.page.escape import text as escape


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a progress: a file, a model, a run."""

    name: str
    """Data: escaped when it is shown."""
    done: int = 0
    total: int = 0
    """0 as long as it is not known, or has not begun."""
    note: str = ""


def bars(title: str, steps: Iterable[Step]) -> str:
    """Return a title with one bar a step."""
    rows = "".join(_row(step) for step in steps)
    return (
        f'<section class="job" role="status" aria-live="polite"><p>{escape(title)}</p>'
        f"<ul>{rows}</ul></section>"
    )


def notice(text: str, *, bad: bool = False) -> str:
    """Return one line of news, an error where `bad` is set."""
    kind, role = ("notice bad", "alert") if bad else ("notice", "status")
    return f'<p class="{kind}" role="{role}">{escape(text)}</p>'


def _row(step: Step) -> str:
    name = escape(step.name)
    value = f' value="{step.done}" max="{step.total}"' if step.total else ' value="0" max="1"'
    note = escape(step.note)
    return (
        f'<li><span class="job-name" title="{name}">{name}</span>'
        f'<progress{value} aria-label="{name}"></progress><span class="job-note">{note}</span></li>'
    )
