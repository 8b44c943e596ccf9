"""A finished run -> a committed baseline, which later runs are held against."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from eval.header import Header
from eval.outcomes import BASELINES, Outcomes, default_name, of_run, write_baseline
from rag.errors import UsageError

_NAME = re.compile(r"[\w][\w.\-]*")


def promote(
    run: Path, name: str | None = None, *, force: bool = False, folder: Path = BASELINES
) -> Path:
    """Write the baseline of the run in folder `run` and return its path.

    Args:
        run: A run folder.
        name: Of the baseline; by default ``<set>-<stage>[-<profile>]``, for whole sets only.
        force: Promote it even with faults; they are then written into the baseline's header.
        folder: Where baselines lie.

    Raises:
        UsageError: The run cannot be trusted to be repeated, or is only a part of what it names.
    """
    outcomes = of_run(run)
    faults = tuple(_faults(outcomes))
    if faults and not force:
        raise UsageError(
            f"{run} is no baseline: {', '.join(en for en, _ in faults)}; "
            "run it again, or add --force",
            f"{run} 不能作为基准：{'，'.join(zh for _, zh in faults)}；请重新运行，或加 --force",
        )
    name = _checked_name(name, outcomes)
    header = _portable(outcomes.header) | {"forced": [en for en, _ in faults]}
    return write_baseline(outcomes, header, name, folder)


def _faults(outcomes: Outcomes) -> Iterator[tuple[str, str]]:
    """Yield why a run cannot be a baseline, in both languages."""
    header, count = outcomes.header, len(outcomes.scores)
    if header["commit"] is None:
        yield "its code is under no version control", "代码不在版本控制之下"
    elif header["dirty"]:
        yield "its code was not committed", "运行时代码尚未提交"
    if count < header["cases"]:
        yield (
            f"{count} of {header['cases']} cases are done",
            f"{header['cases']} 题中只完成了 {count} 题",
        )
    if outcomes.failed:
        listed = ", ".join(outcomes.failed[:5]) + (" …" if len(outcomes.failed) > 5 else "")
        yield f"cases ended in errors ({listed})", f"有题目出错（{listed}）"


def _checked_name(name: str | None, outcomes: Outcomes) -> str:
    subset = outcomes.header["subset"]
    if name is None and subset is not None:
        raise UsageError(
            f"the run holds a part of its set ({subset}); name its baseline: --name NAME",
            f"该运行只含题集的一部分（{subset}）；请为基准命名：--name 名称",
        )
    name = name or default_name(outcomes.header)
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name a baseline; use letters, digits, - and _",
            f"{name!r} 不能作为基准名；请用字母、数字、- 和 _",
        )
    return name


def _portable(header: Header) -> Header:
    """Return `header` without the places of files on this machine."""
    command = [_placeless(argument) for argument in header["command"]]
    return header | {"command": command, "index": _placeless(header["index"] or "") or None}


def _placeless(argument: str) -> str:
    option, equals, value = argument.rpartition("=")
    return option + equals + (Path(value).name if Path(value).is_absolute() else value)
