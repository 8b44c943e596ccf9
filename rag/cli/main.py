"""The `rag` command: its verbs, each loaded only when it is used."""

from __future__ import annotations

import importlib

import click

from rag import __version__
from rag.cli.frame import run

_VERBS = {
    "add": ("rag.cli.add:add", "Index files and folders."),
    "list": ("rag.cli.library:list_", "List the indexed documents."),
    "show": ("rag.cli.library:show", "Show how a document was read."),
    "remove": ("rag.cli.library:remove", "Remove documents."),
    "info": ("rag.cli.library:info", "What an index holds and was built with."),
    "check": ("rag.cli.library:check", "Look for damage; --repair mends it."),
    "models": ("rag.cli.models:models", "List, fetch and locate model weights."),
    "prompts": ("rag.cli.prompts:prompts", "List and show the prompt files."),
    "eval": ("rag.cli.evaluation:eval_", "Run and check evaluation sets."),
    "settings": ("rag.cli.system:settings", "Print every setting."),
    "doctor": ("rag.cli.system:doctor", "Check this machine and installation."),
    "bench": ("rag.cli.system:bench", "Measure speed on this machine."),
    "ui": ("rag.cli.system:ui", "The chat page."),
}


class _Verbs(click.Group):
    """A group whose help costs no imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order above."""
        del ctx
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb, importing its module now."""
        del ctx
        if cmd_name not in _VERBS:
            return None
        module, _, name = _VERBS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with their one-line help, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(verb, text) for verb, (_, text) in _VERBS.items()])


@click.group(cls=_Verbs, epilog='Example: rag add ~/reports --index mine && ask --index mine "…"')
@click.version_option(__version__, prog_name="rag")
def rag() -> None:
    """Index research reports and look after the index; `ask` answers from it."""


def main() -> None:
    """Run `rag` with the exit codes of the contract."""
    run(rag)
