"""EPUB -> text with blocks: chapters in reading order, headings from the table of contents."""

import pytest

from rag.errors import DocumentError
from rag.load.epub import parse
from rag.schema import BlockKind
from tests import samples

K = BlockKind


def blocks(parsed):
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


def test_chapters_in_the_order_of_the_spine():
    parsed = parse(samples.book(), "a.epub")
    assert blocks(parsed) == [
        (K.HEADING, 1, "第一章 行业"),
        (K.PARAGRAPH, 0, samples.SENTENCE),
        (K.HEADING, 2, "财务"),
        (K.TABLE, 0, "项目 | 2023年 | 2024年\n营业收入 | 154.8 | 167.2\n净利润 | 45.0 | 59.8"),
    ]
    facts = (parsed.title, parsed.publisher, parsed.published)
    assert facts == ("产业研究手册", "示例出版社", "2024-03-07")


def test_the_table_of_contents_of_epub_2():
    package = samples.PACKAGE.replace("nav.xhtml", "toc.ncx").replace(
        'application/xhtml+xml" properties="nav"', 'application/x-dtbncx+xml"'
    )
    ncx = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>卷一'
        '</text></navLabel><content src="text/%E4%B8%80.xhtml"/></navPoint></navMap></ncx>'
    )
    parsed = parse(samples.book(**{"OPS/book.opf": package, "OPS/toc.ncx": ncx}), "a.epub")
    assert blocks(parsed)[0] == (K.HEADING, 1, "卷一")


def test_a_chapter_that_is_missing_is_reported():
    package = samples.PACKAGE.replace("text/two.xhtml", "../../../etc/passwd")
    parsed = parse(samples.book(**{"OPS/book.opf": package}), "a.epub")
    assert samples.SENTENCE in parsed.text
    assert parsed.warnings == ("a.epub: 1 chapters are missing in the file: etc/passwd",)


def test_a_book_that_is_locked():
    locked = (
        '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:CipherData>'
        '<enc:CipherReference URI="{}"/></enc:CipherData></enc:EncryptedData></encryption>'
    )
    name = "META-INF/encryption.xml"
    with pytest.raises(DocumentError, match="protected by the shop"):
        parse(samples.book(**{name: locked.format("OPS/text/two.xhtml")}), "a.epub")
    fonts = parse(samples.book(**{name: locked.format("OPS/font.otf")}), "a.epub")
    assert samples.SENTENCE in fonts.text


def test_chapters_in_another_encoding():
    page = samples.CHAPTER.replace("utf-8", "gb18030").format(f"<p>{samples.SENTENCE}</p>")
    book = samples.book(**{"OPS/text/一.xhtml": page.encode("gb18030")})
    assert samples.SENTENCE in parse(book, "a.epub").text


@pytest.mark.parametrize(
    "package", ["", "<package/>", "no xml", '<!DOCTYPE x [<!ENTITY a "b">]><package>&a;</package>']
)
def test_a_book_without_chapters(package):
    try:
        assert parse(samples.book(**{"OPS/book.opf": package}), "a.epub").blocks == ()
    except DocumentError as error:
        assert "damaged" in error.en
