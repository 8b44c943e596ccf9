"""CSV or tab-separated text -> rows of cells. The text is decoded elsewhere."""

from __future__ import annotations

import csv
import io
import itertools

from rag.load.sheet.book import MAX_COLUMNS, MAX_ROWS

_DELIMITERS = ",\t;|"
_SAMPLE = 50
"""Lines by which the delimiter is told."""


def rows_of(text: str) -> tuple[list[list[str]], int]:
    """Return the rows of `text` that are read, and how many there are."""
    delimiter = delimiter_of(text)
    try:
        return _read(text, delimiter)
    except csv.Error:
        # A quote that nobody closed makes one cell of the rest of the file.
        return _read(text, delimiter, quoted=False)


def delimiter_of(text: str) -> str:
    """Return the character that stands between cells: the one that each line has equally often."""
    lines = [line for line in itertools.islice(io.StringIO(text), _SAMPLE) if line.strip()]

    def fitness(delimiter: str) -> tuple[float, int]:
        counts = [len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines]
        usual = max(set(counts), key=counts.count, default=1)
        return (counts.count(usual) / len(counts) if usual > 1 else 0.0, usual)

    try:
        return max(_DELIMITERS, key=fitness)
    except csv.Error:
        return max(_DELIMITERS, key=text[:20_000].count)


def _read(text: str, delimiter: str, quoted: bool = True) -> tuple[list[list[str]], int]:
    lines = io.StringIO(text.replace("\0", ""), newline="")
    if quoted:
        reader = csv.reader(lines, delimiter=delimiter)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    rows = [row[:MAX_COLUMNS] for row in itertools.islice(reader, MAX_ROWS)]
    return rows, len(rows) + sum(1 for _ in reader)
