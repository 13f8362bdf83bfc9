"""A vote in the hall: by telephone, on a second one, without a script; the wall, the check page."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.test_phone import PHONE, fits

pytestmark = pytest.mark.browser

LEAF = re.compile(r"^(?:[0-9a-f]{4} ){15}[0-9a-f]{4}$")


class Desk:
    """A vote of its own on the server; its desk is moved on from a process beside the server."""

    def __init__(self, data: Path) -> None:
        self.data = data
        made = json.loads(self._run("open"))
        self.slug, self.screen = made["slug"], made["screen"]
        self.tickets, self.slips = made["tickets"], made["slips"]
        self.path = f"/b/{self.slug}/"

    def begin(self) -> None:
        """Issuing closes, casting begins."""
        self._run("begin", self.slug)

    def end(self) -> None:
        """The rest of the hall casts; closed and counted."""
        self._run("end", self.slug, *self.slips)

    def _run(self, *said: str) -> str:
        environment = {**os.environ, "BIHUAN_DATA": str(self.data)}
        environment["DJANGO_SETTINGS_MODULE"] = "bihuan.site.settings"
        environment.pop("BIHUAN_DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.hall_desk", *said],
            env=environment,
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@pytest.fixture
def desk(server: str, data_folder: Path) -> Desk:
    return Desk(data_folder)


def waits_for(page: Any, words: str) -> None:
    """The screen that comes next has this heading."""
    page.locator("main h1", has_text=words).wait_for()


def tap(page: Any, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).tap()


def mark(page: Any, item: int, grade: str) -> None:
    page.locator(".rater-item").nth(item).locator(".choice", has_text=grade).first.tap()


def test_a_rater_votes_on_a_telephone_and_goes_on_after_a_reload_and_on_another(
    visitor: Callable[..., Any], desk: Desk
) -> None:
    ticket = desk.tickets[0]
    one = visitor(**PHONE)
    page = one.page
    one.go(f"{desk.path}#{ticket}")
    waits_for(page, "请记下续办码")
    assert "#" not in page.url  # the next person who takes the phone reads no code there
    resume = page.inner_text(".rater-code")
    fits(page)
    tap(page, "记下了，激活手机票")
    waits_for(page, "正在签到发票")
    assert resume in page.inner_text("main")
    fits(page)

    # A second telephone with the same strip: nothing without the resume code, all with it.
    other = visitor(**PHONE)
    other.go(f"{desk.path}#{ticket}")
    waits_for(other.page, "请记下续办码")
    tap(other.page, "记下了，激活手机票")
    waits_for(other.page, "手机票没有激活")
    assert "已在另一部手机上激活" in other.text()
    tap(other.page, "我有续办码")
    other.page.fill("#code", resume.lower())
    tap(other.page, "继续")
    waits_for(other.page, "正在签到发票")

    desk.begin()
    one.page.reload()  # it would turn by itself within some seconds
    waits_for(page, "经济发展局")
    fits(page)
    mark(page, 0, "好")
    mark(page, 1, "较好")
    page.fill("#remark", "示例意见")
    tap(page, "下一个")
    waits_for(page, "教育局")
    mark(page, 0, "好")  # one 好 for each item: the second is refused here
    page.get_by_text("已满 1 个").first.wait_for()
    mark(page, 0, "一般")
    page.reload()
    waits_for(page, "教育局")
    chosen = page.locator(".rater-item").first.locator("input:checked")
    assert chosen.get_attribute("value") == "average"
    tap(page, "去检查")
    waits_for(page, "提交前请检查")
    assert "还有 1 处未填" in page.inner_text("main")
    fits(page)
    tap(page, "提交")
    waits_for(page, "投票成功")
    leaf = page.inner_text(".rater-leaf")
    assert LEAF.match(leaf)
    fits(page)
    page.reload()
    waits_for(page, "投票成功")
    assert page.inner_text(".rater-leaf") == leaf
    # Nothing of the ballot, its code or its keys is left on the telephone.
    kept = set(re.findall(r"\w+", page.evaluate("JSON.stringify(localStorage)")))
    assert not {ticket, resume.replace("-", ""), "示例意见", "average"} & kept

    # The other telephone comes too late with another ballot: it is told, and counts for nothing.
    other.page.reload()
    waits_for(other.page, "经济发展局")
    mark(other.page, 0, "差")
    tap(other.page, "下一个")
    tap(other.page, "去检查")
    tap(other.page, "提交")
    waits_for(other.page, "这一票没有收")
    other.faults.clear()  # the browser notes the refusals (409) in its console
    one.faults.clear()

    # After the count the receipt is found: on the telephone itself, and on the check page.
    desk.end()
    page.reload()
    waits_for(page, "投票成功")
    page.get_by_role("button", name="在这部手机上核对回执").tap()
    page.get_by_text("已公布的票箱里有这张票。").wait_for()
    page.get_by_role("link", name="打开核对页").tap()
    waits_for(page, "核对")
    fits(page)
    page.fill("#receipt", leaf)
    page.get_by_text("在。这张票在票箱的日志里。").wait_for()
    page.fill("#receipt", leaf[:-1] + ("0" if leaf[-1] != "0" else "1"))
    page.get_by_text("不在。请核对回执是否抄全").wait_for()
    fits(page)


def test_a_rater_without_a_script_votes_with_a_slip(
    visitor: Callable[..., Any], desk: Desk
) -> None:
    desk.begin()
    one = visitor(java_script_enabled=False, **PHONE)
    page = one.page
    one.go(desk.path)
    page.fill("#code", desk.slips.pop().lower())
    page.get_by_role("button", name="打开票面").tap()
    boxes = page.locator(".sheet-ballot fieldset")
    boxes.first.wait_for()
    assert boxes.count() == 2
    for number, grade in ((0, "好"), (1, "好")):
        for line in boxes.nth(number).locator(".item").all():
            line.locator("label", has_text=grade).first.tap()
    page.get_by_role("button", name="提交，不能再改").tap()
    page.locator(".faults").wait_for()
    # Two 好 where one is allowed: said at once, and what was chosen stands there still.
    assert "最多" in page.inner_text(".faults")
    assert page.locator("input:checked").count() == 4
    for line in page.locator(".sheet-ballot fieldset").nth(1).locator(".item").all():
        line.locator("label", has_text="较好").tap()
    page.get_by_role("button", name="提交，不能再改").tap()
    waits_for(page, "已投入票箱")
    leaf = page.inner_text(".receipt")
    one.faults.clear()  # the browser notes the refusal (422) in its console
    desk.end()
    one.go(f"{desk.path}check/")
    page.locator("summary", has_text="条回执").tap()
    assert leaf.replace(" ", "") in page.inner_text("#receipts")


def test_the_wall_shows_turnout_in_steps_and_the_head_at_the_end(
    visitor: Callable[..., Any], desk: Desk
) -> None:
    wall = visitor(viewport={"width": 1280, "height": 720})
    shown = f"{desk.path}screen/{desk.screen}/"
    wall.go(shown)
    assert "正在签到发票" in wall.text() or "签到发票" in wall.text()
    assert wall.page.locator(".wall img").evaluate("i => i.naturalWidth") > 0
    desk.begin()
    wall.go(shown)
    assert "每 5 票跳一次" in wall.text()
    desk.end()
    wall.go(shown)
    assert re.search(r"9\s*/\s*12", wall.text())
    assert wall.page.locator(".root").count() == 1
    # All of it is on the wall at once: nobody scrolls there.
    assert wall.page.evaluate("document.documentElement.scrollHeight") <= 720
