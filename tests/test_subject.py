"""Whom a question is about, and what a sentence says of it."""

import pytest

from rag import subject, whose
from rag.question import understand
from rag.schema import DocumentFacts, Passage
from rag.text import Span

REVIEW = DocumentFacts("d1-1", "a.md", "软件行业回顾", "东湖证券", "2025-03-20", "md", 0, 9)


def shown(text):
    return Passage(1, REVIEW.doc_id, 0, len(text), text, (REVIEW.title,), None, REVIEW, 1.0, "")


def about(question, text):
    found = subject.of(understand(question), [shown(text)])
    return found and (found.asked, found.known)


def test_what_a_question_opens_with_is_no_stranger():
    text = "白鹭软件的Copilot支持40种语言。最终推荐在大盘股上使用该指标。"
    assert about("用Copilot能翻译成几种语言？", text) == ("copilot", True)
    assert about("测完各种改法之后，白鹭软件推荐什么？", text) == ("白鹭软件", True)
    stranger = about("青禾软件上市之后，收入是多少？", text)
    assert stranger is not None and not stranger[1]


def test_the_users_of_a_company_are_no_way_of_using_it():
    assert about("用户数最多的是谁？", "云海科技用户数最多。") != ("户数", False)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("除了云海科技，另一家公司收入增长29%。", False),
        ("除云海科技外，各家收入增长29%。", False),
        ("云海科技收入增长29%。", True),
        ("Apart from 云海科技, revenue of the others grew 29%.", False),
    ],
)
def test_whom_a_sentence_leaves_out_is_not_whom_it_is_about(text, near):
    query = understand("云海科技收入增长多少？")
    passage = shown(text)
    found = subject.of(query, [passage])
    at = text.index("29%")
    assert found is not None
    assert (whose.closeness(found, passage, Span(0, len(text)), at) == 1.0) is near


def test_a_name_of_several_words_may_be_written_as_one():
    found = subject.of(
        understand("How fast did Star Brawl grow?"), [shown("《StarBrawl》增长7倍。")]
    )
    assert found is not None and (found.asked, found.known) == ("Star Brawl", True)


def test_a_time_or_size_may_stand_between_the_words_of_a_name():
    found = subject.of(
        understand("北京冬奥会运动员数量"),
        [shown("运动员关注北京冬奥会。北京2022年冬奥会名单公布。")],
    )
    assert found is not None and found.asked == "北京冬奥会"
    assert subject.names(found, "北京2022年冬奥会名单公布")
    assert not subject.names(found, "北京公布了上届冬奥会名单")
