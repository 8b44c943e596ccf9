"""Sections tile the text and know the headings they stand under."""

from __future__ import annotations

from rag import sections
from rag.load.text import parse
from rag.schema import Block, BlockKind, Document, Section

ARTICLE = """第一节 港口行业景气回升
三季度全国规模以上港口的集装箱吞吐量同比增长6.4%,增速比二季度加快了两个百分点。
一、运价传导存在时滞
(一)即期运价翻番
亚欧航线的即期运价在一个月里翻了一番,主要原因是船舶绕行好望角使得有效运力下降。
(二)长约运价跟涨
正在签署的长约运价比去年春天高出约35%,签约的客户以大型零售商为主。
二、成本继续下降
自动化岸桥的单机效率提高到每小时34自然箱,人工成本占收入的比重降至18.7%。
第二节 风险与展望
新船交付若快于预期,运价可能在明年下半年回落,码头的费率弹性也会随之减弱。
"""


def document(text: str, blocks: tuple[Block, ...]) -> Document:
    return Document("sha256:0", "a.txt", "text", text, "标题", blocks)


def built(text: str) -> tuple[Document, tuple[Section, ...]]:
    parsed = parse(text, "a.txt")
    doc = document(parsed.text, parsed.blocks)
    return doc, sections.build(doc)


def compose(*parts: tuple[BlockKind, int, str]) -> Document:
    """Return a document of the blocks ``(kind, level, text)``, one a line."""
    blocks, start = [], 0
    for kind, level, text in parts:
        blocks.append(Block(kind, start, start + len(text), level))
        start += len(text) + 1
    return document("\n".join(text for _, _, text in parts), tuple(blocks))


def test_sections_tile_the_text_and_hold_their_blocks() -> None:
    doc, found = built(ARTICLE)
    assert "".join(doc.text[s.start : s.end] for s in found) == doc.text
    assert tuple(block for s in found for block in s.blocks) == doc.blocks
    assert all(s.start <= b.start and b.end <= s.end for s in found for b in s.blocks)


def test_a_path_holds_the_headings_from_the_outermost_down() -> None:
    _, found = built(ARTICLE)
    assert [s.heading_path for s in found] == [
        ("第一节 港口行业景气回升",),
        ("第一节 港口行业景气回升", "一、运价传导存在时滞"),
        ("第一节 港口行业景气回升", "一、运价传导存在时滞", "(一)即期运价翻番"),
        ("第一节 港口行业景气回升", "一、运价传导存在时滞", "(二)长约运价跟涨"),
        ("第一节 港口行业景气回升", "二、成本继续下降"),
        ("第二节 风险与展望",),
    ]


def test_text_before_the_first_heading_stands_under_none() -> None:
    doc = compose(
        (BlockKind.PARAGRAPH, 0, "导语。"),
        (BlockKind.HEADING, 1, "一、运价："),
        (BlockKind.PARAGRAPH, 0, "正文。"),
    )
    assert [s.heading_path for s in sections.build(doc)] == [(), ("一、运价",)]


def test_a_skipped_level_does_not_invent_a_heading() -> None:
    doc = compose(
        (BlockKind.HEADING, 1, "甲"),
        (BlockKind.HEADING, 3, "丙"),
        (BlockKind.HEADING, 2, "乙"),
    )
    assert [s.heading_path for s in sections.build(doc)] == [("甲",), ("甲", "丙"), ("甲", "乙")]


def test_contents_amid_the_text_end_the_summary_before_them() -> None:
    doc = compose(
        (BlockKind.HEADING, 1, "风险提示"),
        (BlockKind.PARAGRAPH, 0, "运价回落。"),
        (BlockKind.BOILERPLATE, 0, "目录\n一、运价 ...... 3"),
        (BlockKind.PARAGRAPH, 0, "本文研究运价。"),
        (BlockKind.HEADING, 1, "免责声明"),
        (BlockKind.BOILERPLATE, 0, "本报告不构成投资建议。"),
        (BlockKind.BOILERPLATE, 0, "版权所有。"),
    )
    found = sections.build(doc)
    assert [s.heading_path for s in found] == [("风险提示",), (), ("免责声明",)]
    assert "本文研究运价。" in doc.text[found[1].start : found[1].end]


def test_an_empty_document_has_no_sections() -> None:
    assert sections.build(document("", ())) == ()


def test_a_text_without_blocks_is_one_section() -> None:
    (only,) = sections.build(document("正文。", ()))
    assert (only.heading_path, only.start, only.end) == ((), 0, 3)
