"""Running headers, footers and page numbers: which lines of a page belong to no paragraph.

Works on the lines of pages alone; knows nothing of headings, paragraphs or tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.load import marks

EDGE = 3
"""Lines at the top and at the bottom of a page among which repetition means furniture."""
MIN_REPEATS = 3
MIN_SHARE = 0.3
"""A line is furniture when it stands at the edge of this share of the pages."""

# What broker reports print at the edge of every page, whatever the house.
_NOTICE = re.compile(
    r"(?:请|敬请|谨请|务必|Please)\S{0,8}?\s?(?:阅读|参阅|参考|关注|查阅|refer to|read|see)[^。]{0,40}?"
    r"(?:声明|申明|条款|说明|披露|标准|末页|尾页|最后一页|disclos\w+|disclaimer\w*)"
)
_PAGE_NUMBER = re.compile(
    r"(?:\S{1,12}\s+)?Page\s*(\d{1,4})(?:\s*of\s*\d+)?|[-–—]\s*(\d{1,4})\s*[-–—]|(\d{1,4})\s*/\s*\d{1,4}|"
    r"第\s*(\d{1,4})\s*页(?:\s*[,，/／]?\s*共\s*\d+\s*页)?|(\d{1,4})\s+of\s+\d{1,4}"
)
_WATERMARK = re.compile(r"慧博|hibor\.com|洞见研报|DJyanbao|^[A-Za-z0-9]{48,}$")
_TEMPLATE = re.compile(r"\[\s*Table_[^\]]{0,40}\]")
_ALONE = re.compile(r"(\d{1,4})")
_REPORT_LINE = re.compile(r"证券研究报告(?:\s*[|｜·—-]\s*\S{1,12})?")
_OUTER_NUMBER = re.compile(r"^\d{1,4}\s+|\s+\d{1,4}$")
_LABEL_INSIDE = re.compile(
    r"(?<!\S)[-–]\s?(\d{1,3})\s?[-–](?!\S)|(?<!\S)(\d{1,3})\s*/\s*\d{1,3}(?!\S)|(?<!\S)(\d{1,3})$"
)
_MAX_NOTICE = 90


@dataclass(frozen=True, slots=True)
class CleanPage:
    """A page without its furniture."""

    lines: tuple[str, ...]
    """The raw lines that stay, blank ones included."""
    label: str | None
    """The page number that was printed on it."""


def is_noise(line: str) -> bool:
    """Return whether `line` is furniture wherever it stands: a notice, a page number, a mark."""
    text = line.strip()
    if not text or len(text) > _MAX_NOTICE:
        return bool(text) and bool(_WATERMARK.search(text)) and " " not in text
    if _PAGE_NUMBER.fullmatch(text) or _TEMPLATE.fullmatch(text) or _WATERMARK.search(text):
        return True
    return bool(_NOTICE.search(text)) and "。" not in text


def is_page_number(line: str) -> bool:
    """Return whether `line` is a page number with something that says so: ``3 / 5``, ``- 3 -``."""
    return bool(_PAGE_NUMBER.fullmatch(line.strip()))


def is_noise_beside(line: str) -> bool:
    """Return whether `line` is furniture when it stands next to furniture."""
    text = line.strip()
    return bool(_ALONE.fullmatch(text) or _REPORT_LINE.fullmatch(text))


def runs(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return the stretches ``[start, end)`` of furniture in `lines`, blank lines inside included.

    A stretch holds at least one line that is furniture by itself.
    """
    found: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if not is_noise(line) or (found and index < found[-1][1]):
            continue
        start, end = _grow(lines, index, -1), _grow(lines, index, 1) + 1
        if found and start <= found[-1][1]:
            start = found.pop()[0]
        found.append((start, end))
    return found


def label_of(lines: Sequence[str]) -> str | None:
    """Return the printed page number among the furniture `lines`, or None."""
    texts = [line.strip() for line in lines]
    found = (
        [_PAGE_NUMBER.fullmatch(text) for text in texts]
        + [_ALONE.fullmatch(text) for text in texts]
        + [_LABEL_INSIDE.search(text) for text in texts]
    )
    labels = (group for match in found if match for group in match.groups() if group)
    return next(labels, None)


def starts_with_number(lines: Sequence[str]) -> bool:
    """Return whether the first line that is not blank is a page number: it is printed on top."""
    first = next((line.strip() for line in lines if line.strip()), "")
    return bool(_PAGE_NUMBER.fullmatch(first))


def clean(pages: Sequence[Sequence[str]]) -> list[CleanPage]:
    """Return `pages` without furniture, in order, template marks cut out of the lines that stay.

    What repeats at the top of the pages is kept once, on the first page: it may state the
    report's kind and date.
    """
    repeated = _repeated(pages)
    return [_clean_page(page, repeated, number) for number, page in enumerate(pages)]


def _clean_page(page: Sequence[str], repeated: frozenset[str], number: int) -> CleanPage:
    dropped = {i for start, end in runs(page) for i in range(start, end)}
    top, bottom = _edges(page)
    for index in bottom + (top if number else []):
        if _key(page[index]) in repeated:
            dropped.add(index)
    kept = tuple(_TEMPLATE.sub("", line) for i, line in enumerate(page) if i not in dropped)
    return CleanPage(kept, label_of([page[i] for i in sorted(dropped)]))


def _grow(lines: Sequence[str], index: int, step: int) -> int:
    """Return the last line, going by `step` from `index`, that is still furniture."""
    last, at = index, index + step
    while 0 <= at < len(lines):
        if lines[at].strip():
            if not (is_noise(lines[at]) or is_noise_beside(lines[at])):
                break
            last = at
        at += step
    return last


def _repeated(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    seen: Counter[str] = Counter()
    for page in pages:
        top, bottom = _edges(page)
        seen.update({_key(page[i]) for i in top + bottom} - {""})
    least = max(MIN_REPEATS, MIN_SHARE * len(pages))
    return frozenset(key for key, count in seen.items() if count >= least)


def _edges(page: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return the first and the last lines of `page`, without what is furniture by itself."""
    known = {i for start, end in runs(page) for i in range(start, end)}
    filled = [i for i, line in enumerate(page) if line.strip() and i not in known]
    return filled[:EDGE], filled[EDGE:][-EDGE:]


def _key(line: str) -> str:
    """Return `line` with its page number masked; empty for what may repeat as content."""
    text = line.strip()
    if _ALONE.fullmatch(text):
        return "#"
    if marks.opening(text) or marks.is_row(text) or marks.ends_sentence(text) or len(text) > 60:
        return ""
    return re.sub(r"\s+", "", _OUTER_NUMBER.sub("#", text))
