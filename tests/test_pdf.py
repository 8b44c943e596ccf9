"""PDF -> text with blocks and pages, on pages typeset here and on real reports where there are any."""

import io
import random
import re
import time
import unicodedata
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib import pagesizes
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from rag.errors import DocumentError
from rag.load import load, pdf
from rag.load.filename import facts_of_name
from rag.schema import BlockKind
from rag.text import normalise

SHARED = Path(__file__).resolve().parents[2] / "shared" / "pdf"
FONT = "STSong-Light"
WIDTH, HEIGHT = pagesizes.A4
LEFT, RIGHT, TOP = 72, 522, 120
SIZE = 10
K = BlockKind
SENTENCE = (
    "报告期内公司实现营业收入一百二十三亿元，同比增长百分之八，毛利率较上年同期提升三个百分点。"
)
# Sentences of different length: PDFium drops a long line that repeats the one above it.
PROSE = (
    SENTENCE + "其中海外业务表现突出，新签订单金额创下历史新高，在手订单足以支撑未来两年的增长。"
    "费用方面，研发投入继续增加，销售费用率有所下降，经营性现金流明显改善，资产负债率保持平稳。"
)

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Sheet:
    """A report typeset line by line, measured from the top of the page."""

    def __init__(self, **options):
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=pagesizes.A4, **options)
        self.y = TOP

    def put(self, x, y, text, size=SIZE, colour="black"):
        self.canvas.setFillColor(colour)
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def line(self, text, x=LEFT, size=SIZE, colour="black", pitch=1.6):
        self.put(x, self.y, text, size, colour)
        self.y += pitch * size

    def heading(self, text, size=14):
        self.y += 10
        self.line(text, size=size, colour="darkred")

    def paragraph(self, text, left=LEFT, right=RIGHT, indent=2):
        """Set `text` as Word does: first line indented, broken at the right edge."""
        x, row = left + indent * SIZE, ""
        for char in text:
            # A closing mark hangs over the edge, as it may not begin a line.
            if x + SIZE * (len(row) + 1) > right and char not in "，。；：":
                self.line(row, x)
                x, row = left, ""
            row += char
        self.line(row, x)

    def row(self, xs, cells, size=8):
        for x, cell in zip(xs, cells, strict=True):
            if cell:
                self.put(x, self.y, cell, size)
        self.y += 1.6 * size

    def end_page(self, header=None, footer=None):
        if header:
            self.put(LEFT, 40, header, 9)
        if footer:
            self.put(LEFT, HEIGHT - 30, footer, 8)
        self.canvas.showPage()
        self.y = TOP

    def data(self):
        self.canvas.save()
        return self.buffer.getvalue()


def parse(sheet):
    parsed = pdf.parse(sheet.data(), "sheet.pdf")
    assert_sound(parsed)
    return parsed


def assert_sound(parsed):
    last = 0
    for block in parsed.blocks:
        content = parsed.text[block.start : block.end]
        assert last <= block.start < block.end <= len(parsed.text)
        assert content == content.strip() and content
        assert (block.level > 0) == (block.kind is K.HEADING)
        last = block.end
    assert parsed.pages[0].start == 0 and parsed.pages[-1].end == len(parsed.text)
    assert [p.number for p in parsed.pages] == list(range(1, len(parsed.pages) + 1))
    assert all(a.end == b.start for a, b in zip(parsed.pages, parsed.pages[1:], strict=False))
    assert normalise(parsed.text) == parsed.text


def blocks(parsed):
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


def of_kind(parsed, kind):
    return [text for k, _, text in blocks(parsed) if k is kind]


def page_text(parsed, number):
    page = parsed.pages[number - 1]
    return parsed.text[page.start : page.end]


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("RAG_LANG", "en")


# Paragraphs and pages


def test_headers_footers_and_page_numbers_never_stand_in_a_paragraph():
    sheet = Sheet()
    for number in range(1, 6):
        sheet.paragraph(PROSE)
        sheet.end_page(
            "某某证券 | 行业深度 | 2024 年 3 月 7 日", f"请务必阅读正文之后的免责声明 {number} / 5"
        )
    parsed = parse(sheet)
    assert "免责声明" not in parsed.text
    assert parsed.text.count("行业深度") == 1, "kept once, on the first page"
    assert [page.label for page in parsed.pages] == ["1", "2", "3", "4", "5"]
    assert parsed.published == "2024-03-07"
    assert of_kind(parsed, K.PARAGRAPH) == [PROSE] * 5


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


# Headings


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


def headings(parsed):
    return [(level, text) for kind, level, text in blocks(parsed) if kind is K.HEADING]


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


# Tables and figures


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


# What is on the page but no part of the report


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


# Refusals


def refusal(data):
    with pytest.raises(DocumentError) as caught:
        pdf.parse(data, "a.pdf")
    for wording in (caught.value.en, caught.value.zh):
        assert "\n" not in wording and wording.startswith("a.pdf")
    return caught.value.en


def scan(sheet):
    image = Image.new("L", (600, 850), 255)
    sheet.canvas.drawImage(ImageReader(image), 0, 0, WIDTH, HEIGHT)
    sheet.end_page()


def test_an_encrypted_file():
    sheet = Sheet(encrypt=StandardEncryption("secret"))
    sheet.line("正文。")
    assert "is encrypted" in refusal(sheet.data())


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnonsense", b"%PDF-1.4\n" + bytes(500)])
def test_a_broken_file(data):
    assert "is broken" in refusal(data)


def test_scans_need_ocr():
    sheet = Sheet()
    scan(sheet)
    scan(sheet)
    message = refusal(sheet.data())
    assert "2 pages are scanned images" in message and "OCR" in message


def test_scanned_pages_amid_text_are_reported():
    sheet = Sheet()
    sheet.paragraph(PROSE)
    sheet.end_page()
    scan(sheet)
    parsed = parse(sheet)
    assert parsed.warnings == (
        "sheet.pdf: pages 2 are images; their text was not read (needs OCR)",
    )
    assert page_text(parsed, 2) == ""


@pytest.mark.slow
def test_three_hundred_pages_take_seconds():
    rng = random.Random(7)
    sheet = Sheet()
    for number in range(1, 301):
        if number % 10 == 1:
            sheet.heading(f"{number // 10 + 1}、第{number // 10 + 1}个专题")
        for _ in range(4):
            sheet.paragraph("".join(rng.choice(SENTENCE) for _ in range(200)) + "。")
        sheet.end_page("某某证券 | 年度策略", f"请务必阅读正文之后的免责声明  {number}")
    data = sheet.data()
    started = time.perf_counter()
    parsed = pdf.parse(data, "sheet.pdf")
    seconds = time.perf_counter() - started
    assert_sound(parsed)
    assert len(parsed.pages) == 300 and len(headings(parsed)) == 30
    assert seconds < 30, f"{300 / seconds:.0f} pages a second"


# Real reports


def chinese(text):
    folded = unicodedata.normalize("NFKC", normalise(text))
    return Counter(c for c in folded if "\u4e00" <= c <= "\u9fff")


def unmerged(document, page):
    """Yield the blocks of a page, but of its tables each text once."""
    for block in document.blocks:
        start, end = max(block.start, page.start), min(block.end, page.end)
        content = document.text[start:end] if start < end else ""
        yield from set(re.split(r" ?\| ?|\n", content)) if block.kind is K.TABLE else [content]


REPORTS = sorted(SHARED.glob("*.pdf")) if SHARED.exists() else []


@pytest.mark.skipif(not REPORTS, reason="the shared sample reports are not here")
@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem[:12])
def test_a_real_report(path):
    document = load(path)
    assert_sound(document)
    named = facts_of_name(path.stem)
    assert document.publisher == named.publisher
    assert named.published in (None, document.published)
    assert len(set(document.title) & set(named.title or "")) >= 6
    levels = [b.level for b in document.blocks if b.kind is K.HEADING]
    assert len(levels) >= 12 and max(levels) >= 2
    assert not re.search(r"请务必阅读正文|\[Table_|hibor", document.text)
    source = pdfium.PdfDocument(path)
    assert len(document.pages) == len(source)
    everything, kept = Counter(), Counter()
    for page in document.pages:
        raw = chinese(source[page.number - 1].get_textpage().get_text_bounded())
        here = chinese(document.text[page.start : page.end])
        # A merged cell of a table is printed once and stands in every place that it covers.
        once = chinese("".join(unmerged(document, page)))
        assert not once - raw, f"page {page.number} holds what is not printed on it"
        everything += raw
        kept += here & raw
    # What is missing is running headers and footers and the labels of charts.
    assert kept.total() >= 0.85 * everything.total()
