"""PDF -> tables, figures, notes and formulas, on pages typeset here."""

from tests.sheets import LEFT, PROSE, SIZE, K, Sheet, blocks, needs_chinese_font, of_kind, parse


def test_cells_keep_their_columns():
    sheet = Sheet()
    sheet.paragraph(PROSE)
    sheet.line("表 1：主要财务指标（亿元）")
    xs = (80, 200, 300, 400)
    sheet.row(xs, ("项目", "2022A", "2023A", "2024E"))
    sheet.row(xs, ("营业收入", "31.5", "35.2", "40.1"))
    sheet.row(xs, ("其中：海外", "", "", "3.4"))
    sheet.row(xs, ("净利润", "5.1", "-", "7.0"))
    sheet.line("资料来源：公司公告，某某证券研究所", size=8)
    sheet.paragraph(PROSE)
    parsed = parse(sheet)
    assert of_kind(parsed, K.CAPTION) == ["表 1：主要财务指标（亿元）"]
    assert of_kind(parsed, K.TABLE) == [
        "项目 | 2022A | 2023A | 2024E\n营业收入 | 31.5 | 35.2 | 40.1\n"
        "其中：海外 |  |  | 3.4\n净利润 | 5.1 | - | 7.0"
    ]
    assert of_kind(parsed, K.NOTE) == ["资料来源：公司公告，某某证券研究所"]
    assert of_kind(parsed, K.PARAGRAPH) == [PROSE] * 2


def test_side_by_side_figures_come_one_after_the_other_without_their_labels():
    sheet = Sheet()
    sheet.paragraph(PROSE)
    sheet.row((72, 310), ("图 1：收入走势（亿元）", "图 2：毛利率（%）"), 9)
    for value in (25, 20, 15, 10, 5, 0):
        sheet.row((75, 315), (str(value), f"{value}%"))
    sheet.row((90, 150, 330, 390), ("2020", "2021", "2020", "2021"))
    sheet.row((72, 310), ("资料来源：Wind", "资料来源：公司公告"))
    sheet.paragraph(PROSE)
    assert [(kind, text) for kind, _, text in blocks(parse(sheet))] == [
        (K.PARAGRAPH, PROSE),
        (K.CAPTION, "图 1：收入走势（亿元）"),
        (K.NOTE, "资料来源：Wind"),
        (K.CAPTION, "图 2：毛利率（%）"),
        (K.NOTE, "资料来源：公司公告"),
        (K.PARAGRAPH, PROSE),
    ]


def test_a_table_goes_on_over_the_page():
    sheet = Sheet()
    sheet.paragraph(PROSE)
    sheet.line("表 2：逐笔信号")
    for day in range(1, 5):
        sheet.row((80, 200, 300), (f"2024/3/{day}", "开仓", f"{day}.5%"))
    sheet.end_page()
    sheet.row((80, 200, 300), ("2024/3/9", "平仓", "9.5%"))
    sheet.line("资料来源：Wind", size=8)
    sheet.paragraph(PROSE)
    parsed = parse(sheet)
    (table,) = of_kind(parsed, K.TABLE)
    assert table.endswith("2024/3/4 | 开仓 | 4.5%\n2024/3/9 | 平仓 | 9.5%")
    assert parsed.text[parsed.pages[1].start :].startswith("\n2024/3/9")


def test_a_fraction_in_a_sentence_does_not_tear_it():
    sheet = Sheet()
    sheet.paragraph(PROSE)
    top = sheet.y
    sheet.put(LEFT, top, "我们给予距今第若干日的样本点的权重为", SIZE)
    sheet.put(LEFT + 185, top - 6, "N − i", 7)
    sheet.put(LEFT + 180, top + 6, "(N+1)N", 7)
    sheet.put(LEFT + 208, top, "，权重构成等差数列并且加和为一，这里越近的日", SIZE)
    sheet.y += 1.6 * SIZE
    sheet.line("子权重越大。")
    sheet.paragraph(PROSE)
    parsed = parse(sheet)
    assert len(of_kind(parsed, K.PARAGRAPH)) == 3
    assert "权重为(N − i)/((N+1)N)，权重构成" in parsed.text


def test_a_label_between_two_rows_of_a_table_is_no_fraction():
    sheet = Sheet()
    sheet.line("表 1：分组结果")
    xs = (80, 200, 300)
    sheet.row(xs, ("因子", "均值", "胜率"))
    for name in ("上影线", "下影线"):
        sheet.row(xs, ("", "-0.019", "63.2%"))
        sheet.put(80, sheet.y - 6.4, name, 8)
        sheet.row(xs, ("", "-0.018", "68.3%"))
    sheet.line("资料来源：Wind", size=8)
    parsed = parse(sheet)
    assert "/" not in parsed.text and parsed.text.count("-0.01") == 4


@needs_chinese_font
def test_footnotes_are_notes_and_leave_the_paragraph_that_goes_on_whole():
    sheet = Sheet()
    sheet.paragraph(PROSE)
    rows = [PROSE[:43], PROSE[43:]]
    sheet.line(rows[0], LEFT + 2 * SIZE)
    sheet.put(LEFT, 730, "1 口径为全口径应收账款，含合同资产。", 8)
    sheet.put(LEFT, 744, "2 数据截至二〇二四年末。", 8)
    sheet.end_page()
    text = rows[1]
    for at in range(0, len(text), 45):
        sheet.line(text[at : at + 45])
    sheet.paragraph(PROSE)
    parsed = parse(sheet)
    assert of_kind(parsed, K.PARAGRAPH) == [PROSE] * 3
    notes = of_kind(parsed, K.NOTE)
    assert notes == ["1 口径为全口径应收账款，含合同资产。", "2 数据截至二〇二四年末。"]
    assert parsed.text.index(notes[0]) < parsed.pages[1].start


def test_a_note_goes_with_its_source_line_above_or_below():
    sheet = Sheet()
    sheet.paragraph(PROSE)
    for number in (1, 2):
        sheet.line(f"表 {number}：主要指标", size=9)
        for year in (2021, 2022, 2023):
            sheet.row((80, 200, 300), (str(year), "1.5", "2.5"))
        notes = ("样本区间：2021 至 2023 年；", "资料来源：公司公告", "标黑为显著")
        for note in notes[:2] if number == 1 else notes[1:]:
            sheet.line(note, 80, 7)
        sheet.paragraph(PROSE)
    parsed = parse(sheet)
    assert of_kind(parsed, K.NOTE) == [
        "样本区间：2021 至 2023 年；\n资料来源：公司公告",
        "资料来源：公司公告",
        "标黑为显著",
    ]
    assert [table.count("\n") for table in of_kind(parsed, K.TABLE)] == [2, 2]


def test_the_second_line_of_a_caption_is_no_row():
    sheet = Sheet()
    sheet.paragraph(PROSE)
    sheet.line(
        "表 1：按成交额加权回归的钝化指标择时策略与原始择时策略在各主要指数上的参数之间", pitch=1.4
    )
    sheet.line("的对比")
    for year in (2021, 2022, 2023):
        sheet.row((80, 200, 300), (str(year), "1.5", "2.5"))
    sheet.line("资料来源：公司公告", size=8)
    (caption,) = of_kind(parse(sheet), K.CAPTION)
    assert caption.endswith("参数之间的对比")
