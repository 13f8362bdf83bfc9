"""The loop in a real browser, from a published figure to a closed finding; takes the pictures."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from bihuan.base import clock

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


def act(page, name: str) -> None:
    """Open the act's fold if it is folded."""
    fold = page.locator(".acts details", has=page.locator(f"summary:text-is('{name}')"))
    if fold.count() and not fold.evaluate("d => d.open"):
        fold.locator("summary").click()


def press(page, name: str) -> None:
    page.locator(".acts form button[type=submit]").filter(has_text=name).first.click()


def test_a_published_figure_becomes_a_closed_finding(visitor, tmp_path):
    clerk = visitor("clerk", viewport={"width": 1280, "height": 900})
    page = clerk.page
    clerk.go("/zone/")
    assert "1,202" in clerk.text()
    assert "不含富士康结转" in clerk.text()
    # One click on the button beside the doubt.
    row = page.locator("tr", has_text="12,003").filter(has_text="9.3")
    row.get_by_role("button", name="提出问题").click()
    address = page.url
    assert "/ledger/" in address
    assert "草拟" in clerk.text()

    page.select_option("[name=lead_unit]", label="经济发展局")
    page.fill("[name=due]", (clock.today() + timedelta(days=15)).isoformat())
    page.fill("[name=standard]", "两个数的口径均有书面说明。")  # before any work starts
    press(page, "交办")
    assert "已交办" in clerk.text()

    head = visitor("econ-head")
    head.page.goto(address)
    press(head.page, "签收")
    head.page.fill("form[action$='/plan/'] [name=text]", "查明占比所用的分母。")
    press(head.page, "制定措施")
    assert "整改中" in head.text()

    liaison = visitor("econ-liaison")
    liaison.page.goto(address)
    paper = tmp_path / "口径说明.txt"
    paper.write_text("两个数口径不同。\n", encoding="utf-8")
    act(liaison.page, "提交佐证")
    form = liaison.page.locator("form[action$='/submit-evidence/']")
    form.locator("[name=text]").fill("口径说明")
    form.locator("[name=upload]").set_input_files(paper)
    form.locator("button").click()
    assert "口径说明.txt" in liaison.text()
    act(liaison.page, "申请销号")
    form = liaison.page.locator("form[action$='/request-close/']")
    form.locator("[name=note]").fill("已查明。")
    form.locator("button").click()
    assert "申请销号" in liaison.text()

    # The liaison is seconded to the verifiers too, and yet may not judge.
    liaison.page.locator(".menu summary").click()
    liaison.page.locator(".menu button", has_text="借调核查员").click()
    liaison.page.goto(address)
    assert liaison.page.locator("form[action$='/take-up/']").count() == 0

    checker = visitor("checker")
    checker.page.goto(address)
    press(checker.page, "受理核查")
    form = checker.page.locator("form[action$='/verify/']")
    form.get_by_label("通过", exact=True).check()
    form.locator("[name=opinion]").fill("口径说明属实。")
    form.locator("button").click()

    page.goto(address)
    press(page, "销号")
    assert "已销号" in clerk.text()
    assert "核查通过" in clerk.text()  # the history tells each step

    stranger = visitor("edu-head")
    stranger.page.on("console", lambda _message: None)
    answer = stranger.page.request.get(address)
    assert answer.status == 404

    clerk.go("/")
    page.locator(".canvas svg").first.wait_for()
    assert "经济发展局" in clerk.text()
    if os.environ.get("BIHUAN_PICTURES"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / "overview.png", full_page=True)


def test_it_works_without_javascript(visitor):
    clerk = visitor("clerk", java_script_enabled=False)
    clerk.go("/zone/")
    clerk.page.get_by_role("button", name="提出问题").first.click()
    assert "/ledger/" in clerk.page.url
    assert "草拟" in clerk.page.inner_text("main")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize(
    "path", ["/", "/zone/", "/ledger/", "/facts/", "/patterns/", "/people/units/"]
)
def test_no_page_is_wider_than_a_phone(visitor, path, language):
    clerk = visitor("clerk", language=language, viewport={"width": 360, "height": 740})
    clerk.go(path)
    width = clerk.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360


def test_everything_can_be_reached_by_keyboard(visitor):
    clerk = visitor("clerk")
    clerk.go("/")
    clerk.page.keyboard.press("Tab")
    assert clerk.page.evaluate("document.activeElement.className") == "skip"
    clerk.page.keyboard.press("Enter")
    assert clerk.page.evaluate("document.activeElement.id") == "main"
