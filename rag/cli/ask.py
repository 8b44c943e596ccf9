"""The `ask` command: a question on the command line or many on standard input, answers out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.live import Live
from rich.text import Text

from rag import explain, present
from rag.cli.frame import index_option, run
from rag.errors import UsageError
from rag.language import say
from rag.schema import Answer, Filters, Status, Turn

if TYPE_CHECKING:
    from rag.assistant import Assistant

_STAGES = {
    "understand": ("understanding the question", "理解问题"),
    "retrieve": ("searching the reports", "检索报告"),
    "generate": ("writing", "生成"),
    "verify": ("checking", "核验"),
}
_EPILOG = """\b
Examples:
  ask "腾讯2024年三季度营销服务收入是多少？"
  ask --index demo --why "腾讯2024年净利润是多少？"
  ask --index demo --hits "毛利率"
  ask --json --batch questions.jsonl > answers.jsonl
Exit codes: 0 answered, 1 error, 2 usage, 3 refused, 130 interrupted.
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One line of a batch."""

    id: str | None
    question: str
    history: tuple[Turn, ...] = ()


@click.command(epilog=_EPILOG)
@click.argument("question", required=False)
@index_option
@click.option(
    "-k",
    "k",
    default=10,
    show_default=True,
    type=click.IntRange(1, 50),
    help="Passages to retrieve.",
)
@click.option("--source", help="Only documents whose file name holds this.")
@click.option("--publisher", help="Only documents of this publisher.")
@click.option("--company", help="Only documents on this company: name, alias or code.")
@click.option("--since", metavar="YYYY-MM-DD", help="Only documents published on or after.")
@click.option("--until", metavar="YYYY-MM-DD", help="Only documents published on or before.")
@click.option("--kind", help="Only this kind of report: 点评, company, 策略, weekly ...")
@click.option("--rating", help="Only reports that give this rating: 买入, Outperform ...")
@click.option(
    "--profile", default="default", show_default=True, type=click.Choice(["default", "light"])
)
@click.option(
    "--model", help="Generation model: catalogue name, path, hub id, or http://server/v1#model."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a question.")
@click.option(
    "--batch",
    type=click.File("r", encoding="utf-8"),
    help="JSON Lines with question (id, history); - is stdin.",
)
@click.option("--hits", "hits_only", is_flag=True, help="Only retrieve; no model is loaded.")
@click.option(
    "--why",
    is_flag=True,
    help="Print what was understood, searched, chosen, written, checked, dropped.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Only figures that stand word for word in their quote; refuse sooner.",
)
@click.option("--no-stream", is_flag=True, help="Do not show the draft while it is written.")
@click.option(
    "-c",
    "--continue",
    "follow",
    is_flag=True,
    help="Follow up on the last question asked of this index.",
)
def ask(question: str | None, **options: Any) -> int:  # noqa: ANN401 - click's own typing
    """Answer QUESTION from the indexed reports, every sentence cited, every figure checked.

    QUESTION may be - to read it from standard input.
    """
    batch: IO[str] | None = options["batch"]
    if (batch is None) == (question is None) and not (batch is not None and question == "-"):
        raise click.UsageError(
            say(
                'give one question, e.g. ask "腾讯的毛利率是多少？"',
                '请给出一个问题，例如 ask "腾讯的毛利率是多少？"',
            )
        )
    if batch is None and question == "-":
        question = sys.stdin.read().strip()
        if not question:
            raise UsageError(
                "no question on standard input; pipe one in", "标准输入中没有问题；请输入一个问题"
            )
    filters = Filters(
        options["source"],
        options["publisher"],
        options["since"],
        options["until"],
        options["company"],
        options["kind"],
        options["rating"],
    )
    asked: Iterable[_Asked] = _read_batch(batch) if batch else [_Asked(None, question or "")]
    from rag.assistant import Assistant

    with Assistant.open(options["index"], options["profile"], model=options["model"]) as assistant:
        if options["hits_only"]:
            return _print_hits(assistant, asked, options, filters)
        if batch is None and options["follow"]:
            asked = [_Asked(None, question or "", _last_turns(assistant.index.folder))]
        return _answer_all(assistant, asked, options, filters)


def main() -> None:
    """Run `ask` with the exit codes of the contract."""
    run(ask)


def _answer_all(
    assistant: Assistant, asked: Iterable[_Asked], options: dict[str, Any], filters: Filters
) -> int:
    code = 0
    show = not (options["as_json"] or options["batch"])
    for item in asked:
        with _Progress(show, not options["no_stream"]) as progress:
            answer = assistant.ask(
                item.question,
                history=item.history,
                filters=filters,
                k=options["k"],
                strict=options["strict"],
                on_event=progress.event,
            )
        if options["as_json"] or options["batch"]:
            click.echo(json.dumps(present.to_json(answer, item.id), ensure_ascii=False))
        else:
            present.print_answer(Console(highlight=False), answer)
            if options["why"]:
                explain.print_why(Console(highlight=False, stderr=True), answer)
            code = 3 if answer.status is Status.REFUSED else 0
            _remember(assistant.index.folder, item, answer)
    return code


def _print_hits(
    assistant: Assistant, asked: Iterable[_Asked], options: dict[str, Any], filters: Filters
) -> int:
    for item in asked:
        hits = assistant.search(item.question, options["k"], filters)
        if options["as_json"]:
            head = {} if item.id is None else {"id": item.id}
            record = head | {
                "question": item.question,
                "hits": [present.hit_record(h) for h in hits],
            }
            click.echo(json.dumps(record, ensure_ascii=False))
        else:
            present.print_hits(Console(highlight=False), hits)
    return 0


def _read_batch(lines: IO[str]) -> Iterator[_Asked]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            history = tuple(Turn(t["question"], t["answer"]) for t in record.get("history") or ())
            yield _Asked(str(record.get("id", number)), str(record["question"]), history)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(
                f'line {number} of the batch is not {{"id": …, "question": …}}: {error!r}',
                f'批量输入第 {number} 行不是 {{"id": …, "question": …}}：{error!r}',
            ) from error


def _last_turns(folder: Path) -> tuple[Turn, ...]:
    """Return the conversation kept for this index, oldest first; empty when there is none."""
    try:
        turns = json.loads(_memory(folder).read_text(encoding="utf-8"))
        return tuple(Turn(t["question"], t["answer"]) for t in turns)
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _remember(folder: Path, item: _Asked, answer: Answer) -> None:
    turns = [*item.history, Turn(answer.standalone_question, answer.text)][-5:]
    kept = [{"question": t.question, "answer": t.answer} for t in turns]
    try:
        _memory(folder).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    except OSError:
        return


def _memory(folder: Path) -> Path:
    from rag.models import cache_dir

    name = "".join(c if c.isalnum() else "-" for c in str(folder.resolve()))
    place = cache_dir() / "conversations"
    place.mkdir(parents=True, exist_ok=True)
    return place / f"{name[-120:]}.json"


class _Progress:
    """The stages, and the draft as it is written, on a terminal's stderr; nothing elsewhere."""

    def __init__(self, show: bool, stream: bool) -> None:
        console = Console(stderr=True, highlight=False)
        self._live = Live(console=console, transient=True) if show and console.is_terminal else None
        self._stream = stream
        self._draft = ""
        self._stage = ""

    def __enter__(self) -> _Progress:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def event(self, stage: str, detail: str) -> None:
        """Show one event of the assistant."""
        if self._live is None:
            return
        if stage == "token":
            self._draft += detail
        else:
            self._stage = say(*_STAGES[stage])
        shown = Text(f"{self._stage}…", "dim")
        if self._stream and self._draft:
            shown.append(
                say("\n(draft, not checked yet) ", "\n（草稿，尚未核验）")
                + present.clean(self._draft),
                "dim italic",
            )
        self._live.update(shown)
