"""A set drafted from a folder: true quotes, proposed questions, and a lint that says what is open."""

import json

import pytest
from click.testing import CliRunner

from eval.cases import find_set
from eval.drafts import drafts, near_miss
from eval.lint import lint
from eval.scaffold import scaffold
from rag.cli.evaluation.new import new
from rag.errors import UsageError
from rag.schema import Block, BlockKind, Document


def document(*paragraphs):
    text, blocks = "", []
    for paragraph in paragraphs:
        blocks.append(Block(BlockKind.PARAGRAPH, len(text), len(text) + len(paragraph)))
        text += paragraph + "\n"
    return Document("d", "a.txt", "text", text, "t", tuple(blocks))


def drafted(sentence):
    """Return question, first answer and quote of the only draft of a sentence."""
    (row,) = drafts(document(sentence))
    return row["question"], row["answers"][0][0], row["evidence"][0]["quote"]


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("东湖银行2023年实现营业收入约12亿元，同比增长3%。", "东湖银行2023年营业收入是多少？", "12亿元"),
        ("2024年汽车出口同比增长19.3%。", "2024年汽车出口同比增长了多少？", "19.3%"),
        ("Revenue of Donghu in 2023 was $38 billion.", "What was Revenue of Donghu in 2023?", "$38 billion"),
        ("去年12亿元。", "", "12亿元"),
    ],
)  # fmt: skip
def test_a_question_is_made_of_the_words_before_the_figure(sentence, question, answer):
    assert drafted(sentence) == (f"TODO {question}".strip(), answer, sentence)


@pytest.mark.parametrize(
    "sentence", ["甲、乙收入分别为1亿元、2亿元。", "今天天气很好。", "共有三个方向。"]
)
def test_nothing_is_drafted_where_a_person_must_think(sentence):
    assert drafts(document(sentence)) == []


def test_the_quote_ends_where_the_next_statement_begins():
    sentence = "东湖银行2023年收入12亿元；西山证券2023年收入9亿元。"
    assert drafted(sentence)[2] == "东湖银行2023年收入12亿元；"


def test_the_best_figures_are_taken_in_the_order_of_the_text():
    texts = [f"东湖银行{year}年收入{year - 2000}亿元。" for year in (2019, 2020, 2021, 2022)]
    rows = drafts(document("占比约5%。", *texts))
    assert [row["answers"][0][0] for row in rows] == ["19亿元", "20亿元", "21亿元"]


def test_the_near_miss_asks_for_a_year_that_no_document_mentions():
    rows = drafts(document("东湖银行2023年收入12亿元。"))
    assert near_miss(rows, ["2023年和2022年"])["question"] == "TODO 东湖银行2024年收入是多少？"
    assert near_miss([], [])["question"].startswith("TODO a question close")


REPORT = "东湖银行2023年收入12亿元，同比增长3%。\n\n西山证券2023年利润2.5亿元。\n"


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / "my reports"
    folder.mkdir()
    (folder / "a.txt").write_text(REPORT, encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    return folder


def test_new_makes_a_set_whose_lint_asks_for_completion_and_then_passes(tmp_path, reports):
    from rag.load import load

    out = tmp_path / "sets" / "mine"
    done = CliRunner().invoke(new, [str(reports), "--name", "mine", "--out", str(out)])
    assert done.exit_code == 0
    assert "3 drafts from 1 documents" in done.output
    assert "not read: empty.txt" in done.output
    found = find_set(str(out))
    assert (found.name, found.corpus) == ("mine", reports)
    assert [f.en for f in lint(found, load)] == [
        "draft: check it against the document, complete question, delete TODO"
    ] * 3
    path = out / "cases.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("TODO ", ""), encoding="utf-8")
    assert lint(find_set(str(out)), load) == []


def test_an_open_answer_is_named_by_the_lint(tmp_path, reports):
    from rag.load import load

    made = scaffold(reports, "mine", tmp_path / "mine", load)
    path = made.folder / "cases.jsonl"
    row = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    row["answers"], row["evidence"][0]["quote"] = [["TODO"]], "TODO"
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    (finding,) = lint(find_set(str(made.folder)), load)
    assert "complete question, answers, evidence" in finding.en


def test_instructions_are_in_the_language_of_the_user(tmp_path, reports, monkeypatch):
    from rag.load import load

    monkeypatch.setenv("RAG_LANG", "zh")
    made = scaffold(reports, "mine", tmp_path / "mine", load)
    text = (made.folder / "README.md").read_text(encoding="utf-8")
    assert "有标准答案的问题" in text
    assert len(text.splitlines()) == 10


def test_nothing_is_overwritten_and_bad_names_are_refused(tmp_path, reports):
    from rag.load import load

    with pytest.raises(UsageError, match="give another --out"):
        scaffold(reports, "mine", reports, load)
    with pytest.raises(UsageError, match="cannot name a case set"):
        scaffold(reports, "../mine", tmp_path / "mine", load)
    (tmp_path / "none").mkdir()
    with pytest.raises(UsageError, match="no report that can be read"):
        scaffold(tmp_path / "none", "mine", tmp_path / "mine", load)
