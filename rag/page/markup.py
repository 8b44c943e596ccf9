"""Cells -> an HTML table that folds into cards on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


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
    return "".join(f'<td data-head="{head}"><div>{cell}</div></td>' for head, cell in columns)
