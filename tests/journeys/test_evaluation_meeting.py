"""An evaluation meeting in a real browser, from the plan to the printed sheet and the letter.

The clerk, the chair and a unit head click; the raters are simulated phones that speak with the same
doors over HTTP, a whole hall at once.
"""

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib import error, request

import pytest
from playwright.sync_api import expect

from bihuan.ballots.hall import marks_for
from bihuan.engines.tally import blind
from bihuan.engines.tally.phone import Phone
from bihuan.engines.tally.plan import Plan

pytestmark = pytest.mark.browser

YEAR = 2040
UNITS = {"organs": "onsite", "education": "onsite", "bonded": "written"}
ROLL = "\n".join(
    f"{name}{number}\t{code}"
    for code, name in (("body", "班子成员"), ("heads", "单位负责人"), ("delegates", "代表"))
    for number in range(1, 8)
)
COMMENT = "抓得实，与业务融合还不够"


def press(page: Any, name: str) -> None:
    """The button of one act, its fold opened first."""
    button = page.locator(".acts button[type=submit]").filter(has_text=name).first
    fold = page.locator(".acts details:not([open])", has=button)
    if fold.count():
        fold.locator("summary").first.click()
    button.click()


def asked(address: str, said: dict[str, Any]) -> dict[str, Any]:
    """A phone's question and the answer."""
    body = request.Request(address, json.dumps(said).encode(), {"Content-Type": "application/json"})
    try:
        with request.urlopen(body, timeout=60) as answer:
            return dict(json.loads(answer.read()))
    except error.HTTPError as refused:
        pytest.fail(f"{address}: {refused.code} {refused.read()[:300]!r}")


class Hall:
    """A hall full of simulated phones."""

    def __init__(self, address: str) -> None:
        self.address = address
        with request.urlopen(address, timeout=60) as answer:
            found = re.search(r'id="ballot"[^>]*>(.*?)</script>', answer.read().decode(), re.S)
        assert found is not None
        said = self.declared = json.loads(found.group(1))
        wanted = ("kind", "box", "title", "items", "grades", "subjects", "own_subject", "abstain")
        categories = [{"code": c, "name": row["name"]} for c, row in said["categories"].items()]
        table = {name: said[name] for name in wanted}
        self.plan = Plan.read({**table, "year": YEAR, "categories": categories})
        self.phones: list[Phone] = []

    def activate(self, code: str) -> None:
        """One phone scans its strip and has its token signed."""
        category = asked(f"{self.address}right/", {"ticket": code})["category"]
        declared = self.declared
        keys = [blind.PublicKey.from_plain(k) for k in declared["categories"][category]["keys"]]
        phone = Phone(
            code, bytes.fromhex(declared["box"]), category, keys, bytes.fromhex(declared["seal"])
        )
        phone.take(asked(f"{self.address}issue/", phone.ask())["signatures"])
        self.phones.append(phone)

    def vote(self) -> int:
        """Everybody at once; how many receipts came."""

        def one(numbered: tuple[int, Phone]) -> str:
            number, phone = numbered
            sealed = phone.seal(marks_for(self.plan, random.Random(number)))
            return str(asked(f"{self.address}cast/", phone.cast(sealed))["receipt"])

        with ThreadPoolExecutor(len(self.phones)) as pool:
            return len(set(pool.map(one, enumerate(self.phones))))


def the_plan(visitor: Any, clerk: Any) -> str:
    """Drafted by the clerk, approved by the leader; the address of the round."""
    page = clerk.go("/meetings/open/").page
    page.fill("[name=year]", str(YEAR))
    page.fill("[name=held_on]", f"{YEAR + 1}-01-26")
    page.select_option("[name=like]", "")
    page.click("main button[type=submit]")
    address = page.url.removesuffix("plan/")
    assert "还没有述职单位" in clerk.text()
    page.goto(f"{address}plan/part/units/")
    for number, (code, mode) in enumerate(UNITS.items(), start=1):
        page.select_option(f"[name=mode-{code}]", mode)
        page.fill(f"[name=at-{code}]", str(number))
    page.click("main form button[type=submit]")
    press(page, "报领导批准")
    assert "待批准" in clerk.text()
    leader = visitor("secretary")
    leader.page.goto(f"{address}plan/")
    press(leader.page, "批准，固化这一版")
    assert "已批准" in leader.text()
    return address


def before(visitor: Any, clerk: Any, address: str, paper: Any) -> None:
    """The report with its receipt; the roll; the box."""
    head = visitor("edu-head")
    head.page.goto(f"{address}units/education/")
    head.page.set_input_files("[name=upload]", paper)
    press(head.page, "提交，取回执")
    assert re.search(r"[0-9a-f]{64}", head.text())
    page = clerk.page
    page.goto(f"{address}roll/")
    page.fill("[name=roll]", ROLL)
    press(page, "保存名单")
    press(page, "设好票箱")
    assert "票箱已设好" in clerk.text()


def door(clerk: Any, address: str) -> Hall:
    """Everybody on the roll checked in with a phone's strip."""
    page = clerk.page
    page.goto(f"{address}roll/")
    page.get_by_role("link", name="投票办理").click()
    press(page, "开始签到发票")
    desk = page.url
    hall = Hall(desk.removesuffix("desk/"))
    for number in range(1, 22):
        page.goto(f"{desk}roll/{number}/")
        page.get_by_role("button", name="签到，发手机票").click()
        hall.activate(page.locator(".strip .code").inner_text())
    page.goto(desk)
    press(page, "发票结束，公布张数")
    return hall


def sitting(visitor: Any, clerk: Any, address: str, hall: Hall) -> Any:
    """One report, one comment; the rating opened and closed by the chair; counted."""
    chair = visitor("secretary")
    chair.page.goto(address)
    press(chair.page, "宣布开会")
    page = clerk.page
    page.goto(f"{address}hall/")
    if page.get_by_role("button", name="已在会上通报").count():
        page.get_by_role("button", name="已在会上通报").click()
        page.goto(f"{address}hall/")
    for _unit in ("organs", "education"):
        press(page, "开始述职")
        # The page is served with the hours and its script counts down from them: wait for that.
        expect(page.locator("[role=timer]")).to_have_text(re.compile(r"^\d\d:\d\d$"))
        press(page, "述职结束，转入点评")
        page.fill("[name=comment]", COMMENT)
        press(page, "保存点评")
    page.goto(f"{address}units/bonded/")
    page.fill("[name=comment_by]", "书记")
    page.fill("[name=comment]", COMMENT)
    press(page, "保存点评")
    chair.page.goto(address)
    press(chair.page, "宣布开始测评")
    assert hall.vote() == 21
    chair.page.goto(address)
    press(chair.page, "宣布结束测评")
    press(chair.page, "开箱计票")
    return chair


def grades(clerk: Any, chair: Any, address: str) -> None:
    """Parts entered by the clerk, grades decided by the leading body."""
    page = clerk.page
    for part in ("everyday", "survey", "building"):
        page.goto(f"{address}grades/")
        form = page.locator(f"form[action$='/part/{part}/']")
        page.locator("details", has=form).locator("summary").click()
        for code in UNITS:
            form.locator(f"[name=v-{code}]").fill("82.5")
        form.locator("[name=basis]").fill("考核档案")
        form.locator("button[type=submit]").click()
    for code in UNITS:
        chair.page.goto(f"{address}grades/{code}/")
        chair.page.fill("[name=basis]", "党工委会议")
        chair.page.click("main form button[type=submit]")
    assert chair.page.locator("td[data-label='确定等次'] .tag").count() == len(UNITS)


def test_a_clerk_brings_a_meeting_from_the_plan_to_the_printed_sheet(visitor, tmp_path):
    clerk = visitor("clerk", viewport={"width": 1280, "height": 900})
    paper = tmp_path / "述职报告.txt"
    paper.write_text("一年的工作。\n", encoding="utf-8")
    address = the_plan(visitor, clerk)
    before(visitor, clerk, address, paper)
    hall = door(clerk, address)
    chair = sitting(visitor, clerk, address, hall)

    # Three results, apart; and the sheet that is signed.
    chair.page.goto(f"{address}results/")
    for item in ("抓基层党建工作", "落实党风廉政建设责任制", "落实意识形态工作责任制"):
        assert chair.page.locator("h2").get_by_text(item, exact=True).count() == 1
    sheet = chair.page.request.get(f"{address}results.pdf")
    assert sheet.body().startswith(b"%PDF")
    printed = chair.page.pdf()
    assert printed.startswith(b"%PDF")

    grades(clerk, chair, address)
    page = clerk.page
    page.goto(f"{address}follow/")
    row = page.locator("tr", has_text="教文体局").filter(has_text=COMMENT[:4]).first
    row.get_by_role("button", name="存入台账").click()
    assert "已存入台账" in clerk.text()
    press(page, "每个单位发一份")
    head = visitor("edu-head", viewport={"width": 360, "height": 780})
    head.page.goto(f"{address}units/education/letter/")
    assert COMMENT in head.text()
    press(head.page, "签收")
    assert "已签收" in head.text()
    assert head.page.request.get(f"{address}units/organs/letter/").status == 404
    assert head.page.request.get(f"{address}results/").status == 404
