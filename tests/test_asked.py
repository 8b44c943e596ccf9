"""What a question says that a report need not: at home, asking words, lengths of time, names in Latin letters."""

from rag import binding, cells, clauses, figures, repair, romanized, statement, subject, timing
from rag.extract import vouched
from rag.figures import Kind
from rag.question import understand
from rag.schema import Draft
from rag.verify import check
from tests.reading import found, kept, passage


def test_a_trade_need_not_be_said_to_be_that_of_the_country():
    text = "2024年经销商盈利比例降至39.3%，其余持平。"
    asked = "2024年国内经销商的盈利比例是多少？"
    assert "39.3%" in found(asked, text)
    abroad = "2024年欧洲经销商盈利比例降至39.3%，其余持平。"
    assert found(asked, abroad) == ""


def test_a_company_is_to_be_said_to_be_at_home():
    text = "云海股份2024年收入48.2亿元。"
    assert found("云海股份2024年收入是多少？", text)
    assert found("云海股份2024年国内收入是多少？", text) == ""


def test_a_draft_of_another_kind_than_the_words_suggest_may_be_what_is_asked_for():
    text = "2024年经销商亏损面达41.7%，盈利比例降至39.3%。"
    query = understand("2024年国内经销商的亏损面有多大？")
    shown = (passage(text),)
    right = check(query, Draft(query.text, shown, "2024年国内经销商的亏损面达41.7%。", "", ""))
    assert vouched(query, shown, right)
    other = understand("2024年国内经销商的净亏损是多少？")
    beside = check(other, Draft(other.text, shown, "2024年经销商盈利比例降至39.3%。", "", ""))
    assert not vouched(other, shown, beside)


def test_what_asks_is_no_word_of_the_question():
    for asked, own in (
        ("云海股份的授予价是多少？", {"授予", "价"}),
        ("端游涨几个点啊", {"端游"}),
        ("云海股份三季度亏了多少钱？", set[str]()),
        ("亏损面有多大？", {"亏损面"}),
    ):
        assert set(subject.aspects(understand(asked), None)) - {"云海", "股份"} == own


def test_what_touches_a_figure_of_a_list_tells_it_from_the_other():
    text = "云海股份马来西亚工厂一期7月投产，年产CDU 4000台、冷板12万套。"
    assert "12万套" in found("云海股份马来西亚工厂一期，冷板设计年产能是多少？", text)


def test_an_annual_report_of_the_spring_tells_of_last_year():
    text = "云海股份归母净利润4.29亿元，同比增长1.2%。"
    asked = "云海股份去年年报的归母净利润是多少？"
    assert found(asked, text, "云海股份年报点评", "2025-03-31")
    assert found(asked, text, "云海股份年报点评", "2025-08-31") == ""


def test_the_year_that_targets_are_measured_from_dates_no_other_figure():
    text = "2025年股权激励考核目标：以2024年净利润为基数，增长率不低于30%；授予价18.75元/股。"
    price = binding.of_passage(passage(text))[-1]
    assert price.figure.text == "18.75元"
    assert price.timing.period
    assert price.timing.period.year == 2025


def test_a_month_with_its_year_sets_the_time_for_what_follows():
    set_by = timing.main("2024年9月，云海进行了5月以来的第二轮降价。")
    assert set_by
    assert (set_by.year, set_by.month) == (2024, 9)
    assert clauses.LEANS.match("2024年986.5亿元")


def test_growth_at_home_is_not_the_one_abroad():
    text = "云海股份Q3本土市场游戏收入428亿元，同比+15%，剔除并表影响后国际增速约为+28%。"
    draft = "云海股份2025年三季度本土游戏的收入增速为15%。"
    assert kept("云海股份2025年三季度本土游戏的收入增速是多少？", draft, text) == (draft,)
    wrong = "云海股份2025年三季度本土游戏的收入增速为28%。"
    assert kept("云海股份2025年三季度本土游戏的收入增速是多少？", wrong, text) != (wrong,)


def test_how_much_something_rose_is_no_share_of_it():
    text = "云海股份三季度端游收入67.3亿元、同比+27.6%，手游收入约占在线游戏的69.4%。"
    assert "27.6%" in found("云海股份三季度端游涨几个点啊？", text)


def test_how_long_is_answered_with_a_length_of_time():
    text = "云海股份46家门店的平均回本周期为16个月，单店面积38平方米。"
    assert "16个月" in found("云海股份门店的平均回本周期是多久？", text)
    assert found("云海股份的门店开了多久？", "云海股份有46家门店。") == ""
    asked = statement.of(understand("How long is the payback period of a store?"))
    assert asked
    assert Kind.COUNT in asked.kinds


def test_a_name_in_latin_letters_is_the_one_that_a_text_spells():
    texts = ["云岫银行上半年净利润96.35亿元。", "淘天的88VIP用户达到4600万。"]
    assert romanized.spellings("Taotian", texts) == ("淘天",)
    assert romanized.spellings("Yunxiu Bank", texts) == ("云岫银行",)
    assert romanized.spellings("Yunxiu Securities", texts) == ()
    assert romanized.spellings("Apple", texts) == ()


GROWTHS = """盈利预测
项目/年度 2023A 2024A 2025E 2026E 2027E
营业收入（百万元） 2,919 3,842 4,960 6,185 7,490
增长率（%） 40.7 31.6 29.1 24.7 21.1
归母净利润（百万元） 601 736 958 1,240 1,552
增长率（%） 35.2 22.5 30.2 29.4 25.2"""


def test_a_row_of_growths_is_that_of_the_row_above():
    rows = {c.row for c in cells.find(GROWTHS)}
    assert {"营业收入 增长率（%）", "归母净利润 增长率（%）"} < rows
    assert "29.4%" in found("云海股份2026年归母净利润增速是多少？", GROWTHS)
    assert "24.7%" in found("云海股份2026年营业收入增速是多少？", GROWTHS)
    assert "1,240" in found("云海股份2026年归母净利润是多少？", GROWTHS)


def test_of_two_units_of_a_caption_rates_are_in_per_cent_and_sums_are_not():
    text = """表1 2025年一季度经营数据（亿元，%）
银行 | 营业收入 | 同比 | 归母净利润 | 同比
苏沛银行 | 64.2 | 8.5 | 30.1 | 13.2
海岳银行 | 71.8 | -0.9 | 24.7 | -3.8"""
    asked = "苏沛银行2025年一季度归母净利润"
    assert "13.2" in found(f"{asked}增速是多少？", text)
    assert "30.1亿元" in found(f"{asked}是多少？", text)


def test_a_discount_is_a_rate():
    text = "云海股份配售价较前一交易日收市价33.75港元折让4.9%。"
    assert "4.9%" in found("云海股份的配售价较前一交易日收市价折让了多少？", text)


def test_a_price_is_not_by_how_much_something_is_cheaper():
    text = "云海股份新模型输出价格2.4元，较上一代下降70%。"
    query = understand("云海股份新模型的输出价格比上一代便宜了多少？")
    wrong = "云海股份新模型输出价格比上一代便宜2.4元。"
    shown = (passage(text),)
    checked = check(query, Draft(query.text, shown, wrong, "", ""))
    assert not vouched(query, shown, checked)


def test_words_of_the_question_need_not_stand_in_what_is_cited():
    text = "桌面版通过“Alt + 空格”键快速访问助手。"
    draft = "桌面版用“Alt + 空格”呼出。"
    assert kept("桌面版用什么快捷键呼出？", draft, text) == (draft,)
    assert kept("桌面版用什么快捷键呼出？", "桌面版用“Ctrl + 回车”呼出。", text) == ()


def test_a_clause_left_alone_opens_without_what_joined_it():
    text = "Core had the higher margin at 58.6%, while Ridge had 71.3%."
    query = understand("Which had the higher margin, Core or Ridge?")
    lost = figures.find(text)[0]
    assert repair.without(query, text, [lost]) == "Ridge had 71.3%."
