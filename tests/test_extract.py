"""The figure that the question's words are said of, and none where they are said of another."""

import pytest

from rag import extract, figures, subject, verify
from rag.question import understand
from rag.schema import Check, DocumentFacts, Draft, Passage

REVIEW = DocumentFacts(
    "d1-1", "a.md", "云海科技2024年年报点评", "东湖证券", "2025-03-20", "md", 0, 9
)
PEERS = DocumentFacts("d1-2", "b.md", "软件行业2024年回顾", "西山证券", "2025-03-25", "md", 0, 9)
RESULTS = "2024年云海科技营业收入88.4亿元，同比增长12.5%；归母净利润9.3亿元，同比增长20.1%。"
PARTS = "分业务看，云服务、软件授权、硬件收入分别为41.2亿元、30.7亿元和16.5亿元，同比分别增长31%、4%和-6%。"
MARGIN = "毛利率由2023年的41.3%提高到43.8%。"
PEER = "白鹭软件2024年营业收入20.6亿元，毛利率55.2%。"
TABLE_HEAD = "表1：云海科技盈利预测（单位：亿元）\n项目 | 2024A | 2025E | 2026E"
TABLE = "营业收入 | 88.4 | 99.0 | 110.5\n归母净利润 | 9.3 | 11.2 | 13.6"


def passage(label, text, document=REVIEW, head="", heading=("一、业绩",)):
    path = (document.title, *heading)
    return Passage(label, document.doc_id, 0, len(text), text, path, None, document, 1.0, head)


PASSAGES = (
    passage(1, RESULTS),
    passage(2, PARTS),
    passage(3, MARGIN),
    passage(4, PEER, PEERS),
    passage(5, TABLE, head=TABLE_HEAD, heading=("三、盈利预测",)),
)


def best(question):
    found = extract.candidates(understand(question), PASSAGES)
    return found[0].words if found else None


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("云海科技2024年营业收入是多少？", "88.4亿元"),
        ("云海科技2024年归母净利润同比增长多少？", "20.1%"),
        ("云海科技2024年软件授权收入是多少？", "30.7亿元"),
        ("云海科技2024年硬件收入同比增长多少？", "6%"),
        ("云海科技2023年的毛利率是多少？", "41.3%"),
        ("云海科技2024年的毛利率是多少？", "43.8%"),
        ("白鹭软件2024年的毛利率是多少？", "55.2%"),
        ("预计云海科技2026年归母净利润是多少？", "13.6亿元"),
    ],
)
def test_the_words_of_the_question_tell_neighbours_apart(question, figure):
    found = best(question)
    assert found is not None
    assert figure in found


@pytest.mark.parametrize(
    "question",
    [
        "白鹭软件2024年归母净利润是多少？",
        "云海科技2021年营业收入是多少？",
        "云海科技2024年第三季度营业收入是多少？",
        "青禾软件2024年营业收入是多少？",
        "云海科技2024年经营现金流是多少？",
    ],
)
def test_another_subject_time_or_measure_is_no_answer(question):
    assert extract.answer(understand(question), PASSAGES) is None


def test_what_is_extracted_is_checked_and_cited_like_a_draft():
    found = extract.answer(understand("云海科技2024年软件授权收入是多少？"), PASSAGES)
    assert found is not None
    assert found.sure
    (sentence,) = found.checked.sentences
    assert sentence.text == "云海科技2024年软件授权收入为30.7亿元。"
    money = [f for f in sentence.figures if "亿元" in f.text]
    assert [(f.check, f.label) for f in money] == [(Check.VERIFIED, 2)]


def test_a_question_whose_words_stand_nowhere_near_is_left_to_the_model():
    found = extract.answer(understand("云海科技2024年东南亚代理渠道收入是多少？"), PASSAGES)
    assert found is None or not found.sure


def test_a_true_figure_that_is_not_the_one_asked_for_is_not_vouched_for():
    query = understand("云海科技2024年营业收入是多少？")

    def vouched(text):
        checked = verify.check(query, Draft(query.original, PASSAGES, text, "", ""))
        assert checked.sentences
        return extract.vouched(query, PASSAGES, checked)

    assert vouched("云海科技2024年营业收入88.4亿元，同比增长12.5%。")
    assert not vouched("云海科技2024年归母净利润9.3亿元。")
    free = understand("云海科技2024年业绩怎么样？")
    checked = verify.check(free, Draft("", PASSAGES, "归母净利润9.3亿元。", "", ""))
    assert extract.vouched(free, PASSAGES, checked)


def test_two_figures_that_fit_alike_are_told_to_nobody():
    twins = (
        passage(1, "云海科技2024年订单收入12亿元。"),
        passage(2, "云海科技2024年订单收入15亿元。"),
    )
    assert (
        extract.clear(extract.candidates(understand("云海科技2024年订单收入是多少？"), twins))
        is None
    )


def test_whom_a_question_is_about():
    def of(question):
        found = subject.of(understand(question), PASSAGES)
        return found and (found.asked, found.known)

    assert of("云海科技2024年收入是多少？") == ("云海科技", True)
    assert of("2024年白鹭软件的收入是多少？") == ("白鹭软件", True)
    assert of("西山证券预计云海科技2025年收入是多少？") == ("云海科技", True)
    assert of("青禾软件2024年收入是多少？") == ("青禾软件", False)
    assert of("毛利率是多少？") is None


def test_a_name_after_the_figure_in_another_part_is_not_its_subject():
    text = "同期白鹭软件毛利率为55.2%；青禾软件未披露毛利率。"
    shown = (passage(1, text, PEERS),)
    query = understand("青禾软件的毛利率是多少？")
    assert extract.candidates(query, shown) == ()
    assert [c.words for c in extract.candidates(understand("白鹭软件的毛利率是多少？"), shown)] == [
        "55.2%"
    ]
    assert figures.find(text)[0].text == "55.2%"


def words(question, *texts):
    shown = tuple(passage(n, text) for n, text in enumerate(texts, start=1))
    found = extract.answer(understand(question), shown)
    return found.checked.sentences[0].text if found else None


def test_the_level_it_came_from_is_not_that_of_the_year_it_came_to():
    assert "41.3%" in words("云海科技2023年的毛利率是多少？", MARGIN)
    assert "43.8%" in words("云海科技2024年的毛利率是多少？", f"2024年{MARGIN}")


def test_an_assumption_is_no_answer_unless_a_forecast_is_asked_for():
    assumed = "云海科技的毛利率假设维持在45%左右。"
    assert words("云海科技2024年的毛利率是多少？", assumed) is None
    assert "45%" in words("假设云海科技的毛利率是多少？", assumed)


def test_a_level_is_no_growth():
    text = "云海科技2024年新业务价值率28.8%，同比提高2.1个百分点。"
    assert words("云海科技2024年新业务价值率同比增长多少？", text) is None
    assert "28.8%" in words("云海科技2024年新业务价值率是多少？", text)


def test_a_figure_that_the_question_states_is_not_what_it_asks_for():
    text = "云海科技2024年收入同比增长12.5%。"
    assert words("云海科技2024年收入同比增长12.5%，云服务收入同比增长多少？", text) is None


def test_of_a_list_only_what_is_named_counts():
    text = "2024年云海科技在云服务、软件、硬件三个市场的份额分别为3.9%、2.3%和2.8%。"
    assert "2.3%" in words("云海科技2024年在软件市场的份额是多少？", text)


def test_the_dividend_of_a_share_is_no_sum_of_millions():
    text = "云海科技2024年中期每股派息0.18元，合计派息28.9亿元。"
    assert "0.18元" in words("云海科技2024年中期每股派息多少？", text)


def test_abroad_is_not_everywhere():
    assert words("云海科技2024年的海外收入是多少？", RESULTS) is None


@pytest.mark.parametrize(
    "question",
    [
        "云海科技2024年收入同比增长多少，占集团多大比重？",
        "云海科技2024年收入最高的季度收入是多少？",
        "云海科技2024年收入比白鹭软件高多少？",
        "What was Yunhai's revenue in 2024, and how fast did it grow?",
        "By how much did Yunhai's revenue exceed Egret's?",
    ],
)
def test_what_one_figure_cannot_answer_is_not_tried(question):
    assert extract.candidates(understand(question), PASSAGES) == ()


def test_whom_a_figure_is_compared_with_is_not_whose_it_is():
    text = "同期白鹭软件毛利率为55.2%，远高于青禾软件。"
    assert words("青禾软件的毛利率是多少？", text) is None


ACCOUNT_HEAD = "项目 | 本期发生额 | 上期发生额"
ACCOUNT = "关联方资金拆入 | 13,233,950.00 | 3,500,000.00\n合计 | 15,233,950.00 | 4,500,000.00"


def of_account(question):
    shown = (passage(1, ACCOUNT, head=ACCOUNT_HEAD),)
    found = extract.answer(understand(question), shown)
    return found.checked.sentences[0].text if found else None


def test_a_cell_is_found_by_the_words_of_its_row_and_column_alone():
    assert "3,500,000.00" in of_account("上期关联方资金拆入的发生额是多少？")
    assert "13,233,950.00" in of_account("本期关联方资金拆入的发生额是多少？")
    assert of_account("关联方资金拆入的发生额是多少？") is None


def test_a_unit_that_the_table_does_not_name_is_left_out():
    query = understand("本期关联方资金拆入的发生额是多少？")
    shown = (passage(1, ACCOUNT, head=ACCOUNT_HEAD),)
    drafted = Draft("", shown, "本期关联方资金拆入的发生额为13,233,950.00元。", "", "")
    (sentence,) = verify.check(query, drafted).sentences
    assert sentence.text == "本期关联方资金拆入的发生额为13,233,950.00。"
    assert sentence.figures[0].check is Check.VERIFIED
    millions = Draft("", shown, "本期关联方资金拆入的发生额为13,233,950.00万元。", "", "")
    assert not verify.check(query, millions).sentences


def test_the_third_quarter_is_no_rank():
    text = "2024年第三季度云海科技收入22.1亿元；是全年增速最快的一个季度，净利润5.5亿元。"
    assert "22.1亿元" in words("2024年第三季度云海科技的收入是多少？", text)
    assert words("增速第二的季度收入是多少？", text) is None


def test_of_two_currencies_the_asked_one_is_given():
    text = "高级版订阅每月收费18.99美元（约137元人民币）。"
    assert "18.99美元" in words("高级版订阅每月收费多少美元？", text)
    assert "137元人民币" in words("高级版订阅每月收费多少元人民币？", text)


def test_another_segments_figure_is_not_the_asked_ones():
    text = "互联网业务方面，云海科技三季度收入85亿元，毛利率77.5%。海外收入12亿元，毛利率20.1%。"
    assert words("云海科技汽车业务的毛利率是多少？", text) is None
    assert "85亿元" in words("云海科技互联网业务的收入是多少？", text)


def test_parts_of_a_sentence_between_semicolons_keep_their_own_subject():
    text = (
        "2024年三季度增值服务毛利475亿元，同比增长13%，毛利率从去年同期的56%提升到57%；"
        "营销服务毛利159亿元，同比增长18%，毛利率从去年同期的52%提升到53%。"
    )
    assert "56%" in words("云海增值服务2023年三季度的毛利率是多少？", text)
    assert "52%" in words("云海营销服务2023年三季度的毛利率是多少？", text)


def test_a_sum_without_its_currency_is_one():
    text = "2024年三季度云海科技净利润63亿元；现金储备达到1516亿，同比增长18.7%。"
    assert "1516亿" in words("云海科技2024年三季度的现金储备是多少？", text)


def test_a_count_is_of_the_noun_after_it():
    shown = (passage(1, "本月获批112款国产游戏、7款进口游戏，另有3款变更。"),)
    for asked, right in (("国产", 112), ("进口", 7)):
        query = understand(f"本月获批的{asked}游戏有几款？")
        for count in (112, 7):
            drafted = Draft("", shown, f"本月获批的{asked}游戏有{count}款。", "", "")
            said = [s.text for s in verify.check(query, drafted).sentences]
            assert all(f"{right}款" in text for text in said)
            assert said or count != right


def test_growth_asked_in_plain_words_is_no_share():
    text = "云服务占收入的49%。2024年三季度云服务收入827亿元，同比增长9%。"
    assert "9%" in words("云海2024年三季度云服务收入涨了几个点？", text)


def test_a_year_begins_in_no_november():
    text = "截至11月15日，云海科技市值2119亿美元。2020年初，云海科技市值达到6100亿美元。"
    assert "6100亿美元" in words("云海科技2020年初的市值是多少？", text)


def test_a_question_after_an_amount_is_not_answered_without_one():
    query = understand("使用新功能后，云海科技的订单量平均提高了多少？")
    drafted = Draft("", PASSAGES, "云海科技净利润增长。", "", "")
    sentence = verify.CheckedSentence(drafted.text, (), ())
    assert not extract.vouched(query, PASSAGES, verify.Checked((sentence,), ()))


def test_the_whole_is_not_one_line_of_business():
    text = (
        "2024年三季度云海科技总收入达925亿元，同比增长30.5%。"
        "设备业务方面，2024年三季度收入为261亿元；创新业务收入为97亿元。"
    )
    assert "925亿元" in words("云海科技2024年三季度总收入是多少？", text)
    assert "261亿元" in words("云海科技设备业务2024年三季度收入是多少？", text)


def test_a_growth_may_be_named_in_the_clause_before():
    text = "2024年云海科技市值增幅最大，达到121%，其次是白鹭软件，市值增长90%。"
    assert "121%" in words("2024年云海科技的市值涨了多少？", text)
    assert "90%" in words("2024年白鹭软件的市值涨了多少？", text)


def test_the_whole_is_none_of_its_parts():
    text = (
        "2024年三季度云海科技毛利888亿元，毛利率从去年同期的49%提升到53%。"
        "其中增值服务毛利475亿元，毛利率从去年同期的56%提升到57%；营销服务毛利159亿元，毛利率从去年同期的52%提升到53%。"
    )
    assert "49%" in words("云海科技2023年三季度的整体毛利率是多少？", text)


def test_another_measures_growth_under_a_heading_of_the_asked_one():
    text = "2024年三季度云海科技资本支出高达174.9亿元，同比增长239.4%。"
    shown = (passage(1, text, heading=("二、云海科技营收增加",)),)
    assert (
        extract.candidates(understand("云海科技2024年三季度整体营收同比增速是多少？"), shown) == ()
    )


def test_a_name_with_its_version_is_found():
    text = "云海Sea2.5-Turbo将上下文长度从12.8万个扩展至100万个token。"
    shown = (passage(1, text),)
    found = extract.candidates(understand("Sea2.5-Turbo扩容之前的上下文长度是多少个token？"), shown)
    assert any("12.8" in c.words for c in found)


def test_things_of_another_kind_are_not_counted():
    text = "境外累计发行银联卡2.5亿张，这些卡片可在183个国家和地区使用。"
    assert "183个" in words("境外发行的银联卡能在多少个国家和地区使用？", text)


def test_a_longer_name_is_another_company():
    text = "阿里云三季度营收296.1亿元，同比增长7.1%。阿里巴巴三季度收入2365亿元，同比增长5%。"
    assert "5%" in words("阿里巴巴集团三季度营收同比增长多少？", text)
    assert "7.1%" in words("阿里云三季度营收同比增长多少？", text)


def test_the_group_that_a_share_is_of_does_not_take_it():
    text = "2024年三季度，阿里云在阿里集团中的营收占比为12.5%。"
    assert "12.5%" in words("2024年三季度阿里云收入占集团收入的比例是多少？", text)


def found_in(question, *texts):
    shown = [passage(n, text) for n, text in enumerate(texts, 1)]
    return [c.words for c in extract.candidates(understand(question), shown)]


def test_a_sentence_that_opens_with_another_name_is_of_it():
    near = "2024年特斯拉销量超过4.8万辆。", "劳斯莱斯2024年全球销量至5,586辆。"
    assert found_in("特斯拉2024年全球销量是多少辆？", *near) == ["4.8万辆"]


def test_a_length_of_time_is_no_amount():
    text = "特斯拉2024年全球销量创17年来新高，至5,586辆。"
    assert found_in("特斯拉2024年全球销量是多少？", text) == ["5,586辆"]


def test_a_figure_in_brackets_is_of_the_name_before_it():
    text = "除星河（2.5%）外，2024年增速均高于平均，其中远山（5.3%）、云海科技（4.8%）居前。"
    found = found_in("云海科技2024年增速是多少？", text)
    assert found[0] == "4.8%"
    assert "5.3%" not in found


ASSETS = "资产类别 | 电子设备 | 办公设备 | 首台（套）示范设备\n折旧率（%） | 33.0 | 19.8 | 10.0"


def told_of(question, table=ASSETS):
    head, _, rows = table.partition("\n")
    shown = [passage(1, rows, head=head, heading=("三、固定资产",))]
    found = extract.answer(understand(question), shown)
    return found.checked.sentences[0].text if found else None


def test_the_cell_of_the_named_column_is_told_in_its_own_unit():
    assert "33.0%" in told_of("电子设备的折旧率是多少？")
    assert "10.0%" in told_of("首台示范设备的折旧率是多少？")


def test_two_columns_are_not_answered_by_one_cell():
    assert told_of("电子设备与办公设备的折旧率是多少？") is None


def test_a_measure_told_nearer_is_what_a_figure_is_of():
    text = "云海科技向创作者支付的收入分成增加，2024年销售开支同比增加66%，达58亿元。"
    assert not found_in("云海科技2024年总收入是多少？", text)
    assert found_in("云海科技2024年销售开支是多少？", text)[0] == "58亿元"


WINDOWS = (
    "表 6：多空组合年化收益及最大回撤\n滚动窗口/月 | A 组年化收益 | A 组最大回撤 | B 组最大回撤\n"
    "1 | 18.39% | 16.22% | 16.26%\n2 | 18.26% | 12.60% | 18.58%\n3 | 17.40% | 10.37% | 16.48%"
)


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("滚动窗口取2个月时，B组的最大回撤是多少？", "18.58%"),
        ("滚动窗口为3个月时，A组的最大回撤是多少？", "10.37%"),
        ("滚动窗口为3个月时，A组的年化收益是多少？", "17.40%"),
    ],
)
def test_a_row_that_only_a_number_names_is_found_by_it(question, figure):
    caption, columns, *rows = WINDOWS.split("\n")
    shown = [passage(1, "\n".join(rows), head=f"{caption}\n{columns}", heading=("三、实证",))]
    found = extract.answer(understand(question), shown)
    assert found is not None and figure in found.checked.sentences[0].text
    wrong = Draft(question, tuple(shown), "16.22%", "", "")
    checked = verify.check(understand(question), wrong)
    assert not checked.sentences and "滚动窗口/月 1" in checked.dropped[0]


def test_what_is_left_is_not_what_was_sold():
    text = "云海科技11月19日出售了65.50万股白鹭股票。抛售后，云海科技对白鹭的持股减至775万股。"
    question = "卖出之后，云海科技还持有多少白鹭股份？"
    checked = verify.check(
        understand(question),
        Draft(question, (passage(1, text),), "云海科技还持有775万股白鹭股份。", "", ""),
    )
    assert [s.text for s in checked.sentences] == ["云海科技还持有775万股白鹭股份。"]


def test_things_are_no_people():
    text = "云海科技用户已累计生成超5100万个视频和1.5亿张图片。"
    assert not found_in("云海科技有多少注册用户？", text)
    assert found_in("云海科技有多少注册用户？", "云海科技注册用户突破4600万大关。")[0] == "4600万"
    assert found_in("云海科技有多少用户？", "云海科技拥有1.2亿个活跃用户。")[0].startswith("1.2亿")


def test_what_is_counted_has_no_share():
    text = "此次发放的113款中，有移动端104款（包含休闲益智类50款）。"
    assert found_in("移动端产品中，休闲益智品类占了几款？", text)[0].replace(" ", "") == "50款"
