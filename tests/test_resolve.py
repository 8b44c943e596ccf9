"""A question's names are joined by the names that an index states for them."""

from __future__ import annotations

import pytest

from rag import aliases
from rag.index import Index
from rag.question import understand, words_of
from rag.resolve import from_hits, from_texts, inherit, resolve, unknown_names
from rag.retrieve import retrieve


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    monkeypatch.setenv(aliases.CONFIG_VARIABLE, str(tmp_path / "none"))


@pytest.fixture
def index(tmp_path, embedder):
    (tmp_path / "banks.md").write_text(
        "# 四家机构对照\n\n云岫银行（Yunxiu Bank）网点多，投资者习惯叫它“云行”；"
        "泊江银行（Bojiang Bank）的业务集中在沿江七市，俗称“小泊”。\n\n"
        "## 盈利\n\n上半年泊江银行归母净利润52.48亿元，云岫银行归母净利润80.1亿元。\n",
        encoding="utf-8",
    )
    opened = Index.create(tmp_path / "indexes" / "t", embedder)
    opened.add([tmp_path / "banks.md"])
    yield opened
    opened.close()


def names(query):
    return {a.asked: set(a.forms) for a in query.names}


@pytest.mark.parametrize(
    ("question", "asked", "others"),
    [
        ("小泊上半年赚了多少？", "小泊", {"泊江银行", "Bojiang Bank"}),
        ("What was Bojiang Bank's profit?", "Bojiang Bank", {"泊江银行", "小泊"}),
        ("What was Bojiang's profit?", "Bojiang", {"泊江银行", "Bojiang Bank", "小泊"}),
        ("云行净利润", "云行", {"云岫银行", "Yunxiu Bank"}),
    ],
)
def test_names_are_read_from_the_index(index, question, asked, others):
    assert others <= names(resolve(understand(question), index))[asked]


def test_another_company_with_the_same_first_word_stays_another(index):
    assert names(resolve(understand("What did Bojiang Securities earn?"), index)) == {}


def test_the_list_in_the_index_folder_counts(index):
    (index.folder / "aliases.txt").write_text("泊江银行 | 江边那家行\n", encoding="utf-8")
    assert "泊江银行" in names(resolve(understand("江边那家行净利润"), index))["江边那家行"]


def test_the_question_itself_states_names():
    query = from_texts(understand("岚峰微装（Lanfeng）的收入"), [])
    assert names(query) == {"岚峰微装": {"Lanfeng"}, "Lanfeng": {"岚峰微装"}}


def test_given_hits_state_names(index, embedder):
    query = understand("小泊上半年赚了多少？")
    hits = retrieve(query, index, embedder)
    assert "泊江银行" in names(from_hits(query, hits))["小泊"]


def test_the_sentence_of_the_nicknamed_company_holds_the_nickname(index):
    query = resolve(understand("小泊上半年净利润是多少？"), index)
    held = words_of(query, "上半年泊江银行归母净利润52.48亿元")
    assert "小泊" in held
    assert "小泊" not in words_of(query, "上半年云岫银行归母净利润80.1亿元")


def test_unknown_names():
    assert "砚厂" in unknown_names(understand("砚厂三季度收入"))
    assert unknown_names(understand("What was Foo Bank's revenue?")) == ["Foo Bank"]
    assert unknown_names(understand("腾讯的收入")) == []


def test_a_part_of_a_question_knows_the_names_it_mentions(index):
    whole = resolve(understand("小泊和云行谁的净利润高？"), index)
    part = inherit(understand("小泊的净利润是多少？"), whole)
    assert set(names(part)) == {"小泊"}
    assert "泊江银行" in names(part)["小泊"]
