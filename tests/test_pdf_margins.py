"""What is printed on a page but no part of the report: headers, footers, marks of all kinds."""

from reportlab.lib.colors import Color

from tests.sheets import HEIGHT, LEFT, PROSE, K, Sheet, of_kind, parse


def test_headers_footers_and_page_numbers_never_stand_in_a_paragraph():
    sheet = Sheet()
    for number in range(1, 6):
        sheet.paragraph(PROSE)
        sheet.end_page(
            "某某证券 | 行业深度 | 2024 年 3 月 7 日", f"请务必阅读正文之后的免责声明 {number} / 5"
        )
    parsed = parse(sheet)
    assert "免责声明" not in parsed.text
    assert of_kind(parsed, K.BOILERPLATE) == ["某某证券 | 行业深度 | 2024 年 3 月 7 日"], (
        "kept once"
    )
    assert [page.label for page in parsed.pages] == ["1", "2", "3", "4", "5"]
    assert parsed.published == "2024-03-07"
    assert of_kind(parsed, K.PARAGRAPH) == [PROSE] * 5


def test_marks_of_templates_and_of_whoever_passed_the_file_on_are_dropped():
    sheet = Sheet()
    sheet.line("[Table_Title] 示例公司深度报告", size=22)
    sheet.paragraph(PROSE)
    sheet.put(300, HEIGHT - 3, "rQpRrMoNpOqOxOoMrPzRpR8O9RbRsQoOsQoPiNrR", 3)
    for i, char in enumerate("研究报告"):
        sheet.put(9, 300 + 12 * i, char, 11)
    sheet.canvas.saveState()
    sheet.canvas.rotate(90)
    sheet.put(300, HEIGHT + 200, "坐标轴标题", 8)
    sheet.canvas.restoreState()
    parsed = parse(sheet)
    assert parsed.title == "示例公司深度报告"
    assert parsed.text == f"示例公司深度报告\n{PROSE}"


def test_figures_of_a_last_row_are_no_page_numbers():
    sheet = Sheet()
    labels = ("平均持仓天数", "单次最大盈利", "年化波动水平", "月度换手次数")
    for number, label in enumerate(labels, 1):
        sheet.paragraph(PROSE)
        sheet.y = HEIGHT - 80
        sheet.line("表 1：主要指标", size=9)
        sheet.row((80, 200, 300), (f"合计{label}", "42", "44"))
        sheet.row((80, 200, 300), (label, "32", "33"))
        sheet.put(290, HEIGHT - 20, str(number), 8)
        sheet.end_page()
    parsed = parse(sheet)
    assert all(f"\n{label} | 32 | 33" in parsed.text for label in labels)
    assert [page.label for page in parsed.pages] == ["1", "2", "3", "4"]


def test_cells_at_the_edge_of_the_page_stay():
    sheet = Sheet()
    sheet.line("表 1：分组结果")
    for year in range(2015, 2022):
        sheet.row((80, 300, 570), (str(year), "1.5", "-"))
    (table,) = of_kind(parse(sheet), K.TABLE)
    assert table.count("| -") == 7


def test_watermarks_and_type_that_cannot_be_seen_are_dropped():
    sheet = Sheet()
    for _ in range(4):
        sheet.put(200, 400, "某某研究平台", 30, "#cccccc")
        sheet.put(200, 600, "仅供某某基金", 15, Color(0, 0, 0, alpha=0.1))
        sheet.canvas.saveState()
        path = sheet.canvas.beginPath()
        path.rect(0, 0, 10, 10)
        sheet.canvas.clipPath(path, stroke=0, fill=0)
        sheet.put(LEFT, 500, "被裁掉的文字", 10)
        sheet.canvas.restoreState()
        sheet.paragraph(PROSE)
        sheet.end_page()
    assert parse(sheet).text == "\n".join([PROSE] * 4)


def test_pale_type_that_says_something_else_on_each_page_stays():
    sheet = Sheet()
    for word in ("甲乙丙丁戊", "子丑寅卯辰", "东南西北中", "春夏秋冬年"):
        sheet.paragraph(PROSE)
        sheet.put(LEFT, 500, word, 10, "#999999")
        sheet.end_page()
    parsed = parse(sheet)
    assert all(word in parsed.text for word in ("甲乙丙丁戊", "春夏秋冬年"))


def test_a_bracket_at_the_end_of_a_formula_is_no_mark_of_a_template():
    sheet = Sheet()
    sheet.paragraph(PROSE)
    sheet.put(LEFT, 300, "STR = cov[w", 10)
    sheet.put(LEFT + 70, 300, "r]", 10)
    assert parse(sheet).text.endswith("r]")
