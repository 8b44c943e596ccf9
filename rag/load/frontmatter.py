"""The block between ``---`` lines at the start of a Markdown file -> its keys and the body.

Values stay strings: YAML turns some dates into objects, leaves others alone and fails on the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

MAX_LENGTH = 20_000
"""Characters; a longer block is a text between two rules."""

_BLOCK = re.compile(r"\s*---[ \t]*\n(?P<yaml>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(
    r"(?P<key>[\w\u4e00-\u9fff][\w\u4e00-\u9fff .-]{0,40}?)\s*[:：](?:\s+(?P<value>.*)|$)"
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A file split at the end of its front matter."""

    body: str
    """Everything behind it; the whole file when there is none."""
    values: dict[str, str] = field(default_factory=dict)
    """Lower-case key -> value; of a list its first entry, nested mappings left out."""
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The same with all entries of a list; of a plain value the one."""
    problem: str | None = None
    """Why the block is no YAML, in the parser's words; its plain lines were read nonetheless."""


def split(text: str) -> FrontMatter:
    """Return the front matter and the body of `text`.

    A block that is broken YAML is read line by line when every line is ``key: value`` (a title
    with an unquoted colon is the usual fault), and is left in the body otherwise.
    """
    found = _BLOCK.match(text[:MAX_LENGTH])
    if not found:
        return FrontMatter(text)
    body = text[found.end() :]
    try:
        loaded = yaml.load(found["yaml"], Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        return _by_lines(text, found["yaml"], body, _reason(error))
    if not isinstance(loaded, dict):
        return FrontMatter(text)
    lists = {str(key).strip().lower(): _entries(value) for key, value in loaded.items()}
    lists = {key: entries for key, entries in lists.items() if entries}
    # A list whose first entry is no text has no value; that of its others would mislead.
    values = {str(key).strip().lower(): _plain(value) for key, value in loaded.items()}
    return FrontMatter(body, {key: value for key, value in values.items() if value}, lists)


def _entries(value: object) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    return tuple(text for entry in entries if (text := _plain(entry)))


def _plain(value: object) -> str:
    if isinstance(value, list):
        value = next(iter(value), "")
    return " ".join(value.split()) if isinstance(value, str) else ""


def _by_lines(text: str, block: str, body: str, problem: str) -> FrontMatter:
    lines = [line for line in block.split("\n") if line.strip() and not line.startswith("#")]
    entries = [_ENTRY.fullmatch(line.rstrip()) for line in lines]
    if not lines or not all(entries):
        # A blank line between the lines keeps Markdown from making a heading of "text\n---".
        return FrontMatter("\n\n".join(lines) + "\n\n" + body, problem=problem)
    values = {e["key"].lower(): (e["value"] or "").strip(" \"'") for e in entries if e}
    values = {key: value for key, value in values.items() if value}
    return FrontMatter(body, values, {k: (v,) for k, v in values.items()}, problem)


def _reason(error: Exception) -> str:
    """Return the parser's complaint and its place, on one line."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or type(error).__name__
    # The mark counts from 0 and from behind the first rule.
    return f"line {mark.line + 2}: {problem}" if mark else str(problem)
