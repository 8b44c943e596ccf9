"""Refusals: nothing found, the model says no, the question is not covered by the evidence."""

from dataclasses import replace

import pytest

from rag import refuse, verify
from rag.question import understand
from rag.schema import Chunk, DocumentFacts, Draft, Hit, Passage

FACTS = DocumentFacts("d1-0", "a.txt", "互联网行业点评", None, None, "text", 0, 1)
OTHER = "第三季度，白鹭公司游戏收入同比增长9%至145亿元。"
SURE = 2.0


def outcome(
    question: str, draft: str, text: str, odds: float, *, strict: bool = False
) -> refuse.Refusal | None:
    query = understand(question)
    passage = Passage(1, "d1-0", 0, len(text), text, (), None, FACTS, 1.0)
    hit = Hit(1, 0.03, Chunk("d1-0", 0, len(text), text, ()), FACTS)
    checked = verify.check(query, Draft(question, (passage,), draft, "p", "m"))
    return refuse.after_checking(query, (hit,), (passage,), checked, odds, strict=strict)


def test_no_passages_is_a_refusal_in_the_questions_language() -> None:
    chinese = refuse.before_writing(understand("收入是多少？"), (), None)
    english = refuse.before_writing(understand("What was revenue?"), (), None)
    assert chinese is not None
    assert "索引" in chinese.reason
    assert english is not None
    assert "index" in english.reason


def test_a_clear_no_of_the_model_saves_the_writing() -> None:
    query = understand("收入是多少？")
    passage = Passage(1, "d1-0", 0, len(OTHER), OTHER, (), None, FACTS, 1.0)
    assert refuse.before_writing(query, (passage,), refuse.HOPELESS - 0.1) is not None
    assert refuse.before_writing(query, (passage,), refuse.HOPELESS + 0.1) is None


def test_a_neighbours_figure_does_not_cover_the_question() -> None:
    asked = "青松公司第三季度游戏收入是多少？"
    draft = "青松公司第三季度游戏收入为145亿元。"
    own = OTHER.replace("白鹭", "青松")
    doubtful = refuse.THRESHOLD - 1.0
    assert outcome(asked, draft, own, doubtful) is None
    assert outcome(asked, draft, OTHER, doubtful) is not None


def test_a_draft_without_any_confirmed_sentence_is_refused() -> None:
    refusal = outcome("白鹭公司第三季度游戏收入是多少？", "游戏收入为999亿元。", OTHER, 5.0)
    assert refusal is not None
    assert "999亿元" in refusal.trace


@pytest.mark.parametrize(
    ("question", "draft", "refused"),
    [
        ("云海公司的能源消耗量是多少？", "云海公司的能源消耗量减少了150万吨。", True),
        ("云海公司的能源消耗量减少了多少？", "云海公司的能源消耗量减少了150万吨。", False),
        ("云海公司的能源消耗量是多少？", "云海公司的能源消耗量减少到150万吨。", False),
        ("云海公司的能源消耗量同比变化是多少？", "云海公司的能源消耗量减少了150万吨。", False),
    ],
)
def test_a_change_is_no_answer_to_a_level(question: str, draft: str, refused: bool) -> None:
    found = outcome(question, draft, draft, 9.0)
    assert (found is not None) is refused


def test_the_margin_is_what_the_refusal_goes_by() -> None:
    asked, text = "白鹭公司第三季度游戏收入是多少？", OTHER
    query = understand(asked)
    passage = Passage(1, "d1-0", 0, len(text), text, (), None, FACTS, 1.0)
    hit = Hit(1, 0.03, Chunk("d1-0", 0, len(text), text, ()), FACTS)
    draft = Draft(asked, (passage,), "白鹭公司第三季度游戏收入为145亿元。", "p", "m")
    checked = verify.check(query, draft)
    above = refuse.margin(query, (hit,), (passage,), checked, 1.0)
    assert 1.0 - refuse.THRESHOLD < above <= 1.0 + refuse.COVERAGE_WEIGHT - refuse.THRESHOLD
    for more, refused in ((-above - 0.01, True), (-above + 0.01, False)):
        outcome = refuse.after_checking(query, (hit,), (passage,), checked, 1.0 + more)
        assert (outcome is not None) is refused
    nothing = replace(checked, sentences=())
    assert refuse.margin(query, (hit,), (passage,), nothing, 1.0) == 1.0 - refuse.THRESHOLD


def test_strictness_refuses_a_doubtful_answer_that_would_pass() -> None:
    asked, draft = "白鹭公司第三季度游戏收入是多少？", "白鹭公司第三季度游戏收入为145亿元。"
    doubtful = refuse.THRESHOLD - refuse.COVERAGE_WEIGHT + refuse.STRICT_MARGIN / 2
    assert outcome(asked, draft, OTHER, doubtful) is None
    assert outcome(asked, draft, OTHER, doubtful, strict=True) is not None
    assert outcome(asked, draft, OTHER, doubtful + refuse.STRICT_MARGIN, strict=True) is None


def test_a_reason_is_given_only_where_the_reports_give_one() -> None:
    asked, draft = "白鹭公司收入为什么增长？", "因为游戏收入同比增长9%至145亿元。"
    refusal = outcome(asked, draft, OTHER, 5.0)
    assert refusal is not None
    assert "reason" in refusal.trace
    told = "第三季度，白鹭公司收入增长，主要受新游戏带动，游戏收入同比增长9%至145亿元。"
    assert outcome(asked, draft, told, 5.0) is None


def test_a_question_word_is_no_stranger() -> None:
    query = understand("哪个国家主办了2022年的展会？")
    hit = Hit(1, 0.03, Chunk("d1-0", 0, len(OTHER), OTHER, ()), FACTS)
    assert refuse.stranger(query, (hit,)) is None
    unknown = refuse.stranger(understand("青禾软件2022年收入是多少？"), (hit,))
    assert unknown is not None
    assert "青禾软件" in unknown.reason


def test_what_is_quoted_and_stands_nowhere_is_refused() -> None:
    hit = Hit(1, 0.03, Chunk("d1-0", 0, len(OTHER), OTHER, ()), FACTS)
    refusal = refuse.stranger(understand("白鹭公司下调到“中性”的理由是什么？"), (hit,))
    assert refusal is not None and "中性" in refusal.reason
    assert refuse.stranger(understand("白鹭公司“游戏收入”增长多少？"), (hit,)) is None
    assert refuse.stranger(understand('What is "neutral" about Egret?'), (hit,)) is None


def _stranger(question: str, text: str) -> refuse.Refusal | None:
    hit = Hit(1, 0.03, Chunk("d1-0", 0, len(text), text, ()), FACTS)
    return refuse.stranger(understand(question), (hit,))


def test_a_long_quotation_that_sums_up_need_not_stand_word_for_word() -> None:
    text = "本文研究处置效应与新增信息参与定价的反应迟滞，选取中证800成分股。"
    assert _stranger("验证“处置效应使得信息定价迟滞”用的是哪个指数？", text) is None
    assert _stranger("验证“羊群效应放大了尾部波动风险”用的是哪个指数？", text) is not None
    assert _stranger("报告说的“羊群效应”是什么？", text) is not None


def test_what_points_to_a_name_is_no_part_of_it() -> None:
    text = "上证50指数RSRS样本外年化收益4.6%。"
    assert _stranger("这次RSRS样本外跟踪了哪些指数？", text) is None
