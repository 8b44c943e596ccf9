"""Where a case was lost, told from hand-made records: one a stage, and the hard ones."""

import pytest

from eval.stages import LostAt, answered, lost_at

QUOTE = "2024年收入6602.57亿元，同比增长8%。"
OTHER = "毛利率为53%，较上年提高5个百分点。"


def text(*bodies):
    return [{"source": "a.txt", "text": body} for body in bodies]


def gold(*quotes, parsed=True):
    return [{"source": "a.txt", "quote": quote, "parsed": parsed} for quote in quotes]


def record(**changes):
    """A case that went well: found, shown, written, kept."""
    told = f"{QUOTE[:-1]} [1]。"
    return {
        "question": "前10大客户贡献的2024年收入和增速是多少？",
        "answerable": True,
        "error": None,
        "status": "answered",
        "answers": [["6602.57亿", "6603亿"], ["8%"]],
        "forbidden": ["9%"],
        "gold": gold(QUOTE),
        "hits": text(OTHER, QUOTE),
        "passages": text(QUOTE),
        "draft": told,
        "answer": told,
        "scores": {"correct": 1.0},
    } | changes


def wrong(**changes):
    return record(answer="收入没有披露[1]。", draft="", scores={"correct": 0.0}) | changes


def test_a_right_outcome_was_lost_nowhere():
    assert lost_at(record()) is None
    assert answered(record())
    refused = record(answerable=False, status="refused", answers=[], gold=[], answer="没有")
    assert lost_at(refused) is None
    assert not answered(refused)


@pytest.mark.parametrize(
    ("changes", "stage"),
    [
        ({"error": "the model is missing"}, LostAt.ERROR),
        ({"gold": gold(QUOTE, parsed=False), "hits": [], "passages": []}, LostAt.NOT_PARSED),
        ({"hits": text(OTHER), "passages": text(OTHER)}, LostAt.NOT_RETRIEVED),
        ({"passages": text(OTHER)}, LostAt.NOT_CHOSEN),
        ({"draft": "报告没有提到[1]。"}, LostAt.NOT_WRITTEN),
        ({"draft": QUOTE}, LostAt.WITHHELD),
        ({"draft": QUOTE, "status": "refused", "answer": "没有答案"}, LostAt.WITHHELD),
        ({"answer": "收入5602.57亿元，同比增长8%[1]。"}, LostAt.WRONG_FIGURE),
        ({"answerable": False, "answers": [], "gold": []}, LostAt.SHOULD_REFUSE),
    ],
)
def test_each_stage_is_told_from_the_record(changes, stage):
    assert lost_at(wrong(**changes)) is stage


def test_a_refusal_before_writing_is_no_sentence_withheld():
    assert lost_at(wrong(status="refused", answer="没有", draft="")) is LostAt.NOT_WRITTEN


def test_the_eleventh_hit_is_not_retrieved():
    hits = text(*[OTHER] * 10, QUOTE)
    assert lost_at(wrong(hits=hits, passages=[])) is LostAt.NOT_RETRIEVED
    assert lost_at(wrong(hits=hits[1:], passages=[])) is LostAt.NOT_CHOSEN


def test_layout_makes_no_difference():
    table = gold("营业收入 6602.57亿 8%")
    rows = text("| 营业收入 |\u30006602.57亿 | ８% |")
    assert lost_at(wrong(gold=table, hits=rows, passages=[])) is LostAt.NOT_CHOSEN


def test_of_several_facts_the_earliest_loss_counts():
    facts = {"answers": [["6602.57亿"], ["53%"]], "gold": gold(QUOTE, OTHER)}
    assert lost_at(wrong(**facts, hits=text(QUOTE), passages=text(QUOTE))) is LostAt.NOT_RETRIEVED
    both = {"hits": text(QUOTE, OTHER), "passages": text(QUOTE, OTHER)}
    assert lost_at(wrong(**facts, **both, draft=QUOTE)) is LostAt.NOT_WRITTEN


def test_a_fact_that_came_through_does_not_count():
    """The answer has the revenue; only the margin, which the draft had, is missing."""
    facts = {"answers": [["6602.57亿"], ["53%"]], "gold": gold(QUOTE, OTHER), "hits": []}
    assert lost_at(wrong(**facts, answer=QUOTE, draft=QUOTE + OTHER)) is LostAt.WITHHELD


def test_one_quote_that_states_the_fact_is_enough():
    """Two quotes state it, one of them was read."""
    again = "全年收入6602.57亿元，同比增长8%"
    both = gold(QUOTE, parsed=False) + gold(again)
    assert lost_at(wrong(gold=both, hits=text(again), passages=text(again))) is LostAt.NOT_WRITTEN


def test_a_derived_fact_needs_every_quote():
    """No quote states the difference: without either operand it cannot be written."""
    case = {"answers": [["相差3.1亿"]], "gold": gold("甲收入为5.1亿元", "乙收入为2.0亿元")}
    one, both = text("甲收入为5.1亿元"), text("甲收入为5.1亿元", "乙收入为2.0亿元")
    assert lost_at(wrong(**case, hits=both, passages=one)) is LostAt.NOT_CHOSEN
    assert lost_at(wrong(**case, hits=both, passages=both)) is LostAt.NOT_WRITTEN


def test_a_passage_may_hold_just_the_sentence_that_states_the_fact():
    long = gold(QUOTE + OTHER)
    assert lost_at(wrong(gold=long, passages=text(QUOTE))) is LostAt.NOT_WRITTEN
    assert lost_at(wrong(gold=long, passages=text(OTHER))) is LostAt.NOT_CHOSEN


def test_without_gold_quotes_the_fact_itself_is_looked_for():
    """Reading sets: passages come with the question, and no quote is marked as gold."""
    given = {"gold": [], "answers": [["8%"]]}
    assert lost_at(wrong(**given, passages=text(QUOTE))) is LostAt.NOT_WRITTEN
    assert lost_at(wrong(**given, passages=text("增长18%"))) is LostAt.NOT_CHOSEN


def test_a_document_that_nobody_read_is_not_held_against_the_parser():
    unknown = gold(QUOTE, parsed=None)
    assert lost_at(wrong(gold=unknown, hits=[], passages=[])) is LostAt.NOT_RETRIEVED


@pytest.mark.parametrize(
    "answer",
    [
        "收入6602.57亿元，同比增长8%，也有说9%的[2]。",  # all that is wanted, and what is forbidden
        "收入6602.57亿元，同比增长9%[1]。",
        "收入6602.57亿元，同比增长7.5%[1]。",
    ],
)
def test_a_wrong_figure_that_was_kept(answer):
    assert lost_at(wrong(answer=answer)) is LostAt.WRONG_FIGURE


def test_a_unit_slip_is_a_wrong_figure():
    slip = {"answer": "收入6602.57万元[1]。", "scores": {"correct": 0.0, "unit_slip": 1.0}}
    assert lost_at(wrong(**slip)) is LostAt.WRONG_FIGURE


def test_what_was_asked_and_dates_are_no_wrong_figures():
    vague = "2025年3月20日披露：2024年收入保持增长[1]。"
    assert lost_at(wrong(answer=vague)) is LostAt.NOT_WRITTEN
    assert lost_at(wrong(answer="前10大客户的收入增长[1]。")) is LostAt.NOT_WRITTEN
    assert lost_at(wrong(answers=[["微信"]], answer="增长53%[1]。")) is LostAt.NOT_WRITTEN


def test_a_wrong_figure_for_want_of_evidence_counts_where_the_evidence_was_lost():
    lost = wrong(answer="同比增长9%[1]。", passages=text(OTHER))
    assert lost_at(lost) is LostAt.NOT_CHOSEN


def test_a_refusal_that_lets_slip_what_is_forbidden():
    slip = {"answerable": False, "answers": [], "gold": [], "status": "refused"}
    assert lost_at(wrong(**slip, answer="没有，但不是9%。")) is LostAt.WRONG_FIGURE


def test_a_run_that_only_searched_loses_what_its_hits_lack():
    def searched(recall, **changes):
        return {"answerable": True, "error": None, "gold": gold(QUOTE, OTHER), "hits": text(QUOTE),
                "scores": {"recall@10": recall}} | changes  # fmt: skip

    assert lost_at(searched(0.5)) is LostAt.NOT_RETRIEVED
    assert lost_at(searched(0.5, gold=gold(QUOTE, OTHER, parsed=False))) is LostAt.NOT_PARSED
    assert lost_at(searched(1.0)) is None
    assert lost_at(searched(None, gold=[])) is None
    assert lost_at({"answerable": True, "error": None, "hits": [], "scores": {}}) is None


def test_where_files_are_judged_any_of_them_is_enough():
    def searched(rank):
        return {"answerable": True, "error": None, "gold": [], "hits": [], "relevant": ["a", "b"],
                "scores": {"mrr@10": rank, "recall@10": 0.5}}  # fmt: skip

    assert lost_at(searched(0.2)) is None
    assert lost_at(searched(0.0)) is LostAt.NOT_RETRIEVED
