"""XLSX, XLS and CSV -> text with blocks: what Excel shows is what is read."""

import datetime
import math
import re

import openpyxl
import pytest
from openpyxl.styles import Font

from rag.errors import DocumentError
from rag.load import load
from rag.load.sheet import parse_csv, parse_xls, parse_xlsx
from rag.load.sheet.formats import shown
from rag.load.sheet.moments import moment_shown
from rag.schema import BlockKind
from tests import samples

K = BlockKind


def blocks(parsed):
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


def tables(parsed):
    return [text for kind, _, text in blocks(parsed) if kind is K.TABLE]


def book_of(*rows, sheet="表", formats=None):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    for place, code in (formats or {}).items():
        book.active[place].number_format = code
    return book


def read(book):
    return parse_xlsx(samples.saved(book), "a.xlsx")


# How numbers are shown, by hand from Excel


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.0823, "0.0%", "8.2%"),
        (0.0825, "0.0%", "8.3%"),
        (-0.05, "0.0%;[Red]-0.0%", "-5.0%"),
        (1234567.8, "#,##0", "1,234,568"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-12.345, "#,##0.00_);(#,##0.00)", "(12.35)"),
        (0, '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', "-"),
        (2025, '0"E"', "2025E"),
        (16.5, '0.0"x"', "16.5x"),
        (12.3, '0.0"元/吨"', "12.3元/吨"),
        (12, "[$¥-804]#,##0.00", "¥12.00"),
        (123456, "0!.0,", "12.3"),
        (123456, '0\\.0,"万"', "12.3万"),
        (123456789, '0.00,,"百万"', "123.46百万"),
        (5, "#.##", "5"),
        (7, "000", "007"),
        (0.5, "# ?/?", "0.5"),
        (12345, "0.00E+00", "1.23E+04"),
        (5, ";;;", ""),
        (12.5, '[>=10]0.0"高";0.0"低"', "12.5高"),
        (7.5, '[>=10]0.0"高";0.0"低"', "7.5低"),
        (-0.001, "0.0", "0.0"),
        (0.1 + 0.2, "General", "0.3"),
        (1 / 3, "General", "0.3333333333"),
        (5, 'General"家"', "5家"),
        (1e300, "0.00", "1e+300"),
        (math.nan, "0.00", ""),
    ],
)
def test_a_number_reads_as_excel_shows_it(value, code, text):
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (45366, "yyyy-mm-dd", "2024-03-15"),
        (45366, "m/d/yy", "2024-03-15"),
        (45366, 'yyyy"年"m"月"d"日"', "2024-03-15"),
        (45366, 'yyyy"年"m"月"', "2024-03"),
        (45366, "mmm-yy", "2024-03"),
        (45366, 'yyyy"E"', "2024E"),
        (45366.5, "yyyy/m/d h:mm", "2024-03-15 12:00"),
        (45366.5, "yyyy/m/d", "2024-03-15"),
        (0.75, "h:mm", "18:00"),
        (1.5, "[h]:mm", "36:00"),
        (-3, "yyyy-mm-dd", "-3"),
    ],
)
def test_a_date_is_an_iso_date_as_precise_as_it_is_shown(value, code, text):
    assert shown(value, code) == text


def test_days_may_be_counted_from_1904():
    assert shown(0, "yyyy-mm-dd", from_1904=True) == "1904-01-01"


def test_a_date_without_a_format():
    assert moment_shown(datetime.date(2024, 3, 15), "") == "2024-03-15"
    assert moment_shown(datetime.datetime(2024, 3, 15, 8, 30), "") == "2024-03-15 08:30"


@pytest.mark.parametrize("code", ["0" * 300, "#,##0" * 50, "%" * 255, '"', "[", "\\", ";" * 99])
def test_an_absurd_format_does_no_harm(code):
    assert isinstance(shown(1234.5, code), str)


# XLSX


def test_a_sheet_in_order_with_caption_unit_table_and_source():
    parsed = read(
        book_of(
            ["表1：主要财务指标"],
            ["单位：亿元"],
            ["项目", 2023, 2024],
            ["营业收入", 154.8, 167.2],
            ["同比", 0.052, 0.0801],
            ["资料来源：公司公告"],
            [],
            ["口径：按新会计准则重述。"],
            sheet="利润表",
            formats={"B5": "0.0%", "C5": "0.0%"},
        )
    )
    assert blocks(parsed) == [
        (K.HEADING, 1, "利润表"),
        (K.CAPTION, 0, "表1：主要财务指标"),
        (
            K.TABLE,
            0,
            "单位：亿元\n项目 | 2023 | 2024\n营业收入 | 154.8 | 167.2\n同比 | 5.2% | 8.0%",
        ),
        (K.NOTE, 0, "资料来源：公司公告"),
        (K.PARAGRAPH, 0, "口径：按新会计准则重述。"),
    ]


def test_each_sheet_is_a_section_and_each_table_of_it_a_block():
    book = book_of(["甲", "乙"], ["收入", 1], [], ["丙", "丁"], ["成本", 2], sheet="一")
    book.create_sheet("二").append(["只有一行说明文字。"])
    book.create_sheet("空")
    assert blocks(read(book)) == [
        (K.HEADING, 1, "一"),
        (K.TABLE, 0, "甲 | 乙\n收入 | 1"),
        (K.TABLE, 0, "丙 | 丁\n成本 | 2"),
        (K.HEADING, 1, "二"),
        (K.PARAGRAPH, 0, "只有一行说明文字。"),
    ]


def test_merged_cells_stand_in_every_place_they_cover():
    book = book_of(
        ["利润表（百万元）", None, None],
        ["项目", "2024", None],
        [None, "金额", "同比"],
        ["收入", 167.2, "8%"],
    )
    for area in ("A1:C1", "A2:A3", "B2:C2"):
        book.active.merge_cells(area)
    assert blocks(read(book))[1:] == [
        (K.CAPTION, 0, "利润表（百万元）"),
        (K.TABLE, 0, "项目 | 2024 | 2024\n项目 | 金额 | 同比\n收入 | 167.2 | 8%"),
    ]


def test_a_header_with_an_empty_first_cell_stays_in_the_table():
    parsed = read(book_of([None, 2024], ["收入", 167.2], ["成本", 80]))
    assert tables(parsed) == ["| 2024\n收入 | 167.2\n成本 | 80"]


def test_a_unit_on_the_right_stays_above_its_table():
    parsed = read(
        book_of(["费用明细", None, "单位：万元"], ["项目", "上期", "本期"], ["运费", 1, 2])
    )
    assert blocks(parsed)[1:] == [
        (K.CAPTION, 0, "费用明细"),
        (K.TABLE, 0, "单位：万元\n项目 | 上期 | 本期\n运费 | 1 | 2"),
    ]


def test_values_of_every_kind():
    day = datetime.date(2024, 9, 30)
    parsed = read(book_of(["日期", "是否", "文本", "金额"], [day, True, "0012", 1e6]))
    assert tables(parsed) == ["日期 | 是否 | 文本 | 金额\n2024-09-30 | TRUE | 0012 | 1000000"]


def test_formulas_that_were_never_computed_are_reported():
    parsed = read(book_of(["甲", "乙"], [1, "=A2*2"], [3, "=A3*2"], sheet="计算"))
    assert tables(parsed) == ["甲 | 乙\n1 |\n3 |"]
    assert re.search(
        r"\[计算\]: 2 formulas have no value in the file, the first in B2", parsed.warnings[0]
    )


def test_a_workbook_of_nothing_else_says_so(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(samples.saved(book_of(["=1+1", "=A1"])))
    with pytest.raises(DocumentError, match=r"holds no text \(.*2 formulas have no value"):
        load(path)


def test_hidden_sheets_are_named_and_not_read():
    book = book_of(["甲", "乙"], [1, 2])
    book.create_sheet("底稿").append(["隐藏的数"])
    book["底稿"].sheet_state = "hidden"
    parsed = read(book)
    assert "隐藏的数" not in parsed.text
    assert parsed.warnings == ("a.xlsx: hidden sheets were not read: 底稿",)


def test_the_title_is_taken_from_the_properties_only_when_someone_wrote_it():
    book = book_of(["甲", "乙"], [1, 2])
    assert read(book).title is None
    book.properties.title = "示例科技财务模型"
    assert read(book).title == "示例科技财务模型"
    book.properties.title = "工作簿1"
    assert read(book).title is None


def test_a_sheet_with_too_many_rows_says_which_were_left_out():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("流水")
    for number in range(10_050):
        sheet.append([f"项{number}", number])
    parsed = read(book)
    assert "项9999 | 9999" in parsed.text and "项10000" not in parsed.text
    assert "[流水]: rows 10001 to 10050 were not read" in parsed.warnings[0]


def test_a_cell_at_the_far_end_does_no_harm():
    book = book_of(["甲", "乙"], [1, 2])
    book.active["XFD1048576"] = "远"
    parsed = read(book)
    assert tables(parsed) == ["甲 | 乙\n1 | 2"]
    assert "rows 10001 to 1048576" in parsed.warnings[0]
    book = book_of(["甲", "乙"], [1, 2])
    book.active["XFD1"] = "远"
    assert "columns IW to XFD" in read(book).warnings[0]


def test_other_dialects_of_the_same_format():
    plain = blocks(parse_xlsx(samples.workbook(), "a.xlsx"))

    def strict(_, xml):
        return re.sub(
            rb"http://schemas\.openxmlformats\.org/(\w+)/2006/",
            rb"http://purl.oclc.org/ooxml/\1/",
            xml,
        )

    def prefixed(name, xml):
        if not name.startswith("xl/worksheets/"):
            return xml
        xml = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml)
        return xml.replace(b"xmlns=", b"xmlns:x=")

    for edit in (strict, prefixed):
        assert blocks(parse_xlsx(samples.edited(samples.workbook(), edit), "a.xlsx")) == plain


def test_entities_are_not_expanded():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "' + b"&a;" * 50
    for letter in b"cdefghij":
        bomb += b'"><!ENTITY %c "' % letter + b"&%c;" % (letter - 1) * 50
    bomb += b'">]>'

    def plant(name, xml):
        if name.startswith("xl/worksheets/") or name.endswith("sharedStrings.xml"):
            xml = re.sub(rb"<\?xml.*?\?>", b"", xml)
            return bomb + xml.replace("营业收入".encode(), b"&j;")
        return xml

    try:
        assert "lollol" not in parse_xlsx(samples.edited(samples.workbook(), plant), "a.xlsx").text
    except DocumentError as error:
        assert "damaged" in error.en


def test_a_bold_title_is_a_caption_and_no_heading():
    book = book_of(["分产品收入"], ["产品", "收入"], ["电池", 1])
    book.active["A1"].font = Font(bold=True)
    assert (K.CAPTION, 0, "分产品收入") in blocks(read(book))


# XLS


def test_an_old_workbook_keeps_its_percentages():
    data = samples.old_workbook(
        [["项目", "2024"], ["营业收入", 1672.5], ["同比", 0.0801]],
        {1672.5: "#,##0.0", 0.0801: "0.0%"},
    )
    assert blocks(parse_xls(data, "a.xls")) == [
        (K.HEADING, 1, "利润表"),
        (K.TABLE, 0, "项目 | 2024\n营业收入 | 1,672.5\n同比 | 8.0%"),
    ]


def test_an_old_workbook_that_reaches_too_far_is_refused():
    data = samples.old_workbook([["甲"], [1.0]]).replace(
        b"\x03\x02\x0e\x00\x01\x00\x00\x00", b"\x03\x02\x0e\x00\xff\xff\xff\xff"
    )
    with pytest.raises(DocumentError, match="cells beyond the last column"):
        parse_xls(data, "a.xls")


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_csv_in_every_encoding_and_with_every_delimiter(tmp_path, encoding, delimiter):
    path = tmp_path / "a.csv"
    rows = [["项目", "2023年", "2024年"], ["营业收入", "1.5", "2.5"]]
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    document = load(path)
    assert (document.format, document.text) == (
        "csv",
        "项目 | 2023年 | 2024年\n营业收入 | 1.5 | 2.5",
    )


def test_quoted_cells_hold_delimiters_and_line_breaks():
    parsed = parse_csv('项目,说明\n收入,"含税, 亿元\n（未审计）"\n成本,"他说""好"""\n', "a.csv")
    assert tables(parsed) == ['项目 | 说明\n收入 | 含税, 亿元 （未审计）\n成本 | 他说"好"']


def test_a_quote_that_nobody_closed_costs_nothing():
    rows = "\n".join(f"{n},值{n}" for n in range(3000))
    parsed = parse_csv(f'甲,乙\n"未关,1\n{rows}', "a.csv")
    assert "2999" in parsed.text


def test_csv_with_too_many_rows_says_which_were_left_out():
    parsed = parse_csv("\n".join(f"项{n},{n}" for n in range(10_050)), "a.csv")
    assert "rows 10001 to 10050 were not read" in parsed.warnings[0]


def test_a_web_page_or_a_text_that_is_called_xls(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text(
        "<html><table><tr><td>收入<td>1</tr><tr><td>成本<td>2</tr></table></html>", "utf-8"
    )
    assert (load(path).format, load(path).text) == ("html", "收入 | 1\n成本 | 2")
    path.write_bytes("代码\t名称\n600519\t示例\n".encode("gb18030"))
    assert (load(path).format, load(path).text) == ("csv", "代码 | 名称\n600519 | 示例")


def test_a_workbook_by_another_name_is_one(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(samples.workbook())
    assert load(path).format == "xlsx"


def test_a_workbook_with_a_password(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(samples.ole({"EncryptedPackage": b"x" * 99, "EncryptionInfo": b"y"}))
    with pytest.raises(DocumentError, match="is encrypted, expected a file that opens without"):
        load(path)
