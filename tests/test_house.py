"""The view of one house is not that of another; a sum for one of a unit is not for one of another."""

import pytest

from rag import askedunit, subject, whose
from rag.question import understand
from tests.reading import found, passage

NEWS = "在研报中，中金公司维持盈利预测，继续维持云海股份140港元目标价格。"


def test_the_view_of_another_house_answers_nothing() -> None:
    title = "云海股份大涨"
    assert "140港元" in found("中金公司给云海股份的目标价是多少港元？", NEWS, title)
    assert found("2025年1月东湖证券给云海股份的目标价是多少港元？", NEWS, title) == ""
    assert found("高盛给云海股份的目标价是多少港元？", NEWS, title) == ""


def test_a_broker_that_the_view_is_of_is_no_house_that_holds_it() -> None:
    text = "中信证券预计东湖证券2025年净利润12.3亿元。"
    assert "12.3亿元" in found("东湖证券2025年净利润预测是多少？", text, "东湖证券深度报告")


def test_a_house_behind_its_preposition_is_named_by_its_own_words() -> None:
    text = "澜石研究维持云海股份“买入”评级，目标价41.2元。"
    assert "41.2元" in found("按澜石研究的预测，云海股份的目标价是多少元？", text)


@pytest.mark.parametrize(
    ("question", "each"),
    [
        ("云海8月仔猪均价是多少钱一头？", {"头"}),
        ("云海平均运费每箱多少美元？", {"箱"}),
        ("云海2025年收入是多少？", set()),
    ],
)
def test_what_one_of_which_is_asked_for_is_read(question: str, each: set[str]) -> None:
    assert askedunit.AskedUnit(understand(question))._each == each


def test_a_price_by_the_kilogram_is_none_by_the_head() -> None:
    text = "云海股份8月仔猪均价13.90元/公斤。"
    assert found("云海股份8月仔猪均价是多少钱一头？", text) == ""
    assert "13.90元" in found("云海股份8月仔猪均价是每公斤多少元？", text)


def test_a_company_that_no_list_knows_is_another_where_a_clause_opens_with_it() -> None:
    text = "上周公布业绩的德远海运同期货量205.6万箱，中期派息每股0.42港元。"
    shown = passage(text, "瀛通航运中期业绩")
    about = subject.of(understand("瀛通航运中期派息每股多少？"), [shown])
    assert about is not None
    assert whose.names_another(about, text[: text.index("0.42")])
    own = "瀛通航运同期货量205.6万箱，中期派息每股0.42港元。"
    assert not whose.names_another(about, own[: own.index("0.42")])


def test_a_list_of_companies_gives_no_figure_to_one_beside_it() -> None:
    text = "单平毛利2.22元；同期北岭玻璃与鼎晶股份的单平毛利分别为2.85元和1.31元。"
    title = "澄曜光能年报点评"
    assert "2.85" not in found("澄曜光能单平毛利是多少元？", text, title)
    assert "2.85元" in found("北岭玻璃的单平毛利是多少元？", text, title)


@pytest.mark.parametrize("word", ["主要", "策略", "建议"])
def test_words_that_name_nobody_are_no_subject(word: str) -> None:
    query = understand(f"2025年{word}是哪类收入带动的？")
    about = subject.of(query, [passage(f"公司的{word}收入来自会员服务。")])
    assert about is None or about.asked != word


def test_a_word_is_not_cut_inside() -> None:
    runs = subject._runs(understand("云海借的有息债总额是多少？"))
    assert not any(run.startswith("息债") for run in runs)


def test_the_first_phase_is_not_the_second() -> None:
    text = "云海矿业二期选厂已开工，设计年处理矿石105万吨，较一期多30万吨。"
    assert found("云海矿业一期选厂设计年处理矿石多少万吨？", text, "云海矿业点评") == ""
    assert "105万吨" in found("云海矿业二期选厂设计年处理矿石多少万吨？", text, "云海矿业点评")


def test_a_draft_that_tells_of_several_companies_is_about_none_alone() -> None:
    text = "四家公司2024年收入：沐川医药78.94亿元，澄序生物25.83亿元，泓禾制药180.20亿元，瑞衍生物13.15亿元。"
    query = understand("瑞衍生物2024年收入是多少？")
    shown = [passage(text, "创新药年报综述")]
    assert subject.of_body(query, shown, "瑞衍生物13.15亿元。") is not None
    assert subject.of_body(query, shown, "澄序生物25.83亿元，瑞衍生物13.15亿元。") is None
