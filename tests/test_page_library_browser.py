"""The library, the filters and the settings in Chromium, with real models."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Page, expect, sync_playwright

from tests.chromium import ANSWER_MS, CHROMIUM, ask, is_local, served
from tests.sheets import Sheet

pytestmark = pytest.mark.browser

NAME = "蓝鲸科技2024年年报点评.pdf"
EVIL = "<img src=x onerror=window.hacked=1>${window.hacked=2}{{constructor}}.md"
NOTE = "# 云海科技三季报点评\n\n机构：东湖证券\n\n2024年三季度云海科技收入299.93亿元。\n"
INGEST_MS = 60_000
MODELS = ("--profile", "light")


def report() -> bytes:
    """Return a report of one page as PDF."""
    sheet = Sheet()
    sheet.heading("蓝鲸科技2024年年报点评")
    sheet.paragraph(
        "蓝鲸科技2024年全年收入为812.6亿元，同比增长14%。净利润为96.3亿元，同比增长21%。"
    )
    sheet.heading("风险提示")
    sheet.paragraph("宏观经济下行，行业竞争加剧，政策发生变化。")
    sheet.canvas.save()
    return sheet.buffer.getvalue()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("library")
    with served(place, *MODELS, RAG_MAX_FILE_MB="1", RAG_UPLOAD_FILES="3") as address:
        yield address


@pytest.fixture(scope="module")
def browser(server: str) -> Iterator:
    del server
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(server: str, browser) -> Iterator[Page]:
    """Yield a visitor's page at the library; in the end no script may have run, nor called out."""
    context = browser.new_context(locale="zh-CN")
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(f"error {error}"))
    opened.on("request", lambda r: is_local(r.url, server) or wrong.append(r.url))
    opened.set_default_timeout(60_000)
    opened.goto(server)
    opened.wait_for_selector(".welcome")
    library(opened)
    yield opened
    hacked = opened.evaluate("window.hacked")
    context.close()
    assert not wrong
    assert hacked is None


def library(page: Page) -> None:
    page.get_by_role("tab", name="资料库").click()
    page.wait_for_selector("#library-list .documents, #library-list .empty")


def upload(page: Page, *files: tuple[str, bytes]) -> None:
    """Drop files and wait for the report on them."""
    given = [{"name": n, "mimeType": "application/octet-stream", "buffer": b} for n, b in files]
    page.set_input_files("#library-drop input[type=file]", given)
    page.wait_for_selector("#library-news .report", timeout=INGEST_MS)


def remove(page: Page, name: str, answer: str) -> str:
    """Press the button that removes a document; return the question, which gets `answer`."""
    asked: list[str] = []

    def reply(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if answer == "yes" else dialog.dismiss()

    page.once("dialog", reply)
    page.get_by_role("button", name=f"移除 {name}").click()
    page.wait_for_timeout(500)
    return asked[0]


def test_an_uploaded_report_can_be_asked_about(page):
    upload(page, (NAME, report()))
    expect(page.locator("#library-news .good")).to_contain_text(NAME)
    row = page.locator("#library-list tr", has_text=NAME)
    expect(row).to_contain_text("蓝鲸科技")
    page.get_by_role("tab", name="问答").click()
    ask(page, "蓝鲸科技2024年全年收入是多少？")
    expect(page.locator(".exchange .words")).to_contain_text("812.6亿元", timeout=ANSWER_MS)
    expect(page.locator(".exchange .pill").first).to_be_visible()
    expect(page.locator(".sheet")).to_have_attribute("data-page", "1")


def test_a_hostile_file_name_stays_text(page):
    upload(page, (EVIL, NOTE.encode()))
    expect(page.locator("#library-news")).to_contain_text(EVIL)
    expect(page.locator("#library-list")).to_contain_text(EVIL)
    assert page.locator("#library-list img, #library-news img").count() == 0
    assert EVIL in remove(page, EVIL, "no")


def test_what_is_not_accepted_gets_one_line(page):
    upload(page, ("program.exe", b"MZ"), ("broken.pdf", b"no pdf"), ("a.txt", NOTE.encode()))
    lines = page.locator("#library-news li")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("program.exe：不接受此类型")
    expect(page.locator("#library-news")).to_contain_text("broken.pdf：没有 PDF 文件头")
    expect(page.locator("#library-list")).not_to_contain_text("broken.pdf")


def test_a_file_that_is_too_large_never_arrives(page):
    large = {"name": "large.txt", "mimeType": "text/plain", "buffer": b"x" * 1_100_000}
    page.set_input_files("#library-drop input[type=file]", [large])
    expect(page.locator(".toast-body").first).to_contain_text("large.txt")
    expect(page.locator("#library-list")).not_to_contain_text("large.txt")


def test_a_document_is_removed_when_that_is_confirmed(page):
    upload(page, ("remove me.md", NOTE.replace("云海", "白鹭").encode()))
    listed = page.locator("#library-list")
    assert "remove me.md" in remove(page, "remove me.md", "no")
    expect(listed).to_contain_text("remove me.md")
    remove(page, "remove me.md", "yes")
    expect(listed).not_to_contain_text("remove me.md")
    expect(page.locator("#library-news")).to_contain_text("已移除 1 份文档")


def test_the_list_is_searched(page):
    page.locator("#library-search textarea, #library-search input").fill("蓝鲸 年报")
    expect(page.locator("#library-list .count")).to_contain_text(re.compile("^1 /"))


def test_filters_offer_what_is_there_and_reach_the_chat(page):
    page.get_by_role("tab", name="问答").click()
    page.locator("#filters button").first.click()
    page.locator("#filter-company input").click()
    page.get_by_role("option", name=re.compile("蓝鲸科技 ")).click()
    expect(page.locator("#chat-scope")).to_contain_text("蓝鲸科技")
    since = page.locator("#filter-since textarea, #filter-since input")
    since.fill("去年")
    since.press("Enter")
    expect(page.locator("#filter-said")).to_contain_text("不是日期")
    page.get_by_role("button", name="清除筛选").click()
    expect(page.locator("#chat-scope")).not_to_contain_text("蓝鲸科技")


def test_another_index_is_made_kept_over_a_reload_and_deleted(page):
    page.get_by_text("管理索引").click()
    page.locator("#library-new textarea, #library-new input").fill("第二个")
    page.get_by_role("button", name="建立", exact=True).click()
    expect(page.locator("#library-index input")).to_have_value("第二个", timeout=INGEST_MS)
    expect(page.locator("#library-list")).to_contain_text("还没有文档")
    page.wait_for_function("localStorage.getItem('rag-index') === '第二个'")
    page.reload()
    library(page)
    expect(page.locator("#library-index input")).to_have_value("第二个")
    page.get_by_text("管理索引").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删除当前索引").click()
    expect(page.locator("#library-index input")).to_have_value("default")


def test_settings_are_kept_over_a_reload(page):
    page.get_by_role("tab", name="设置").click()
    expect(page.locator("#setting-models")).to_contain_text("multilingual-e5-small · 使用中")
    page.locator("#setting-strict input").check()
    page.wait_for_function("localStorage.getItem('rag-settings')?.includes('true')")
    page.reload()
    page.get_by_role("tab", name="设置").click()
    expect(page.locator("#setting-strict input")).to_be_checked()
