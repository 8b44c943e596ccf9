"""Retrieval scorers against examples worked by hand and against trec_eval's own code."""

import math
import random

import pytest

from eval.cases import Case, Evidence
from eval.scorers import (
    evidence_recall,
    hit_at_1,
    ndcg,
    recall,
    recall_in_characters,
    reciprocal_rank,
)
from rag.schema import Chunk, DocumentFacts, Hit

THIRD = 1 / math.log2(4)
"""What a piece of gold is worth at place 3: 0.5."""


def case(quotes=(), relevant=()):
    evidence = tuple(Evidence("a.txt", quote) for quote in quotes)
    return Case("t", "?", "zh", "fact", True, (("1",),), (), evidence, relevant=tuple(relevant))


def ranked(*texts, sources=None):
    sources = sources or ["a.txt"] * len(texts)
    return [
        Hit(
            rank,
            1 / rank,
            Chunk("d", 0, len(text), text, ()),
            DocumentFacts("d", source, "", None, None, "text", 0, 1),
        )
        for rank, (text, source) in enumerate(zip(texts, sources, strict=True), start=1)
    ]


def test_evidence_recall_ignores_layout_but_not_text():
    asked = case(["营销服务 1014.82 1213.74", "收入6602.57亿元"])
    table = "| 营销服务 | 1014.82 | 1213.74 | 20% |"
    assert evidence_recall(asked, [table]) == 0.5
    assert evidence_recall(asked, [table, "收入6602.57\n亿 元"]) == 1
    assert evidence_recall(asked, ["收入6602.5", "7亿元"]) == 0
    assert evidence_recall(asked, []) == 0
    assert evidence_recall(case(), [table]) is None


def test_scores_of_a_ranking_with_quotes():
    asked = case(["甲乙丙", "丁戊己"])
    hits = ranked("无", "丁戊己", "丁戊己", "甲乙丙")
    assert [recall(asked, hits, k) for k in (1, 3, 5)] == [0, 0.5, 1]
    assert reciprocal_rank(asked, hits) == 0.5
    assert hit_at_1(asked, hits) == 0
    assert hit_at_1(asked, hits[1:]) == 1
    # Found at places 2 and 4, ideally at 1 and 2: (0.6309 + 0.4307) / (1 + 0.6309).
    assert ndcg(asked, hits) == pytest.approx(1.0616063 / 1.6309298)


def test_a_quote_counts_where_it_is_first_seen():
    asked = case(["甲乙丙"])
    assert ndcg(asked, ranked("无", "无", "甲乙丙", "甲乙丙")) == pytest.approx(THIRD)


def test_a_large_chunk_neither_exceeds_the_ideal_nor_falls_short_of_it():
    asked = case(["甲", "乙", "丙"])
    assert ndcg(asked, ranked("甲乙丙", "无")) == 1
    assert ndcg(asked, ranked("甲", "乙", "丙")) == pytest.approx(1)
    assert ndcg(asked, ranked("甲", "乙丙")) == pytest.approx(1)
    # Both quotes at the second place: at places 2 and 2, of the ideal 1, 2 and 3.
    ideal = 1 + 1 / math.log2(3) + THIRD
    assert ndcg(asked, ranked("无", "甲乙")) == pytest.approx(2 / math.log2(3) / ideal)


def test_depth_is_ten():
    asked = case(["甲乙丙"])
    late = ranked(*["无"] * 9, "甲乙丙")
    later = ranked(*["无"] * 10, "甲乙丙")
    assert (reciprocal_rank(asked, late), ndcg(asked, late)) == (0.1, pytest.approx(0.2890648))
    assert (reciprocal_rank(asked, later), ndcg(asked, later)) == (0, 0)
    many = case(["甲" * n for n in range(1, 13)])
    assert ndcg(many, ranked("甲" * 12)) == pytest.approx(1)


def test_equal_characters_cut_the_last_chunk():
    asked = case(["甲乙丙", "丁戊己"])
    hits = ranked("一二甲乙丙", "三四丁戊己")
    assert recall_in_characters(asked, hits, 10) == 1
    assert recall_in_characters(asked, hits, 9) == 0.5
    assert recall_in_characters(asked, hits, 5) == 0.5
    assert recall_in_characters(asked, hits, 4) == 0
    assert recall_in_characters(asked, ranked("一" * 1497 + "甲乙丙")) == 0.5
    assert recall_in_characters(asked, ranked("一" * 1498 + "甲乙丙")) == 0
    assert recall_in_characters(case(), hits) is None


def test_judged_files_count_once_at_their_first_chunk():
    asked = case(relevant=["b", "d", "e"])
    hits = ranked(*"123456", sources=["a", "a", "b", "b", "c", "d"])
    assert [recall(asked, hits, k) for k in (1, 2, 3, 4)] == [0, 1 / 3, 1 / 3, 2 / 3]
    assert reciprocal_rank(asked, hits) == 0.5
    ideal = 1 + 1 / math.log2(3) + THIRD
    assert ndcg(asked, hits) == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert recall_in_characters(asked, hits) is None


def test_without_gold_nothing_applies():
    asked, hits = case(), ranked("甲乙丙")
    assert recall(asked, hits, 5) is None
    assert reciprocal_rank(asked, hits) is None
    assert ndcg(asked, hits) is None
    assert hit_at_1(asked, hits) is None


def test_an_empty_ranking_found_nothing():
    for asked in (case(["甲乙丙"]), case(relevant=["b"])):
        found = [
            recall(asked, [], 5),
            reciprocal_rank(asked, []),
            ndcg(asked, []),
            hit_at_1(asked, []),
        ]
        assert found == [0, 0, 0, 0]


MEASURES = {"ndcg_cut.10", "recall.1,3,5,10", "recip_rank", "success.1"}


def drawn(seed, number=200):
    """Yield (names ranked, names relevant): some rankings short, empty or without a match."""
    rng = random.Random(seed)
    names = [f"n{i:02d}" for i in range(40)]
    for _ in range(number):
        yield rng.sample(names, rng.randint(0, 14)), rng.sample(names, rng.randint(1, 12))


def reference(ranking, relevant, depth=None):
    """What trec_eval says of a ranking; scores decide there, so they fall with the place."""
    trec_eval = pytest.importorskip("pytrec_eval")
    run = {name: float(-place) for place, name in enumerate(ranking[:depth])}
    judge = trec_eval.RelevanceEvaluator({"q": dict.fromkeys(relevant, 1)}, MEASURES)
    return judge.evaluate({"q": run}).get("q", {})


def ours(asked, hits):
    recalls = {f"recall_{k}": recall(asked, hits, k) for k in (1, 3, 5, 10)}
    found = {"ndcg_cut_10": ndcg(asked, hits), "success_1": hit_at_1(asked, hits)}
    return recalls | found


@pytest.mark.parametrize("seed", [1, 2])
def test_agrees_with_trec_eval_over_judged_files(seed):
    rng = random.Random(seed)
    for ranking, relevant in drawn(seed):
        chunks = [name for name in ranking for _ in range(rng.randint(1, 3))]
        hits = ranked(*chunks, sources=chunks)
        check(case(relevant=relevant), hits, ranking, relevant)


@pytest.mark.parametrize("seed", [3, 4])
def test_agrees_with_trec_eval_over_quotes(seed):
    for ranking, relevant in drawn(seed):
        check(case(quotes=relevant), ranked(*ranking), ranking, relevant)


def check(asked, hits, ranking, relevant):
    found, expected = ours(asked, hits), reference(ranking, relevant)
    assert found == pytest.approx({name: expected.get(name, 0.0) for name in found})
    cut = reference(ranking, relevant, depth=10)
    assert reciprocal_rank(asked, hits) == pytest.approx(cut.get("recip_rank", 0.0))
