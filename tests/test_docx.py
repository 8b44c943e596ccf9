"""DOCX -> text with blocks: what Word shows, numbers of headings and lists included."""

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from rag.errors import DocumentError
from rag.load import load
from rag.load.docx import parse
from rag.schema import BlockKind
from tests import samples

K = BlockKind
W = nsdecls("w")


def blocks(parsed):
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


def read(document):
    return parse(samples.saved(document), "a.docx")


@pytest.fixture
def document():
    return docx.Document()


def style(document, name, based_on="Normal", outline=None):
    """Add a paragraph style as Chinese templates have them."""
    new = document.styles.add_style(name, docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    new.base_style = document.styles[based_on]
    if outline is not None:
        new.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="{outline}"/>'))
    return new


def insert(paragraph, xml):
    """Append raw XML to a paragraph."""
    paragraph._p.append(parse_xml(xml))


def test_a_report_in_order():
    parsed = parse(samples.word(), "a.docx")
    assert blocks(parsed) == [
        (K.HEADING, 1, "示例科技三季报点评"),
        (K.HEADING, 2, "业绩概览"),
        (K.PARAGRAPH, 0, samples.SENTENCE),
        (K.TABLE, 0, "项目 | 2023年 | 2024年\n营业收入 | 154.8 | 167.2\n净利润 | 45.0 | 59.8"),
        (K.HEADING, 2, "风险提示"),
        (K.LIST_ITEM, 0, "• 宏观经济下行。"),
    ]
    assert parsed.title == "示例科技三季报点评"


def test_a_title_may_stand_below_other_lines_of_the_cover(document):
    document.add_paragraph("证券研究报告")
    document.add_paragraph("示例科技三季报点评", style="Title")
    document.add_heading("业绩概览", 1)
    document.add_paragraph("又一个", style="Title")
    parsed = read(document)
    assert parsed.title == "示例科技三季报点评"
    assert [(level, text) for _, level, text in blocks(parsed)] == [
        (0, "证券研究报告"), (1, "示例科技三季报点评"), (2, "业绩概览"), (0, "又一个"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["标题 1", "标题1", "标题 1 Char", "Heading 1"])
def test_headings_by_the_names_of_their_styles(document, name):
    existing = [s for s in document.styles if s.name == name]
    document.add_paragraph("一级标题", style=existing[0] if existing else style(document, name))
    document.add_paragraph("正文。")
    assert blocks(read(document))[0] == (K.HEADING, 1, "一级标题")


def test_headings_by_the_outline_level_of_their_styles(document):
    style(document, "公司模板甲", outline=0)
    style(document, "公司模板乙", based_on="公司模板甲", outline=1)
    style(document, "公司模板丙", based_on="公司模板乙")
    for name, text in (("甲", "章"), ("乙", "节"), ("丙", "也是节")):
        document.add_paragraph(text, style=f"公司模板{name}")
    assert blocks(read(document)) == [
        (K.HEADING, 1, "章"), (K.HEADING, 2, "节"), (K.HEADING, 2, "也是节"),
    ]  # fmt: skip


def test_styles_based_on_each_other_do_not_loop(document):
    a, b = style(document, "甲"), style(document, "乙")
    a.base_style, b.base_style = b, a
    document.add_paragraph("正文。", style="甲")
    assert blocks(read(document)) == [(K.PARAGRAPH, 0, "正文。")]


def test_numbers_that_word_counts_are_printed(document):
    number = samples.numbered(
        document,
        {0: ("chineseCounting", "%1、"), 1: ("chineseCounting", "（%2）"), 2: ("decimal", "%3.")},
    )

    def item(text, level):
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(
                f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
            )
        )

    for text, level in (
        ("概览", 0),
        ("收入", 1),
        ("利润", 1),
        ("说明", 2),
        ("展望", 0),
        ("风险", 1),
    ):
        item(text, level)
    assert blocks(read(document)) == [
        (K.HEADING, 1, "一、概览"),
        (K.HEADING, 2, "（一）收入"),
        (K.HEADING, 2, "（二）利润"),
        (K.LIST_ITEM, 0, "1. 说明"),
        (K.HEADING, 1, "二、展望"),
        (K.HEADING, 2, "（一）风险"),
    ]


def test_numbered_heading_styles(document):
    number = samples.numbered(document, {0: ("decimal", "%1"), 1: ("decimal", "%1.%2")})
    for level in (0, 1):
        properties = document.styles[f"Heading {level + 1}"].element.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
            )
        )
    for text, level in (("行业", 1), ("公司", 1), ("收入", 2), ("利润", 2)):
        document.add_heading(text, level)
    assert [text for _, _, text in blocks(read(document))] == [
        "1 行业",
        "2 公司",
        "2.1 收入",
        "2.2 利润",
    ]


@pytest.mark.parametrize(
    ("format_", "counts"),
    [
        ("chineseCountingThousand", {1: "一", 10: "十", 12: "十二", 20: "二十", 105: "一百零五"}),
        ("lowerRoman", {4: "iv", 9: "ix", 14: "xiv"}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
    ],
)
def test_counting(format_, counts):
    from rag.load.docx.numbering import _written

    assert {count: _written(count, format_) for count in counts} == counts


def test_merged_cells_stand_in_every_place_they_cover(document):
    table = document.add_table(rows=4, cols=3)
    texts = [
        ["项目", "2024", ""],
        ["", "金额", "同比"],
        ["收入", "167.2", "8%"],
        ["说明：未经审计", "", ""],
    ]
    for row, values in zip(table.rows, texts, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(3, 0).merge(table.cell(3, 2))
    assert blocks(read(document)) == [
        (K.TABLE, 0, "项目 | 2024 | 2024\n项目 | 金额 | 同比\n收入 | 167.2 | 8%\n说明：未经审计")
    ]


def test_two_merged_blocks_under_each_other_stay_apart(document):
    table = document.add_table(rows=4, cols=2)
    for r, text in ((0, "甲"), (2, "乙")):
        table.cell(r, 0).merge(table.cell(r + 1, 0)).text = text
    for r in range(4):
        table.cell(r, 1).text = f"{r}.5"
    assert blocks(read(document)) == [(K.TABLE, 0, "甲 | 0.5\n甲 | 1.5\n乙 | 2.5\n乙 | 3.5")]


def test_a_table_that_lays_out_the_page_is_read_as_text(document):
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text = "侧栏：示例科技"
    table.cell(0, 1).text = samples.SENTENCE * 8
    table.cell(0, 1).add_paragraph("风险提示", style="Heading 1")
    kinds = [(kind, text[:6]) for kind, _, text in blocks(read(document))]
    assert kinds == [
        (K.PARAGRAPH, "侧栏：示例科"),
        (K.PARAGRAPH, "报告期内公司"),
        (K.HEADING, "风险提示"),
    ]


def test_captions_sources_and_bold_headings_without_a_style(document):
    document.add_paragraph("").add_run("行业格局稳定").bold = True
    document.add_paragraph(samples.SENTENCE)
    document.add_paragraph("表 1 主要财务指标", style="Caption")
    document.add_table(rows=1, cols=2).rows[0].cells[0].text = "收入"
    document.add_paragraph("资料来源：公司公告")
    assert [(kind, text[:6]) for kind, _, text in blocks(read(document))][::2] == [
        (K.HEADING, "行业格局稳定"), (K.CAPTION, "表 1 主要"), (K.NOTE, "资料来源：公"),
    ]  # fmt: skip


def test_inserted_text_is_in_deleted_and_hidden_text_is_not(document):
    paragraph = document.add_paragraph("收入")
    insert(paragraph, f"<w:ins {W}><w:r><w:t>增长</w:t></w:r></w:ins>")
    insert(paragraph, f"<w:del {W}><w:r><w:delText>下降</w:delText></w:r></w:del>")
    insert(paragraph, f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>")
    insert(paragraph, f"<w:smartTag {W}><w:r><w:t>8%</w:t></w:r></w:smartTag>")
    insert(paragraph, f"<w:r {W}><w:instrText>PAGE</w:instrText></w:r>")
    assert read(document).text == "收入增长8%"


def test_content_controls_text_boxes_and_notes_are_read_once(document):
    body = document.element.body
    body.insert(
        0,
        parse_xml(
            f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>封面标题</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    box = "<w:txbxContent><w:p><w:r><w:t>框中文字</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    insert(
        document.add_paragraph("正文"),
        f"<w:r {W} {mc}><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
    )
    assert read(document).text == "封面标题\n正文\n框中文字"


def test_footnotes_stand_below_the_paragraph_that_refers_to_them(document):
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    notes = f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:t>未经审计。</w:t></w:r></w:p></w:footnote></w:footnotes>'
    part = Part(
        PackURI("/word/footnotes.xml"), "application/xml", notes.encode(), document.part.package
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    insert(
        document.add_paragraph("收入167.2亿元"), f'<w:r {W}><w:footnoteReference w:id="2"/></w:r>'
    )
    document.add_paragraph("下一段。")
    assert [text for _, _, text in blocks(read(document))] == [
        "收入167.2亿元",
        "未经审计。",
        "下一段。",
    ]
    assert blocks(read(document))[1][0] is K.NOTE


def test_a_printed_table_of_contents_is_kept_aside(document):
    style(document, "TOC 1").element.set(qn("w:styleId"), "TOC1")
    document.add_paragraph("业绩概览\t3", style="TOC 1")
    document.add_heading("业绩概览", 1)
    document.add_paragraph("正文。")
    assert blocks(read(document))[:2] == [
        (K.BOILERPLATE, 0, "业绩概览 3"),
        (K.HEADING, 1, "业绩概览"),
    ]


def test_line_breaks_end_paragraphs_and_page_breaks_do_not(document):
    run = document.add_paragraph("第一行").add_run()
    run.add_break()
    run.add_text("第二行，接")
    run.add_break(docx.enum.text.WD_BREAK.PAGE)
    run.add_text("下页。")
    assert [text for _, _, text in blocks(read(document))] == ["第一行", "第二行，接下页。"]


def test_facts_from_the_text_and_the_properties(document):
    document.core_properties.title = "示例科技深度报告"
    document.add_paragraph("2024年11月14日")
    document.add_paragraph(samples.SENTENCE)
    parsed = read(document)
    assert (parsed.title, parsed.published) == ("示例科技深度报告", "2024-11-14")
    document.core_properties.title = "Microsoft Word - 新建文档.docx"
    assert read(document).title is None


def test_macro_files_templates_and_the_strict_dialect_are_read():
    plain = blocks(parse(samples.word(), "a.docx"))

    def macro(_, xml):
        return xml.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )

    def strict(_, xml):
        return xml.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/",
            b"http://purl.oclc.org/ooxml/wordprocessingml/",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/",
            b"http://purl.oclc.org/ooxml/officeDocument/",
        )

    for edit in (macro, strict):
        assert blocks(parse(samples.edited(samples.word(), edit), "a.docm")) == plain


# Hostile


def test_a_part_that_unpacks_to_more_than_is_allowed():
    def swell(name, xml):
        return b" " * 160_000_000 if name == "word/document.xml" else xml

    data = samples.edited(samples.word(), swell)
    assert len(data) < 300_000
    with pytest.raises(DocumentError, match=r"word/document\.xml unpacks to 160 MB"):
        parse(data, "a.docx")


def test_entities_are_not_expanded():
    def plant(name, xml):
        if name != "word/document.xml":
            return xml
        xml = xml.partition(b"?>")[2]
        entities = b'<!DOCTYPE x [<!ENTITY a "lollollol"><!ENTITY e SYSTEM "file:///etc/passwd">]>'
        return entities + xml.replace("业绩概览".encode(), b"&a;&e;")

    text = parse(samples.edited(samples.word(), plant), "a.docx").text
    assert "lol" not in text and "root:" not in text


@pytest.mark.parametrize("cut", [200, 5000, -50])
def test_a_file_cut_off_is_one_line(tmp_path, cut):
    path = tmp_path / "a.docx"
    path.write_bytes(samples.word()[:cut])
    with pytest.raises(DocumentError, match="damaged") as caught:
        load(path)
    assert "\n" not in caught.value.en + caught.value.zh


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.xlsx", "a.zip", "a.md"])
def test_the_content_decides(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(samples.word())
    assert load(path).format == "docx"


def test_text_by_the_name_of_a_word_file(tmp_path):
    path = tmp_path / "a.docx"
    path.write_text("<html>404 Not Found</html>", "utf-8")
    with pytest.raises(DocumentError, match="expected docx as its suffix says"):
        load(path)


def test_a_statement_set_as_a_heading_is_text(document):
    document.add_heading("本公司董事会保证本报告内容真实、准确、完整。", 1)
    document.add_heading("长" * 120, 1)
    document.add_heading("业绩概览", 1)
    assert [kind for kind, _, _ in blocks(read(document))] == [K.PARAGRAPH, K.PARAGRAPH, K.HEADING]
