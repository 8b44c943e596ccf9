"""The chat page in Chromium, with real models over a few of the sample reports."""

import contextlib
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.chromium import ANSWER_MS, CHROMIUM, ROOT, ask, is_local, rag, served

pytestmark = pytest.mark.browser

REPORTS = ROOT / "eval" / "reports"
CHOSEN = ("*岚峰微装*.pdf", "*tencent*.md", "*xiaomi*.md", "*baijiu*.html")
QUESTION = "岚峰微装2024年末存货是多少？"
EVIL_NAME = "赤霄 <img src=x onerror=window.hacked=1>.html"
EVIL = """<html><head><title>赤霄科技点评&lt;script&gt;window.hacked=2&lt;/script&gt;</title></head>
<body onload="window.hacked=3"><h1>赤霄科技2024年报点评</h1><script>window.hacked=4</script>
<p>赤霄科技2024年营业收入88.8亿元，同比增长12%。&lt;img src=x onerror=window.hacked=5&gt;
${window.hacked=6} {{constructor}} <img src="http://evil.example/pixel" onerror="window.hacked=7"></p>
</body></html>"""


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """Serve the page over a small index, and yield its address."""
    if CHROMIUM is None:
        pytest.skip("needs chromium: apt-get install chromium")
    place = tmp_path_factory.mktemp("page")
    reports = place / "reports"
    reports.mkdir()
    for pattern in CHOSEN:
        (found,) = REPORTS.glob(pattern)
        shutil.copy(found, reports)
    (reports / EVIL_NAME).write_text(EVIL, encoding="utf-8")
    rag(place, "add", str(reports), "--index", "small", "--embedder", "multilingual-e5-small")
    with served(place) as address:
        yield address


@pytest.fixture(scope="module")
def chromium(server: str) -> Iterator[Browser]:
    del server
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(server: str, chromium: Browser) -> Iterator:
    """Return an opener of pages; in the end none may have run a script, or called out."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(path: str = "/", **options) -> Page:
        context = chromium.new_context(**({"locale": "zh-CN"} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: wrong.append(f"error {error}"))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda r: is_local(r.url, server) or wrong.append(r.url))
        page.goto(server + path)
        page.wait_for_selector(".welcome, .exchange, .live")
        return page

    yield opened
    hacked = [p.evaluate("window.hacked") for c in contexts for p in c.pages]
    for context in contexts:
        context.close()
    assert not wrong and not any(hacked)


@pytest.fixture(scope="module")
def answered(server: str, chromium: Browser) -> str:
    """Ask once, and return the address of the conversation for tests that only look at it."""
    page = chromium.new_page(locale="zh-CN")
    page.goto(server)
    page.wait_for_selector(".welcome")
    ask(page, QUESTION)
    expect(page.locator(".exchange .pill")).to_have_count(1)
    page.wait_for_url("**/zh/?c=*")
    address = page.url.removeprefix(server)
    page.close()
    return address


def test_the_first_paint_offers_questions_that_fit_the_reports(visit):
    page = visit()
    expect(page.locator(".example").first).to_contain_text("2024年")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    english = visit(locale="en-GB")
    expect(english.get_by_role("tab", name="Library")).to_be_visible()


def test_an_answer_is_cited_checked_and_shown_in_its_report(visit, answered):
    page = visit(answered)
    expect(page.locator(".words")).to_contain_text("4126.9百万元✓")
    expect(page.locator(".foot")).to_contain_text("引用 1/1 句")
    expect(page.locator(".card.cited mark")).to_have_text("4126.9百万元")
    expect(page.locator(".sheet")).to_have_attribute("data-page", "3")
    expect(page.locator(".legend")).to_contain_text("原文一致")
    page.hover(".pill")
    expect(page.locator(".hover")).to_be_visible()
    expect(page.locator(".hover")).to_contain_text("第 3 页")


def test_a_label_leads_to_its_page_and_box(visit, answered):
    page = visit(answered)
    page.wait_for_selector(".sheet .box")
    page.get_by_role("button", name="下一页").click()
    expect(page.locator(".sheet")).to_have_attribute("data-page", "4")
    expect(page.locator(".sheet .box")).to_have_count(0)
    page.click(".pill")
    expect(page.locator(".sheet")).to_have_attribute("data-page", "3")
    expect(page.locator(".card.current")).to_have_attribute("data-label", "1")
    box, sheet = page.locator(".box").first.bounding_box(), page.locator(".sheet").bounding_box()
    assert box and sheet and sheet["x"] < box["x"] and sheet["y"] < box["y"] + box["height"]


def test_an_answer_can_be_copied_with_its_references_and_exported(visit, answered, server):
    page = visit(answered, permissions=["clipboard-read", "clipboard-write"])
    page.click("[data-do=copy]")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "4126.9百万元" in copied and re.search(r"\n\[1\] .*第 3 页", copied)
    for suffix, start in (("md", b"# "), ("docx", b"PK")):
        link = page.locator(f'.exports a[href$=".{suffix}"]').get_attribute("href")
        assert page.request.get(f"{server}/zh/{link}").body().startswith(start)


def test_a_question_beyond_the_reports_is_refused_with_what_comes_nearest(visit):
    page = visit()
    ask(page, "京东2024年第三季度收入是多少？")
    refusal = page.locator(".refusal")
    expect(refusal).to_contain_text("报告中未找到")
    expect(page.locator(".exchange .pill, .figure")).to_have_count(0)
    refusal.locator("[data-do=show]").first.click()
    expect(page.locator(".preview .here, .sheet .box").first).to_be_attached()


def test_a_follow_up_shows_how_it_was_understood(visit):
    page = visit()
    ask(page, QUESTION)
    ask(page, "那合同负债呢？", wait=False)  # at once, while the evidence is still being drawn
    page.keyboard.press("Enter")  # and pressed twice
    expect(page.locator(".exchange")).to_have_count(2, timeout=ANSWER_MS)
    expect(page.locator(".understood")).to_contain_text("合同负债")
    expect(page.locator(".question")).to_have_count(2)
    # It is one conversation of the list, and the last question can be taken up again.
    expect(page.locator(".conversations [aria-current]")).to_contain_text("岚峰微装")
    page.click("[data-do=edit]")
    expect(page.locator("#chat-box textarea")).to_have_value("那合同负债呢？")


def test_two_people_wait_in_line_and_one_of_them_gives_up(visit):
    one, two = visit(), visit()
    ask(one, "腾讯2024年第四季度收入是多少？", wait=False)
    ask(two, QUESTION, wait=False)
    expect(two.locator(".queue")).to_contain_text("前面还有 1 个问题")
    two.get_by_role("button", name="停止").click()
    expect(two.locator(".stopped")).to_be_visible(timeout=ANSWER_MS)
    expect(one.locator(".exchange .words")).to_contain_text("1724.46亿元", timeout=ANSWER_MS)


def test_a_reload_in_mid_answer_loses_nothing(visit):
    page = visit()
    ask(page, "小米2024年第三季度的总收入是多少？", wait=False)
    page.wait_for_url("**?c=*")
    page.reload()
    expect(page.locator(".live .stages, .live .queue, .exchange").first).to_be_visible()
    expect(page.locator(".exchange .words")).to_contain_text("925", timeout=ANSWER_MS)


def test_a_hostile_report_and_file_name_stay_text(visit):
    page = visit()
    ask(page, "赤霄科技2024年营业收入是多少？")
    expect(page.locator(".card").first).to_contain_text("onerror=window.hacked=1")
    page.locator("[data-do=show]").first.click()
    expect(page.locator(".preview")).to_contain_text("88.8亿元")
    expect(page.locator(".preview")).to_contain_text("${window.hacked=6} {{constructor}}")
    assert page.locator("#chat img").count() == 0


def test_a_question_is_asked_and_read_by_keyboard_alone(visit, answered):
    page = visit(answered)
    page.wait_for_selector(".sheet .box")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "document.activeElement.className + ' ' + document.activeElement.tagName"
        )
        reached.add(here)
        if "pill" in here:
            break
    expect(page.locator(".pill")).to_be_focused()
    expect(page.locator(".hover")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".hover")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(".card.current")).to_be_focused()


def test_what_a_screen_reader_needs(visit, answered):
    page = visit(answered)
    page.wait_for_selector(".sheet img")
    expect(page.get_by_label("你的问题")).to_be_visible()
    expect(page.get_by_role("navigation", name="对话记录")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^出处 1"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("第 3 页"))).to_be_visible()
    expect(page.locator("#announcer[role=status]")).to_have_text(re.compile("4126.9百万元✓。 1 ?$"))
    nameless = "b => !(b.textContent.trim() || b.ariaLabel || b.title)"
    assert (
        page.evaluate(f"[...document.querySelectorAll('#chat button')].filter({nameless}).length")
        == 0
    )


def test_on_a_phone_there_is_one_column(visit, answered):
    page = visit(answered, viewport={"width": 390, "height": 844}, has_touch=True)
    page.wait_for_selector(".sheet img")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    main, aside = (page.locator(s).bounding_box() for s in ("#chat-main", "#chat-aside"))
    assert main and aside and aside["y"] >= main["y"] + main["height"] - 1
    expect(page.locator("#chat-box textarea")).to_be_in_viewport()
    page.tap(".pill")
    expect(page.locator(".card.current")).to_be_in_viewport()


def test_in_the_dark_text_stands_out(visit, answered):
    page = visit(answered, color_scheme="dark")
    page.wait_for_selector(".card.cited")
    seen = "e => getComputedStyle(e)"
    ground = page.evaluate(f"({seen})(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", ground)[:3])) < 60
    for part in (".words", ".foot", ".card blockquote", ".card mark", "#chat-box textarea"):
        color = page.locator(part).first.evaluate(f"e => ({seen})(e).color")
        assert min(map(int, re.findall(r"\d+", color)[:3])) > 120, part


def test_a_conversation_can_be_deleted(visit, server):
    page = visit()
    ask(page, "岚峰微装合同负债？", wait=False)
    page.wait_for_url("**?c=*")
    address = page.url.removeprefix(server)
    with contextlib.suppress(PlaywrightTimeout):  # on a busy machine the answer may be there first
        page.get_by_role("button", name="停止").click(timeout=5_000)
    page.wait_for_selector(".exchange", timeout=ANSWER_MS)
    page.evaluate("window.confirm = () => true")
    page.locator("li:has([aria-current]) [data-do=remove]").click()
    page.wait_for_selector(".welcome")
    assert "?c=" not in page.url
    expect(visit(address).locator(".welcome")).to_be_visible()


def test_with_a_password_one_signs_in_under_a_name(chromium, tmp_path):
    with served(tmp_path, "--host", "0.0.0.0", "--password", "geheim") as address:
        page = chromium.new_page(locale="zh-CN")
        page.goto(f"{address}/zh/?c=1")
        assert page.url == f"{address}/login"
        for password, wanted in (("falsch", "[role=alert]:not(:empty)"), ("geheim", ".welcome")):
            page.get_by_label("名字").fill("<b>王")
            page.get_by_label("密码").fill(password)
            page.keyboard.press("Enter")
            page.wait_for_selector(wanted)
        expect(page.locator(".welcome")).to_contain_text("资料库还没有报告")
        page.close()
