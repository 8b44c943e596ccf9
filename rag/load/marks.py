"""What one line of a report looks like by itself: numbering, caption, source, bullet, table row.

Knows nothing of the lines around it, of pages or of line widths.
"""

from __future__ import annotations

import re
from enum import IntEnum

from rag.schema import BlockKind
from rag.text import is_cjk

MAX_HEADING = 60
"""Characters; a longer numbered line is a sentence that happens to begin with a number."""

CLOSING = frozenset("，。、；：？！）》」』】〉”’％,.;:!?)]}%")
"""Characters that typesetting never puts at the start of a line (GB/T 15834, 5.1)."""


class Rank(IntEnum):
    """The usual nesting of Chinese report numbering, outermost first."""

    PART = 0
    SECTION = 1
    HAN = 2
    HAN_BRACKET = 3
    ARABIC = 4
    DECIMAL_2 = 5
    DECIMAL_3 = 6


_HAN = "一二三四五六七八九十百"
_NUMBERING: tuple[tuple[Rank, re.Pattern[str]], ...] = (
    (Rank.PART, re.compile(rf"第\s*[{_HAN}\d]{{1,4}}\s*(?:章|篇|部分)(?=\s|[^\s，。的])")),
    (Rank.PART, re.compile(r"(?:Chapter|Part)\s+(?:\d{1,2}|[IVX]{1,5})\b[.:]?")),
    (Rank.SECTION, re.compile(rf"第\s*[{_HAN}\d]{{1,4}}\s*节(?=\s|[^\s，。的])")),
    (Rank.SECTION, re.compile(r"Section\s+\d{1,2}\b[.:]?")),
    (Rank.HAN, re.compile(rf"[{_HAN}]{{1,3}}\s*[、.．]\s*(?=\S)")),
    (Rank.HAN_BRACKET, re.compile(rf"[（(]\s*[{_HAN}]{{1,3}}\s*[）)]\s*(?=\S)")),
    (Rank.DECIMAL_3, re.compile(r"\d{1,2}(?:\.\d{1,2}){2,3}[.、．]?\s*(?=[^\d\s.%％])")),
    (Rank.DECIMAL_2, re.compile(r"\d{1,2}\.\d{1,2}[.、．]?\s*(?=[^\d\s.,%％亿万元倍个])")),
    (Rank.ARABIC, re.compile(r"\d{1,2}\s*[、．.](?![\d])\s*(?=\S)")),
)

_CAPTION_HEAD = r"(?:图表|图|表|Figure|Fig\.|Table|Exhibit|Chart)\s*\d{1,3}(?:[-–.]\d{1,3})?"
_CAPTION = re.compile(rf"{_CAPTION_HEAD}\s*(?P<colon>[：:.．])?\s*(?P<title>\S.*)?$")
_NEXT_CAPTION = re.compile(rf"\s+(?={_CAPTION_HEAD}\s*(?:[：:.．]|\s\S))")
_SOURCE = re.compile(r"(?:(?:资料|数据|信息|图片)来源|来源|Sources?)\s*[：:]")
_NEXT_SOURCE = re.compile(r"\s+(?=(?:资料|数据)来源\s*[：:]|Source:)")
_NOTE = re.compile(r"(?:•\s*)?(?:备?注|Notes?)\s*\d{0,2}\s*[：:]")
_BULLET = re.compile(r"[•●■◆▪▶►➢➤✓❑◼⚫○□◇※]\s*\S|[*\-–]\s+\S")
_ENUMERATOR = re.compile(
    r"(?:[（(](?:\d{1,2}|[a-zA-Z])[)）]|(?:\d{1,2}|[a-h])[)）]|\d{1,2}[、.．](?!\d)|[①-⑳])\s*\S"
)
_SENTENCE_END = re.compile(r"(?:[。！？!?…]|(?<=[A-Za-z0-9)%”\"'])\.)[”’」』）)\]\"']*$")

_NUMBER = re.compile(
    r"[（(]?[-+−–±<>≈~]?[¥$￥]?\d[\d,]*(?:\.\d+)?(?:%|％|x|X|pct|bp|倍|亿|万|元|[AEFQH]\d?)?[)）]?\*{0,3}"
    r"|[-—–]{1,2}|N/?A|NM"
    r"|(?:19|20)\d{2}(?:[-/.年Q]\d{0,2}){0,2}[月日AEF]?(?:\d{1,2}日)?|\d{1,2}Q\d{2}[AE]?|[1-4]Q(?:20)?\d{2}[AE]?"
)
_CODE = re.compile(r"\d{4,5}\.HK|\d{6}(?:\.(?:S[HZ]|BJ))?|[A-Z]{1,5}\.(?:N|O|US)")
_PROSE = re.compile(r"[，。；！？]|[a-z]{2,}[,;] |, and ")

_KNOWN = re.compile(
    r"(?:投资(?:建议|要点|策略|逻辑|结论)|核心(?:观点|结论)|研究结论|主要(?:观点|结论)|风险(?:提示|因素|分析)|摘\s*要|"
    r"内容提要|报告摘要|盈利预测(?:与(?:估值|投资建议|投资评级))?|估值(?:与评级|分析)?|结\s*论|总\s*结|小\s*结|前\s*言|"
    r"引\s*言|附\s*录|参考文献|Summary|Key (?:points|takeaways|findings)|Executive summary|Abstract|"
    r"Introduction|Conclusions?|Outlook|Valuation|Investment (?:view|thesis|summary)|Appendix|References|"
    r"(?:Key |Main )?[Rr]isks?(?: factors| warning)?)\s*[：:]?"
)
_BOILERPLATE = re.compile(
    r"\S{0,6}(?:免责|法律|重要|特别|独立性|一般|披露|版权)(?:声明|申明|条款|说明|提示)|声\s*明|"
    r"(?:证券|本公司)?(?:分析师|作者|研究员|研究人员)(?:的?(?:承诺|声明|申明|保证|简介|介绍))|"
    r"(?:[\u4e00-\u9fff]{2,6}证券)?(?:公司|股票|行业|证券)?(?:投资)?评级(?:的?(?:说明|标准|体系|定义|系统))|"
    r"[\u4e00-\u9fff]{0,6}(?:证券|公司|股票|行业)投资评级|证券投资咨询业务的?说明|(?:一般|重要)?信息披露(?:声明)?|"
    r"联系(?:我们|方式)|\S{0,8}销售(?:团队|人员)\S{0,6}|(?:Legal )?[Dd]isclaimers?|"
    r"Analyst [Cc]ertification|(?:Important |General )?[Dd]isclosures?|(?:Investment )?[Rr]ating (?:definitions?|system|guide)"
)
_CONTENTS_TITLE = re.compile(
    r"(?:内容|正文|图表|插图|表格|图|表)?目\s*录|Contents|Table of [Cc]ontents"
)
_CONTENTS_ENTRY = re.compile(
    r"^(?P<title>.*?\S)\s*(?:\.{4,}|…{2,}|·{4,}|(?:\s\.){4,})[\s.…·]*\d{0,4}$"
)
_RELATED = re.compile(
    r"(?:相关|近期)(?:研究报告|研究|报告|研报)|Related (?:reports|research|publications)"
)


def numbering(text: str) -> Rank | None:
    """Return the rank of the number a heading-like line begins with, or None.

    A line that is long or ends like a clause is a sentence, not a heading.
    """
    if len(text) > MAX_HEADING or text[-1] in "。；，;,、：:" or ends_sentence(text):
        return None
    return next((rank for rank, pattern in _NUMBERING if pattern.match(text)), None)


def opening(text: str) -> BlockKind | None:
    """Return the kind of block that `text` visibly begins; None when it begins like prose."""
    if is_caption(text):
        return BlockKind.CAPTION
    if _SOURCE.match(text) or _NOTE.match(text):
        return BlockKind.NOTE
    if _BULLET.match(text) or _ENUMERATOR.match(text):
        return BlockKind.LIST_ITEM
    return None


def is_caption(text: str) -> bool:
    """Return whether `text` is the caption of a figure or table, not a sentence about one."""
    found = _CAPTION.match(text)
    if not found or "。" in text:
        return False
    if found["colon"]:
        return True
    title = found["title"] or ""
    # "图 6 净值走势" is a caption, "图6给出了……" and "Table 1 shows" are not.
    spaced = text[found.start("title") - 1].isspace() if title else False
    return spaced and is_cjk(title[0]) and not re.search(r"[，；]|^[和与给显展为中是]", title)


def is_source(text: str) -> bool:
    """Return whether `text` is the line under a figure or table that names its source."""
    return bool(_SOURCE.match(text))


def is_bullet(text: str) -> bool:
    """Return whether `text` begins with a bullet character."""
    return bool(_BULLET.match(text))


def captions(text: str) -> list[str]:
    """Return the captions or source notes that stand side by side on one line, left to right."""
    parts = (_NEXT_SOURCE if is_source(text) else _NEXT_CAPTION).split(text)
    return [part.strip() for part in parts if part.strip()]


def ends_sentence(text: str) -> bool:
    """Return whether `text` ends with a full stop, question or exclamation mark."""
    return bool(_SENTENCE_END.search(text))


_ASIDE = re.compile(r"(?<=\S)[（(][^（）()]*[)）](?=\s|$)")
"""Brackets that a label ends with: EPS（元/股，摊薄）."""


def is_row(text: str) -> bool:
    """Return whether `text` looks like a row of a flattened table: short cells, half of them figures."""
    cells = text.split()
    if not cells or _PROSE.search(_ASIDE.sub("", text)) or max(map(len, cells)) > 30:
        return False
    if _CODE.fullmatch(cells[0]) and len(cells) >= 3:
        return True
    figures = sum(is_figure(cell) for cell in cells)
    if figures == len(cells):
        return True
    return len(cells) >= 3 and 2 * figures >= len(cells)


def is_figure(cell: str) -> bool:
    """Return whether a table cell is a number, a period or a dash."""
    return bool(_NUMBER.fullmatch(cell) or _CODE.fullmatch(cell))


def is_known_section(text: str) -> bool:
    """Return whether `text` is one of the section names that reports carry without a number."""
    return bool(_KNOWN.fullmatch(text))


def is_boilerplate_title(text: str) -> bool:
    """Return whether `text` heads a disclaimer, rating definition, analyst statement or the like."""
    return len(text) <= 40 and bool(_BOILERPLATE.fullmatch(text.rstrip("：: ")))


def is_related_title(text: str) -> bool:
    """Return whether `text` heads the list of the house's other reports."""
    return bool(_RELATED.fullmatch(text.rstrip("：: ")))


def is_contents_title(text: str) -> bool:
    """Return whether `text` heads a printed table of contents."""
    return bool(_CONTENTS_TITLE.fullmatch(text.rstrip("：: ")))


def contents_entry(text: str) -> str | None:
    """Return the heading that a line with dot leaders points to; None for any other line."""
    found = _CONTENTS_ENTRY.match(text)
    return found["title"] if found else None


def first_token(text: str) -> str:
    """Return what a typesetter could not have torn from the start of `text`.

    A Latin word or number, or one Chinese character, with the closing marks that follow it.
    """
    found = re.match(r"[“‘《（(「『]*(?:[A-Za-z0-9][A-Za-z0-9.,%\-/]*|.)", text)
    end = found.end() if found else 0
    while end < len(text) and text[end] in CLOSING:
        end += 1
    return text[:end]


def join(left: str, right: str, cut_anywhere: bool = False) -> str:
    """Return the white space that belongs between two halves of a broken line.

    Chinese needs none; between two Latin words the break stood for a space. With `cut_anywhere`
    the text was cut at a fixed number of characters, so that a break may stand inside a number.
    """
    if not left or not right or right[0] in CLOSING:
        return ""
    both_latin = left[-1].isascii() and right[0].isascii()
    return " " if both_latin and left[-1] not in "-/(" and not cut_anywhere else ""
