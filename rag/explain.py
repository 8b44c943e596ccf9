"""Answer -> why it is what it is: understood, searched, chosen, written, checked, dropped.

Text for a terminal; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from rag import statement
from rag.language import say
from rag.present import clean
from rag.question import Query, understand
from rag.schema import Answer, Passage

_HITS = 5
_SHOWN = 90


def print_why(console: Console, answer: Answer) -> None:
    """Print how `answer` came about, one block a stage."""
    for title, lines in _blocks(answer):
        console.print(Text(title, style="bold"))
        for line in lines:
            console.print(Text(f"  {clean(line)}", style="dim"))


def _blocks(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    trace = answer.trace
    yield say("understood", "理解"), list(_understood(understand(answer.standalone_question)))
    yield (
        say(f"searched: {len(answer.hits)} passages", f"检索：{len(answer.hits)} 段"),
        [f"{h.rank}. {h.document.source} {_cut(h.chunk.text)}" for h in answer.hits[:_HITS]],
    )
    yield (
        say(f"chosen: {len(trace.passages)}", f"选用：{len(trace.passages)} 句段"),
        [_passage(p) for p in trace.passages],
    )
    yield say("written", "写出"), list(_written(answer))
    if answer.figures:
        yield (
            say("checked", "核验"),
            [f"{f.text}: {f.check.value}" + (f" [{f.label}]" if f.label else "") for f in answer.figures],
        )  # fmt: skip
    if trace.dropped:
        yield say("dropped", "舍弃"), list(trace.dropped)


def _understood(query: Query) -> Iterator[str]:
    yield say("question: ", "问题：") + query.text
    if query.names:
        names = "; ".join(f"{a.asked} = {', '.join(a.forms[:3])}" for a in query.names)
        yield say("names: ", "名称：") + names
    if query.periods:
        yield say("time: ", "时间：") + ", ".join(p.text for p in query.periods)
    asked = statement.of(query)
    if asked:
        kinds = ", ".join(sorted(kind.value for kind in asked.kinds))
        yield say("asks for one figure: ", "所问为一个数字：") + kinds


def _passage(passage: Passage) -> str:
    place = passage.heading_path[-1] if passage.heading_path else passage.document.title
    return f"[{passage.label}] {passage.score:.2f} {place}: {_cut(passage.text)}"


def _written(answer: Answer) -> Iterator[str]:
    trace = answer.trace
    if trace.odds is not None:
        yield say("log-odds that it is answered: ", "可回答的对数几率：") + f"{trace.odds:.2f}"
    if trace.margin is not None:
        yield say("above what an answer takes: ", "高出作答门槛：") + f"{trace.margin:+.2f}"
    if trace.by == "words":
        yield say("found by the question's words, no model", "由问题用词直接定位，未用模型")
    if trace.draft:
        yield say("draft: ", "草稿：") + trace.draft
    if trace.prompt_tokens:
        yield say(
            f"{trace.prompt_tokens} tokens read, {trace.completion_tokens} written",
            f"读入 {trace.prompt_tokens} 词元，写出 {trace.completion_tokens}",
        )


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"
