"""PDFs that cannot be opened, or have no text that can be read."""

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader

from rag.errors import DocumentError
from rag.load import ocr, pdf
from rag.load.pdf.legible import is_improbable
from tests.sheets import HEIGHT, PROSE, WIDTH, Sheet, file_of, headings, page_text, parse

ENGLISH = (
    "Operating margins improved because freight costs fell while selling prices stayed stable in "
    "most regions, and management expects demand to recover later this year as customers rebuild "
    "their inventories after a long pause, although currencies may weigh on reported revenue. "
)
ROWS = [PROSE[:46], PROSE[46:92], PROSE[92:]]
ADVICE = "install the ocr extra: pip install 'rag-research-reports[ocr]'"


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("RAG_LANG", "en")


@pytest.fixture
def no_ocr(monkeypatch):
    monkeypatch.setattr(ocr, "available", lambda: False)


def refusal(data):
    with pytest.raises(DocumentError) as caught:
        pdf.parse(data, "a.pdf")
    for wording in (caught.value.en, caught.value.zh):
        assert "\n" not in wording and wording.startswith("a.pdf")
    return caught.value.en


def scan(sheet, image=None):
    image = image or Image.new("L", (600, 850), 255)
    sheet.canvas.drawImage(ImageReader(image), 0, 0, WIDTH, HEIGHT)
    sheet.end_page()


def encoded(text, encoding, ordering, codec):
    """Return a PDF of `text` in a composite font without a mapping to Unicode, not embedded."""
    content = "\n".join(
        f"BT /F 10 Tf 72 {760 - 16 * row} Td <{line.encode(codec).hex()}> Tj ET"
        for row, line in enumerate(text)
    )
    font = (
        f"<</Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /{encoding} /DescendantFonts"
        " [<</Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 /CIDSystemInfo"
        f" <</Registry (Adobe) /Ordering ({ordering}) /Supplement 2>>>>]>>"
    )
    return file_of(
        [
            "<</Type /Catalog /Pages 2 0 R>>",
            "<</Type /Pages /Kids [3 0 R] /Count 1>>",
            "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            f" /Resources <</Font <</F {font}>>>>>>",
            f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
        ]
    )


def test_a_password_is_needed_to_open_it():
    sheet = Sheet(encrypt=StandardEncryption("secret"))
    sheet.line("正文。")
    assert "is encrypted" in refusal(sheet.data())


def test_a_password_is_needed_to_change_it_only():
    sheet = Sheet(encrypt=StandardEncryption("", ownerPassword="secret", canCopy=0))
    sheet.paragraph(PROSE)
    assert parse(sheet).text == PROSE


@pytest.mark.parametrize("data", [b"%PDF-1.7\nnonsense", b"%PDF-1.4\n" + bytes(500)])
def test_a_broken_file(data):
    assert "is broken" in refusal(data)


def test_scans_need_ocr(no_ocr):
    sheet = Sheet()
    scan(sheet)
    scan(sheet)
    assert "none of its 2 pages has readable text" in refusal(sheet.data())


def test_pages_without_readable_text_are_reported(no_ocr):
    sheet = Sheet()
    for kind in "tsstst":
        sheet.paragraph(PROSE) if kind == "t" else None
        sheet.end_page() if kind == "t" else scan(sheet)
    parsed = parse(sheet)
    assert parsed.warnings == (f"sheet.pdf: pages 2-3, 5 have no readable text; {ADVICE}",)
    assert page_text(parsed, 2) == page_text(parsed, 5) == ""


def test_a_scan_with_a_page_number_and_a_watermark_is_a_scan(no_ocr):
    sheet = Sheet()
    sheet.paragraph(PROSE)
    sheet.end_page()
    sheet.put(72, HEIGHT - 20, "“慧博资讯”专业的投资研究大数据分享平台 http://www.hibor.com.cn", 8)
    sheet.put(290, HEIGHT - 40, "- 2 -", 8)
    scan(sheet)
    assert "pages 2 have no readable text" in parse(sheet).warnings[0]


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [("GBK-EUC-H", "gbk"), ("GB-EUC-H", "gb2312"), ("UniGB-UCS2-H", "utf-16-be")],
)
def test_the_encodings_of_old_chinese_fonts_are_known(encoding, codec):
    parsed = pdf.parse(encoded(ROWS, encoding, "GB1", codec), "a.pdf")
    assert parsed.text == "".join(ROWS) and not parsed.warnings


def test_codes_of_which_nobody_knows_the_meaning_are_not_taken_for_text(no_ocr):
    data = encoded(ROWS, "Identity-H", "Identity", "utf-16-be")
    assert "none of its 1 pages has readable text" in refusal(data)


@pytest.mark.parametrize(
    "text",
    [
        PROSE * 3,
        ENGLISH,
        "本報告期內，公司實現營業收入一百二十三億元，同比增長百分之八，毛利率較上年同期提升三個百分點。"
        * 3,
        "Выручка выросла на восемь процентов в третьем квартале благодаря играм и рекламе." * 3,
        "Les résultats de l'année dernière étaient supérieurs à ceux espérés par le marché." * 3,
        "600519.SH 1,234.56 12.3% 2024E 000858.SZ 98.7 4.5% 2025E " * 20,
    ],
)
def test_what_people_write_is_probable(text):
    assert not is_improbable(text)


@pytest.mark.parametrize(
    "text",
    [
        (PROSE * 3).encode("gb18030").decode("latin-1"),
        (PROSE * 3).encode("utf-8").decode("gb18030", "ignore"),
        "".join(chr(0x4E00 + ord(c) * 7 % 0x51A5) for c in PROSE * 3),
        "".join(chr(0x370 + ord(c) * 31 % 0x1800) for c in PROSE * 3),
        "".join(chr(ord(c) - 29) if "^" < c <= "z" else c for c in ENGLISH),
    ],
)
def test_what_a_wrong_encoding_makes_of_it_is_not(text):
    assert is_improbable(text)


@pytest.mark.model
@pytest.mark.skipif(not ocr.available(), reason="the extra ocr is not installed")
def test_a_scan_is_read_with_its_headings_and_its_columns_of_figures():
    import pypdfium2

    sheet = Sheet()
    sheet.heading("一、行业概览", 16)
    sheet.paragraph(PROSE)
    sheet.line("表 1：主要指标")
    for year in (2021, 2022, 2023):
        sheet.row((80, 200, 300), (str(year), "31.5", "40.1"), 10)
    sheet.line("资料来源：公司公告", size=8)
    drawn = pypdfium2.PdfDocument(sheet.data())[0].render(scale=150 / 72).to_pil()
    scanned = Sheet()
    scan(scanned, drawn)
    parsed = pdf.parse(scanned.data(), "sheet.pdf")
    assert parsed.warnings == (
        "sheet.pdf: pages 1 were read by OCR, check figures against the page",
    )
    assert headings(parsed) == [(1, "一、行业概览")]
    assert "2022 | 31.5 | 40.1" in parsed.text
    assert len(set(PROSE) & set(parsed.text)) > 0.95 * len(set(PROSE))
