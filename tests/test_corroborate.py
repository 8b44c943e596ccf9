"""A second place that says the same is cited too; one that only looks alike is not."""

from dataclasses import replace

from rag.corroborate import corroborated
from rag.lexicon import Alternative
from rag.question import understand
from rag.schema import Draft, Passage
from rag.verify import check
from tests.reading import passage

ASKED = "云海股份2025年三季度的营业收入是多少？"
SAID = "云海股份2025年三季度的营业收入为48.2亿元。"
FIRST = "2025年三季度，云海股份实现营业收入48.2亿元，同比增长12.1%。"


def labels(first: str, second: str, draft: str = SAID, asked: str = ASKED) -> list[list[int]]:
    one, other = passage(first), replace(passage(second), label=2, doc_id="d2", start=1000)
    query, shown = understand(asked), (one, other)
    checked = corroborated(query, shown, check(query, Draft(asked, shown, draft, "", "")))
    return [[e.label for e in s.evidence] for s in checked.sentences]


def test_the_same_figure_in_another_report_is_cited_too() -> None:
    again = "据公告，云海股份三季度营业收入48.2亿元，净利润5.1亿元。"
    assert labels(FIRST, again) == [[1, 2]]


def test_the_same_digits_of_another_company_or_measure_are_not() -> None:
    assert labels(FIRST, "霁川电气2025年三季度营业收入48.2亿元。") == [[1]]
    assert labels(FIRST, "云海股份2025年三季度营业成本48.2亿元。") == [[1]]
    assert labels(FIRST, "云海股份2024年三季度营业收入48.2亿元。") == [[1]]


def test_a_rounded_figure_is_no_second_witness() -> None:
    assert labels(FIRST, "云海股份三季度营业收入约48亿元。") == [[1]]


def test_a_sentence_that_is_cited_twice_already_stays_as_it_is() -> None:
    shown: tuple[Passage, ...] = (passage(FIRST),)
    query = understand(ASKED)
    checked = check(query, Draft(ASKED, shown, SAID, "", ""))
    assert corroborated(query, shown, checked) == checked


def test_the_other_of_two_names_is_cited_where_its_part_is_told() -> None:
    asked = "云海股份和霁川电气的最新评级分别是什么？"
    query = replace(
        understand(asked), names=(Alternative("云海股份", ()), Alternative("霁川电气", ()))
    )
    one = passage("云海股份评级「买入」，青山「中性」。", "零售周报")
    other = replace(
        passage("我们把霁川电气由增持下调到中性。", "电气周报"), label=2, doc_id="d2", start=900
    )
    draft = "云海股份的最新评级是「买入」，霁川电气的最新评级是「中性」。"
    checked = check(query, Draft(asked, (one, other), draft, "", ""))
    cited = corroborated(query, (one, other), checked)
    assert [[e.label for e in s.evidence] for s in cited.sentences] == [[1, 2]]
    both = passage("云海股份评级「买入」，霁川电气「中性」。", "周报")
    whole = check(query, Draft(asked, (both, other), draft, "", ""))
    assert corroborated(query, (both, other), whole) == whole
