"""Two rankings become one by reciprocal rank; near-duplicates, filters and gaps are honoured."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from rag.index import Index
from rag.question import understand
from rag.retrieve import (
    DEPTH,
    RRF_K,
    lexical_terms,
    reciprocal_rank_fusion,
    retrieve,
    same_text,
)
from rag.schema import Chunk, DocumentFacts, Filters


class Entry(NamedTuple):
    id: int
    score: float


class Shelf:
    """An index whose two rankings are given."""

    def __init__(self, texts, dense=(), lexical=(), allowed=None):
        self.texts = texts
        self.rankings = {"dense": dense, "lexical": lexical}
        self.allowed = allowed
        self.asked = []

    def _ranked(self, name, k, doc_ids):
        self.asked.append((name, k, doc_ids))
        return [Entry(row, 1 - place / 100) for place, row in enumerate(self.rankings[name][:k])]

    def dense(self, vector, k, doc_ids=None):
        return self._ranked("dense", k, doc_ids)

    def lexical(self, terms, k, doc_ids=None):
        return self._ranked("lexical", k, doc_ids)

    def chunks(self, ids):
        return {
            i: Chunk(f"d{i}", 0, len(self.texts[i]), self.texts[i], ())
            for i in ids
            if i in self.texts
        }

    def documents(self):
        return [
            DocumentFacts(f"d{i}", f"{i}.txt", "", None, None, "text", 0, 1) for i in self.texts
        ]

    def select(self, filters):
        return self.allowed


class Encoder:
    def encode_query(self, text):
        return np.ones(4, dtype=np.float32)


TEXTS = {
    1: "云海科技三季度收入增长。",
    2: "白鹭银行净息差收窄。",
    3: "青松能源装机容量提升。",
    4: "蓝鲸游戏海外流水创新高。",
}


def rows(hits):
    return [int(h.chunk.doc_id[1:]) for h in hits]


def test_fusion_by_hand():
    """1: 1/61 + 1/63, 2: 1/62 + 1/61, 3: 1/63, 4: 1/62."""
    fused = reciprocal_rank_fusion([[1, 2, 3], [2, 4, 1]])
    assert list(fused) == [2, 1, 4, 3]
    assert fused[1] == pytest.approx(1 / 61 + 1 / 63)
    assert fused[2] == pytest.approx(1 / 62 + 1 / 61)
    assert (fused[3], fused[4]) == (pytest.approx(1 / 63), pytest.approx(1 / 62))
    assert RRF_K == 60


def test_fusion_keeps_the_order_of_first_appearance_in_a_tie():
    assert list(reciprocal_rank_fusion([[7, 8], [8, 7]])) == [7, 8]
    assert list(reciprocal_rank_fusion([[5], [9]])) == [5, 9]
    assert reciprocal_rank_fusion([]) == {}


def test_one_ranking_keeps_its_order():
    assert list(reciprocal_rank_fusion([[3, 1, 2]])) == [3, 1, 2]


def test_hits_are_ranked_from_one_with_descending_scores():
    shelf = Shelf(TEXTS, dense=[1, 2, 3], lexical=[2, 4, 1])
    hits = retrieve(understand("收入？"), shelf, Encoder())
    assert rows(hits) == [2, 1, 4, 3]
    assert [h.rank for h in hits] == [1, 2, 3, 4]
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(h.document.doc_id == h.chunk.doc_id for h in hits)


def test_similarity_is_known_only_from_the_dense_search():
    hits = retrieve(understand("收入？"), Shelf(TEXTS, dense=[1], lexical=[1, 4]), Encoder())
    assert [(r, h.similarity) for r, h in zip(rows(hits), hits, strict=True)] == [
        (1, 1.0),
        (4, None),
    ]


def test_k_bounds_the_hits_and_the_depth_bounds_each_ranking():
    shelf = Shelf(TEXTS, dense=[1, 2, 3, 4], lexical=[4, 3, 2, 1])
    assert len(retrieve(understand("收入？"), shelf, Encoder(), k=2)) == 2
    assert {k for _, k, _ in shelf.asked} == {DEPTH}


def test_near_identical_chunks_are_shown_once():
    twice = TEXTS | {5: "云海科技 三季度收入增长。", 6: "云海科技三季度收入下降。"}
    hits = retrieve(understand("收入？"), Shelf(twice, dense=[1, 5, 6]), Encoder())
    assert rows(hits) == [1, 6]
    assert [h.rank for h in hits] == [1, 2]


def test_filters_reach_both_searches_and_none_left_means_no_hits():
    shelf = Shelf(TEXTS, dense=[1], lexical=[1], allowed={"d1"})
    assert rows(retrieve(understand("收入？"), shelf, Encoder(), filters=Filters(source="1"))) == [
        1
    ]
    assert [doc_ids for *_, doc_ids in shelf.asked] == [{"d1"}, {"d1"}]
    nothing = Shelf(TEXTS, dense=[1], allowed=set())
    assert retrieve(understand("收入？"), nothing, Encoder()) == ()
    assert nothing.asked == []


def test_a_chunk_that_left_the_index_meanwhile_is_no_hit():
    assert rows(retrieve(understand("收入？"), Shelf(TEXTS, dense=[99, 2]), Encoder())) == [2]


def test_an_empty_index_gives_no_hits():
    assert retrieve(understand("收入？"), Shelf({}), Encoder()) == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("云海科技三季度收入增长17%。", "云海科技 三季度 收入增长 17%。", True),
        ("云海科技三季度收入增长17%。", "云海科技三季度收入增长１７％。", True),
        ("云海科技三季度收入增长17%。", "云海科技三季度收入增长71%。", False),
        ("云海科技三季度收入", "白鹭银行净息差", False),
        ("", "", False),
        ("一", "一", False),
    ],
)
def test_same_text(one, other, same):
    assert same_text(one, other) is same


@pytest.mark.parametrize(
    ("old", "new"), [("299.93", "298.93"), ("2024年", "2023年"), ("增长", "下降"), ("云海", "云川")]
)
def test_a_long_text_with_another_figure_year_or_name_says_something_else(old, new):
    """Reports of two years or two houses repeat each other word for word but for the figure."""
    text = (
        "2024年三季度，云海科技实现营业收入299.93亿元，同比增长17%，主要受益于视频号和小程序的广告需求旺盛，"
        "以及长视频广告收入在暑期档期间的提升；公司预计四季度将延续这一趋势。"
    )
    assert not same_text(text, text.replace(old, new))


def test_a_passage_asked_in_its_own_words_comes_first(tmp_path, embedder):
    """The real index, full text and vectors included; only the weights are small."""
    reports = {
        "cloud.md": "# 星河云季报\n\n2024年三季度星河云收入86.5亿元，同比下降3.2%。\n",
        "whale.md": "# 蓝鲸游戏点评\n\n蓝鲸游戏海外流水12.4亿元，创新高。\n",
        "egret.md": "# 白鹭银行点评\n\n白鹭银行净息差1.58%，收窄7个基点。\n",
    }
    for name, text in reports.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    index = Index.create(tmp_path / "indexes" / "t", embedder)
    index.add([tmp_path / name for name in reports])
    for name, question in [
        ("cloud.md", "星河云三季度收入是多少？"),
        ("whale.md", "藍鯨遊戲海外流水有多少？"),
        ("egret.md", "白鹭银行净息差收窄了几个基点？"),
    ]:
        hits = retrieve(understand(question), index, embedder, k=3)
        assert hits[0].document.source == name
        only = retrieve(understand(question), index, embedder, filters=Filters(source="whale"))
        assert {h.document.source for h in only} == {"whale.md"}
    index.close()


def test_the_full_text_is_searched_by_other_names_and_terms_too():
    terms = lexical_terms(understand("鹅厂的毛利率？"))
    assert {"鹅厂", "腾讯", "tencent", "毛利率", "gross", "margin"} <= set(terms)
    assert not {"0700", "hk"} & set(terms)
    assert "xiaomi" in lexical_terms(understand("Xiaomi's stores"))


def test_a_question_in_the_other_language_finds_its_passage(tmp_path, embedder):
    reports = {
        "egret.md": "# 白鹭银行点评\n\n白鹭银行净息差1.58%，收窄7个基点。\n",
        "store.md": "# Cloud Retail\n\nThe chain ran 812 stores at the end of June.\n",
    }
    for name, text in reports.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    index = Index.create(tmp_path / "indexes" / "t", embedder)
    index.add([tmp_path / name for name in reports])
    for name, question in [
        ("egret.md", "What was the net interest margin?"),
        ("store.md", "六月底有多少家门店？"),
    ]:
        terms = lexical_terms(understand(question))
        best = index.chunks([s.id for s in index.lexical(terms, 1)])
        documents = {d.doc_id: d.source for d in index.documents()}
        assert [documents[c.doc_id] for c in best.values()] == [name]
    index.close()
