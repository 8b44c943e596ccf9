"""What both commands share: exit codes, one-line errors, the --index option."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import click
from rich.console import Console

from rag.errors import RagError
from rag.language import say

Function = TypeVar("Function", bound=Callable[..., Any])

INTERRUPTED = 130
_PIPE_COLUMNS = 1000


def index_option(function: Function) -> Function:
    """Add ``--index NAME`` to a command."""
    return click.option(
        "--index", "index", default="default", show_default=True, envvar="RAG_INDEX", metavar="NAME",
        help="Name under indexes/, or a path.",
    )(function)  # fmt: skip


def console() -> Console:
    """Return standard output; a pipe has no width to fold to."""
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    return Console(highlight=False, markup=False, width=width)


def run(command: click.Command) -> NoReturn:
    """Run `command` and exit: 0 or what it returns, 1 error, 2 usage, 130 interrupted."""
    try:
        code = command.main(standalone_mode=False)
        sys.stdout.flush()
    except RagError as error:
        code = _fail(str(error), error.exit_code)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        code = _fail(say("interrupted", "已中断"), INTERRUPTED)
    except BrokenPipeError:
        # The reader has gone; point stdout elsewhere so that the interpreter's flush stays quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        code = _fail(_os_message(error), 1)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, code: int) -> int:
    click.echo(say("error: ", "错误：") + message, err=True)
    return code


def _os_message(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    return f"{error.strerror or error}{where}"
