"""Markdown, with or without front matter and HTML inside -> text with blocks.

Rendered to HTML and read by the HTML loader, so that both give the same kinds of blocks.
"""

from __future__ import annotations

import functools
import re
from dataclasses import replace

from markdown_it import MarkdownIt

from rag.language import say
from rag.load import frontmatter, html
from rag.load.html.facts import is_name
from rag.load.imprint import iso_date
from rag.load.parsed import Parsed
from rag.text import normalise

_TITLES = ("title", "标题")
_DATES = (
    "date",
    "published",
    "publish_date",
    "pubdate",
    "published_at",
    "created",
    "日期",
    "发布日期",
)
_PUBLISHERS = ("publisher", "机构", "source", "来源")
_AUTHORS = ("author", "作者")

# CommonMark leaves **“引号”**文字 as it is, because its rule for where emphasis may begin and end
# looks for spaces that Chinese does not have.
_STARS = re.compile(r"\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*")


def parse(text: str, source: str) -> Parsed:
    """Return the blocks and stated facts of a Markdown file.

    Front matter gives title, publisher and date; what it leaves out is taken from the body, and
    an author is believed to be the publisher only when nothing else names one.

    Args:
        text: The whole file, decoded.
        source: Its name, for warnings.
    """
    front = frontmatter.split(normalise(text))
    rendered = _STARS.sub(r"<strong>\1</strong>", _renderer().render(front.body))
    parsed = html.parse(rendered, source)
    date = _first(front, _DATES)
    return replace(
        parsed,
        title=_first(front, _TITLES) or parsed.title,
        publisher=_name(front, _PUBLISHERS) or parsed.publisher or _name(front, _AUTHORS),
        published=(date and iso_date(date)) or parsed.published,
        warnings=parsed.warnings + _warnings(front, source),
        stated=front.lists,
    )


@functools.cache
def _renderer() -> MarkdownIt:
    # Indented code is switched off: in an article an indented line is an indented paragraph.
    return MarkdownIt("commonmark", {"html": True}).enable("table").disable("code")


def _first(front: frontmatter.FrontMatter, keys: tuple[str, ...]) -> str | None:
    return next((front.values[key] for key in keys if key in front.values), None)


def _name(front: frontmatter.FrontMatter, keys: tuple[str, ...]) -> str | None:
    names = (front.values[key] for key in keys if key in front.values)
    return next((name for name in names if is_name(name)), None)


def _warnings(front: frontmatter.FrontMatter, source: str) -> tuple[str, ...]:
    if not front.problem:
        return ()
    return (
        say(
            f"{source}: the front matter is not valid YAML ({front.problem}); read as plain lines",
            f"{source}：文件头不是合法的 YAML（{front.problem}），已按普通文本行读取",
        ),
    )
