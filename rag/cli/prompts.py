"""``rag prompts``: which prompt files there are, and what they say."""

from __future__ import annotations

import click

from rag import prompts as store


@click.group("prompts")
def prompts() -> None:
    """List and show the prompt files (folder prompts/, or RAG_PROMPTS)."""


@prompts.command("list", epilog="Example: rag prompts list")
def list_() -> None:
    """List the prompts with version and fingerprint."""
    for name in store.names():
        prompt = store.load(name)
        click.echo(f"{prompt.label}\t{', '.join(prompt.variables)}")


@prompts.command("show", epilog="Example: rag prompts show answer")
@click.argument("name")
def show(name: str) -> None:
    """Print the two messages of the prompt NAME."""
    prompt = store.load(name)
    click.echo(f"# system\n{prompt.system}\n\n# user\n{prompt.user}")
