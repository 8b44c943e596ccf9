"""The date a report was published: front matter, file name, the line under the title.

A cover holds other dates too: of a closing price, of the data, of other reports. A line that says
what its date is of is believed about that only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.load import imprint
from rag.load.filename import facts_of_name
from rag.load.report.choice import (
    BESIDE,
    FILE_NAME,
    FRONT_MATTER,
    HINT,
    LABELLED,
    METADATA,
    PLACED,
    STRONG,
    Candidate,
)
from rag.load.report.front import Front, Line, Place

_KEYS = (
    "date published publish_date pubdate published_at publishdate datepublished created 日期 发布日期 报告日期 "
    "发布时间"
).split()
_OF_ANOTHER = re.compile(
    r"收盘|股价|市价|现价|昨收|截至|截止|数据|市值|股本|52\s*周|评级日|上市|成立|回测|区间|报告期|更新至|有效期|"
    r"《|》|[Cc]los(?:e|ing)|[Pp]ric(?:e|ed|ing)|[Aa]s (?:of|at)\b|ended?\b"
)
_LABEL = re.compile(
    r"(?:报告|发布|发表|出版|撰写|完成|更新)(?:日期|时间)|^日期|(?:Published|Publication date|Date)\s*[：:]"
)


def candidates(front: Front, stem: str) -> Iterator[Candidate]:
    """Yield the dates that front matter, metadata, cover and file name state, ISO, in this order."""
    found = [*_stated(front), *_on_page(front)]
    yield from found
    read = front.parsed.published
    denied = {date for line in front.lines for date in _dates_of_another(line)}
    if read and read not in {candidate.value for candidate in found} | denied:
        # Outside the text: the head of a web page, or the running header of a PDF.
        yield Candidate(read, front.source if front.parsed.pages else METADATA, PLACED)
    named = facts_of_name(stem).published
    if named:
        yield Candidate(named, FILE_NAME, PLACED)


def _stated(front: Front) -> Iterator[Candidate]:
    for key in _KEYS:
        for value in front.stated.get(key, ())[:1]:
            if date := imprint.iso_date(value):
                yield Candidate(date, FRONT_MATTER, STRONG)


def _on_page(front: Front) -> Iterator[Candidate]:
    for line in front.lines:
        found = imprint.dated(line.text) if line.place is not Place.TABLE else None
        if not found or _OF_ANOTHER.search(line.text):
            continue
        date = imprint.iso_date(found.group())
        labelled = bool(_LABEL.search(line.text))
        if date and (labelled or _alone(line)):
            start = line.start + found.start()
            end = start + len(found.group())
            yield Candidate(date, front.source, _weight(line, labelled), start, end)


def _weight(line: Line, labelled: bool) -> float:
    if labelled:
        return LABELLED
    return {Place.COVER: PLACED, Place.TITLE: PLACED, Place.SIDE: BESIDE}.get(line.place, HINT)


def _alone(line: Line) -> bool:
    """Return whether the date stands by itself or beside names, not in a sentence."""
    limit = imprint.MAX_BESIDE_DATE if line.place is Place.TEXT else 2 * imprint.MAX_BESIDE_DATE
    found = imprint.dated(line.text)
    beside = len(line.text) - len(found.group()) if found else len(line.text)
    return beside <= limit and not re.search(r"[。；]", line.text)


def _dates_of_another(line: Line) -> Iterator[str]:
    if _OF_ANOTHER.search(line.text) and (date := imprint.iso_date(line.text)):
        yield date
