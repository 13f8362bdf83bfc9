"""A snowfall in a real browser: from the first flake to the signed review, on the map and off it.

The duty officer, the leader, the bureau, the foreman with a telephone and a resident each do their
own part; what one does the next one sees.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.test_phone import picture

pytestmark = pytest.mark.browser

# A moment as people type it, so many hours from now, where the office stands.
MOMENT = (
    "hours => new Intl.DateTimeFormat('sv-SE', {timeZone: 'Asia/Shanghai', dateStyle: 'short', "
    "timeStyle: 'short'}).format(new Date(Date.now() + hours * 36e5))"
)
FIRST = "the first that can be chosen"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def act(page, doing: str, /, **fields: str) -> None:
    """Fill in the form of an act, its fold opened first, and send it."""
    form = page.locator(f"form[action$='/{doing}/']").first
    fold = page.locator("details:not([open])", has=form)
    if fold.count():
        fold.locator("summary").first.click()
    for field, value in fields.items():
        box = form.locator(f"[name={field}]").first
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(index=1) if value == FIRST else box.select_option(value)
        elif box.get_attribute("type") in ("checkbox", "radio"):
            form.locator(f"[name={field}][value='{value}']").check()
        else:
            box.fill(value)
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    fault = page.locator("main .errorlist, main [role=alert]")
    assert fault.count() == 0, fault.first.inner_text()


def test_from_the_first_flake_to_the_signed_review(visitor):
    duty = visitor("duty", viewport={"width": 1280, "height": 900}).go("/snow/")
    page = duty.page
    now = page.evaluate(MOMENT, -3)
    act(page, "begin", name="示例：今夜降雪", first_snow_at=now, start="snowfall")
    event = page.url.removeprefix(duty.server)
    act(
        page, "warning", issuer="市气象台", kind="snowstorm", colour="blue", issued_at=now,
        text="示例：暴雪蓝色预警。",
    )  # fmt: skip
    assert "平台只转发，不发布" in duty.text()

    leader = visitor("leader").go(event)
    act(leader.page, "level", level="s3", reason="以雪为令")
    assert "三级" in leader.text()

    duty.go(event)
    form = page.locator("form[action$='/order/']").first
    page.locator("details:not([open])", has=form).locator("summary").first.click()
    form.get_by_label("综合行政执法局").check()
    form.locator("[name=text]").fill("清理门前积雪")
    with page.expect_navigation():
        form.locator("button[type=submit]").click()
    bureau = visitor("law-head").go(event)
    bureau.page.get_by_role("link", name="清理门前积雪").first.click()
    bureau.page.wait_for_url("**/orders/*/")
    act(bureau.page, "sign")
    act(bureau.page, "answer", answer="已清三条街")

    # The foreman on the street: people, vehicles, the state of a section, a photo.
    foreman = visitor("foreman", **PHONE).go("/snow/phone/")
    phone = foreman.page
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    name = phone.locator("datalist#sections option").first.get_attribute("value")
    report = phone.locator("form[action$='/report/']")
    report.locator("[name=people-sanitation], [name$=sanitation]").first.fill("120")
    report.locator("[name=turnouts]").fill("6")
    report.locator("[name=deicer_kg]").fill("4500")
    report.locator("[name=section]").fill(name)
    report.locator("[name=state]").select_option("icy")
    photo = {"name": "现场.png", "mimeType": "image/png", "buffer": picture()}
    report.locator("[name=photo]").set_input_files(photo)
    report.locator("button[type=submit]").tap()
    phone.get_by_text("全部发出").or_(phone.get_by_text("已收到")).first.wait_for()

    # The live map says what its list says, and shows the new state by itself.
    live = visitor("duty", viewport={"width": 1280, "height": 900}).go("/snow/live/")
    line = live.page.locator("tr[data-section]", has_text=name).first
    expect(line.locator("[data-state]")).to_contain_text("结冰")
    assert live.page.locator("figure.map canvas, figure.map .fallback, figure.map").count() > 0

    duty.go(event)
    assert "看照片" in duty.text()
    act(page, "situation", as_of=page.evaluate(MOMENT, 0))
    act(page, "correct", figure="people", value="121", reason="漏报一人")
    assert "漏报一人" in duty.text()
    situation = page.url.removeprefix(duty.server)
    act(leader.go(situation).page, "issue")
    act(duty.go(event).page, "publish", note="请慢行")
    resident = visitor(**PHONE).go("/public/roads/")
    assert "请慢行" in resident.text()
    assert "三级" in resident.text()
    assert resident.page.evaluate("document.documentElement.scrollWidth") <= 360

    # The leader walks: what is seen becomes a finding in one tap.
    leader.go(event)
    act(leader.page, "walk", subject="示例督导", leader=FIRST,
        starts_at=leader.page.evaluate(MOMENT, 0), stops="第五大街\n经南八路潮河大桥")  # fmt: skip
    act(leader.page, "remark", seen="issue", text="桥面有薄冰")
    act(leader.page, "raise")
    walk = leader.page.url.removeprefix(leader.server)
    act(leader.go(walk).page, "inspection/" + walk.strip("/").rsplit("/", 1)[-1] + "/end",
        summary="已看完。")  # fmt: skip

    duty.go(event)
    act(page, "stopped", at=page.evaluate(MOMENT, 0))
    act(leader.go(event).page, "end", reason="雪停，已清完")
    act(duty.go(event).page, "review")
    act(page, "summary", summary="总体及时。")
    act(page, "lesson", kind="change", text="撒布车早出车")
    review = page.url.removeprefix(duty.server)
    act(leader.go(review).page, "sign")
    assert "撒布车早出车" in leader.text()
    assert re.search(r"121|120", leader.text())
