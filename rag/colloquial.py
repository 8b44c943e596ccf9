"""Cantonese and everyday wording of a question -> the standard words that reports use.

Rewrites function words and question words only; names and terms are left to `rag.lexicon`.
"""

from __future__ import annotations

import re

_SAY = r"问|查|告知|告诉我|告诉|说|看|了解|知道"
_RULES = (
    # What is only polite.
    (r"^(?:你好|您好)[，,！!。 ]*", ""),
    (
        rf"^(?:(?:麻烦(?:你|您)?|请(?:你|您)?|能不能|能否|可以|可否|帮我?|给我|我?想要?)+(?:{_SAY})(?:一?下)?|(?:{_SAY})(?:一下|下))"
        r"(?:看)?[，,：: ]*",
        "",
    ),
    (r"^结合(?=[^，,]{2,40}(?:报告|年报|季报|公告|纪要|研报|公报)[，,])", "根据"),
    (r"[，,]?(?:请?(?:告诉|告知)我?(?:一?下)?|谢谢(?:你|您)?|好吗)(?=[。！？?!]*$)", ""),
    # Cantonese, in simplified script; written 係 or 系, 嘅, 咗, 喺, 乜嘢 or 乜野.
    (r"(?:系咪|[系係]唔[系係])", "是否"),
    (r"点解", "为什么"),
    (r"(?:点样|点先)", "怎样"),
    (r"几时", "什么时候"),
    (r"(?:几多|几钱|几大)", "多少"),
    (r"(?:乜嘢|乜野|乜|咩)", "什么"),
    (r"边(?:间|家)", "哪家"),
    (r"边个", "哪个"),
    (r"边(?:度|处)", "哪里"),
    (r"(?<=[咗了])定(?:系|係)?(?=[\u4e00-\u9fff]{1,2}[咗了])", "还是"),
    (r"同埋", "和"),
    (r"[嗰𠮶](?=[份个只年阵期次条批种家度边])", "那"),
    (r"仲(?=[够有系是要会])", "还"),
    (r"咗", "了"),
    (r"嘅", "的"),
    (r"喺", "在"),
    (r"(?:[系係](?=多少|什么|哪|边|咩|乜|几)|係)", "是"),
    (r"冇", "没有"),
    (r"唔(?!该)", "不"),
    (r"唔该", ""),
    (r"(?:俾|畀)", "给"),
    (r"[佢]哋?", "它"),
    (r"(?:而家|宜家(?=[的有系是]))", "现在"),
    (r"架车", "辆车"),
    # Everyday Mandarin for growth, and for stretches of a year.
    (
        r"比[上前]一?个?(?:月份?|季度?)(?:[多少高低增减涨跌降升]|增加|减少|增长|上升|下降)了?(?:多少|几个?点)(?=[？?。]*$)",
        "环比变化多少",
    ),
    (r"几何(?=[？?。]*$)", "多少"),
    (r"收租(?=了?[多少]|更)", "租金收入"),
    (r"(?<![没被征回吸接签])收了(?=多少(?:钱|亿|万|元))", "收入是"),
    (r"变动(?=了?(?:多少|几))", "变化"),
    (
        r"是(?:增长?|上?升|上?涨)(?:了|还)?是?(?:减少?|下?降|下?跌)了?[，, ]*(?:变化)?(?:幅度|多少)(?:是|有)?(?:多大|多少)?(?=[？?。]*$)",
        "变化多少",
    ),
    (r"头(?=[三六九]个月|两个季度|三个季度)", "前"),
    (r"年头(?=到)", "年初"),
    (r"(?<=[上下])半截(?=年)?", "半年"),
)
_COMPILED = tuple((re.compile(pattern), standard) for pattern, standard in _RULES)


def to_standard(question: str) -> str:
    """Return `question`, in simplified script, with standard function words.

    係几多 becomes 是多少, 卖咗 becomes 卖了, 边间 becomes 哪家公司.
    """
    for pattern, standard in _COMPILED:
        question = pattern.sub(standard, question)
    return question
