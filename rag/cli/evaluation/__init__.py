"""``rag eval``: the group of evaluation commands, one module a command.

Commands import ``eval`` inside their functions: it lives in the checkout and is never installed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rag.cli.evaluation.compare import compare
from rag.cli.evaluation.figures import figures
from rag.cli.evaluation.lint import lint
from rag.cli.evaluation.new import new
from rag.cli.evaluation.promote import promote
from rag.cli.evaluation.report import report
from rag.cli.evaluation.run import run
from rag.errors import RagError


@click.group("eval")
def eval_() -> None:
    """Regression evaluation over case sets with known answers."""
    _find_checkout()


for _command in (run, report, compare, promote, lint, new, figures):
    eval_.add_command(_command)


def _find_checkout() -> None:
    """Make ``eval/`` importable: it lives beside ``rag/`` in the checkout and is never installed."""
    root = Path(__file__).resolve().parents[3]
    if not (root / "eval" / "runner.py").is_file():
        raise RagError(
            "rag eval needs a source checkout with eval/; clone the repository and run it there",
            "rag eval 需要带有 eval/ 的源码目录；请克隆仓库后在其中运行",
        )
    if str(root) not in sys.path:
        sys.path.append(str(root))
