"""Nicknames, English names and codes lead to each other; a user's own lists count too."""

from __future__ import annotations

import pytest

from rag import aliases, lexicon
from rag.errors import LexiconError


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv(aliases.CONFIG_VARIABLE, str(folder))
    return folder


@pytest.mark.parametrize(
    ("question", "asked", "name"),
    [
        ("鹅厂三季度收入", "鹅厂", "腾讯"),
        ("猪厂11月股价", "猪厂", "网易"),
        ("狗东2024年净利润", "狗东", "京东"),
        ("宁王的市占率", "宁王", "宁德时代"),
        ("迪王卖了多少辆", "迪王", "比亚迪"),
        ("茅子的毛利率", "茅子", "贵州茅台"),
        ("Tencent's revenue", "Tencent", "腾讯"),
        ("0700.HK的收入", "0700.HK", "腾讯"),
        ("700 HK", "700 HK", "腾讯"),
        ("600519的股息", "600519", "贵州茅台"),
        ("What did PDD earn?", "PDD", "拼多多"),
        ("tsmc wafer revenue", "tsmc", "台积电"),
        ("招行净息差", "招行", "招商银行"),
    ],
)
def test_a_name_leads_to_the_usual_one(question, asked, name):
    assert [(a.asked, name in a.forms) for a in aliases.expand(question)] == [(asked, True)]


@pytest.mark.parametrize(
    "question",
    [
        "手工行业集中行动",
        "完美的外交行为",
        "狗东西",
        "理想的选择",
        "多多少少",
        "高通胀",
        "a link to meat",
        "2024年700亿元",
    ],
)
def test_ordinary_words_name_no_company(question):
    assert aliases.expand(question) == ()


def test_sister_companies_are_told_apart():
    assert [a.asked for a in aliases.expand("京东方、京东物流和京东")] == [
        "京东方",
        "京东物流",
        "京东",
    ]


def test_spellings_of_codes():
    assert set(aliases.spellings("0700.HK")) == {
        "0700.HK", "0700 HK", "700.HK", "700 HK", "00700.HK", "00700 HK", "00700",
    }  # fmt: skip
    assert {"600519", "600519.SS", "SH600519"} < set(aliases.spellings("600519.SH"))
    assert set(aliases.spellings("PDD.US")) == {"PDD.US", "PDD US", "PDD"}
    assert set(aliases.spellings("LI.US")) == {"LI.US", "LI US"}
    assert list(aliases.spellings("腾讯")) == ["腾讯"]
    assert all(aliases.CODE.fullmatch(s) for s in aliases.spellings("0700.HK"))
    assert not aliases.CODE.fullmatch("B站")


def test_a_users_lists_count_for_all_indexes_and_for_one(config, tmp_path):
    (config / "aliases.txt").write_text("青禾集团 | 禾厂\n", encoding="utf-8")
    index = tmp_path / "index"
    index.mkdir()
    (index / "aliases.txt").write_text("云岚科技 | 岚厂\n鹅厂 | 大鹅农场\n", encoding="utf-8")
    assert [a.asked for a in aliases.expand("禾厂和岚厂")] == ["禾厂"]
    assert [a.asked for a in aliases.expand("禾厂和岚厂", index)] == ["禾厂", "岚厂"]
    assert aliases.expand("鹅厂", index)[0].forms[0] == "大鹅农场"


def test_a_list_that_changes_is_read_again(config):
    path = config / "aliases.txt"
    path.write_text("青禾集团 | 禾厂\n", encoding="utf-8")
    assert aliases.expand("禾厂")
    path.write_text("青禾集团 | 禾记\n", encoding="utf-8")
    assert not aliases.expand("禾厂")


def test_a_bad_line_of_a_users_list_is_told(config):
    (config / "aliases.txt").write_text("青禾集团\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"aliases\.txt:1"):
        aliases.expand("收入")


def test_the_list_of_the_package_names_each_company_once():
    """A form in two lines would send one company's question to another."""
    groups = lexicon.read(aliases._OWN)
    assert len(groups) >= 250
    seen: dict[str, str] = {}
    for group in groups:
        for form in group:
            assert seen.setdefault(form.lower(), group[0]) == group[0], form


def test_a_bare_code_of_hong_kong_opens_a_question():
    assert [a.asked for a in aliases.expand("3690 25E PE几倍")] == ["3690"]
    assert "腾讯" in aliases.expand("700 24年营收")[0].forms
    for other in ("2024 年营收", "700亿元的订单", "3690家门店", "7777 有多少", "营收 3690"):
        assert aliases.expand(other) == ()
