"""What the page shows of an answer: labels, marks, cards; hostile text stays text."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from rag.page import cards, log, render
from rag.page.conversation import Conversation, Exchange, State
from rag.page.escape import text
from rag.page.live import Running
from rag.page.spans import pieces, places, sentences
from rag.page.words import Words, language_wanted
from rag.schema import Check, FigureCheck, Filters
from tests.answers import HOSTILE, answer, citation, hit, refusal

ZH, EN = Words("zh"), Words("en")


class Reading(HTMLParser):
    """The tags and attributes that a browser would make of some HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def of(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [a for t, a in self.tags if t == tag and wanted.items() <= a.items()]


def figures(html: str) -> list[str]:
    classes = [a.get("class") or "" for a in Reading(html).of("span")]
    return [c.removeprefix("figure ") for c in classes if c.startswith("figure ")]


def test_a_label_is_a_button_that_names_its_source_and_its_hover_card():
    page = Reading(render.answer(ZH, answer(), "x1"))
    (pill,) = page.of("button", **{"class": "pill"})
    assert (pill["data-do"], pill["data-exchange"], pill["data-label"]) == ("show", "x1", "1")
    assert pill["aria-label"] == "出处 1：云海科技点评"
    assert page.of("span", id=pill["aria-describedby"] or "", role="tooltip")
    assert "[1]" not in page.text


def test_figures_carry_the_outcome_of_their_check_as_sign_and_word():
    html = render.answer(EN, answer(), "x1")
    assert figures(html) == ["verified", "rounded"]
    signs = [a["aria-label"] for a in Reading(html).of("span", role="img")]
    assert signs == ["stands in the quote", "the quote's figure, rounded"]
    assert "299.93亿元✓" in Reading(html).text and "17%≈" in Reading(html).text


def test_what_was_not_checked_never_looks_checked():
    unsure = tuple(
        FigureCheck(t, 1, c, None)
        for t, c in (("1亿", Check.NOT_FOUND), ("2亿", Check.NOT_CHECKED))
    )
    html = render.answer(ZH, answer(text="收入1亿，利润2亿。 [1]", figures=unsure), "x")
    assert Reading(html).text.count("✗") == 2 and "✓" not in Reading(html).text


@pytest.mark.parametrize(
    ("said", "figure", "before"),
    [
        ("增117%，后增17%。 [1]", "17%", "增117%，后增"),
        ("1.5亿与5亿。 [1]", "5亿", "1.5亿与"),
        ("[1] 收入1亿。 [1]", "1亿", " 收入"),
    ],
)
def test_a_figure_is_marked_where_it_stands_alone(said, figure, before):
    found = list(
        pieces(answer(text=said, figures=(FigureCheck(figure, 1, Check.VERIFIED, figure),)))
    )
    at = next(i for i, piece in enumerate(found) if piece.figure)
    assert found[at].text == figure and found[at - 1].text == before
    assert "".join(piece.text for piece in found) == said


def test_a_number_in_brackets_is_a_label_only_with_a_citation():
    assert [p.label for p in pieces(answer(text="见[2024]与[7]。 [1]", figures=())) if p.label] == [
        1
    ]


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("甲。 [1]乙。 [1][2]", (2, 2)),
        ("甲。 [1]乙。", (1, 2)),
        ("甲。", (0, 1)),
        ("A. [1] B. [2]", (2, 2)),
    ],
)
def test_cited_sentences_are_counted(said, counted):
    assert sentences(answer(text=said)) == counted


def test_the_footer_tells_sentences_figures_and_the_newest_date():
    newer = citation(2, published="2025-03-28")
    shown = Reading(render.footer(ZH, answer(citations=(citation(), newer)))).text
    assert shown == "引用 1/1 句 · 数字核验 2/2 · 截至 2025-03-28 · 4.2 秒 · m"


def test_a_rewritten_question_is_shown():
    shown = Reading(
        render.answer(ZH, answer(standalone_question="云海2024年三季度收入？"), "x")
    ).text
    assert "理解为： 云海2024年三季度收入？" in shown
    assert "理解为" not in render.answer(ZH, answer(), "x")


def test_a_refusal_has_its_own_look_its_reason_and_the_nearest_passages():
    html = render.answer(ZH, refusal(hits=tuple(hit(n) for n in range(1, 6))), "x")
    page = Reading(html)
    assert page.of("div", **{"class": "refusal"}) and "没有写明" in page.text
    assert [b["data-rank"] for b in page.of("button", **{"data-do": "show"})] == ["1", "2", "3"]
    assert not page.of("p", **{"class": "foot"})


def test_cited_cards_come_first_and_what_they_hold_is_not_listed_again():
    page = Reading(cards.panel(ZH, answer(), "x"))
    assert page.of("article", id="card-x-1")
    assert [a["data-rank"] for a in page.of("article", **{"class": "card hit"})] == ["2"]
    assert page.of("details") and "未引用（1）" in page.text
    assert "东湖证券 · 2024-11-20 · 云海.txt一、业绩 · 第 2 页" in page.text


def test_a_quote_shows_its_figures_marked():
    assert cards.marked("增117%，后增\n17%。", ["17%"]) == "增117%，后增 <mark>17%</mark>。"
    assert places("1亿元", ["1亿", "亿元"]) == [(0, 3)]


def test_the_stages_while_waiting_and_a_draft_without_any_mark():
    running = Running("x1", 1, stage="generate", draft="收入299.93亿元✓ [1]<b>")
    page = Reading(log.under_way(ZH, Exchange("x1", "i", "问"), running, 0))
    assert [a["class"] for a in page.of("li")] == ["past", "past", "now", "next"]
    assert page.of("li", **{"aria-current": "step"}) and "草稿，尚未核验" in page.text
    assert not page.of("b") and not figures(log.under_way(ZH, Exchange("x", "i", "问"), running, 0))


def test_the_place_in_the_line_is_shown():
    waiting = log.under_way(ZH, Exchange("x1", "i", "问"), Running("x1", 3), 2)
    assert "前面还有 2 个问题" in waiting


def hostile_everything() -> str:
    """Return all that the page makes of text, with hostile text wherever text comes from."""
    bad = citation(
        quote=HOSTILE, text=f"前{HOSTILE}后", title=HOSTILE, publisher=HOSTILE, source=HOSTILE,
        section=(HOSTILE,),
    )  # fmt: skip
    figure = FigureCheck("alert(3)", 1, Check.VERIFIED, "alert(1)")
    said = answer(
        question=HOSTILE, standalone_question=HOSTILE + "?", text=f"{HOSTILE} [1]", citations=(bad,),
        figures=(figure,), hits=(hit(1, 900, HOSTILE, title=HOSTILE, source=HOSTILE),),
    )  # fmt: skip
    done = Exchange("x1", HOSTILE, HOSTILE, State.DONE, said)
    failed = Exchange("x2", "i", HOSTILE, State.FAILED, error=HOSTILE)
    shown = Conversation("c", "2026-01-01", (done, failed))
    refused = replace(said, status=refusal().status, reason=HOSTILE)
    return "".join((
        log.conversation(ZH, shown, False), log.listing(EN, [shown], "c"), log.scope(ZH, HOSTILE, Filters(HOSTILE)),
        log.welcome(EN, HOSTILE, 3, [HOSTILE]), cards.panel(ZH, said, "x1"), render.answer(EN, refused, "x1"),
        log.under_way(EN, failed, Running("x", 1, stage="fetch", detail=HOSTILE, draft=HOSTILE), 0),
    ))  # fmt: skip


def test_hostile_text_is_inert_everywhere():
    html = hostile_everything()
    page = Reading(html)
    made = {tag for tag, _ in page.tags}
    assert not made & {"script", "img", "iframe", "svg", "style", "link", "object"}
    assert not [name for _, a in page.tags for name in a if name.startswith("on")]
    assert "onerror" in page.text
    assert not set("${}`\u202e") & set(html)


def test_escaped_text_is_what_it_was_but_for_its_controls():
    assert Reading(text(HOSTILE)).text == HOSTILE.replace("\u202e", "")
    assert text("a\nb\x00\x1b[31m") == "a\nb[31m"


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "zh"), ("en-GB,en;q=0.9", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("fr,en;q=0.5", "en"),
        ("en;q=0.3,zh;q=0.7", "zh"), ("de", "zh"), ("en;q=x", "en"),
    ],
)  # fmt: skip
def test_the_language_follows_the_browser(accept, language):
    assert language_wanted(accept) == language
