"""A run folder -> `Run`: what a report is made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eval.header import Header
from eval.measure import Record
from eval.runner import RESULTS, read_header, read_records
from rag.errors import UsageError


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has been measured, at least in part."""

    name: str
    header: Header
    records: tuple[Record, ...]
    """In the order of their ids, so that two runs list their cases alike."""


def read_run(folder: Path) -> Run:
    """Return the run in `folder`.

    Raises:
        UsageError: It is no run folder, it holds no results yet, or they are of an older form.
    """
    header = read_header(folder)
    records = sorted(read_records(folder / RESULTS), key=lambda record: str(record["id"]))
    if not records:
        raise UsageError(
            f"{folder} holds no results yet; type: rag eval run SET --out {folder}",
            f"{folder} 中还没有结果；请输入：rag eval run 题集 --out {folder}",
        )
    if any("gold" not in record for record in records):
        raise UsageError(
            f"{folder} was written by an older version and cannot be reported; run it again",
            f"{folder} 由旧版本写成，无法生成报告；请重新运行",
        )
    return Run(folder.name, header, tuple(records))
