"""Tables on pages typeset here: merged cells, broken headers, page breaks."""

from rag.load.pdf import spans
from rag.schema import BlockKind
from tests.sheets import PROSE, Sheet, of_kind, parse


def tables_of(sheet):
    return of_kind(parse(sheet), BlockKind.TABLE)


def typeset(rows, xs, pitch=13):
    """Typeset lines of (y offset in rows, cells) below a caption and above a source line."""
    sheet = Sheet()
    sheet.paragraph(PROSE)
    sheet.line("表 1：示例")
    top = sheet.y
    for offset, cells in rows:
        sheet.y = top + pitch * offset
        sheet.row(xs, cells)
    sheet.y = top + pitch * (1 + max(offset for offset, _ in rows))
    sheet.line("资料来源：Wind", size=8)
    sheet.paragraph(PROSE)
    return sheet


def test_a_header_over_several_columns_stands_in_each():
    sheet = typeset(
        [
            (0, ("", "", "样本甲", "", "", "样本乙", "")),
            (1, ("年份", "均值", "方差", "数量", "均值", "方差", "数量")),
            *(
                (n, (f"{2010 + n}", "1.11", "2.22", "3.33", "4.44", "5.55", "6.66"))
                for n in (2, 3, 4)
            ),
        ],
        (80, 140, 190, 240, 300, 350, 400),
    )
    (table,) = tables_of(sheet)
    assert table.split("\n")[0] == "| 样本甲 | 样本甲 | 样本甲 | 样本乙 | 样本乙 | 样本乙"


def test_the_name_of_a_group_of_rows_stands_in_each():
    body = [
        ("Top", "1.1", "2.1"),
        ("Mid", "1.2", "2.2"),
        ("Low", "1.3", "2.3"),
        ("Nil", "1.4", "2.4"),
    ]
    sheet = typeset(
        [
            (0, ("", "组别", "收益", "波动")),
            *((1 + n, ("", *row)) for n, row in enumerate(body[:2])),
            (1.5, ("样本甲", "", "", "")),
            *((3 + n, ("", *row)) for n, row in enumerate(body)),
            (4.5, ("样本乙", "", "", "")),
        ],
        (80, 180, 260, 340),
    )
    (table,) = tables_of(sheet)
    assert [row.split(" | ")[:2] for row in table.split("\n")[1:]] == [
        ["样本甲", "Top"], ["样本甲", "Mid"],
        ["样本乙", "Top"], ["样本乙", "Mid"], ["样本乙", "Low"], ["样本乙", "Nil"],
    ]  # fmt: skip


def test_a_label_in_the_first_row_of_its_group_goes_down():
    sheet = typeset(
        [
            (0, ("类别", "指标", "均值", "方差")),
            (1, ("盈利", "ROA", "1.1", "2.1")),
            (2, ("", "CFO", "1.2", "2.2")),
            (3, ("", "ROE", "1.3", "2.3")),
            (4, ("营运", "TURN", "1.4", "2.4")),
        ],
        (80, 180, 260, 340),
    )
    (table,) = tables_of(sheet)
    assert [row.split(" | ")[0] for row in table.split("\n")[1:]] == [
        "盈利",
        "盈利",
        "盈利",
        "营运",
    ]


def test_a_header_cell_of_two_lines_is_one():
    sheet = typeset(
        [
            (0, ("", "加权回归", "")),
            (0.5, ("统计项", "", "原始策略")),
            (1, ("", "钝化策略", "")),
            (2, ("收益率", "13.5%", "13.6%")),
            (3, ("回撤", "41.9%", "41.5%")),
            (4, ("胜率", "52.3%", "59.5%")),
        ],
        (80, 200, 320),
        pitch=16,
    )
    (table,) = tables_of(sheet)
    assert table.split("\n")[:2] == [
        "统计项 | 加权回归钝化策略 | 原始策略",
        "收益率 | 13.5% | 13.6%",
    ]


def test_figures_set_close_together_go_to_their_columns():
    rows = [(n, ("全 A", "243.07%", "8.34%", "1.31%")) for n in range(1, 5)]
    sheet = typeset([(0, ("", "总收益", "年化", "超额")), *rows], (80, 180, 222, 280))
    sheet_of_one = typeset([(0, ("", "总收益", "年化", "超额")), *rows], (80, 180, 216, 280))
    for typeset_sheet in (sheet, sheet_of_one):
        (table,) = tables_of(typeset_sheet)
        assert table.split("\n")[-1] == "全 A | 243.07% | 8.34% | 1.31%"


def test_a_header_repeated_on_the_next_page_is_left_out():
    sheet = Sheet()
    sheet.paragraph(PROSE)
    sheet.line("表 2：逐笔信号")
    header = ("信号日期", "方向", "涨跌")
    sheet.row((80, 200, 300), header)
    for day in range(1, 5):
        sheet.row((80, 200, 300), (f"2024/3/{day}", "开仓", f"{day}.5%"))
    sheet.end_page()
    sheet.row((80, 200, 300), header)
    sheet.row((80, 200, 300), ("2024/3/9", "平仓", "9.5%"))
    sheet.line("资料来源：Wind", size=8)
    sheet.paragraph(PROSE)
    (table,) = tables_of(sheet)
    assert table.count("信号日期") == 1
    assert table.split("\n")[-2:] == ["2024/3/4 | 开仓 | 4.5%", "2024/3/9 | 平仓 | 9.5%"]


def test_ranges_must_have_their_middles_where_the_texts_stand():
    columns = [(0, 10), (20, 30), (40, 50), (60, 70), (80, 90)]
    found = spans.across([("甲", 35), ("乙", 75)], columns)
    assert found == [("甲", 1, 2), ("乙", 3, 4)]
    assert spans.across([("甲", 5), ("乙", 10)], columns) is None
    assert spans.down([("甲", 10), ("乙", 40)], [0, 10, 20, 30, 40, 50]) == [
        ("甲", 0, 2),
        ("乙", 3, 5),
    ]
    assert spans.down([("甲", 0), ("乙", 40)], [0, 10, 20, 30, 40, 50]) is None
