"""Question + passages -> Draft: what to show the model, and what it wrote.

Also asks the model, over the same prompt prefix, whether the passages hold an answer at all.
Checks nothing: see `rag.verify`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence

from rag import figures, pairs, prompts, scales, table
from rag.engine import Engine, Message
from rag.question import Query
from rag.schema import Draft, Passage, Turn
from rag.text import plain

MAX_TOKENS = 160
_INSTRUCTION = {
    "zh": "用一两句话直接回答，数字和单位照抄资料。",
    "en": "Answer in English in one or two sentences, with the figures and units of the passages.",
}
_BOTH_SIDES = {
    "zh": "只写出要比较的两个数值各是多少，单位照抄资料，不要计算。",
    "en": "State only the two values to be compared, in English, with their units; do not compute.",
}
"""For questions after a difference: the model copies well and computes badly (`rag.derive`)."""
_JUDGE = "上面的资料里是否写明了这个问题的答案？只回答“是”或“否”。"
_REWRITE = (
    "把最后的追问改写成一个不看上文也能看懂的完整问题，补上省略的公司、指标和时间，不要回答。\n\n"
    "上文：\n{history}\n\n追问：{question}\n\n完整问题："
)
_YES, _NO = ("是", "有", "Yes", "yes"), ("否", "不", "没", "No", "no")
_UNLISTED = math.log(1e-6)
"""Log-probability of a token outside the twenty likeliest."""


GRAMMAR = r"root ::= [^\[\]【】]+"
"""No brackets: labels are given by the checks, so none that does not exist can appear.

Measured on 24 questions: told to begin each sentence with a label, the 1.5B model copies passages
whole; left alone it answers the question. See eval/LOG.md.
"""


_RUN_ON = re.compile(r"(?<=\d)，(?=\d{3})")
"""A comma between bare figures reads as one of thousands: 22，2025E的为18."""


def write(
    engine: Engine,
    query: Query,
    passages: Sequence[Passage],
    on_token: Callable[[str], None] | None = None,
) -> Draft:
    """Return the model's draft over `passages`.

    Raises:
        ModelError: If the model fails.
    """
    instruction = _BOTH_SIDES if query.wants_difference else _INSTRUCTION
    messages, label = _messages(query, passages, instruction[query.language])
    done = engine.complete(
        messages,
        max_tokens=MAX_TOKENS,
        grammar=GRAMMAR if engine.grammars else None,
        on_token=on_token,
    )
    return Draft(
        query.original,
        tuple(passages),
        _RUN_ON.sub("；", done.text),
        label,
        engine.name,
        done.prompt_tokens,
        done.completion_tokens,
    )


def answerability(engine: Engine, query: Query, passages: Sequence[Passage]) -> float:
    """Return the model's log-odds that `passages` state the answer; 0 when it cannot tell.

    The first token after a yes/no question over the answer's own prompt prefix; on 80 held-out
    questions this separated answerable from near-miss ones with AUC 0.92 where the best dense
    similarity gave 0.69.
    """
    tokens = engine.first_token(_messages(query, passages, _JUDGE)[0])
    if not tokens:
        return 0.0
    return _mass(tokens, _YES) - _mass(tokens, _NO)


def rewrite(engine: Engine, question: str, history: Sequence[Turn]) -> str:
    """Return `question` with what it leaves to the conversation filled in, one line.

    Figures of earlier answers are no part of a question: where the model takes one over, it is asked
    again with the questions alone. What is no question after that is left as it was asked.
    """
    asked = "\n".join(f"问：{t.question}" for t in history[-3:])
    answered = "\n".join(f"问：{t.question}\n答：{t.answer}" for t in history[-3:])
    known = _amounts(f"{asked}\n{question}")
    for past in (answered, asked):
        content = _REWRITE.format(history=past, question=question)
        done = engine.complete([{"role": "user", "content": content}], max_tokens=80)
        first = next((line for line in done.text.splitlines() if line.strip()), "").strip()
        said = re.sub(r"^(?:问|追问|完整问题)[：:]\s*", "", first)
        if len(said) > len(question) / 2 and said[-1] not in "：:" and _amounts(said) <= known:
            return said
    return question


def _amounts(text: str) -> set[str]:
    return {f.text for f in figures.find(text) if f.kind is not figures.Kind.DATE}


def render(passages: Sequence[Passage]) -> str:
    """Return the passages as the model sees them: label, nearest heading, text.

    Rows of a table are spelled out: label, then each value with its header and unit.
    """
    return "\n".join(f"[{p.label}]（{_heading(p)}）{_body(p)}" for p in passages)


def _body(passage: Passage) -> str:
    found = table.parse(passage.text, passage.head) if passage.head else None
    if found is None:
        return passage.text + _unfolded(passage)
    return "\n".join(table.row_text(found, row, titled=False) for row in found.rows)


def _heading(passage: Passage) -> str:
    found = table.parse(passage.text, passage.head) if passage.head else None
    if found is not None and found.title:
        return found.title
    return passage.heading_path[-1] if passage.heading_path else passage.document.title


def _unfolded(passage: Passage) -> str:
    """Return lists paired by order, spelled out: the model alone takes the neighbour's figure."""
    found = pairs.find(plain(passage.text))
    if not found:
        return ""
    said = (f"{p.name}{p.measure}{p.figure.text}{p.unit}" for p in found)
    return f"（即{'，'.join(said)}）"


def _messages(
    query: Query, passages: Sequence[Passage], instruction: str
) -> tuple[list[Message], str]:
    prompt = prompts.load("answer")
    shown = render(passages)
    shown = (scales.in_english if query.language == "en" else scales.in_chinese)(shown)
    system, user = prompt.fill(
        {"passages": shown, "question": query.text, "instruction": instruction}
    )
    return [
        {"role": "system", "content": system},
        {"role": "user", "content": user},
    ], prompt.label


def _mass(tokens: Mapping[str, float], words: Sequence[str]) -> float:
    """Return the log of the summed probability of `words`."""
    return math.log(sum(math.exp(tokens.get(w, _UNLISTED)) for w in words))
