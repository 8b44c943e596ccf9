"""`rag show --tables`: number, page, title, unit and shape of each table."""

from rag.cli.tables import listing
from rag.language import say
from rag.schema import Block, BlockKind, Document, Page

CAPTION = "表 1：主要指标（亿元）"
FIRST = "公司 | 2023\n云海科技 | 12.1"
SECOND = "白鹭 1.1 2.2\n山雀 3.3 4.4"


def document(*parts):
    text, blocks = "", []
    for kind, content in parts:
        blocks.append(Block(kind, len(text), len(text) + len(content)))
        text += content + "\n"
    pages = (Page(1, 0, text.index("云海")), Page(2, text.index("云海"), len(text)))
    return Document("d", "a.pdf", "pdf", text, "题", tuple(blocks), pages)


def test_each_table_is_told_with_where_and_what_it_is():
    kinds = BlockKind
    shown = listing(
        document((kinds.CAPTION, CAPTION), (kinds.TABLE, FIRST), (kinds.TABLE, SECOND))
    ).split("\n\n")
    facts = say("unit 亿元; 1 rows, 2 columns", "单位 亿元; 1 行 2 列")
    assert shown[0] == f"1. 主要指标（亿元）  [pp. 1–2; {facts}]\n{FIRST}"
    assert say("no header told apart", "未能识别表头") in shown[1].split("\n")[0]
    assert shown[1].endswith(SECOND)


def test_a_document_without_tables_says_so():
    plain = Document("d", "a.txt", "text", "正文", "题", (Block(BlockKind.PARAGRAPH, 0, 2),))
    assert listing(plain) == say("no tables", "没有表格")
