"""Broker notes as they come out of a PDF: trade lines, data panels, labels in brackets; times at an end."""

from rag import excerpt, flattened, period, stated, tableunits
from rag.coordinate import split
from rag.figures import find
from rag.load import marks, text
from rag.period import Part, Period
from rag.schema import BlockKind, Chunk, DocumentFacts, Hit
from rag.text import Span
from tests import reading
from tests.reading import kept, passage

NOTE = """证券研究报告 | 公司点评
机械设备 | 通用设备
2025 年 10 月 29 日

海陵泵业（603007.SH）
三季报业绩超预期，海外再上台阶

总股本（百万股）              462
资产负债率（%，25Q3 末）      47.3
每股净资产（元）              9.14

事件：公司发布 2025 年三季报。前三季度实现营业收入 38.64 亿元，同比+21.7%；归母净利
润 4.87 亿元，同比+34.2%；扣非归母净利润 4.52 亿元，同比+31.5%，主要系液冷泵毛利率高
于预期以及政府补助。

表 1：盈利预测和估值指标
                              2024A      2025E      2026E
营业收入（百万元）             4,386.0    5,352.0    6,635.0
归母净利润（百万元）           512.0      678.0      905.0
EPS（元/股，摊薄）              1.11       1.47       1.96
ROE（%）                       13.6       15.9       18.3
"""


def test_a_trade_is_no_title_and_a_datum_no_heading():
    parsed = text.parse(NOTE, "note.txt")
    assert parsed.title == "海陵泵业（603007.SH）"
    headings = [parsed.text[b.start : b.end] for b in parsed.blocks if b.kind is BlockKind.HEADING]
    assert not any("每股净资产" in h or "资产负债率" in h for h in headings)


def test_a_name_and_its_headline_are_a_title():
    named = NOTE.replace("机械设备 | 通用设备", "海陵泵业｜三季报点评").replace(
        "海陵泵业（603007.SH）\n", ""
    )
    assert text.parse(named, "note.txt").title == "海陵泵业｜三季报点评"


def test_a_row_whose_label_ends_in_brackets_with_a_comma_stays_in_its_table():
    parsed = text.parse(NOTE, "note.txt")
    (table,) = [b for b in parsed.blocks if b.kind is BlockKind.TABLE]
    rows = parsed.text[table.start : table.end]
    assert "营业收入" in rows
    assert "EPS" in rows
    assert "ROE" in rows
    assert marks.is_row("EPS（元/股，摊薄） 0.91 1.11 1.47")
    assert not marks.is_row("公司收入 1.2 亿元（上年 1.0 亿元），利润 0.3 亿元")


def test_quarters_and_halves_that_end_on_one_day():
    third, nine = Period("三季度", 2025, Part.Q3), Period("前三季度", 2025, Part.M9)
    assert period.end_alike(third, nine)
    assert not period.end_alike(third, Period("上半年", 2025, Part.H1))
    assert not period.end_alike(third, Period("前三季度", 2024, Part.M9))


def test_a_deed_for_a_month_that_no_source_tells_is_withheld():
    question, draft = "公司在2018年4月更新了什么框架？", "公司在2018年4月更新了风险管理框架。"
    assert kept(question, draft, "公司在2018年度更新了风险管理框架。") == ()
    assert kept(question, draft, "公司在2018年4月更新了风险管理框架。")
    asked = find(question)
    assert stated.only_asked(asked[0], asked, passage("公司更新了风险管理框架。"))
    assert not stated.only_asked(asked[0], asked, passage("公司于4月更新了风险管理框架。"))


def test_firms_named_in_full_are_taken_apart_whole():
    parts = split("云海能源有限公司和白鹭数据公司2024年的收入分别是多少？")
    assert parts == ("2024年云海能源有限公司的收入是多少？", "2024年白鹭数据公司的收入是多少？")


def test_a_paragraph_that_opens_with_a_name_in_brackets_is_under_it():
    chunk_text = "【云海】第三季收入10億元。毛利率25.5%。\n【白鷺】第三季毛利率14.0%。"
    facts = DocumentFacts("d1", "r.txt", "速递", None, "2025-11-21", "text", 0, 1)
    chunk = Chunk("d1", 0, len(chunk_text), chunk_text, ("速递",))
    hit = Hit(1, 1.0, chunk, facts)
    second = chunk_text.index("毛利率25.5%")
    assert excerpt.of(hit, Span(second, second + 9)).heading_path == ("速递", "云海")
    other = chunk_text.index("第三季毛利率14.0%")
    assert excerpt.of(hit, Span(other, other + 9)).heading_path[-1] == "白鷺"
    assert excerpt.of(hit, Span(0, 10)).heading_path == ("速递",)


def test_the_level_that_something_went_to_is_not_where_it_came_from():
    text_ = "2024年平均融资成本由3.49%下降至3.21%。"
    assert "3.21%" in reading.found("云海股份2024年平均融资成本降至多少？", text_)


def test_a_year_to_come_in_a_title_dates_no_figure():
    title = "云海航运：三季报量升，2026年运价重置才开始"
    text_ = "第三季度收入142亿元。"
    assert "142亿元" in reading.found("云海航运2025年第三季度收入是多少？", text_, title)


def test_a_header_whose_names_begin_with_a_year_has_one_name_a_column():
    header = ["电站", "装机(万千瓦)", "2023A", "2024A", "2024", "利用小时", "25Q1", "发电量"]
    assert flattened.columns_of([header], 6) == (
        "电站", "装机(万千瓦)", "2023A", "2024A", "2024利用小时", "25Q1发电量",
    )  # fmt: skip
    assert flattened.columns_of([["2023", "2024", "2025"]], 4) == ("", "2023", "2024", "2025")
    assert tableunits.of_figure("2024利用小时", "甲电站", "亿千瓦时") == ""
