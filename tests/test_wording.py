"""Small words that decide what a question or a draft says."""

from rag import predicate, premise, subject
from rag.decompose import coordinated
from rag.question import understand
from rag.schema import Draft
from rag.verify import check
from tests.reading import found, kept, passage


def test_a_rate_of_rise_or_fall_is_a_rise_unless_its_sign_says_otherwise() -> None:
    text = "本月云海股份、青山电气涨幅分别为18.4%、11.2%。"
    assert kept("云海股份本月涨跌幅是多少？", "云海股份本月涨跌幅为18.4%。", text)
    assert not kept("云海股份本月跌幅是多少？", "云海股份本月跌幅为18.4%。", text)
    fell = "云海股份本月下跌8.3%。"
    assert not kept("云海股份本月涨跌幅是多少？", "云海股份本月涨跌幅为8.3%。", fell)
    assert kept("云海股份本月涨跌幅是多少？", "云海股份本月涨跌幅为-8.3%。", fell)


def test_a_target_price_of_a_month_is_that_of_a_report_of_the_month() -> None:
    text = "我们维持云海股份目标价31.0元。"
    asked = "对云海股份的目标价，8月给到多少？"
    assert "31.0元" in found(asked, text, "云海股份点评", "2025-08-29")
    assert found(asked, text, "云海股份点评", "2025-10-17") == ""


def test_a_forecast_of_a_house_is_not_the_guidance_of_the_company() -> None:
    asked = "沅江证券预计云海股份2025年归母净利润多少？"
    assert found(asked, "云海股份预计2025年归母净利润9.6亿元。", "市场快讯") == ""
    assert "8.2亿元" in found(asked, "沅江证券预计云海股份2025年归母净利润8.2亿元。", "市场快讯")


def test_a_reason_may_be_given_as_one() -> None:
    asked = understand("云海股份评级为什么下调？")
    assert not premise.unreasoned(asked, ["下调评级，理由是动销低于预期。"])
    assert not premise.unreasoned(asked, ["公司解释为两家经销商更换。"])
    assert premise.unreasoned(asked, ["评级下调至中性。"])


def test_capitals_that_name_a_kind_give_way_to_a_name() -> None:
    shown = (passage("微软的Copilot Studio已有10万家公司用来创建AI智能体。"),)
    about = subject.of(understand("How many AI agents run on Microsoft's Copilot?"), shown)
    assert about is not None
    assert about.asked != "AI"


def test_several_points_of_something_are_no_place() -> None:
    shown = (passage("银行技术迭代缓慢，获客能力遭遇瓶颈。"),)
    query = understand("银行自己卡在哪两个地方？")
    drafted = check(query, Draft(query.text, shown, "技术迭代缓慢，获客能力遭遇瓶颈。", "", ""))
    assert predicate.unsaid(query, shown, drafted, 1.0) == ""


def test_a_change_between_two_years_is_one_from_the_first_to_the_second() -> None:
    text = "公司减速器平均售价从2022年的2,150元降至2024年的1,380元，降幅36%。"
    asked = "By how much did the average reducer price (减速器平均售价) fall between 2022 and 2024?"
    assert "36%" in found(asked, text)


def test_a_recovery_between_two_months_is_taken_apart_and_reckoned() -> None:
    query = understand("新出口订单指数11月比10月回升了多少？")
    assert query.wants_difference
    told = [part.text for part in coordinated(query)]
    assert [text.rstrip("？") for text in told] == [
        "新出口订单指数11月是多少",
        "新出口订单指数10月是多少",
    ]


def test_a_row_of_names_tells_growth_that_its_sentence_named_long_before() -> None:
    text = (
        "从经济增速来看，西部地区在采矿业较快增长等因素带动下，除青川（2.5%）与平均水平持平之外，其它保持较快增势，"
        "涨幅高于整体水平（2.5%），其中南原（5.3%）、云海（4.9%）、白岭（4.8%）位居前三。"
    )
    assert "4.8%" in found("白岭经济增长了多少？", text, "西部经济")
    assert "4.9%" in found("云海经济增长了多少？", text, "西部经济")
