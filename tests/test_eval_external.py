"""Adapters: public formats in tiny hand-made sets; the real ones where they lie beside the project."""

import json
from pathlib import Path

import pytest

from eval.cases import CaseError, Evidence, find_set
from eval.external.beir import read_corpus
from eval.external.forms import forms_of
from eval.external.keyfacts import required
from eval.given import hits_of
from rag.errors import UsageError
from rag.schema import BlockKind

SHARED = Path(__file__).resolve().parents[2] / "shared"


def lines(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def judgements(path, *rows):
    path.write_text("\n".join(["query-id\tcorpus-id\tscore", *rows]) + "\n", encoding="utf-8")


@pytest.fixture
def pool(tmp_path):
    folder = tmp_path / "pool"
    lines(
        folder / "queries.jsonl",
        {
            "_id": "q1",
            "text": "东湖银行收入多少？",
            "answers": [["12亿", "12.0亿"]],
            "type": "fact",
        },
        {"_id": "q2", "text": "Who leads it?", "answers": ["Li Wei"], "answers_zh": ["李伟"]},
        {"_id": "q3", "text": "没有判定的问题", "answers": []},
    )
    lines(
        folder / "corpus.jsonl",
        {"_id": "p1", "title": "", "text": "东湖银行收入12亿元。\n同比增长3%。"},
        {"_id": "p2", "title": "People", "text": "Li Wei leads Donghu Bank."},
        {"_id": "p3", "title": "", "text": "| 项目 | 金额 |\n| 收入 | 12 |"},
        {"_id": "p4", "title": "", "text": " "},
    )
    judgements(folder / "qrels.tsv", "q1\tp1\t1", "q1\tp3\t2", "q1\tp2\t0", "q2\tp2\t1")
    return folder


def test_a_pool_gives_judged_queries_and_its_grades_count(pool):
    found = find_set(str(pool))
    assert (found.name, found.corpus, found.version) == ("pool", pool, "external")
    first, second = found.cases
    assert (first.id, first.relevant, first.lang, first.kind) == ("q1", ("p1", "p3"), "zh", "fact")
    assert (second.relevant, second.lang) == (("p2",), "en")
    assert second.answers == (("Li Wei", "李伟"),)
    assert "12亿" in first.answers[0]


def test_a_passage_has_its_own_title_or_none_and_never_its_id(pool):
    one, two, table = read_corpus(pool)
    assert [d.source for d in (one, two, table)] == ["p1", "p2", "p3"]
    assert (one.title, two.title) == ("", "People")
    assert [one.text[b.start : b.end] for b in one.blocks] == [
        "东湖银行收入12亿元。",
        "同比增长3%。",
    ]
    assert [b.kind for b in table.blocks] == [BlockKind.TABLE]
    assert len({d.doc_id for d in (one, two, table)}) == 3


def test_a_line_separator_inside_a_text_ends_no_row(pool):
    lines(pool / "corpus.jsonl", {"_id": "p", "title": "", "text": "一。\u2028二。\x0b三。"})
    (only,) = read_corpus(pool)
    assert len(only.blocks) == 1


def test_the_hash_of_a_set_covers_questions_and_judgements(pool):
    before = find_set(str(pool)).sha256
    judgements(pool / "qrels.tsv", "q1\tp1\t1", "q2\tp2\t1")
    assert find_set(str(pool)).sha256 != before


def test_malformed_pools_are_named(pool):
    with pytest.raises(UsageError, match="no variant html"):
        find_set(f"{pool}:html")
    (pool / "qrels.tsv").write_text("a\tb\tc\nq1 p1 1\n", encoding="utf-8")
    with pytest.raises(CaseError, match=r"qrels.tsv line 2"):
        find_set(str(pool))
    judgements(pool / "qrels.tsv", "q1\tp1\t1")
    lines(pool / "queries.jsonl", {"_id": "q1"})
    with pytest.raises(CaseError, match=r"queries.jsonl, q1: not as its format says"):
        find_set(str(pool))


REPORT = "东湖银行2023年收入为12亿元。\n该行于2023年5月收购了西山证券有限公司。"


@pytest.fixture
def ball(tmp_path):
    """Questions over one report in two shapes; the second is wrapped inside the gold sentence."""
    folder = tmp_path / "ball"
    (folder / "plain").mkdir(parents=True)
    (folder / "wrapped").mkdir()
    (folder / "plain" / "a.txt").write_text(REPORT, encoding="utf-8")
    (folder / "wrapped" / "x.txt").write_text(REPORT.replace("12亿", "1\n2亿"), encoding="utf-8")
    files = {"d1": {"plain": "a.txt", "wrapped": "x.txt"}}
    (folder / "files.json").write_text(json.dumps(files), encoding="utf-8")

    def question(name, text, answer, quotes, **more):
        gold = {"answers": [answer], "keypoints": [f"1. {answer}"], "evidence": quotes}
        return {"_id": name, "text": text, "type": "事实", "answerable": True} | gold | more

    income = question(
        "q1", "东湖银行2023年收入是多少？", "12亿元。", ["东湖银行2023年收入为12亿元。"]
    )
    absent = question("q3", "东湖银行利润是多少？", "9亿元。", ["东湖银行利润为9亿元。"])
    none = question("q4", "东湖银行利息是多少？", "无法回答", [], answerable=False)
    rows = (
        income,
        question("q2", "谁？", "某某。", [REPORT[:17]], label_suspect=True),
        absent,
        none,
    )
    lines(folder / "queries.jsonl", *rows)
    lines(tmp_path / "reading" / "few_dev.jsonl", income, none)
    judgements(folder / "qrels.tsv", *(f"q{n}\td1\t1" for n in range(1, 5)))
    return folder


@pytest.mark.parametrize(
    ("name", "source"), [("", "a.txt"), (":plain", "a.txt"), (":wrapped", "x.txt")]
)
def test_gold_sentences_point_into_the_shape_asked_for(ball, name, source):
    found = find_set(f"{ball}{name}")
    assert [case.id for case in found.cases] == ["q1", "q4"], "unjudgeable questions are left out"
    first, last = found.cases
    assert first.evidence == (Evidence(source, "东湖银行2023年收入为12亿元。"),)
    assert first.answers[0][0] == "12亿元"
    assert first.reference == "12亿元。"
    assert (last.answerable, last.answers, last.evidence) == (False, (), ())
    assert found.corpus == ball / (name.strip(":") or "plain")


def test_questions_alone_need_the_folder_of_a_shape(ball):
    path = str(ball.parent / "reading" / "few_dev.jsonl")
    found = find_set(path, ball / "wrapped")
    assert (found.name, found.corpus) == ("few_dev-wrapped", ball / "wrapped")
    assert found.cases[0].evidence[0].source == "x.txt"
    assert find_set(path, ball).corpus == ball / "plain"
    with pytest.raises(UsageError, match="add --corpus FOLDER/SHAPE"):
        find_set(path)
    with pytest.raises(UsageError, match="no shape odd; expected one of plain, wrapped"):
        find_set(f"{ball}:odd")


QUOTE = "公司于2021年5月收购了西山证券有限公司60%的股权，作价1.2亿元，并推出“远山”平台。"


@pytest.mark.parametrize(
    ("question", "answer", "points", "expected"),
    [
        # A figure of answer and key point; what the question states is no news.
        ("以多少钱收购60%？", "以1.2亿元收购60%。", ["1. 以1.2亿元收购60%。"], ["1.2亿元"]),
        # A figure that the answer does not state is not asked for.
        ("作价多少？", "1.2亿元。", ["1. 2021年作价1.2亿元。", "2. 占60%。"], ["1.2亿元"]),
        # Dates only where a time is asked for.
        ("何时收购？", "2021年5月。", ["1. 2021年5月收购60%。"], ["2021年5月"]),
        ("2021年几月收购？何时？", "2021年5月。", ["1. 2021年5月。"], ["2021年5月", "5月"]),
        ("如何扩张？", "2021年5月推出“远山”平台。", ["1. 2021年5月推出“远山”平台。"], ["远山"]),
        # A short phrase of the quote; a company also without its legal form.
        ("收购了哪家公司？", "西山证券有限公司。", ["1. 收购了它。"], ["西山证券有限公司", "西山证券"]),
        # Prose that no quote holds word for word requires nothing.
        ("为什么？", "为了扩大业务。", ["1. 扩大业务。"], []),
    ],
)  # fmt: skip
def test_what_a_gold_answer_in_prose_requires(question, answer, points, expected):
    facts = required(question, answer, points, [QUOTE])
    assert len(facts) == bool(expected)
    assert set(expected) <= {form for forms in facts for form in forms}


def test_each_figure_is_required_once():
    facts = required(
        "各多少？", "债务减少5亿元，分红5亿元。", ["1. 减少5亿元。", "2. 分红5亿元。"], []
    )
    assert [forms[0] for forms in facts] == ["5亿元"]


@pytest.mark.parametrize(
    ("text", "same", "other"),
    [
        ("300,000元", {"30万元", "300000元", "30万人民币"}, {"3万元", "30万"}),
        ("1.8亿元人民币", {"1.8亿元", "180000000元"}, {"18000万元"}),
        ("15,000,000,000港元", {"150亿港元"}, {"150亿元"}),
        ("63.50", {"63.5"}, {"64"}),
        ("-41.44%", {"下降41.44%"}, {"41.44%"}),
        ("10.48‰", {"10.48‰"}, {"1.048‰", "1.048%"}),
        ("14001", {"14001"}, {"1.4001万"}),
        ("5-10", {"5-10"}, {"5"}),
        ("2019年8月", {"2019年8月"}, {"8月"}),
        ("北京", {"北京"}, set()),
    ],
)
def test_forms_say_the_same_and_nothing_else(text, same, other):
    forms = forms_of(text)
    assert forms[0] == text
    assert same <= set(forms)
    assert not other & set(forms)


def read(tmp_path, *rows):
    return find_set(str(lines(tmp_path / "set_dev.jsonl", *rows)))


def test_noise_levels_become_kinds_and_all_noise_must_be_refused(tmp_path):
    row = {"_id": "r1", "text": "总数？", "docs": ["甲44人", "乙"], "answers": ["44", ["甲", "A"]]}
    some = row | {"noise": 0.4, "answerable": True}
    found = read(tmp_path, some, row | {"_id": "r2", "noise": 1.0, "answerable": False})
    one, two = found.cases
    assert found.corpus is None
    assert (one.kind, one.given, one.answers) == (
        "noise_0.4",
        ("甲44人", "乙"),
        (("44",), ("甲", "A")),
    )
    assert (two.kind, two.answerable, two.answers) == ("noise_1.0", False, ())


def test_a_counterfactual_asks_for_what_is_true(tmp_path):
    row = {"_id": "f", "text": "在哪？", "docs": ["在大阪。"], "answers": ["东京"], "fake": "大阪"}
    (case,) = read(tmp_path, row).cases
    assert (case.kind, case.answers, case.forbidden) == ("counterfactual", (("东京",),), ())


def test_a_table_is_given_as_one_passage(tmp_path):
    row = {"_id": "t", "text": "收入？", "type": "vertical", "table": "| 收入 |\n| 910,000.00 |"}
    (case,) = read(tmp_path, row | {"answers": ["910,000.00 "]}).cases
    assert case.answers[0][:2] == ("910,000.00", "910000")
    assert hits_of(case.given)[0].chunk.kind is BlockKind.TABLE


def test_a_passage_has_alternatives_and_a_gold_sentence_in_it(tmp_path):
    row = {
        "_id": "p",
        "text": "谁？",
        "type": "span",
        "context": "赵世光牧师建立。",
        "answerable": True,
    }
    row |= {"answers": ["赵世光", "赵世光牧师"], "evidence": ["赵世光牧师建立。"] * 3}
    (case,) = read(tmp_path, row).cases
    assert case.answers == (("赵世光", "赵世光牧师"),)
    assert case.evidence == (Evidence("passage-1", "赵世光牧师建立。"),)
    assert hits_of(case.given)[0].document.source == case.evidence[0].source


def test_question_and_passage_in_one_text_are_parted(tmp_path):
    text = "某公司融资事件对应的投资方是什么？原标题：某公司获投 投资方是谁？"
    stated = {"_id": "j1", "input": text, "answer": "甲基金,乙资本"}
    absent = {"_id": "j2", "input": text, "answer": "无相应参数"}
    one, two = read(tmp_path, stated, absent).cases
    assert one.question == "某公司融资事件对应的投资方是什么？"
    assert one.given == ("原标题：某公司获投 投资方是谁？",)
    assert one.answers == (("甲基金",), ("乙资本",))
    assert (two.answerable, two.answers) == (False, ())
    shares = read(tmp_path, {"_id": "j", "input": text, "answer": "143,699,358"}).cases[0]
    assert shares.answers == (("143,699,358", "143699358"),)


def test_reading_sets_take_neither_corpus_nor_variant(tmp_path):
    row = {"_id": "f", "text": "在哪？", "docs": ["在大阪。"], "answers": ["东京"], "fake": "大阪"}
    path = lines(tmp_path / "x.jsonl", row)
    with pytest.raises(UsageError, match="brings its passages"):
        find_set(str(path), tmp_path)
    lines(path, row, {"_id": "g"})
    with pytest.raises(CaseError, match=r"x.jsonl, g: not as its format says"):
        find_set(str(path))


def test_our_own_sets_are_no_external_ones():
    assert find_set("core").name == "core"
    with pytest.raises(UsageError, match="no case set"):
        find_set("nowhere:plain")


@pytest.mark.skipif(not SHARED.exists(), reason="the external sets are not beside the project")
@pytest.mark.parametrize(
    ("name", "count", "unanswerable"),
    [
        ("dragonball_fin_zh", 845, 69),  # of 883: 36 without findable gold, 2 of doubtful label
        ("dragonball_fin_zh:pdf_text", 845, 69),
        ("rgb_zh_pool", 191, 0),
        ("fin_eva_ctx", 552, 0),
        ("xquad_zhq_endoc", 554, 0),
        ("xquad_enq_zhdoc", 554, 0),
        ("reading/rgb_noise_dev.jsonl", 240, 60),
        ("reading/rgb_counterfactual_dev.jsonl", 30, 0),
        ("reading/im_tqa_dev.jsonl", 60, 0),
        ("reading/expmrc_dev.jsonl", 50, 0),
        ("reading/fincuge_finqa_dev.jsonl", 50, 23),
    ],
)
def test_real_sets_are_read_whole(name, count, unanswerable):
    cases = find_set(str(SHARED / "bench" / name)).cases
    assert len(cases) == len({case.id for case in cases}) == count
    assert sum(not case.answerable for case in cases) == unanswerable
    for case in cases:
        assert case.relevant or case.given or case.evidence or not case.answerable
        assert case.answerable or not case.answers


@pytest.mark.skipif(not SHARED.exists(), reason="the external sets are not beside the project")
def test_real_answers_over_documents_name_files_of_their_shape():
    corpus = SHARED / "bench" / "dragonball_fin_zh" / "pdf_text"
    found = find_set(str(SHARED / "bench" / "reading" / "dragonball_zh_dev.jsonl"), corpus)
    assert len(found.cases) == 134
    names = {path.name for path in corpus.iterdir()}
    assert {item.source for case in found.cases for item in case.evidence} <= names
    judged = sum(bool(case.answers) for case in found.cases if case.answerable)
    assert judged > 70, "of 94 answerable; the others are compared with the reference"
