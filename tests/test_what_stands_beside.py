"""Neighbours that used to be told as the answer: of the other side, place, part or name of a list."""

import pytest

from rag import decompose, figures, numbered, pairs, period, predicate, premise, than
from rag import subject as subjects
from rag.figures import Agreement, agree
from rag.question import understand
from rag.text import Span
from rag.verify import Checked, CheckedSentence, Evidence
from tests.reading import found, kept, passage


@pytest.mark.parametrize(
    "question",
    [
        "东湖建材周报（9月22日—26日）里，西北的水泥均价是多少？",
        "东湖证券2024年12月的重点公司表里，云海股份的收盘价是多少？",
    ],
)
def test_the_time_of_a_weekly_or_a_table_is_not_that_of_its_figures(question: str) -> None:
    assert understand(question).periods == ()


def test_the_third_day_in_a_row_makes_three() -> None:
    (told,) = figures.find("股价连续第三日上涨")
    (drafted,) = figures.find("已经连续上涨3天")
    assert agree(drafted, told) is Agreement.EXACT
    assert figures.find("股价在第三日上涨") == []


USERS = "9月云海科技全球月活用户数达6.86亿，其中中国大陆月活跃用户数1.68亿。"


def test_beyond_the_mainland_is_neither_the_mainland_nor_the_world() -> None:
    asked = "2025年9月云海科技在中国大陆以外的月活用户有多少？"
    assert found(asked, USERS) == ""
    assert "1.68亿" in found("2025年9月云海科技在中国大陆的月活用户有多少？", USERS)


def test_whose_share_of_a_group_is_asked_for() -> None:
    text = "三季度，淘天集团对阿里巴巴集团收入的贡献约为42%。阿里云在阿里集团中的营收占比为12.5%。"
    query = understand("淘天对阿里集团收入的占比是多少？")
    about = subjects.of(query, [passage(text)])
    assert about is not None
    assert about.asked == "淘天"
    assert "42%" in found("三季度淘天对阿里集团收入的占比是多少？", text, "互联网点评")
    rated = subjects.of(understand("中金对快手的目标价是多少？"), [passage("中金维持快手评级。")])
    assert rated is not None
    assert rated.asked == "快手"


GAMES = "云海发布10月版号，总计112款国产网络游戏、7款进口网络游戏过审。"


def test_of_two_opposites_the_one_asked_for() -> None:
    assert kept("10月国产网络游戏过审多少款？", "10月国产网络游戏过审112款。", GAMES)
    assert not any(
        "7款" in s for s in kept("10月国产网络游戏过审多少款？", "10月国产网络游戏过审7款。", GAMES)
    )


def test_what_was_invested_is_not_what_research_cost() -> None:
    told = "2025年前三季度，云海汽车的投资额高达88亿元，其中研发费用占据了大头。"
    asked = "云海汽车2025年前三季度的研发费用是多少亿元？"
    assert kept(asked, "云海汽车2025年前三季度的研发费用为88亿元。", told) == ()


def test_a_number_in_quoted_words_of_the_question_is_a_name() -> None:
    query = understand("云海的“三个坚持”是哪年提出的？")
    body = "云海的“三个坚持”是2021年提出的。"
    (counted,) = [f for f in figures.find(body) if f.text.startswith("三")]
    assert numbered.is_make(query, [], body, counted)
    assert not numbered.is_make(understand("云海哪年提出的？"), [], body, counted)


def test_the_names_of_departments_need_not_say_so() -> None:
    told = "副总裁李青从云海微信事业群基础产品部调任平台事业群负责人。"
    query, shown = understand("副总裁李青调任之前在哪个部门？"), (passage(told),)
    place = Evidence(1, Span(0, len(told)))
    checked = Checked((CheckedSentence(told, (place,), ()),), ())
    assert predicate.unsaid(query, shown, checked, 4.0) == ""


def test_one_line_of_business_is_set_against_another() -> None:
    asked = "腾讯2024年三季度金融科技及企业服务的收入比营销服务多多少"
    assert than.split(asked)[1] == "腾讯2024年三季度营销服务的收入是多少"
    other = than.split("腾讯2024年的收入比百度多多少")
    assert other[1] == "百度2024年的收入是多少"


RATIOS = "6月末核心一级、一级、总资本充足率分别为9.34%、10.71%、13.05%。"


def test_a_measure_that_ends_another_is_asked_after_as_its_own() -> None:
    asked = "江城银行6月末的核心一级资本充足率、一级资本充足率和总资本充足率各是多少？"
    parts = [part.text for part in decompose.coordinated(understand(asked))]
    assert parts == [f"江城银行6月末的{n}资本充足率是多少？" for n in ("核心一级", "一级", "总")]
    assert "10.71%" in found(parts[1], RATIOS, "江城银行中报点评")
    wrong = "江城银行6月末的一级资本充足率是13.05%。"
    assert not any("13.05%" in s for s in kept(parts[1], wrong, RATIOS, "江城银行中报点评"))


def test_the_names_of_a_list_are_told_in_either_script() -> None:
    told = "物業銷售、租金、酒店三項收入分別為4,870百萬港元、3,156百萬港元、400百萬港元。"
    assert kept("雲海置業的三項收入分別是多少？", told, told, "雲海置業中報") == (told,)


def test_four_quarters_in_a_row_are_told_by_their_order() -> None:
    told = "四个季度的营收增速依次为31%、27%、23%、17%。"
    assert [p.name for p in pairs.find(told)] == ["一季度", "二季度", "三季度", "四季度"]
    assert "23%" in found(
        "云海股份2025年第三季度的营收同比增速是多少？", f"云海股份2025年营收增长24%。{told}"
    )


def test_a_part_is_not_what_it_is_a_part_of() -> None:
    told = "A second line will take it to 6.0GWh at a cost of £55m, of which £23m had been spent."
    asked = "How much will Kestrel spend on the second line?"
    assert "£55m" in found(asked, told, "Kestrel")
    assert "£23m" not in found(asked, told, "Kestrel")


def test_a_place_in_capitals_has_to_be_named() -> None:
    told = "Kestrel's order backlog rose to £1.18bn."
    assert "1.18bn" in found("How large is Kestrel's order backlog?", told, "Kestrel")
    assert found("How large is Kestrel's order backlog in the UK?", told, "Kestrel") == ""


def test_a_growth_is_no_share_of_the_year_before() -> None:
    told = "前三季度，云海股份累计营收517.5亿元，同比增长15.1%。"
    asked = "云海股份2025年前三季度的营收相当于2024年全年营收的百分之多少？"
    assert kept(asked, "云海股份2025年前三季度的营收相当于2024年全年营收的15.1%。", told) == ()


def test_the_opposite_of_what_a_question_explains_is_told_so() -> None:
    quote = "平均抽佣率还从19.3%降到18.1%，原因是监管部门约谈了平台。"
    asked = understand("云海出行的平均抽佣率为什么提高了？")
    assert premise.reversed_in(asked, [quote]) == quote
    assert premise.reversed_in(understand("云海出行的平均抽佣率为什么下降了？"), [quote]) == ""
    both = "平均抽佣率从19.3%降到18.1%后又升至20%。"
    assert premise.reversed_in(asked, [both]) == ""


def test_a_relative_time_that_brackets_explain_is_named_once() -> None:
    stated = period.find("云海股份去年一季度（2024年一季度）归母净利润是多少？")
    assert [(p.year, p.part) for p in stated] == [(2024, period.Part.Q1)]
