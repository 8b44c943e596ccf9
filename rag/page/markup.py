"""Cells -> an HTML table that folds into cards on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOTHING = "–"
"""What a cell without a value shows."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are HTML, so whatever comes from files must be escaped in them.

    Args:
        heads: Names of the columns, repeated beside each cell on a narrow screen.
        rows: One cell a column each.
    """
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    body = "".join(f"<tr>{_cells(heads, row)}</tr>" for row in rows)
    return (
        f'<div class="documents"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cells(heads: Sequence[str], row: Sequence[str]) -> str:
    columns = zip(heads, row, strict=True)
    return "".join(_cell(head, cell) for head, cell in columns)


def _cell(head: str, cell: str) -> str:
    """Return a cell; one with nothing to say is left out on a narrow screen."""
    none = ' class="none"' if cell == NOTHING else ""
    return f'<td data-head="{head}"{none}><div>{cell}</div></td>'
