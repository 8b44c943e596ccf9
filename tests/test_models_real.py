"""The real embedding models: what belongs together is close, what does not is far."""

import warnings

import numpy as np
import pytest

from rag import models

pytestmark = pytest.mark.model

PASSAGES = [
    "腾讯控股第三季度实现收入1546亿元，同比增长10%。",
    "比亚迪当月销售新能源汽车三十万辆。",
    "如何在家烤一个苹果派。",
]


@pytest.fixture(scope="module", params=["embeddinggemma-300m", "multilingual-e5-small"])
def model(request):
    from sentence_transformers import SentenceTransformer

    folder = models.resolve(request.param)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def test_vectors_are_of_length_one_and_differ_by_role(model):
    text = PASSAGES[:1]
    query, passage = model.encode_query(text), model.encode_document(text)
    assert np.linalg.norm(query, axis=1) == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(passage, axis=1) == pytest.approx(1, abs=1e-4)
    assert float(query[0] @ passage[0]) < 0.999


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("腾讯三季度营业收入是多少？", 0),
        ("新能源车卖了多少辆？", 1),
        ("苹果派的做法", 2),
    ],
)
def test_question_finds_its_passage(model, question, best):
    scores = (model.encode_query([question]) @ model.encode_document(PASSAGES).T)[0]
    assert int(scores.argmax()) == best
    others = np.delete(scores, best)
    assert scores[best] - others.max() > 0.05


def test_two_languages_share_a_space(model):
    pair = model.encode_document(
        ["Tencent's revenue rose 10% in the third quarter.", "腾讯第三季度收入增长10%。"]
    )
    other = model.encode_document(PASSAGES[2:])[0]
    assert float(pair[0] @ pair[1]) > float(pair[0] @ other) + 0.05
