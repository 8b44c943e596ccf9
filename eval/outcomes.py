"""A run folder or a committed baseline -> `Outcomes`: the scores of every case, ready to compare.

A baseline is what of a run is worth keeping under version control: its header and its scores.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.header import Header
from eval.runner import RESULTS, read_header, read_records
from rag.errors import UsageError

BASELINES = Path(__file__).parent / "baselines"
_FORMAT = 1
_PLACES = 4
"""Decimal places of a score: what a baseline keeps, and so what is compared."""

_OF_THE_MACHINE = "_ms"
"""Ending of the metrics that a baseline leaves out: they would differ with every promotion."""

Scores = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of a run."""

    name: str
    header: Header
    scores: Mapping[str, Scores]
    """Case id -> metric -> score, sorted by id; None where the metric does not apply."""
    failed: tuple[str, ...] = ()
    """Cases that ended in an error."""


def of_run(folder: Path) -> Outcomes:
    """Return the outcomes of a run folder.

    Raises:
        UsageError: `folder` is no run folder, or nothing has been measured yet.
    """
    header = read_header(folder)
    records = sorted(read_records(folder / RESULTS), key=lambda record: record["id"])
    if not records:
        raise UsageError(
            f"{folder} holds no results yet; run it to its end first",
            f"{folder} 中还没有结果；请先把它运行完",
        )
    scores = {record["id"]: _rounded(record["scores"]) for record in records}
    failed = tuple(record["id"] for record in records if record.get("error"))
    return Outcomes(folder.name, header, scores, failed)


def default_name(header: Header) -> str:
    """Return the name of the baseline of whole runs like this: ``<set>-<stage>[-<profile>]``."""
    profile = header["profile"]
    parts = [header["set"]["name"], header["stage"]]
    return "-".join(parts if profile == "default" else [*parts, profile])


def read_baseline(name: str, folder: Path = BASELINES) -> Outcomes:
    """Return the outcomes that were promoted under `name`.

    Raises:
        UsageError: There is no such baseline, or its file is damaged.
    """
    path = folder / f"{name}.json"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        metrics = stored["metrics"]
        scores = {id_: dict(zip(metrics, row, strict=True)) for id_, row in stored["cases"].items()}
        return Outcomes(name, stored["header"], scores)
    except FileNotFoundError as error:
        there = ", ".join(sorted(p.stem for p in folder.glob("*.json")))
        raise UsageError(
            f"there is no baseline {name} (there are: {there or 'none'}); make it from a run: "
            f"rag eval promote RUN --name {name}",
            f"没有名为 {name} 的基准（现有：{there or '无'}）；"
            f"请用一次运行建立：rag eval promote 运行 --name {name}",
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path.name} is no baseline ({error!r}); make it again: rag eval promote RUN --name {name}",
            f"{path.name} 不是基准文件（{error!r}）；请重建：rag eval promote 运行 --name {name}",
        ) from error


def write_baseline(outcomes: Outcomes, header: Header, name: str, folder: Path) -> Path:
    """Write a baseline, one line a case, and return its path."""
    known = {metric for row in outcomes.scores.values() for metric in row}
    metrics = sorted(metric for metric in known if not metric.endswith(_OF_THE_MACHINE))
    lines = (
        f"  {json.dumps(id_)}: {json.dumps([row.get(metric) for metric in metrics])}"
        for id_, row in sorted(outcomes.scores.items())
    )
    head = json.dumps(header, ensure_ascii=False, indent=1, sort_keys=True).replace("\n", "\n ")
    text = (
        f'{{\n "format": {_FORMAT},\n "header": {head},\n "metrics": {json.dumps(metrics)},\n'
        ' "cases": {\n' + ",\n".join(lines) + "\n }\n}\n"
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(text, encoding="utf-8")
    return path


def _rounded(scores: Mapping[str, Any]) -> dict[str, float | None]:
    return {
        metric: None if score is None else _short(round(score, _PLACES))
        for metric, score in sorted(scores.items())
    }


def _short(score: float) -> float:
    """Return ``1`` for ``1.0``: most scores are 0 or 1, and a baseline is read by people."""
    return int(score) if score == int(score) else score
