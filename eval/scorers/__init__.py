"""Scores of one case: a `Case` and what a system returned -> a number. Pure functions.

``None`` means not applicable and stays out of every mean; it is never 0.
"""

from eval.scorers.answers import answer_chars, char_f1, correct, excess_figures, unit_slip
from eval.scorers.citations import (
    citation_precision,
    citation_recall,
    page_accuracy,
    quote_validity,
    unverified_figures,
)
from eval.scorers.matching import flatten, held, holds, layout_free, numerals
from eval.scorers.refusal import (
    Refusals,
    count_refusals,
    partial_correct,
    refused_answerable,
    refused_unanswerable,
)
from eval.scorers.retrieval import (
    evidence_recall,
    hit_at_1,
    ndcg,
    recall,
    recall_in_characters,
    reciprocal_rank,
)

__all__ = [
    "Refusals",
    "answer_chars",
    "char_f1",
    "citation_precision",
    "citation_recall",
    "correct",
    "count_refusals",
    "evidence_recall",
    "excess_figures",
    "flatten",
    "held",
    "hit_at_1",
    "holds",
    "layout_free",
    "ndcg",
    "numerals",
    "page_accuracy",
    "partial_correct",
    "quote_validity",
    "recall",
    "recall_in_characters",
    "reciprocal_rank",
    "refused_answerable",
    "refused_unanswerable",
    "unit_slip",
    "unverified_figures",
]
