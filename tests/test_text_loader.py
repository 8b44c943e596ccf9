"""Plain text files: blocks, pages, and the facts a report states of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.load import imprint
from rag.load.facts import facts_of
from rag.load.text import parse
from rag.schema import Block, BlockKind

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"

BODY = (
    "  远洋码头是一家从事集装箱装卸与堆存的港口公司，旗下三座\n"
    "码头分布在东南沿海，2023 年完成箱量 812 万标准箱，外贸占比\n"
    "约六成，客户以班轮公司为主。\n"
    "  公司在去年 3 月投产了第四座自动化泊位，单机效率提高到\n"
    "每小时 34 自然箱，人工成本占收入的比重降到了 18.7%，预计两\n"
    "年内还会继续下降。\n"
)
REPORT = (
    "证券研究报告 | 2024年12月03日\n"
    "公司研究\n"
    "远洋码头：箱量回升，费率待涨\n"
    "海湾证券研究所\n"
    "证券分析师：李某某\n"
    "电话：010-12345678\n"
    "\n" + BODY
)


def test_a_report_states_title_house_and_date_on_its_cover() -> None:
    parsed = parse(REPORT, "report.txt")
    assert parsed.title == "远洋码头：箱量回升，费率待涨"
    assert parsed.publisher == "海湾证券"
    assert parsed.published == "2024-12-03"
    assert parsed.pages == ()
    assert parsed.warnings == ()


def test_the_cover_is_kept_apart_from_the_text() -> None:
    parsed = parse(REPORT, "report.txt")
    by_kind: dict[BlockKind, list[str]] = {}
    for block in parsed.blocks:
        by_kind.setdefault(block.kind, []).append(parsed.text[block.start : block.end])
    assert by_kind[BlockKind.HEADING] == ["远洋码头：箱量回升，费率待涨"]
    assert "证券分析师：李某某\n电话：010-12345678" in by_kind[BlockKind.SIDEBAR]
    assert len(by_kind[BlockKind.PARAGRAPH]) == 2


def test_dates_of_related_reports_and_of_sentences_are_not_the_documents_date() -> None:
    text = (
        "相关研究报告\n"
        "《港口行业月报》 ——2024-11-11\n"
        "《航运行业深度》 ——2024-09-23\n"
        + BODY
        + "公司于 2024 年 12 月 2 日公告了新的股权激励计划。\n"
    )
    parsed = parse(text, "report.txt")
    assert parsed.published is None
    assert parsed.title is None


def test_the_house_that_source_lines_name_repeatedly_is_the_publisher() -> None:
    figure = "图{}：月度箱量\n资料来源：Wind，海湾证券经济研究所整理\n"
    assert parse(BODY + figure.format(1) + figure.format(2), "a.txt").publisher == "海湾证券"
    assert parse(BODY + figure.format(1), "a.txt").publisher is None
    others = "图2：价格\n资料来源：Wind，江口证券研究所\n图3：成本\n资料来源：公司公告\n图4：毛利\n资料来源：公司公告\n"
    assert parse(BODY + figure.format(1) + others, "a.txt").publisher is None


def test_a_closing_line_names_the_source_of_an_article() -> None:
    text = "远洋码头涨超 5%\n\n" + BODY + "\n（文章来源：东海财经）\n"
    parsed = parse(text, "a.txt")
    assert parsed.publisher == "东海财经"
    assert parsed.title == "远洋码头涨超 5%"


def test_the_source_of_a_figure_is_not_the_source_of_the_article() -> None:
    assert parse(BODY + "图1：箱量\n来源：港口协会\n", "a.txt").publisher is None


@pytest.mark.parametrize("first", ["一、箱量回升", "第一节 港口行业", "投资要点", "目录"])
def test_a_sections_name_is_no_title(first: str) -> None:
    assert parse(first + "\n" + BODY, "a.txt").title is None


def test_lost_characters_are_reported() -> None:
    parsed = parse("箱量\ufffd\ufffd回升。", "broken.txt")
    assert len(parsed.warnings) == 1
    assert "broken.txt" in parsed.warnings[0]
    assert "2" in parsed.warnings[0]


def test_an_empty_text_has_no_blocks() -> None:
    parsed = parse("", "empty.txt")
    assert (parsed.text, parsed.blocks, parsed.pages) == ("", (), ())


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024 年 3 月 7 日", "2024-03-07"),
        ("2024-12-03", "2024-12-03"),
        ("2024.1.9", "2024-01-09"),
        ("14 March 2024", "2024-03-14"),
        ("Sept. 5, 2023", "2023-09-05"),
        ("2024年13月40日", None),
        ("2024年12月", None),
        ("2024", None),
    ],
)
def test_dates_are_read_in_both_languages(text: str, date: str | None) -> None:
    assert imprint.iso_date(text) == date


@pytest.mark.parametrize(
    ("text", "house"),
    [
        ("海湾证券经济研究所整理", "海湾证券"),
        ("海湾证券股份有限公司", "海湾证券"),
        ("江口公司研究部", "江口公司"),
        ("东海产业研究院", "东海产业研究院"),
        ("Northfield Securities estimates", "Northfield Securities"),
        ("Wind", None),
        ("公司公告", None),
        ("中国证券业协会", None),
        ("上海证券交易所", None),
    ],
)
def test_houses_are_known_by_their_kind_of_name(text: str, house: str | None) -> None:
    assert imprint.house_of(text) == house


def test_facts_come_from_blocks_of_any_format() -> None:
    title, date, body = "远洋码头深度", "发布时间：2023年5月6日", "箱量在回升。" * 20
    text = "\n".join([title, date, body])
    blocks = (
        Block(BlockKind.HEADING, 0, 6, 1),
        Block(BlockKind.NOTE, 7, 7 + len(date)),
        Block(BlockKind.PARAGRAPH, 8 + len(date), len(text)),
    )
    facts = facts_of(text, blocks)
    assert (facts.title, facts.publisher, facts.published) == (title, None, "2023-05-06")


@pytest.mark.parametrize(
    ("number", "publisher", "pages"), [("001", "国信证券", 14), ("002", None, 0)]
)
def test_seeds_without_a_title_get_none(number: str, publisher: str | None, pages: int) -> None:
    found = sorted(SEEDS.glob(f"{number}_*.txt")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip("the shared seed documents are not here")
    parsed = parse(found[0].read_text(encoding="utf-8"), found[0].name)
    assert (parsed.title, parsed.published) == (None, None)
    assert (parsed.publisher, len(parsed.pages)) == (publisher, pages)
