"""What a report states of itself is found where it stands; what it says of others is not taken."""

from pathlib import Path

import pytest

from rag import load
from rag.load.report.companies import normal_code
from rag.schema import Document, Fact, FactName

PROSE = "公司报告期内营业收入稳步增长，费用率下降，现金流明显改善，我们认为这一趋势在下半年仍将延续下去。"


def read(folder: Path, name: str, text: str) -> Document:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load.load(path)


def stated(document: Document, name: str) -> list[str]:
    return [fact.value for fact in document.facts if fact.name == name]


def fact(document: Document, name: FactName) -> Fact:
    return next(f for f in document.facts if f.name is name)


REPORT = f"""# 蓝鲸游戏（300999.SZ）：新品放量，出海提速

证券研究报告 · 公司点评 · 传媒

东湖证券研究所　2025年4月28日

分析师：顾砚秋、孟知行　执业证书编号：S0570516010001

联系人：樊可雅

投资评级：增持（维持）

目标价：58.60元（前次49.00元）

收盘价：41.20元（2025年4月25日）

{PROSE}

## 一、业绩

{PROSE}
"""


def test_a_company_report_states_everything(tmp_path: Path) -> None:
    document = read(tmp_path, "20250428-蓝鲸游戏点评.md", REPORT)
    assert (document.title, document.publisher, document.published) == (
        "蓝鲸游戏（300999.SZ）：新品放量，出海提速",
        "东湖证券",
        "2025-04-28",
    )
    assert stated(document, "analyst") == ["顾砚秋", "孟知行"]
    assert stated(document, "rating") == ["增持"]
    assert stated(document, "rating_change") == ["维持"]
    assert stated(document, "target_price") == ["58.60 CNY"]
    assert stated(document, "industry") == ["传媒"]
    assert stated(document, "kind") == ["公司点评"]
    company = fact(document, FactName.COMPANY)
    assert (company.value, company.also) == ("蓝鲸游戏", ("300999.SZ",))


def test_a_fact_points_at_the_place_that_states_it(tmp_path: Path) -> None:
    document = read(tmp_path, "20250428-蓝鲸游戏点评.md", REPORT)
    written = {
        FactName.PUBLISHED: "2025年4月28日",
        FactName.PUBLISHER: "东湖证券研究所",
        FactName.RATING: "增持",
        FactName.RATING_CHANGE: "维持",
        FactName.TARGET_PRICE: "58.60元",
        FactName.COMPANY: "蓝鲸游戏",
        FactName.ANALYST: "顾砚秋",
    }
    for name, words in written.items():
        found = fact(document, name)
        assert document.text[found.start : found.end] == words
    assert fact(document, FactName.PUBLISHED).source == "text; file name"


SIDE = """相关研究报告
《蓝鲸游戏三季报点评：等待新品》——2026-10-30
《传媒行业2026年策略：周期
向上》——2026-12-18
"""


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        ("东湖证券 2025年4月28日\n\n收盘价：98.40元（2025年4月25日）", "2025-04-28"),
        ("收盘价：98.40元（2025年4月25日）\n\n东湖证券 2025年4月28日", "2025-04-28"),
        ("收盘价（2025年4月25日）：98.40元", None),
        ("股价截至2025年4月25日", None),
        ("报告日期：2025-04-28\n\n数据更新至 2025-04-30", "2025-04-28"),
        ("Harbour Lane Research, 28 April 2025\n\nPriced as of 25 April 2025", "2025-04-28"),
        ("《传媒行业策略》2025年3月1日", None),
    ],
)
def test_only_the_date_of_the_report_is_its_date(
    tmp_path: Path, lines: str, date: str | None
) -> None:
    assert read(tmp_path, "r.md", f"# 题目在此\n\n{lines}\n\n{PROSE}\n").published == date


def test_dates_of_related_reports_never_win(tmp_path: Path) -> None:
    text = f"{SIDE}\n{PROSE}\n" + f"{PROSE}\n" * 5
    assert read(tmp_path, "report.txt", text).published is None
    assert read(tmp_path, "20250428-蓝鲸游戏.txt", text).published == "2025-04-28"


def test_agreement_of_several_places_outweighs_one(tmp_path: Path) -> None:
    """The line above the title is the odd one out; file name and label agree."""
    text = f"# 蓝鲸游戏点评\n\n2025年4月25日\n\n报告日期：2025年4月28日\n\n{PROSE}\n"
    document = read(tmp_path, "20250428-东湖证券-蓝鲸游戏.md", text)
    assert document.published == "2025-04-28"
    assert "file name" in fact(document, FactName.PUBLISHED).source


@pytest.mark.parametrize(
    ("line", "house"),
    [
        ("青禾研究 2025年4月10日", "青禾研究"),
        ("北岸财经 · 产业观察 | 发布日期：2024年4月2日", "北岸财经"),
        ("北岸财经消费组　2024年5月6日　阅读约6分钟", "北岸财经"),
        ("衡川量化 | 2024年4月2日", "衡川量化"),
        ("鲸落咨询 · 2024-04-02", "鲸落咨询"),
        ("机构：东湖证券", "东湖证券"),
        ("栖川证券股份有限公司研究所 2025年4月28日", "栖川证券"),
        ("单位：亿元", None),
        ("金融工程研究 2025年4月28日", None),
        ("行业研究 | 电子 | 2025年4月28日", None),
        ("证券研究报告 · 港股互联网研究", None),
        ("Equity Research | 28 April 2025", None),
        ("Harbour Lane Research | 28 April 2025", "Harbour Lane Research"),
    ],
)
def test_houses_are_told_from_fields_of_research(
    tmp_path: Path, line: str, house: str | None
) -> None:
    assert read(tmp_path, "r.md", f"# 题目在此\n\n{line}\n\n{PROSE}\n").publisher == house


def test_a_house_that_is_quoted_is_not_the_publisher(tmp_path: Path) -> None:
    text = f"# 快手大涨\n\n{PROSE}其中，东湖证券表示看好，栖川证券认为估值合理。\n\n（文章来源：北岸财经）\n"
    document = read(tmp_path, "r.md", text)
    assert document.publisher == "北岸财经"
    assert stated(document, "kind") == ["新闻"]


def test_the_view_of_another_house_is_no_rating(tmp_path: Path) -> None:
    news = "北岸财经11月19日讯，中金公司维持快手“买入”评级，目标价140港元。东湖证券给予“增持”评级，目标价为98元。"
    document = read(tmp_path, "r.md", f"# 快手三季报：收入新高\n\n{news}{PROSE}\n")
    assert stated(document, "rating") == []
    assert stated(document, "target_price") == []


def test_definitions_of_ratings_are_no_rating(tmp_path: Path) -> None:
    text = (
        f"# 蓝鲸游戏深度报告\n\n{PROSE}\n\n" * 8
        + "## 投资评级说明\n\n买入：相对沪深300涨幅15%以上。\n\n增持：5%至15%。\n"
    )
    assert stated(read(tmp_path, "r.md", text), "rating") == []


@pytest.mark.parametrize(
    ("line", "rating", "change", "price"),
    [
        ("投资评级：买入（首次）", "买入", "首次", None),
        ("投资评级 优于大市 维持", "优于大市", "维持", None),
        ("评级：强烈推荐（上调）", "强烈推荐", "上调", None),
        ("行业评级：看好", "看好", None, None),
        ("买入（下调）", "买入", "下调", None),
        ("目标价（港元）：520", None, None, "520 HKD"),
        ("目标价格 HK$1,140.5", None, None, "1140.5 HKD"),
        ("合理估值：41.5-45.0元", None, None, "41.5–45.0 CNY"),
        ("目标价由96.00元上调至113.66元", None, None, "113.66 CNY"),
        ("Rating: Buy (maintained)", "Buy", "维持", None),
        ("Price target US$31, raised from US$27", None, None, "31 USD"),
        ("收入目标同比增长12%", None, None, None),
        ("目标价对应2026年38倍市盈率", None, None, None),
    ],
)
def test_ratings_and_prices_as_covers_write_them(
    tmp_path: Path, line: str, rating: str | None, change: str | None, price: str | None
) -> None:
    document = read(tmp_path, "r.md", f"# 蓝鲸游戏点评\n\n{line}\n\n{PROSE}\n")
    values = [
        next(iter(stated(document, n)), None) for n in ("rating", "rating_change", "target_price")
    ]
    assert values == [rating, change, price]


def test_the_summary_speaks_for_a_company_report(tmp_path: Path) -> None:
    line = (
        "判断：上调盈利预测，维持“增持”评级，目标价由96.00元上调至113.66元，对应2026年38倍市盈率。"
    )
    document = read(tmp_path, "r.md", f"# 蓝鲸游戏（300999.SZ）年报点评\n\n{PROSE}{line}\n")
    assert stated(document, "rating") == ["增持"]
    assert stated(document, "rating_change") == ["维持"]
    assert stated(document, "target_price") == ["113.66 CNY"]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("分析师：沈既明、林见川", ["沈既明", "林见川"]),
        ("证券分析师 高子剑\n\n研究助理 沈芷琦", ["高子剑"]),
        ("魏建榕（分析师）　苏俊豪（联系人）", ["魏建榕"]),
        ("任瞳 S1090519080004\n\n李世杰 lishijie@example.com", ["任瞳"]),
        ("张立宁 SAC NO：S1120520070006", ["张立宁"]),
        ("林晓明 执业证书编号：S0570516010001", ["林晓明"]),
        ("助理分析师：丁睿雯", []),
        ("分析师声明：本人具有证券投资咨询资格", []),
        ("責任編輯：喬一禾", []),
        ("Analysts: Maren Holt, Idris Tan", ["Maren Holt", "Idris Tan"]),
    ],
)
def test_analysts_sign_assistants_do_not(tmp_path: Path, lines: str, names: list[str]) -> None:
    document = read(tmp_path, "r.md", f"# 题目在此处\n\n{lines}\n\n{PROSE}\n")
    assert stated(document, "analyst") == names


def test_front_matter_outweighs_the_text(tmp_path: Path) -> None:
    text = (
        "---\ntitle: 标题甲\npublisher: 青禾研究\ndate: 2025-03-20\nanalysts: [林见川, 周以宁]\nrating: 增持\n"
        f"ticker: 0700.HK\ntags: [互联网, 业绩点评]\n---\n# 标题乙\n\n东湖证券 2025年3月1日\n\n评级：买入\n\n{PROSE}\n"
    )
    document = read(tmp_path, "20250228-x.md", text)
    assert (document.title, document.publisher, document.published) == (
        "标题甲",
        "青禾研究",
        "2025-03-20",
    )
    assert stated(document, "analyst") == ["林见川", "周以宁"]
    assert stated(document, "rating")[0] == "增持"
    assert fact(document, FactName.PUBLISHED).source.startswith("front matter")


def test_companies_have_codes_and_other_names(tmp_path: Path) -> None:
    text = (
        "# 蓝鲸控股（00999.HK，BLUE.US）：出海\n\n证券研究报告 · 公司研究\n\n"
        f"蓝鲸控股（Blue Whale，以下简称“小蓝”）是游戏公司。{PROSE}\n\n"
        "| 代码 | 公司 | 评级 |\n|---|---|---|\n| 3690.HK | 河马-W | 买入 |\n"
    )
    companies = [f for f in read(tmp_path, "r.md", text).facts if f.name is FactName.COMPANY]
    assert {c.value: set(c.also) for c in companies} == {
        "蓝鲸控股": {"0999.HK", "BLUE.US", "蓝鲸", "Blue Whale", "小蓝"},
        "河马-W": {"3690.HK", "河马"},
    }


@pytest.mark.parametrize(
    ("title", "company"),
    [
        ("蓝鲸科技有限公司", "蓝鲸科技有限公司"),
        ("蓝鲸游戏2024年业绩点评：增收", "蓝鲸游戏"),
        ("蓝鲸游戏三季报点评：增收", "蓝鲸游戏"),
        ("Blue Whale Holdings: results update", "Blue Whale Holdings"),
        ("白酒2023年报综述", None),
        ("互联网行业深度：蓝鲸游戏领跑", None),
    ],
)
def test_a_company_report_without_code_names_its_company_in_the_title(
    tmp_path: Path, title: str, company: str | None
) -> None:
    text = f"# {title}\n\n公司点评\n\n{PROSE}{(company or '蓝鲸游戏') * 3}白酒白酒白酒\n"
    companies = stated(read(tmp_path, "r.md", text), "company")
    assert next(iter(companies), None) == company


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("0700.HK", "0700.HK"),
        ("00700.HK", "0700.HK"),
        ("700 HK", "0700.HK"),
        ("600519", "600519.SH"),
        ("600519.SS", "600519.SH"),
        ("000858.SZ", "000858.SZ"),
        ("AAPL.O", "AAPL.US"),
        ("NASDAQ: BIDU", "BIDU.US"),
        ("2024", None),
        ("腾讯", None),
    ],
)
def test_codes_have_one_form(written: str, code: str | None) -> None:
    assert normal_code(written) == code


@pytest.mark.parametrize(
    ("title", "lines", "kind"),
    [
        ("多因子月报：价值占优", "证券研究报告 · 量化策略月报", "金工月报"),
        ("行业轮动策略与量价因子", "金融工程研究报告", "金工"),
        ("储能出海提速", "行业专题报告", "行业专题"),
        ("港股互联网2024年12月策略", "", "策略"),
        ("2024年中国经济回顾", "", "宏观"),
        ("蓝鲸游戏首次覆盖报告：潜龙出海", "公司深度", "公司深度"),
        ("信用债周报：利差收窄", "固定收益研究", "固收周报"),
        ("一篇随笔", "", None),
    ],
)
def test_kinds_are_named_by_cover_and_title(
    tmp_path: Path, title: str, lines: str, kind: str | None
) -> None:
    document = read(tmp_path, "r.md", f"# {title}\n\n{lines}\n\n{PROSE}\n")
    assert next(iter(stated(document, "kind")), None) == kind


PDF = Path(__file__).resolve().parents[2] / "shared" / "pdf"


@pytest.mark.slow
@pytest.mark.skipif(not PDF.is_dir(), reason="the real reports are not here")
def test_real_reports_state_house_date_and_analysts() -> None:
    for path in sorted(PDF.glob("*.pdf")):
        document = load.load(path)
        assert document.publisher in path.name
        assert document.published is not None
        if path.name[:8].isdigit():
            assert document.published.replace("-", "") == path.name[:8]
        assert stated(document, "kind")[0].startswith("金工")
        assert stated(document, "analyst")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("001_c7d3efb7c0d55a5e", []),
        ("scan0012", []),
        ("20250428", []),
        ("20250428-东湖证券-蓝鲸游戏", ["蓝鲸游戏"]),
        ("Q3点评", ["Q3点评"]),
        ("weekly_notes", ["weekly_notes"]),
    ],
)
def test_a_file_name_without_a_word_is_no_title(
    tmp_path: Path, name: str, title: list[str]
) -> None:
    document = read(tmp_path, f"{name}.txt", f"{PROSE}\n" * 9)
    assert stated(document, "title") == title
    assert document.title == (title or [name])[0]
