"""Chunks are exact stretches of one section, about as long as asked, cut between sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag import chunk, sections, table
from rag.load.text import parse
from rag.schema import Block, BlockKind, Chunk, Document, Page
from rag.text import display_width, squeeze

SHARED = Path(__file__).resolve().parents[2] / "shared"

SENTENCE = "三季度远洋码头的外贸箱量同比增长百分之六，主要受益于红海绕行带来的中转需求。"


def compose(*parts: tuple[BlockKind, str], pages: tuple[Page, ...] = ()) -> Document:
    """Return a document of the blocks ``(kind, text)``, one a line; headings have level 1."""
    blocks, start = [], 0
    for kind, text in parts:
        level = 1 if kind is BlockKind.HEADING else 0
        blocks.append(Block(kind, start, start + len(text), level))
        start += len(text) + 1
    text = "\n".join(text for _, text in parts)
    return Document(
        "sha256:0",
        "a.txt",
        "text",
        text,
        "码头深度",
        tuple(blocks),
        pages,
        "海湾证券",
        "2024-12-03",
    )


def chunks_of(document: Document, size: int = chunk.SIZE) -> tuple[Chunk, ...]:
    built = sections.build(document)
    found = chunk.split(document, built, size=size)
    for one in found:
        assert document.text[one.start : one.end] == one.text
        assert one.text == one.text.strip() != ""
        assert sum(s.start <= one.start and one.end <= s.end for s in built) == 1
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    return found


def full_width(text: str) -> float:
    return display_width(text) / 2


def test_every_character_of_the_text_is_in_a_chunk() -> None:
    document = compose(
        (BlockKind.HEADING, "一、箱量"),
        *[(BlockKind.PARAGRAPH, SENTENCE * n) for n in (1, 3, 20, 2)],
        (BlockKind.CAPTION, "图1：箱量"),
        (BlockKind.NOTE, "资料来源：公司公告"),
    )
    assert squeeze("".join(c.text for c in chunks_of(document))) == squeeze(document.text)


def test_a_long_paragraph_is_cut_into_even_pieces_between_sentences() -> None:
    found = chunks_of(compose((BlockKind.PARAGRAPH, SENTENCE * 20)))
    assert all(c.text.endswith("。") for c in found)
    lengths = [full_width(c.text) for c in found]
    assert max(lengths) <= chunk.SIZE
    assert min(lengths) >= chunk.SIZE / 2


def test_a_quotation_mark_stays_with_its_full_stop() -> None:
    found = chunks_of(compose((BlockKind.PARAGRAPH, f"管理层称：“{SENTENCE[:-1]}。”" * 15)))
    assert len(found) > 1
    assert all(c.text.endswith("。”") for c in found)


def test_equal_paragraphs_get_their_own_offsets() -> None:
    found = chunks_of(compose(*[(BlockKind.PARAGRAPH, SENTENCE * 6)] * 4))
    assert len({c.start for c in found}) == 4


def test_a_text_without_any_break_is_cut_all_the_same() -> None:
    found = chunks_of(compose((BlockKind.PARAGRAPH, "码" * 1000)))
    assert max(len(c.text) for c in found) <= chunk.SIZE
    assert "".join(c.text for c in found) == "码" * 1000


def test_an_english_chunk_holds_twice_the_letters() -> None:
    text = "Container volumes at the three terminals rose by six percent in the quarter. " * 40
    found = chunks_of(compose((BlockKind.PARAGRAPH, text.strip())))
    assert all(1.2 * chunk.SIZE < len(c.text) <= 2 * chunk.SIZE for c in found)
    assert all(c.text.endswith(".") for c in found)


def test_short_paragraphs_share_a_chunk() -> None:
    found = chunks_of(compose(*[(BlockKind.PARAGRAPH, SENTENCE)] * 6))
    assert len(found) == 1


def test_a_heading_is_never_alone_and_opens_the_first_chunk_below_it() -> None:
    found = chunks_of(
        compose(
            (BlockKind.HEADING, "一、港口"),
            (BlockKind.HEADING, "二、航运"),
            (BlockKind.PARAGRAPH, SENTENCE),
        )
    )
    assert [c.text for c in found] == ["二、航运\n" + SENTENCE]
    assert found[0].heading_path == ("二、航运",)


def test_chunks_do_not_cross_sections() -> None:
    found = chunks_of(
        compose(
            (BlockKind.HEADING, "一、港口"),
            (BlockKind.PARAGRAPH, SENTENCE),
            (BlockKind.HEADING, "二、航运"),
            (BlockKind.PARAGRAPH, SENTENCE),
        )
    )
    assert [c.heading_path for c in found] == [("一、港口",), ("二、航运",)]


def test_an_announcement_stays_with_its_first_item() -> None:
    lead = "公司在成本方面采取了以下三项措施："
    found = chunks_of(
        compose(
            (BlockKind.PARAGRAPH, SENTENCE * 6),
            (BlockKind.PARAGRAPH, lead),
            *[(BlockKind.LIST_ITEM, f"{n}）" + SENTENCE * 2) for n in (1, 2, 3)],
        )
    )
    assert [lead in c.text for c in found] == [False, True]
    assert lead + "\n1）" in found[1].text


HEADER = "公司 评级 收盘价 EPS PE\n2024E 2025E 2024E 2025E"


def rows(count: int) -> str:
    return "\n".join(
        f"{1000 + n}.HK 码头{n} 买入 {n}.62 0.51 0.58 {n + 9} {n + 8}" for n in range(count)
    )


def test_a_table_that_fits_is_kept_whole_with_caption_and_source() -> None:
    table = HEADER + "\n" + rows(5)
    found = chunks_of(
        compose(
            (BlockKind.PARAGRAPH, SENTENCE * 3),
            (BlockKind.PARAGRAPH, "盈利预测见下表："),
            (BlockKind.CAPTION, "表1：盈利预测"),
            (BlockKind.TABLE, table),
            (BlockKind.NOTE, "资料来源：Wind"),
            (BlockKind.PARAGRAPH, SENTENCE),
        )
    )
    assert [c.kind for c in found] == [BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.PARAGRAPH]
    assert found[1].text == f"盈利预测见下表：\n表1：盈利预测\n{table}\n资料来源：Wind"


def test_a_long_table_is_cut_between_rows_and_each_piece_is_told_its_header() -> None:
    document = compose(
        (BlockKind.CAPTION, "表1：盈利预测"),
        (BlockKind.TABLE, HEADER + "\n" + rows(60)),
        (BlockKind.NOTE, "资料来源：Wind"),
    )
    found = chunks_of(document)
    assert len(found) > 2
    assert all(c.kind is BlockKind.TABLE for c in found)
    lines = [line for c in found for line in c.text.split("\n")]
    assert lines == document.text.split("\n")
    assert found[0].text.startswith("表1：盈利预测\n" + HEADER)
    second = chunk.contextualise(document, found[1]).split("\n")
    assert second[:4] == ["码头深度 · 海湾证券 · 2024-12-03", "表1：盈利预测", *HEADER.split("\n")]
    assert "\n".join(second[4:]) == found[1].text


def test_header_rows_of_a_table_with_bars_are_repeated_too() -> None:
    body = "\n".join(f"码头{n} | {n}.6 | {n}.8 | 持有该评级的分析师共有{n}位" for n in range(40))
    document = compose((BlockKind.TABLE, "公司 | 2024E | 2025E | 备注\n" + body))
    last = chunks_of(document)[-1]
    assert chunk.contextualise(document, last).split("\n")[1] == "公司 | 2024E | 2025E | 备注"


def test_a_piece_of_a_table_is_told_its_unit_and_its_group() -> None:
    group = "\n".join(f"码头{n} | {n}.6 | {n}.8 | 该评级的分析师共有{n}位" for n in range(40))
    document = compose(
        (BlockKind.CAPTION, "表1：盈利预测"),
        (BlockKind.PARAGRAPH, "单位：亿元"),
        (BlockKind.TABLE, f"公司 | 2024E | 2025E | 备注\n内地\n{group}\n海外\n{group}"),
    )
    found = [c for c in chunks_of(document) if c.kind is BlockKind.TABLE]
    assert found[0].text.startswith("表1：盈利预测\n单位：亿元\n公司") and not found[0].head
    header = ["表1：盈利预测", "单位：亿元", "公司 | 2024E | 2025E | 备注"]
    assert found[-1].head.split("\n") == [*header, "海外"]
    for piece in found:
        read = table.parse(piece.text, piece.head)
        assert read is not None and read.title == "盈利预测"
        for row in read.rows:
            assert row.cells[0].unit == "亿元" and row.label.split(" · ")[0] in ("内地", "海外")


def test_side_bars_and_boilerplate_are_chunks_of_their_own_kind() -> None:
    found = chunks_of(
        compose(
            (BlockKind.SIDEBAR, "相关研究报告\n《港口月报》 ——2024-11-11"),
            (BlockKind.PARAGRAPH, SENTENCE),
            (BlockKind.HEADING, "免责声明"),
            (BlockKind.BOILERPLATE, "本报告不构成投资建议。"),
        )
    )
    assert [c.kind for c in found] == [
        BlockKind.SIDEBAR,
        BlockKind.PARAGRAPH,
        BlockKind.BOILERPLATE,
    ]


def test_a_figure_is_not_torn_from_its_source() -> None:
    figure = "图1：箱量\n资料来源：公司公告"
    for count in range(1, 9):
        found = chunks_of(
            compose(
                (BlockKind.PARAGRAPH, SENTENCE * count),
                (BlockKind.CAPTION, "图1：箱量"),
                (BlockKind.NOTE, "资料来源：公司公告"),
                (BlockKind.PARAGRAPH, SENTENCE * 6),
            )
        )
        assert any(figure in c.text for c in found)


def test_a_chunk_knows_the_page_it_begins_on() -> None:
    first = SENTENCE * 7
    pages = (Page(1, 0, len(first) + 1), Page(2, len(first) + 1, 2 * len(first) + 1))
    document = compose((BlockKind.PARAGRAPH, first), (BlockKind.PARAGRAPH, first), pages=pages)
    assert [c.page for c in chunks_of(document)] == [1, 2]


def test_absent_facts_leave_no_separator_behind() -> None:
    text = "正文。"
    blocks = (Block(BlockKind.PARAGRAPH, 0, 3),)
    document = Document("sha256:0", "a.txt", "text", text, "港口", blocks)
    (only,) = chunks_of(document)
    assert chunk.contextualise(document, only) == "港口\n正文。"


def test_the_title_is_not_said_twice() -> None:
    document = compose((BlockKind.HEADING, "码头深度"), (BlockKind.PARAGRAPH, SENTENCE))
    (only,) = chunks_of(document)
    assert chunk.contextualise(document, only).split("\n")[0] == "码头深度 · 海湾证券 · 2024-12-03"


def evidence(number: str) -> list[tuple[str, str]]:
    """Return the quotes, with the section each is filed under, that questions cite of a seed."""
    path = SHARED / "questions" / "seeds_dev.jsonl"
    if not path.exists():
        pytest.skip("the shared questions are not here")
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        (item["quote"], case["section"])
        for case in cases
        for item in case["evidence"]
        if item["doc"] == number and " / " not in case["section"]
    ]


@pytest.mark.parametrize("number", ["001", "002"])
def test_the_evidence_of_seed_questions_is_in_chunks_of_the_right_section(number: str) -> None:
    quotes = evidence(number)
    path = next((SHARED / "seeds").glob(f"{number}_*.txt"))
    parsed = parse(path.read_text(encoding="utf-8"), path.name)
    document = Document(
        "sha256:0", path.name, "text", parsed.text, path.stem, parsed.blocks, parsed.pages
    )
    chunks = [c for c in chunks_of(document) if c.kind is not BlockKind.SIDEBAR]
    right = 0
    for quote, section in quotes:
        holders = [c for c in chunks if squeeze(quote) in squeeze(c.text)]
        assert holders, quote
        wanted = squeeze(section.split(" > ")[-1])
        right += any(wanted in squeeze(" ".join(c.heading_path)) for c in holders)
    assert right >= 0.95 * len(quotes)
