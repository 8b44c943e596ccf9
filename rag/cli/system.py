"""``rag settings``, ``rag doctor``, ``rag bench``, ``rag ui``: the machine and the installation."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import click

from rag.cli.frame import index_option
from rag.errors import RagError
from rag.language import say

_VARIABLES = (
    ("RAG_CACHE", "folder of model weights"),
    ("RAG_INDEXES", "folder of indexes"),
    ("RAG_DATA", "folder of conversations of the chat page"),
    ("RAG_PASSWORD", "password of the chat page"),
    ("RAG_INDEX", "name of the index used when --index is not given"),
    ("RAG_PROMPTS", "folder of prompt files"),
    ("RAG_LANG", "language of messages: zh or en"),
    ("RAG_OFFLINE", "1: never fetch anything"),
    ("RAG_MAX_FILE_MB", "largest file to index, or to upload"),
    ("RAG_UPLOAD_FILES", "files that may be uploaded at once"),
    ("RAG_UPLOAD_TOTAL_MB", "what may be uploaded to one index"),
    ("RAG_RUNS", "folder of evaluation runs that the page shows"),
    ("RAG_ALLOW_URLS", "1: rag add may fetch web addresses that are given to it"),
    ("RAG_API_KEY", "key for an OpenAI-compatible server"),
)
_PACKAGES = (
    "torch",
    "sentence-transformers",
    "faiss-cpu",
    "xllamacpp",
    "transformers",
    "pypdfium2",
)
_NEED_GB = 5.0


@click.command("settings", epilog="Example: rag settings")
def settings() -> None:
    """Print every setting: the environment variables, what they mean, their values."""
    for name, meaning in _VARIABLES:
        value = os.environ.get(name, "")
        shown = "***" if value and name.endswith(("KEY", "PASSWORD")) else value or "-"
        click.echo(f"{name:<20} {shown:<24} {meaning}")


@click.command("doctor", epilog="Example: rag doctor")
def doctor() -> int:
    """Check Python, packages, disk, models and indexes; exit 1 when something is amiss."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("disk", _disk),
        ("models", _models),
        ("prompts", _prompts),
    )
    failed = 0
    for name, look in checks:
        try:
            click.echo(f"ok    {name}: {look()}")
        except (RagError, OSError, metadata.PackageNotFoundError) as error:
            failed = 1
            click.echo(f"FAIL  {name}: {error}")
    return failed


@click.command("bench", epilog="Example: rag bench eval/reports --index demo")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@index_option
@click.option("--profile", default="default", type=click.Choice(["default", "light"]))
@click.option(
    "--question", "questions", multiple=True, help="Ask this; may be given several times."
)
@click.option("--no-answers", is_flag=True, help="Do not load the language model.")
def bench(
    paths: tuple[Path, ...], index: str, profile: str, questions: tuple[str, ...], no_answers: bool
) -> None:
    """Measure loading, chunking and embedding of PATHS, searching and answering over an index."""
    from rag import bench as measure
    from rag.assistant import Assistant

    asked = questions or ("营业收入同比增长多少？", "毛利率是多少？", "有哪些风险？")
    # Before any model is loaded, as in the processes of `rag add`: a full heap slows every allocation.
    rows, documents = measure.parsing(paths) if paths else ([], [])
    with Assistant.open(index, profile) as assistant:
        if documents:
            rows.append(measure.embedding(assistant, documents))
        rows.append(measure.searching(assistant, asked))
        if not no_answers:
            rows += measure.answering(assistant, asked)
    for row in rows:
        click.echo(f"{row.what:<12} {row.value:>12.1f} {row.unit:<14} n={row.n}")


@click.command("ui", epilog="Example: rag ui --index demo")
@click.option("--index", envvar="RAG_INDEX", metavar="NAME", help="The index to begin with.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--password",
    envvar="RAG_PASSWORD",
    help="Asked of every visitor; needed for any other --host than this machine.",
)
@click.option("--profile", default="default", type=click.Choice(["default", "light"]))
@click.option("--model", help="Generation model, as for `ask`.")
def ui(
    index: str | None, port: int, host: str, password: str | None, profile: str, model: str | None
) -> None:
    """Serve the chat page until Ctrl-C."""
    from rag.page.guard import require_password

    require_password(host, password)
    click.echo(say("starting the page …", "正在启动页面 …"), err=True)
    from rag.page.serve import serve
    from rag.page.service import Service
    from rag.page.state import Settings

    shown = host if ":" not in host else f"[{host}]"
    click.echo(say(f"open http://{shown}:{port}", f"请打开 http://{shown}:{port}"), err=True)
    serve(Service(index, Settings(profile, model)), host, port, password)


def _python() -> str:
    return f"{platform.python_version()} {sys.executable}"


def _packages() -> str:
    return ", ".join(f"{name} {metadata.version(name)}" for name in _PACKAGES)


def _disk() -> str:
    from rag.models import cache_dir

    place = cache_dir()
    existing = next(p for p in (place, *place.parents) if p.exists())
    free = shutil.disk_usage(existing).free / 1e9
    if free < _NEED_GB:
        raise OSError(f"{free:.1f} GB free at {place}, the default profile needs {_NEED_GB}")
    return f"{free:.0f} GB free at {place}"


def _models() -> str:
    from rag.models import CATALOGUE, status

    return ", ".join(f"{m.name} {status(m).state}" for m in CATALOGUE)


def _prompts() -> str:
    from rag import prompts

    return ", ".join(prompts.load(name).label for name in prompts.names())
