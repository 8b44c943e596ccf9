"""Options that several evaluation commands share."""

from __future__ import annotations

from pathlib import Path

import click

CORPUS = click.option(
    "--corpus",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the documents that a .jsonl file asks about.",
)
