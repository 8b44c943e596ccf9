"""Markdown with front matter -> text with blocks."""

from pathlib import Path

import pytest

from rag.load import frontmatter
from rag.load.markdown import parse
from rag.schema import BlockKind

DATA = Path(__file__).parent / "data"
K = BlockKind


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("RAG_LANG", "en")


def load(name):
    return parse((DATA / name).read_text(encoding="utf-8"), name)


def blocks(parsed):
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


def test_a_report():
    report = load("report.md")
    assert (report.title, report.publisher, report.published) == (
        "示例行业月报",
        "示例研究院",
        "2024-06-03",
    )
    assert blocks(report) == [
        (K.HEADING, 1, "示例行业月报"),
        (K.PARAGRAPH, 0, "结论：行业收入增长 8%，“龙头”公司更快。"),
        (K.HEADING, 2, "一、行情回顾"),
        (K.PARAGRAPH, 0, "5 月指数上涨 3.2%，成交额为 1.5 万亿元。"),
        (K.PARAGRAPH, 0, "缩进的一段仍是正文，不是代码。"),
        (K.LIST_ITEM, 0, "涨幅第一：甲公司，16.7%"),
        (K.LIST_ITEM, 0, "涨幅第二：乙公司，9.1%"),
        (K.TABLE, 0, "公司 | 涨幅 | 市盈率\n甲公司 | 16.7% | 20.5\n乙公司 | 9.1% | 18.0"),
        (K.HEADING, 2, "二、风险提示"),
        (K.LIST_ITEM, 0, "1. 政策变化"),
        (K.LIST_ITEM, 0, "2. 需求不足"),
    ]
    assert report.warnings == ()


def test_an_archived_news_page():
    news = load("news_jekyll.txt")
    assert news.title == "示例云服务涨超5% 领涨软件板块"
    assert news.published == "2024-03-05", "YAML leaves a date with an offset like +0800 a string"
    assert news.publisher == "示例财经", "the closing source line"
    assert blocks(news) == [
        (K.PARAGRAPH, 0, "软件公司3月5日集体走强，示例云服务涨5.2%，连续第三日上涨。"),
        (
            K.PARAGRAPH,
            0,
            "近期多家机构看好云计算，其中示例证券表示，示例云服务2023年收入为31.5亿元，同比增长12%。",
        ),
        (K.PARAGRAPH, 0, "“三个一”战略将于12 月30日完成，公司维持目标价140港元。"),
        (K.NOTE, 0, "（文章来源：示例财经）"),
    ]


def test_broken_front_matter_is_read_by_lines_and_reported():
    news = load("broken_front_matter.md")
    assert (news.title, news.publisher, news.published) == (
        "快讯: 示例公司涨超5%",
        "示例财经",
        "2024-01-08",
    )
    assert news.text == "示例公司今日上涨 5.2%。"
    assert len(news.warnings) == 1
    assert "not valid YAML (line 2: mapping values are not allowed here)" in news.warnings[0]


def test_a_block_that_is_no_mapping_stays_text():
    parsed = parse("---\n这是一段引子\n---\n\n正文。", "x")
    assert "这是一段引子" in parsed.text and "正文。" in parsed.text
    assert parsed.warnings == ()


def test_unreadable_front_matter_is_kept_as_text():
    parsed = parse("---\n[没有关上: 的括号\n随便一行\n---\n正文。", "x")
    assert parsed.text == "[没有关上: 的括号\n随便一行\n正文。"
    assert len(parsed.warnings) == 1


@pytest.mark.parametrize(
    ("yaml", "key", "value"),
    [
        ("date: 2022-01-10 17:11:59 +0800", "date", "2022-01-10 17:11:59 +0800"),
        ("date: 2022-01-10", "date", "2022-01-10"),
        ("date: 2022-13-45", "date", "2022-13-45"),
        ("Title: '含 % 的标题'", "title", "含 % 的标题"),
        ("tags: [甲, 乙]", "tags", "甲"),
        ("rate: 5%", "rate", "5%"),
    ],
)
def test_values_stay_strings(yaml, key, value):
    assert frontmatter.split(f"---\n{yaml}\n---\n正文").values == {key: value}


def test_front_matter_ends_at_the_first_rule():
    front = frontmatter.split("---\ntitle: 甲\n---\n正文\n\n---\n尾注\n")
    assert front.values == {"title": "甲"} and front.body == "正文\n\n---\n尾注\n"


def test_aliases_are_not_spread_out():
    bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]"
    assert frontmatter.split(f"---\n{bomb}\n---\n正文").values == {"a": "x"}


def test_a_person_is_the_publisher_of_last_resort():
    front = "---\nauthor: 张三\n---\n正文。\n\n（文章来源：示例财经）"
    assert parse(front, "x").publisher == "示例财经"
    assert parse("---\nauthor: 张三\n---\n正文。", "x").publisher == "张三"
    assert parse("---\nsource: https://a.example/1\n---\n正文。", "x").publisher is None


def test_html_inside_is_held_to_the_same_rules():
    parsed = parse("# 题\n\n<script>alert(1)</script>\n\n<p onclick=x()>正文<b>粗</b></p>", "x")
    assert parsed.text == "题\n正文粗"
