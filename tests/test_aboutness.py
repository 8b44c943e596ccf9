"""An answer cited to the report of another company is none."""

import pytest

from rag import aboutness, extract, verify
from rag.question import understand
from rag.schema import Chunk, DocumentFacts, Draft, Hit, Passage

OWN = "公司2021年营业收入为3.2亿元，积极参与环境保护。"
OTHER = "公司的能源消耗为500,000 MWh，2020年1月实施了员工健康与安全计划。"
EITHER = "白鹭软件有限公司的能源消耗为500,000 MWh，高于云海科技有限公司的300,000 MWh。"


def report(title: str, text: str, rank: int) -> tuple[Hit, Passage]:
    facts = DocumentFacts(f"d{rank}", f"{title}.txt", title, None, None, "text", 0, 1)
    chunk = Chunk(facts.doc_id, 0, len(text), text, (title,))
    passage = Passage(rank, facts.doc_id, 0, len(text), text, (title,), None, facts, 1.0)
    return Hit(rank, 1 / rank, chunk, facts), passage


def judged(question: str, draft: str, *texts: tuple[str, str]) -> tuple[str, bool]:
    found = [report(title, text, n) for n, (title, text) in enumerate(texts, 1)]
    hits, passages = [h for h, _ in found], tuple(p for _, p in found)
    query = understand(question)
    checked = verify.check(query, Draft(question, passages, draft, "", ""))
    assert checked.sentences, checked.dropped
    stray = aboutness.strays(query, hits, passages, checked)
    return stray, extract.vouched(query, passages, checked)


REPORTS = (("云海科技有限公司", OWN), ("白鹭软件有限公司", OTHER))


def test_what_the_report_of_another_says_answers_nothing():
    stray, vouched = judged(
        "云海科技有限公司的能源消耗是多少？", "云海科技有限公司的能源消耗为500,000 MWh。", *REPORTS
    )
    assert "云海科技" in stray
    assert not vouched
    stray, _ = judged(
        "云海科技有限公司的员工健康与安全计划实施于何时？",
        "云海科技有限公司的员工健康与安全计划实施于2020年1月。",
        *REPORTS,
    )
    assert "云海科技" in stray


@pytest.mark.parametrize(
    ("question", "draft", "texts"),
    [
        (
            "白鹭软件有限公司的能源消耗是多少？",
            "白鹭软件有限公司的能源消耗为500,000 MWh。",
            REPORTS,
        ),
        (
            "云海科技有限公司的能源消耗是多少？",
            "云海科技有限公司的能源消耗为300,000 MWh。",
            (("云海科技有限公司", OWN), ("能源周报", EITHER)),
        ),
    ],
)
def test_its_own_report_answers_and_so_does_another_that_names_it(question, draft, texts):
    stray, _ = judged(question, draft, *texts)
    assert stray == ""
