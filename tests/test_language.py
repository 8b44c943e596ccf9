"""Messages speak the user's language; answers speak the question's."""

from __future__ import annotations

import pytest

from rag import errors
from rag.language import is_chinese, language_of, say, speaking

VARIABLES = ("RAG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture
def locale(monkeypatch):
    """Return a setter of the four variables; those not given are unset."""

    def put(**values):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(
    ("values", "chinese"),
    [
        ({}, False),
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "ZH_TW"}, True),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, False),
        ({"LC_MESSAGES": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, True),
        ({"LC_ALL": "zh_CN.UTF-8", "RAG_LANG": "en"}, False),
        ({"LANG": "en_US.UTF-8", "RAG_LANG": "zh"}, True),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, True),
    ],
)
def test_the_first_variable_that_is_set_decides(locale, values, chinese):
    locale(**values)
    assert is_chinese() is chinese
    assert say("yes", "是") == ("是" if chinese else "yes")


def test_an_error_follows_the_locale_of_the_moment_and_stays_one_line(locale):
    error = errors.UsageError("no index\nnamed 'a'", "没有名为\n'a' 的索引")
    locale(RAG_LANG="en")
    assert str(error) == "no index named 'a'"
    locale(RAG_LANG="zh")
    assert str(error) == "没有名为 'a' 的索引"
    assert (error.exit_code, errors.DocumentError("a", "b").exit_code) == (2, 1)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("阿里云的收入是多少？", "zh"),
        ("騰訊第三季海外遊戲收入係幾多", "zh"),
        ("Accio支持哪些语言？", "zh"),
        ("Qwen2.5-Turbo 的 context?", "zh"),
        ("What was Xiaomi's revenue in Q3 2024?", "en"),
        ("GMV 2024?", "en"),
        ("", "en"),
        ("「」，。", "en"),
    ],
)
def test_a_question_with_chinese_characters_is_chinese(question, language):
    assert language_of(question) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("According to 澜石研究, what did the sample companies collect?", "en"),
        ("How many stores did Qifeng Mobility (骐风出行) have at the end of June?", "en"),
        ("Meta的Reality Labs部门亏损多少？", "zh"),
        ("Procter and Gamble的收入", "zh"),
        ("QQ、WeChat和Weixin的月活", "zh"),
    ],
)
def test_names_of_the_other_language_do_not_decide(text, language):
    assert language_of(text) == language


def test_a_block_may_speak_another_language_than_the_locale(locale):
    locale(LANG="zh_CN.UTF-8")
    with speaking("en"):
        assert say("yes", "是") == "yes"
        with speaking("zh"):
            assert say("yes", "是") == "是"
    assert say("yes", "是") == "是"
