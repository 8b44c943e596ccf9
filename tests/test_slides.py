"""PPTX -> text with blocks: a heading and a page for each slide, tables and charts as tables."""

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm, Inches

from rag.errors import DocumentError
from rag.load.slides import parse
from rag.schema import BlockKind
from tests import samples
from tests.test_load import assert_sound

K = BlockKind
BLANK, TITLED = 6, 5


def blocks(parsed):
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


def read(deck):
    return parse(samples.saved(deck), "a.pptx")


@pytest.fixture
def deck():
    return pptx.Presentation()


def box(slide, text, left, top):
    shape = slide.shapes.add_textbox(Cm(left), Cm(top), Cm(8), Cm(1))
    shape.text_frame.text = text
    return shape


def test_a_deck_in_order():
    parsed = parse(samples.slides(), "a.pptx")
    assert blocks(parsed) == [
        (K.HEADING, 1, "示例科技三季报点评"),
        (K.PARAGRAPH, 0, "示例证券"),
        (K.HEADING, 1, "业绩概览"),
        (K.TABLE, 0, "项目 | 2023年 | 2024年\n营业收入 | 154.8 | 167.2\n净利润 | 45.0 | 59.8"),
        (K.TABLE, 0, "| 毛利率\n2023 | 53.0%\n2024 | 56.0%"),
    ]
    assert parsed.title == "示例科技三季报点评"
    assert [parsed.text[p.start : p.end].strip().split("\n")[0] for p in parsed.pages] == [
        "示例科技三季报点评",
        "业绩概览",
    ]


def test_shapes_are_read_top_to_bottom_and_left_to_right(deck):
    slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
    for text, left, top in (("丁", 12, 8), ("乙", 12, 4.1), ("丙", 1, 8), ("甲。", 1, 4)):
        box(slide, text, left, top)
    group = slide.shapes.add_group_shape()
    for text, left in (("组右", 9), ("组左", 1)):
        group.shapes.add_textbox(Cm(left), Cm(11), Cm(4), Cm(1)).text_frame.text = text
    assert read(deck).text.split() == ["甲。", "乙", "丙", "丁", "组左", "组右"]


def test_a_short_line_at_the_top_is_the_title_where_there_is_none(deck):
    slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
    box(slide, "正文在下面。", 1, 8)
    box(slide, "盈利能力改善", 1, 1)
    assert blocks(read(deck))[0] == (K.HEADING, 1, "盈利能力改善")
    other = deck.slides.add_slide(deck.slide_layouts[BLANK])
    box(other, "一句完整的话不是标题。", 1, 1)
    assert blocks(read(deck))[-1][0] is K.PARAGRAPH


def test_body_text_is_a_list_and_notes_follow(deck):
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "要点"
    slide.placeholders[1].text = "收入增长8%\n毛利率56%"
    slide.notes_slide.notes_text_frame.text = "口头说明。"
    assert blocks(read(deck)) == [
        (K.HEADING, 1, "要点"),
        (K.LIST_ITEM, 0, "收入增长8%"),
        (K.LIST_ITEM, 0, "毛利率56%"),
        (K.NOTE, 0, "口头说明。"),
    ]


def test_merged_cells_stand_in_every_place_they_cover(deck):
    slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
    table = slide.shapes.add_table(3, 3, 0, 0, Inches(6), Inches(2)).table
    texts = [["项目", "2024", ""], ["", "金额", "同比"], ["收入", "167.2", "8%"]]
    for r, row in enumerate(texts):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    assert blocks(read(deck)) == [
        (K.TABLE, 0, "项目 | 2024 | 2024\n项目 | 金额 | 同比\n收入 | 167.2 | 8%")
    ]


def test_a_chart_gives_its_title_and_its_numbers(deck):
    slide = deck.slides.add_slide(deck.slide_layouts[BLANK])
    data = CategoryChartData()
    data.categories = ["一季度", "二季度"]
    data.add_series("收入（亿元）", (1672.5, None), number_format="#,##0.0")
    data.add_series("同比", (0.081, 0.102), number_format="0.0%")
    chart = slide.shapes.add_chart(XL_CHART_TYPE.LINE, 0, 0, Cm(9), Cm(6), data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "图1：收入与增速"
    assert blocks(read(deck)) == [
        (K.CAPTION, 0, "图1：收入与增速"),
        (K.TABLE, 0, "| 收入（亿元） | 同比\n一季度 | 1,672.5 | 8.1%\n二季度 |  | 10.2%"),
    ]


def test_hidden_and_empty_slides(deck):
    for text in ("甲", "乙", "丙"):
        deck.slides.add_slide(deck.slide_layouts[TITLED]).shapes.title.text = text
    deck.slides[1].element.set("show", "0")
    deck.slides[2].shapes.title.text = ""
    parsed = read(deck)
    assert parsed.text == "甲"
    assert [(p.start, p.end) for p in parsed.pages] == [(0, 1), (1, 1), (1, 1)]
    assert parsed.warnings == ("a.pptx: hidden slides were not read: 2",)


def test_a_damaged_slide_costs_only_itself():
    def damage(name, xml):
        return xml.replace(b"<a:tc>", b'<a:tc gridSpan="two">')

    parsed = parse(samples.edited(samples.slides(), damage), "a.pptx")
    assert parsed.text == "示例科技三季报点评\n示例证券"
    assert parsed.warnings == ("a.pptx: slides 2 are damaged and were not read",)


def test_pages_are_sound(tmp_path):
    from rag.load import load

    path = tmp_path / "20241114-示例证券-三季报.pptx"
    path.write_bytes(samples.slides())
    document = load(path)
    assert_sound(document)
    assert (document.publisher, document.published) == ("示例证券", "2024-11-14")
    assert document.page_at(document.text.index("净利润")) == 2


def test_a_file_cut_off_is_one_line():
    with pytest.raises(DocumentError, match="damaged"):
        parse(samples.slides()[:9000], "a.pptx")
