"""Persons, places and quoted titles of a question stand in what is cited; kinds and verbs are none of them."""

from dataclasses import replace

import pytest

from rag import aboutness, clash, predicate, refuse, statement, subject
from rag.question import understand
from rag.schema import Chunk, Draft, Hit, Passage
from rag.verify import check
from tests.reading import found, passage
from tests.scripted import FACTS

CAST = "《远山》里李文远饰演郝青，把这个人物演得自私又自卑。"
BOTH = "《远山》里李文远饰演郝青，梁关桦饰演他的父亲。"


def article(text: str, rank: int) -> Passage:
    facts = replace(FACTS, doc_id=f"d{rank}", title=f"文章{rank}")
    return Passage(rank, facts.doc_id, 0, len(text), text, (facts.title,), None, facts, 1.0)


def hit(one: Passage, rank: int) -> Hit:
    chunk = Chunk(one.doc_id, 0, len(one.text), one.text, one.heading_path)
    return Hit(rank, 1.0 / rank, chunk, one.document)


def stray(question: str, draft: str, text: str, *others: str) -> str:
    texts = (text, *others)
    shown = [article(t, n) for n, t in enumerate(texts, 1)]
    query = understand(question)
    checked = check(query, Draft(question, tuple(shown), draft, "", ""))
    assert checked.sentences, checked.dropped
    hits = [hit(p, n) for n, p in enumerate(shown, 1)]
    return aboutness.strays(query, hits, shown, checked)


def test_a_person_whom_the_cited_text_does_not_name_is_not_told_of() -> None:
    asked, draft = "梁关桦在《远山》中演的谁？", "梁关桦在《远山》中演的郝青。"
    elsewhere = "梁关桦出席了发布会。"
    assert "梁关桦" in stray(asked, draft, CAST, elsewhere)
    assert not stray(asked, draft, BOTH, elsewhere)


def test_a_country_that_the_cited_text_does_not_name_is_not_told_of() -> None:
    asked = "谁赢得了2022年塞尔维亚总统选举？"
    about = "塞尔维亚公布了总统选举的投票时间。"
    draft = "青民盟再次赢得国会选举。"
    assert "塞尔维亚" in stray(asked, draft, "匈牙利的青民盟再次赢得国会选举。", about)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("谁赢得了2022年塞尔维亚总统选举？", "塞尔维亚"),
        ("哪个国家主办了远山影展？", "远山影展"),
    ],
)
def test_what_is_asked_after_and_what_was_done_name_nobody(question, name) -> None:
    text = "不少国家派团参加，赢得好评。塞尔维亚也在其中，远山影展今年恢复。"
    about = subject.of(understand(question), (passage(text, "新闻", "2022-05-01"),))
    assert about is not None
    assert about.asked.startswith(name)


@pytest.mark.parametrize(("text", "kept"), [("“远山影展”", True), ("“云海影展”", False)])
def test_what_is_cited_holds_the_title_that_the_question_quotes(text, kept) -> None:
    asked = "哪个国家主办了“远山影展”？"
    told = article(f"{text}由冰岛主办，今年恢复线下举行。", 1)
    other = article("“远山影展”的海报公布。", 2)
    query, shown = understand(asked), (told, other)
    checked = check(query, Draft(asked, shown, "冰岛主办，今年恢复线下举行。", "", ""))
    assert checked.sentences[0].evidence[0].label == 1
    hits = [hit(told, 1), hit(other, 2)]
    assert hits[0].document.doc_id != hits[1].document.doc_id
    outcome = refuse.after_checking(query, hits, shown, checked, 9.0)
    assert (outcome is None) is kept


def test_a_question_after_a_number_takes_a_figure() -> None:
    for asked in ("参赛的澳大利亚运动员数量", "公司研发人数？", "云海科技门店家数"):
        assert statement.asks_amount(understand(asked))
    assert not statement.asks_amount(understand("数量化投资的优点是什么？"))


def test_a_kind_that_is_counted_need_not_be_said() -> None:
    asked, titles = "2023年票房最高的三部电影", "《远山》《近水》《云海》分列票房前三位。"
    shown = (Passage(1, "d", 0, len(titles), titles, (), None, FACTS, 1.0),)
    query = understand(asked)
    checked = check(query, Draft(asked, shown, "《远山》、《近水》和《云海》。", "", ""))
    assert checked.sentences
    assert "电影" not in predicate.unsaid(query, shown, checked, 0.0)


def test_one_market_is_not_the_world() -> None:
    home = "2021年云海汽车新能源车型在华销量超过4.8万辆，同比增长69.6%。"
    world = "2021年云海汽车全球销量为252.2万辆，其中在华销量84.6万辆。"
    asked = "2021年云海汽车全球销量是多少？"
    assert "4.8" not in found(asked, home, "云海汽车点评", "2022-01-20")
    assert "252.2万辆" in found(asked, world, "云海汽车点评", "2022-01-20")
    assert "84.6万辆" in found(
        "2021年云海汽车在华销量是多少？", world, "云海汽车点评", "2022-01-20"
    )


def test_a_state_that_lasts_is_of_the_years_after_its_beginning() -> None:
    query = understand("2023年云海公开赛在哪举行？")
    assert not clash.of_other_years(query, "从2009年开始，云海公开赛搬到了新中心。")
    assert clash.of_other_years(query, "2009年云海公开赛搬到了新中心。")
    assert clash.of_other_years(query, "从2024年起，云海公开赛改在别处。")


def test_the_figure_told_with_a_name_that_is_asked_for_is_of_that_name() -> None:
    asked = "四家公司里，2024年收入下滑的是哪家，下滑多少？"
    four = "四家公司2024年全年收入：沐川医药78.94亿元，澄序生物25.83亿元。"
    other = "宁德时代2024年收入3620.13亿元，同比下降9.70%，是上市以来首次下滑。"
    shown = (article(four, 1), article(other, 2))

    def told(draft: str) -> str:
        checked = check(understand(asked), Draft(asked, shown, draft, "", ""))
        return "".join(s.text for s in checked.sentences)

    assert not told("沐川医药2024年收入下滑了9.70%，为78.94亿元。")
    assert "9.70%" in told("宁德时代2024年收入下滑了9.70%。")
