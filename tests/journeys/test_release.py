"""A release in a real browser: drafted from the snowfall, along the chain, published, corrected."""

import pytest

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def unfold(page, name: str) -> None:
    fold = page.locator(".acts details", has=page.locator(f"summary:text-is('{name}')"))
    if fold.count() and not fold.evaluate("d => d.open"):
        fold.locator("summary").click()


def step(page, act: str) -> None:
    """Press the button of a step and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(f"form[action$='/{act}/'] button[type=submit]").click()


def chain(visitor, path: str) -> None:
    """Unit head, office with its review, leader: each signed in as themselves."""
    for who in ("econ-head", "clerk", "leader"):
        page = visitor(who).go(path).page
        if who == "clerk":
            unfold(page, "发布前审查")
            step(page, "review")
        step(page, "pass")


def test_from_the_event_to_a_published_then_corrected_release(visitor):
    liaison = visitor("econ-liaison").go("/press/")
    page = liaison.page
    page.get_by_role("link", name="由记录起草").click()
    page.wait_for_url("**/press/from/")
    # The sample's report; another journey on this server may have issued a newer one.
    report = page.locator("option[value^='snow.situationreport:']", has_text="2022-01-24")
    page.select_option("[name=thing]", report.get_attribute("value"))
    with page.expect_navigation():
        page.get_by_role("button", name="起草").click()
    path = page.url.removeprefix(liaison.server)
    assert "3970人次" in page.input_value("[name=body]")
    assert "53 台次" in liaison.text()

    # A slip of the pen is named, and nothing goes on until it is mended.
    body = page.input_value("[name=body]")
    page.fill("[name=body]", body.replace("53台次", "35台次"))
    with page.expect_navigation():
        page.get_by_role("button", name="保存").click()
    assert "35台次" in page.locator("main").get_by_text("存的是").first.inner_text()
    assert page.locator("form[action$='/pass/']").count() == 0
    page.fill("[name=body]", body)
    with page.expect_navigation():
        page.get_by_role("button", name="保存").click()
    step(page, "pass")
    chain(visitor, path)

    reader = visitor(**PHONE).go("/public/")
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 360
    liaison.go(path)
    public = page.get_by_role("link", name="公众看到的").get_attribute("href")
    reader.go(public)
    assert "53台次" in reader.text()
    assert "截至2022年1月24日12时" in reader.text()
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 360

    page.get_by_role("link", name="写一篇更正").click()
    page.wait_for_url("**/correct/")
    page.fill("[name=headline]", "扫雪除冰保畅通（更正）")
    page.fill("[name=correction]", "补写背街小巷的安排。")
    page.fill("[name=body]", f"{body}\n背街小巷同步清扫。")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    corrected = page.url.removeprefix(liaison.server)
    step(page, "pass")
    chain(visitor, corrected)

    liaison.go(corrected)
    reader.go(page.get_by_role("link", name="公众看到的").get_attribute("href"))
    assert "补写背街小巷的安排" in reader.text()
    # The old one stays as it was, and says that a newer corrects it (kept pages last a minute).
    old = visitor("clerk").go(public)
    assert "这一篇已更正" in old.text()
    assert "背街小巷同步清扫" not in old.text()


def test_a_resident_writes_and_the_office_makes_it_a_finding(visitor):
    liaison = visitor("econ-liaison").go("/press/write/")
    page = liaison.page
    page.fill("[name=headline]", "示例项目公示，征求意见")
    page.fill("[name=body]", "示例数据：项目位于示例地块，欢迎写意见。")
    day = page.evaluate("new Date(Date.now() + 864e6).toISOString().slice(0, 10)")
    page.fill("[name=event_on]", page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.fill("[name=opinions_until]", day)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    path = page.url.removeprefix(liaison.server)
    step(page, "pass")
    chain(visitor, path)
    liaison.go(path)
    public = page.get_by_role("link", name="公众看到的").get_attribute("href")

    resident = visitor(**PHONE).go(public)
    resident.page.get_by_role("link", name="写意见").tap()
    resident.page.wait_for_url("**/say/")
    assert resident.page.evaluate("document.documentElement.scrollWidth") <= 360
    resident.page.fill("[name=text]", "希望留出人行道。")
    resident.page.get_by_role("button", name="提交").tap()
    resident.page.get_by_text("编号 1").wait_for()

    clerk = visitor("clerk").go(path)
    clerk.page.get_by_role("link", name="1", exact=True).click()
    clerk.page.wait_for_url("**/opinions/*/")
    step(clerk.page, "raise")
    assert "希望留出人行道" in clerk.text()
    assert "群众意见" in clerk.text()
