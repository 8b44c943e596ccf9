"""Prompt files: load, fill, fingerprint. A prompt is a Markdown file under ``prompts/``.

The file opens with a header between ``---`` lines (``name``, ``version``, ``variables``); then
sections ``# system`` and ``# user`` hold the messages with ``$variable`` places (``string.Template``
rules); everything under ``# changes`` is for people.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from rag.errors import PromptError

FOLDER_VARIABLE = "RAG_PROMPTS"
_HEADER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_SECTION = re.compile(r"^# (system|user|changes)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file, parsed."""

    name: str
    version: int
    variables: tuple[str, ...]
    system: str
    user: str
    fingerprint: str
    """First eight hex digits of the SHA-256 over the text of both messages."""

    @property
    def label(self) -> str:
        """Return the name that answers carry, e.g. ``answer@3-1a2b3c4d``."""
        return f"{self.name}@{self.version}-{self.fingerprint}"

    def fill(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Return the system and the user message with every variable filled in.

        Values are inserted as they are: a ``$`` inside one is not read as a variable.

        Raises:
            PromptError: If `values` lacks a variable or holds one that the file does not declare.
        """
        missing, extra = set(self.variables) - set(values), set(values) - set(self.variables)
        if missing or extra:
            raise PromptError(
                f"prompt {self.name}: missing {sorted(missing)}, unknown {sorted(extra)}; "
                f"declared are {list(self.variables)}",
                f"提示 {self.name}：缺少 {sorted(missing)}，多余 {sorted(extra)}；"
                f"已声明 {list(self.variables)}",
            )
        return Template(self.system).substitute(values), Template(self.user).substitute(values)


def folder() -> Path:
    """Return the folder of prompt files: ``RAG_PROMPTS``, else ``prompts/`` beside the package."""
    override = os.environ.get(FOLDER_VARIABLE)
    return Path(override) if override else Path(__file__).resolve().parents[1] / "prompts"


def names() -> list[str]:
    """Return the names of the prompts there are, sorted."""
    return sorted(path.stem for path in folder().glob("*.md") if path.stem != "README")


def load(name: str) -> Prompt:
    """Return the prompt called `name`.

    Raises:
        PromptError: If there is none of that name or its file is malformed.
    """
    path = folder() / f"{name}.md"
    if name not in names():
        raise PromptError(
            f"there is no prompt {name!r} in {folder()}; there are: {', '.join(names()) or 'none'}",
            f"{folder()} 中没有提示 {name!r}；现有：{', '.join(names()) or '无'}",
        )
    return _parse(path, path.read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=32)
def _parse(path: Path, text: str) -> Prompt:
    header = _HEADER.match(text)
    if header is None:
        raise _malformed(path, "no header between --- lines", "缺少 --- 之间的文件头")
    fields = dict(line.split(":", 1) for line in header[1].splitlines() if ":" in line)
    parts = _SECTION.split(text[header.end() :])
    bodies = {parts[i]: parts[i + 1].strip() for i in range(1, len(parts) - 1, 2)}
    bodies.pop("changes", None)
    if "system" not in bodies or "user" not in bodies:
        raise _malformed(path, "no # system or # user section", "缺少 # system 或 # user 部分")
    if any(m["invalid"] is not None for b in bodies.values() for m in Template.pattern.finditer(b)):
        raise _malformed(path, "a $ that starts no variable; write $$", "有不表示变量的 $；请写 $$")
    declared = tuple(v.strip() for v in fields.get("variables", "").split(",") if v.strip())
    used = {
        match["named"] or match["braced"]
        for body in (bodies["system"], bodies["user"])
        for match in Template.pattern.finditer(body)
        if match["named"] or match["braced"]
    }
    if used != set(declared):
        raise _malformed(
            path,
            f"declares {sorted(declared)} but uses {sorted(used)}",
            f"声明了 {sorted(declared)}，实际使用 {sorted(used)}",
        )
    version = fields.get("version", "").strip()
    if not version.isdecimal():
        raise _malformed(path, "version is no whole number", "version 不是整数")
    both = f"{bodies['system']}\0{bodies['user']}".encode()
    digest = hashlib.sha256(both).hexdigest()[:8]
    return Prompt(path.stem, int(version), declared, bodies["system"], bodies["user"], digest)


def _malformed(path: Path, en: str, zh: str) -> PromptError:
    return PromptError(f"prompt file {path} is malformed: {en}", f"提示文件 {path} 格式有误：{zh}")
