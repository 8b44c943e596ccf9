"""PDF -> paragraphs and columns in the order of reading, on pages typeset here."""

import random

import pytest

from rag.load import pdf
from tests.sheets import (
    HEIGHT,
    LEFT,
    PROSE,
    SENTENCE,
    SIZE,
    TOP,
    WIDTH,
    K,
    Sheet,
    assert_sound,
    blocks,
    headings,
    needs_chinese_font,
    of_kind,
    parse,
)

# Paragraphs and pages


def test_a_paragraph_goes_on_over_the_page_and_each_half_knows_its_page():
    sheet = Sheet()
    text = PROSE + "展望下半年，需求有望回暖，公司将继续受益于行业集中度的提升。"
    rows = [text[:43], *(text[i : i + 45] for i in range(43, len(text), 45))]
    sheet.paragraph("上半年，" + PROSE)
    sheet.line(rows[0], LEFT + 2 * SIZE)
    sheet.line(rows[1])
    sheet.end_page(footer="- 1 -")
    for row in rows[2:]:
        sheet.line(row)
    sheet.paragraph("第三季度，" + PROSE)
    sheet.paragraph(PROSE)
    sheet.end_page(footer="- 2 -")
    parsed = parse(sheet)
    assert of_kind(parsed, K.PARAGRAPH) == ["上半年，" + PROSE, text, "第三季度，" + PROSE, PROSE]
    start = parsed.text.index(text)
    assert parsed.pages[1].start == start + len(rows[0]) + len(rows[1])


def test_short_lines_and_gaps_part_paragraphs():
    sheet = Sheet()
    for text in (PROSE, "第二段很短。", PROSE):
        sheet.paragraph(text, indent=0)
        sheet.y += 12
    assert of_kind(parse(sheet), K.PARAGRAPH) == [PROSE, "第二段很短。", PROSE]


def test_a_number_at_the_start_of_a_line_begins_no_list():
    sheet = Sheet()
    sheet.line(
        "公司第三季度营业收入同比增长，其中海外业务的收入在总收入中占比从约百分之十升至约",
        LEFT + 20,
    )
    sheet.line("12.5%，主要来自东南亚市场；国内业务的收入则与去年同期持平，毛利率略有提升，为")
    sheet.line("3、4 月份以来的最好水平。")
    sheet.paragraph(PROSE)
    sheet.paragraph(PROSE)
    assert [kind for kind, _, _ in blocks(parse(sheet))] == [K.PARAGRAPH] * 3


def test_list_items_with_hanging_lines():
    sheet = Sheet()
    sheet.paragraph(PROSE)
    first = (
        "1、参照点：在投资收益确定的情况下，与其他人对比的时候，会出现完全不一样的感受，即使最终收"
    )
    second = (
        "2、损失厌恶：损失一百块钱的疼痛程度大于收获一百块钱的愉悦程度，因此会过早锁定盈利的那些头"
    )
    for item, rest in ((first, "益相同。"), (second, "寸。")):
        sheet.line(item)
        sheet.line(rest, LEFT + 18)
    assert of_kind(parse(sheet), K.LIST_ITEM) == [first + "益相同。", second + "寸。"]


# Columns


def test_two_columns_are_read_one_after_the_other():
    sheet = Sheet()
    sheet.line("双栏排版的研究报告标题", 150, 20)
    top = sheet.y + 10
    for left, right, name in ((60, 285, "左"), (310, 535, "右")):
        sheet.y = top
        for number in range(4):
            sheet.paragraph(f"{name}栏第{number}段开始，" + SENTENCE, left, right)
    found = of_kind(parse(sheet), K.PARAGRAPH)
    assert found == [f"{name}栏第{n}段开始，{SENTENCE}" for name in "左右" for n in range(4)]


def test_a_side_bar_is_kept_apart_and_states_no_date_of_its_own():
    sheet = Sheet()
    sheet.put(40, 60, "2024 年 3 月 7 日", 9)
    for i, text in enumerate(("分析师：张某某", "邮箱：zhang@example.com", "电话：021-12345678")):
        sheet.put(40, 100 + 14 * i, text, 8)
    sheet.put(40, 180, "相关研究报告", 10)
    for i, text in enumerate(
        ("《行业周报：需求回暖》", "2023-12-01", "《公司点评：业绩超预期》", "2023-11-11")
    ):
        sheet.put(40, 200 + 14 * i, text, 8)
    sheet.line("示例行业二〇二四年投资策略", 210, 20, pitch=1.4)
    sheet.line("需求回暖与供给出清", 210, 20)
    for _ in range(4):
        sheet.paragraph(PROSE, 210, 540)
    parsed = parse(sheet)
    assert parsed.title == "示例行业二〇二四年投资策略需求回暖与供给出清"
    assert parsed.published == "2024-03-07"
    kinds = [kind for kind, _, _ in blocks(parsed)]
    assert kinds == [K.HEADING] + [K.PARAGRAPH] * 4 + [K.SIDEBAR]
    assert "张某某" in of_kind(parsed, K.SIDEBAR)[0]
    assert of_kind(parsed, K.PARAGRAPH) == [PROSE] * 4


def test_a_table_is_no_pair_of_columns():
    sheet = Sheet()
    sheet.line("表 1：各年主要指标")
    for year in range(2010, 2022):
        sheet.row((80, 180, 380, 480), (str(year), f"{year % 7}.1%", f"{year % 5}.2%", "12.3"), 10)
    sheet.line("资料来源：公司公告")
    (table,) = of_kind(parse(sheet), K.TABLE)
    assert table.split("\n")[0] == "2010 | 1.1% | 0.2% | 12.3"
    assert len(table.split("\n")) == 12


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_set_sideways_is_read(turn):
    sheet = Sheet()
    sheet.canvas.translate(WIDTH / 2, HEIGHT / 2)
    sheet.canvas.rotate(turn)
    sheet.canvas.setFont("Helvetica", 10)
    rows = [
        "Revenue grew by eight percent in the third quarter, driven by games",
        "and by advertising.",
    ]
    for y, row in zip((200, 186), rows, strict=True):
        sheet.canvas.drawString(-200, y, row)
    sheet.canvas.drawString(-200, 160, "A second paragraph follows after a gap.")
    assert of_kind(parse(sheet), K.PARAGRAPH) == [
        " ".join(rows),
        "A second paragraph follows after a gap.",
    ]


def test_english_lines_are_joined_with_spaces():
    sheet = Sheet()
    rows = [
        "Revenue grew by eight percent in the third quarter, driven by games and by",
        "advertising, while the gross margin rose by three points. Management expects",
        "growth to continue.",
    ]
    sheet.canvas.setFont("Helvetica", 10)
    for y, row in zip((100, 114, 128), rows, strict=True):
        sheet.canvas.drawString(LEFT, HEIGHT - y, row)
    sheet.canvas.drawString(LEFT, HEIGHT - 150, "A second paragraph follows after a gap.")
    assert of_kind(parse(sheet), K.PARAGRAPH) == [
        " ".join(rows),
        "A second paragraph follows after a gap.",
    ]


@pytest.mark.slow
def test_three_hundred_pages_keep_their_headings():
    rng = random.Random(7)
    sheet = Sheet()
    for number in range(1, 301):
        if number % 10 == 1:
            sheet.heading(f"{number // 10 + 1}、第{number // 10 + 1}个专题")
        for _ in range(4):
            sheet.paragraph("".join(rng.choice(SENTENCE) for _ in range(200)) + "。")
        sheet.end_page("某某证券 | 年度策略", f"请务必阅读正文之后的免责声明  {number}")
    data = sheet.data()
    parsed = pdf.parse(data, "sheet.pdf")
    assert_sound(parsed)
    assert len(parsed.pages) == 300 and len(headings(parsed)) == 30


def test_a_number_that_counts_on_in_mid_sentence_begins_no_item():
    sheet = Sheet()
    rows = [
        "模型的选股标准如下：1）资产收益率为正，且高于行业平均水平；2）经营现金流量净额连续三年为正；",
        "3）资产收益率同比增加，毛利率不低于上年。",
    ]
    sheet.line(rows[0])
    sheet.line(rows[1])
    sheet.paragraph(PROSE, indent=0)
    sheet.y += 10
    sheet.paragraph(PROSE, indent=0)
    assert of_kind(parse(sheet), K.PARAGRAPH)[0] == "".join(rows)


@needs_chinese_font
def test_entries_of_a_list_of_references_are_whole():
    sheet = Sheet()
    entries = (
        ("[1] Frazzini A. The disposition effect and underreaction to news. The", "Journal, 2006."),
        (
            "[2] Wang H, Yan J. Reference-dependent preferences and the trade-off, 123(2):",
            "395-414.",
        ),
    )
    for _ in range(4):
        sheet.paragraph(PROSE)
    for entry in entries:
        for line in entry:
            sheet.line(line)
    assert of_kind(parse(sheet), K.PARAGRAPH)[4:] == [" ".join(entry) for entry in entries]


def test_notes_in_the_margin_of_a_page_do_not_run_into_the_text_beside_them():
    sheet = Sheet()
    sheet.line("示例公司深度报告", size=22)
    sheet.end_page()
    for row in range(8):
        sheet.put(40, TOP + 3 + 24 * row, ("海外增长", "订单充足")[row % 2], 9)
    for number in range(4):
        sheet.paragraph(f"第{number}段开始，" + PROSE, 180, 540)
    found = of_kind(parse(sheet), K.PARAGRAPH)
    assert found[-4:] == [f"第{number}段开始，{PROSE}" for number in range(4)]
