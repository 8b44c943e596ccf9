"""PDF -> headings: by outline, structure tree, contents, type and number; and the back matter."""

from rag.load import pdf
from tests.sheets import LEFT, PROSE, SENTENCE, SIZE, K, Sheet, headings, of_kind, parse, tagged


def chapters(sheet):
    """Typeset three chapters, the second one with a section, each on a page of its own."""
    for number, heading, size in (
        (3, "一、行业概览", 14),
        (4, "二、公司分析", 14),
        (4, "2.1 收入结构", 12),
    ):
        if number == 4 and size == 14:
            sheet.end_page()
        sheet.heading(heading, size)
        sheet.paragraph(PROSE)
        sheet.paragraph("正文里也会提到二、公司分析这样的词，" + SENTENCE)
    sheet.heading("三、风险提示", 14)
    sheet.paragraph(SENTENCE)


CHAPTERS = [(1, "一、行业概览"), (1, "二、公司分析"), (2, "2.1 收入结构"), (1, "三、风险提示")]


def test_the_printed_contents_name_the_headings_and_are_no_text():
    sheet = Sheet()
    sheet.line("示例公司深度报告", size=22)
    sheet.paragraph(PROSE)
    sheet.end_page()
    sheet.line("目  录", 250, 16)
    for _, title in CHAPTERS:
        sheet.line(f"{title} {'.' * 60} 3")
    sheet.line(f"图 1：收入走势 {'.' * 60} 3")
    sheet.end_page()
    chapters(sheet)
    parsed = parse(sheet)
    assert headings(parsed) == [(1, "示例公司深度报告"), *CHAPTERS]
    (contents,) = of_kind(parsed, K.BOILERPLATE)
    assert contents.startswith("目") and contents.endswith("3") and "图 1" in contents
    assert parsed.pages[1].start == parsed.text.index(contents)


def test_bookmarks_name_the_headings():
    sheet = Sheet()
    for level, title in (
        (0, "一、行业概览"),
        (0, "二、公司分析"),
        (1, "2.1 收入结构"),
        (0, "三、风险提示"),
        (0, "没有的章节"),
    ):
        sheet.canvas.bookmarkPage(title)
        sheet.canvas.addOutlineEntry(title, title, level)
    chapters(sheet)
    assert headings(parse(sheet)) == CHAPTERS


def test_without_contents_number_and_type_tell_the_headings():
    sheet = Sheet()
    chapters(sheet)
    assert headings(parse(sheet)) == CHAPTERS


def test_without_contents_and_numbers_type_tells_the_headings_and_their_depth():
    sheet = Sheet()
    sheet.line("示例公司深度报告", size=22)
    found = []
    for chapter in ("行业概览", "公司分析", "投资建议"):
        sheet.heading(chapter, 16)
        sheet.paragraph(PROSE)
        sheet.heading(f"{chapter}小节", 12)
        sheet.paragraph(PROSE)
        sheet.end_page()
        found += [(1, chapter), (2, f"{chapter}小节")]
    assert headings(parse(sheet)) == [(1, "示例公司深度报告"), *found]


def test_a_heading_of_two_lines_is_one_heading():
    sheet = Sheet()
    sheet.end_page()
    for title in ("第一部分很长的标题在这里没有写完还要接着写到", "第二行才结束"):
        sheet.line(title, size=18, colour="darkred", pitch=1.4)
    sheet.paragraph(PROSE)
    assert headings(parse(sheet)) == [
        (1, "第一部分很长的标题在这里没有写完还要接着写到第二行才结束")
    ]


def test_disclaimers_at_the_end_are_boilerplate():
    sheet = Sheet()
    chapters(sheet)
    sheet.end_page()
    sheet.line("免责声明", size=12, colour="darkred")
    sheet.paragraph("本报告仅供客户使用，不构成投资建议。" * 3)
    parsed = parse(sheet)
    assert headings(parsed)[-1] == (1, "免责声明")
    assert of_kind(parsed, K.BOILERPLATE) == ["本报告仅供客户使用，不构成投资建议。" * 3]


def test_contents_without_dots():
    sheet = Sheet()
    sheet.line("目  录", 250, 16)
    for number, (_, title) in enumerate(CHAPTERS):
        sheet.row((LEFT, 500), (title, str(3 + number)), SIZE)
    sheet.end_page()
    chapters(sheet)
    parsed = parse(sheet)
    assert headings(parsed) == CHAPTERS
    assert len(of_kind(parsed, K.BOILERPLATE)) == 1


def test_a_structure_tree_names_the_headings_but_numbers_tell_how_deep_they_are():
    prose = "Revenue grew by eight percent in the third quarter, driven by games and by ads."
    statement = "This statement is tagged as a heading, yet it ends as a sentence does."
    lines = [("H2", "Chapter 1 Market"), ("P", prose), ("H1", "1.1 Demand"), ("P", prose)]
    lines += [("H1", statement), ("H2", "Chapter 2 Company"), ("P", prose)]
    parsed = pdf.parse(tagged(lines), "tagged.pdf")
    assert headings(parsed) == [
        (1, "Chapter 1 Market"),
        (2, "1.1 Demand"),
        (1, "Chapter 2 Company"),
    ]


def test_a_heading_that_the_contents_leave_out_is_never_two_levels_deeper_than_the_one_above():
    sheet = Sheet()
    sheet.line("目录", 250, 16)
    for _, title in CHAPTERS:
        sheet.line(f"{title} {'.' * 60} 2")
    sheet.end_page()
    chapters(sheet)
    sheet.end_page()
    sheet.heading("四、附加讨论", 14)
    sheet.line("• 一个没有编号的小标题", size=11, colour="darkblue")
    sheet.paragraph(PROSE)
    assert headings(parse(sheet))[-2:] == [(1, "四、附加讨论"), (2, "一个没有编号的小标题")]


def test_titles_of_the_back_matter_are_told_by_those_that_are_known():
    sheet = Sheet()
    chapters(sheet)
    sheet.end_page()
    for title in ("免责声明", "某某证券股份有限公司", "估值方法的局限性说明"):
        sheet.line(title, size=12, colour="darkred")
        sheet.paragraph("本报告仅供客户使用，不构成投资建议。" * 3)
    found = headings(parse(sheet))
    assert [text for _, text in found[-3:]] == [
        "免责声明",
        "某某证券股份有限公司",
        "估值方法的局限性说明",
    ]
