"""Runs -> one self-contained HTML page: style, script and charts inside, nothing fetched.

Templates escape everything that is not `Markup`, and only charts, style and script are `Markup`:
text of documents, questions and answers is data. The page's own policy lets no script run but
the one it came with.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.compare import Comparison
from eval.report import tables
from eval.report.cases import CaseView, view
from eval.report.facts import differences, facts, shared
from eval.report.labels import metric, word
from eval.report.pairs import Pair, pairs
from eval.report.run import Run
from eval.stages import LostAt, lost_at
from eval.summary import Axis
from rag.language import is_chinese
from rag.present import clean

_TEMPLATES = Path(__file__).parent / "templates"
_HEADLINE = ("correct", "refused_answerable", "refused_unanswerable", "recall@5", "mrr@10")
_LONG = ("settings", "packages", "prompts", "code", "corpus")
"""Facts that few readers want and that fill a screen: folded away."""
_MARKS = {"verified": "✓", "rounded": "≈", "derived": "∑", "not_found": "✗", "not_checked": "?"}


def run_page(run: Run) -> str:
    """Return the report of one run as HTML in the user's language."""
    known, records = facts(run.header), run.records
    lines = tables.lines(records)
    return _render(
        "run.html",
        title=f"{word('report')}: {run.header['set']['name']} · {run.name}",
        run=run,
        facts=[fact for fact in known if fact.key not in _LONG],
        long_facts=[fact for fact in known if fact.key in _LONG],
        lines=lines,
        headline=[line for line in lines if line.metric in _HEADLINE],
        by_kind=tables.groups(Axis.KIND, records),
        by_lang=tables.groups(Axis.LANG, records),
        by_document=tables.groups(Axis.DOCUMENT, records),
        times=tables.times(records),
        odds=tables.odds(records),
        selective=tables.selective(records),
        outcomes=tables.outcomes(records),
        checked=tables.figures(records),
        losses=tables.losses(records),
        failures=[view(record) for record in records if lost_at(record)],
    )


def pair_page(before: Run, after: Run, comparison: Comparison) -> str:
    """Return two runs side by side as HTML in the user's language.

    Args:
        before: Called A in the page.
        after: Called B; it has the same cases.
        comparison: Of the two, in this order.
    """
    paired = pairs(before.records, after.records)
    return _render(
        "pair.html",
        title=f"{word('comparison')}: {before.name} · {after.name}",
        before=before,
        after=after,
        comparison=comparison,
        different=differences(before.header, after.header, comparison.changes),
        same=shared(before.header, after.header),
        pairs=paired,
        views=[pair for items in paired.values() for pair in items],
        lower_is_better=tables.LOWER_IS_BETTER,
        meaning=metric,
    )


def _render(template: str, **content: object) -> str:
    script = Markup(_file("filter.js"))
    return (
        _environment()
        .get_template(template)
        .render(
            lang="zh-CN" if is_chinese() else "en",
            style=Markup(_file("style.css")),
            script=script,
            script_hash=_policy_hash(script),
            **content,
        )
    )


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.globals |= {
        "t": word,
        "number": number,
        "signed": signed,
        "stages_of": _stages_of,
        "mark_of": _MARKS,
        "ends": ("answered", "refused", "errors"),
    }
    return environment


def number(metric: str, value: float | None) -> str:
    """Return a mean as it is printed: shares to three places, counts to one, large ones whole."""
    if value is None:
        return "–"
    if metric not in tables.COUNTS:
        return f"{value:.3f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def signed(metric: str, value: float) -> str:
    """Return a difference as it is printed, with its sign."""
    return ("−" if value < 0 else "+") + number(metric, abs(value))


def _printable(value: object) -> object:
    """Return text without control characters: a report must not reverse or hide its words."""
    return clean(value) if type(value) is str else value


def _stages_of(views: Iterable[CaseView | Pair]) -> list[LostAt]:
    found = {stage for item in views for stage in item.stages}
    return [stage for stage in LostAt if stage in found]


def _policy_hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@functools.cache
def _file(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
