"""Right drafts that used to be turned away, and neighbours' figures that used to take their place."""

import pytest

from rag import extract, figures, pairs, period, premise, saying, stated, statement, text
from rag.binding import of_draft, of_passage
from rag.figures import Kind
from rag.period import Part
from rag.question import understand
from rag.refuse import after_checking
from rag.schema import Chunk, DocumentFacts, Draft, Hit, Passage
from rag.verify import check
from tests.reading import found, kept, passage


def refused(question: str, draft: str, told: str, heading: str = "云海股份点评") -> str | None:
    """Return the grounds of the refusal of a draft over one passage, None where it may be said."""
    query, shown = understand(question), passage(told, heading)
    facts = DocumentFacts("d1", "r.txt", heading, None, "2025-10-29", "text", 0, 1)
    hit = Hit(1, 1.0, Chunk("d1", 0, len(told), told, (heading,)), facts)
    checked = check(query, Draft(question, (shown,), draft, "", ""))
    refusal = after_checking(query, (hit,), (shown,), checked, 4.0)
    return refusal.trace if refusal else None


def test_a_percentile_is_asked_for_in_words() -> None:
    told = "指数PE-TTM为20.59x，处于指数成立以来8.85%分位点。"
    asked = "云海指数的滚动市盈率，排在指数成立以来百分之几的位置？"
    assert statement.of(understand(asked)).kinds == {Kind.PERCENT, Kind.NUMBER}
    assert "20.59" not in found(asked, told)


def test_words_cut_wrong_around_a_name_are_compared_by_their_characters() -> None:
    told = "副总裁李青结束兼岗，继续担任互动娱乐事业群（IEG）天美工作室群总裁。"
    asked = "副总裁李青继续当哪个工作室群的总裁？"
    assert kept(asked, "李青继续当天美工作室群总裁。", told)
    assert kept(asked, "李青继续当光子工作室群总裁。", told) == ()


def test_what_is_left_over_is_what_the_source_lacks() -> None:
    assert text.left_over("天美工作室群总裁", "互动娱乐天美工作室", 3) == ["群总裁"]
    assert text.left_over("天美", "天美工作室", 3) == ["天美"]
    assert stated.copied("李青任天美总裁", "李青任什么", "天美总裁")
    assert not stated.copied("李青任光子总裁", "李青任什么", "天美总裁")


def test_a_neighbour_of_another_day_takes_no_figures_place() -> None:
    told = "公司11月19日以平均每股133.76美元的价格出售了65.50万股云海股票，在11月14日至11月18日期间以平均每股约129.38美元的价格出售了88.26万股。"
    asked = "2024年11月14日到18日这几天，公司减持了多少股云海，均价多少？"
    draft = "公司减持了88.26万股云海，均价约129.38美元。"
    assert kept(asked, draft, told) == (draft,)


def test_one_side_of_a_comparison_is_no_comparison() -> None:
    told = "甲产品每月收费20美元。乙产品每月收费18.99美元。"
    asked = "甲产品和乙产品包月哪个更便宜？"
    assert refused(asked, "甲产品：30美元\n乙产品：18.99美元", told) is not None
    assert refused(asked, "甲产品：20美元\n乙产品：18.99美元", told) is None


def test_the_whole_is_no_region_of_a_company() -> None:
    whole = "Yield at Nanhua Airlines slipped 4.9% to RMB0.538."
    asked = "What was Nanhua Airlines' domestic yield in RMB?"
    draft = "Nanhua Airlines' domestic yield was RMB0.538."
    grounds = refused(asked, draft, whole, "Nanhua Airlines: third quarter")
    assert grounds is None or "domestic" in grounds


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("首三季收入", Part.M9),
        ("头九个月收入", Part.M9),
        ("首六个月收入", Part.H1),
        ("头两季", Part.H1),
        ("第二财季收入", Part.Q2),
        ("second fiscal quarter revenue", Part.Q2),
        ("首季收入", Part.Q1),
        ("前三季度", Part.M9),
    ],
)
def test_parts_of_the_year_as_hong_kong_says_them(words: str, part: Part) -> None:
    assert [p.part for p in period.find(words)] == [part]


def test_last_years_figure_behind_a_whole_year_is_of_no_quarter() -> None:
    told = "2024年公司归母净利润6.24亿元，上年为16.64亿元。"
    assert found("云海股份2023年第四季度单季归母净利润是多少？", told) == ""
    quarter = "2024年三季度归母净利润10.2亿元，上年为8.1亿元。"
    asked = understand("云海股份2023年三季度归母净利润是多少？")
    able = extract.candidates(asked, [passage(quarter)])
    assert [c.words for c in able] == ["8.1亿元"]
    same = "手机毛利率比上年同期的16.6%低了4.9个百分点。"
    asked = understand("云海股份手机2023年三季度的毛利率是多少？")
    able = extract.candidates(asked, [passage(same, "云海股份三季报：收入新高", "2024-11-19")])
    assert "16.6%" in [c.words for c in able]


def test_the_whole_that_something_is_a_share_of_gives_no_time() -> None:
    told = "1-5月新增专项债发行1.63万亿元，占全年4.4万亿元额度的37.0%。"
    draft = "2025年1-5月新增专项债发行占全年额度的37.0%。"
    assert kept("2025年1-5月新增专项债发行占全年额度多少？", draft, told) == (draft,)


def test_a_sum_up_to_a_months_end_is_of_the_months_before() -> None:
    (told,) = period.find("1-5月")
    (may,) = period.find("2025年5月")
    assert period.up_to("截至2025年5月末发行了多少？", (may,), told)
    assert not period.up_to("2025年5月发行了多少？", (may,), told)
    assert not period.up_to("截至2025年4月末", tuple(period.find("2025年4月")), told)


@pytest.mark.parametrize(
    ("words", "ranges"),
    [
        ("指引由120至140间下调至80至100间", [(120, 140), (80, 100)]),
        ("利润率由12%至15%上调至16%至18%", [(12, 15), (16, 18)]),
        ("产量由8.0万吨上调至8.4万吨", [(80000, None), (84000, None)]),
    ],
)
def test_what_a_guidance_came_from_may_be_a_range(words: str, ranges: list) -> None:
    assert [(f.value, f.high) for f in figures.find(words)] == ranges


def test_guidance_as_it_is_now_is_where_it_went() -> None:
    told = "管理层把全年净开店指引由120至140间下调至80至100间。"
    assert "80至100间" in found("云海餐饮管理层目前预计今年净增多少家店？", told, "云海餐饮点评")


def test_indices_are_names_though_they_end_in_numbers() -> None:
    told = "因子在沪深300、中证500、中证1000内的RankIC分别为6.1%、8.4%和9.7%。"
    assert [(p.name[-6:], p.figure.text) for p in pairs.find(told)][1:] == [
        ("中证500", "8.4%"),
        ("中证1000", "9.7%"),
    ]


def test_cash_is_no_cash_flow() -> None:
    told = "账面货币资金26.8亿元。经营性现金流净额12.9亿元。"
    assert "12.9" not in found("云海股份账上现金有多少？", told)
    assert "26.8亿元" in kept("云海股份账上现金有多少？", "云海股份账上现金26.8亿元。", told)[0]


def test_a_level_is_not_told_as_a_change() -> None:
    (level,) = of_passage(passage("2024年云海股份市值1,026亿港元。"))[-1:]
    (rise,) = of_draft("云海股份2024年市值升了1,026亿港元。", ())[-1:]
    (same,) = of_draft("云海股份2024年市值为1,026亿港元。", ())[-1:]
    assert saying.told_as_change(rise, level)
    assert not saying.told_as_change(same, level)


def test_a_draft_of_a_figure_alone_is_the_statement_it_is_short_for() -> None:
    query = understand("云海股份2025年8月成本是多少？")
    assert statement.completed(query, "11.8元/公斤") == "云海股份2025年8月成本为11.8元/公斤。"
    whole = "成本为11.8元，环比下降。"
    assert statement.completed(query, whole) == whole


def test_the_premise_that_a_row_contradicts_is_not_explained() -> None:
    told = "产品线 | 收入（亿元） | 同比\n超声 | 10.16 | +12.4%\n体外诊断 | 5.08 | -3.2%"
    asked = understand("云海医疗体外诊断收入重新转为正增长，管理层说是靠什么拉动的？")
    rising = understand("云海医疗超声收入重新转为正增长，管理层说是靠什么拉动的？")
    shown = [passage(told, "云海医疗三季报")]
    assert premise.contradicted(asked, shown)
    assert premise.contradicted(rising, shown) is None


def test_a_rounder_figure_of_the_same_thing_is_no_other() -> None:
    told = "刻蚀、清洗设备的毛利率2025年分别为46.8%和35.1%。清洗设备的毛利率则假设维持在35%左右。"
    draft = "云海股份2025年清洗设备的毛利率为35.1%。"
    assert kept("云海股份2025年清洗设备的毛利率是多少？", draft, told) == (draft,)
    wrong = "云海股份2025年清洗设备的毛利率为46.8%。"
    assert wrong not in kept("云海股份2025年清洗设备的毛利率是多少？", wrong, told)


def test_a_date_that_is_told_stands_in_the_quote() -> None:
    told = "云海投入10亿元助力商家。这笔助力金自12月31日起分批到账。公司收入增长。"
    query, shown = understand("云海的10亿元助力金什么时候发放？"), passage(told)
    draft = "云海的10亿元助力金从12月31日起分批到账。"
    (sentence,) = check(query, Draft(query.text, (shown,), draft, "", "")).sentences
    (evidence,) = sentence.evidence
    assert "12月31日" in told[evidence.span.start : evidence.span.end]
    assert "收入增长" not in told[evidence.span.start : evidence.span.end]


@pytest.mark.parametrize(
    ("question", "stands"),
    [
        ("国际英语辅导教育有限公司在2019年9月任命了什么职位？", True),
        ("国际英语辅导教育有限公司在海外市场任命了什么职位？", False),
    ],
)
def test_a_region_in_the_name_of_a_company_is_none(question: str, stands: bool) -> None:
    texts = ("英语辅导教育有限公司成立于1995年。", "2019年9月，公司任命了新任首席执行官。")
    facts = DocumentFacts("d1", "r.txt", "年报", None, "2019-10-29", "text", 0, 1)
    chunks = [Chunk("d1", 0, len(t), t, ("年报",)) for t in texts]
    hits = tuple(Hit(i, 1.0, c, facts) for i, c in enumerate(chunks, 1))
    shown = tuple(
        Passage(i, "d1", 0, len(t), t, ("年报",), None, facts, 1.0) for i, t in enumerate(texts, 1)
    )
    draft = "公司在2019年9月任命了新任首席执行官。"
    query = understand(question)
    checked = check(query, Draft(question, shown, draft, "", ""))
    refusal = after_checking(query, hits, shown, checked, 4.0)
    assert (refusal is None) is stands
    assert stands or "overseas" in refusal.trace
