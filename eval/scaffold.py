"""A folder of somebody's own reports -> a case set to complete: header, drafts, instructions."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from eval.drafts import Row, drafts, near_miss
from eval.lint import TODO
from rag.errors import DocumentError, UsageError
from rag.language import say
from rag.load import discover
from rag.schema import Document

_NAME = re.compile(r"\w[\w-]{0,59}")


@dataclass(frozen=True, slots=True)
class Scaffold:
    """What was made."""

    folder: Path
    documents: int
    drafts: int
    unread: Mapping[str, str]
    """File name -> why it could not be read, in the user's language."""


def scaffold(reports: Path, name: str, folder: Path, read: Callable[[Path], Document]) -> Scaffold:
    """Write a case set called `name` over the documents in `reports` into `folder`.

    Args:
        reports: The documents; they stay where they are.
        name: Of the set.
        folder: Created; must be empty if it is there.
        read: Turns a document's path into a `Document`.

    Raises:
        UsageError: The name cannot be used, `folder` is not empty, or no document can be read.
    """
    _require(name, folder)
    documents, unread = _documents(reports, read)
    if not documents:
        raise UsageError(
            f"{reports} holds no report that can be read; see: rag add {reports}",
            f"{reports} 中没有可读取的报告；参见：rag add {reports}",
        )
    rows = [row for document in documents for row in drafts(document)]
    rows.append(near_miss(rows, (document.text for document in documents)))
    numbered = [{"id": f"{name}-{n:03d}", **row} for n, row in enumerate(rows, start=1)]
    folder.mkdir(parents=True, exist_ok=True)
    _write(
        folder / "set.json",
        json.dumps(_header(name, reports, folder), ensure_ascii=False, indent=2),
    )
    _write(folder / "cases.jsonl", "\n".join(_line(row) for row in numbered))
    _write(folder / "README.md", _instructions(name, folder))
    return Scaffold(folder, len(documents), len(numbered), unread)


def _require(name: str, folder: Path) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name a case set; use letters, digits, - and _",
            f"{name!r} 不能作为题集名；请用字母、汉字、数字、- 和 _",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is there already; give another --out", f"{folder} 已存在；请换一个 --out"
        )


def _documents(
    reports: Path, read: Callable[[Path], Document]
) -> tuple[list[Document], dict[str, str]]:
    documents, unread = [], {}
    for found in discover([reports]):
        if found.reason is not None:
            continue
        try:
            documents.append(read(found.path))
        except DocumentError as error:
            unread[found.path.name] = str(error)
    return documents, unread


def _header(name: str, reports: Path, folder: Path) -> Row:
    today = date.today().isoformat()
    what = say("drafted from the documents", "由文档生成草稿")
    return {
        "name": name,
        "version": "1",
        "licence": say("not published", "未公开"),
        "corpus": Path(os.path.relpath(reports.resolve(), folder.resolve())).as_posix(),
        "changes": [{"version": "1", "date": today, "what": what}],
    }


def _line(row: Mapping[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")


def _instructions(name: str, folder: Path) -> str:
    """Return a page for somebody who has never seen a case set."""
    lines: Sequence[str] = (
        say(f"# {name}: questions with known answers", f"# {name}：有标准答案的问题"),
        "",
        say(
            f"1. Each line of `cases.jsonl` is a case. The drafts come from figures in the reports: "
            f"read each against its quote, make it a question you would ask, delete `{TODO}`, or "
            "delete the line.",
            f"1. `cases.jsonl` 每行一题。草稿取自报告中的数字：请对照引文检查，改成您真正会问的问题，"
            f"删去 `{TODO}`；不需要的整行删除。",
        ),
        say(
            "2. `answers`: the facts a right answer must state, each a list of ways to write it. "
            "`forbidden`: what makes an answer wrong.",
            "2. `answers`：正确回答必须包含的各项，每项可列出多种写法。`forbidden`：出现即判错的内容。",
        ),
        say(
            "3. `evidence`: file name, the exact words of the report, and for a PDF the page.",
            "3. `evidence`：文件名、报告原文；PDF 还要写页码。",
        ),
        say(
            "4. Make every fifth question one that the reports do not answer: `answerable` false, "
            "`answers` and `evidence` empty, kind `unanswerable`.",
            "4. 约五分之一应是报告中没有答案的问题：`answerable` 为 false，`answers` 和 `evidence` 为空，"
            "kind 为 `unanswerable`。",
        ),
        say(
            "5. Write cases from the reports, never from what the system answers. Ids are permanent.",
            "5. 题目依据报告编写，不依据系统的回答。编号一经使用不可更改。",
        ),
        say(f"6. Check: `rag eval lint {folder}`", f"6. 检查：`rag eval lint {folder}`"),
        say(
            f"7. Run: `rag eval run {folder} --stage retrieval`, then without `--stage`.",
            f"7. 运行：`rag eval run {folder} --stage retrieval`，之后去掉 `--stage`。",
        ),
        say(
            f"8. Freeze a version: `rag eval lint {folder} --seal`. After that every change needs a "
            "new `version` in `set.json`.",
            f"8. 封存版本：`rag eval lint {folder} --seal`。此后任何改动都要提高 `set.json` 中的 `version`。",
        ),
    )
    return "\n".join(lines)
