"""HTML -> text with blocks: what a reader sees of the article, and nothing else."""

from pathlib import Path

import pytest

from rag.load.html import parse
from rag.load.html.text import collapse
from rag.schema import BlockKind

DATA = Path(__file__).parent / "data"
K = BlockKind


def blocks(parsed):
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


def of_kind(parsed, kind):
    return [text for k, _, text in blocks(parsed) if k is kind]


@pytest.fixture(scope="module")
def article():
    return parse((DATA / "article.html").read_text(encoding="utf-8"), "article.html")


@pytest.fixture(scope="module")
def hostile():
    return parse((DATA / "hostile.html").read_text(encoding="utf-8"), "hostile.html")


def test_the_article_in_order_and_nothing_of_the_site(article):
    assert blocks(article) == [
        (K.HEADING, 1, "示例科技三季报点评：收入增长8%，毛利率改善"),
        (K.NOTE, 0, "2024-11-15 08:30　来源：示例证券　作者：李四"),
        (K.HEADING, 2, "一、业绩概览"),
        (
            K.PARAGRAPH,
            0,
            "公司第三季度收入为167.2亿元，同比增长8%；毛利率为53% ，同比提升3.5个百分点。",
        ),
        (K.LIST_ITEM, 0, "游戏业务"),
        (K.LIST_ITEM, 0, "本土市场增长14%"),
        (K.LIST_ITEM, 0, "国际市场增长9%"),
        (K.LIST_ITEM, 0, "广告业务增长17%"),
        (K.CAPTION, 0, "表1：主要财务指标（亿元）"),
        (
            K.TABLE,
            0,
            "项目 | 2024Q3 | 2024Q3\n项目 | 金额 | 同比\n收入 | 167.2 | 8%\n净利润 | 59.8 | 33%",
        ),
        (K.NOTE, 0, "资料来源：公司公告，示例证券研究所"),
        (K.HEADING, 3, "（一）风险提示"),
        (K.PARAGRAPH, 0, "宏观经济下行。"),
        (K.PARAGRAPH, 0, "行业竞争加剧。"),
        (K.PARAGRAPH, 0, "版式用的表格"),
        (K.BOILERPLATE, 0, "免责声明：本文不构成投资建议。"),
    ]


def test_facts_come_from_what_the_page_states(article):
    assert article.title == "示例科技三季报点评：收入增长8%，毛利率改善"
    assert article.publisher == "示例证券", "the line under the title, not the site that copied it"
    assert article.published == "2024-11-14", "JSON-LD stands before the printed line"


def test_no_code_and_no_hidden_text_survives(hostile):
    assert "隐藏" not in hostile.text
    assert "alert(1)" not in hostile.text and "onerror" not in hostile.text


def test_markup_that_was_escaped_once_too_often_is_dropped(hostile):
    for trick in ("<script", "</script", "<img", "<iframe", "&lt;script"):
        assert trick not in hostile.text
    assert "转义两次的标签：alert(3)，，。" in hostile.text


def test_a_comparison_is_no_markup(hostile):
    assert "若 A < B 且 C > D，则 x<5% &amp; y。" in hostile.text


def test_invisible_characters_are_dropped(hostile):
    assert "零宽字符与软连字符，方向标记。" in hostile.text


def test_unclosed_tags_lose_no_text(hostile):
    assert "没有关的标签也要读完" in of_kind(hostile, K.PARAGRAPH)


def test_absurd_spans_are_bounded(hostile):
    (table,) = of_kind(hostile, K.TABLE)
    assert table.split("\n")[1] == "丙 | 丁"
    assert len(table) < 1000


def test_merged_cells_stand_in_every_place_they_cover():
    parsed = parse(
        "<table><tr><td rowspan=3>营收<td>Q1<td>1</tr><tr><td>Q2<td>2</tr><tr><td colspan=2>合计</tr></table>",
        "x",
    )
    assert of_kind(parsed, K.TABLE) == ["营收 | Q1 | 1\n营收 | Q2 | 2\n营收 | 合计 | 合计"]


def test_a_cell_over_the_whole_width_stands_once():
    parsed = parse("<table><tr><td colspan=2>单位：亿元</tr><tr><td>收入<td>3</tr></table>", "x")
    assert of_kind(parsed, K.TABLE) == ["单位：亿元\n收入 | 3"]


def test_equal_figures_in_a_row_are_kept():
    parsed = parse("<table><tr><td>甲<td>乙</tr><tr><td>0<td>0</tr></table>", "x")
    assert of_kind(parsed, K.TABLE) == ["甲 | 乙\n0 | 0"]


def test_furniture_that_holds_the_article_is_the_article():
    text = "公司第三季度收入为十二亿元，同比增长百分之八。" * 5
    parsed = parse(f"<form id=aspnetForm><input><div class=sidebar><p>{text}</p></div></form>", "x")
    assert parsed.text == text


def test_links_inside_the_text_are_text():
    parsed = parse(
        "<p><a>导航</a></p><p>正文提到<a>示例公司</a>的收入。</p><p><a>示例公司公告全文</a></p>"
        "<p>正文继续。</p><p><a>返回首页</a></p>",
        "x",
    )
    assert parsed.text == "正文提到示例公司的收入。\n示例公司公告全文\n正文继续。"


def test_ordered_items_keep_their_numbers():
    parsed = parse("<ol start=3><li>第三点</li><li>第四点</li><li>5、自己编号</li></ol>", "x")
    assert of_kind(parsed, K.LIST_ITEM) == ["3. 第三点", "4. 第四点", "5、自己编号"]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>快手涨超10%_示例财经网</title>", "快手涨超10%"),
        ("<title>收入增长 | 频道 | 示例网</title>", "收入增长"),
        ("<title>短-A</title>", "短-A"),
        ('<title>x</title><meta property="og:title" content="真正的标题">', "真正的标题"),
    ],
)
def test_the_site_is_cut_off_the_title(head, title):
    assert parse(f"<head>{head}</head><p>正文。</p>", "x").title == title


def test_of_two_top_headings_the_one_the_head_repeats_is_the_title():
    page = "<title>季报点评 - 示例网</title><h1>示例网</h1><h1>季报点评</h1><p>正文。</p>"
    assert parse(page, "x").title == "季报点评"


@pytest.mark.parametrize(
    ("html", "published"),
    [
        ('<meta property="article:published_time" content="2024-01-03T08:00:00Z">', "2024-01-03"),
        ('<meta name="pubdate" content="2024/1/3 08:00">', "2024-01-03"),
        ('<time datetime="2024-01-03">昨天</time>', "2024-01-03"),
        ("<p>发布时间：2024年1月3日 08:00</p>", "2024-01-03"),
        ("<p>2024-01-03 08:00</p>", "2024-01-03"),
        ("<p>截至2024年1月3日，公司市值为十亿元。</p>", None),
        ('<meta name="pubdate" content="2024-13-45">', None),
    ],
)
def test_the_date_is_the_one_of_publication(html, published):
    assert parse(f"<html>{html}<p>正文。</p></html>", "x").published == published


def test_the_house_may_stand_beside_the_date():
    parsed = parse(
        "<h1>横评</h1><p>某某财经 · 行业观察 | 发布日期：2024年4月2日</p><p>正文。</p>", "x"
    )
    assert (parsed.publisher, parsed.published) == ("某某财经", "2024-04-02")
    assert parse("<h1>横评</h1><p>2024年4月2日 08:00</p><p>正文。</p>", "x").publisher is None


def test_a_figure_s_source_is_no_publisher():
    assert parse("<p>收入增长。</p><p>资料来源：Wind</p>", "x").publisher is None
    assert parse("<p>收入增长。</p><p>来源：示例网</p>", "x").publisher == "示例网"


def test_deep_nesting_is_read_and_not_recursed_into():
    parsed = parse("<div>" * 5000 + "深处的文字" + "</div>" * 5000, "x")
    assert parsed.text == "深处的文字"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("收入\n增长", "收入增长"),
        ("收入，\n  增长", "收入，增长"),
        ("revenue\n grew", "revenue grew"),
        ("11\n月", "11 月"),
        ("　缩进  两格", "缩进 两格"),
    ],
)
def test_white_space_shows_as_in_a_browser(text, shown):
    assert collapse(text) == shown


@pytest.mark.parametrize("html", ["", "<html></html>", "<frameset><frame></frameset>"])
def test_a_page_without_text_has_no_blocks(html):
    assert parse(html, "x").blocks == ()
