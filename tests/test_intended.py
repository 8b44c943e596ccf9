"""What a question means, of several figures side by side: before a change or after it, promised or done, whose."""

from rag import asking, binding, pairs, period, revised, statement, subject, timing, whose
from rag.coordinate import split
from rag.extract import vouched
from rag.figures import Kind, find
from rag.period import Part
from rag.question import understand
from rag.schema import Draft
from rag.text import Span, sentences
from rag.verify import check
from tests.reading import found, kept, passage


def revise(question: str, text: str) -> str:
    """Return by how much a forecast was revised; "" for no answer."""
    told = revised.answer(understand(question), [passage(text)])
    return "".join(s.text for s in told.sentences) if told else ""


def test_a_question_after_the_level_before_a_change_gets_the_one_it_came_from():
    text = "云海股份评级由买入下调至中性，主因是2025年净利润预测由402亿元降至61亿元。"
    asked = "评级下调之前，云海股份2025年净利润预测是多少？"
    assert found(asked, text) == "评级下调之前，云海股份2025年净利润预测为402亿元。"
    assert asking.BEFORE.search("下调之前的预测")
    assert not asking.BEFORE.search("预测比原先上调了多少")
    assert not asking.BEFORE.search("净利润预测下调至多少")


def test_what_was_promised_is_not_what_came_about():
    text = "业绩承诺为云海股份2024-2026年EBITDA分别不低于800万、1000万、1250万欧元。2024年云海股份实际完成EBITDA745万欧元，未达承诺。"
    assert "745万欧元" in found("云海股份2024年实际完成的EBITDA是多少？", text)
    assert "800万欧元" in found("云海股份2024年承诺的EBITDA是多少？", text)


def test_sums_of_a_row_share_the_currency_of_the_last():
    (row,) = pairs.rows("2024-2026年分别不低于800万、1000万、1250万欧元。")
    first, *_, last = row.figures
    (unit,) = pairs.units(row, first)
    assert (unit.kind, unit.value, unit.unit) == (Kind.MONEY, 1, last.unit)
    assert not pairs.units(row, last)


def test_two_items_are_those_that_stood_before():
    text = "整体毛利率15.3%，汽车业务毛利率8.6%，而2023年同期两项分别为-2.7%和-6.1%。"
    row = pairs.rows(text)[-1]
    assert dict(zip(row.names, (f.text for f in row.figures), strict=True)) == {
        "整体毛利率": "-2.7%",
        "汽车业务毛利率": "-6.1%",
    }


def test_the_same_period_of_a_year_is_the_part_that_the_text_speaks_of():
    shown = passage("云海股份2024年第三季度毛利率15.3%，2023年同期为-2.7%。")
    last = binding.of_passage(shown)[-1]
    assert last.timing.period
    assert (last.timing.period.year, last.timing.period.part) == (2023, Part.Q3)


def test_brackets_say_which_period_a_relative_word_means():
    (only,) = period.find("去年同期（2023年三季度）的毛利率")
    assert (only.year, only.part) == (2023, Part.Q3)
    assert len(period.find("去年同期毛利率（2023年三季度数据）")) == 2


def test_a_rate_of_one_expense_is_not_that_of_another_that_ends_alike():
    text = "云海股份Q3销售、管理、研发、财务费用率分别为11.2%、4.1%、3.9%、-0.4%，同比分别+0.5、-0.2、+0.1、+0.3pct。"
    told = found("云海股份2025年三季度管理费用率同比变动了多少？", text)
    assert "0.2pct" in told
    assert "0.3" not in told


def test_a_day_that_qualifies_a_thing_is_not_the_time_of_its_figure():
    text = "个人报废2018年4月30日前注册的新能源车，购买新车补贴2万元。"
    (slot,) = binding.of_passage(passage(text))
    assert slot.timing.period is None or slot.timing.period.day is None
    (bound,) = binding.of_passage(passage("2018年4月30日前完成投资2万元。"))
    assert bound.timing.period
    assert bound.timing.period.day == 30


def test_guidance_for_the_year_does_not_date_the_sentence_after_it():
    assert timing.main("管理层承认全年资本开支将低于指引。") is None
    whole = timing.main("公司2024年全年保持增长。")
    assert whole
    assert whole.year == 2024


def test_a_week_of_the_report_has_not_the_day_of_the_sentence_before():
    shown = passage("截至7月10日，两融余额1.87万亿元。股票型ETF本周净流出73亿元。")
    flow = binding.of_passage(shown)[-1]
    assert flow.timing.period is None or flow.timing.period.day is None


def test_runs_of_days_in_english_are_dates():
    assert [int(f.value) for f in find("the week of 7-11 July 2025")] == [20250707, 20250711]
    assert [int(f.value) for f in find("from November 11 to 15, 2024")] == [20241111, 20241115]
    assert [f.kind for f in find("7-11 July")] == [Kind.DATE, Kind.DATE]


def test_initials_do_not_end_a_sentence():
    text = "We value A.P. Moller at DKK 11,200. It pays well."
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "We value A.P. Moller at DKK 11,200.",
        "It pays well.",
    ]


def test_first_words_and_the_home_country_are_no_names():
    shown = (passage("股票型ETF本周净流出73亿元。"),)
    for text in (
        "Under the new measures, how large was the outflow?",
        "How much did Chinese funds lose?",
    ):
        about = subject.of(understand(text), shown)
        assert about is None or about.asked not in ("Under", "Chinese")
    etf = subject.of(understand("How much outflow did ETFs see?"), shown)
    assert etf
    assert etf.known


def test_a_question_is_about_whom_a_house_rates():
    text = "中金公司继续维持快手140港元目标价。"
    about = subject.of(understand("中金2022年1月给快手的目标价是多少？"), (passage(text),))
    assert about
    assert about.asked == "快手"
    alone = subject.of(understand("中金2024年的收入是多少？"), (passage(text),))
    assert alone
    assert alone.asked == "中金"
    assert whose.closeness(about, passage(text), Span(0, len(text)), text.index("140")) == 1.0


def test_how_something_moved_from_one_time_to_another_asks_for_both():
    assert split("云海股份的收入从2023年到2024年是怎么变化的？") == (
        "云海股份的收入2023年是多少？",
        "云海股份的收入2024年是多少？",
    )
    assert split("从2023年三季度到2024年三季度，云海股份的毛利率有什么变化？") == (
        "云海股份的毛利率2023年三季度是多少？",
        "云海股份的毛利率2024年三季度是多少？",
    )
    assert split("云海股份从制造到服务是怎么变化的？") == ()
    assert split("云海25年二季度广告收了多少钱 涨了多少") == ()
    both = split(understand("云海25年二季度广告收了多少钱 涨了多少").text)
    assert both == ("云海25年二季度广告收入是多少钱？", "云海25年二季度广告收入涨了多少？")


def test_a_question_may_end_with_any_measure():
    assert statement.of(understand("“低价40”组合2021年收益率"))
    assert statement.of(understand("云海股份2024年不良率"))
    assert statement.of(understand("云海股份2024年收入和毛利率")) is None
    assert statement.of(understand("请列示云海股份每股分红及占净利润的比例")) is None
    fell = statement.of(understand("云海股份的止血夹中标，价格降了多少？"))
    assert fell
    assert Kind.PERCENT in fell.kinds


def test_a_growth_is_told_from_a_margin_by_its_verb():
    text = "云海股份第三季经调整净利润49.9亿元，升26.3%，经调整净利润率14.0%。"
    draft = "云海股份第三季经调整净利润增速为26.3%。"
    assert kept("云海股份第三季经调整净利润增速是多少？", draft, text) == (draft,)
    wrong = "云海股份第三季经调整净利润增速为14.0%。"
    assert kept("云海股份第三季经调整净利润增速是多少？", wrong, text) == ()


def test_the_cell_whose_heads_the_question_says_is_told_from_a_sentence():
    table = (
        "年份 | 组合 | 基准 | 组合最大回撤\n2017 | 26.4 | 21.3 | -5.3\n2018 | -16.8 | -16.1 | -24.2"
    )
    text = "云海增强组合相对最大回撤5.6%。\n表2 分年度表现（%）\n" + table
    assert "-24.2" in found("云海增强组合2018年的组合最大回撤是多少？", text)


def test_a_draft_in_english_over_chinese_text_needs_none_of_its_words():
    query = understand("How much did equity ETFs lose in outflows this week?")
    shown = (passage("股票型ETF本周净流出73亿元，上周净流出215亿元。"),)
    draft = "Equity ETFs saw outflows of RMB 7.3 billion."
    told = check(query, Draft(query.original, shown, draft, "", ""))
    assert told.sentences
    assert vouched(query, shown, told)


def test_what_was_sold_for_a_bare_sum_is_revenue():
    text = "云海股份上半年减肥药收入6.84亿元，同比增长12%。"
    draft = "云海股份的减肥药上半年卖了6.84亿。"
    assert kept("云海股份的减肥药上半年卖了多少钱？", draft, text) == (draft,)
    pieces = "云海股份的减肥药上半年卖了6.84亿支。"
    assert kept("云海股份的减肥药上半年卖了多少支？", pieces, text) == ()


def test_a_change_that_a_report_states_is_told_without_its_sign_twice():
    text = "云海股份25Q1末合同负债6.91亿元，环比-1.72亿元，同比-1.87亿元。"
    asked = "云海股份2025年一季度末合同负债比去年同期少了多少？"
    assert found(asked, text) == "云海股份2025年一季度末合同负债比去年同期少了1.87亿元。"
    spread = "云海股份天然气、石油焦产线单位毛利分别为-206、-58元/吨，环比分别-31、-25元/吨。"
    told = found("云海股份石油焦产线的单位毛利环比变化多少？", spread)
    assert "下降25元" in told


def test_a_measure_and_its_change_are_two_questions():
    assert split("云海股份2024年的毛利率及同比变动") == (
        "云海股份2024年的毛利率是多少？",
        "云海股份2024年的毛利率同比变动是多少？",
    )
    assert split("介绍云海股份的收入和利润") == ()
    assert split("云海股份2024年毛利率同比变化是多少") == ()


def test_orders_may_be_counted():
    asked = statement.of(understand("What was Yunhai's firm order intake in 3Q25 (MW)?"))
    assert asked
    assert Kind.COUNT in asked.kinds


def test_a_revision_of_a_forecast_is_reckoned_from_the_one_before_by_its_year():
    text = "我们下调云海股份2025-2027年归母净利润预测至161.2/178.6/243.5亿元（前值为203.4/225.0/267.9亿元）。"
    cut = revise("点评把云海股份2025年归母净利润预测较前值下调了多少亿元？", text)
    assert "由203.4亿元下调至161.2亿元，下调42.2亿元" in cut
    assert "下调46.4亿元" in revise("云海股份2026年归母净利润预测下调了多少？", text)
    assert revise("云海股份2025年归母净利润预测较前值上调了多少？", text) == ""
    moved = "我们将云海股份2025年净利润预测由62亿元下调到54亿元。"
    assert "下调8亿元" in revise("云海股份2025年净利润预测下调了多少？", moved)


def test_the_value_before_stands_in_brackets():
    text = "云海股份10月销量同比+6.2%（前值7.2%）。"
    now = {s.figure.text: s.near for s in binding.of_passage(passage(text))}
    assert "~from" in now["7.2%"]
    assert "~from" not in now["+6.2%"]
    assert "6.2%" in found("云海股份10月销量同比增长多少？", text)


def test_a_row_takes_the_years_before_it_not_the_words_of_a_caption():
    text = (
        "盈利预测、估值与评级：预计2025-2027年净利润6.78/9.05/11.62亿元（原6.25/7.83/9.60亿元）。"
    )
    now, before = pairs.rows(text)
    assert now.names == before.names == ("2025年", "2026年", "2027年")
    spans = "2016年至2018年、2019年至2021年、2022年至2024年，第一组超额分别为6.3%、8.9%、8.5%。"
    (row,) = pairs.rows(spans)
    assert row.names[:2] == ("2016年至2018年", "2019年至2021年")


def test_what_is_told_of_the_year_is_no_answer_for_its_last_quarter():
    text = "全年营收18.46亿元，同比增长12.8%。综合毛利率62.4%，同比下降2.1pct。"
    title = "云海股份2024年年报点评"
    assert found("云海股份2024年的综合毛利率是多少？", text, title)
    assert found("云海股份2024年第四季度单季的毛利率是多少？", text, title) == ""
    quarter = "云海股份2024年四季度综合毛利率62.4%，同比下降2.1pct。"
    assert "62.4%" in found("云海股份2024年第四季度的综合毛利率是多少？", quarter, title)


def test_growth_abroad_without_what_was_bought_is_not_that_at_home():
    text = "云海股份Q3本土市场游戏收入428亿元，同比+15%，国际市场游戏收入208亿元，同比+43%，剔除并表影响后国际增速约为+28%。"
    assert "15%" in found("云海股份2025年三季度本土市场游戏收入同比增长多少？", text)
    assert "28%" not in found("云海股份2025年三季度本土游戏的收入增速是多少？", text)


def test_a_grade_is_read_whole():
    text = "3年期AAA、AA+、AA、AA-中票收益率分别为1.84%、1.93%、2.06%、2.61%。"
    assert "1.93%" in found("3年期AA+中票收益率是多少？", text)
    assert "2.06%" in found("3年期AA中票收益率是多少？", text)


def test_the_code_of_a_share_in_a_question_is_no_figure_of_the_answer():
    text = "云海股份2026年预测市盈率21.2倍。"
    draft = "300981对应2026年预测的市盈率是21.2倍。"
    assert kept("300981对应2026年预测的市盈率是多少倍？", draft, text) == (draft,)
    assert kept("云海股份2026年预测的市盈率是多少倍？", draft, text) != (draft,)
