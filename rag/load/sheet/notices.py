"""What of a workbook was not read -> warnings, one line each, in the user's language."""

from __future__ import annotations

from collections.abc import Sequence

from rag.language import say
from rag.load.sheet.book import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Look, address


def rows_left_out(name: str, rows: int, source: str) -> tuple[str, ...]:
    """Return a warning when a sheet of `rows` rows has more than are read."""
    if rows <= MAX_ROWS:
        return ()
    return (
        say(
            f"{source}{_of(name)}: rows {MAX_ROWS + 1} to {rows} were not read; split the file if they"
            " are needed",
            f"{source}{_of(name)}：第 {MAX_ROWS + 1} 至 {rows} 行未读取；如有需要请拆分文件",
        ),
    )


def columns_left_out(name: str, columns: int, source: str) -> tuple[str, ...]:
    """Return a warning when a sheet of `columns` columns has more than are read."""
    if columns <= MAX_COLUMNS:
        return ()
    first, last = (address((0, c))[:-1] for c in (MAX_COLUMNS, columns - 1))
    return (
        say(
            f"{source}{_of(name)}: columns {first} to {last} were not read",
            f"{source}{_of(name)}：第 {first} 至 {last} 列未读取",
        ),
    )


def uncached(name: str, look: Look, source: str) -> tuple[str, ...]:
    """Return a warning when formulas of a sheet have no value in the file."""
    if look.first_uncached is None:
        return ()
    place = address(look.first_uncached)
    return (
        say(
            f"{source}{_of(name)}: {look.uncached} formulas have no value in the file, the first in"
            f" {place}; open it in Excel and save it",
            f"{source}{_of(name)}：{look.uncached} 个公式没有保存计算结果（首个在 {place}）；"
            "请用 Excel 打开并保存",
        ),
    )


def hidden(names: Sequence[str], source: str) -> tuple[str, ...]:
    """Return a warning when a workbook has sheets that are not shown."""
    if not names:
        return ()
    listed = ", ".join(names)
    return (
        say(
            f"{source}: hidden sheets were not read: {listed}",
            f"{source}：隐藏的工作表未读取：{listed}",
        ),
    )


def no_room(name: str, source: str) -> str:
    """Return the warning for a sheet behind the last cell that is read."""
    return say(
        f"{source}{_of(name)}: not read, the sheets before it have {MAX_CELLS} cells",
        f"{source}{_of(name)}：未读取，前面的工作表已达 {MAX_CELLS} 个单元格",
    )


def damaged(name: str, fault: str, source: str) -> str:
    """Return the warning for a sheet that cannot be read while others can."""
    return say(
        f"{source}{_of(name)}: damaged, not read ({fault})",
        f"{source}{_of(name)}：已损坏，未读取（{fault}）",
    )


def _of(name: str) -> str:
    return f" [{name}]" if name.strip() else ""
