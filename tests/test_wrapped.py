"""Hard-wrapped report text is put back into paragraphs, headings, tables and pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.load import marks
from rag.load.wrapped import Layout, layout, pages_of
from rag.schema import BlockKind
from rag.text import display_width, normalise, squeeze

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
FOOTER = "请务必阅读正文之后的免责声明"

TERMINALS = (
    "远洋码头公司三季度吞吐量同比增长 6.4%，为 2022 年二季度以来首次回升，其中外贸箱量占比升至 61%，"
    "主要受益于红海绕行带来的中转需求。管理层预计全年增速在 4%至 5%之间，我们认为这一指引偏保守，"
    "因为明年春季的订单已经比今年同期高出 12 个百分点，而泊位的利用率还没有到上限。"
)
RATES = (
    "亚欧航线的即期运价在去年 12 月到今年 1 月之间翻了一番，正在签署的长约运价也比去年春天高出约 35%。"
    "运价的上涨先反映在船东的报表里，大约晚一个季度才会传导到码头的装卸费率上，因此下半年的弹性更大。"
)
YARDS = (
    "堆场周转天数由 5.2 天降到 4.1 天，自动化岸桥的单机效率提高到每小时 34 自然箱，人工成本占收入的比重"
    "降至 18.7%，比三年前低了将近 4 个百分点，这部分节省在未来两年里会逐步体现到毛利率当中去。"
)


def hard_wrap(text: str, width: int = 60) -> list[str]:
    """Break `text` as a typesetter does: words and numbers whole, no closing mark at a line start."""
    lines, line = [], ""
    while text:
        token = marks.first_token(text)
        if line and display_width(line + token) > width:
            lines.append(line.strip())
            line = ""
        line += token
        text = text[len(token) :]
    return [*lines, line.strip()]


def kinds(laid: Layout, kind: BlockKind) -> list[str]:
    return [laid.text[b.start : b.end] for b in laid.blocks if b.kind is kind]


def headings(laid: Layout) -> list[tuple[int, str]]:
    return [
        (b.level, laid.text[b.start : b.end]) for b in laid.blocks if b.kind is BlockKind.HEADING
    ]


def assert_tiled(laid: Layout) -> None:
    assert [p.number for p in laid.pages] == list(range(1, len(laid.pages) + 1))
    ends = [0, *(p.end for p in laid.pages)]
    assert [p.start for p in laid.pages] == ends[:-1]
    assert ends[-1] == len(laid.text)
    blocks = [0, *(offset for b in laid.blocks for offset in (b.start, b.end)), len(laid.text)]
    assert blocks == sorted(blocks)
    outside = [laid.text[a:b] for a, b in zip(blocks[::2], blocks[1::2], strict=True)]
    assert not "".join(outside).strip()


def test_wrapped_lines_become_paragraphs_word_for_word() -> None:
    laid = layout([hard_wrap(TERMINALS) + hard_wrap(RATES) + hard_wrap(YARDS)])
    assert [squeeze(p) for p in kinds(laid, BlockKind.PARAGRAPH)] == [
        squeeze(TERMINALS),
        squeeze(RATES),
        squeeze(YARDS),
    ]
    assert_tiled(laid)


def test_a_blank_line_after_every_line_separates_nothing() -> None:
    lines = hard_wrap(TERMINALS) + hard_wrap(RATES)
    spread = "\n\n".join(lines)
    laid = layout(pages_of(spread))
    assert laid.text == layout([lines]).text
    assert len(laid.blocks) == 2


def test_blank_lines_between_paragraphs_do_separate() -> None:
    first, second = hard_wrap(TERMINALS), hard_wrap(RATES)
    laid = layout([[*first, "", *second]])
    assert len(kinds(laid, BlockKind.PARAGRAPH)) == 2


def test_a_footer_in_the_middle_of_a_sentence_leaves_no_trace() -> None:
    lines = hard_wrap(TERMINALS)
    text = "\n".join([*lines[:2], "", FOOTER, "证券研究报告", "14", "", *lines[2:]])
    pages = pages_of(text)
    laid = layout(pages)
    assert len(pages) == 2
    assert squeeze(laid.text) == squeeze(TERMINALS)
    assert len(laid.blocks) == 1
    assert laid.pages[0].label == "14"
    assert laid.pages[1].start == laid.text.index(lines[2])


def test_a_missing_blank_line_before_an_indent_is_a_page_break() -> None:
    lines = hard_wrap(TERMINALS)
    text = "\n\n".join(lines[:3]) + "\n " + "\n\n".join(lines[3:])
    assert [len([line for line in page if line.strip()]) for page in pages_of(text)] == [
        3,
        len(lines) - 3,
    ]
    laid = layout(pages_of(text))
    assert len(laid.blocks) == 1
    assert_tiled(laid)


def test_form_feeds_are_page_breaks_and_printed_numbers_are_labels() -> None:
    pages = pages_of("\f".join(f"第 {n} 页\n{TERMINALS}" for n in (7, 8, 9)))
    laid = layout(pages)
    assert [p.label for p in laid.pages] == ["7", "8", "9"]
    assert "第 7 页" not in laid.text
    assert_tiled(laid)


def test_what_repeats_at_page_tops_is_kept_only_on_the_first() -> None:
    pages = [["港口航运行业专题 " + str(n), *hard_wrap(TERMINALS), ""] for n in range(1, 5)]
    assert layout(pages).text.count("港口航运行业专题") == 1


def test_repeated_captions_and_rows_at_page_ends_are_content() -> None:
    pages = [
        [*hard_wrap(RATES), "图 3：运价（%）", "2021 2022 2023", "1.2 3.4 5.6"] for _ in range(4)
    ]
    laid = layout(pages)
    assert laid.text.count("图 3：运价（%）") == 4
    assert laid.text.count("2021 2022 2023") == 4


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("16.7%、9.1%、7.7%，均跑赢指数，", "单月涨幅分别为"),
        ("10 亿元助力金，分批到账，", "公司宣布投入"),
        ("（包含外贸箱 50 款）、", "其中移动端产品有 104 款"),
        ("3 月 31 日的公告，", "根据公司发布于 2024 年"),
    ],
)
def test_a_wrapped_line_that_begins_like_a_list_goes_on(left: str, right: str) -> None:
    full = "稳" * ((60 - display_width(right)) // 2) + right
    rest = left + "其余部分将在明年上半年到位。"
    laid = layout([[*hard_wrap(TERMINALS), full, rest, *hard_wrap(YARDS)]])
    assert any(squeeze(full + rest) in squeeze(p) for p in kinds(laid, BlockKind.PARAGRAPH))


def test_a_number_cut_in_two_is_whole_again_where_lines_are_cut_anywhere() -> None:
    texts = [text.replace(" ", "") for text in (TERMINALS, RATES, YARDS, RATES)]
    lines = []
    for text, size in zip(texts, (25, 24, 35, 32), strict=True):
        lines += ["  " + text[:size], *(text[i : i + size] for i in range(size, len(text), size))]
    assert any(a[-1].isdigit() and b[0].isdigit() for a, b in zip(lines, lines[1:], strict=False))
    assert sum(line[0] in "，。、" for line in lines) >= 2
    assert layout([lines]).text.split("\n") == texts


def test_numbered_headings_nest_by_their_numbering() -> None:
    laid = layout(
        [
            [
                "第一节 港口行业景气回升",
                *hard_wrap(TERMINALS),
                "一、运价传导存在时滞",
                "（一）即期运价翻番",
                *hard_wrap(RATES),
                "（二）长约运价跟涨",
                *hard_wrap(YARDS),
                "第二节 风险与展望",
                *hard_wrap(RATES),
            ]
        ]
    )
    assert headings(laid) == [
        (1, "第一节 港口行业景气回升"),
        (2, "一、运价传导存在时滞"),
        (3, "（一）即期运价翻番"),
        (3, "（二）长约运价跟涨"),
        (1, "第二节 风险与展望"),
    ]


def test_a_numbered_list_is_no_row_of_headings() -> None:
    laid = layout(
        [[*hard_wrap(TERMINALS), "结论有三点：", "1、箱量回升", "2、运价上涨", "3、成本下降"]]
    )
    assert not headings(laid)
    assert kinds(laid, BlockKind.LIST_ITEM) == ["1、箱量回升", "2、运价上涨", "3、成本下降"]


def test_arabic_numbers_with_text_between_are_headings() -> None:
    page = ["1、箱量回升", *hard_wrap(TERMINALS), "2、运价上涨", *hard_wrap(RATES)]
    assert headings(layout([page])) == [(1, "1、箱量回升"), (1, "2、运价上涨")]


def test_decimal_numbers_are_headings_where_there_are_several() -> None:
    page = ["1.1 即期运价", *hard_wrap(TERMINALS), "1.2 长约运价", *hard_wrap(RATES)]
    assert headings(layout([page])) == [(1, "1.1 即期运价"), (1, "1.2 长约运价")]
    contents = ["目录", "运价 ..... 1", "成本 ..... 1", "结论 ..... 1"]
    body = ["运价", *hard_wrap(TERMINALS), "3.5 A_long B_long", "4.5 A_short B_short"]
    assert headings(layout([contents, body])) == [(1, "运价")]


def test_a_news_item_begins_anew_though_the_line_before_it_is_full() -> None:
    text = RATES + YARDS
    last = hard_wrap(text)[-1]
    text = text[:-1] + "去" * ((60 - display_width(last)) // 2) + "。"
    lead = "远洋码头宣布分红。11 月 6 日，" + TERMINALS
    laid = layout([[*hard_wrap(TERMINALS), *hard_wrap(text), *hard_wrap(lead)]])
    assert display_width(hard_wrap(text)[-1]) >= 59
    assert squeeze(kinds(laid, BlockKind.PARAGRAPH)[-1]) == squeeze(lead)


def test_headings_without_numbers_are_known_by_their_look() -> None:
    laid = layout(
        [
            [
                "港口动态：三季度箱量明显回升，运",
                "价上涨开始传导",
                "远洋码头：外贸中转需求拉动吞吐量恢复增长，明年订单多",
                *hard_wrap(TERMINALS),
                "即期运价：亚欧航线价格翻番，长约合同价随之创下",
                "三年新高",
                *hard_wrap(RATES),
                "投资建议",
                *hard_wrap(YARDS),
            ]
        ]
    )
    assert headings(laid) == [
        (1, "港口动态：三季度箱量明显回升，运价上涨开始传导"),
        (2, "远洋码头：外贸中转需求拉动吞吐量恢复增长，明年订单多"),
        (2, "即期运价：亚欧航线价格翻番，长约合同价随之创下三年新高"),
        (1, "投资建议"),
    ]


def test_the_printed_contents_tell_headings_and_are_boilerplate() -> None:
    contents = ["目录", "行业景气 ........ 2", "运价的传导 ...... 2", "成本 ............ 3"]
    body = [
        "行业景气",
        *hard_wrap(TERMINALS),
        "运价的传导",
        *hard_wrap(RATES),
        "成本",
        *hard_wrap(YARDS),
    ]
    laid = layout([contents, body])
    assert [title for _, title in headings(laid)] == ["行业景气", "运价的传导", "成本"]
    assert kinds(laid, BlockKind.BOILERPLATE) == ["\n".join(contents)]


def test_captions_and_sources_side_by_side_are_split() -> None:
    laid = layout(
        [
            [
                *hard_wrap(TERMINALS),
                "图1：月度吞吐量（万箱） 图2： 即期运价 VS 长约运价",
                "资料来源：公司公告，海湾证券研究所整理 资料来源：Wind",
                *hard_wrap(RATES),
            ]
        ]
    )
    assert kinds(laid, BlockKind.CAPTION) == [
        "图1：月度吞吐量（万箱）",
        "图2： 即期运价 VS 长约运价",
    ]
    assert kinds(laid, BlockKind.NOTE) == [
        "资料来源：公司公告，海湾证券研究所整理",
        "资料来源：Wind",
    ]


def test_a_sentence_about_a_figure_is_no_caption() -> None:
    assert not marks.is_caption("图6给出了净值走势，可以看到回撤较小。")
    assert not marks.is_caption("表 4、5 分别展示两种分组的结果")
    assert not marks.is_caption("Table 1 shows that volumes rose")
    assert marks.is_caption("图 6 月度净值走势")
    assert marks.is_caption("Table 1: Forecasts")


TABLE = ["代码 名称 评级 收盘价 EPS", "（港元）", "2024E 2025E"]
ROWS = ["1199.HK 远洋码头 买入 4.62 0.51 0.58", "0144.HK 招远港口 增持 12.30 1.42 1.55"]


def test_a_table_keeps_header_crumbs_and_rows_as_lines() -> None:
    laid = layout([[*hard_wrap(TERMINALS), "重点公司盈利预测", *TABLE, *ROWS, "资料来源：Wind"]])
    assert kinds(laid, BlockKind.TABLE) == ["\n".join(TABLE + ROWS)]
    assert headings(laid) == [(1, "重点公司盈利预测")]


def test_a_table_goes_on_over_a_page_break() -> None:
    laid = layout(
        [
            [*hard_wrap(TERMINALS), "表 2：盈利预测", "项目 2023A 2024E", ROWS[0], FOOTER],
            [ROWS[1], "资料来源：Wind", *hard_wrap(RATES)],
        ]
    )
    assert kinds(laid, BlockKind.TABLE) == ["\n".join(["项目 2023A 2024E", *ROWS])]
    assert laid.text[laid.pages[1].start :].startswith(ROWS[1])


def test_numbers_in_a_sentence_are_no_table() -> None:
    line = "2024 年 10 月 8 日 至 11 月 11 日 共 3 批"
    assert not kinds(layout([[*hard_wrap(TERMINALS), line]]), BlockKind.TABLE)


def test_related_reports_are_a_side_bar_that_ends_with_its_last_date() -> None:
    laid = layout(
        [
            [
                "相关研究报告",
                "《港口行业 2024 年 10 月月报-外贸需求转暖，中转枢纽港口率先",
                "受益于绕行》 ——2024-10-11",
                "《航运行业深度：新船订单的周期》 ——2024-09-02",
                "行情回顾：" + hard_wrap(RATES)[0],
                *hard_wrap(RATES)[1:],
                *hard_wrap(TERMINALS),
            ]
        ]
    )
    (bar,) = kinds(laid, BlockKind.SIDEBAR)
    assert bar.startswith("相关研究报告") and bar.endswith("2024-09-02")
    assert kinds(laid, BlockKind.PARAGRAPH)[0].startswith("行情回顾：")


def test_disclaimers_at_the_end_are_boilerplate_but_risks_before_them_are_not() -> None:
    laid = layout(
        [
            [
                *hard_wrap(TERMINALS),
                *hard_wrap(RATES),
                "风险提示",
                "运价回落的风险，新船交付超预期的风险。",
                "免责声明",
                "本报告仅供本公司客户使用，不构成任何投资建议。",
                "风险提示",
                "市场有风险，投资需谨慎。",
            ]
        ]
    )
    assert [title for _, title in headings(laid)] == ["风险提示", "免责声明"]
    assert "运价回落的风险，新船交付超预期的风险。" in kinds(laid, BlockKind.PARAGRAPH)
    assert kinds(laid, BlockKind.BOILERPLATE) == [
        "本报告仅供本公司客户使用，不构成任何投资建议。",
        "风险提示",
        "市场有风险，投资需谨慎。",
    ]


def test_bullets_start_items_and_their_lines_are_joined() -> None:
    item = "• 泊位：" + RATES
    laid = layout([[*hard_wrap(TERMINALS), *hard_wrap(item, 58), "• 堆场：周转加快。"]])
    assert [squeeze(i) for i in kinds(laid, BlockKind.LIST_ITEM)] == [
        squeeze(item),
        squeeze("• 堆场：周转加快。"),
    ]


def test_one_paragraph_a_line_is_not_joined() -> None:
    laid = layout(pages_of("\n".join(["一、运价", TERMINALS, RATES + TERMINALS, YARDS])))
    assert kinds(laid, BlockKind.PARAGRAPH) == [TERMINALS, RATES + TERMINALS, YARDS]
    assert len(laid.pages) == 1


def test_english_words_are_joined_with_a_space() -> None:
    lines = [
        "Container volumes at the three terminals rose 6.4% year on year in the",
        "fourth quarter, the first increase since 2022. Management expects mid-",
        "single-digit growth for the current year, which we think is cautious.",
        "Spot rates doubled between December and January because vessels were",
        "sent around the Cape of Good Hope.",
    ]
    text = layout([lines]).text
    assert "in the fourth quarter" in text
    assert "mid-single-digit" in text
    assert "vessels were sent" in text


@pytest.mark.parametrize("text", ["", "\n\n", " \n\f\n ", FOOTER, "短句", "12", "•"])
def test_next_to_nothing_is_laid_out_without_complaint(text: str) -> None:
    laid = layout(pages_of(text))
    assert_tiled(laid)


def seed(number: str) -> str:
    found = sorted(SEEDS.glob(f"{number}_*.txt")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip("the shared seed documents are not here")
    return normalise(found[0].read_text(encoding="utf-8"))


def test_seed_of_pdf_text_keeps_every_character_but_its_footer() -> None:
    text = seed("001")
    laid = layout(pages_of(text))
    body = text
    for furniture in ("请务必阅读正文之后的免责声明及其项下所有内容", "证券研究报告\n\n14\n"):
        assert furniture in body
        body = body.replace(furniture, "")
    assert squeeze(laid.text) == squeeze(body)
    assert len(laid.pages) == 14
    assert len(headings(laid)) == 23
    assert len(kinds(laid, BlockKind.CAPTION)) == 9
    assert len(kinds(laid, BlockKind.TABLE)) == 1
    assert_tiled(laid)


def test_seed_of_an_article_is_left_line_by_line() -> None:
    text = seed("002")
    laid = layout(pages_of(text))
    assert [level for level, _ in headings(laid)] == [1, 2, 3, 3, 3, 2, 3, 3, 2, 3, 3, 1, 2, 2, 2]
    assert laid.text.split() == text.split()
