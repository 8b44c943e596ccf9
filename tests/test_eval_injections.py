"""Errors are single and false, outcomes are judged right, liars and cowards are told apart."""

import json
from random import Random

import pytest
from click.testing import CliRunner

from eval.amounts import amounts, says
from eval.cases import Case, CaseSet, Evidence
from eval.figure_report import failures, rates, rows, worklist
from eval.injected import Outcome, examine, holds, judge, orphans, run
from eval.injections import Error, Injection, plant
from eval.statements import Form, find, prepare
from rag.errors import UsageError
from rag.schema import Block, BlockKind, Check, Document, FigureCheck, Turn
from rag.text import Span
from rag.verify import Checked, CheckedSentence
from rag.verify import Evidence as Place

REVENUE = "2024年三季度，云海科技收入299.93亿元，同比增长17%；净利润41.2亿元，同比下降5%。"
YEARS = "云海科技2023年三季度收入256.4亿元，毛利率由52%升至53%。"
PAIRED = "蓝鲸、白鹭、青松的销量分别为170万台、81万台和48万台。"
TEXT = f"{REVENUE}\n{YEARS}\n{PAIRED}\n星河云海外收入12.4亿美元，占比35.6%。"


def document(text=TEXT, source="a.txt"):
    blocks, start = [], 0
    for line in text.splitlines():
        blocks.append(Block(BlockKind.PARAGRAPH, start, start + len(line)))
        start += len(line) + 1
    return Document("d1-0", source, "text", text, "云海科技2024年三季报点评", tuple(blocks))


def case(question, forms, quote=REVENUE, name="c1", **more):
    facts = tuple((f,) if isinstance(f, str) else tuple(f) for f in forms)
    lang = "en" if question.isascii() else "zh"
    return Case(name, question, lang, "fact", True, facts, (), (Evidence("a.txt", quote),), **more)


ASKED = case(
    "云海科技2024年三季度收入是多少？", [["299.93亿", "300亿"]], "收入299.93亿元，同比增长17%"
)
PAIR = case("青松的销量是多少？", ["48万台"], PAIRED, "c2")
DOCUMENTS = {"a.txt": document()}


def injections(truth, *passages, seed=0, answers=()):
    return plant(truth, passages or TEXT.splitlines(), answers, Random(seed))


def texts(found, error):
    return [i.text for i in found if i.error is error]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("收入6602.57亿元，增长8%", ["6602.57亿元", "8%"]),
        ("NT$2,894.31 billion, up 33.9%", ["NT$2,894.31 billion", "33.9%"]),
        ("margin fell 1.3 percentage points to 18.0%.", ["1.3 percentage points", "18.0%"]),
        ("2024年的收入和2023年11月2日的第10万辆", []),
        ("1）游戏；2）天猫、1688六大板块，双 11占5%", ["5%"]),
        ("11 月 15 日注册资本 500 万美元，占 100%，约 20-30%", ["500 万美元", "100%", "30%"]),
        ("0700.HK的SU7在3 nm上，Q3 14 February 2025", []),
        ("交付39790辆，跑赢20.0、12.3和11.0个百分点", ["39790辆", "20.0", "12.3", "11.0个百分点"]),
    ],
)  # fmt: skip
def test_figures_are_read_and_dates_and_names_are_not(text, read):
    assert [a.text for a in amounts(text)] == read
    assert all(text[a.start : a.end] == a.text for a in amounts(text))


@pytest.mark.parametrize(
    ("one", "source", "same"),
    [
        ("6602.6亿", "6602.57亿元", True),
        ("6602.5亿", "6602.57亿元", False),
        ("6602.574亿", "6602.57亿元", False),
        ("177.3亿美元", "$17.73 billion", True),
        ("177.3亿港元", "$17.73 billion", False),
        ("132.46亿元", "132.46", True),
        ("8%", "8个百分点", False),
    ],
)
def test_what_states_a_figure(one, source, same):
    assert says(amounts(one)[0], amounts(source)[0]) is same


@pytest.mark.parametrize("seed", range(20))
def test_every_injection_changes_one_place_and_only_that(seed):
    for truth in (REVENUE, YEARS, PAIRED):
        for found in injections(truth, seed=seed):
            assert found.text != truth
            assert found.planted != found.was
            rest = truth[found.start + len(found.was) :]
            assert found.text == truth[: found.start] + found.planted + rest
            assert truth[found.start :].startswith(found.was)


def test_every_kind_of_error_is_planted_where_it_can_be():
    truth = REVENUE[:-1] + "，销量分别为81万台和48万台。"
    assert {i.error for i in injections(truth)} == set(Error)
    assert {i.error for i in injections("收入为299.93亿元。")} == set(Error) - {
        Error.SIGN,
        Error.PERIOD,
        Error.ORDER,
    }


def test_signs_periods_neighbours_and_orders_are_what_they_are_meant_to_be():
    found = injections(REVENUE)
    assert texts(found, Error.SIGN) == [
        REVENUE.replace("增长17%", "下降17%"),
        REVENUE.replace("下降5%", "上升5%"),
    ]
    assert texts(found, Error.PERIOD) == [
        REVENUE.replace("2024年", "2023年"),
        REVENUE.replace("三季度", "二季度"),
    ]
    assert REVENUE.replace("299.93", "41.2") in texts(found, Error.NEIGHBOUR)
    assert REVENUE.replace("17%", "5%") in texts(found, Error.NEIGHBOUR)
    assert texts(injections(PAIRED), Error.ORDER) == [
        PAIRED.replace("170万台、81万台", "81万台、170万台"),
        PAIRED.replace("81万台和48万台", "48万台和81万台"),
    ]


def test_units_slip_in_scale_currency_and_ratio():
    slips = {t for s in range(30) for t in texts(injections(REVENUE, seed=s), Error.UNIT)}
    assert REVENUE.replace("299.93亿元", "299.93万元") in slips
    assert REVENUE.replace("299.93亿元", "299.93亿美元") in slips
    assert REVENUE.replace("17%", "17个百分点") in slips


def test_roundings_go_the_wrong_way_or_invent_precision():
    found = {i.planted for i in injections("收入为299.93亿元。") if i.error is Error.ROUNDING}
    assert "300.0亿元" in found
    assert any(p.startswith("299.93") and len(p) == len("299.931亿元") for p in found)


def test_what_happens_to_be_true_is_not_planted():
    others = "甲294.93亿元、乙295.93亿元、丙296.93亿元、丁297.93亿元、戊298.93亿元。"
    for seed in range(200):
        found = injections("收入为299.93亿元。", REVENUE, others, seed=seed)
        stated = {a.text for a in amounts(others)}
        assert not {i.planted for i in found if i.error is Error.DIGIT} & stated
    dollars = "The segment lost $17.73 billion."
    for seed in range(20):
        slips = texts(injections("亏损177.3亿。", dollars, seed=seed), Error.UNIT)
        assert "亏损177.3亿美元。" not in slips
    both = "2024年收入8亿元。\n2023年收入8亿元。"
    assert texts(injections("2024年收入8亿元。", *both.splitlines()), Error.PERIOD) == []
    accepted = injections("每股4.50港元。", "每股4.50港元。", answers=["4.50元", "4.50美元"])
    assert texts(accepted, Error.UNIT) == []


def test_neighbours_are_of_the_same_kind_and_size():
    found = injections("星河云海外收入12.4亿美元。", TEXT, "另有3美元的会员费。")
    assert texts(found, Error.NEIGHBOUR) == []
    cells = "公司 | 收入 | 利润\n甲 | 302.33 | 132.46\n乙 | 202.54 | 45.89"
    planted = {
        i.planted
        for seed in range(20)
        for i in injections("甲利润是132.46亿元。", cells, seed=seed)
        if i.error is Error.NEIGHBOUR
    }
    assert planted == {"302.33亿元", "202.54亿元", "45.89亿元"}


@pytest.mark.parametrize(
    ("question", "forms", "statement"),
    [
        ("云海科技2024年收入是多少？", ["299.93亿"], "云海科技2024年收入是299.93亿。"),
        ("甲2023年利润是多少亿元？", ["132.46"], "甲2023年利润是132.46亿元。"),
        ("雲海24年回購花了多少錢", ["12.4亿"], "云海24年回购花了12.4亿。"),
        ("市值缩水了百分之多少？", ["29%"], "市值缩水了29%。"),
        ("毛利率提高多少个百分点？", ["2.54个百分点"], "毛利率提高2.54个百分点。"),
        ("收入和增速各是多少？", ["299.93亿", "17%"], "收入和增速各是299.93亿、17%。"),
        ("收入多少？利润呢，多少？", ["2亿", "1亿"], "收入2亿，利润呢，1亿。"),
        (
            "What was Yunhai's revenue in 2024?",
            ["29.993 billion"],
            "Yunhai's revenue in 2024 was 29.993 billion.",
        ),
        ("What share of sales came from 3 nm?", ["18%"], "18% of sales came from 3 nm."),
    ],
)
def test_a_question_becomes_a_statement(question, forms, statement):
    made = prepare(case(question, forms), DOCUMENTS)
    assert [s.text for s in made.statements if s.form is Form.ASKED] == [statement]


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("哪家增长最快，增长多少？", ["青松", "17%"]),
        ("收入和利润各是多少，升还是降？", ["2亿", "下降"]),
        ("收入同比增长多少，占集团多大比重？", ["17%", "8%"]),
        ("收入和利润分别是多少？", ["9.65", "9.95"]),
    ],
)
def test_a_question_after_names_becomes_none(question, forms):
    made = prepare(case(question, forms), DOCUMENTS)
    assert Form.ASKED not in {s.form for s in made.statements}


def test_material_holds_the_gold_sentence_its_clause_and_neighbours():
    made = prepare(ASKED, DOCUMENTS)
    assert {s.form: s.text for s in made.statements} == {
        Form.SENTENCE: REVENUE,
        Form.CLAUSE: "云海科技收入299.93亿元，同比增长17%。",
        Form.ASKED: "云海科技2024年三季度收入是299.93亿。",
        Form.ROUNDED: "云海科技2024年三季度收入是约299.9亿。",
    }
    shown = "\n".join(p.text for p in made.passages)
    assert REVENUE in shown
    assert YEARS in shown
    assert all(TEXT[p.start : p.end] == p.text for p in made.passages)


def test_nothing_is_made_of_what_cannot_be_checked():
    followup = case("那利润呢？", ["41.2亿"], history=(Turn("收入？", "299.93亿元"),))
    assert prepare(followup, DOCUMENTS) is None
    assert prepare(case("收入是多少？", ["9亿"], "收入9亿元"), DOCUMENTS) is None
    derived = case("差多少？", ["258.73亿"], "收入299.93亿元", derived={0: "299.93-41.2"})
    assert Form.ASKED not in {s.form for s in prepare(derived, DOCUMENTS).statements}


def test_a_quote_is_found_whatever_the_layout():
    table = "甲 | 302.33 | 20.34%\n乙 | 202.54"
    start, end = find(table, "甲　302.33 20.34%")
    assert table[start:end] == "甲 | 302.33 | 20.34%"
    assert find(table, "甲 302.34") is None


def shown(text, *checks):
    if not text:
        return Checked((), ("dropped",))
    known = dict(checks)
    marks = [FigureCheck(a.text, 1, known.get(a.text, Check.VERIFIED), None) for a in amounts(text)]
    return Checked((CheckedSentence(text, (Place(1, Span(0, 4)),), tuple(marks)),), ())


def planted(error, truth, was, words):
    start = truth.index(was)
    text = truth.replace(was, words, 1)
    return Injection(error, text, start, start + len(words), was)


WRONG = planted(Error.DIGIT, REVENUE, "41.2亿元", "47.2亿元")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("", Outcome.DROPPED),
        (WRONG.text, Outcome.MISSED),
        ("净利润47.2亿元，同比下降5%。", Outcome.MISSED),
        (REVENUE, Outcome.REPAIRED),
        ("2024年三季度，云海科技收入299.93亿元，同比增长17%。", Outcome.CUT),
        ("云海科技收入299.93亿元，同比增长17%，同比下降5%。", Outcome.ORPHANED),
        (REVENUE.replace("41.2亿元", "12.4亿元"), Outcome.MISSED),
    ],
)
def test_outcomes_of_a_planted_error(text, outcome):
    assert judge(REVENUE, WRONG, shown(text)) is outcome


def test_a_figure_marked_as_not_found_is_no_miss():
    doubted = shown(WRONG.text, ("47.2亿元", Check.NOT_FOUND))
    assert judge(REVENUE, WRONG, doubted) is Outcome.MARKED


def test_a_planted_figure_inside_the_right_one_does_not_count():
    truth = "甲增长18%，乙增长5%。"
    error = planted(Error.NEIGHBOUR, truth, "18%", "8%")
    assert not holds(error, truth)
    assert holds(error, "甲增长8%。")
    scale = planted(Error.UNIT, "出货4310万台。", "4310万台", "4310台")
    assert not holds(scale, "出货4310万台。")
    assert holds(scale, "出货4310台。")
    year = planted(Error.PERIOD, "in 2024 it was $8 billion.", "2024", "2023")
    assert holds(year, "in 2023 it was $8 billion.")


def test_planted_words_and_orders_are_followed_through_cuts():
    sign = planted(Error.SIGN, REVENUE, "增长", "下降")
    assert judge(REVENUE, sign, shown("云海科技收入299.93亿元，同比下降17%。")) is Outcome.MISSED
    assert judge(REVENUE, sign, shown("云海科技收入299.93亿元。")) is Outcome.CUT
    assert judge(REVENUE, sign, shown(REVENUE)) is Outcome.REPAIRED
    order = planted(Error.ORDER, PAIRED, "170万台、81万台", "81万台、170万台")
    assert judge(PAIRED, order, shown(order.text)) is Outcome.MISSED
    assert judge(PAIRED, order, shown(PAIRED)) is Outcome.REPAIRED


def test_orphans_are_clauses_whose_head_is_gone():
    assert orphans("收入299.93亿元，环比增长9%。", "收入299.93亿元，同比下降3%，环比增长9%。") == []
    assert orphans("环比增长9%。", "收入299.93亿元，同比下降3%，环比增长9%。") == ["环比增长9%"]
    assert orphans("收入转正，同比增长1%。", "收入转正，达到9.9亿元，同比增长1%。") == []
    assert orphans("up 33.9% from last year.", "Revenue was $2 billion, up 33.9% from last year.")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (REVENUE, Outcome.STANDS),
        ("三季度，云海科技收入299.93亿元，同比增长17%；净利润41.2亿元，同比下降5%。", Outcome.TRIMMED),
        ("云海科技收入299.93亿元，同比增长17%。", Outcome.ALTERED),
        ("", Outcome.DROPPED),
    ],
)  # fmt: skip
def test_outcomes_of_an_untouched_sentence(text, outcome):
    assert judge(REVENUE, None, shown(text)) is outcome
    unchecked = Checked((CheckedSentence(REVENUE, (), ()),), ())
    assert judge(REVENUE, None, unchecked) is Outcome.UNVERIFIED


def liar(query, draft):
    del query
    return shown(draft.text)


def coward(query, draft):
    del query, draft
    return Checked((), ("too risky",))


def overall(test):
    return {r.metric: r.share.mean for r in rates(test) if r.group == "all"}


def test_a_lying_and_a_paranoid_verifier_are_told_apart():
    assert overall(examine([ASKED, PAIR], DOCUMENTS, liar)) == {"caught": 0, "false_alarm": 0}
    assert overall(examine([ASKED, PAIR], DOCUMENTS, coward)) == {"caught": 1, "false_alarm": 1}


def test_the_verifier_catches_every_wrong_digit_and_believes_the_report():
    test = examine([ASKED, PAIR], DOCUMENTS)
    by_group = {(r.metric, r.group): r for r in rates(test)}
    for outcome in by_group["caught", "digit"].outcomes:
        assert outcome != Outcome.MISSED
    assert by_group["false_alarm", "sentence"].share.mean == 0
    assert by_group["caught", "all"].share.n >= 30


def test_trials_depend_on_the_seed_and_not_on_other_cases():
    both, alone = examine([ASKED, PAIR], DOCUMENTS), examine([PAIR], DOCUMENTS)
    assert [t for t in both.trials if t.case == "c2"] == list(alone.trials)
    assert examine([ASKED], DOCUMENTS, seed=1) != examine([ASKED], DOCUMENTS)


def test_the_worklist_shows_the_error_and_what_was_said():
    test = examine([ASKED], DOCUMENTS, liar)
    told = worklist(test, "small")
    first = failures(test)[0]
    assert f"【{first.injection.planted}】" in told
    assert f"(was {first.injection.was})" in told
    assert json.loads(json.dumps(rows(failures(test))))[0]["text"] == first.injection.text


def test_a_set_without_documents_is_refused(tmp_path):
    cases = CaseSet("s", "1", "x", None, (ASKED,), "hash", tmp_path)
    with pytest.raises(UsageError, match="--corpus"):
        run(cases, lambda path: document())


def test_command_prints_rates_and_writes_the_worklist(tmp_path):
    from rag.cli.evaluation.figures import figures

    (tmp_path / "a.txt").write_text(TEXT + "\n", encoding="utf-8")
    row = {"id": "x", "question": ASKED.question, "lang": "zh", "kind": "fact", "answerable": True}
    row |= {"answers": [["299.93亿"]], "evidence": [{"source": "a.txt", "quote": REVENUE}]}
    (tmp_path / "s.jsonl").write_text(json.dumps(row), encoding="utf-8")
    out = tmp_path / "list.md"
    command = [str(tmp_path / "s.jsonl"), "--corpus", str(tmp_path), "--out", str(out), "--json"]
    done = CliRunner().invoke(figures, command, catch_exceptions=False)
    assert done.exit_code == 0
    (result,) = json.loads(done.stdout)
    assert result["rates"][0]["metric"] == "caught"
    assert result["rates"][0]["n"] > 10
    assert out.read_text("utf-8").startswith("# s unversioned, seed 0")
    table = CliRunner().invoke(figures, command[:3], catch_exceptions=False)
    assert "caught" in table.stdout
