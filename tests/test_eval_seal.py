"""A sealed version may not change; ids are permanent."""

import json

import pytest
from click.testing import CliRunner

from eval import seal
from eval.cases import CaseError, find_set
from rag.cli.evaluation.lint import lint
from rag.errors import UsageError

CASE = {
    "id": "c1",
    "question": "东湖银行收入是多少？",
    "lang": "zh",
    "kind": "fact",
    "answerable": True,
    "answers": [["12亿"]],
    "forbidden": [],
    "evidence": [{"source": "a.txt", "quote": "东湖银行收入12亿元", "page": None}],
    "history": [],
}


class Set:
    """A set on disk that a test changes."""

    def __init__(self, root):
        self.folder, self.corpus = root / "own", root / "docs"
        self.folder.mkdir()
        self.corpus.mkdir()
        (self.corpus / "a.txt").write_text("东湖银行收入12亿元，同比增长3%。\n", encoding="utf-8")
        self.write(CASE)
        self.version("1")

    def write(self, *rows):
        body = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (self.folder / "cases.jsonl").write_text(body, encoding="utf-8")

    def version(self, number, explained=True):
        change = [{"version": number, "date": "2025-01-01", "what": "x"}] if explained else []
        header = {"name": "own", "version": number, "licence": "x", "corpus": "../docs"}
        text = json.dumps(header | {"changes": change})
        (self.folder / "set.json").write_text(text, encoding="utf-8")

    def faults(self, **options):
        return [f.en for f in seal.check(find_set(str(self.folder)), **options)]

    def lint(self, *options):
        done = CliRunner().invoke(lint, [str(self.folder), *options], env={"RAG_LANG": "en"})
        return done.exit_code, done.output or str(done.exception)


@pytest.fixture
def own(tmp_path):
    return Set(tmp_path)


def test_what_was_never_sealed_may_change(own):
    assert own.faults() == []
    own.write(CASE | {"question": "另一个问题是什么？"})
    assert own.faults() == []


def test_a_sealed_version_may_not_change(own):
    assert own.lint("--seal")[0] == 0
    assert own.lint() == (0, "own: 1 cases, 0 faults\n")
    (own.corpus / "b.txt").write_text("新的文档。\n", encoding="utf-8")
    own.write(CASE | {"answers": [["12亿", "12.0亿"]]})
    faults = own.faults()
    assert [fault.split()[0] for fault in faults] == ["cases.jsonl", "b.txt"]
    assert "raise version in set.json" in faults[0]
    with pytest.raises(UsageError, match="differs from version 1"):
        seal.seal(find_set(str(own.folder)))


def test_a_new_version_is_explained_and_sealed(own):
    own.lint("--seal")
    own.write(CASE | {"answers": [["12亿", "12亿元"]]})
    own.version("2", explained=False)
    assert "no entry for version 2" in own.faults()[0]
    own.version("2")
    assert own.faults() == ["version 2 is not sealed; type: rag eval lint own --seal"]
    code, output = own.lint("--seal")
    assert (code, "version 2 sealed" in output) == (0, True)
    assert own.faults() == []
    assert set(seal.read(own.folder / "seal.json").versions) == {"1", "2"}


def test_an_id_is_never_used_for_another_question_even_when_retired(own):
    own.write(CASE, CASE | {"id": "c2"})
    own.lint("--seal")
    own.write(CASE)
    own.version("2")
    assert own.lint("--seal")[0] == 0
    own.version("3")
    own.write(CASE, CASE | {"id": "c2", "question": "西山证券收入是多少？"})
    code, output = own.lint("--seal")
    assert code == 1
    assert "own c2: this id was sealed with another question" in output
    with pytest.raises(UsageError, match="ids are permanent"):
        seal.seal(find_set(str(own.folder)))
    own.write(CASE, CASE | {"id": "c3", "question": "西山证券收入是多少？"})
    assert own.lint("--seal")[0] == 0


def test_a_faulty_set_is_not_sealed(own):
    own.write(CASE | {"answers": [["13亿"]]})
    assert own.lint("--seal")[0] == 1
    assert not (own.folder / "seal.json").exists()


def test_a_file_of_cases_has_no_version_to_seal(own):
    cases = find_set(str(own.folder / "cases.jsonl"), own.corpus)
    assert list(seal.check(cases)) == []
    (own.folder / "set.json").unlink()
    with pytest.raises(UsageError, match="no version to seal"):
        seal.seal(cases)


def test_a_damaged_seal_is_named(own):
    (own.folder / "seal.json").write_text('{"versions": 3}', encoding="utf-8")
    with pytest.raises(CaseError, match=r"seal.json is damaged"):
        own.faults()
