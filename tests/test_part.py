"""The figure of a line of business is no answer where the company as a whole is asked for."""

import pytest

from rag import extract, subject, verify
from rag.question import understand
from rag.schema import DocumentFacts, Draft, Passage

LINES = "从收入增速来看，2024年第三季度实现订阅服务收入826.95亿元，同比增长9%；营销服务收入299.93亿元，同比增长17%。"
MEMBER = "除了核心的门店零售，云海科技旗下另一大电商集团——云海国际数字商业集团(AIDC)收入同比增长29%至316.72亿元。"
GOES_ON = "订阅服务板块占云海科技总收入的49%，表现亮眼。整体收入为826.95亿元，同比增长9%。"
TOTAL = "云海科技集团2024年三季度业绩报告显示，报告期内，收入2365.03亿元，同比增长5%。"


def passage(text: str) -> Passage:
    facts = DocumentFacts("d1", "r.txt", "季报", None, None, "text", 0, 1)
    return Passage(1, "d1", 0, len(text), text, (), None, facts, 1.0)


def found(question: str, text: str) -> str:
    outcome = extract.answer(understand(question), [passage(text)])
    return "".join(s.text for s in outcome.checked.sentences) if outcome else ""


def vouched(question: str, draft: str, text: str) -> bool:
    query, passages = understand(question), (passage(text),)
    checked = verify.check(query, Draft(question, passages, draft, "", ""))
    assert checked.sentences, checked.dropped
    return extract.vouched(query, passages, checked)


@pytest.mark.parametrize("text", [LINES, MEMBER, GOES_ON])
def test_a_part_is_not_taken_for_the_whole(text):
    assert not found("云海科技的收入是多少？", text)


def test_a_draft_that_calls_a_part_the_whole_is_not_vouched_for():
    assert not vouched(
        "云海科技的收入是多少？", "云海科技的收入为826.95亿元。", "云海科技：" + LINES
    )


PERIODS = ["季度总", "年度", "月度", "半年度", "上半年度总", "单月", "当月"]


@pytest.mark.parametrize("words", PERIODS)
def test_a_stretch_of_time_before_a_measure_is_no_line_of_business(words):
    text = f"云海科技11月18日公布业绩：{words}收入925.1亿元，为单季首次越过900亿元。"
    assert "925.1亿元" in found("云海科技的收入是多少？", text)


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("云海科技2024年三季度的收入是多少？", TOTAL, "2365.03亿元"),
        ("云海科技2024年三季度收入增长多少？", MEMBER + TOTAL, "5%"),
        ("云海科技2024年第三季度订阅服务收入是多少？", "云海科技：" + LINES, "826.95亿元"),
        ("云海科技的净利润是多少？", "云海科技经调整净利润为63亿元。", "63亿元"),
        ("云海科技的收入是多少？", "设备业务方面，云海科技收入为85亿元。", "85亿元"),
    ],
)  # fmt: skip
def test_the_whole_and_a_named_part_are_found(question, text, answer):
    assert answer in found(question, text)


def test_the_figure_of_one_company_is_not_the_countrys():
    text = "2024年新能源汽车销量1286.6万辆。比亚迪2024年新能源汽车销量427.2万辆。"
    assert "1286.6万辆" in found("2024年全国新能源汽车销量是多少？", text)
    assert "427.2万辆" in found("比亚迪2024年新能源汽车销量是多少？", text)


def test_a_report_on_a_company_may_tell_the_countrys_figure():
    text = "社会零售总额471495亿元，增长7.2%；全国网上零售额154264亿元，增长11.0%。"
    facts = DocumentFacts("d1", "r.txt", "腾讯与阿里巴巴点评", None, None, "text", 0, 1)
    among = Passage(1, "d1", 0, len(text), text, (), None, facts, 1.0)
    outcome = extract.answer(understand("全国网上零售额是多少？"), [among])
    assert outcome and "154264亿元" in outcome.checked.sentences[0].text


def test_a_sum_up_to_a_time_is_not_that_of_one_quarter():
    text = "三季度，云海科技设备交付量已经超过10万台，提前完成2024年目标。"
    assert not found("云海科技设备2024年三季度单季交付了多少台？", text)
    assert "10万台" in found("云海科技设备2024年三季度交付了多少台？", text)


def test_the_view_of_one_house_is_not_anothers():
    text = "在研报中，中金公司维持收入预测，继续维持云海科技140港元目标价格。"
    assert not found("光大证券给云海科技的目标价是多少？", text)
    assert "140港元" in found("云海科技的目标价是多少？", text)


def test_the_quote_of_a_reason_holds_the_reason_and_not_the_date_alone():
    text = "云海科技2024年三季度业绩报告显示，收入5亿元。净利润大涨，主要是由于投资减值的减少所致。"
    query, passages = understand("云海科技2024年三季度净利润为什么大涨？"), (passage(text),)
    draft = "云海科技2024年三季度净利润大涨，主要是由于投资减值的减少所致。"
    (sentence,) = verify.check(query, Draft("", passages, draft, "", "")).sentences
    (evidence,) = sentence.evidence
    assert "投资减值的减少" in text[evidence.span.start : evidence.span.end]


@pytest.mark.parametrize("asked", ["三方面", "三点", "三大方面", "三条"])
def test_a_count_of_aspects_that_the_question_states_is_an_echo(asked):
    text = "云海科技要做三件事：整合渠道、优化决策、服务社区。"
    query, passages = understand(f"云海科技要从哪{asked}入手？"), (passage(text),)
    draft = "云海科技要从整合渠道、优化决策、服务社区三个方面入手。"
    assert verify.check(query, Draft("", passages, draft, "", "")).sentences


GROUP = (
    "从经调整EBITA来看，云海科技同比下降5%至405.61亿元。"
    "但是，淘星集团在三季度的经调整EBITA同比下降3%至445.9亿元；上一季度也下滑了1%。"
    "三季度，云海国际数字商业集团的经调整EBITA同比下降657%，亏损29.05亿元。"
)


def test_the_figure_of_a_member_of_the_group_is_not_the_groups():
    question = "云海科技2024年三季度的经调整EBITA是多少？"
    assert "405.61亿元" in found(question, GROUP)
    members = GROUP.partition("。")[2]
    assert not found(question, members)
    query, passages = understand(question), (passage(members),)
    draft = "云海科技2024年三季度的经调整EBITA为445.9亿元。"
    assert not verify.check(query, Draft(question, passages, draft, "", "")).sentences


def test_companies_that_are_counted_are_no_member_of_a_group():
    text = "四家公司2024年全年收入：沐川医药78.94亿元，云海科技25.83亿元。"
    query, passages = understand("云海科技2024年收入是多少？"), (passage(text),)
    assert verify.check(query, Draft("", passages, text, "", "")).sentences


def test_a_loss_is_called_one_where_the_measure_leaves_that_open():
    text = "三季度，云海科技的经调整EBITA同比下降657%，亏损29.05亿元。"
    assert "亏损29.05亿元" in found("云海科技三季度的经调整EBITA是多少？", text)
    assert "亏损亏损" not in found("云海科技三季度亏损多少？", text)


def test_the_rate_of_another_line_of_business_is_not_that_of_the_one_asked_for():
    text = (
        "云海科技三季度业绩如下。手机业务方面，出货增加，毛利率下跌4.9个百分点。"
        "音箱与生活产品业务方面，收入261亿元；毛利率达20.8%，同比增长2.9%。毛利率此前为17.9%。"
    )
    assert "2.9%" not in found("云海科技手机毛利率同比变化多少？", text)
    assert "2.9%" in found("云海科技音箱与生活产品毛利率同比变化多少？", text)


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("云海科技订阅收入占营业收入多大比重？", "云海科技订阅收入占营业收入的比重为28.8%。", "28.8%"),
        ("云海科技研发投入占营业收入的百分之几？", "云海科技研发投入6.2亿元，占营业收入的16.2%。", "16.2%"),
        ("云海科技一期的设计年产能有多大？", "云海科技一期设计年产能60万辆。", "60万辆"),
        ("云海银行的净息差是多少？", "云海银行净息差为1.64%。", "1.64%"),
        ("云海科技的平均融资成本是多少？", "云海科技平均融资成本为3.4%。", "3.4%"),
    ],
)  # fmt: skip
def test_shares_rates_and_capacities_are_found_by_their_own_kind(question, text, answer):
    assert answer in found(question, text)


def test_a_count_of_quarters_answers_how_many_quarters():
    text = "云海科技的AI收入连续五个季度保持三位数增长。"
    assert vouched("云海科技的AI收入已经连续几个季度翻倍？", text, text)


def test_what_opens_with_an_adverb_is_no_strangers_name():
    assert not subject.is_name("才算拿")
    assert subject.is_name("泓禾")


def test_the_numbers_of_a_list_are_no_sentences():
    text = "云海科技三季度收入为63亿元。"
    query, passages = understand("云海科技三季度收入是多少？"), (passage(text),)
    draft = "1. 三季度收入：64亿元\n2. 云海科技三季度收入为63亿元。"
    (sentence,) = verify.check(query, Draft("", passages, draft, "", "")).sentences
    assert sentence.text == "云海科技三季度收入为63亿元。"
