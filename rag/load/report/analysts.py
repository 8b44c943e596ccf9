"""The analysts who sign a report: behind their label, beside their licence, in the front matter.

Assistants and contacts, who may not sign, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.load import imprint
from rag.load.report.choice import FRONT_MATTER, LABELLED, STRONG, Candidate
from rag.load.report.front import Front, Line, Place

_KEYS = ("analysts", "analyst", "分析师", "authors", "author", "作者")
_PLACES = (Place.COVER, Place.SIDE, Place.TITLE)
_NAME = r"(?:[\u4e00-\u9fff]{2,4}|[A-Z][a-z]+(?: [A-Z][a-z.]*){1,3})"
_LABEL = re.compile(
    r"(?<!助理)(?<!助理證券)(?:首席|联席首席|资深|高级|证券|證券)*(?:分析(?:师|員|员)|Analysts?)\s*[：:\s]\s*"
    rf"(?P<names>{_NAME}(?:\s*[、，,/；;]\s*{_NAME}|\s+{_NAME})*)"
)
_ROLE = re.compile(rf"(?P<names>{_NAME})\s*[（(]\s*(?:首席|证券|高级)*分析(?:师|员)\s*[）)]")
_LICENCE = re.compile(
    rf"(?P<names>{_NAME})\s*[，,]?\s*[（(]?\s*(?:(?:SAC)?\s*(?:执业|证书)?(?:证书)?(?:编号|证号|编码)\s*[：:]?\s*|SAC\s*(?:NO|No)?[.:：]?\s*)?(?=S\d{{13}})"
)
_CONTACT = re.compile(r"联系人|助理|Contact|销售")
# What stands where a name would and is none.
_NO_NAME = re.compile(
    r"声明|承诺|保证|研究|证券|团队|信息|介绍|简介|评级|电话|邮箱|邮件|执业|证书|资格|登记|编号|联系|及其|姓名|部门|分析|行业|公司|财经|日报|"
    r"首席|签名|名单|所有|以及|签署|报告"
)


def candidates(front: Front) -> Iterator[Candidate]:
    """Yield the names of analysts, in the order met."""
    for key in _KEYS:
        for value in front.stated.get(key, ()):
            for name in _names(value.strip("[]")):
                if imprint.house(name) is None:
                    yield Candidate(name, FRONT_MATTER, STRONG)
    for line in front.at(*_PLACES):
        yield from _in_line(front, line)


def _in_line(front: Front, line: Line) -> Iterator[Candidate]:
    for pattern in (_LABEL, _ROLE, _LICENCE):
        for found in pattern.finditer(line.text):
            before = line.text[: found.start()]
            if pattern is not _ROLE and _CONTACT.search(before[-6:]):
                continue
            at = line.start + found.start("names")
            for name in _names(found["names"]):
                start = at + found["names"].index(name)
                yield Candidate(name, front.source, LABELLED, start, start + len(name))


def _names(text: str) -> Iterable[str]:
    """Return the names of persons in a list of them."""
    chinese = re.search(r"[\u4e00-\u9fff]", text)
    parts = re.split(r"\s*[、，,/；;&]\s*|\s+and\s+" + (r"|\s+" if chinese else ""), text)
    return [
        p.strip(" \"'")
        for p in parts
        if re.fullmatch(_NAME, p.strip(" \"'")) and not _NO_NAME.search(p)
    ]
