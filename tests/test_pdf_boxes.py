"""A quote and its page -> boxes: what lies in them is the quote and nothing else."""

import pypdfium2 as pdfium
import pytest

from rag.load import load
from rag.load.pdf import boxes_of
from tests.sheets import FONT, HEIGHT, LEFT, PROSE, SENTENCE, SIZE, WIDTH, Sheet, needs_chinese_font


def inside(path, page, boxes):
    """Return the text that lies in `boxes`."""
    document = pdfium.PdfDocument(path)
    text = document[page - 1].get_textpage()
    return "".join(text.get_text_bounded(*box).strip() for box in boxes).strip()


@pytest.fixture
def report(tmp_path):
    sheet = Sheet()
    sheet.line("示例公司深度报告", size=22)
    sheet.paragraph("上半年，" + PROSE)
    sheet.line("表 1：主要指标")
    for year in (2021, 2022, 2023):
        sheet.row((80, 200, 300), (str(year), f"{year - 1990}.5", "40.1"))
    sheet.line("资料来源：公司公告", size=8)
    sheet.line(PROSE[:43], LEFT + 2 * SIZE)
    sheet.end_page(footer="请务必阅读正文之后的免责声明")
    for at in range(43, len(PROSE), 45):
        sheet.line(PROSE[at : at + 45])
    sheet.paragraph("第三季度，" + PROSE)
    path = tmp_path / "report.pdf"
    path.write_bytes(sheet.data())
    return path


def test_the_boxes_of_a_quote_over_two_lines_hold_it_exactly(report):
    quote = "同比增长百分之八，毛利率较上年同期提升三个百分点。其中海外业务"
    boxes = boxes_of(report, 1, quote)
    assert len(boxes) == 2 and boxes[0].bottom > boxes[1].bottom
    assert inside(report, 1, boxes) == quote
    assert all(0 < b.left < b.right < WIDTH and 0 < b.bottom < b.top < HEIGHT for b in boxes)


def test_spaces_do_not_count(report):
    assert boxes_of(report, 1, "营业 收入一百 二十三亿元") == boxes_of(
        report, 1, "营业收入一百二十三亿元"
    )


def test_a_row_of_a_table_as_the_document_states_it(report):
    document = load(report)
    row = next(line for line in document.text.split("\n") if line.startswith("2022"))
    boxes = boxes_of(report, 1, row)
    assert [inside(report, 1, [box]) for box in boxes] == ["2022", "32.5", "40.1"]


def test_a_quote_over_the_page_is_boxed_on_both(report):
    first, second = boxes_of(report, 1, PROSE), boxes_of(report, 2, PROSE)
    # The first paragraph holds the same words, so page 1 has all of them.
    assert inside(report, 1, first).startswith("报告期内") and second
    quote = PROSE[20:80]
    assert inside(report, 2, boxes_of(report, 2, quote)) == quote


def test_what_is_not_there_has_no_boxes(report):
    assert boxes_of(report, 1, "完全没有出现过的一句话，讲的是别的事情。") == []
    assert boxes_of(report, 9, SENTENCE) == [] and boxes_of(report, 1, "，。") == []


@needs_chinese_font
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_on_a_page_set_sideways_boxes_are_where_the_type_is(tmp_path, turn):
    sheet = Sheet()
    sheet.canvas.translate(WIDTH / 2, HEIGHT / 2)
    sheet.canvas.rotate(turn)
    sheet.canvas.setFont(FONT, 10)
    for y, row in (
        (100, "第三季度营业收入同比增长百分之八"),
        (80, "毛利率提升三个百分点，费用率下降"),
    ):
        sheet.canvas.drawString(-200, y, row)
    path = tmp_path / "turned.pdf"
    path.write_bytes(sheet.data())
    (box,) = boxes_of(path, 1, "毛利率提升三个百分点")
    across, along = sorted((box.right - box.left, box.top - box.bottom))
    assert across == pytest.approx(10.5, abs=1) and along == pytest.approx(100, abs=2)
    assert "毛利率" in inside(path, 1, [box]) and "营业收入" not in inside(path, 1, [box])


def test_a_sentence_with_a_fraction_in_it(tmp_path):
    sheet = Sheet()
    sheet.put(LEFT, 120, "我们给予距今第若干日的样本点的权重为", SIZE)
    sheet.put(LEFT + 185, 114, "N − i", 7)
    sheet.put(LEFT + 180, 126, "(N+1)N", 7)
    sheet.put(LEFT + 208, 120, "，权重构成等差数列", SIZE)
    path = tmp_path / "fraction.pdf"
    path.write_bytes(sheet.data())
    quote = load(path).text
    assert "/" in quote
    (box,) = boxes_of(path, 1, quote)
    assert box.left == pytest.approx(LEFT, abs=1) and box.right > LEFT + 280
